"""setout why: what a file, or a line of it, rests on."""

from __future__ import annotations

import argparse
from pathlib import Path

from setout import arguments, console
from setout.errors import GOOD, UserError


def add(commands: arguments.Commands) -> None:
    parser = arguments.command(
        commands, "why", run, "say which plan lines, answers and blueprint made a file or a line of it"
    )
    parser.add_argument("file", metavar="FILE[:LINE]", nargs="?", default="", help="a file of a delivered repository")
    parser.add_argument(
        "--plan", metavar="LINE", type=int, help="instead: every file that rests on this line of the plan"
    )
    arguments.add_in(parser)
    parser.add_argument("--template", metavar="SOURCE", default="", help="path or URL of the template")
    arguments.add_format(parser, "why")


def run(options: argparse.Namespace) -> int:
    from setout.provenance import why  # noqa: PLC0415
    from setout.upkeep import repository  # noqa: PLC0415

    if bool(options.file) == (options.plan is not None):
        raise UserError("say what is asked about: FILE, or --plan LINE", "setout why README.md, setout why --plan 12")
    if options.file:
        root, path, line = why.locate(options.file, options.inside)
        console.show(options.format, "why", why.of_file(repository.open(root), path, line, template=options.template))
    else:
        repo = repository.open(options.inside or Path())
        console.show(options.format, "resting", why.of_plan_line(repo, options.plan, template=options.template))
    return GOOD
