"""setout plan: what became of a plan, or the answer to a question, written into it."""

from __future__ import annotations

import argparse
from pathlib import Path

from setout import arguments, console
from setout.errors import DRIFT, GOOD, UserError


def add(commands: arguments.Commands) -> None:
    parser = commands.add_parser("plan", help="write into a plan: what became of it, or the answer to a question")
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    sync = arguments.command(
        actions, "sync", _sync, "write the real tree, decisions and results between markers into the plan"
    )
    sync.add_argument("destination", metavar="DEST", type=Path, nargs="?", default=Path(), help="default: here")
    sync.add_argument("--check", action="store_true", help="write nothing; exit 5 where the plan is not up to date")
    sync.add_argument("--no-validate", action="store_true", help="leave the checks out, and their results as they are")
    arguments.add_format(sync, "synced")
    answer = arguments.command(actions, "answer", _answer, "write an answer into the line of the plan that asks for it")
    answer.add_argument("answer", metavar="KEY=VALUE", help="KEY:LINE=VALUE where several lines ask for the same")
    answer.add_argument("--plan", metavar="PLAN", type=Path, help="the plan.md (default: that of the repository here)")
    arguments.add_format(answer, "answered")


def _sync(options: argparse.Namespace) -> int:
    from setout import pipeline  # noqa: PLC0415

    with console.progress() as progress:
        value = pipeline.sync(
            options.destination, check=options.check, with_results=not options.no_validate, progress=progress
        )
    console.show(options.format, "synced", value)
    return DRIFT if options.check and value.stale else GOOD


def _answer(options: argparse.Namespace) -> int:
    from setout.upkeep import reply, repository  # noqa: PLC0415

    key, equals, value = options.answer.partition("=")
    if not equals or not key:
        raise UserError(f"{options.answer}: this is not KEY=VALUE", "for example state_backend=S3")
    plan = arguments.located(options.plan) if options.plan else repository.open(Path()).plan
    if plan is None:
        raise UserError("the repository here has no plan", "name one with --plan")
    console.show(options.format, "answered", reply.answer(plan, key, value))
    return GOOD
