"""The reference is cut from the code, and this notices when the two part."""

from __future__ import annotations

import argparse
import re
import shlex
from collections.abc import Iterator

import pytest
from scripts import make_reference

from setout import cli
from tests.conftest import ROOT

_CONSOLE = re.compile(r"^```console\n(.*?)^```$", re.M | re.S)
_LINK = re.compile(r"\]\((?!https?://|#)([^)#\s]+)")


@pytest.mark.parametrize("name", ["components.md", "gates.md"])
def test_a_page_is_what_the_code_says(name: str) -> None:
    stored = (ROOT / "docs" / "reference" / name).read_text("utf-8")
    assert stored == make_reference.pages()[name], "run: make reference"


def words(parser: argparse.ArgumentParser) -> Iterator[str]:
    """Every command and option; not the layout, which differs between versions of Python."""
    for action in parser._actions:
        yield from action.option_strings
        if isinstance(action, argparse._SubParsersAction):
            for name, child in action.choices.items():
                yield name
                yield from words(child)


def test_every_command_and_option_is_documented() -> None:
    page = (ROOT / "docs" / "reference" / "commands.md").read_text("utf-8")
    missing = [word for word in words(cli.parser()) if not re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", page)]
    assert missing == [], "run: make reference"


def test_relative_links_of_the_documentation_lead_somewhere() -> None:
    files = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    links = ((file, link) for file in files for link in _LINK.findall(file.read_text("utf-8")))
    assert [f"{file.relative_to(ROOT)}: {link}" for file, link in links if not (file.parent / link).exists()] == []


def shown() -> list[tuple[str, str]]:
    """Every command of ours that a page shows, with the page; only up to a comment, a pipe or another command."""
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    lines = ((page, line) for page in pages for block in _CONSOLE.findall(page.read_text("utf-8"))
             for line in block.split("\n"))  # fmt: skip
    typed = ((page, line.removeprefix("$ ").split(" #")[0]) for page, line in lines)
    return [(page.name, re.split(r" (?:\|\|?|&&|>) ", line)[0]) for page, line in typed if line.startswith("setout ")]


@pytest.mark.parametrize(("page", "command"), shown())
def test_every_command_that_a_page_shows_can_be_typed(page: str, command: str) -> None:
    words = shlex.split(command)[1:]
    if "--help" not in words and "--version" not in words:
        assert callable(cli.parser().parse_args(words).command), page


def test_pages_show_commands() -> None:
    assert len({command.split()[1] for _, command in shown()}) > 6
