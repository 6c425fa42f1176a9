"""GitHub Actions: the worst findings as annotations, and a summary in Markdown that has them all.

GitHub shows ten errors, ten warnings and ten notices of a step, and drops the rest without a word.
Source: "Limitations" of annotations in GitHub's documentation of workflow commands and check runs.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from setout.model import Finding, Result, Severity, Status, Validation
from setout.reports import by_file, from_here

if TYPE_CHECKING:
    from setout.pipeline import Reading
    from setout.upkeep.drift import Drift

_SHOWN = 10
_SUMMARY = 1_000_000  # a step's summary may have 1 MiB
_COMMAND = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def readings(values: Sequence[Reading], *, color: bool = False) -> str:  # noqa: ARG001 - every format takes it
    outcomes = (f"{value.plan.path}: {value.decision.outcome.value}: {value.decision.reason}" for value in values)
    said = [_escaped(f"setout read {outcome}") for outcome in outcomes]
    return "\n".join([*_annotations(_questions(values), ""), *said])


def validation(value: Validation, *, color: bool = False) -> str:  # noqa: ARG001
    unlooked = [_command("error", _unlooked(result), title="not looked at") for result in value.gaps]
    said = f"setout validate: {_counts(value)}"
    return "\n".join([*_annotations(value.findings, value.root, unlooked), said])


def drift(value: Drift, *, color: bool = False) -> str:  # noqa: ARG001
    return "\n".join([*_annotations(value.findings, value.root), f"setout drift: {_drifted(value)}"])


def readings_summary(values: Sequence[Reading]) -> str:
    """The step summary: what comes of every plan, and every open question."""
    outcomes = [
        f"- {_code(value.plan.path)}: **{value.decision.outcome.value}**, {_plain(value.decision.reason)}"
        for value in values
    ]
    return _fitted(["## setout read", "", *outcomes, ""], _table(_questions(values), ""))


def validation_summary(value: Validation) -> str:
    """The step summary: the counts, every check that did not pass, and every finding."""
    head = [f"## setout validate: {_counts(value)}", ""]
    troubled = [result for result in value.results if result.status in {Status.FAILED, Status.MISSING}]
    if troubled:
        head += ["| check | target | outcome | reason |", "| --- | --- | --- | --- |"]
        head += [
            f"| {_plain(result.title)} | {_code(result.target)} | {result.status.value} | {_plain(result.reason)} |"
            for result in troubled
        ]
        head.append("")
    return _fitted(head, [*_table(value.findings, value.root), *(f"\n{_plain(note)}" for note in value.notes)])


def drift_summary(value: Drift) -> str:
    """The step summary: how much has drifted, and all of it."""
    return _fitted([f"## setout drift: {_drifted(value)}", ""], _table(value.findings, value.root))


def _drifted(value: Drift) -> str:
    accepted = sum(item.accepted for item in value.files) + sum(item.accepted for item in value.contradictions)
    return f"{len(value.findings)} found, {accepted} accepted"


def _questions(values: Sequence[Reading]) -> list[Finding]:
    return [finding for value in values for finding in value.findings]


def _annotations(findings: Iterable[Finding], root: str, others: Sequence[str] = ()) -> list[str]:
    """As many as GitHub shows. Half of the errors are kept for what was not looked at, if there is so much of it."""
    ordered = [finding for _, group in by_file(findings) for finding in group]
    kept, rest = list[str](), 0
    for severity in Severity:
        same = [finding for finding in ordered if finding.severity is severity]
        reserved = min(len(others), _SHOWN // 2) if severity is Severity.ERROR else 0
        shown = [_annotation(finding, root) for finding in islice(same, _SHOWN - reserved)]
        if severity is Severity.ERROR:
            shown += others[: _SHOWN - len(shown)]
            rest += len(others)
        kept += shown
        rest += len(same) - len(shown)
    return kept + ([f"and {rest} more; the summary of this step has them all"] if rest else [])


def _annotation(finding: Finding, root: str) -> str:
    message = f"{finding.message}\n{finding.remedy}" if finding.remedy else finding.message
    path = from_here(root, finding.path)
    place = {"file": path, "line": str(max(finding.line, 1))} if path != "." else {}
    return _command(_COMMAND[finding.severity], message, **place, title=finding.rule)


def _command(name: str, message: str, **properties: str) -> str:
    """A workflow command. What is not escaped would end it, or begin another."""
    listed = ",".join(
        f"{key}={_escaped(value).replace(':', '%3A').replace(',', '%2C')}" for key, value in properties.items()
    )
    return f"::{name} {listed}::{_escaped(message)}"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _unlooked(result: Result) -> str:
    return f"{result.title} {result.target}: {result.reason}"


def _counts(value: Validation) -> str:
    return ", ".join(f"{value.count(status)} {status.value}" for status in Status)


def _table(findings: Iterable[Finding], root: str) -> list[str]:
    rows = [
        f"| {finding.severity.value} | {_code(f'{from_here(root, path)}:{finding.line}')} "
        f"| {_plain(finding.message)} ({_code(finding.rule)}) | {_plain(finding.remedy)} |"
        for path, group in by_file(findings)
        for finding in group
    ]
    return ["| | where | what | what to do |", "| --- | --- | --- | --- |", *rows] if rows else []


def _fitted(head: Sequence[str], rows: Sequence[str]) -> str:
    """As many rows as the summary may have, and how many were left out."""
    lines, size = list(head), sum(len(line.encode()) + 1 for line in head)
    for number, row in enumerate(rows):
        size += len(row.encode()) + 1
        if size > _SUMMARY:
            lines.append(f"\nand {len(rows) - number} more lines; `--report json=FILE` has them all")
            break
        lines.append(row)
    return "\n".join(lines) + "\n"


def _plain(text: str) -> str:
    """Words of the repository as words: no tag, no table cell, no link and no mention comes of them."""
    escaped = html.escape(" ".join(text.split()), quote=False)
    return "".join(f"\\{letter}" if letter in "\\`*_[]|#@~" else letter for letter in escaped)


def _code(text: str) -> str:
    """As code; entities, because neither backticks nor bars can be escaped in Markdown's own."""
    return f"<code>{html.escape(' '.join(text.split())).replace('|', '&#124;').replace('`', '&#96;')}</code>"
