"""setout read: what a plan says, what follows from it, and what is open."""

from __future__ import annotations

import argparse
from pathlib import Path

from setout import arguments, console
from setout.errors import GOOD, OPEN_QUESTIONS, UserError


def add(commands: arguments.Commands) -> None:
    parser = arguments.command(
        commands, "read", run, "show what a plan says, what is decided and why, and what is open"
    )
    parser.add_argument(
        "plan",
        metavar="PLAN",
        type=Path,
        nargs="*",
        default=[Path()],
        help="the plan.md, or a directory to find it in (default: here); of several, JSON is one a line",
    )
    arguments.add_set(parser)
    parser.add_argument("--strict", action="store_true", help="exit 3 where a plan leaves anything open")
    arguments.add_format(parser, "readings")


def run(options: argparse.Namespace) -> int:
    from setout import pipeline  # noqa: PLC0415 - `setout --help` must not wait for it

    settings, values, code = arguments.settings(options), [], GOOD
    for plan in options.plan:
        try:
            values.append(pipeline.read(arguments.located(plan), settings))
        except UserError as error:  # the other plans are still worth reading
            failed = console.complain(error, options.words)
            code = code or failed
    if values:
        console.show(options.format, "readings", values)
    if options.strict and any(value.decision.questions for value in values):
        code = code or OPEN_QUESTIONS
    return code
