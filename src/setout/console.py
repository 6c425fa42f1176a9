"""What people and machines get to see: the only module that prints."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from setout import reports
from setout.errors import SeveralPlans, UserError


def out(text: str) -> None:
    """What was asked for, on standard output."""
    print(text, flush=True)


def say(text: str) -> None:
    """What a person should know meanwhile, on standard error."""
    print(text, file=sys.stderr, flush=True)


def show(name: str | None, view: str, value: object) -> None:
    """Print a report; where GitHub runs us, the step's summary gets what annotations have no room for."""
    format_ = reports.load(name or reports.TEXT)
    out(getattr(format_, view)(value, color=color()))
    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    if name == "github" and summary:
        from setout import outputs  # noqa: PLC0415

        outputs.append(Path(summary), getattr(format_, f"{view}_summary")(value))


@contextmanager
def progress() -> Iterator[Callable[[str], None]]:
    """Say what is running: a spinner on a terminal, a line each elsewhere. Always on standard error."""
    if not sys.stderr.isatty():
        yield say
        return
    from rich.console import Console  # noqa: PLC0415

    with Console(stderr=True).status("…") as status:
        yield status.update


def complain(error: UserError, words: Sequence[str]) -> int:
    """Say what is wrong and what to do about the command that was typed as `words`; returns its exit code."""
    say(f"error: {error.message}" + (f"\n  hint: {error.hint}" if error.hint else ""))
    if isinstance(error, SeveralPlans):
        for plan in error.choices:
            say(f"    {_naming(plan, error.directory, words)}")
    return error.exit_code


def _naming(plan: Path, directory: Path, words: Sequence[str]) -> str:
    """The command as it was typed, with the plan in place of the directory."""
    typed, is_named = list[str](), False
    for word in words:
        option, equals, value = word.partition("=") if word.startswith("--") else ("", "", word)
        is_it = not is_named and value != "" and not value.startswith("-") and Path(value) == directory
        typed.append(f"{option}{equals}{plan}" if is_it else word)
        is_named = is_named or is_it
    command = shlex.join(["setout", *typed, *([] if is_named else [str(plan)])])
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in command)


def color() -> bool:
    return sys.stdout.isatty() and "NO_COLOR" not in os.environ
