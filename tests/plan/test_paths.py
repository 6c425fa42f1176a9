"""Paths named in the text, with the directory that a list of files lies in."""

from __future__ import annotations

import pytest

from setout.model import Mark, Zone
from tests.decide.written import plan


def named(text: str) -> list[str]:
    return [entry.path for entry in plan(text).named]


def test_a_list_below_a_directory_lies_in_it() -> None:
    text = "## Chart\n\n**Directory**: `charts/shop/`\n\n- `Chart.yaml`: metadata\n- `templates/_helpers.tpl`\n"
    assert named(text) == ["charts/shop", "charts/shop/Chart.yaml", "charts/shop/templates/_helpers.tpl"]


def test_the_next_section_lies_elsewhere() -> None:
    assert named("## The chart `charts/shop/`\n\n## Values\n\n- `values.yaml`\n") == ["charts/shop", "values.yaml"]


def test_words_addresses_and_networks_are_no_paths() -> None:
    assert named("- yes and/or no, TCP/UDP on 10.0.0.0/16, registry.example.org/modules/vpc, 3/4\n") == []


def test_what_is_denied_is_not_named() -> None:
    assert named("- no `infra/main.tf` any more\n") == []


def test_a_word_behind_the_path_marks_it() -> None:
    assert [e.mark for e in plan("- `infra/main.tf` (new)\n- `infra/old.tf` (unchanged)\n").named] == [
        Mark.NEW,
        Mark.EXISTING,
    ]


@pytest.mark.parametrize(
    ("title", "mark"),
    [("New files", Mark.NEW), ("Modified", Mark.CHANGED), ("Created", Mark.NEW), ("Notes on files", Mark.NONE)],
)
def test_the_field_above_a_list_marks_what_it_lists(title: str, mark: Mark) -> None:
    assert [e.mark for e in plan(f"## Changes\n\n**{title}:**\n\n- `infra/main.tf`\n").named] == [mark]


def test_the_heading_above_a_list_marks_it_and_a_word_of_its_own_is_stronger() -> None:
    text = "## Files to modify\n\n- `infra/main.tf`\n- `infra/dns.tf` (new)\n"
    assert [e.mark for e in plan(text).named] == [Mark.CHANGED, Mark.NEW]


def test_a_list_below_the_date_is_read_and_the_date_itself_is_the_title_s() -> None:
    text = "**Date**: 2026-01-01\n\n## Files\n\n**Created:**\n\n- `infra/main.tf`\n"
    assert [e.path for e in plan(text).named] == ["infra/main.tf"]
    assert [s.zone for s in plan(text).statements if s.key == "date"] == [Zone.TITLE]
