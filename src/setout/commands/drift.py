"""setout drift: who changed what, and where plan and repository disagree."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from setout import arguments, console
from setout.errors import DRIFT, GOOD

if TYPE_CHECKING:
    import datetime


def add(commands: arguments.Commands) -> None:
    parser = arguments.command(
        commands, "drift", run, "say who changed what, and which facts of the plan the repository contradicts"
    )
    parser.add_argument("destination", metavar="DEST", type=Path, nargs="?", default=Path(), help="default: here")
    parser.add_argument("--plan", metavar="PLAN", type=Path, help="another plan than the one in the repository")
    parser.add_argument("--template", metavar="SOURCE", default="", help="path or URL of the template")
    parser.add_argument(
        "--to", metavar="VERSION", default="", help="tag or commit of the template (default: the newest)"
    )
    arguments.add_format(parser, "drift")


def run(options: argparse.Namespace) -> int:
    from setout import pipeline  # noqa: PLC0415
    from setout.upkeep.intent import Wish  # noqa: PLC0415

    wish = Wish(
        arguments.located(options.plan) if options.plan else None, template=options.template, version=options.to
    )
    with console.progress() as progress:
        value = pipeline.drift(options.destination, wish, _today(), progress=progress)
    console.show(options.format, "drift", value)
    return GOOD if value.is_none else DRIFT


def _today() -> datetime.date:
    import datetime  # noqa: PLC0415

    return datetime.date.today()
