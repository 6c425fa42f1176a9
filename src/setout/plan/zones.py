"""Which part of a plan a statement belongs to, told by the headings above it."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from setout.model import Kind, Statement, Zone
from setout.vocabulary import keys

# The innermost heading that matches decides, so "Project Structure > Documentation" is the documentation tree.
_HEADINGS = (
    (Zone.DOCUMENTS, re.compile(r"^documentation\b", re.I)),
    (Zone.GATES, re.compile(r"constitution|principles? check|gates?\b|compliance check", re.I)),
    (Zone.COMPLEXITY, re.compile(r"complexity", re.I)),
    (Zone.COMPONENTS, re.compile(r"deployment components|^components\b|helm charts?( discovery)?$", re.I)),
    (Zone.CONTEXT, re.compile(r"technical context|technology (stack|choices)|^tech(nical)? stack", re.I)),
    (Zone.SUMMARY, re.compile(r"^(executive )?summary|^overview|^(feature )?description|^goals?$|^objectives?$", re.I)),
    (Zone.STRUCTURE, re.compile(r"(project|file|directory|repo\w*) (structure|layout)|(source|infra\w+) code", re.I)),
)  # fmt: skip
_NUMBER = re.compile(r"^[\d.\s)§-]+")


def place_all(statements: tuple[Statement, ...]) -> tuple[Statement, ...]:
    """Give every statement its zone, and its key the name that the vocabulary has for it."""
    return tuple(_placed(statement, zone_of(statement), _key(statement)) for statement in statements)


def _placed(statement: Statement, zone: Zone, key: str) -> Statement:
    is_so = statement.zone is zone and statement.key == key
    return statement if is_so else replace(statement, zone=zone, key=key)


def zone_of(statement: Statement) -> Zone:
    if statement.kind is Kind.HEADING and statement.key == "h1":
        return Zone.TITLE
    if statement.kind is Kind.FIELD and keys().get(statement.key) in {"branch", "date", "spec", "input", "note"}:
        return Zone.TITLE
    titles = (*statement.section, statement.text) if statement.kind is Kind.HEADING else statement.section
    return _of_titles(titles)


@lru_cache(maxsize=256)
def _of_titles(titles: tuple[str, ...]) -> Zone:
    for title in reversed(titles):
        bare = _NUMBER.sub("", title)
        for zone, pattern in _HEADINGS:
            if pattern.search(bare):
                return zone
    return Zone.REST


def _key(statement: Statement) -> str:
    if statement.kind in {Kind.HEADING, Kind.CODE, Kind.CELL}:
        return statement.key
    bare = statement.key.strip(" :*_")
    return keys().get(bare, bare)
