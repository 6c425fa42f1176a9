"""Trees are merged path by path: no edit wanders into a file that merely resembles the one it was made in."""

from __future__ import annotations

from pathlib import Path

import pytest

from setout import git
from setout.model import File
from setout.upkeep import merge
from tests.day_two import workshop

TEXT = "".join(f"line {number}\n" for number in range(12))
ENDING = TEXT + "a person's line\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    workshop.git(tmp_path, "init", "--quiet")
    return tmp_path


def merged(root: Path, old: dict[str, str], ours: dict[str, str], new: dict[str, str]) -> tuple[git.Merged, Path]:
    made = merge.trees(root, *(_tree(root, side) for side in (old, ours, new)))
    folder = root / "out"
    git.export(root, made.tree, folder)
    return made, folder


def _tree(root: Path, files: dict[str, str]) -> str:
    return git.tree_of(root, git.store(root, {path: File(text.encode()) for path, text in files.items()}))


def kinds(made: git.Merged) -> dict[str, str]:
    return {item.path: item.kind for item in made.conflicts}


def test_lines_of_both_sides_come_together(root: Path) -> None:
    made, folder = merged(root, {"a": TEXT}, {"a": ENDING}, {"a": "a title\n" + TEXT})
    assert made.conflicts == ()
    assert (folder / "a").read_text() == "a title\n" + ENDING


def test_an_edit_in_a_file_that_goes_does_not_wander_into_one_that_resembles_it(root: Path) -> None:
    made, folder = merged(root, {"dev/main": TEXT}, {"dev/main": ENDING}, {"shared/main": TEXT})
    assert kinds(made) == {"dev/main": "modify/delete"}
    assert (folder / "dev/main").read_text() == ENDING
    assert (folder / "shared/main").read_text() == TEXT


def test_a_file_that_both_made_differently_is_a_conflict_and_the_same_file_is_none(root: Path) -> None:
    made, folder = merged(root, {}, {"a": "ours\n", "b": "same\n"}, {"a": "theirs\n", "b": "same\n"})
    assert kinds(made) == {"a": "add/add"}
    assert (folder / "a").read_text() == "ours\n"


@pytest.mark.parametrize(("ours", "new"), [("a", "a/b"), ("a/b", "a")])
def test_a_file_cannot_lie_where_the_other_side_has_a_directory(root: Path, ours: str, new: str) -> None:
    made, folder = merged(root, {}, {ours: "ours\n"}, {new: "theirs\n"})
    assert kinds(made) == {new: "file/directory"}
    assert (folder / ours).read_text() == "ours\n"


def test_a_file_may_become_a_directory_where_nobody_touched_it(root: Path) -> None:
    made, folder = merged(root, {"a": TEXT}, {"a": TEXT, "c": ""}, {"a/b": TEXT})
    assert made.conflicts == ()
    assert (folder / "a/b").read_text() == TEXT
    assert (folder / "c").is_file()


def test_the_same_lines_changed_by_both_are_a_conflict(root: Path) -> None:
    made, _ = merged(root, {"a": TEXT}, {"a": TEXT.replace("line 3", "ours")}, {"a": TEXT.replace("line 3", "theirs")})
    assert kinds(made) == {"a": "contents"}
