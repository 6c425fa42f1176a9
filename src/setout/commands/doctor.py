"""setout doctor: what works on this machine, and the command for what does not."""

from __future__ import annotations

import argparse

from setout import arguments, console
from setout.errors import GOOD, TOOL_MISSING


def add(commands: arguments.Commands) -> None:
    arguments.command(
        commands, "doctor", run, "say what works on this machine, what does not, and the command that mends it"
    )


def run(_options: argparse.Namespace) -> int:
    from setout.toolchain import doctor  # noqa: PLC0415

    diagnoses = doctor.examine()
    for row in doctor.rows(diagnoses):
        console.out(row)
    return GOOD if all(diagnosis.works for diagnosis in diagnoses) else TOOL_MISSING
