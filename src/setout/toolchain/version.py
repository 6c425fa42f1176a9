"""The version of a program: asked from the program itself, and held against what the lock accepts."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

from setout import process
from setout.toolchain.pins import Tool

ANSWER_SECONDS = 15.0

# terraform and tofu would ask their vendor for a newer version each time they are asked for theirs.
_ENVIRONMENT = {"CHECKPOINT_DISABLE": "1"}


class Unreadable(Exception):
    """The program did not say a version: it cannot be started, hangs, or says something else."""


def ask(tool: Tool, path: Path, seconds: float = ANSWER_SECONDS) -> str:
    """The version that the program at `path` says it has. Raises Unreadable with the reason, a single line."""
    # An empty folder: shims and terraform look at the files around them to choose or extend what they say.
    with tempfile.TemporaryDirectory(prefix="setout-") as folder:
        try:
            ran = process.run((path, *tool.ask), cwd=Path(folder), env=_ENVIRONMENT, timeout=seconds)
        except process.CannotStart as error:
            raise Unreadable(f"cannot be started: {str(error).removeprefix(f'{path}: ')}") from error
        except process.TimedOut as error:
            raise Unreadable(f"did not say its version within {seconds:.0f} s") from error
    found = re.search(tool.says, ran.out + "\n" + ran.err, re.MULTILINE)
    if found is None:
        said = (ran.out.strip() or ran.err.strip() or "nothing").splitlines()[0][:80]
        raise Unreadable(f"says {said!r} (exit code {ran.code}) instead of a version")
    return found[1]


def unsuited(tool: Tool, version: str) -> str:
    """Why `version` will not do for `tool`; "" when it will."""
    from packaging.specifiers import SpecifierSet  # noqa: PLC0415 (30 ms that `setout --help` need not pay)
    from packaging.version import InvalidVersion, Version  # noqa: PLC0415

    try:
        parsed = Version(version)
    except InvalidVersion:
        return f"{version} is not a version"
    for trap, reason in tool.traps:
        if parsed == Version(trap):
            return f"{version} is known to be broken: {reason}"
    if parsed.is_prerelease:
        return f"{version} is a pre-release"
    return "" if SpecifierSet(tool.accepts).contains(parsed) else f"{version} is not {tool.accepts}"


def older(release: str, needed: str) -> bool:
    """Whether the Go `release`, as in "1.26.8" or "1.27rc1", is older than `needed`; what cannot be read is."""
    found = re.match(r"(\d+)\.(\d+)(?:\.(\d+))?", release)
    if found is None:
        return True
    have = tuple(int(part or 0) for part in found.groups())
    return have < tuple(int(part) for part in needed.split("."))
