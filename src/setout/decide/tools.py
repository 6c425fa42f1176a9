"""Other tools that own infrastructure in the plan: those of its words, and those whose files the tree builds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from setout.decide.because import lines_of
from setout.decide.evidence import Evidence, tally
from setout.decide.subject import is_infrastructure
from setout.model import Choice, Entry, Mark, Origin, Plan
from setout.vocabulary import family

_BUILT = frozenset({Mark.NONE, Mark.NEW, Mark.CHANGED})
_THRESHOLD = 3


def decide(plan: Plan, made: Mapping[str, Choice]) -> Choice:
    """Words count for tools that only build infrastructure; scripts and Compose count by their files alone."""
    found = {item.value: item for item in (*_in_words(plan), *_in_tree(plan, bool(made["blueprints"].value)))}
    evidence = tuple(found.values())
    because = tuple(f'{item.value}: "{item.text}".' for item in evidence) or ("The plan uses no other such tool.",)
    return Choice("other_tools", sorted(found), because, lines_of(evidence), Origin.INFERRED)


def owners(names: list[str]) -> list[str]:
    """Of these tools, those that do nothing but build infrastructure."""
    rows = family("tools").rows
    return [name for name in names if not rows[name].get("aid")]


def _in_words(plan: Plan) -> tuple[Evidence, ...]:
    rows = family("tools").rows
    found = (item for item in tally(plan, "tools", "tools") if item.weight >= _THRESHOLD)
    return tuple(item for item in found if not {"blueprint", "aid"} & set(rows[item.value]))


def _in_tree(plan: Plan, builds: bool) -> tuple[Evidence, ...]:
    patterns = _patterns()
    any_tool = re.compile("|".join(pattern.pattern for pattern in patterns.values()))
    entries = [e for e in plan.entries or plan.named if e.mark in _BUILT and _matches(e, any_tool)]
    rows = family("tools").rows
    aids = builds or is_infrastructure(plan)
    found = []
    for name, pattern in patterns.items():
        shown = [entry for entry in entries if _matches(entry, pattern)]
        if shown and (aids or not rows[name].get("aid")):
            lines = tuple(sorted({entry.place.line for entry in shown}))
            found.append(Evidence(name, len(shown), lines, shown[0].path, Origin.INFERRED))
    return tuple(found)


@cache
def _patterns() -> Mapping[str, re.Pattern[str]]:
    rows = family("tools").rows
    return {name: re.compile(f"(?:{'|'.join(row['files'])})") for name, row in rows.items() if row.get("files")}


def _matches(entry: Entry, pattern: re.Pattern[str]) -> bool:
    names = [f"{part}/" for part in entry.parts[:-1]]
    return any(pattern.fullmatch(name) for name in (*names, entry.name, f"{entry.name}/"))
