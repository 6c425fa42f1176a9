"""What a repository has become, written back into its plan between markers: directories, decisions, results."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from setout import git
from setout.errors import UserError
from setout.model import JSON, Kind, Plan, Result, Statement, Status, Validation, Zone
from setout.plan import markers
from setout.plan.page import Page
from setout.upkeep.repository import Repository

_DEPTH = 3  # directories below each other; deeper ones say what a module or a chart looks like, not what is built
_LEFT_OUT = ("specs",)
_WORST = (Status.FAILED, Status.MISSING, Status.PASSED, Status.SKIPPED)
_LABELS = {
    "terraform": "Terraform", "kubernetes": "Kubernetes", "argocd": "Argo CD", "helm-chart": "Helm chart",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Synced:
    """What a synchronisation did, or would do: the plan, and the blocks that were not as they should be."""

    plan: Path
    stale: tuple[str, ...]
    written: bool


def sync(repo: Repository, validation: Validation | None, *, check: bool = False) -> Synced:
    """Write tree, decisions and, if given, results into the repository's plan; nothing outside the markers changes.

    Args:
        validation: what the checks say of the repository; without it the block with their results stays as it is.
        check: only say whether the blocks are stale.

    Raises:
        UserError: there is no plan, or its markers are broken, or the blocks cannot be put in without changing what
            the plan says.
    """
    if repo.plan is None:
        raise UserError(f"{repo.root}: there is no plan to write into", "it belongs to specs/<feature>/plan.md")
    blocks = {"tree": _tree(git.listed(repo.root)), "decision": _decision(repo.answers)}
    if validation:
        blocks["gates"] = _gates(validation)
    page = Page.open(repo.plan)
    text, stale = page.text, []
    for name, content in blocks.items():
        new = _put(page, text, name, content)
        stale += [name] if new != text else []
        text = new
    _check_same(page, text)
    if stale and not check:
        page.write(text)
    return Synced(repo.plan, tuple(stale), bool(stale) and not check)


def _put(page: Page, text: str, name: str, content: str) -> str:
    """The text with the block in its place, or at the end of the section where it belongs."""
    try:
        found = markers.replaced(text, name, content)
    except markers.Broken as error:
        raise UserError(f"{page.file}:{error.line}: {error}", "take the broken block out; it is written anew") from None
    if found is not None:
        return found
    lines = text.split("\n")
    place = _place(page, text, name)
    while place and not lines[place - 1].strip():
        place -= 1
    after = lines[place:] if "".join(lines[place:]).strip() else [""]
    gap = [] if after == [""] or not after[0].strip() else [""]
    return "\n".join([*lines[:place], "", *markers.block(name, content).split("\n"), *gap, *after])


def _place(page: Page, text: str, name: str) -> int:
    """How many lines stand before a new block: behind its neighbour, else at the end of its section, else of all."""
    neighbour = {"decision": "tree"}.get(name, "")
    lines = text.split("\n")
    closing = f"<!-- /setout:{neighbour} -->"
    if neighbour and closing in map(str.rstrip, lines):
        return [line.rstrip() for line in lines].index(closing) + 1
    zone = Zone.GATES if name == "gates" else Zone.STRUCTURE
    headings = [s for s in page.parse(text).statements if s.kind is Kind.HEADING]
    for number, heading in enumerate(headings):
        if heading.zone is zone and heading.key != "h1":
            return _end(headings[number:], len(lines))
    return len(lines)


def _end(headings: Sequence[Statement], last: int) -> int:
    """The line before the next heading that is not below the first of these."""
    own = headings[0].key
    return next((heading.place.line - 1 for heading in headings[1:] if heading.key <= own), last)


def _check_same(page: Page, text: str) -> None:
    """Refuse where the blocks would change what is read: the section may end in a fence that is never closed."""
    before, after = (_said(page.parse(each)) for each in (page.text, text))
    if before != after:
        raise UserError(
            f"{page.file}: the plan would be read otherwise with the blocks in it",
            "close fences and comments before the end of each section, or place the markers by hand",
        )


def _said(plan: Plan) -> list[tuple[Kind, str, str]]:
    return [(statement.kind, statement.key, statement.text) for statement in plan.statements]


def _tree(files: Iterable[str]) -> str:
    """The directories that are there, as a picture."""
    folders = {tuple(path.split("/")[:-1][:_DEPTH]) for path in files}
    known = {folder[:depth] for folder in folders for depth in range(1, len(folder) + 1)}
    shown = sorted(folder for folder in known if not folder[0].startswith(".") and folder[0] not in _LEFT_OUT)
    roots = "\n\n".join("\n".join(_drawn(list(group))) for _, group in groupby(shown, key=lambda folder: folder[0]))
    return f"The directories that are there:\n\n```text\n{roots}\n```"


def _drawn(folders: Sequence[tuple[str, ...]]) -> Iterator[str]:
    yield f"{folders[0][0]}/"
    yield from _branches(folders[0], folders, "")


def _branches(parent: tuple[str, ...], folders: Sequence[tuple[str, ...]], indent: str) -> Iterator[str]:
    children = [folder for folder in folders if folder[:-1] == parent]
    for child in children:
        is_last = child == children[-1]
        yield f"{indent}{'└── ' if is_last else '├── '}{child[-1]}/"
        yield from _branches(child, folders, indent + ("    " if is_last else "│   "))


def _decision(answers: Mapping[str, JSON]) -> str:
    """The structure that was delivered, and every decision with its reason, as the answers record them."""
    parts = [_LABELS.get(str(name), str(name)) for name in answers.get("blueprints") or ()]
    head = f"**Structure as delivered**: {', '.join(parts) or 'nothing'} ({answers.get('structure', 'of its own')})"
    rows = [item for item in answers.get("decisions") or () if isinstance(item, dict)]
    table = [
        "| Decision | Value | Because |",
        "| --- | --- | --- |",
        *(f"| {_cell(row.get('field'))} | {_cell(row.get('value'))} | {_cell(row.get('because'))} |" for row in rows),
    ]
    return "\n".join([head, *(["", *table] if rows else [])])


def _gates(validation: Validation) -> str:
    """What the checks say, one row each: no times and no versions, which differ from machine to machine."""
    groups = groupby(sorted(validation.results, key=lambda result: result.title), key=lambda result: result.title)
    rows = [_row(title, list(group)) for title, group in groups]
    table = ["| Check | Outcome | Looked at | Findings |", "| --- | --- | ---: | ---: |", *rows]
    return "\n".join(["Results of `setout validate`:", "", *table])


def _row(title: str, results: Sequence[Result]) -> str:
    status = next(status for status in _WORST if any(result.status is status for result in results))
    checked, findings = sum(r.checked for r in results), sum(len(r.findings) for r in results)
    return f"| {_cell(title)} | {status.value} | {checked} | {findings} |"


def _cell(value: object) -> str:
    """Text of a plan in a table of a plan: it ends neither the cell, nor the row, nor the block."""
    text = " ".join(str(value or "none").split())
    return text.replace("\\", "\\\\").replace("|", "\\|").replace("<!--", "&lt;!--").replace("-->", "--&gt;")
