"""Paths named in the text: where a plan draws no tree, the files it lists stand for one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import islice

from setout.model import Entry, Kind, Mark, Place, Sense, Statement, Zone
from setout.plan.marks import mark_of, mark_of_title
from setout.plan.sense import sense

LONGEST = 400  # characters; what is longer is no path that anybody keeps in a repository
_MOST = 20_000  # as many as a plan may name
_SILENT = frozenset({Zone.TITLE, Zone.GATES, Zone.DOCUMENTS, Zone.COMPLEXITY})
_LISTS = frozenset({Kind.ITEM, Kind.FIELD, Kind.CELL, Kind.HEADING, Kind.PROSE})
_SEGMENT = r"[\w.@<{*$-][\w.@<>{}*$-]*"
PATH = re.compile(
    rf"(?<![\w/.:@<>{{}}*$-])(?:{_SEGMENT}/)+(?:{_SEGMENT})?|(?<![\w/.:@-])[\w-]+\.(?:tf|tfvars|ya?ml|tpl|hcl|txt)\b"
)
_HEAD = re.compile(rf"^[\s\"'(]*(?:{PATH.pattern})")
# "and/or", "TCP/UDP": words that a slash joins are no directories; nor are hosts, networks and shares of a number.
_DIRECTORY = re.compile(
    r"[._-]|/$|^(?:terraform|charts?|helm|k8s|kubernetes|manifests|infra\w*|deploy\w*|modules?)/", re.I
)
_ADDRESS = re.compile(r"^(?:[\w-]+\.)+[\w-]+/|^-|^\d")


def named(statements: tuple[Statement, ...]) -> tuple[Entry, ...]:
    """The paths of lists, fields, tables and headings; a list below a directory's heading or field lies in it."""
    return tuple(islice(_named(statements), _MOST))


def _named(statements: tuple[Statement, ...]) -> Iterator[Entry]:
    directories: dict[tuple[str, ...], str] = {}
    for statement in statements:
        if statement.kind in _LISTS and statement.zone not in _SILENT:
            yield from _in_statement(statement, _base(statement, directories))
            _remember(statement, directories)


def _in_statement(statement: Statement, base: str) -> Iterator[Entry]:
    for match in PATH.finditer(statement.text):
        path = match.group().rstrip(".")
        is_file_of_list = bool(_HEAD.match(statement.text)) and not path.startswith(base)
        is_path = len(path) <= LONGEST and bool(_DIRECTORY.search(path)) and not _ADDRESS.match(path)
        if not is_path or sense(statement.text, match.start(), match.end()) is not Sense.ASSERTED:
            continue
        whole = f"{base}{path}" if base and is_file_of_list else path
        place = Place(statement.line_at(match.start()), statement.place.column)
        yield Entry(whole.rstrip("/"), place, "", _mark(statement, match.end()), path.endswith("/"), statement.section)


def _mark(statement: Statement, end: int) -> Mark:
    """What stands behind the path says, else the field that lists it or the heading above: "New files:"."""
    own = mark_of(statement.text[end:].split("\n", 1)[0].strip(" `*"))
    titles = (statement.key, *statement.section[:0:-1])
    marks = (own, *(mark_of_title(title) for title in titles[:2]))
    return next((mark for mark in marks if mark is not Mark.NONE), Mark.NONE)


def _base(statement: Statement, directories: Mapping[tuple[str, ...], str]) -> str:
    """The directory that the nearest heading or field above has named; only for items, which lie in it."""
    if statement.kind is not Kind.ITEM:
        return ""
    sections = (statement.section[:length] for length in range(len(statement.section), 0, -1))
    return next((directories[section] for section in sections if section in directories), "")


def _remember(statement: Statement, directories: dict[tuple[str, ...], str]) -> None:
    if statement.kind in {Kind.HEADING, Kind.FIELD}:
        last = next((m.group() for m in PATH.finditer(statement.text) if m.group().endswith("/")), "")
        section = (*statement.section, statement.text) if statement.kind is Kind.HEADING else statement.section
        if last:
            directories[section] = last
