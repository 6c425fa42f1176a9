"""Whatever bytes are given, a plan is read or one line says why not."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from setout.errors import PlanError
from setout.plan.reader import parse
from setout.plan.source import SIZE_LIMIT, decode, load


@pytest.mark.parametrize(
    ("data", "complaint"),
    [(b"", "empty"), (b" \n\t\n", "empty"), (b"\x7fELF\x00\x01", "binary"), (b"x" * (SIZE_LIMIT + 1), "larger")],
)
def test_what_is_no_text_is_refused_in_one_line(tmp_path: Path, data: bytes, complaint: str) -> None:
    file = tmp_path / "plan.md"
    file.write_bytes(data)
    with pytest.raises(PlanError, match=complaint) as caught:
        load(file)
    assert "\n" not in caught.value.message
    assert caught.value.hint


def test_a_directory_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    with pytest.raises(PlanError, match="directory"):
        load(tmp_path)
    with pytest.raises(PlanError, match="no such file"):
        load(tmp_path / "plan.md")


@pytest.mark.parametrize("prefix", [b"\xef\xbb\xbf", b""])
@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_byte_order_marks_and_line_ends_change_nothing(prefix: bytes, end: bytes) -> None:
    assert decode("p", prefix + end.join([b"# A", b"", b"b"])).lines == ("# A", "", "b")


def test_utf_16_is_read() -> None:
    assert decode("p", "# Plän\n".encode("utf-16")).lines[0] == "# Plän"


@given(st.binary(min_size=1, max_size=2000))
def test_any_bytes_end_in_a_plan_or_in_one_line(data: bytes) -> None:
    complaint, statements = "", ()
    try:
        statements = parse(decode("plan.md", data)).statements
    except PlanError as error:
        complaint = error.message
    assert "\n" not in complaint
    assert all(statement.place.line >= 1 for statement in statements)


@given(st.text(alphabet="#*`|-_[]()<>: \n\tab1{}/├└│", max_size=600))
def test_any_markdown_is_read(text: str) -> None:
    if text.strip():
        plan = parse(decode("plan.md", text.encode()))
        assert all(1 <= s.place.line <= text.count("\n") + 1 for s in plan.statements)
