"""Tenants: organizations that get isolated infrastructure of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from setout.decide.because import silent
from setout.model import JSON, Choice, Kind, Mark, Origin, Plan, Row

_WORD = re.compile(r"^(?:tenants?|organi[sz]ations?|orgs?|customers?)(?: names?| id| slug)?$")
_COLUMNS = {
    "group": "group",
    "groups": "group",
    "quota": "quota",
    "quota class": "quota",
    "size": "quota",
    "environments": "environments",
    "environment": "environments",
    "repository": "repositories",
    "repositories": "repositories",
}
_LISTED = frozenset({"environments", "repositories"})
_PARENTS = frozenset({"tenants", "organizations", "organisations", "orgs"})
_SPLIT = re.compile(r"\s*(?:,|;|\band\b|\n)\s*")
_NOTE = re.compile(r"\s*(?:\(.*?\)|:.*|[—–].*)$", re.S)
_LABEL = re.compile(r"^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$")
_PLACEHOLDER = re.compile(r"[<>*…]|\.\.\.$")


def decide(plan: Plan, _made: Mapping[str, Choice]) -> Choice:
    """A table with a tenant column, else directories below tenants/, else a field or list that names them."""
    for source, sentence in (
        (_tables, "A table lists them"),
        (_trees, "The tree has a directory for each"),
        (_fields, "The plan lists them"),
    ):
        found: dict[str, int] = {}
        for name, line in source(plan):
            found.setdefault(name, line)
        if found:
            because = f"{sentence}: {', '.join(found)}."
            return Choice("tenants", list(found), (because,), tuple(sorted(set(found.values()))), Origin.STATED)
    return silent("tenants", [], "The plan names no tenant.")


def details(plan: Plan, made: Mapping[str, Choice]) -> Choice:
    """What the template is given for each tenant: the name, and what the columns of its row say."""
    chosen = made["tenants"]
    rows = {
        row.cells[next(iter(row.cells))].strip(): row for row in plan.rows if _WORD.match(next(iter(row.cells), ""))
    }
    value = [{"name": name, **(_columns(rows[name]) if name in rows else {})} for name in chosen.value]
    return Choice("tenant_details", value, chosen.because, chosen.lines, chosen.origin)


def _columns(row: Row) -> dict[str, JSON]:
    found: dict[str, JSON] = {}
    for column, key in _COLUMNS.items():
        text = row.cells.get(column, "").strip()
        if text and key in _LISTED:
            found[key] = [piece for piece in _SPLIT.split(text.lower() if key == "environments" else text) if piece]
        elif text:
            found[key] = text.lower() if key == "quota" else text
    return found


def check_name(name: str, limit: int) -> bool:
    """Whether a name can be the name of a directory, a namespace and a cloud resource alike."""
    return bool(_LABEL.match(name)) and len(name) <= limit


def _tables(plan: Plan) -> Iterator[tuple[str, int]]:
    for row in plan.rows:
        first = next(iter(row.cells), "")
        name = row.cells.get(first, "").strip()
        if _WORD.match(first) and name:
            yield name, row.place.line


def _trees(plan: Plan) -> Iterator[tuple[str, int]]:
    for entry in plan.entries:
        for parent, child in zip(entry.parts, entry.parts[1:], strict=False):
            is_name = not _PLACEHOLDER.search(child) and "." not in child
            if parent in _PARENTS and is_name and entry.mark not in {Mark.DELETED, Mark.FUTURE}:
                yield child, entry.place.line


def _fields(plan: Plan) -> Iterator[tuple[str, int]]:
    for statement in plan.statements:
        if statement.kind in {Kind.FIELD, Kind.ITEM} and _WORD.match(statement.key):
            for piece in _SPLIT.split(statement.text):
                name = _NOTE.sub("", piece).strip()
                if name and len(name.split()) == 1:
                    yield name, statement.place.line
