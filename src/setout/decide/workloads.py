"""The organization's own workloads as its files name them: manifests, charts, directories, and objects in YAML."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from setout.decide import third_party
from setout.model import Entry, Kind, Mark, Place, Plan
from setout.vocabulary import load

_GONE = frozenset({Mark.DELETED, Mark.FUTURE})
_KINDS = r"(?:deployment|deploy|statefulset|sts|daemonset|cronjob|rollout)s?"
_END = r"(?:\.ya?ml|\.yml)(?:\.(?:tpl|j2|example|tmpl))?$"
_FILE = re.compile(
    rf"^(?:\d+-)?(?:(?P<head>[a-z0-9][a-z0-9-]*?)[-_.]{_KINDS}|{_KINDS}[-_.](?P<tail>[a-z0-9][a-z0-9-]*)){_END}", re.I
)
_BARE_FILE = re.compile(rf"^(?:\d+-)?{_KINDS}{_END}", re.I)
_KIND_DIRECTORY = re.compile(r"^(?:deployments|statefulsets|daemonsets|cronjobs|rollouts)$")
_MANIFEST = re.compile(rf"^(?:\d+-)?(?P<name>(?!kustomization)[a-z][a-z0-9-]*){_END}")
_WORKLOAD_COMMENT = re.compile(r"^(?:\w+ )?(?:Deployment|StatefulSet|DaemonSet|Rollout)\b")
# What people call the parts of an application by what they do.
ROLES = r"api|ui|web|frontend|backend|worker|server|bot"
_TELLING = re.compile(rf"^(?:[a-z0-9]+-)*(?:{ROLES})$")
_APPLICATION = re.compile(r"^application-|-application$")
_BELOW = frozenset({"kubernetes", "k8s", "kube", "manifests", "base", "charts", "helm-charts", "helm", "kustomize"})
_CHART_FILE = re.compile(r"^Chart\.ya?ml$")
_APPLICATIONS = frozenset({"apps", "applications", "services", "microservices", "workloads"})
_CLUSTER = frozenset(
    {"kubernetes", "k8s", "manifests", "base", "overlays", "deploy", "gitops", "clusters", "kustomize"}
)
# Directories that say what lies in them, not whose it is.
_GENERIC = frozenset(
    [
        "app", "applications", "apps", "argocd", "base", "chart", "charts", "cluster", "clusters", "common",
        "components", "config", "core", "deploy", "deployment", "deployments", "docker", "docs", "environments",
        "envs", "gitops", "helm", "helm-chart", "helm-charts", "infra", "infrastructure", "k8s", "kube", "kubernetes",
        "kustomize", "manifests", "microservices", "modules", "overlays", "platform", "prod", "raw", "resources",
        "scripts", "services", "service", "shared", "src", "svc", "system", "templates", "terraform", "test", "tests",
        "workload", "workloads", "yaml",
    ]
)  # fmt: skip
# What a chart or a workload is called when it is the ground for applications, not one of them.
_GROUND = re.compile(
    r"(?:^|-)(?:common|library|lib|base|infra|infrastructure|monitoring|observability|logging|shared|crds?|security|"
    r"ingress|network(?:ing)?|networkpolic(?:y|ies)|umbrella|bootstrap|namespaces?|rbac|secrets?|config|configmap|storage|"
    r"quotas?|polic(?:y|ies)|template|templates|test|tests|smoke-test|test-connection|migrations?|"
    r"db|database|cache|queue|broker|postgres|addons?|operators?|root|backups?|restore|init|seed|cleanup|load-test|"
    r"setup|jobs?|hello-world|example|sample|apps?-of-apps|environments?|compositions?|providers?|compose)$"
)
_NAME = re.compile(r"^[a-z0-9]+(?:[-_][a-z0-9]+)*$", re.I)
_CODE = frozenset({".github", "docs", "specs", "src", "tests", "test", "scripts", ".specify", "contracts", "terraform"})
_DOCKERFILE = re.compile(r"^(?:(?P<head>[\w-]+)\.Dockerfile|Dockerfile(?:[.-](?P<tail>[\w-]+))?)$", re.I)
_COMMAND = re.compile(
    r"\bkubectl\s[^\n|;&]{0,200}?\b(?:deployments?|deploy|statefulsets?|rollout)/(?P<workload>[a-z0-9][a-z0-9-]*)|"
    r"\bhelm\s+(?:upgrade|install)\b(?:\s+--?[\w-]+){0,12}\s+(?P<release>[a-z0-9][a-z0-9-]*)\s+(?:\./|charts?/|helm/|deploy/)",
)
# Charts, applications and directories that say of themselves that they hold others.
_GROUND_COMMENT = re.compile(
    r"\b(?:umbrella|infrastructure|parent chart|library chart|base chart|app[- ]of[- ]apps|template for|placeholder)\b",
    re.I,
)
_PART = re.compile(
    r"--set(?:-string)?[ =](?P<set>[a-z][\w-]*)\.image\.\w+=|"
    r"^(?P<key>[a-z][\w-]*):[ \t]*\n(?:[ \t]+(?!image:).*\n){0,8}?[ \t]+image:[ \t]*\n",
    re.M,
)
_OBJECT = re.compile(
    r"^kind:\s*(?P<kind>Deployment|StatefulSet|DaemonSet|CronJob|Rollout|Application)\s*$"
    r"(?:\n(?!---|kind:).*)*?\n\s+name:\s*[\"']?(?P<name>[a-z0-9][a-z0-9.-]*)[\"']?\s*(?:#.*)?$",
    re.M,
)


def workloads(plan: Plan) -> Iterator[tuple[str, Place]]:
    """Names of own workloads in the trees, from the most telling source that has any; a chart counts by its content."""
    entries = [entry for entry in plan.entries or plan.named if entry.mark not in _GONE and not _is_code(entry)]
    entries = [entry for entry in entries if not _is_foreign(entry)]
    ground = {entry.name for entry in entries if _GROUND_COMMENT.search(entry.comment)}
    inside = list(_from_files(entries))
    above = {part for entry in entries for part in _above(entry)}
    own_charts = [pair for pair in charts(plan) if pair[0] not in above]
    groups = _groups(plan.entries or plan.named)
    found = inside + own_charts + [pair for pair in _from_directories(entries) if pair[0] not in groups]
    parts = list(values(plan))
    if len(parts) > 1 and {name for name, _ in found} <= {name for name, _ in own_charts}:
        found = parts
    whole = _whole_names(entries)
    yield from ((whole.get(name, name), place) for name, place in found if is_own(name) and not _names(ground, name))


def _groups(entries: tuple[Entry, ...]) -> frozenset[str]:
    """Directories that hold other people's software, each in its own: "media/" with two servers in it is none."""
    return frozenset(
        above
        for entry in entries
        for above, part in zip(entry.parts, entry.parts[1:], strict=False)
        if (name := third_party.of_name(part)) and not third_party.data_kind(name) and "." not in part
    )


def _names(ground: set[str], name: str) -> bool:
    return name in ground or f"{name}.yaml" in ground or f"{name}.yml" in ground


def _above(entry: Entry) -> tuple[str, ...]:
    """The directories that only hold the one whose workload the file is, a chart of several among them."""
    if _FILE.match(entry.name):
        return entry.parts[:-1]
    if _CHART_FILE.match(entry.name) and entry.parts[-3:-2] == ("charts",):
        return entry.parts[:-3]
    owner = _owner(entry) if _BARE_FILE.match(entry.name) else ""
    return entry.parts[: entry.parts.index(owner)] if owner else ()


def values(plan: Plan) -> Iterator[tuple[str, Place]]:
    """The parts of a chart to which values or commands give an image each."""
    seen = set[str]()
    for statement in plan.statements:
        if statement.kind is Kind.CODE:
            for match in _PART.finditer(statement.text):
                name = match["set"] or match["key"]
                if name not in seen and is_own(name) and name.lower() not in _GENERIC:
                    seen.add(name)
                    yield name, Place(statement.line_at(match.start()))


def _whole_names(entries: list[Entry]) -> dict[str, str]:
    """ "api-deployment.yaml" runs what lies in "orders-api/": the one directory of that name tells it in full."""
    directories = {part for entry in entries for part in entry.parts[:-1]}
    found: dict[str, list[str]] = {}
    for directory in sorted(part for part in directories if "-" in part and is_own(part)):
        words = directory.split("-")
        for cut in range(1, len(words)):
            found.setdefault("-".join(words[:cut]), []).append(directory)
            found.setdefault("-".join(words[cut:]), []).append(directory)
    return {part: longer[0] for part, longer in found.items() if len(set(longer)) == 1 and part not in directories}


def charts(plan: Plan) -> tuple[tuple[str, Place], ...]:
    """The directories that hold a Chart.yaml."""
    return tuple(
        (entry.parts[-2], entry.place)
        for entry in plan.entries or plan.named
        if _CHART_FILE.match(entry.name) and len(entry.parts) > 1 and entry.mark not in _GONE
        if re.match(r"^[\w.-]+$", entry.parts[-2]) and entry.parts[-2] not in _GENERIC
    )


def objects(plan: Plan) -> Iterator[tuple[str, Place]]:
    """Names of workloads and of Argo CD applications in the YAML of the plan."""
    for statement in plan.statements:
        if statement.kind is Kind.CODE:
            for match in _OBJECT.finditer(statement.text):
                if is_own(match["name"]) or (match["kind"] == "Application" and _is_compound(match["name"])):
                    yield match["name"], Place(statement.line_at(match.start("name")))


def commands(plan: Plan) -> Iterator[tuple[str, Place]]:
    """Names that commands give to workloads, and to releases of charts that lie in the repository."""
    for statement in plan.statements:
        if statement.kind is Kind.CODE:
            for match in _COMMAND.finditer(statement.text):
                name = match["workload"] or match["release"]
                if is_own(name):
                    yield name, Place(statement.line_at(match.start()))


def _is_compound(name: str) -> bool:
    """ "shop-infra" is somebody's application, "infra" is not; other people's software stays theirs."""
    return "-" in name and not third_party.is_foreign(name)


def images(plan: Plan) -> Iterator[tuple[str, Place]]:
    """Directories and suffixes of the Dockerfiles that the trees show."""
    for entry in plan.entries:
        match = _DOCKERFILE.match(entry.name)
        if match and entry.mark not in _GONE:
            name = match["head"] or match["tail"] or _owner(entry)
            if name and is_own(name):
                yield name, entry.place


@lru_cache(maxsize=4096)
def is_own(name: str) -> bool:
    """Whether a name can be that of an application of one's own: nobody else's, and no ground for applications."""
    label = name.lower()
    return bool(_NAME.match(name)) and not _GROUND.search(label) and not third_party.is_foreign(label)


def _is_foreign(entry: Entry) -> bool:
    """What lies below the name of other people's software is theirs, whatever the file is called."""
    names = (third_party.of_name(part) for part in entry.parts[:-1])
    return any(name and not third_party.is_tool(name) for name in names)


def _is_code(entry: Entry) -> bool:
    return bool(_CODE & set(entry.parts[:-1]))


def _from_files(entries: list[Entry]) -> Iterator[tuple[str, Place]]:
    for entry in entries:
        match = _FILE.match(entry.name)
        if match:
            yield match["head"] or match["tail"], entry.place
        elif (match := _MANIFEST.match(entry.name)) and _runs(match["name"], entry):
            yield match["name"], entry.place
        elif _BARE_FILE.match(entry.name):
            owner = _owner(entry)
            if owner:
                yield owner, entry.place


def _runs(name: str, entry: Entry) -> bool:
    """Whether a manifest that is called after nothing but its subject holds a workload."""
    parent = entry.parts[-2] if len(entry.parts) > 1 else ""
    if _KIND_DIRECTORY.match(parent) or _WORKLOAD_COMMENT.match(entry.comment):
        return name.lower() not in _GENERIC
    return parent in _BELOW and bool(_TELLING.match(name))


def _owner(entry: Entry) -> str:
    """The nearest directory above a manifest that says whose it is."""
    environments = set(load("environments")) | {t for row in load("environments").values() for t in row["terms"]}
    for part in reversed(entry.parts[:-1]):
        if part.lower() not in _GENERIC and part.lower() not in environments:
            return part if _NAME.match(part) else ""
    return ""


def _from_directories(entries: list[Entry]) -> Iterator[tuple[str, Place]]:
    """Directories and manifests directly below apps/ or services/ of a cluster's files, and those called by a role."""
    filled = {entry.parts[:depth] for entry in entries for depth in range(1, len(entry.parts))}
    for entry in entries:
        for index, (parent, child) in enumerate(zip(entry.parts, entry.parts[1:], strict=False)):
            is_last = index + 2 == len(entry.parts)
            name = _APPLICATION.sub("", re.sub(r"\.ya?ml$", "", child)) if is_last else child
            if is_last and parent in _BELOW and _TELLING.match(child) and entry.parts not in filled:
                yield child, entry.place
            on_cluster = bool(_CLUSTER & set(entry.parts)) or "argocd" in entry.parts
            is_below = parent in _APPLICATIONS or (parent == "base" and bool(_APPLICATIONS & set(entry.parts[:index])))
            if is_below and on_cluster and name.lower() not in _GENERIC and name != "kustomization":
                yield name, entry.place
