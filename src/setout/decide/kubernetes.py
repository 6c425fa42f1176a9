"""Which Kubernetes: the distribution, further targets, and the minor version."""

from __future__ import annotations

import re
from collections.abc import Mapping

from setout.decide.because import from_evidence, lines_of, silent
from setout.decide.evidence import Evidence, stated, tally
from setout.model import Choice, Origin, Plan, Zone

SUPPORTED = ("1.33", "1.34", "1.35", "1.36", "1.37")
DEFAULT = "1.35"
_THRESHOLD = 3
_VERSION = re.compile(r"(?<![\w.])v?1\.(?P<minor>[23]\d)(?:\.\d+)?(?![\w-])")


def decide(plan: Plan, _made: Mapping[str, Choice]) -> Choice:
    """The field that asks for it, else the distribution that weighs most; a named one beats plain "Kubernetes"."""
    found = _candidates(plan)
    if not found:
        return silent("kubernetes", None, "The plan names no Kubernetes.")
    named = [item for item in found if item.value != "generic"]
    return from_evidence("kubernetes", (named or list(found))[0].value, (named or list(found))[0])


def others(plan: Plan, made: Mapping[str, Choice]) -> Choice:
    """Further distributions that the plan targets."""
    found = tuple(i for i in _candidates(plan) if i.value not in {"generic", made["kubernetes"].value})
    because = tuple(f'{item.value}: "{item.text}".' for item in found) or ("The plan names no further one.",)
    return Choice("kubernetes_also", [item.value for item in found], because, lines_of(found), Origin.INFERRED)


def version(plan: Plan, _made: Mapping[str, Choice]) -> Choice:
    """The minor version that the plan states, if it is one of the supported."""
    for statement in plan.fields("kubernetes"):
        match = _VERSION.search(statement.text)
        if match and f"1.{match['minor']}" in SUPPORTED:
            because = f'The plan states it: "{" ".join(statement.text.split())[:120]}".'
            value = f"1.{match['minor']}"
            return Choice("kubernetes_version", value, (because,), (statement.place.line,), Origin.STATED)
    return silent("kubernetes_version", DEFAULT, "The plan states no supported minor version; this one is in support.")


def stated_version(plan: Plan) -> tuple[str, int] | None:
    """The minor version in the plan's field, supported or not, with its line."""
    for statement in plan.fields("kubernetes"):
        match = _VERSION.search(statement.text)
        if match:
            return f"1.{match['minor']}", statement.place.line
    return None


def _candidates(plan: Plan) -> tuple[Evidence, ...]:
    fields = plan.fields("kubernetes")
    if fields and fields[0].zone is Zone.CONTEXT:
        return stated(plan, "distributions", "kubernetes")
    return tuple(item for item in tally(plan, "distributions", "kubernetes") if item.weight >= _THRESHOLD)
