"""Which version of which program, where it is, how it is got.

A program is looked for at the path a person gave, on PATH, in setout's cache; `find` does that and never fetches.
`install` goes on from there: the vendor's release, checked against a published sha256, then the pinned Go module.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from setout.errors import ToolMissing, UserError
from setout.toolchain import cache, pins, search
from setout.toolchain.pins import LOCK, LockError, Tool
from setout.toolchain.search import Program

if TYPE_CHECKING:
    from setout.toolchain import checksums, installation

__all__ = [
    "LockError",
    "Program",
    "Tool",
    "Verified",
    "catalogue",
    "find",
    "install",
    "lock",
    "serving",
    "traces",
    "verify",
]

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Verified:
    """One binary of the cache, held against its record: what it is and on whose word, or what is wrong with it."""

    name: str
    path: Path
    works: bool
    detail: str


def catalogue() -> tuple[Tool, ...]:
    """Every program of the lock file, in its order. Raises LockError."""
    return pins.read()


def serving(need: str) -> tuple[Tool, ...]:
    """The programs that meet `need`, the one of that name first. Raises UserError if nobody knows it."""
    tools = catalogue()
    named = tuple(tool for tool in tools if tool.name == need)
    if not named:
        raise UserError(f"no program is called {need}", f"one of: {', '.join(tool.name for tool in tools)}")
    return named + tuple(tool for tool in tools if tool.serves == need)


def find(name: str, path: Path | None = None) -> Program:
    """The program that meets the need `name`: at `path`, in SETOUT_<NAME>, on PATH, or in the cache.

    Nothing is downloaded or built. The need "terraform" is met by terraform and by tofu; `Program.name` says by which.

    Raises:
        ToolMissing: nothing that will do is there; the hint is the one command that gets it.
        UserError: no program of this name is in the lock.
    """
    return _find(name, path, _surroundings())


def traces(name: str) -> tuple[dict[str, str], tuple[str, ...]]:
    """What a search for `name` depends on: the environment, and every path that it would look at.

    While these and the files there are the same, a search finds the same.
    """
    return dict(_surroundings()), tuple(search.traces(serving(name)))


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


def install(names: Iterable[str], progress: Progress, *, managed: bool = False) -> tuple[installation.Installed, ...]:
    """Make sure that every one of `names` is there; see `installation.install`.

    Raises:
        ToolMissing, Untrusted, CacheError: the first that could not be had; those before it stay installed.
        UserError: no program of this name is in the lock.
    """
    from setout.toolchain.installation import install as install_one  # noqa: PLC0415 (urllib is slow to import)

    wanted = [serving(name) for name in names]  # a misspelt name is noticed before minutes are spent
    done = tuple(install_one(candidates, progress, managed=managed) for candidates in wanted)
    _find.cache_clear()
    return done


def verify(names: Iterable[str] = ()) -> tuple[Verified, ...]:
    """Hash everything in the cache that is called one of `names`, or everything, and hold it against the records."""
    chosen = tuple(names) or tuple(tool.name for tool in catalogue())
    return tuple(_verified(name, entry) for name in chosen for entry in cache.entries(serving(name)[0].name))


def _verified(name: str, entry: cache.Entry) -> Verified:
    if entry.fault or entry.record is None:
        return Verified(name, entry.path, False, f"{entry.fault}; remove {entry.path.parent}")
    record = entry.record
    return Verified(name, entry.path, True, f"{record.version} from {record.origin}, trusted on: {record.authority}")


def lock(names: Iterable[str], progress: Progress, file: Path = LOCK) -> tuple[checksums.Locked, ...]:
    """Take missing checksums from the vendors' checksum files into the lock, and hold the others against them.

    Without `names` every program is looked at. Nothing that is already in the lock is changed.

    Raises:
        LockError: the lock file cannot be read or written.
        UserError: no program of this name is in the lock.
    """
    from setout.toolchain.checksums import lock as lock_all  # noqa: PLC0415 (urllib is slow to import)

    tools = pins.read(file)
    chosen = set(names)
    if unknown := chosen - {tool.name for tool in tools}:
        raise UserError(f"no program is called {min(unknown)}", f"one of: {', '.join(tool.name for tool in tools)}")
    return lock_all(tuple(tool for tool in tools if not chosen or tool.name in chosen), progress, file)
