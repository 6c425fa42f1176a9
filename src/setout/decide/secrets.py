"""Where secrets live: the field that asks for it, the files and objects that hold them, the sentences that say so."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from setout.decide.because import lines_of, silent
from setout.decide.evidence import Evidence, stated, tally, weigh
from setout.model import Choice, Entry, Kind, Mark, Origin, Plan, Sense, Zone
from setout.plan.sense import sense
from setout.vocabulary import family

_GONE = frozenset({Mark.DELETED, Mark.FUTURE})
_ASIDE = frozenset({".github", "docs", "specs", "src", "tests", "test", "contracts", "node_modules"})
_SILENT = frozenset({Zone.DOCUMENTS, Zone.COMPLEXITY})
_USED = frozenset({Sense.ASSERTED, Sense.EXISTING})
_CREDENTIALS = re.compile(r"secret|credential|password|token|\bkeys?\b", re.I)
_OPTIONAL = re.compile(r"\s*\(?(?:optional|if needed|if available)", re.I)
# A Secret with a capital, beside other objects of a cluster, is one; "secrets" alone may be anything.
_OBJECTS = re.compile(
    r"\bSecrets?\b(?! Manager| Store|s? Operator)(?=[^.\n]{0,80}\b(?:ConfigMaps?|Deployments?|Ingress|PVCs?|"
    r"Services?(?! [Ii]nvocation)|ServiceAccounts?|Namespaces?|manifests?|envFrom|Pods?|K8s|Kubernetes)\b)|"
    r"\b(?:ConfigMaps?|Deployments?|Ingress|PVCs?|ServiceAccounts?|Namespaces?|K8s|Kubernetes|Helm)\b[^.\n]{0,80}?"
    r"(?<!External )(?<!Sealed )\bSecrets?\b(?! Manager| Store|s? Operator)"
)
_PIPELINES = frozenset({"github-actions", "gitlab-ci", "terraform-cloud"})
_COMMANDS = re.compile(r"kubectl\s+create\s+secret|secretKeyRef|secretRef\b|existingSecret|imagePullSecrets")


def decide(plan: Plan, made: Mapping[str, Choice]) -> Choice:
    """What the field states, what files and objects show, and without a field what the sentences use."""
    in_field = tuple(item for item in stated(plan, "secret_stores", "secrets") if not _is_optional(plan, item.value))
    solid = (*in_field, *_files(plan), *_objects(plan))
    beside = _told(plan, bool(solid))
    # The field asks where the secrets of what runs are; those of its pipeline may be told elsewhere.
    told = tuple(item for item in beside if item.value in _PIPELINES)
    if not in_field:
        told = (*_gates(plan), *_pairs(plan, made), *beside)
    found: dict[str, Evidence] = {}
    for item in (*solid, *told):
        if not _is_optional(plan, item.value):
            found.setdefault(item.value, item)
    found |= {item.value: item for item in _behind_dapr(found, made)}
    kept = tuple(item for item in found.values() if item in solid or not _is_brought(item.value, found))
    if not kept:
        return silent("secrets", [], "The plan names no place for secrets.")
    because = tuple(f'{item.value}: "{item.text}".' for item in kept)
    sure = bool(in_field) or (all(item.weight > 1 for item in kept) and not _left_out(plan, found))
    doubts = () if sure else ("A store is named in passing only.",)
    return Choice(
        "secrets", sorted({item.value for item in kept}), because, lines_of(kept), kept[0].origin, doubts=doubts
    )


def _told(plan: Plan, is_shown: bool) -> tuple[Evidence, ...]:
    """What sentences use; beside files that show a place, one mention in passing adds none, and .env is often named."""
    found = tally(plan, "secret_stores", "secrets", there=True)
    has_pipeline = any(".github" in entry.parts for entry in plan.entries or plan.named)
    return tuple(item for item in found if _is_told(plan, item, has_pipeline=has_pipeline, is_shown=is_shown))


def _is_told(plan: Plan, item: Evidence, *, has_pipeline: bool, is_shown: bool) -> bool:
    """.env is named wherever people work; the secrets of a pipeline do not compete with those of the cluster."""
    if item.value == "env-file":
        return any(m.value == item.value and m.sense in _USED and weigh(m.statement) > 1 for m in plan.mentions)
    if item.value == "github-actions" and has_pipeline:
        return True
    return item.weight > (1 if is_shown else 0)


def _left_out(plan: Plan, found: Mapping[str, Evidence]) -> bool:
    """Whether a store is named in passing that is none of those believed: it may be one more."""
    named = {m.value for m in plan.mentions if m.family == "secret_stores" and m.sense in _USED}
    at_work = set() if set(found) <= _PIPELINES else {"env-file"}  # named wherever people work beside a store
    rest = named - set(found) - at_work
    return any(not _is_brought(name, found) and not _is_optional(plan, name) for name in rest)


def _behind_dapr(found: Mapping[str, Evidence], made: Mapping[str, Choice]) -> Iterator[Evidence]:
    """Dapr keeps no secrets: on a cluster it reads the cluster's own, where the plan names no other store."""
    if "dapr" in found and made["kubernetes"].value and not set(found) - {"dapr", "env-file", "github-actions"}:
        yield replace(found["dapr"], value="kubernetes", origin=Origin.INFERRED)


def _is_brought(value: str, found: Mapping[str, Evidence]) -> bool:
    """Secrets of the cluster need no saying where something else makes them from a store."""
    rows = family("secret_stores").rows
    return value == "kubernetes" and any(rows[name].get("brings") for name in found)


def _is_optional(plan: Plan, value: str) -> bool:
    """Wherever it is named, it is named as optional."""
    mentions = [m for m in plan.mentions if m.family == "secret_stores" and m.value == value]
    return bool(mentions) and all(_OPTIONAL.match(m.statement.text, m.offset + len(m.term)) for m in mentions)


def _files(plan: Plan) -> Iterator[Evidence]:
    for entry in plan.entries or plan.named:
        if entry.mark in _GONE or _ASIDE & set(entry.parts):
            continue
        rows = {name: row for name, row in family("secret_stores").rows.items() if "files" in row}
        below = {name for name, row in rows.items() if "below" in row and _is_below(entry, row["below"])}
        for value, row in rows.items():
            # What lies in the directory of one store is of that one, whatever its name would mean elsewhere.
            if (value in below if below else "below" not in row) and re.search(row["files"], entry.name, re.I):
                yield Evidence(value, 3, (entry.place.line,), entry.path, Origin.STATED)


def _is_below(entry: Entry, pattern: str) -> bool:
    return any(re.fullmatch(pattern, part) for part in entry.parts[:-1])


def _objects(plan: Plan) -> Iterator[Evidence]:
    """YAML of the plan that defines the object of a store."""
    for statement in plan.statements:
        if statement.kind is Kind.CODE and statement.zone not in _SILENT:
            for value, row in family("secret_stores").rows.items():
                match = re.search(rf"^kind:\s*(?:{row.get('objects', '(?!)')})\s*$", statement.text, re.M)
                if match:
                    yield Evidence(value, 3, (statement.line_at(match.start()),), match.group(), Origin.STATED)


def _gates(plan: Plan) -> Iterator[Evidence]:
    """The check of a rule on secrets tells how the plan keeps it, though rules themselves tell nothing."""
    words = family("secret_stores")
    for statement in plan.statements:
        if statement.zone is Zone.GATES and statement.kind is not Kind.CODE and _CREDENTIALS.search(statement.text):
            for match in words.pattern.finditer(statement.text):
                if sense(statement.text, match.start(), match.end()) in _USED and not _OPTIONAL.match(
                    statement.text, match.end()
                ):
                    text = " ".join(statement.text.split())[:200]
                    line = statement.line_at(match.start())
                    yield Evidence(words.value_of(match.group()), 2, (line,), text, Origin.INFERRED)


def _pairs(plan: Plan, made: Mapping[str, Choice]) -> Iterator[Evidence]:
    """Secrets among the objects of the cluster, and what creates or reads them."""
    for statement in plan.statements if made["kubernetes"].value else ():
        if statement.zone in _SILENT:
            continue
        match = None if statement.kind is Kind.CODE else _OBJECTS.search(statement.text)
        match = match or _COMMANDS.search(statement.text)
        if match:
            item = Evidence("kubernetes", 2, (statement.line_at(match.start()),), match.group(), Origin.INFERRED)
            yield replace(item, text=" ".join(item.text.split()))
