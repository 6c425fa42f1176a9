"""Which blueprints the plan asks to be built, and which structure they make together."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from setout.decide.because import lines_of
from setout.decide.evidence import tally
from setout.model import Choice, Entry, Mark, Origin, Plan, Sense, Zone
from setout.vocabulary import family

_BUILT = (Mark.NONE, Mark.NEW, Mark.CHANGED)
_TERRAFORM = re.compile(r"\.(?:tf|tofu|tfvars|tftest\.hcl|tf\.json)$|^terragrunt\.hcl$")
_TERRAFORM_DIRECTORY = frozenset({"terraform", "tofu", "opentofu"})
_CHART_FILE = re.compile(r"^(?:Chart\.yaml|_helpers\.tpl|values\.schema\.json|\.helmignore)$")
_MANIFEST_DIRECTORY = frozenset({"kubernetes", "k8s", "manifests", "kustomize", "overlays"})
_ARGO_DIRECTORY = re.compile(r"^(?:argocd|argo-cd|argo-?apps|applicationsets?)$")


@dataclass(frozen=True, slots=True)
class _Signal:
    """One thing in the plan that speaks for a blueprint."""

    sentence: str
    lines: tuple[int, ...]
    origin: Origin


def decide(plan: Plan, made: Mapping[str, Choice]) -> Choice:
    """The tree builds what it shows; the fields that ask for a tool count where the tree does not show it."""
    found = {name: _signals(plan, name) for name in _IN_TREE}
    chosen = sorted(name for name, signals in found.items() if signals)
    if "kubernetes" not in chosen and "argocd" in chosen and made["tenants"].value:
        chosen = sorted([*chosen, "kubernetes"])
    because = tuple(f"{name}: {signal.sentence}" for name in chosen for signal in found[name][:2])
    lines = tuple(sorted({line for name in chosen for signal in found[name] for line in signal.lines}))
    stated = all(any(s.origin is Origin.STATED for s in found[name]) for name in chosen)
    origin = Origin.STATED if stated else Origin.INFERRED
    return Choice("blueprints", chosen, because or ("Nothing in the plan asks for one of them.",), lines, origin)


def structure(_plan: Plan, made: Mapping[str, Choice]) -> Choice:
    """Tenants make it multi-tenant; else the set of blueprints decides."""
    chosen = set(made["blueprints"].value)
    tenants = made["tenants"]
    if tenants.value and chosen & {"terraform", "kubernetes"}:
        count = len(tenants.value)
        because = f"The plan names {count} tenants that get infrastructure of their own: {', '.join(tenants.value)}."
        return Choice("structure", "multi-tenant", (because,), tenants.lines, tenants.origin, flips="no tenants named")
    value, because, flips = _by_blueprints(chosen)
    source = made["blueprints"]
    return Choice("structure", value, (because,), source.lines, source.origin, flips=flips)


def other_tools(plan: Plan, _made: Mapping[str, Choice]) -> Choice:
    """Tools that own infrastructure and are not ours."""
    rows = family("tools").rows
    found = tuple(
        item for item in tally(plan, "tools", "tools") if "blueprint" not in rows[item.value] and item.weight >= 3
    )
    because = tuple(f'{item.value}: "{item.text}".' for item in found) or ("The plan uses no other such tool.",)
    return Choice("other_tools", sorted(item.value for item in found), because, lines_of(found), Origin.INFERRED)


def _by_blueprints(chosen: set[str]) -> tuple[str | None, str, str]:
    if not chosen:
        return None, "No blueprint is asked for, so there is no structure.", "any of the blueprints"
    if chosen == {"terraform"}:
        return "single-iac", "Terraform is the only tool that the plan builds with.", "Kubernetes manifests or Argo CD"
    if chosen <= {"helm-chart", "kubernetes"} and "helm-chart" in chosen:
        return "helm-chart", "A Helm chart is what the plan delivers.", "Terraform or Argo CD beside it"
    return "multi-tool", f"The plan builds with {_listed(sorted(chosen))}.", "one tool alone, or named tenants"


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " and " + words[-1]


def _signals(plan: Plan, name: str) -> tuple[_Signal, ...]:
    return (*_from_fields(plan, name), *_from_tree(plan, name))


def _from_tree(plan: Plan, name: str) -> tuple[_Signal, ...]:
    entries = [entry for entry in plan.entries if entry.mark in _BUILT and _IN_TREE[name](entry)]
    if not entries:
        return ()
    shown = ", ".join(entry.path for entry in entries[:3])
    lines = tuple(sorted({entry.place.line for entry in entries}))
    return (_Signal(f"the tree shows {shown}.", lines, Origin.STATED),)


def _from_fields(plan: Plan, name: str) -> tuple[_Signal, ...]:
    words, value, fields = _IN_FIELDS[name]
    found = [
        mention
        for mention in plan.mentions
        if mention.sense is Sense.ASSERTED
        and mention.family == words
        and value in {"", mention.value}
        and mention.statement.zone in {Zone.CONTEXT, Zone.COMPONENTS}
        and mention.statement.key in fields
    ]
    if not found:
        return ()
    text = " ".join(found[0].statement.text.split())[:120]
    lines = tuple(sorted({mention.place.line for mention in found}))
    return (_Signal(f'{found[0].statement.key} says "{text}".', lines, Origin.STATED),)


def _is_terraform(entry: Entry) -> bool:
    return bool(_TERRAFORM.search(entry.name)) or bool(_TERRAFORM_DIRECTORY & set(entry.parts))


def _is_chart(entry: Entry) -> bool:
    in_templates = "templates" in entry.parts[:-1] and entry.name.endswith((".yaml", ".yml", ".tpl", ".txt"))
    return bool(_CHART_FILE.match(entry.name)) or (
        in_templates and bool({"charts", "chart", "helm"} & set(entry.parts))
    )


def _is_manifest(entry: Entry) -> bool:
    if _is_chart(entry) or {"charts", "helm", "chart"} & set(entry.parts):
        return False
    return entry.name in {"kustomization.yaml", "kustomization.yml"} or bool(_MANIFEST_DIRECTORY & set(entry.parts))


def _is_argo(entry: Entry) -> bool:
    return any(_ARGO_DIRECTORY.match(part.lower()) for part in entry.parts)


_IN_TREE: Mapping[str, Callable[[Entry], bool]] = {
    "argocd": _is_argo,
    "helm-chart": _is_chart,
    "kubernetes": _is_manifest,
    "terraform": _is_terraform,
}
# Which family of terms, which of its values (none: any), in which fields, asks for a blueprint.
_IN_FIELDS: Mapping[str, tuple[str, str, frozenset[str]]] = {
    "argocd": ("tools", "argocd", frozenset({"gitops"})),
    "helm-chart": ("tools", "helm", frozenset({"project_type"})),
    "kubernetes": ("distributions", "", frozenset({"kubernetes"})),
    "terraform": ("tools", "terraform", frozenset({"tools", "language"})),
}
