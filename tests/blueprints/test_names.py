"""Names of template files can be read in a review, and are safe where Jinja puts them into the code it compiles."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from copier._jinja_ext import YieldExtension
from jinja2 import Environment, nodes

from tests.conftest import ROOT

BLUEPRINTS = ROOT / "blueprints"
PATHS = sorted(path for path in BLUEPRINTS.rglob("*") if path.is_symlink() or path.is_file())
SEGMENTS = sorted({part for path in PATHS for part in path.relative_to(BLUEPRINTS).parts})
ENVIRONMENT = Environment(extensions=[YieldExtension], autoescape=False)  # noqa: S701


def questions() -> set[str]:
    files = [ROOT / "copier.yml", *BLUEPRINTS.glob("*/_questions.yml"), ROOT / "src/setout/catalogue/components.yml"]
    texts = (re.sub(r"(?m)^!include.*$", "", file.read_text("utf-8")) for file in files)
    return {name for text in texts for document in yaml.safe_load_all(text) for name in document or {}}


def halves(text: str) -> Iterator[int]:
    """The lines of `a if b` that have no `else`."""
    for node in ENVIRONMENT.parse(text).find_all(nodes.CondExpr):
        if node.expr2 is None:
            yield node.lineno


def test_every_name_can_be_read() -> None:
    assert not [(len(name), name) for name in SEGMENTS if len(name) > 80]


def test_no_name_imports() -> None:
    assert not [name for name in SEGMENTS if "import" in name.split()]


def test_no_loop_hides_a_question() -> None:
    """Copier refuses a loop variable called like a question, whether that is recorded or not."""
    variables = {name.split("{% yield ")[1].split()[0] for name in SEGMENTS if "{% yield " in name}
    assert variables
    assert not variables & questions()


@pytest.mark.parametrize("text", ["{{ 'a' if b }}", "x\n{% set a = 1 if b %}"])
def test_a_condition_without_else_is_seen(text: str) -> None:
    assert list(halves(text)) == [len(text.split("\n"))]


def test_every_condition_in_a_name_has_an_else() -> None:
    assert not [name for name in SEGMENTS if list(halves(name))]


def test_every_condition_below_a_name_with_quotes_has_an_else() -> None:
    """Without one, Jinja writes the file's name into the code that it compiles, and the quotes end the string."""
    quoted = [path for path in PATHS if path.suffix == ".jinja" and not path.is_symlink() and "'" in _name(path)]
    assert quoted
    assert not [f"{_name(path)}:{line}" for path in quoted for line in halves(path.read_text("utf-8"))]


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()
