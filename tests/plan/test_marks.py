"""A comment beside a path says what becomes of it, where it stands as a label."""

from __future__ import annotations

import pytest

from setout.model import Entry, Mark
from setout.plan.directory import entries
from setout.plan.marks import inherited, mark_of
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
