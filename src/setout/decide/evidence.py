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
_ZONES = {Zone.TITLE: 4, Zone.SUMMARY: 3, Zone.COMPONENTS: 4, Zone.CONTEXT: 2, Zone.STRUCTURE: 2}


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for one value: its weight, the lines, the sentence of the heaviest mention."""

    value: str
    weight: int
    lines: tuple[int, ...]
    text: str
    origin: Origin


def tally(plan: Plan, family: str, *fields: str) -> tuple[Evidence, ...]:
    """Evidence for each value of `family`, heaviest first; `fields` are those that ask for exactly this."""
    found: dict[str, list[Mention]] = {}
    for mention in plan.mentions:
        if mention.family == family and mention.sense is Sense.ASSERTED:
            found.setdefault(mention.value, []).append(mention)
    evidence = (_sum(value, group, fields) for value, group in found.items())
    return tuple(sorted(evidence, key=lambda item: (-item.weight, item.lines[0])))


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
