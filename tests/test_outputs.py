"""Report files are whole or not there, and a wrong word is noticed before anything long is begun."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from setout import outputs
from setout.errors import UserError
from setout.outputs import Output

FORMATS = ("text", "json", "sarif", "junit")


def test_several_reports_each_with_its_file(tmp_path: Path) -> None:
    words = [f"sarif={tmp_path}/out.sarif", f"junit={tmp_path}/out=1.xml", "json=-"]
    assert outputs.parse(words, FORMATS) == (
        Output("sarif", tmp_path / "out.sarif"),
        Output("junit", tmp_path / "out=1.xml"),
        Output("json", None),
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["sarif"], "not FORMAT=FILE"),
        (["sarif="], "not FORMAT=FILE"),
        (["pdf=out.pdf"], "no format pdf"),
        (["sarif=absent/out.sarif"], "cannot be a file"),
        (["sarif=."], "cannot be a file"),
        (["sarif=out", "junit=./out"], "named twice"),
        (["sarif=-", "junit=-"], "standard output is named twice"),
    ],
)
def test_a_report_that_cannot_be_is_refused(
    words: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UserError, match=said):
        outputs.parse(words, FORMATS)


def test_a_report_replaces_what_was_there_with_the_modes_of_any_file(tmp_path: Path) -> None:
    file = tmp_path / "out.json"
    file.write_text("a longer text that was there before")
    outputs.write(file, "{}\n\n")
    plain = tmp_path / "plain"
    plain.touch()
    assert file.read_text() == "{}\n"
    assert file.stat().st_mode == plain.stat().st_mode
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.json", "plain"]


def test_a_report_that_fails_halfway_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "out.json"
    file.write_text("before")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(UserError, match="No space left"):
        outputs.write(file, "after")
    assert file.read_text() == "before"
    assert [path.name for path in tmp_path.iterdir()] == ["out.json"]


def test_a_file_name_that_is_no_text_does_not_stop_a_report(tmp_path: Path) -> None:
    outputs.write(tmp_path / "out", "caf\udce9.tf")
    assert (tmp_path / "out").read_text() == "caf?.tf\n"


def test_a_summary_keeps_what_earlier_steps_said(tmp_path: Path) -> None:
    summary = tmp_path / "summary"
    summary.write_text("# before\n")
    outputs.append(summary, "## after")
    assert summary.read_text() == "# before\n## after\n"
    with pytest.raises(UserError, match="cannot be written"):
        outputs.append(tmp_path, "x")
