"""Words of the command line that several commands share, and what they mean."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from setout import console, reports
from setout.errors import UserError

if TYPE_CHECKING:
    from setout.upkeep.intent import Wish

    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

Command = Callable[[argparse.Namespace], int]


def command(commands: Commands, name: str, run: Command, summary: str) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=summary, description=summary)
    parser.set_defaults(command=run)
    return parser


def add_format(parser: argparse.ArgumentParser, view: str) -> None:
    parser.add_argument(
        "--format",
        choices=reports.offering(view),
        help="what goes to standard output: text for people (the default), the others for machines",
    )


def add_plan(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("plan", metavar="PLAN", type=Path, help="the plan.md, or a directory to find it in")
    add_set(parser)


def add_set(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--set",
        metavar="FIELD=VALUE",
        action="append",
        default=[],
        help="answer a question for this run; lists are written with commas (--set environments=dev,prod)",
    )


def add_delivery(parser: argparse.ArgumentParser) -> None:
    add_plan(parser)
    parser.add_argument("destination", metavar="DEST", type=Path, help="a new directory, or a repository")
    parser.add_argument("--strict", action="store_true", help="let every open question stop, also those with a default")
    parser.add_argument("--template", metavar="SOURCE", default="", help="path or URL of another template")
    parser.add_argument("--ref", metavar="REF", default="", help="tag, branch or commit of the template")
    add_format(parser, "delivery")


def add_consent(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--allow-delete",
        metavar="NAME",
        action="append",
        default=[],
        help="let what has this name go (a tenant, an environment, …); or a path, with what people wrote in it",
    )
    parser.add_argument(
        "--rename",
        metavar="KIND:OLD=NEW",
        action="append",
        default=[],
        help="say that something has a new name and is the same (--rename tenant:retail=shops); of a file that the "
        "template has moved: file:OLD=NEW",
    )


def add_in(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--in", metavar="DEST", dest="inside", type=Path, help="the repository; FILE is then below it (default: here)"
    )


def settings(options: argparse.Namespace) -> dict[str, str]:
    settings = {}
    for text in options.set:
        name, equals, value = text.partition("=")
        if not equals or not name:
            raise UserError(f"--set {text}: this is not FIELD=VALUE", "for example --set environments=dev,prod")
        settings[name.strip()] = value
    return settings


def located(plan: Path) -> Path:
    """The plan that a word of the command line stands for; where it was found, and why, is said."""
    from setout.plan import location  # noqa: PLC0415

    found = location.find(plan, os.environ, _branch)
    if found.because:
        console.say(f"plan: {found.path} ({found.because})")
    return found.path


def _branch(directory: Path) -> str:
    from setout import git  # noqa: PLC0415

    try:
        return git.branch(directory)
    except UserError:  # no repository, or no git: then no branch leads to a plan
        return ""


def wish(options: argparse.Namespace, version: str) -> Wish:
    from setout.upkeep.intent import Wish  # noqa: PLC0415

    return Wish(
        located(options.plan) if options.plan else None,
        settings(options),
        options.template,
        version,
        options.strict,
        tuple(options.allow_delete),
        tuple(options.rename),
    )
