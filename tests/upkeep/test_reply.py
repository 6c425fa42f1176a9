"""An answer goes into the line that asks, in its form; what asks for nothing is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from setout import pipeline
from setout.errors import UserError
from setout.upkeep import reply
from tests import small


def write(folder: Path, old: str, new: str) -> Path:
    assert old in small.PLAN
    file = folder / "plan.md"
    file.write_bytes(small.PLAN.replace(old, new).encode())
    return file


BACKEND = "Backend**: S3"
DECISION = "Terraform, Kubernetes and Argo CD, as above."

# By what it shows: what a line says today, how it asks, who is asked for, the answer, and what it says then.
CASES = {
    "a mark": (BACKEND, "Backend**: NEEDS CLARIFICATION  ", "state_backend", "S3", "Backend**: S3  "),
    "a mark in brackets": (BACKEND, "Backend**: [NEEDS CLARIFICATION: S3 or HTTP?]", "state", "S3", BACKEND),
    "a placeholder": (BACKEND, "Backend**: [e.g., S3, GCS or NEEDS CLARIFICATION]", "State Backend", "S3", BACKEND),
    "a mark beside other words": (
        "AWS (eu-north-1)", "AWS (NEEDS CLARIFICATION: which region?)", "cloud", "eu-north-1", "AWS (eu-north-1",
    ),
    "a list": ("dev, prod", "NEEDS CLARIFICATION", "environments", "dev, prod", "dev, prod"),
    "a placeholder of two lines": (
        DECISION, "[Document the selected structure\nand reference the directories]",
        "Structure Decision", "As drawn.", "As drawn.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_the_answer_takes_the_place_of_what_asks(tmp_path: Path, case: str) -> None:
    said, asking, key, value, result = CASES[case]
    file = write(tmp_path, said, asking)
    done = reply.answer(file, key, value)
    assert file.read_text("utf-8") == small.PLAN.replace(said, result)
    assert done.line == small.line_of(small.PLAN, said)
    assert not [q for q in pipeline.read(file).decision.questions if q.place.line == done.line]


def test_line_ends_and_everything_else_stay(tmp_path: Path) -> None:
    file = tmp_path / "plan.md"
    before = small.PLAN.replace("Backend**: S3", "Backend**: NEEDS CLARIFICATION").replace("\n", "\r\n").encode()
    file.write_bytes(before)
    reply.answer(file, "state_backend", "S3")
    assert file.read_bytes() == before.replace(b"NEEDS CLARIFICATION", b"S3")


def test_a_cell_stays_a_cell(tmp_path: Path) -> None:
    file = write(tmp_path, "| metrics-server | Yes | chart 3.13.0 |", "| metrics-server | Yes | NEEDS CLARIFICATION |")
    key = pipeline.read(file).decision.questions[0].field
    reply.answer(file, key, "chart 3.13.0 | pinned")
    assert "| metrics-server | Yes | chart 3.13.0 \\| pinned |" in file.read_text("utf-8")


@pytest.mark.parametrize(("key", "value", "words"), [
    ("region", "eu-west-1", "nothing asks for region"),
    ("nonsense", "x", "nothing asks for nonsense"),
    ("state_backend:4", "S3", "nothing asks for state_backend:4"),
    ("state_backend", "  ", "no answer"),
    ("state_backend", "a --> b", "no answer"),
    ("state_backend", "NEEDS CLARIFICATION", "still ask"),
])  # fmt: skip
def test_what_cannot_be_answered_is_refused_and_nothing_is_written(
    tmp_path: Path, key: str, value: str, words: str
) -> None:
    file = write(tmp_path, "Backend**: S3", "Backend**: NEEDS CLARIFICATION")
    before = file.read_bytes()
    with pytest.raises(UserError, match=words):
        reply.answer(file, key, value)
    assert file.read_bytes() == before


def test_where_several_lines_ask_the_line_is_named(tmp_path: Path) -> None:
    twice = "Backend**: NEEDS CLARIFICATION\n**State**: NEEDS CLARIFICATION"
    file = write(tmp_path, "Backend**: S3", twice)
    with pytest.raises(UserError, match="ask for state_backend"):
        reply.answer(file, "state_backend", "S3")
    line = small.line_of(file.read_text("utf-8"), "**State**: NEEDS")
    assert reply.answer(file, f"state_backend:{line}", "S3").line == line
    assert reply.answer(file, "state_backend", "S3").after == "**State Backend**: S3"


def test_what_the_line_says_itself_is_not_overwritten(tmp_path: Path) -> None:
    file = write(tmp_path, "| metrics-server | Yes | chart 3.13.0 |", "| zorp | Yes | |")
    with pytest.raises(UserError, match="zorp"):
        reply.answer(file, "components", "chart 1.0.0")
