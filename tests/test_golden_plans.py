"""Every plan below tests/plans has beside it what must come out; adding a case is adding a folder.

`pytest --update-golden` writes `reading.json` (what is read and decided) and `tree.txt` (what is delivered).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from setout import pipeline
from setout.delivery import render
from setout.reports.json import reading_object
from tests.conftest import PLANS

CASES = sorted(path.parent.name for path in PLANS.glob("*/plan.md"))
_LEFT_OUT = {"facts", "set_aside", "plan"}  # long lists that change with every word of the vocabulary


def _reading(case: str) -> pipeline.Reading:
    return pipeline.read(PLANS / case / "plan.md")


def _compare(file: Path, actual: str, *, update: bool) -> None:
    if update:
        file.write_text(actual, "utf-8")
    assert file.is_file(), f"{file.name} is missing; look at the output, then run: pytest --update-golden"
    assert actual == file.read_text("utf-8")


@pytest.mark.parametrize("case", CASES)
def test_reads_and_decides(case: str, update_golden: bool) -> None:
    value = reading_object(_reading(case))
    kept = {key: item for key, item in value.items() if key not in _LEFT_OUT}
    kept["reason"] = kept["reason"].replace(str(PLANS), "tests/plans")
    _compare(PLANS / case / "reading.json", json.dumps(kept, indent=2, ensure_ascii=False) + "\n", update=update_golden)


@pytest.mark.parametrize("case", CASES)
def test_delivers_these_files(case: str, delivered: Callable[[str], Path], update_golden: bool) -> None:
    if _reading(case).decision.outcome.value != "scaffold":
        assert not (PLANS / case / "tree.txt").exists()
        return
    tree = render.tree(delivered(case))
    _compare(PLANS / case / "tree.txt", "\n".join(tree.files) + "\n", update=update_golden)
