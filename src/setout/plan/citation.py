"""Where a plan says what: the lines of its text, and which of them speak of something by name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from setout import plan as planning
from setout.model import Plan
from setout.plan.source import load


@dataclass(frozen=True, slots=True)
class Document:
    """A plan as it was read, and the lines that a person sees (line n is `lines[n - 1]`)."""

    plan: Plan
    lines: tuple[str, ...]

    def quote(self, line: int) -> str:
        return self.lines[line - 1].strip()

    def about(self, lines: Iterable[int], names: Iterable[str] = ()) -> tuple[int, ...]:
        """Those of `lines` that speak of one of `names`; all of them where none does."""
        there = sorted({line for line in lines if 1 <= line <= len(self.lines)})
        wanted = tuple(names)
        narrowed = [
            line for line in there if any(mentions(text, name) for name in wanted for text in self._texts(line))
        ]
        return tuple(narrowed or there)

    def _texts(self, line: int) -> Iterator[str]:
        """What a line says: its text, and the paths that it stands for in a tree."""
        yield self.lines[line - 1]
        yield from (entry.path for entry in (*self.plan.entries, *self.plan.named) if entry.place.line == line)


def read(file: Path) -> Document:
    """Read a plan with its lines. Raises PlanError."""
    return Document(planning.read(file), load(file).lines)


def mentions(text: str, name: str) -> bool:
    """Is `name` in the text, and not as a part of a longer word?"""
    return bool(name) and re.search(rf"(?<![A-Za-z0-9]){re.escape(name)}(?![A-Za-z0-9])", text) is not None
