"""SARIF that code scanning takes: valid, relative, and silent about nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from setout import pipeline
from setout.model import Status, Validation
from setout.reports import sarif
from tests import trees
from tests.conftest import PLANS
from tests.reports.sample import EVERYTHING, HOSTILE, WRONG, result, validation

SCHEMA = json.loads(Path(__file__).with_name("data").joinpath("sarif-2.1.0.schema.json").read_text("utf-8"))


def run_of(text: str) -> dict[str, Any]:
    """The one run of a log, once the log is valid."""
    log = json.loads(text)
    jsonschema.Draft4Validator(SCHEMA, format_checker=jsonschema.FormatChecker()).validate(log)
    (run,) = log["runs"]
    return dict(run)


def of(value: Validation) -> dict[str, Any]:
    return run_of(sarif.validation(value))


def test_every_finding_is_a_result_under_its_rule() -> None:
    run = of(EVERYTHING)
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["helm/lint", "secret/in-file", "terraform/validate"]
    assert [rules[r["ruleIndex"]]["id"] for r in run["results"]] == [r["ruleId"] for r in run["results"]]
    assert {r["ruleId"]: r["level"] for r in run["results"]} == {
        "secret/in-file": "error", "terraform/validate": "error", "helm/lint": "warning",
    }  # fmt: skip


def test_a_rule_says_what_it_requires_and_what_to_do() -> None:
    rules = {rule["id"]: rule for rule in of(EVERYTHING)["tool"]["driver"]["rules"]}
    assert rules["secret/in-file"]["shortDescription"]["text"] == HOSTILE.about
    assert rules["terraform/validate"]["help"]["text"] == WRONG.remedy


def test_places_are_relative_to_the_checkout_and_escaped() -> None:
    places = {r["ruleId"]: r["locations"][0]["physicalLocation"] for r in of(EVERYTHING)["results"]}
    assert places["terraform/validate"] == {
        "artifactLocation": {"uri": "modules/vpc/main.tf", "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 2},
    }
    assert (
        places["secret/in-file"]["artifactLocation"]["uri"] == "a%2Cb%3Ac%20%252C%20%1B%5B2Jdir/%C3%A4%7C%60x%60.yaml"
    )
    assert places["helm/lint"]["region"] == {"startLine": 1}


@pytest.mark.parametrize(
    ("root", "uri"), [("infra", "infra/modules/vpc/main.tf"), ("/somewhere", "modules/vpc/main.tf")]
)
def test_a_tree_below_the_checkout_keeps_its_folder(root: str, uri: str) -> None:
    run = of(validation(result(Status.FAILED, ".", WRONG), root=root))
    assert run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == uri


def test_what_was_not_looked_at_is_said_and_the_run_was_no_success() -> None:
    (invocation,) = of(EVERYTHING)["invocations"]
    assert invocation["executionSuccessful"] is False
    assert invocation["exitCode"] == 1
    said = [notification["message"]["text"] for notification in invocation["toolExecutionNotifications"]]
    assert said == [
        "terraform validate modules/slow: terraform did not end within 300 s",
        "kubeconform validate .: kubeconform is not there; get it with: setout tools install",
    ]


def test_findings_alone_leave_the_run_a_success_and_nothing_looked_at_does_not() -> None:
    assert of(validation(result(Status.FAILED, ".", WRONG)))["invocations"][0]["executionSuccessful"] is True
    assert of(validation(result(Status.SKIPPED, ".")))["invocations"][0]["executionSuccessful"] is False


def test_open_questions_are_results_with_the_line_of_the_plan(readings: list[pipeline.Reading]) -> None:
    run = run_of(sarif.readings(readings))
    asked = [question for reading in readings for question in reading.decision.questions]
    assert len(run["results"]) == len(asked) > 3
    assert {r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for r in run["results"]} == {
        "unfilled/plan.md"
    }
    assert sorted(r["locations"][0]["physicalLocation"]["region"]["startLine"] for r in run["results"]) == sorted(
        question.place.line for question in asked
    )
    levels = {r["ruleId"]: r["level"] for r in run["results"]}
    assert (levels["plan/cloud"], levels["plan/gitops"]) == ("error", "warning")


def test_a_plan_that_leads_to_nothing_is_not_silent(readings: list[pipeline.Reading]) -> None:
    (invocation,) = run_of(sarif.readings(readings))["invocations"]
    notes = invocation["toolExecutionNotifications"]
    assert [note["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for note in notes] == [
        "unfilled/plan.md", "application/plan.md",
    ]  # fmt: skip


def test_a_plan_from_elsewhere_keeps_its_whole_path(tmp_path: Path) -> None:
    plan = tmp_path / "plan.md"
    plan.write_text((PLANS / "unfilled" / "plan.md").read_text("utf-8"), "utf-8")
    run = run_of(sarif.readings([pipeline.read(plan)]))
    place = run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert place == {"uri": plan.as_uri()}


def test_a_real_finding_keeps_its_fingerprint_when_lines_move(tmp_path: Path) -> None:
    files = trees.broken(trees.TERRAFORM, "modules/network/main.tf", "var.cidr", "var.cidre")
    moved = {**files, "modules/network/main.tf": "# One network for everything.\n\n" + files["modules/network/main.tf"]}
    before, after = (
        {
            (r["ruleId"], r["partialFingerprints"]["setout/v1"])
            for r in of(trees.validate(tmp_path / name, tree))["results"]
        }
        for name, tree in (("before", files), ("after", moved))
    )
    assert before == after
    assert before
