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
_ONLY_EDITS = re.compile(
    r"\bno (?:new|additional) (?:source |terraform |yaml |infrastructure )?files\b(?! (?:in|under|outside|at)\b)|"
    rf"\b(?:modif\w+|edit\w*|chang\w+|updat\w+|touch\w*) (?:to |of )?(?:the )?existing {_WHAT}[^.;\n]{{0,60}}\bonly\b|"
    rf"\bonly (?:modif\w+|edits?|changes?|updates?|touches)(?: to)? (?:the )?existing {_WHAT}|"
    rf"\bonly existing (?:[\w-]+ ){{0,2}}(?:files|manifests|modules|charts|templates)\b|"
    rf"\bkeep (?:the |all )?changes? (?:inside|within) (?:the )?existing {_WHAT}|"
    r"\bchanges?(?: are| stay)? (?:strictly )?(?:kept |constrained |limited |confined |restricted |isolated |scoped )"
    rf"(?:to|inside|within) (?:the )?existing {_WHAT}|"
    r"\b(?:changes|work) (?:are|is) (?:purely |only )?(?:[\w-]+ ){0,2}(?:edits|deletions|patches|in-place changes)\b",
    re.I,
)
_EDITS = re.compile(
    r"(?<![\w-])(?:update|modify|edit|extend|change|adjust|patch|refactor)(?:s|ing)? (?:only |the |existing )*$", re.I
)
_JOINT = re.compile(r"^\s*(?:,|,? and|&|\+)\s*$")


def settle(entries: tuple[Entry, ...], statements: tuple[Statement, ...]) -> tuple[Entry, ...]:
    """The entries without a mark of their own are edited where the plan says so of them, or of everything."""
    if any(statement.zone is Zone.TITLE and _FIX.search(statement.text) for statement in statements):
        return tuple(_changed(entry) for entry in entries)
    told = [statement for statement in statements if _speaks(statement)]
    if any(_ONLY_EDITS.search(" ".join(statement.text.split())) for statement in told):
        return tuple(_changed(entry) for entry in entries)
    edited = {path for statement in told for path in _edited(statement.text)}
    return tuple(_changed(entry) if entry.path in edited else entry for entry in entries)


def _changed(entry: Entry) -> Entry:
    return replace(entry, mark=Mark.CHANGED) if entry.mark is Mark.NONE else entry


def _speaks(statement: Statement) -> bool:
    """Where a plan says what its change is; single steps of it may update what an earlier step has made."""
    return statement.zone in {Zone.SUMMARY, Zone.CONTEXT} or statement.key == "structure_decision"


def _edited(text: str) -> list[str]:
    """The paths that follow upon a verb of editing, and those joined to them: "Update a.yaml and b.yaml"."""
    found, last = list[str](), -1
    for match in PATH.finditer(text):
        follows = bool(found) and last >= 0 and bool(_JOINT.match(text[last : match.start()]))
        is_edited = follows or bool(_EDITS.search(text, max(0, match.start() - 40), match.start()))
        last = match.end() if is_edited else -1
        found += [match.group().rstrip("./")] if is_edited else []
    return found
