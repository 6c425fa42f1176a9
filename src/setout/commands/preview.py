"""setout preview: what `scaffold`, or in a repository `update`, would do."""

from __future__ import annotations

import argparse

from setout import arguments, console
from setout.errors import GOOD


def add(commands: arguments.Commands) -> None:
    parser = arguments.command(commands, "preview", run, "show what `scaffold`, or in a repository `update`, would do")
    arguments.add_delivery(parser)
    arguments.add_consent(parser)


def run(options: argparse.Namespace) -> int:
    from setout import pipeline  # noqa: PLC0415

    if pipeline.is_delivered(options.destination):
        return _preview_update(options)
    value = pipeline.preview(
        arguments.located(options.plan),
        options.destination,
        arguments.settings(options),
        template=options.template,
        ref=options.ref,
        strict=options.strict,
    )
    console.show(options.format, "preview", value)
    return GOOD


def _preview_update(options: argparse.Namespace) -> int:
    from setout import pipeline  # noqa: PLC0415

    with console.progress() as progress:
        value = pipeline.preview_update(options.destination, arguments.wish(options, options.ref), progress=progress)
    console.show(options.format, "proposal", value)
    return GOOD
