"""setout update: a changed plan or template carried into a repository."""

from __future__ import annotations

import argparse
from pathlib import Path

from setout import arguments, console
from setout.errors import CONFLICT, GOOD


def add(commands: arguments.Commands) -> None:
    parser = arguments.command(
        commands, "update", run, "carry a changed plan or template into a repository; never lose a line"
    )
    parser.add_argument("destination", metavar="DEST", type=Path, nargs="?", default=Path(), help="default: here")
    parser.add_argument("--plan", metavar="PLAN", type=Path, help="another plan than the one in the repository")
    arguments.add_set(parser)
    parser.add_argument(
        "--to", metavar="VERSION", default="", help="tag or commit of the template (default: the newest)"
    )
    parser.add_argument("--template", metavar="SOURCE", default="", help="path or URL of the template")
    arguments.add_consent(parser)
    parser.add_argument("--no-commit", action="store_true", help="leave the change staged")
    parser.add_argument("--resolve", action="store_true", help="hand conflicts over on a branch of their own")
    parser.add_argument("--no-validate", action="store_true", help="leave the checks out")
    parser.add_argument("--strict", action="store_true", help="let every open question stop, also those with a default")
    arguments.add_format(parser, "update")


def run(options: argparse.Namespace) -> int:
    from setout import pipeline  # noqa: PLC0415

    with console.progress() as progress:
        value = pipeline.update(
            options.destination,
            arguments.wish(options, options.to),
            commit=not options.no_commit,
            resolve=options.resolve,
            check=not options.no_validate,
            progress=progress,
        )
    console.show(options.format, "update", value)
    return CONFLICT if value.outcome == "refused" else GOOD
