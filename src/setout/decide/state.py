"""Where Terraform keeps its state, and how it is locked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

from setout.decide.because import from_evidence, silent
from setout.decide.evidence import STATED, Evidence, stated, tally, weigh
from setout.model import Choice, Kind, Mark, Origin, Plan, Sense, Zone
from setout.plan.sense import sense
from setout.vocabulary import family

_DYNAMODB = re.compile(r"dynamodb", re.I)
_LOCK = re.compile(r"state|lock|backend", re.I)
_USED = frozenset({Sense.ASSERTED, Sense.EXISTING})
_SILENT = frozenset({Zone.DOCUMENTS, Zone.COMPLEXITY})
_STATE = re.compile(
    r"\b(?:terraform|tofu|opentofu|terragrunt|tf|remote)[\s-]+(?:[\w-]+\s+){0,2}?state\b|\btf-?state\b|"
    r"\bremote backend\b|\bbackend (?:config\w*|blocks?|buckets?)\b|リモートステート|状态|ステート|"
    r"\bstate[\s-]+(?:files?|buckets?|backends?|storage|stor(?:ed?|es)|lock\w*|management|is|in|kept|lives)\b",
    re.I,
)
_BACKEND_FILE = re.compile(
    r"backend|state|^(?:terraform|versions|providers?|main|root)\.(?:tf|hcl)$|^terragrunt\.hcl$", re.I
)
_BLOCK = re.compile(r"\bbackend\s*(?:=\s*)?\"(?P<name>[\w-]+)\"")
_CLOUD_BLOCK = re.compile(r"\bcloud\s*\{")
_NEAR = 90
_SENTENCE_END = re.compile(r"[.;](?=\s)|\n\s*\n")


def decide(plan: Plan, made: Mapping[str, Choice]) -> Choice:
    """The field that asks for it; else a backend block, a file of the tree or a sentence that names the store."""
    if "terraform" not in made["blueprints"].value:
        return silent("state_backend", None, "Without Terraform there is no state.")
    found = _in_field(plan)
    if found:
        return from_evidence("state_backend", found.value, found)
    weights: dict[str, int] = {}
    first: dict[str, Evidence] = {}
    for item in (*_blocks(plan), *_files(plan), *tally(plan, "state_backends", "state", there=True), *_sentences(plan)):
        weights[item.value] = weights.get(item.value, 0) + item.weight
        first.setdefault(item.value, item)
    if not first:
        return silent("state_backend", None, "The plan does not say where Terraform keeps its state.")
    best = max(first, key=lambda value: weights[value])
    others = sorted(set(first) - {best})
    doubts = (f"It speaks of {', '.join(others)} too.",) if others else ()
    doubts = doubts or (("A sentence alone names it, in passing.",) if weights[best] <= 1 else ())
    return from_evidence("state_backend", best, first[best], doubts=doubts)


def lock_table(plan: Plan, made: Mapping[str, Choice]) -> Choice:
    """A DynamoDB table only where the plan asks for one: the lock file of the S3 backend has replaced it."""
    if made["state_backend"].value == "s3":
        for statement in plan.statements:
            asks = statement.key == "state" or _LOCK.search(statement.text)
            if asks and _DYNAMODB.search(statement.text):
                because = f'The plan asks for DynamoDB locking: "{" ".join(statement.text.split())[:120]}".'
                return Choice("state_lock_table", True, (because,), (statement.place.line,), Origin.STATED)
    return silent("state_lock_table", False, "The backend's own lock is used.")


def _in_field(plan: Plan) -> Evidence | None:
    """In a field that asks for the backend, a bare "S3" is enough."""
    found = stated(plan, "state_backends", "state")
    if found:
        return found[0]
    for statement in plan.fields("state"):
        for match in _stores().finditer(statement.text):
            if sense(statement.text, match.start(), match.end()) in _USED:
                text = " ".join(statement.text.split())[:200]
                return Evidence(_value(match), STATED, (statement.place.line,), text, Origin.STATED)
    return None


def _blocks(plan: Plan) -> Iterator[Evidence]:
    """Terraform's own language: `backend "s3" {`, `cloud {`."""
    names = {name: value for value, row in family("state_backends").rows.items() for name in row["block"].split("|")}
    for statement in plan.statements:
        for match in _BLOCK.finditer(statement.text):
            if match["name"] in names:
                line = statement.line_at(match.start())
                yield Evidence(names[match["name"]], 6, (line,), match.group(), Origin.STATED)
        cloud = _CLOUD_BLOCK.search(statement.text)
        if cloud and "terraform" in statement.text:
            yield Evidence("terraform-cloud", 6, (statement.line_at(cloud.start()),), cloud.group(), Origin.STATED)


def _files(plan: Plan) -> Iterator[Evidence]:
    """The comment beside a file of the backend; a state file in the tree is kept where it lies."""
    for entry in plan.entries:
        if entry.name == "terraform.tfstate":
            yield Evidence("local", 4, (entry.place.line,), entry.path, Origin.STATED)
        if entry.mark not in {Mark.DELETED, Mark.FUTURE} and _BACKEND_FILE.search(entry.name):
            for match in _stores().finditer(entry.comment):
                is_backend = bool(_LOCK.search(entry.name) or _LOCK.search(entry.comment))
                if is_backend and sense(entry.comment, match.start(), match.end()) in _USED:
                    text = f"{entry.path}: {entry.comment}"
                    yield Evidence(_value(match), 4, (entry.place.line,), text, Origin.STATED)


def _sentences(plan: Plan) -> Iterator[Evidence]:
    """A store named beside a word for Terraform's state."""
    for statement in plan.statements:
        if statement.zone in _SILENT or statement.kind is Kind.CODE:
            continue
        for match in _stores().finditer(statement.text):
            if _is_near_state(statement.text, match) and sense(statement.text, match.start(), match.end()) in _USED:
                text = " ".join(statement.text.split())[:200]
                line = statement.line_at(match.start())
                yield Evidence(_value(match), weigh(statement), (line,), text, Origin.INFERRED)


def _is_near_state(text: str, store: re.Match[str]) -> bool:
    """A word for state in the same sentence, with little between."""
    before = _SENTENCE_END.split(text[max(0, store.start() - _NEAR) : store.start()])[-1]
    after = _SENTENCE_END.split(text[store.end() : store.end() + _NEAR], maxsplit=1)[0]
    return bool(_STATE.search(before) or _STATE.search(after))


def _value(match: re.Match[str]) -> str:
    term = " ".join(match.group().lower().split())
    return next(value for value, row in family("state_backends").rows.items() if term in (*row["field"], *row["terms"]))


@cache
def _stores() -> re.Pattern[str]:
    rows = family("state_backends").rows.values()
    terms = sorted({term for row in rows for term in (*row["field"], *row["terms"])}, key=len, reverse=True)
    return re.compile(rf"(?<![\w./-])(?:{'|'.join(map(re.escape, terms))})(?![\w-]|\.\w)", re.I)
