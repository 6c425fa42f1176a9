"""Blocks between markers, which setout writes into a plan: found, put in place, and left out where a plan is read.

What we wrote about a repository is no evidence of what a person wants of it; else it would confirm itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_MARKER = re.compile(r"^<!-- (?P<close>/?)setout:(?P<name>[a-z]+) -->[ \t]*$", re.MULTILINE)


class Broken(Exception):
    """A marker without its partner, or twice; with the 1-based line."""

    def __init__(self, name: str, line: int) -> None:
        super().__init__(f"the marker setout:{name} has no partner, or stands twice")
        self.line = line


def without(text: str) -> str:
    """The text with empty lines for every block, so that all other lines keep their number."""
    kept, position = [], 0
    for _, start, end in _blocks(text):
        kept += [text[position:start], "\n" * text.count("\n", start, end)]
        position = end
    return "".join([*kept, text[position:]])


def block(name: str, content: str) -> str:
    """The content between its markers."""
    return f"<!-- setout:{name} -->\n{content}\n<!-- /setout:{name} -->"


def replaced(text: str, name: str, content: str) -> str | None:
    """The text with other content in the block; None where there is no such block. Raises Broken."""
    check(text)
    for found, start, end in _blocks(text):
        if found == name:
            return text[:start] + block(name, content) + text[end:]
    return None


def _blocks(text: str) -> Iterator[tuple[str, int, int]]:
    """Name, start and end of every pair of markers; in one pass, however many there are."""
    opened: re.Match[str] | None = None
    for match in _MARKER.finditer(text):
        if not match["close"]:
            opened = match
        elif opened and opened["name"] == match["name"]:
            yield match["name"], opened.start(), match.end()
            opened = None


def check(text: str) -> None:
    """Raises Broken where markers do not stand in pairs, each name once, none in another."""
    expected, seen = "", set[str]()
    for match in _MARKER.finditer(text):
        name, line = match["name"], text.count("\n", 0, match.start()) + 1
        if (match["close"] and name != expected) or (not match["close"] and (expected or name in seen)):
            raise Broken(name, line)
        expected = "" if match["close"] else name
        seen.add(name)
    if expected:
        raise Broken(expected, text.count("\n") + 1)
