"""setout schemas: what manifests and configurations can be held to."""

from __future__ import annotations

import argparse

from setout import arguments, console
from setout.errors import GOOD


def add(commands: arguments.Commands) -> None:
    summary = "what manifests and configurations can be held to: Kubernetes, custom resources, Terraform providers"
    arguments.command(commands, "schemas", run, summary)


def run(_options: argparse.Namespace) -> int:
    from setout.validation import schemas  # noqa: PLC0415

    for line in schemas.contents():
        console.out(line)
    return GOOD
