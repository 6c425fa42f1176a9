"""Writes the pages of docs/reference that are cut from the code; `--check` says whether they are stale."""

from __future__ import annotations

import argparse
import inspect
import io
import os
import sys
from collections.abc import Iterator
from contextlib import redirect_stdout
from pathlib import Path

from setout import cli
from setout.validation import checks, rules
from setout.validation.gate import Gate
from setout.vocabulary import catalogue

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "reference"
_NOTE = "Written by `make reference` from the code; do not edit.\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing, exit 1 if a page is stale")
    options = parser.parse_args()
    stale = [name for name, text in pages().items() if _old(name) != text]
    for name in stale:
        print(f"{name} is stale; run: make reference" if options.check else f"wrote {name}")
        if not options.check:
            (FOLDER / name).write_text(pages()[name], "utf-8")
    return int(bool(stale) and options.check)


def pages() -> dict[str, str]:
    """Every page by its name below docs/reference."""
    return {"commands.md": _commands(), "components.md": _components(), "gates.md": _gates()}


def _old(name: str) -> str:
    file = FOLDER / name
    return file.read_text("utf-8") if file.is_file() else ""


def _commands() -> str:
    parts = ["# Commands\n", _NOTE, f"```text\n{_help(cli.parser())}```\n"]
    for name, parser in _subcommands(cli.parser(), "setout"):
        parts.append(f"## {name}\n\n```text\n{_help(parser)}```\n")
    return "\n".join(parts)


def _subcommands(parser: argparse.ArgumentParser, prefix: str) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, child in action.choices.items():
                yield f"{prefix} {name}", child
                yield from _subcommands(child, f"{prefix} {name}")


def _help(parser: argparse.ArgumentParser) -> str:
    os.environ["COLUMNS"] = "100"  # argparse wraps at the terminal's width otherwise
    text = io.StringIO()
    with redirect_stdout(text):
        parser.print_help()
    return text.getvalue()


def _components() -> str:
    rows = ["| component | chart | version | namespace | source, date |", "|---|---|---|---|---|"]
    for name, row in sorted(catalogue().items()):
        chart = f"`{row.get('chart') or row.get('path', '')}` @ {row.get('repository', '')}"
        rows.append(
            f"| {name}{' (legacy)' if row.get('legacy') else ''} | {chart} | {row.get('version', '')} "
            f"| {row.get('namespace', '')} | {row.get('source', '')}, {row.get('date', '')} |"
        )
    return "\n".join(["# Components\n", _NOTE, *rows]) + "\n"


def _gates() -> str:
    rows = ["| rule | requires | cure |", "|---|---|---|"]
    for module in checks.GATES:
        found = [value for _, value in inspect.getmembers(module) if isinstance(value, Gate)]
        rows += [f"| `{gate.rule}` | {gate.message} | {gate.remedy} |" for gate in sorted(found, key=lambda g: g.rule)]
    rows += ["", "## What programs say", "", "| rule | requires |", "|---|---|"]
    rows += [f"| `{rule}` | {about} |" for rule, about in rules.ABOUT.items()]
    return "\n".join(["# Gates\n", _NOTE, *rows]) + "\n"


if __name__ == "__main__":
    sys.exit(main())
