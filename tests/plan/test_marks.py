"""A comment beside a path says what becomes of it, where it stands as a label."""

from __future__ import annotations

import pytest

from setout.model import Entry, Mark
from setout.plan.directory import entries
from setout.plan.marks import inherited, mark_of, mark_of_title
from setout.plan.outline import outline
from setout.plan.source import decode


def tree(*lines: str) -> dict[str, Mark]:
    text = "# X\n\n```text\n" + "\n".join(lines) + "\n```\n"
    found: tuple[Entry, ...] = entries(outline(decode("plan.md", text.encode())))
    return {entry.path: entry.mark for entry in found}


@pytest.mark.parametrize(
    ("comment", "expected"),
    [
        ("NEW: the network", Mark.NEW),
        ("the network (new)", Mark.NEW),
        ("the network — added", Mark.NEW),
        ("network of the new office", Mark.NONE),
        ("(nouveau) réseau", Mark.NEW),
        ("新規: ネットワーク", Mark.NEW),
        ("MODIFIED: add an output", Mark.CHANGED),
        ("Add an output for the zone", Mark.CHANGED),
        ("add-on signatures", Mark.NONE),
        ("Create the bucket for logs", Mark.NONE),
        ("CREATE", Mark.NEW),
        ("modules, refactored", Mark.CHANGED),
        ("Remove every object of a namespace", Mark.NONE),
        ("REMOVE", Mark.DELETED),
        ("to be removed", Mark.DELETED),
        ("call of the module (unchanged)", Mark.EXISTING),
        ("the code remains unchanged", Mark.EXISTING),
        ("looks up the existing zone", Mark.NONE),
        ("Existing charts", Mark.EXISTING),
        ("已有", Mark.EXISTING),
        ("production (future)", Mark.FUTURE),
        ("later: production", Mark.FUTURE),
        ("Phase 4 artifacts", Mark.NONE),
        ("what later stages read", Mark.NONE),
    ],
)
def test_a_label_stands_where_labels_stand(comment: str, expected: Mark) -> None:
    assert mark_of(comment) is expected


def test_a_tick_says_that_it_is_done() -> None:
    assert mark_of("✅ complete") is Mark.EXISTING
    assert mark_of("✅ NEW") is Mark.NEW


def test_the_first_label_wins() -> None:
    assert mark_of("EXISTING, with NEW rules") is Mark.EXISTING
    assert mark_of("NEW beside the EXISTING rules") is Mark.NEW


def test_a_directory_speaks_for_its_content_unless_that_speaks_for_itself() -> None:
    found = tree("charts/   # existing", "├── api/", "│   └── Chart.yaml", "└── web/   # NEW", "    └── Chart.yaml")
    assert found == {
        "charts": Mark.EXISTING,
        "charts/api": Mark.EXISTING,
        "charts/api/Chart.yaml": Mark.EXISTING,
        "charts/web": Mark.NEW,
        "charts/web/Chart.yaml": Mark.NEW,
    }


def test_a_changed_directory_says_nothing_of_its_files() -> None:
    assert inherited(Mark.NONE, Mark.CHANGED) is Mark.NONE


def test_a_comment_on_its_own_line_speaks_for_what_follows() -> None:
    found = tree("# Existing code (unchanged)", "api/", "└── main.py", "# Infrastructure", "terraform/")
    assert found == {"api": Mark.EXISTING, "api/main.py": Mark.EXISTING, "terraform": Mark.NONE}


def test_a_bracket_glued_to_a_name_is_a_comment() -> None:
    assert tree("api/", "└── (existing code stays)", "web/(existing code)") == {"api": Mark.NONE, "web": Mark.EXISTING}
    assert tree("app/", "└── (auth)/") == {"app": Mark.NONE, "app/(auth)": Mark.NONE}


@pytest.mark.parametrize(
    ("heading", "mark"),
    [("Current layout", Mark.EXISTING), ("Future layout", Mark.FUTURE), ("Layout", Mark.NONE)],
)  # fmt: skip
def test_the_heading_of_a_tree_speaks_for_it(heading: str, mark: Mark) -> None:
    text = f"# X\n\n## {heading}\n\n```text\ninfra/main.tf\n```\n"
    assert [entry.mark for entry in entries(outline(decode("plan.md", text.encode())))] == [mark]


@pytest.mark.parametrize(
    ("title", "mark"),
    [
        ("Files to modify", Mark.CHANGED),
        ("Source Code (affected files)", Mark.CHANGED),
        ("New files:", Mark.NEW),
        ("**Modified:**", Mark.CHANGED),
        ("Deleted", Mark.DELETED),
        ("New and modified files", Mark.NONE),
        ("Files to create or modify", Mark.NONE),
        ("New Relic integration", Mark.NONE),
        ("How files are updated by the pipeline", Mark.NONE),
    ],
)
def test_a_title_that_speaks_of_files_marks_those_below_it(title: str, mark: Mark) -> None:
    assert mark_of_title(title) is mark


def test_what_a_group_modifies_is_modified_and_its_new_files_are_new() -> None:
    found = tree("# Files to modify", "infra/main.tf", "infra/dns.tf   # NEW", "# Delivery", "charts/web/Chart.yaml")
    assert found == {
        "infra/main.tf": Mark.CHANGED,
        "infra/dns.tf": Mark.NEW,
        "charts/web/Chart.yaml": Mark.NONE,
    }


def test_a_sentence_above_a_group_is_no_label_of_it() -> None:
    assert tree("# Updated by the pipeline on every release", "infra/main.tf") == {"infra/main.tf": Mark.NONE}


def test_a_heading_says_that_the_files_of_its_tree_are_modified() -> None:
    text = "# X\n\n## Layout\n\n### Source code (files to modify)\n\n```text\ninfra/main.tf\n```\n"
    assert [entry.mark for entry in entries(outline(decode("plan.md", text.encode())))] == [Mark.CHANGED]


@pytest.mark.parametrize(
    ("comment", "mark"),
    [
        ("host: replace the old name", Mark.CHANGED),
        ("rename the variable", Mark.CHANGED),
        ("Replaces the shell script", Mark.NONE),
        ("current manifest, runs as root", Mark.EXISTING),
        ("holds the current region", Mark.NONE),
    ],
)
def test_a_verb_of_editing_at_the_head_tells_that_the_file_is_there(comment: str, mark: Mark) -> None:
    assert mark_of(comment) is mark
