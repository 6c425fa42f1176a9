"""What the trees of a plan build: which entries belong to which blueprint, and whether they are new or only edited."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from setout.model import Entry, Mark, Plan
from setout.vocabulary import load

_TERRAFORM = re.compile(r"\.(?:tf|tofu|tfvars|tftest\.hcl|tf\.json)$|^terragrunt\.hcl$")
_TERRAFORM_DIRECTORY = frozenset({"terraform", "tofu", "opentofu", "terragrunt"})
_CHART_FILE = re.compile(r"^(?:Chart\.ya?ml|_helpers\.tpl|values\.schema\.json|\.helmignore)$")
_CHART_YAML = frozenset({"chart.yaml", "chart.yml"})
_CHARTS = frozenset({"charts", "chart", "helm", "helm-charts", "helm-chart", "helmcharts"})
_YAML = re.compile(r"\.ya?ml(?:\.example)?$", re.I)
_NO_MANIFEST = re.compile(r"^(?:.*values.*|(?:docker-)?compose.*|chart|helmfile.*|taskfile.*)\.ya?ml", re.I)
_MANIFESTS = re.compile(r"^(?:(?:k8s|kube|kubernetes)(?:-manifests?)?|manifests?|kustomize|overlays)$", re.I)
_KIND_FILE = re.compile(
    r"^(?:[\w-]+-)?(?:deployment|statefulset|daemonset|cronjob|ingress|ingressroute|httproute|virtualservice|namespace|"
    r"pvc|hpa|pdb|network-?policy|network-?policies|rolebinding|serviceaccount|service-?monitor|prometheus-?rule|"
    r"(?:cluster)?issuer|cluster-issuer|external-?secret|(?:cluster-?)?secret-?store|sealed-?secret|scaled-?object)"
    r"s?\.ya?ml$",
    re.I,
)
_WORKLOAD = re.compile(r"(?:deployment|statefulset|daemonset)s?\b", re.I)
_KUSTOMIZATION = re.compile(r"^kustomization\.ya?ml$", re.I)
_ARGO_DIRECTORY = re.compile(r"^(?:argo-?cd|argo-?app(?:lication)?s?|applicationsets?|app-?projects?)$", re.I)
_ARGO_FILE = re.compile(
    r"(?:^|[-_])(?:argo-?cd|argo-?app(?:lication)?s?|applicationsets?|app-?projects?|app-of-apps|root-app)(?:[-_.])",
    re.I,
)
# Automation and prose about a tool are not what the tool reads.
_ASIDE = frozenset({".github", ".gitlab", ".taskfiles", "taskfiles", "docs", "doc", "specs", ".specify", "contracts"})
_PROSE = re.compile(r"\.(?:md|mdx|rst|adoc|txt|sh|ps1|py|go|ts|js)$|^Makefile$", re.I)


@dataclass(frozen=True, slots=True)
class Built:
    """The entries that speak for one blueprint: those built anew, and those of it that are there or only edited."""

    new: tuple[Entry, ...] = ()
    edited: tuple[Entry, ...] = ()
    extended: bool = False  # new files, but all inside something that is marked as already there

    @property
    def seen(self) -> bool:
        return bool(self.new or self.edited)

    @property
    def has_workload(self) -> bool:
        """Whether what is new holds the application itself, not only resources beside it."""
        return any(_WORKLOAD.search(entry.name) for entry in self.new)


def built(plan: Plan) -> Mapping[str, Built]:
    """For each blueprint what the trees build of it; without any tree, what the files named in the text build."""
    entries = plan.entries or plan.named
    context = _Context(entries, _has_cluster(plan))
    return {
        name: _built([entry for entry in entries if belongs(entry, context)], context)
        for name, belongs in _RULES.items()
    }


def charts(plan: Plan) -> frozenset[str]:
    """The folders of the charts that the trees draw."""
    return frozenset("/".join(entry.parts[:-1]) for entry in plan.entries if entry.name.lower() in _CHART_YAML)


class _Context:
    """What one has to know of the other entries: who has children, where charts are, and whether there is a cluster."""

    def __init__(self, entries: tuple[Entry, ...], has_cluster: bool) -> None:
        self.parents = {"/".join(entry.parts[:depth]) for entry in entries for depth in range(1, len(entry.parts))}
        self.charts = {"/".join(entry.parts[:-1]) for entry in entries if _CHART_FILE.match(entry.name)}
        self.there = {entry.path for entry in entries if entry.mark is Mark.EXISTING}
        self.has_cluster = has_cluster

    def is_leaf(self, entry: Entry) -> bool:
        return "/".join(entry.parts) not in self.parents

    def in_chart(self, entry: Entry) -> bool:
        return bool(_above(entry) & self.charts) or bool(_CHARTS & set(entry.parts))


def _above(entry: Entry) -> set[str]:
    """The entry's path and the directories on the way to it."""
    return {"/".join(entry.parts[:depth]) for depth in range(1, len(entry.parts) + 1)}


def _built(entries: list[Entry], context: _Context) -> Built:
    """A file beside one that is marked as changed is there already; a directory with content says nothing itself."""
    edited = [entry for entry in entries if entry.mark in {Mark.CHANGED, Mark.EXISTING}]
    beside = {entry.parts[:-1] for entry in edited if entry.mark is Mark.CHANGED}
    new = [
        entry
        for entry in entries
        if entry.mark is Mark.NEW
        or (entry.mark is Mark.NONE and context.is_leaf(entry) and entry.parts[:-1] not in beside)
    ]
    extended = bool(new) and all(_above(entry) & context.there for entry in new)
    return Built(tuple(new), tuple(edited), extended)


def _has_cluster(plan: Plan) -> bool:
    return any(mention.family == "distributions" for mention in plan.mentions)


def _is_aside(entry: Entry) -> bool:
    return bool(_ASIDE & set(entry.parts)) or bool(_PROSE.search(entry.name))


def _is_terraform(entry: Entry, _context: _Context) -> bool:
    in_directory = bool(_TERRAFORM_DIRECTORY & set(entry.parts)) and not _is_aside(entry)
    return bool(_TERRAFORM.search(entry.name)) or in_directory


def _is_chart(entry: Entry, context: _Context) -> bool:
    in_templates = "templates" in entry.parts[:-1] and entry.name.endswith((".yaml", ".yml", ".tpl", ".txt"))
    return bool(_CHART_FILE.match(entry.name)) or (in_templates and context.in_chart(entry))


def _is_manifest(entry: Entry, context: _Context) -> bool:
    """YAML below a directory for manifests, or by the name of its kind; of directories only those drawn empty."""
    if context.in_chart(entry) or _is_aside(entry) or _NO_MANIFEST.match(entry.name):
        return False
    if entry.tree and _KIND_FILE.match(entry.name):
        return True
    if _is_argo(entry, context):
        return False
    is_named = any(_MANIFESTS.search(part) for part in entry.parts)
    if _YAML.search(entry.name):
        return is_named or bool(_KUSTOMIZATION.match(entry.name)) or _is_resource(entry, context)
    return is_named and entry.tree > 0 and context.is_leaf(entry) and "." not in entry.name


def _is_resource(entry: Entry, context: _Context) -> bool:
    """YAML below the name of an operator is a resource of that operator's kinds, where there is a cluster."""
    operators = set(load("operators"))
    return context.has_cluster and bool(operators & set(entry.parts[:-1])) and bool(_YAML.search(entry.name))


def _is_argo(entry: Entry, _context: _Context) -> bool:
    if _is_aside(entry):
        return False
    is_file = bool(_YAML.search(entry.name)) and bool(_ARGO_FILE.search(entry.name))
    return is_file or any(_ARGO_DIRECTORY.match(part) for part in entry.parts)


_RULES: Mapping[str, Callable[[Entry, _Context], bool]] = {
    "argocd": _is_argo,
    "helm-chart": _is_chart,
    "kubernetes": _is_manifest,
    "terraform": _is_terraform,
}
