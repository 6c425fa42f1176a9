"""setout cache: what validation remembers, and how to make it forget."""

from __future__ import annotations

import argparse

from setout import arguments, console
from setout.errors import GOOD


def add(commands: arguments.Commands) -> None:
    parser = arguments.command(commands, "cache", run, "how much validation remembers, and where")
    actions = parser.add_subparsers(metavar="ACTION")
    arguments.command(actions, "clean", _clean, "forget it; the next validation looks at everything anew")


def run(_options: argparse.Namespace) -> int:
    from setout.validation import store  # noqa: PLC0415

    kept = store.extent(store.default().folder)
    console.out(f"{kept} of at most {store.LIMIT // 1_000_000} MB; setout cache clean forgets them")
    return GOOD


def _clean(_options: argparse.Namespace) -> int:
    from setout.validation import store  # noqa: PLC0415

    console.out(f"forgotten: {store.clean(store.default().folder)}")
    return GOOD
