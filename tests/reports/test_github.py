"""GitHub Actions: commands that cannot be broken out of, as many as are shown, and a summary with the rest."""

from __future__ import annotations

import re

import pytest

from setout import pipeline
from setout.model import Severity, Status, Validation
from setout.reports import github
from tests.reports.sample import EVERYTHING, HOSTILE, WARNED, WRONG, many, result, validation


def commands(value: Validation) -> list[str]:
    return [line for line in github.validation(value).split("\n") if line.startswith("::")]


def test_a_finding_is_an_annotation_with_file_line_and_rule() -> None:
    (line,) = commands(validation(result(Status.FAILED, ".", WRONG), root="infra"))
    assert line == (
        "::error file=infra/modules/vpc/main.tf,line=2,title=terraform/validate::"
        "Unsupported argument: cidr_blok%0Acorrect it"
    )


def test_what_programs_and_files_say_cannot_begin_a_command() -> None:
    (line,) = commands(validation(result(Status.FAILED, ".", HOSTILE)))
    properties, message = re.fullmatch(r"::error (.*?)::(.*)", line).groups()  # type: ignore[union-attr]
    assert "file=a%2Cb%3Ac %252C" in properties
    assert message.startswith("100%25 of it,%0D%0Aall: ")
    assert not [text for text in github.validation(EVERYTHING).splitlines() if text.startswith("::stop-commands")]


@pytest.mark.parametrize(
    ("severity", "name"), [(Severity.ERROR, "error"), (Severity.WARNING, "warning"), (Severity.INFO, "notice")]
)
def test_no_more_of_a_kind_than_github_shows(severity: Severity, name: str) -> None:
    lines = commands(many(25, severity))
    assert len(lines) == 10
    assert all(line.startswith(f"::{name} ") for line in lines)
    assert "and 15 more" in github.validation(many(25, severity))


def test_the_worst_files_come_first() -> None:
    assert commands(EVERYTHING)[0].startswith("::error file=")
    assert commands(EVERYTHING)[-1].startswith(f"::warning file={WARNED.path},")


def test_what_was_not_looked_at_has_room_among_many_findings() -> None:
    gaps = [result(Status.MISSING, f"live/{n}", reason="no schema") for n in range(20)]
    lines = commands(validation(*many(25).results, *gaps))
    assert len(lines) == 10
    assert sum("title=not looked at" in line for line in lines) == 5
    few = commands(validation(*gaps[:2], result(Status.FAILED, ".", WRONG)))
    assert sum("title=not looked at" in line for line in few) == 2


def test_the_summary_has_every_finding_and_every_gap() -> None:
    summary = github.validation_summary(many(25))
    assert summary.count("cidr\\_blok") == 25
    assert "kubeconform is not there" in github.validation_summary(EVERYTHING)
    assert "1 missing" in github.validation_summary(EVERYTHING).splitlines()[0]


def test_the_summary_shows_words_as_words() -> None:
    summary = github.validation_summary(EVERYTHING)
    (row,) = [line for line in summary.splitlines() if "secret/in-file" in line]
    assert "<b>" not in summary
    assert "\\@all" in row
    assert len(re.findall(r"(?<!\\)\|", row)) == 5


def test_the_summary_stays_within_what_github_takes() -> None:
    summary = github.validation_summary(many(12_000))
    assert len(summary.encode()) < 1024 * 1024
    assert re.search(r"and \d+ more lines", summary)


def test_open_questions_are_annotations_of_the_plan(readings: list[pipeline.Reading]) -> None:
    lines = github.readings(readings).split("\n")
    assert [line for line in lines if line.startswith("::error file=unfilled/plan.md,line=")]
    assert sum(line.startswith("::warning") for line in lines) == 10
    summary = github.readings_summary(readings)
    assert summary.count("unfilled/plan.md:") == len(readings[1].decision.questions)
    assert "application/plan.md" in summary
