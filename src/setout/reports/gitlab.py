"""GitLab's code quality report: a list of findings, each with a fingerprint by which merge requests compare them."""

from __future__ import annotations

import json
from typing import Any

from setout.fingerprints import fingerprint
from setout.model import Finding, Result, Severity, Validation
from setout.reports import by_file, from_here, sentence

_SEVERITY = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.INFO: "info"}


def validation(value: Validation, *, color: bool = False) -> str:  # noqa: ARG001 - every format takes it
    found = [_finding(finding, value.root) for _, group in by_file(value.findings) for finding in group]
    # The report knows findings only; an empty one would say that all is well.
    unlooked = [_unlooked(result, value.root) for result in value.gaps]
    return json.dumps(found + unlooked, indent=2, ensure_ascii=False)


def _finding(finding: Finding, root: str) -> dict[str, Any]:
    place = _place(from_here(root, finding.path), finding.line)
    return _entry(sentence(finding), finding.rule, finding.fingerprint, _SEVERITY[finding.severity], place)


def _unlooked(result: Result, root: str) -> dict[str, Any]:
    name = fingerprint(result.title, result.target, result.reason)
    place = _place(from_here(root, result.target), 1)
    return _entry(f"{result.title} {result.target}: {result.reason}", "setout/not-looked-at", name, "critical", place)


def _entry(description: str, check: str, name: str, severity: str, place: dict[str, Any]) -> dict[str, Any]:
    return {
        "description": description,
        "check_name": check,
        "fingerprint": name,
        "severity": severity,
        "location": place,
    }


def _place(path: str, line: int) -> dict[str, Any]:
    return {"path": path, "lines": {"begin": max(line, 1)}}
