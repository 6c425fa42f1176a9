"""The failures a person can cause: one line that says where and what, a hint that says what to do, an exit code."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

GOOD = 0
FINDINGS = 1
USAGE = 2
OPEN_QUESTIONS = 3
CONFLICT = 4
DRIFT = 5
TOOL_MISSING = 6
BUG = 70
INTERRUPTED = 130


class UserError(Exception):
    """Something outside setout is wrong, and the person in front of it can mend it.

    Args:
        message: what is wrong, with file:line where there is one; a single line.
        hint: what to do about it; a single line, may be empty.
    """

    exit_code = USAGE

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = _one_line(message)
        self.hint = _one_line(hint)


class PlanError(UserError):
    """The plan cannot be read: not there, not text, too large, not a plan."""


class SeveralPlans(PlanError):
    """More than one plan, and nothing that says which of them is meant.

    Args:
        directory: where a plan was looked for.
        choices: every plan that may be meant.
    """

    def __init__(self, directory: Path, choices: Iterable[Path]) -> None:
        self.directory = directory
        self.choices = tuple(choices)
        super().__init__(f"{directory}: there are {len(self.choices)} plans here", "name the one that is meant:")


class DestinationError(UserError):
    """The destination cannot take a new repository."""


class TemplateError(UserError):
    """The template cannot be found, or cannot be rendered with these answers."""


class OpenQuestions(UserError):
    """The plan leaves something open without which nothing sensible can be delivered."""

    exit_code = OPEN_QUESTIONS


class ToolMissing(UserError):
    """A required program is not there and could not be had."""

    exit_code = TOOL_MISSING


def _one_line(text: str) -> str:
    """Keep control characters and line breaks of untrusted input out of the terminal."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
