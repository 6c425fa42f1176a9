"""Which version of which program, where it is, how it is got."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

from setout.errors import ToolMissing, UserError
from setout.toolchain import lock as locked
from setout.toolchain import search
from setout.toolchain.lock import Tool
from setout.toolchain.search import Program

__all__ = ["Program", "Tool", "catalogue", "find"]


def catalogue() -> tuple[Tool, ...]:
    """Every program of the lock file, in its order. Raises LockError."""
    return locked.read()


def find(name: str, path: Path | None = None) -> Program:
    """The program that meets the need `name`: at `path`, in SETOUT_<NAME>, on PATH, or in the cache.

    Nothing is downloaded or built. The need "terraform" is met by terraform and by tofu; `Program.name` says by which.

    Raises:
        ToolMissing: nothing that will do is there; the hint is the one command that gets it.
        UserError: no program of this name is in the lock.
    """
    return _find(name, path, _surroundings())


def _surroundings() -> tuple[tuple[str, str], ...]:
    """Everything in the environment that a search depends on, so that a remembered answer is never another's."""
    names = ("PATH", "HOME", "XDG_CACHE_HOME", "SETOUT_CACHE", *(tool.variable for tool in catalogue()))
    return tuple((name, os.environ.get(name, "")) for name in names)


@lru_cache
def _find(name: str, path: Path | None, surroundings: tuple[tuple[str, str], ...]) -> Program:  # noqa: ARG001
    candidates = serving(name)
    try:
        found = search.everywhere(candidates, path)
    except search.Refused as error:
        raise ToolMissing(str(error), "correct the path, or leave it out and let setout search") from error
    if found.program is None:
        wanted = " or ".join(f"{tool.name} {tool.accepts}" for tool in candidates)
        raise ToolMissing(f"{wanted} is not there: {'; '.join(found.passed_over)}", f"setout tools install {name}")
    return found.program


def serving(name: str) -> tuple[Tool, ...]:
    """The programs that meet the need `name`, the one of that name first. Raises UserError if nobody knows it."""
    tools = catalogue()
    named = tuple(tool for tool in tools if tool.name == name)
    if not named:
        raise UserError(f"no program is called {name}", f"one of: {', '.join(tool.name for tool in tools)}")
    return named + tuple(tool for tool in tools if tool.serves == name)
