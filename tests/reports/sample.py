"""A validation with one result of each kind, and with everything in its words that a format could trip over."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from setout import fingerprints, pipeline
from setout.model import Finding, Result, Severity, Status, Validation
from tests.conftest import PLANS

TEXT = 'resource "aws_vpc" "this" {\n  cidr_blok = var.cidr\n}\n'
WRONG = Finding("terraform/validate", "Unsupported argument: cidr_blok", "correct it", "modules/vpc/main.tf", 2)
WARNED = Finding("helm/lint", "icon is recommended", "give one", "charts/web/Chart.yaml", 0, Severity.WARNING)
HOSTILE = Finding(
    "secret/in-file",
    "100% of it,\r\nall: \x1b[31m<b>|`@all`</b>\n::stop-commands::x",
    "[red]mend[/] it",
    "a,b:c %2C \x1b[2Jdir/ä|`x`.yaml",
    7,
    about="No file holds a secret",
)
ABSENT = "is not there; get it with: setout tools install"


def result(
    status: Status, target: str, *findings: Finding, reason: str = "", title: str = "terraform validate"
) -> Result:
    tool, _, verb = title.partition(" ")
    checked = int(status in {Status.PASSED, Status.FAILED})
    return Result(tool, "1.11.4", target, status, checked, 0.25, reason, findings, verb)


def validation(*results: Result, root: str = "") -> Validation:
    """These results, marked as checks.check marks them."""
    marked = fingerprints.marked(results, [WRONG.path], lambda _: TEXT)
    return Validation(marked, ("vendor: left alone, vendored",), root)


EVERYTHING = validation(
    result(Status.PASSED, "live/dev"),
    result(Status.PASSED, "live/prod", WARNED, title="helm lint"),
    result(Status.FAILED, "modules/vpc", WRONG, HOSTILE),
    result(Status.FAILED, "modules/slow", reason="terraform did not end within 300 s"),
    result(Status.SKIPPED, ".", reason="no chart here", title="helm template"),
    result(Status.MISSING, ".", reason=f"kubeconform {ABSENT}", title="kubeconform validate"),
)


def many(number: int, severity: Severity = Severity.ERROR) -> Validation:
    """As many findings as that, in as many files."""
    wrong = [replace(WRONG, path=f"m{n:05}/main.tf", severity=severity) for n in range(number)]
    return validation(result(Status.FAILED, ".", *wrong))


@pytest.fixture
def readings(monkeypatch: pytest.MonkeyPatch) -> list[pipeline.Reading]:
    """Of a plan without a question, of one full of them, and of one that asks for nothing."""
    monkeypatch.chdir(PLANS)
    return [pipeline.read(Path(name, "plan.md")) for name in ("multi-tool", "unfilled", "application")]
