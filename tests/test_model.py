"""What the nouns derive from themselves: the exit code of a validation, and the caller's rules."""

from __future__ import annotations

import pytest

from setout.model import Finding, Result, Severity, Status, Validation

WARNING = Finding("helm/lint", "no icon", "give it one", "charts/web/Chart.yaml", 1, Severity.WARNING)
ERROR = Finding("terraform/fmt", "not formatted", "terraform fmt main.tf", "main.tf", 3)


def result(status: Status, tool: str = "terraform", verb: str = "fmt", findings: tuple[Finding, ...] = ()) -> Result:
    reason = {Status.SKIPPED: "no Terraform file here", Status.MISSING: "not installed"}.get(status, "")
    checked = int(status in {Status.PASSED, Status.FAILED})
    return Result(tool, "1.0", ".", status, checked, 0.1, reason, findings, verb)


PASSED, FAILED, SKIPPED, MISSING = map(result, Status)


@pytest.mark.parametrize(
    ("results", "code"),
    [
        ((), 6),
        ((PASSED,), 0),
        ((PASSED, SKIPPED), 0),
        ((SKIPPED,), 6),
        ((PASSED, MISSING), 6),
        ((PASSED, FAILED), 1),
        ((FAILED, MISSING), 1),
    ],
)
def test_one_for_findings_six_for_what_was_not_looked_at(results: tuple[Result, ...], code: int) -> None:
    assert Validation(results).exit_code == code


def test_a_warning_fails_only_where_the_caller_says_so() -> None:
    warned = Validation((result(Status.PASSED, "helm", "lint", (WARNING,)),))
    assert warned.judged().exit_code == 0
    assert warned.judged(Severity.WARNING).exit_code == 1
    assert warned.judged(Severity.WARNING).results[0].status is Status.FAILED


def test_what_is_missing_and_has_an_error_has_failed() -> None:
    assert Validation((result(Status.MISSING, findings=(ERROR,)),)).judged().exit_code == 1


def test_a_required_tool_with_nothing_to_look_at_is_missing() -> None:
    idle = Validation((PASSED, result(Status.SKIPPED, "helm", "lint"), result(Status.SKIPPED, "helm", "template")))
    judged = idle.judged(required=["helm"])
    assert judged.exit_code == 6
    assert [r.status for r in judged.results] == [Status.PASSED, Status.MISSING, Status.MISSING]
    assert judged.results[1].reason == "required, but no Terraform file here"


def test_a_required_tool_may_skip_one_of_its_checks_but_not_the_one_that_is_named() -> None:
    no_tests = Validation((PASSED, result(Status.SKIPPED, verb="test")))
    assert no_tests.judged(required=["terraform"]).exit_code == 0
    assert no_tests.judged(required=["terraform test"]).exit_code == 6
    half = Validation((PASSED, SKIPPED))
    assert half.judged(required=["terraform fmt"]).exit_code == 0


def test_a_finding_that_two_targets_share_is_listed_once() -> None:
    twice = Validation(
        (result(Status.FAILED, findings=(ERROR,)), result(Status.FAILED, verb="test", findings=(ERROR,)))
    )
    assert twice.findings == (ERROR,)


def test_gaps_are_the_results_that_say_why_something_was_not_looked_at() -> None:
    assert Validation((PASSED, SKIPPED, MISSING, FAILED)).gaps == (MISSING,)
