"""What a plan installs on its cluster: each component with the file, the command, the row or the sentence that says so.

A component is not installed because it is named: applications speak to databases, tests scan with scanners, and
platforms exist. Something must build it: a file of its own, a command, a row with its version, or a verb.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from setout.decide import third_party
from setout.decide.install_commands import from_commands
from setout.decide.install_lists import Install, chosen, from_lists, from_roles, from_rows
from setout.decide.install_words import is_hosted, is_installed
from setout.model import Entry, Mark, Mention, Plan, Sense
from setout.plan.sense import sense
from setout.vocabulary import family

_BUILT = frozenset({Mark.NONE, Mark.NEW})
# Automation, code, tests and prose name a component to speak to it or of it.
_ASIDE = frozenset(
    [
        ".github", ".gitlab", ".taskfiles", "taskfiles", "docs", "doc", "specs", ".specify", "contracts", "src", "lib",
        "pkg", "internal", "cmd", "test", "tests", "e2e", "scripts", "examples", "docker", "dashboards", "runbooks",
    ]
)  # fmt: skip
_INSTALLER = re.compile(r"values|^chart\.ya?ml$|install|helm|release|operator|bootstrap|add-?ons?|\.tf$", re.I)
_WORKLOAD = re.compile(
    r"values|^chart\.ya?ml$|helm|release|deployment|(?:^|[-_.])deploy[-_.]|statefulset|cluster|operator", re.I
)
_VALUES = re.compile(r"\bvalues(?:\.ya?ml)?\b|\bhelm charts?\b", re.I)
_DEPENDENCIES = re.compile(r"^(?:deps|dependencies|sub-?charts?|depends on)\s*:?\s+", re.I)
_CONFIGURES = re.compile(r"[-_.](?:config|configmap|rules?|dashboards?)\.ya?ml$", re.I)
_TASK = re.compile(r"\b(?:ECS|Fargate|Cloud Run|Container Apps?|Nomad)\b|\btask def", re.I)
_IF_NEED_BE = re.compile(r"^(?:risks?|mitigations?|contingency|fallback|impact|if .*|rollback)\b", re.I)
_SELF = re.compile(r"\b(?:values\.ya?ml|helm chart|helm release|statefulset|deployment)\b", re.I)
_STORE_FILE = re.compile(
    r"^(?P<kind>db|database|cache|queue|broker)-(?:deployment|statefulset)\.ya?ml$|"
    r"^(?:deployment|statefulset)-(?P<tail>db|database|cache|queue|broker)\.ya?ml$",
    re.I,
)
_KINDS = {"db": "database", "database": "database", "cache": "cache", "queue": "queue", "broker": "queue"}
_MANIFESTS = frozenset({"k8s", "kubernetes", "manifests", "templates", "charts", "helm", "kustomize", "base"})
# What is configured for a data store rather than being one.
_RESOURCES = re.compile(
    r"topics?|pub-?sub|state-?store|dapr|exporter|network-?polic|secret|config|backup|migrat|init", re.I
)
_YAML = re.compile(r"\.(?:ya?ml|tf|tpl|hcl|gotmpl)(?:\.\w+)?$", re.I)
_TERRAFORM = frozenset({"terraform", "tofu", "opentofu", "terragrunt"})
_ON_CLUSTER = re.compile(
    r"^(?:k8s|kube|kubernetes|manifests?|charts?|helm\w*|helm-\w+|kustomize|argo-?cd|flux|gitops|clusters?|"
    r"infrastructure|infra|deploy(?:ments?)?|platform|system|addons?|add-ons|apps|applications|components|controllers|"
    r"operators|base|overlays|releases|values|bootstrap|core|observability|monitoring|networking|security|storage)$"
)


def installs(plan: Plan) -> dict[str, Install]:
    """Every component that something in the plan installs, without what comes with another one anyway."""
    found: dict[str, Install] = {}
    for source in (_from_trees, from_rows, from_commands, from_lists, from_roles, _from_sentences):
        for name, install in source(plan):
            held = found.get(name)
            if not held:
                found[name] = install
            elif install.lines[0] not in held.lines:
                found[name] = Install(held.sentence, (*held.lines, *install.lines)[:5], True)
    found |= third_party.together(found) | _runners(plan, found)
    held_ones = third_party.held_by(found)
    return {name: install for name, install in found.items() if name not in held_ones}


def tasks(plan: Plan) -> dict[str, Install]:
    """Components that run as containers without a cluster of Kubernetes, as the comment beside their module says."""
    return {
        name: Install(f"the tree has {entry.path}: {entry.comment}.", (entry.place.line,), False)
        for entry in plan.entries
        if entry.mark in _BUILT and _TASK.search(entry.comment) and (name := third_party.of_name(entry.name))
    }


def _runners(plan: Plan, found: Mapping[str, Install]) -> dict[str, Install]:
    """Whose operator or whose make a store is, where the plan names just one: "kafka/" and "we run it with Strimzi"."""
    asserted = {m.value: m for m in plan.mentions if m.family == "components" and m.sense is Sense.ASSERTED}
    runners, held = dict[str, Install](), third_party.held_by(found)
    for name, install in found.items():
        able = [other for other in asserted if other not in found and name in third_party.held_by([other])]
        if third_party.data_kind(name) and name not in held and len(able) == 1:
            line = asserted[able[0]].place.line
            runners[able[0]] = Install(f"the plan runs {name} with it.", (line, *install.lines)[:5], False)
    return runners


def _from_trees(plan: Plan) -> Iterator[tuple[str, Install]]:
    entries = plan.entries or plan.named
    stores = _stores(plan)
    filled = {entry.parts[:depth] for entry in entries for depth in range(1, len(entry.parts))}
    for entry in entries:
        if entry.mark in _BUILT and not _ASIDE & set(entry.parts):
            for name in (
                _of_path(entry, is_leaf=entry.parts not in filled),
                *_of_comment(entry),
                _of_store(stores, entry),
            ):
                if name:
                    sure = not _CONFIGURES.search(entry.name)
                    yield name, Install(f"the tree has {entry.path}.", (entry.place.line,), sure)


def _of_path(entry: Entry, *, is_leaf: bool) -> str:
    """The component after which the path is named, its end first, where the path is one of a cluster's."""
    is_file = bool(_YAML.search(entry.name))
    if not is_file and not _is_on_cluster(entry):
        return ""
    # A file of a Terraform module serves what the module is named after, even where it names what it speaks to.
    parts = entry.parts if entry.name.endswith(".tf") else entry.parts[::-1]
    name = next((found for part in parts if (found := third_party.of_name(part))), "")
    if not name or not _builds(entry, name, is_file=is_file, is_leaf=is_leaf):
        return ""
    return (third_party.data_kind(name) and _runner(name, entry.comment)) or name


def _is_on_cluster(entry: Entry) -> bool:
    return any(_ON_CLUSTER.match(part) for part in entry.parts) or entry.parts[-2:-1] == ("modules",)


def _runner(store: str, comment: str) -> str:
    """The operator or the make that the comment beside the manifest of a store names."""
    words = family("components")
    named = (words.value_of(match.group()) for match in words.pattern.finditer(comment[:200]))
    return next((name for name in named if store in third_party.held_by([name])), "")


def _builds(entry: Entry, name: str, *, is_file: bool, is_leaf: bool) -> bool:
    """A data store needs manifests or values of its own, and a tool that reads files needs what installs it."""
    if third_party.data_kind(name):
        in_cluster = is_leaf and bool(_MANIFESTS & set(entry.parts)) and not _RESOURCES.search("/".join(entry.parts))
        is_workload = (is_file and bool(_WORKLOAD.search(entry.name))) or (
            is_leaf and bool(_SELF.search(entry.comment))
        )
        return (is_workload or in_cluster) and not _TERRAFORM & set(entry.parts)
    if third_party.is_tool(name):
        return is_file and bool(_INSTALLER.search(entry.name))
    return True


def _of_comment(entry: Entry) -> Iterator[str]:
    """The components that the comment beside a file of installations lists, or beside a directory of values."""
    if not (_YAML.search(entry.name) and _INSTALLER.search(entry.name)):
        is_told = bool(_VALUES.search(entry.comment)) or _is_on_cluster(entry)
        if "." not in entry.name and is_told:
            yield from chosen(entry.comment, alone=True)
        return
    dependencies = _DEPENDENCIES.match(entry.comment)
    if dependencies:
        yield from chosen(entry.comment[dependencies.end() :], data=True)
    yield from chosen(entry.comment, alone=True)
    words = family("components")
    for match in words.pattern.finditer(entry.comment):
        verdict = sense(entry.comment, match.start(), match.end())
        if verdict is Sense.ASSERTED and is_installed(entry.comment, match.start(), match.end(), strict=False):
            yield words.value_of(match.group())


def _stores(plan: Plan) -> dict[str, str]:
    """Of each kind of store, the one of which the plan speaks most."""
    names = Counter(m.value for m in plan.mentions if m.family == "components" and third_party.data_kind(m.value))
    return {third_party.data_kind(name): name for name, _ in reversed(names.most_common())}


def _of_store(stores: Mapping[str, str], entry: Entry) -> str:
    """A workload called "db" runs the database of which the plan speaks."""
    match = _STORE_FILE.match(entry.name)
    return stores.get(_KINDS[(match["kind"] or match["tail"]).lower()], "") if match else ""


def _there(plan: Plan) -> set[str]:
    """What some sentence finds in place, or leaves to the vendor of the cluster."""
    mentions = [m for m in plan.mentions if m.family == "components"]
    return {m.value for m in mentions if m.sense is Sense.EXISTING or _is_hosted(m)}


def _is_hosted(mention: Mention) -> bool:
    text, end = mention.statement.text, mention.offset + len(mention.term)
    return is_hosted(text[max(0, mention.offset - 40) : mention.offset], text[end : end + 60])


def _from_sentences(plan: Plan) -> Iterator[tuple[str, Install]]:
    asked = {question.place.line for question in plan.questions}
    there = _there(plan)
    for mention in plan.mentions:
        if mention.family != "components" or mention.sense is not Sense.ASSERTED or third_party.at_desk(mention.value):
            continue
        if mention.value in there and not third_party.data_kind(mention.value):
            continue
        if mention.place.line in asked or _IF_NEED_BE.search(mention.statement.key):
            continue  # what is asked, or kept for a bad day, is not decided
        text, start = mention.statement.text, mention.offset
        is_data = bool(third_party.data_kind(mention.value))
        if is_installed(text, start, start + len(mention.term), strict=is_data):
            shown = " ".join(text.split())[:160]
            yield mention.value, Install(f'the plan says so: "{shown}".', (mention.place.line,), False)
