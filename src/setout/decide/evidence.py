"""How much the words of a plan weigh: mentions of one family, summed by value, with the lines they stand on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from setout.model import Kind, Mention, Origin, Plan, Sense, Statement, Zone

# A field that asks for exactly this outweighs everything; a sentence somewhere hardly counts.
STATED = 12
_CONTEXT_KEYS = frozenset(
    {"language", "dependencies", "platform", "project_type", "storage", "scale", "structure_decision"}
)
_ASSERTED = frozenset({Sense.ASSERTED})
_USED = frozenset({Sense.ASSERTED, Sense.EXISTING})
_DENIED = frozenset({Sense.NEGATED, Sense.REPLACED})
_ZONES = {Zone.TITLE: 4, Zone.SUMMARY: 3, Zone.COMPONENTS: 4, Zone.CONTEXT: 2, Zone.STRUCTURE: 2}


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for one value: its weight, the lines, the sentence of the heaviest mention."""

    value: str
    weight: int
    lines: tuple[int, ...]
    text: str
    origin: Origin


def tally(plan: Plan, family: str, *fields: str, there: bool = False) -> tuple[Evidence, ...]:
    """Evidence for each value of `family`, heaviest first; what the plan denies as often as it asserts is left out.

    Args:
        fields: those that ask for exactly this.
        there: whether what exists already counts too, as a cluster to deploy to does.
    """
    senses = _USED if there else _ASSERTED
    found: dict[str, list[Mention]] = {}
    denied: dict[str, int] = {}
    for mention in plan.mentions:
        if mention.family == family and mention.sense in senses:
            found.setdefault(mention.value, []).append(mention)
        elif mention.family == family and mention.sense in _DENIED:
            denied[mention.value] = denied.get(mention.value, 0) + weigh(mention.statement, fields)
    evidence = (_sum(value, group, fields) for value, group in found.items())
    kept = (item for item in evidence if item.weight > denied.get(item.value, 0))
    return tuple(sorted(kept, key=lambda item: (-item.weight, item.lines[0])))


def stated(plan: Plan, family: str, field: str) -> tuple[Evidence, ...]:
    """Only what stands in the field itself, in the order in which it stands there."""
    found = [item for item in tally(plan, family, field) if item.origin is Origin.STATED]
    return tuple(sorted(found, key=lambda item: item.lines[0]))


def weigh(statement: Statement, fields: Iterable[str] = ()) -> int:
    """What a mention in this statement is worth."""
    if statement.key in fields and statement.kind is not Kind.HEADING:
        return STATED
    if (statement.zone is Zone.CONTEXT and statement.key in _CONTEXT_KEYS) or statement.key == "structure_decision":
        return 4
    return _ZONES.get(statement.zone, 1)


def _sum(value: str, group: list[Mention], fields: tuple[str, ...]) -> Evidence:
    weights = {mention.place.line: weigh(mention.statement, fields) for mention in group}
    heaviest = max(group, key=lambda mention: weigh(mention.statement, fields))
    is_stated = any(mention.statement.key in fields for mention in group)
    return Evidence(
        value=value,
        weight=sum(weights.values()),
        lines=tuple(sorted(weights)),
        text=" ".join(heaviest.statement.text.split())[:200],
        origin=Origin.STATED if is_stated else Origin.INFERRED,
    )
