"""Where a program is: the path a person gave, PATH, setout's cache, in this order; with what each place had to say."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from setout.toolchain import cache, version
from setout.toolchain.pins import Tool


@dataclass(frozen=True, slots=True)
class Program:
    """A program that can be used: its real name, its file, the version it says it has, and the hash of the file.

    `origin` says where it was found: "SETOUT_HELM", "PATH", or "cache: " and where the cache has it from.
    """

    name: str
    path: Path
    version: str
    origin: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Search:
    """How a search went: the first program that will do, if any, and what was passed over, each with the reason."""

    program: Program | None
    passed_over: tuple[str, ...] = ()


class Refused(Exception):
    """The path that a person gave holds nothing that can be used; nothing else is tried in its place."""


def given(tools: tuple[Tool, ...], path: Path | None) -> Search:
    """Look only where a person pointed: `path`, else each tool's environment variable. Raises Refused."""
    if path is not None:
        named = next((tool for tool in tools if path.name.startswith(tool.name)), tools[0])
        return Search(_given(named, tools, path, "given path"))
    for tool in tools:
        if named_path := os.environ.get(tool.variable, ""):
            return Search(_given(tool, tools, Path(named_path).expanduser(), tool.variable))
    return Search(None)


def _given(tool: Tool, tools: tuple[Tool, ...], path: Path, origin: str) -> Program:
    found = _any_of(tool, tools, path.absolute(), origin)
    if isinstance(found, str):
        raise Refused(f"{tool.name}: {origin}: {found}")
    return found


def on_path(tools: tuple[Tool, ...]) -> Search:
    """Look through every folder of PATH, not only the first that has the program: a later one may have a better."""
    passed: list[str] = []
    for tool in tools:
        for path in _candidates(tool.name):
            found = _any_of(tool, tools, path, "PATH")
            if isinstance(found, Program):
                return Search(found, tuple(passed))
            passed.append(found)
    return Search(None, tuple(passed) or ("PATH has none",))


def _candidates(name: str) -> Iterator[Path]:
    seen: set[Path] = set()
    for word in os.environ.get("PATH", os.defpath).split(os.pathsep):
        path = Path(word) / name
        # A relative folder of PATH means whatever the current repository put there.
        if path.is_absolute() and path.is_file() and os.access(path, os.X_OK) and path.resolve() not in seen:
            seen.add(path.resolve())
            yield path


def _any_of(tool: Tool, tools: tuple[Tool, ...], path: Path, origin: str) -> Program | str:
    """The program at `path` as what it says it is, for people call tofu terraform; or why it is not even `tool`."""
    found = _try(tool, path, origin)
    others = (_try(other, path, origin) for other in tools if other is not tool) if isinstance(found, str) else ()
    return next((other for other in others if isinstance(other, Program)), found)


def _try(tool: Tool, path: Path, origin: str) -> Program | str:
    """The program at `path`, or why it will not do."""
    try:
        said = version.ask(tool, path)
        if reason := version.unsuited(tool, said):
            return f"{path}: {reason}"
        return Program(tool.name, path, said, origin, cache.digest(path))
    except version.Unreadable as error:
        return f"{path} {error}"
    except OSError as error:
        return f"{path}: {error.strerror}"


def in_cache(tools: tuple[Tool, ...]) -> Search:
    """Look for the pinned version in the cache. Its bytes are hashed before anybody runs them."""
    passed: list[str] = []
    for tool in tools:
        for entry in cache.entries(tool.name):
            record = entry.record
            if entry.fault:
                passed.append(f"{entry.path} {entry.fault}")
            elif record is not None and record.version == tool.version:
                origin = f"cache: {record.origin}"
                return Search(Program(tool.name, entry.path, record.version, origin, record.sha256), tuple(passed))
    return Search(None, tuple(passed) or ("the cache has none",))


def everywhere(tools: tuple[Tool, ...], path: Path | None = None) -> Search:
    """The whole search for whichever of `tools` will do, without fetching anything. Raises Refused."""
    passed: list[str] = []
    for found in (given(tools, path), on_path(tools), in_cache(tools)):
        passed += found.passed_over
        if found.program is not None:
            return Search(found.program, tuple(passed))
    return Search(None, tuple(passed))


def traces(tools: tuple[Tool, ...]) -> Iterator[str]:
    """Every file and folder that `everywhere` would look at, whether it is there or not."""
    for tool in tools:
        if named_path := os.environ.get(tool.variable, ""):
            yield str(Path(named_path).expanduser().absolute())
        yield from (str(path) for path in _candidates(tool.name))
        shelf = cache.root() / "tools" / tool.name
        yield str(shelf)
        for folder in sorted(shelf.iterdir()) if shelf.is_dir() else ():
            yield from (str(folder / tool.name), str(folder / cache.RECORD))
