"""JUnit XML as test reports read it: a case for each check of each target, and nothing that XML cannot say."""

from __future__ import annotations

from xml.etree import ElementTree

from junitparser import Error, Failure, JUnitXml, Skipped

from setout.model import Status
from setout.reports import junit
from tests.reports.sample import EVERYTHING, HOSTILE, WARNED, WRONG, result, validation


def test_every_outcome_has_its_element() -> None:
    report = JUnitXml.fromstring(junit.validation(EVERYTHING).encode())
    kinds = {(case.classname, case.name): [type(item) for item in case.result] for suite in report for case in suite}
    assert kinds == {
        ("terraform validate", "live/dev"): [],
        ("helm lint", "live/prod"): [],
        ("terraform validate", "modules/vpc"): [Failure],
        ("terraform validate", "modules/slow"): [Failure],
        ("helm template", "."): [Skipped],
        ("kubeconform validate", "."): [Error],
    }
    assert (report.tests, report.failures, report.errors, report.skipped) == (6, 2, 1, 1)


def parsed(text: str) -> ElementTree.Element:
    return ElementTree.fromstring(text)  # noqa: S314 - we wrote it


def case_of(name: str) -> ElementTree.Element:
    return next(case for case in parsed(junit.validation(EVERYTHING)).iter("testcase") if case.get("name") == name)


def test_a_failure_holds_every_finding_with_its_place_and_cure() -> None:
    failure = case_of("modules/vpc").find("failure")
    assert failure is not None
    assert f"{WRONG.path}:2: error: {WRONG.message} [{WRONG.rule}]\n    {WRONG.remedy}" in (failure.text or "")
    assert HOSTILE.remedy in (failure.text or "")
    assert failure.get("message", "").endswith("(and 1 more)")


def test_a_check_that_did_not_end_says_so() -> None:
    failure = case_of("modules/slow").find("failure")
    assert failure is not None
    assert failure.get("message") == "terraform did not end within 300 s"


def test_warnings_of_a_check_that_passed_are_kept() -> None:
    output = case_of("live/prod").find("system-out")
    assert output is not None
    assert WARNED.message in (output.text or "")


def test_reasons_of_what_was_not_looked_at_are_there() -> None:
    text = junit.validation(EVERYTHING)
    assert "no chart here" in text
    assert "get it with: setout tools install" in text


def test_control_characters_do_not_break_the_file() -> None:
    assert "\x1b" not in junit.validation(EVERYTHING)
    hostile = result(Status.MISSING, ".", reason="\x00\x0b\ud800 gone")
    error = parsed(junit.validation(validation(hostile))).find(".//error")
    assert error is not None
    assert error.get("message", "").split() == ["gone"]
