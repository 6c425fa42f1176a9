"""A row of a table of fields says what the field is."""

from __future__ import annotations

from setout.model import Kind
from tests.decide.written import decision, plan

TABLE = "## Technical Context\n\n| {head} | Choice |\n|--|--|\n| Cloud Provider | AWS |\n| Kubernetes | EKS 1.34 |\n"


def test_rows_are_fields() -> None:
    made = decision(TABLE.format(head="Aspect"))
    assert (made["clouds"], made["kubernetes"], made["kubernetes_version"]) == (["aws"], "eks", "1.34")
    field = plan(TABLE.format(head="Aspect")).fields("cloud")[0]
    assert (field.kind, field.text, field.place.line) == (Kind.FIELD, "AWS", 7)


def test_rows_of_things_are_no_fields() -> None:
    assert plan(TABLE.format(head="Component")).fields("cloud") == ()


def test_the_row_stays_a_row() -> None:
    assert next(row.cells for row in plan(TABLE.format(head="Aspect")).rows) == {
        "aspect": "Cloud Provider",
        "choice": "AWS",
    }
