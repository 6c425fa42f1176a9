"""Tables of fields: a row whose first cell is the name of a field says what that field is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby

from setout.model import Kind, Statement, Zone
from setout.vocabulary import keys

# What the head of the first column is called where rows are fields. Elsewhere a first cell that happens to be
# called "storage" is one of many things.
_HEADS = frozenset(
    {
        "", "field", "item", "aspect", "area", "category", "layer", "concern", "property", "parameter", "setting",
        "topic", "attribute", "dimension", "key", "what", "element", "choice", "decision", "technology", "part",
    }
)  # fmt: skip
_ZONES = frozenset({Zone.SUMMARY, Zone.CONTEXT, Zone.COMPONENTS, Zone.REST})


def with_fields(statements: tuple[Statement, ...]) -> tuple[Statement, ...]:
    """The statements, and after each row of a table of fields the field that it states."""
    return tuple(_each(statements))


def _each(statements: tuple[Statement, ...]) -> Iterator[Statement]:
    for (table, _), group in groupby(statements, key=lambda statement: (statement.table, statement.row)):
        row = list(group)
        yield from row
        if table and len(row) > 1 and row[0].key in _HEADS and row[0].zone in _ZONES:
            name = keys().get(row[0].text.lower().strip(" :*_"))
            if name:
                yield replace(row[1], kind=Kind.FIELD, key=name, row=0, table=0)
