"""Where secrets live."""

from __future__ import annotations

from collections.abc import Mapping

from setout.decide.because import lines_of, silent
from setout.decide.evidence import stated, tally
from setout.model import Choice, Plan

_THRESHOLD = 2


def decide(plan: Plan, _made: Mapping[str, Choice]) -> Choice:
    """The field that asks for it; else every store that the plan uses."""
    found = stated(plan, "secret_stores", "secrets") or tuple(
        item for item in tally(plan, "secret_stores", "secrets") if item.weight >= _THRESHOLD
    )
    if not found:
        return silent("secrets", [], "The plan names no place for secrets.")
    because = tuple(f'{item.value}: "{item.text}".' for item in found)
    return Choice("secrets", sorted({item.value for item in found}), because, lines_of(found), found[0].origin)
