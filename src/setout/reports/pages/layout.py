"""What every page for people is made of: its width, its tables, and words from which nothing takes orders."""

from __future__ import annotations

from io import StringIO

from rich.console import Console
from rich.markup import escape as escape_markup
from rich.table import Table


def escape(text: str) -> str:
    """Words of a plan, a repository or a program, from which neither our markup nor the terminal takes orders."""
    return escape_markup(without_controls(text))


def without_controls(text: str) -> str:
    """What people wrote into files must not steer the terminal."""
    return "".join(letter for letter in text if letter in "\n\t" or letter.isprintable())


def blank(color: bool) -> Console:
    """A page to print on."""
    return Console(
        file=StringIO(),
        force_terminal=color,
        no_color=not color,
        width=120,
        highlight=False,
        soft_wrap=False,
        emoji=False,
    )


def written(page: Console) -> str:
    """What has been printed on the page."""
    file = page.file
    assert isinstance(file, StringIO)  # noqa: S101 - `blank` made it so
    return "\n".join(line.rstrip() for line in file.getvalue().rstrip().split("\n"))


def grid(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for column in columns:
        numeric = column in {"checked", "seconds"}
        table.add_column(column, justify="right" if numeric else "left", overflow="fold", no_wrap=numeric)
    return table


def short(sentence: str, limit: int = 96) -> str:
    return sentence if len(sentence) <= limit else sentence[: limit - 1].rsplit(" ", 1)[0] + " …"
