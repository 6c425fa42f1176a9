"""The page of a validation: what passed in few rows, what did not in full, and what to do next."""

from __future__ import annotations

from dataclasses import replace

import pytest

from setout.model import Severity, Status, Validation
from setout.reports import text
from tests.reports.sample import EVERYTHING, HOSTILE, WARNED, WRONG, many, result, validation

SCHEMA_ONLY = replace(result(Status.PASSED, "."), version="1.11.4 · hashicorp/aws 6.25.0 schema")


def page(value: Validation) -> str:
    return text.validation(value)


def test_the_check_is_named_and_not_only_its_program() -> None:
    assert page(validation(result(Status.PASSED, "live/dev"))).splitlines()[1].startswith("terraform validate ")


def test_few_results_have_a_row_each() -> None:
    shown = page(validation(*(result(Status.PASSED, f"live/{n}") for n in range(8))))
    assert all(f"live/{n}" in shown for n in range(8))


def test_many_that_passed_share_a_row_and_those_that_did_not_have_their_own() -> None:
    passed = [result(Status.PASSED, f"live/{n}") for n in range(24)]
    shown = page(validation(*passed, result(Status.FAILED, "live/prod", WRONG)))
    rows = [line for line in shown.splitlines() if line.startswith("terraform validate")]
    assert [row.split()[3:] for row in rows] == [
        ["24", "targets", "passed", "24", "6.0"],
        ["live/prod", "failed", "1", "0.2"],
    ]


def test_findings_come_file_by_file_the_worst_first() -> None:
    first = replace(WRONG, path="z.tf", line=9)
    second = replace(WRONG, path="z.tf", line=1, message="another")
    shown = page(validation(result(Status.FAILED, ".", WARNED, WRONG, first, second)))
    places = [line.split()[1] for line in shown.splitlines() if line.startswith(("error", "warning"))]
    assert places == ["z.tf:1:", "z.tf:9:", "modules/vpc/main.tf:2:", "charts/web/Chart.yaml:"]
    assert shown.count(WRONG.remedy) == 2


def test_the_page_ends_and_says_what_it_left_out() -> None:
    shown = page(many(80))
    assert shown.count("Unsupported argument") == 50
    assert "and 30 more" in shown


def test_reasons_are_there_for_all_that_did_not_come_to_an_end() -> None:
    shown = page(EVERYTHING)
    assert "missing kubeconform validate .: kubeconform is not there" in shown
    assert "failed terraform validate modules/slow: terraform did not end" in shown
    assert "skipped: helm template (no chart here)" in shown


def test_targets_that_lack_the_same_are_named_together() -> None:
    lacking = [result(Status.MISSING, target, reason="no schema") for target in ("live/a", "live/b")]
    assert "live/a, live/b: no schema" in page(validation(*lacking))


@pytest.mark.parametrize(
    ("value", "command"),
    [
        (validation(result(Status.FAILED, ".", WRONG)), "mend modules/vpc/main.tf:2, then setout validate ."),
        (validation(result(Status.MISSING, ".", reason="not there; get it with: this")), "setout doctor says"),
        (
            validation(result(Status.MISSING, ".", reason="no mirror has it; --providers real downloads it")),
            "setout validate . --providers real",
        ),
        (validation(result(Status.MISSING, ".", reason="a remote base")), "see to what could not be looked at, then"),
        (validation(result(Status.SKIPPED, ".", reason="nothing here")), "name a directory"),
        (validation(SCHEMA_ONLY, root="x"), "setout validate x --providers real"),
        (validation(result(Status.PASSED, ".")), "nothing is left to do"),
    ],
)  # fmt: skip
def test_the_last_line_says_what_to_do(value: Validation, command: str) -> None:
    assert page(value).splitlines()[-1].startswith(f"next: {command}")


def test_words_of_files_are_neither_markup_nor_orders_to_the_terminal() -> None:
    shown = page(validation(result(Status.FAILED, ".", HOSTILE)))
    assert "\x1b" not in shown
    assert "[red]mend[/] it" in shown


def test_a_place_below_the_working_directory_can_be_opened_from_there() -> None:
    assert "error infra/modules/vpc/main.tf:2: " in page(validation(result(Status.FAILED, ".", WRONG), root="infra"))


def test_warnings_alone_are_shown_and_do_not_fail() -> None:
    value = validation(result(Status.PASSED, ".", WARNED))
    assert "warning charts/web/Chart.yaml: icon" in page(value)
    assert WARNED.severity is Severity.WARNING
    assert value.exit_code == 0
