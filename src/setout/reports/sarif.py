"""SARIF 2.1.0 for code scanning: every finding under its rule, and what could not be looked at as a notification."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from setout import __version__
from setout.errors import DRIFT, GOOD
from setout.model import Finding, Outcome, Result, Severity, Validation
from setout.reports import by_file, from_here, sentence

if TYPE_CHECKING:
    from setout.pipeline import Reading
    from setout.upkeep.drift import Drift

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVEL = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_UNLOOKED = {"id": "setout/not-looked-at", "shortDescription": {"text": "Something could not be looked at"}}
_NOTHING = {"id": "setout/nothing-to-deliver", "shortDescription": {"text": "The plan asks for nothing to deliver"}}


def readings(values: Sequence[Reading], *, color: bool = False) -> str:  # noqa: ARG001 - every format takes it
    """One run over all plans; the open questions are its results."""
    findings = [finding for value in values for finding in value.findings]
    said = [
        _notification(_NOTHING, "note", value.decision.reason, value.plan.path)
        for value in values
        if value.decision.outcome is Outcome.NONE
    ]
    invocation = {"executionSuccessful": True, "exitCode": GOOD, "toolExecutionNotifications": said}
    return _log("read", findings, "", invocation, _NOTHING)


def validation(value: Validation, *, color: bool = False) -> str:  # noqa: ARG001
    """One run; it was successful only if everything was looked at."""
    said = [_notification(_UNLOOKED, "error", _unlooked(result)) for result in value.gaps]
    invocation = {
        "executionSuccessful": not said and any(result.checked for result in value.results),
        "exitCode": value.exit_code,
        "toolExecutionNotifications": said,
    }
    return _log("validate", value.findings, value.root, invocation, _UNLOOKED)


def drift(value: Drift, *, color: bool = False) -> str:  # noqa: ARG001
    """One run; everything in which the repository has drifted and that nobody has accepted."""
    code = GOOD if value.is_none else DRIFT
    invocation = {"executionSuccessful": True, "exitCode": code, "toolExecutionNotifications": []}
    return _log("drift", value.findings, value.root, invocation, _UNLOOKED)


def _log(command: str, findings: Iterable[Finding], root: str, invocation: Any, notification: Any) -> str:
    ordered = [finding for _, group in by_file(findings) for finding in group]
    rules = _rules(ordered)
    places = {rule["id"]: number for number, rule in enumerate(rules)}
    driver = {"name": "setout", "version": __version__, "rules": rules, "notifications": [notification]}
    run = {
        "tool": {"driver": driver},
        "automationDetails": {"id": f"setout/{command}/"},
        "invocations": [invocation],
        "columnKind": "unicodeCodePoints",
        "results": [_result(finding, places[finding.rule], root) for finding in ordered],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2, ensure_ascii=False)


def _rules(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Every rule that found something, described by the first of its findings."""
    first: dict[str, Finding] = {}
    for finding in findings:
        first.setdefault(finding.rule, finding)
    return [
        {
            "id": rule,
            "shortDescription": {"text": finding.about or _spoken(rule)},
            "help": {"text": finding.remedy or "see the message"},
            "defaultConfiguration": {"level": _LEVEL[finding.severity]},
        }
        for rule, finding in sorted(first.items())
    ]


def _spoken(rule: str) -> str:
    """`helm/idle-patch` for somebody who reads: a program's own complaint needs no more."""
    tool, _, kind = rule.partition("/")
    return f"{tool}: {kind.replace('-', ' ')}" if kind else tool


def _result(finding: Finding, rule: int, root: str) -> dict[str, Any]:
    # GitHub takes no result without a line; what concerns a whole file is shown at its first.
    region = {"startLine": max(finding.line, 1)}
    place = {"artifactLocation": _artifact(root, finding.path), "region": region}
    return {
        "ruleId": finding.rule,
        "ruleIndex": rule,
        "level": _LEVEL[finding.severity],
        "message": {"text": sentence(finding)},
        "locations": [{"physicalLocation": place}],
        "partialFingerprints": {"setout/v1": finding.fingerprint},
    }


def _artifact(root: str, path: str) -> dict[str, str]:
    """Relative to the checkout, whose place is nobody's business; a plan from elsewhere keeps its whole path."""
    seen = from_here(root, path)
    if PurePath(seen).is_absolute():
        return {"uri": PurePath(seen).as_uri()}
    return {"uri": quote(os.fsencode(seen)), "uriBaseId": "%SRCROOT%"}


def _unlooked(result: Result) -> str:
    return f"{result.title} {result.target}: {result.reason}"


def _notification(descriptor: dict[str, Any], level: str, text: str, path: str = "") -> dict[str, Any]:
    said: dict[str, Any] = {
        "descriptor": {"id": descriptor["id"], "index": 0},
        "level": level,
        "message": {"text": text},
    }
    if path:
        said["locations"] = [{"physicalLocation": {"artifactLocation": _artifact("", path)}}]
    return said
