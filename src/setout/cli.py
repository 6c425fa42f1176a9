"""Words in, exit code out."""

from __future__ import annotations

import argparse
import io
import os
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import NoReturn

from setout import __version__, console
from setout.commands import COMMANDS
from setout.errors import BUG, GOOD, INTERRUPTED, UserError

_DESCRIPTION = """\
Carries a written implementation plan onto the ground: reads plan.md, decides which structure it asks for,
renders the repository and checks it with terraform, helm, kustomize and kubeconform.
"""
_EXAMPLES = """\
a first session:
  setout read specs/001-platform/plan.md              what the plan says, and what follows from it
  setout preview specs/001-platform/plan.md ../infra  every file that would appear
  setout scaffold specs/001-platform/plan.md ../infra the repository, checked
  setout update ../infra                              later: what plan and template have come to say
  setout drift ../infra                               who changed what since
  setout why README.md:3                              which line of the plan a line comes from

exit codes: 0 good, 1 findings, 2 usage, 3 the plan leaves something open, 4 conflict, 5 drift,
            6 a required tool is missing, 70 a fault of setout (with a log), 130 interrupted
"""


def main(argv: list[str] | None = None) -> int:
    """Run one command and return its exit code."""
    options = parser().parse_args(argv)
    options.words = sys.argv[1:] if argv is None else argv
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal without UTF-8, or a file name that is no text
    signal.signal(signal.SIGTERM, _terminated)
    try:
        code: int = options.command(options)
        return code
    except UserError as error:
        return console.complain(error, options.words)
    except KeyboardInterrupt:
        console.say("interrupted; nothing half-written was left behind")
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return GOOD
    except Exception as error:  # the one place where a fault of ours is caught, and written down
        console.say(f"error: setout has failed ({type(error).__name__}); the log is at {_log(error)}")
        return BUG


def _terminated(_number: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="setout",
        description=_DESCRIPTION,
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"setout {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for command in COMMANDS:
        command.add(commands)
    return parser


def _log(error: Exception) -> Path:
    import tempfile  # noqa: PLC0415
    import traceback  # noqa: PLC0415

    handle, name = tempfile.mkstemp(prefix="setout-", suffix=".log", text=True)
    with os.fdopen(handle, "w") as file:
        file.write(f"setout {__version__}\n")
        traceback.print_exception(error, file=file)
    return Path(name)
