"""Markdown becomes statements, each with its place and its section."""

from __future__ import annotations

import pytest

from setout.model import Kind, Statement
from setout.plan.outline import outline, plain
from setout.plan.source import decode


def statements(text: str) -> tuple[Statement, ...]:
    return outline(decode("plan.md", text.encode()))


def fields(text: str) -> list[tuple[str, str, int]]:
    return [(s.key, s.text, s.place.line) for s in statements(text) if s.kind is Kind.FIELD]


@pytest.mark.parametrize(
    "line",
    [
        "**Cloud Provider**: AWS",
        "**Cloud Provider:** AWS",
        "__Cloud Provider__: AWS",
        "- **Cloud Provider**: AWS",
        "Cloud Provider: AWS",
    ],
)
def test_a_field_is_recognised_however_it_is_marked(line: str) -> None:
    assert fields(line) == [("cloud provider", "AWS", 1)]


def test_several_fields_on_one_line_are_several_statements() -> None:
    line = "**Branch**: `001-x` | **Date**: 2026-01-01 | **Spec**: [link](./spec.md)"
    assert fields(line) == [("branch", "001-x", 1), ("date", "2026-01-01", 1), ("spec", "link", 1)]


def test_a_value_wrapped_over_lines_belongs_to_its_field() -> None:
    assert fields("**Storage**: S3 for\nobjects\n**Testing**: none") == [
        ("storage", "S3 for\nobjects", 1),
        ("testing", "none", 3),
    ]


def test_bullets_below_an_empty_field_carry_its_name() -> None:
    items = [s for s in statements("**Primary Dependencies**:\n\n- Helm\n- Argo CD\n") if s.kind is Kind.ITEM]
    assert [(s.key, s.text, s.place.line) for s in items] == [
        ("primary dependencies", "Helm", 3),
        ("primary dependencies", "Argo CD", 4),
    ]


def test_a_comment_says_nothing_and_moves_no_line() -> None:
    assert fields("<!-- **Cloud Provider**: GCP\n-->\n\n**Cloud Provider**: AWS") == [("cloud provider", "AWS", 4)]


def test_cells_know_their_column_and_row() -> None:
    cells = [
        s
        for s in statements("| Component | Required |\n|--|--|\n| redis | Yes |\n| kafka | No |\n")
        if s.kind is Kind.CELL
    ]
    assert [(s.key, s.text, s.row, s.place.line) for s in cells] == [
        ("component", "redis", 1, 3),
        ("required", "Yes", 1, 3),
        ("component", "kafka", 2, 4),
        ("required", "No", 2, 4),
    ]


def test_a_ticked_box_is_kept_apart_from_an_empty_one() -> None:
    found = statements("# X\n- [x] **Remote state**: yes\n- [ ] Default deny\n")
    assert [s.ticked for s in found if s.kind in {Kind.ITEM, Kind.FIELD}] == [True, False]


def test_the_section_is_the_path_of_headings() -> None:
    assert statements("# A\n## B\n### C\ntext\n## D\nmore")[-1].section == ("A", "D")


def test_columns_point_at_the_value() -> None:
    assert statements("**Cloud Provider**: AWS")[0].place.column == 21


def test_a_fence_keeps_its_lines() -> None:
    code = next(s for s in statements("# X\n\n```text\na/\nb/\n```\n") if s.kind is Kind.CODE)
    assert (code.text, code.place.line) == ("a/\nb/", 4)


def test_plain_text_has_no_marks() -> None:
    assert plain("**bold** `code` [link](https://x.y/z) ~~gone~~") == "bold code link gone"
