"""What the heading above, the column or the field says of everything in it: options, prospects, what is there."""

from __future__ import annotations

import re

from setout.model import Kind, Sense, Statement

_SECTIONS = (
    (
        Sense.ALTERNATIVE,
        re.compile(r"\b(?:vs|versus|alternatives?|options? (?:considered|evaluated)|comparison|rejected)\b", re.I),
    ),
    (
        Sense.FUTURE,
        re.compile(
            r"next steps|\bfuture\b|out[- ]of[- ]scope|not in scope|roadmap|non-goals|later (?:phase|stage)s?|deferred|"
            r"follow-?ups?\b|stretch goals?|post-mvp",
            re.I,
        ),
    ),
    (
        Sense.EXISTING,
        re.compile(
            r"prerequisites?\b|\bexisting\b|current (?:state|setup|architecture|structure|layout)|\bas-is\b", re.I
        ),
    ),
)
_KEYS = (
    (Sense.MENTIONED, re.compile(r"^(?:external|third[- ]party) (?:services?|systems?|storage|apis?)", re.I)),
    (Sense.ALTERNATIVE, re.compile(r"alternative|rejected|considered|why not|\bvs\b", re.I)),
    (Sense.FUTURE, re.compile(r"^(?:future|later|next|out of scope|deferred|phase [2-9])", re.I)),
    (
        Sense.EXISTING,
        re.compile(
            r"^(?:current|existing|before|today|old|as-is|prerequisites?)\b",
            re.I,
        ),
    ),
)
_VERDICT = re.compile(r"^(?:decision|choice|chosen|selected|recommendation|verdict|result)\b", re.I)


def in_surroundings(statement: Statement) -> Sense:
    """The sense that the place gives a term; a field that names the decision stands above the comparison."""
    if statement.kind is Kind.FIELD and _VERDICT.match(statement.key):
        return Sense.ASSERTED
    for sense, pattern in _KEYS:
        if statement.key and pattern.search(statement.key):
            return sense
    return of_titles((*statement.section[1:], *([statement.text] if statement.kind is Kind.HEADING else [])))


def of_titles(titles: tuple[str, ...]) -> Sense:
    """What the headings say, the innermost first."""
    found = (sense for title in reversed(titles) for sense, pattern in _SECTIONS if pattern.search(title))
    return next(found, Sense.ASSERTED)
