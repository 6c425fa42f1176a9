"""The score of the reader: what is counted, what is recorded, and what is told to have changed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from scripts import score

from tests.conftest import PLANS

CASE = PLANS / "multi-tool"


def label(**changes: Any) -> dict[str, Any]:
    return {**json.loads((CASE / "reading.json").read_text("utf-8")), **changes}


def of(*labels: dict[str, Any]) -> dict[str, score.Score]:
    return score.score([(CASE / "plan.md", list(labels))])


def test_what_is_read_as_labelled_is_right() -> None:
    fields = of(label())
    assert all(total.right == total.plans == 1 for total in fields.values())
    assert not any(total.misses for total in fields.values())


def test_a_wrong_value_is_counted_both_ways_and_as_sure() -> None:
    clouds = of(label(clouds=["azure"]))["clouds"]
    assert (clouds.found, clouds.missed, clouds.invented, clouds.wrong_but_sure) == (0, 1, 1, 1)
    assert "missed ['azure'], invented ['aws']" in clouds.misses[0]


def test_either_of_two_readings_counts() -> None:
    fields = of(label(clouds=["azure"], outcome="none"), label())
    assert (fields["clouds"].right, fields["outcome"].right) == (1, 1)


def test_the_changes_against_the_recorded_score_are_told_figure_by_figure() -> None:
    before, now = score.plain({"plans": of(label(clouds=["azure"]))}), score.plain({"plans": of(label())})
    assert score.changes(now, now) == []
    assert "plans: clouds: wrong_but_sure 1 -> 0" in score.changes(now, before)
    assert "plans: clouds: f1 0 -> 1" in score.changes(now, before)
    assert score.changes(now, {}) == []


def test_recording_writes_the_page_and_what_to_compare_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(score, "RECORD", tmp_path / "score.json")
    monkeypatch.setattr(score, "PAGE", tmp_path / "score.md")
    words = ["score.py", "--plans", str(tmp_path)]
    monkeypatch.setattr("sys.argv", [*words, "--compare"])
    assert score.main() == 0
    assert "nothing is recorded yet" in capsys.readouterr().out
    monkeypatch.setattr("sys.argv", [*words, "--record"])
    assert score.main() == 0
    assert "| outcome | 7 | 100.0% |" in (tmp_path / "score.md").read_text("utf-8")
    monkeypatch.setattr("sys.argv", [*words, "--compare"])
    assert score.main() == 0
    assert "nothing has changed" in capsys.readouterr().out
