"""JUnit XML for test reports: each check of each target is a test case, grouped by program and what it was asked."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

from junitparser import Error, Failure, JUnitXml, Skipped, TestCase, TestSuite

from setout.model import Finding, Result, Status, Validation
from setout.reports import by_file, from_here


def validation(value: Validation, *, color: bool = False) -> str:  # noqa: ARG001 - every format takes it
    cases: dict[str, list[TestCase]] = {}
    for result in value.results:
        cases.setdefault(result.title, []).append(_case(result, value.root))
    report = JUnitXml("setout validate")
    for title, group in cases.items():
        suite = TestSuite(title)
        suite.add_testcases(group)
        report += suite
    written = BytesIO()
    report.write(written)
    return written.getvalue().decode("utf-8")


def _case(result: Result, root: str) -> TestCase:
    case = TestCase(_clean(from_here(root, result.target)), _clean(result.title), result.seconds)
    listed = _clean("\n".join(_lines(result.findings, root)))
    if result.status is Status.FAILED:
        outcome = Failure(_clean(_headline(result)))
        outcome.text = listed or _clean(result.reason)
        case.result = [outcome]
    elif result.status is Status.MISSING:
        case.result = [Error(_clean(result.reason))]
    elif result.status is Status.SKIPPED:
        case.result = [Skipped(_clean(result.reason))]
    if listed and result.status is not Status.FAILED:
        case.system_out = listed
    return case


def _headline(result: Result) -> str:
    """The worst finding, and how many there are besides."""
    if not result.findings:
        return result.reason
    worst = min(result.findings, key=lambda finding: finding.severity.rank)
    more = len(result.findings) - 1
    return worst.message + (f" (and {more} more)" if more else "")


def _lines(findings: Sequence[Finding], root: str) -> list[str]:
    return [
        f"{from_here(root, path)}:{finding.line}: {finding.severity.value}: {finding.message} [{finding.rule}]\n"
        f"    {finding.remedy}"
        for path, group in by_file(findings)
        for finding in group
    ]


def _clean(text: str) -> str:
    """Without the characters that XML 1.0 has no way to write; programs and file names may hold any."""
    return "".join(letter if letter in "\t\n" or letter.isprintable() else " " for letter in text)
