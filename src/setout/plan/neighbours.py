"""What lies beside a plan and may speak where it is silent: spec.md, research.md, and the project's constitution.

Only what is decided or demanded there counts, and nothing of a constitution that nobody has filled in. The files are
untrusted: each must be a regular file inside the project, of a bounded size; any other is as good as not there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from setout.errors import PlanError
from setout.model import Kind, Plan, Statement, Zone
from setout.plan import outline, source, terms, zones

_SIZE_LIMIT = 1024 * 1024
_MARKERS = (".specify", ".specops", ".git")
# In a repository that setout delivered the recorded answers speak, and some of these documents are our own.
_DELIVERED = ".copier-answers.yml"
_DECISION = re.compile(r"^(?:final )?(?:decision|chosen|choice|selected|selection|verdict|conclusion|outcome)\b", re.I)
_OBLIGES = re.compile(
    r"\b(?:must|shall|required|mandatory|muss|müssen|doit|doivent|debe[n]?|deve[m]?|dev(?:e|ono))\b|必须|必須|해야",
    re.I,
)
_NEGLECTED = re.compile(r"\b(?:must|shall) not\b|NEEDS? CLARIFICATION", re.I)
_ASSUMED = re.compile(r"assumption|constraint|dependenc|clarification", re.I)
_ANSWER = re.compile(r"^Q:.*?(?:→|->|=>)\s*A:\s*", re.I | re.S)
_UNFILLED = re.compile(r"\[[A-Z][A-Z0-9]*_[A-Z0-9_]+\]")

Filter = Callable[[Statement], bool]


def beside(plan_file: Path) -> tuple[Plan, ...]:
    """The neighbours of a plan.md, the one that knows most of this feature first; none of a plan by another name."""
    if plan_file.name != "plan.md":
        return ()
    root = _root(plan_file.resolve().parent)
    folder = plan_file.resolve().parent
    if (root / _DELIVERED).exists():
        return ()
    return tuple(
        _plan(text, counts)
        for file, counts in (
            (folder / "research.md", _is_decided),
            (folder / "spec.md", _is_specified),
            (root / ".specify" / "memory" / "constitution.md", _is_demanded),
            (root / ".specops" / "memory" / "constitution.md", _is_demanded),
        )
        if (text := _text(file, root)) and not (counts is _is_demanded and _UNFILLED.search(text.text))
    )


def _root(folder: Path) -> Path:
    """The nearest directory above that is a project; without any, nothing outside the plan's own directory counts."""
    names = (*_MARKERS, _DELIVERED)
    return next(
        (above for above in (folder, *folder.parents) if any((above / name).exists() for name in names)), folder
    )


def _text(file: Path, root: Path) -> source.Source | None:
    try:
        if not file.resolve().is_relative_to(root) or not file.is_file():
            return None
        with file.open("rb") as stream:
            data = stream.read(_SIZE_LIMIT + 1)
        name = file.relative_to(root).as_posix()
        return source.decode(name, data) if len(data) <= _SIZE_LIMIT else None
    except (OSError, ValueError, RuntimeError, PlanError):  # unreadable, a loop of links, binary, empty
        return None


def _plan(text: source.Source, counts: Filter) -> Plan:
    """The document as if it were a plan that says only what counts; its trees build nothing."""
    kept = tuple(_kept(zones.place_all(outline.outline(text)), counts))
    return Plan(
        path=text.path,
        dialect="",
        title="",
        feature="",
        summary="",
        statements=kept,
        entries=(),
        documents=(),
        mentions=terms.mentions(kept),
        rows=(),
        gates=(),
        structure_decision="",
    )


def _kept(statements: tuple[Statement, ...], counts: Filter) -> Iterator[Statement]:
    for statement in statements:
        is_text = statement.kind not in {Kind.CODE, Kind.HEADING}
        if is_text and counts(statement) and not _NEGLECTED.search(statement.text):
            # Said on purpose and for the whole feature, it weighs as much as what a plan says in its title.
            yield replace(statement, text=_ANSWER.sub("", statement.text), zone=Zone.TITLE)


def _is_decided(statement: Statement) -> bool:
    """Of research only its decisions count; the rest weighs one thing against another."""
    return bool(_DECISION.match(statement.key) or (statement.section and _DECISION.match(statement.section[-1])))


def _is_specified(statement: Statement) -> bool:
    return _is_demanded(statement) or any(_ASSUMED.search(title) for title in statement.section[1:])


def _is_demanded(statement: Statement) -> bool:
    return bool(_OBLIGES.search(statement.text))
