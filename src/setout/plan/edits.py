"""Whether a plan says of its change as a whole that it only edits what is there, and which files it says it edits."""

from __future__ import annotations

import re
from dataclasses import replace

from setout.model import Entry, Mark, Statement, Zone
from setout.plan.paths import PATH

# The existing layout, or the existing cluster, is where new files go; existing modules and manifests are edited.
_PLACES = (
    r"structure|layout|repositor|director|folder|convention|pattern|tree|cluster\b(?! (?:modules|manifests|files))"
)
_WHAT = rf"(?!(?:[\w-]+ ){{0,4}}(?:{_PLACES}))"
_FIX = re.compile(r"^(?:(?:feature )?implementation plan\s*[:：—–-]\s*)?(?:bug ?|hot)?fix(?:es|ing)?:?\s", re.I)
_FILES = r"(?:files|manifests|modules|charts|templates)"
_ONLY_EDITS = re.compile(
    "|".join(
        (
            r"\bno (?:new|additional) (?:source |terraform |yaml )?files\b(?! (?:in|under|outside|at)\b)",
            rf"\b(?:modif|edit|chang|updat|touch)\w* (?:to |of )?(?:the )?existing {_WHAT}[^.;\n]{{0,60}}\bonly\b",
            rf"\bonly (?:modif\w+|edits?|changes?|updates?|touches)(?: to)? (?:the )?existing {_WHAT}",
            rf"\bonly existing (?:[\w-]+ ){{0,2}}{_FILES}\b",
            rf"\bkeep (?:the |all )?changes? (?:inside|within) (?:the )?existing {_WHAT}",
            r"\bchanges?(?: are| stay)? (?:strictly )?(?:kept|constrained|limited|confined|restricted|isolated) "
            rf"(?:to|inside|within) (?:the )?existing {_WHAT}",
            r"\b(?:changes|work) (?:are|is) (?:purely |only )?(?:[\w-]+ ){0,2}(?:edits|deletions|patches)\b",
        )
    ),
    re.I,
)
# Only what is there has consumers, and an interface to preserve.
_CONSUMERS = re.compile(
    r"\bbackwards?[- ]compatib|\bexisting (?:consumers|callers)\b|\b(?:keep|preserv)\w* (?:[\w-]+ ){0,4}interfaces?\b",
    re.I,
)
_MODULE = re.compile(r"\b(?:modules?|charts?)\b", re.I)
# "Single module refactoring", "chart enhancement": what one refactors or enhances is there.
_WORK = re.compile(
    r"\b(?:module|chart|manifests?|configuration|in-place) (?:refactor(?:ing)?|enhancement|bug ?fix|clean-?up)\b", re.I
)
_EDITS = re.compile(
    r"(?<![\w-])(?:update|modify|edit|extend|change|adjust|patch|refactor|migrate|harden|widen)(?:s|ing)? "
    r"(?:only |the |existing )*$",
    re.I,
)
_JOINT = re.compile(r"^\s*(?:,|,? and|&|\+)\s*$")


def settle(entries: tuple[Entry, ...], statements: tuple[Statement, ...]) -> tuple[Entry, ...]:
    """The entries without a mark of their own are edited where the plan says so of them, or of everything."""
    told = [statement for statement in statements if _speaks(statement)]
    if any(_only_edits(statement) for statement in told):
        return tuple(_changed(entry) for entry in entries)
    if _has_consumers(told):  # which tells less of each file
        return tuple(replace(entry, mark=Mark.EXISTING) if entry.mark is Mark.NONE else entry for entry in entries)
    edited = {path for statement in told for path in _edited(statement.text)}
    return tuple(_changed(entry) if _is_in(entry, edited) else entry for entry in entries)


def _only_edits(statement: Statement) -> bool:
    text = " ".join(statement.text.split())
    if statement.zone is Zone.TITLE:
        return bool(_FIX.search(text))
    return bool(_ONLY_EDITS.search(text)) or (statement.key == "project_type" and bool(_WORK.search(text)))


def _has_consumers(told: list[Statement]) -> bool:
    """Whether the plan is of a module or chart that others use already, and keeps it as they know it."""
    is_module = any(s.key == "project_type" and _MODULE.search(s.text) for s in told)
    return is_module and any(_CONSUMERS.search(" ".join(s.text.split())) for s in told)


def _is_in(entry: Entry, edited: set[str]) -> bool:
    """Whether the entry is one of these paths, or lies in one."""
    return any("/".join(entry.parts[:depth]) in edited for depth in range(1, len(entry.parts) + 1))


def _changed(entry: Entry) -> Entry:
    return replace(entry, mark=Mark.CHANGED) if entry.mark is Mark.NONE else entry


def _speaks(statement: Statement) -> bool:
    """Where a plan says what its change is; single steps of it may update what an earlier step has made."""
    return statement.zone in {Zone.TITLE, Zone.SUMMARY, Zone.CONTEXT} or statement.key == "structure_decision"


def _edited(text: str) -> list[str]:
    """The paths that follow upon a verb of editing, and those joined to them: "Update a.yaml and b.yaml"."""
    found, last = list[str](), -1
    for match in PATH.finditer(text):
        follows = bool(found) and last >= 0 and bool(_JOINT.match(text[last : match.start()]))
        is_edited = follows or bool(_EDITS.search(text, max(0, match.start() - 40), match.start()))
        last = match.end() if is_edited else -1
        found += [match.group().rstrip("./")] if is_edited else []
    return found
