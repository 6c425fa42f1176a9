"""Environments, in the plan's own order and spelling."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from setout.decide.because import silent
from setout.model import Choice, Entry, Mark, Origin, Plan, Statement
from setout.vocabulary import load

_PARENTS = frozenset({"environments", "environment", "envs", "env", "overlays"})
_LABEL = re.compile(r"^[a-z][a-z0-9-]{0,30}$")


def decide(plan: Plan, _made: Mapping[str, Choice]) -> Choice:
    """Directories below environments/ or overlays/; else the field that asks for them; else values-<env> files."""
    in_tree = _ordered((name, entry.place.line) for entry in plan.entries if (name := _in_tree(entry)))
    if in_tree:
        because = f"The tree has a directory for {', '.join(in_tree)}."
        return Choice("environments", list(in_tree), (because,), tuple(in_tree.values()), Origin.STATED)
    in_field = _ordered(pair for s in plan.fields("environments") for pair in _in_field(s))
    if in_field:
        text = " ".join(plan.fields("environments")[0].text.split())[:120]
        because = f'The plan states {", ".join(in_field)}: "{text}".'
        return Choice("environments", list(in_field), (because,), tuple(in_field.values()), Origin.STATED)
    return silent("environments", [], "The plan names no environment.")


def tier(name: str) -> str:
    """The tier of an environment by its name; an unknown name is treated with the care of production."""
    for value, row in load("environments").items():
        if name == value or name in row["terms"]:
            return str(row["tier"])
    return "production"


def _ordered(pairs: Iterable[tuple[str, int]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for name, line in pairs:
        found.setdefault(name, line)
    return found


def _in_tree(entry: Entry) -> str:
    if entry.mark in {Mark.DELETED, Mark.FUTURE}:
        return ""
    for parent, child in zip(entry.parts, entry.parts[1:], strict=False):
        if parent.lower() in _PARENTS and _LABEL.match(child):
            return child
    return ""


def _in_field(statement: Statement) -> list[tuple[str, int]]:
    """Known names of environments, in the order in which the text has them."""
    found = []
    for row in load("environments").values():
        for term in row["terms"]:
            for match in re.finditer(rf"(?<![\w-]){re.escape(term)}(?![\w-])", statement.text, re.I):
                found.append((match.start(), match.group().lower(), statement.line_at(match.start())))  # noqa: PERF401
    return [(name, line) for _, name, line in sorted(found)]
