"""Statements to mentions: which terms of the vocabulary a plan uses, where, and in what sense."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import replace

from setout.model import Kind, Mention, Place, Sense, Statement, Zone
from setout.plan.questions import is_placeholder
from setout.plan.sense import sense
from setout.plan.surroundings import in_surroundings
from setout.vocabulary import FAMILIES, Family, family

_BREAK = re.compile("\n")
# Where people recite rules or fill forms rather than say what is built.
_SILENT = frozenset({Zone.GATES, Zone.DOCUMENTS, Zone.COMPLEXITY})


def mentions(statements: tuple[Statement, ...]) -> tuple[Mention, ...]:
    """Every use of every term, in the order of the document."""
    families = tuple(family(name) for name in FAMILIES)
    return tuple(mention for statement in statements for mention in _in_statement(statement, families))


def _in_statement(statement: Statement, families: tuple[Family, ...]) -> Iterator[Mention]:
    if statement.kind is Kind.CODE or statement.zone in _SILENT or is_placeholder(statement.text):
        return
    breaks = [match.start() for match in _BREAK.finditer(statement.text)]
    for each in families:
        for match in each.pattern.finditer(statement.text):
            value = each.value_of(match.group())
            verdict = sense(statement.text, match.start(), match.end())
            if verdict is Sense.ASSERTED:
                verdict = in_surroundings(statement)
            place = _place(statement.place, breaks, match.start())
            yield Mention(each.name, value, match.group(), place, verdict, statement, match.start())


def _place(start: Place, breaks: list[int], offset: int) -> Place:
    """The place of the character at `offset` of a text that begins at `start` and has line breaks at `breaks`."""
    above = bisect_left(breaks, offset)
    if not above:
        return replace(start, column=start.column + offset)
    return Place(start.line + above, offset - breaks[above - 1])
