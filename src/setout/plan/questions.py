"""What a plan leaves open: marks for clarification, unfilled placeholders, left-over option labels."""

from __future__ import annotations

import re
from collections.abc import Iterator

from setout.model import Kind, Place, Question, Statement, Zone

_CLARIFY = re.compile(r"NEEDS?[ _-](?:USER[ _-])?(?:CLARIFICATION|INPUT|DECISION)(?:\s*:\s*(?P<what>[^\]\n]*))?", re.I)
_NEGATED = re.compile(r"\b(?:no|none|zero|without|all|resolve[sd]?|0)\b[^.\n]{0,40}$", re.I)
_PLACEHOLDER = re.compile(
    r"^\[(?:e\.g\.|if applicable|domain-specific|feature|date|link|###|extract|list |notes?\]|component\]|document |"
    r"gates |single/web|single-region/|helm-first with|current need|specific |why )[^\]]*\]?",
    re.I,
)
_OPTION = re.compile(r"^#?\s*\[?(?:REMOVE IF UNUSED\]?\s*)?Option\s+\d+\s*:", re.I)


def questions(statements: tuple[Statement, ...]) -> tuple[Question, ...]:
    """Every open question of the document, in its order; none has a default yet."""
    return tuple(question for statement in statements for question in _of(statement))


def is_placeholder(text: str) -> bool:
    """Whether a value is what the template had there, not what a person wrote."""
    return bool(_PLACEHOLDER.match(text.strip()))


def _of(statement: Statement) -> Iterator[Question]:
    if statement.kind is Kind.CODE:
        yield from _options(statement)
    elif is_placeholder(statement.text):
        yield Question(_field(statement), statement.place, f"{_name(statement)} still holds the template's placeholder")
    else:
        yield from _clarifications(statement)


def _clarifications(statement: Statement) -> Iterator[Question]:
    if statement.zone is Zone.GATES and statement.kind is not Kind.FIELD:
        return  # "no NEEDS CLARIFICATION left" is what gates are about
    for match in _CLARIFY.finditer(statement.text):
        if _NEGATED.search(statement.text[: match.start()]):
            continue
        what = (match["what"] or "").strip() or f"{_name(statement)} needs clarification"
        yield Question(_field(statement), Place(statement.line_at(match.start())), what)


def _options(statement: Statement) -> Iterator[Question]:
    for number, line in enumerate(statement.text.split("\n")):
        if _OPTION.match(line.strip()):
            place = Place(statement.place.line + number)
            yield Question("structure", place, f"a label of the template is left over: {line.strip().lstrip('# ')}")


def _field(statement: Statement) -> str:
    return statement.key if statement.kind in {Kind.FIELD, Kind.ITEM, Kind.CELL} and statement.key else "plan"


def _name(statement: Statement) -> str:
    if statement.kind in {Kind.FIELD, Kind.CELL} and statement.key:
        return f"'{statement.key}'"
    return f"'{statement.section[-1]}'" if statement.section else "this line"
