"""Where Terraform keeps its state, and how it is locked."""

from __future__ import annotations

import re
from collections.abc import Mapping

from setout.decide.because import from_evidence, silent
from setout.decide.evidence import Evidence, stated, tally
from setout.model import Choice, Origin, Plan
from setout.vocabulary import family

_DYNAMODB = re.compile(r"dynamodb", re.I)
_LOCK = re.compile(r"state|lock|backend", re.I)


def decide(plan: Plan, made: Mapping[str, Choice]) -> Choice:
    """The field that asks for it; else a sentence that names a backend."""
    if "terraform" not in made["blueprints"].value:
        return silent("state_backend", None, "Without Terraform there is no state.")
    found = _in_field(plan) or next(iter(tally(plan, "state_backends", "state")), None)
    if found:
        return from_evidence("state_backend", found.value, found)
    return silent("state_backend", None, "The plan does not say where Terraform keeps its state.")


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
        for value, row in family("state_backends").rows.items():
            if any(
                re.search(rf"(?<![\w-]){re.escape(term)}(?![\w-])", statement.text, re.I)
                for term in row.get("field", ())
            ):
                text = " ".join(statement.text.split())[:200]
                return Evidence(value, 12, (statement.place.line,), text, Origin.STATED)
    return None
