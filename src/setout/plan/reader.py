"""A plan file to a Plan: source, outline, zones, trees, terms and questions, in that order."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import groupby
from pathlib import Path

from setout.model import Entry, Gate, Kind, Plan, Row, Statement, Zone
from setout.plan import directory, edits, neighbours, outline, paths, questions, source, tables, terms, zones

_TITLE = re.compile(
    r"^(?:feature )?implementation plan\s*[:：—–-]\s*|\s*[·—–-]\s*implementation plan$|"
    r"^(?:architecture )?plan\s*[:：]\s*",
    re.I,
)
_FEATURE = re.compile(r"\d{3,}-[a-z0-9][a-z0-9._-]*", re.I)
_IAC_FIELDS = re.compile(
    r"^[ \t]{0,20}[-*]?[ \t]{0,20}\*\*(?:IaC Tool|Environment Strategy|Target Environments)\b", re.M
)
_PASSED = re.compile(r"✅|☑|✔|\bpass(?:ed|es)?\b|\bcompliant\b|\bok\b", re.I)
_FAILED = re.compile(r"❌|✗|\bfail(?:ed|s)?\b|\bviolat", re.I)


def read(path: Path) -> Plan:
    """Read the plan at `path`, and what lies beside it.

    Raises:
        PlanError: what `setout.plan.source.load` cannot take.
    """
    return replace(parse(source.load(path)), neighbours=neighbours.beside(path))


def parse(text: source.Source) -> Plan:
    """Read a plan that is already text."""
    statements = tables.with_fields(zones.place_all(outline.outline(text)))
    trees = edits.settle(directory.entries(statements), statements)
    documents = tuple(entry for entry in trees if _is_document(entry))
    title = _title(statements)
    return Plan(
        path=text.path,
        dialect=_dialect(text.text, statements),
        title=title,
        feature=_feature(text.path, statements, documents),
        summary=_summary(statements),
        statements=statements,
        entries=tuple(entry for entry in trees if not _is_document(entry)),
        documents=documents,
        mentions=terms.mentions(statements),
        rows=_rows(statements),
        gates=_gates(statements),
        structure_decision=" ".join(s.text for s in statements if s.key == "structure_decision"),
        questions=questions.questions(statements),
        named=paths.named(statements),
    )


def _is_document(entry: Entry) -> bool:
    titles = " ".join(entry.section[-1:]).lower()
    return entry.parts[0] in {"specs", ".specify", ".specops"} or titles.startswith("documentation")


def _title(statements: tuple[Statement, ...]) -> str:
    heading = next((s.text for s in statements if s.kind is Kind.HEADING), "")
    bare = _TITLE.sub("", heading).strip()
    return "" if questions.is_placeholder(bare) else bare


def _summary(statements: tuple[Statement, ...]) -> str:
    prose = (s.text for s in statements if s.zone is Zone.SUMMARY and s.kind in {Kind.PROSE, Kind.FIELD})
    first = next((" ".join(text.split()) for text in prose if not _is_unwritten(text)), "")
    return first if len(first) <= 500 else first[:500].rsplit(" ", 1)[0] + " …"


def _is_unwritten(text: str) -> bool:
    """A placeholder of the template, or nothing but a remark in brackets."""
    return questions.is_placeholder(text) or bool(re.fullmatch(r"\s*\[[^\[\]]*\]\s*", text))


def _feature(path: str, statements: tuple[Statement, ...], documents: tuple[Entry, ...]) -> str:
    """The feature directory's name: from the branch, from the documentation tree, or from where the plan lies."""
    branches = (s.text.strip("[]` ") for s in statements if s.key == "branch" and s.kind is Kind.FIELD)
    folders = (entry.parts[1] for entry in documents if len(entry.parts) > 1 and entry.parts[0] == "specs")
    for candidate in (*branches, *folders, Path(path).resolve().parent.name):
        match = _FEATURE.search(candidate)
        if match:
            return match.group()[:80].rstrip(".-").lower()
    return ""


def _rows(statements: tuple[Statement, ...]) -> tuple[Row, ...]:
    cells = (s for s in statements if s.kind is Kind.CELL)
    grouped = groupby(cells, key=lambda s: (s.table, s.row))
    found = []
    for (table, _), group in grouped:
        row = list(group)
        found.append(Row({s.key: s.text for s in row}, row[0].place, row[0].section, table))
    return tuple(found)


def _gates(statements: tuple[Statement, ...]) -> tuple[Gate, ...]:
    gates = [
        Gate(s.text.split("\n", 1)[0], s.ticked, s.place)
        for s in statements
        if s.zone is Zone.GATES and s.ticked is not None
    ]
    cells = [s for s in statements if s.zone is Zone.GATES and s.kind is Kind.CELL]
    for _, group in groupby(cells, key=lambda s: (s.table, s.row)):
        row = list(group)
        gates.append(Gate(row[0].text, _verdict(" ".join(s.text for s in row[1:])), row[0].place))
    return tuple(sorted(gates, key=lambda gate: gate.place))


def _verdict(text: str) -> bool | None:
    if _FAILED.search(text):
        return False
    return True if _PASSED.search(text) else None


def _dialect(text: str, statements: tuple[Statement, ...]) -> str:
    """Which planning tool's template this is: specops, iac, sp, old, speckit or freeform."""
    fields = {s.key for s in statements if s.kind is Kind.FIELD}
    headings = {s.text.lower() for s in statements if s.kind is Kind.HEADING}
    if "/iac." in text or "principles check" in headings or _IAC_FIELDS.search(text):
        return "iac"
    if "/specops." in text or ({"cloud", "tools"} <= fields and "language" not in fields):
        return "specops"
    if "/sp.plan" in text or "/sp.tasks" in text:
        return "sp"
    if "execution flow" in text.lower():
        return "old"
    is_stock = {"technical context", "constitution check"} <= headings and bool({"branch", "spec"} & fields)
    return "speckit" if {"language", "platform"} & fields or "/speckit" in text or is_stock else "freeform"
