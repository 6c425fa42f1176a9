"""setout accept: a difference that is meant, written down with its reason."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from setout import arguments, console
from setout.errors import GOOD, UserError


def add(commands: arguments.Commands) -> None:
    parser = arguments.command(commands, "accept", run, "write down that a difference is meant, so that it is no drift")
    parser.add_argument(
        "files", metavar="FILE", nargs="*", help="changed, added or deleted files, or directories of them"
    )
    parser.add_argument("--reason", metavar="WORDS", required=True, help="why; a reviewer reads it a year from now")
    parser.add_argument("--until", metavar="YYYY-MM-DD", default="", help="the last day on which it holds")
    parser.add_argument(
        "--field", metavar="FIELD", action="append", default=[], help="a contradiction, by its field (state_backend, …)"
    )
    arguments.add_in(parser)
    parser.add_argument("--template", metavar="SOURCE", default="", help="path or URL of the template")
    arguments.add_format(parser, "acceptances")


def run(options: argparse.Namespace) -> int:
    from setout import pipeline  # noqa: PLC0415

    root, paths = _below(options.inside, options.files)
    with console.progress() as progress:
        values = pipeline.accept(
            root,
            paths,
            options.field,
            options.reason,
            options.until,
            template=options.template,
            progress=progress,
        )
    console.show(options.format, "acceptances", values)
    return GOOD


def _below(inside: Path | None, files: Sequence[str]) -> tuple[Path, list[str]]:
    """The repository, and the files as paths below it."""
    from setout.provenance import why  # noqa: PLC0415

    located = [why.locate(file, inside) for file in files]
    roots = {root for root, _, _ in located} or {inside or Path()}
    if len(roots) > 1:
        raise UserError("the files lie in several repositories", "accept those of one repository at a time")
    return roots.pop(), [path for _, path, _ in located]
