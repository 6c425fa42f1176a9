"""setout scaffold: the repository that a plan asks for, checked."""

from __future__ import annotations

import argparse

from setout import arguments, console
from setout.errors import GOOD


def add(commands: arguments.Commands) -> None:
    parser = arguments.command(commands, "scaffold", run, "make the repository that the plan asks for, and check it")
    arguments.add_delivery(parser)
    parser.add_argument("--no-validate", action="store_true", help="leave the checks out")


def run(options: argparse.Namespace) -> int:
    from setout import pipeline  # noqa: PLC0415

    plan = arguments.located(options.plan)
    with console.progress() as progress:
        value = pipeline.scaffold(
            plan,
            options.destination,
            arguments.settings(options),
            template=options.template,
            ref=options.ref,
            strict=options.strict,
            check=not options.no_validate,
            progress=progress,
        )
    console.show(options.format, "delivery", value)
    return value.validation.exit_code if value.validation else GOOD
