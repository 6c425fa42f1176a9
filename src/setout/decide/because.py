"""Sentences for people: the one way in which rules say why."""

from __future__ import annotations

from setout.decide.evidence import Evidence
from setout.model import JSON, Choice, Origin


def silent(field: str, value: JSON, sentence: str) -> Choice:
    """A choice for which the plan says nothing: the default, and why it is one."""
    return Choice(field, value, (sentence,), (), Origin.DEFAULT)


def from_evidence(
    field: str, value: JSON, evidence: Evidence, *, what: str = "", doubts: tuple[str, ...] = ()
) -> Choice:
    """A choice that rests on one piece of evidence."""
    where = "states" if evidence.origin is Origin.STATED else "speaks of"
    sentence = f'The plan {where} {what or evidence.value}: "{evidence.text}".'
    return Choice(field, value, (sentence,), evidence.lines, evidence.origin, doubts=doubts)


def lines_of(evidence: tuple[Evidence, ...]) -> tuple[int, ...]:
    return tuple(sorted({line for item in evidence for line in item.lines}))
