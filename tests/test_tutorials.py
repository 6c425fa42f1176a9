"""The tutorials are run: each command of their console blocks, in order, and every line they show must come."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests import released
from tests.conftest import ROOT
from tests.day_two import workshop

PAGES = sorted((ROOT / "docs" / "tutorial").glob("*.md"))
_BLOCK = re.compile(r"^```console\n(.*?)^```$", re.M | re.S)


@dataclass(frozen=True)
class Step:
    """A command as it is typed, and the lines that are shown for it."""

    line: int
    command: str
    shown: tuple[str, ...]


def steps(text: str) -> Iterator[Step]:
    for block in _BLOCK.finditer(text):
        line = text.count("\n", 0, block.start(1)) + 1
        for part in re.split(r"^\$ ", block[1], flags=re.M)[1:]:
            typed, *rest = part.removesuffix("\n").split("\n")
            more = [item.removeprefix("> ") for item in rest if item.startswith("> ")]
            shown = tuple(item for item in rest if not item.startswith("> "))
            yield Step(line, "\n".join((typed, *more)), shown)
            line += len(rest) + 1


class Session:
    """A shell that remembers its directory."""

    def __init__(self, directory: Path, note: Path) -> None:
        self.directory, self.note = directory, note
        python = Path(sys.executable).parent
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        self.environment = {**inherited, **workshop.IDENTITY, "PATH": f"{python}{os.pathsep}{os.environ['PATH']}"}

    def type(self, command: str) -> subprocess.CompletedProcess[str]:
        script = f"trap 'pwd > \"{self.note}\"' EXIT\n{command}\n"
        done = subprocess.run(
            ["bash", "-c", script],
            cwd=self.directory,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        self.directory = Path(self.note.read_text("utf-8").strip())
        return done


def missing(shown: tuple[str, ...], out: str) -> str:
    """The first of the shown lines that does not come after the one before it; "" where all do."""
    said = iter(line.rstrip() for line in out.split("\n"))
    return next((line for line in shown if not any(_is_shown(line, other) for other in said)), "")


def _is_shown(line: str, said: str) -> bool:
    return said.startswith(line[:-1]) if line.endswith("…") else said == line.rstrip()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_command_of_a_tutorial_does_what_it_shows(page: Path, tmp_path: Path) -> None:
    checkout = released.clone(tmp_path / "checkout")
    (checkout / ".venv").symlink_to(sys.prefix)
    session = Session(checkout, tmp_path / "directory")
    typed = list(steps(page.read_text("utf-8")))
    assert typed
    for step in typed:
        done = session.type(step.command)
        assert done.returncode == 0, f"{page.name}:{step.line}: {step.command}\n{done.stdout}"
        lacking = missing(step.shown, done.stdout)
        assert not lacking, f"{page.name}:{step.line}: {step.command}\nlacks {lacking!r} in\n{done.stdout}"


def test_a_line_that_does_not_come_is_noticed() -> None:
    assert missing(("a", "c…"), "a\nb\ncde\n") == ""
    assert missing(("c", "a"), "a\nb\nc\n") == "a"
    assert missing(("ab",), "abc\n") == "ab"
