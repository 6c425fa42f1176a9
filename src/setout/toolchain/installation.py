"""Getting a program that is not there: the official release first, its own Go module next; and on whose word."""

from __future__ import annotations

import hashlib
import platform
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from setout.errors import TOOL_MISSING, ToolMissing, UserError
from setout.toolchain import archive, build, cache, checksums, download, search, version
from setout.toolchain.pins import Asset, Tool
from setout.toolchain.search import Program

Progress = Callable[[str], None]


class Untrusted(UserError):
    """A file is not what its vendor published. Nothing else is tried: somebody has to look at it."""

    exit_code = TOOL_MISSING


@dataclass(frozen=True, slots=True)
class Installed:
    """A program that is there now, on whose word it is trusted, and what each step on the way had to say."""

    program: Program
    authority: str
    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Origin:
    """Where a fresh binary came from, and who vouches for it."""

    address: str
    authority: str


@dataclass(frozen=True, slots=True)
class _Log:
    """What is told while it happens; of that, `steps` are what is worth telling again at the end."""

    name: str
    progress: Progress
    steps: list[str] = field(default_factory=list)

    def step(self, text: str) -> None:
        self.steps.append(text)
        self.progress(f"{self.name}: {text}")

    def tick(self, text: str) -> None:
        self.progress(f"{self.name}: {text}")


class _NotHad(Exception):
    """One way of getting a program did not work; the reason is a single line."""


def machine() -> str:
    """This machine as the lock names platforms, as in "linux-amd64"."""
    known = {"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64", "arm64": "arm64"}
    word = platform.machine().lower()
    return f"{sys.platform}-{known.get(word, word)}"


def install(candidates: tuple[Tool, ...], progress: Progress, *, managed: bool = False) -> Installed:
    """Make sure that one of `candidates` is there, and say how that was done.

    Args:
        candidates: the wanted program first, then those that meet the same need; only the first is ever fetched.
        progress: told each step as it is taken.
        managed: have the pinned version in the cache even where another would do.

    Raises:
        ToolMissing: every way failed; the message says why each did.
        Untrusted: a download is not what the lock or the vendor's checksum file says.
        CacheError: the cache cannot be written.
    """
    tool = candidates[0]
    log = _Log(tool.name, progress)
    found = _present((tool,) if managed else candidates, managed, log)
    if found is None:
        with cache.alone(tool.name, progress):
            found = _from_cache(tool) or _get(candidates, log)  # the other run may just have brought it
    program, authority = found
    return Installed(program, authority, tuple(log.steps))


def _present(candidates: tuple[Tool, ...], managed: bool, log: _Log) -> tuple[Program, str] | None:
    try:
        found = search.in_cache(candidates) if managed else search.everywhere(candidates)
    except search.Refused as error:
        raise ToolMissing(str(error), f"correct or unset {candidates[0].variable}") from error
    for reason in found.passed_over:
        log.step(reason)
    if found.program is None:
        return None
    program = found.program
    log.step(f"{program.version} is there: {program.path}")
    kept = _from_cache(next(tool for tool in candidates if tool.name == program.name))
    if kept is not None and kept[0].path == program.path:
        return kept
    return program, f"already there ({program.origin}); setout vouches for its version only"


def _from_cache(tool: Tool) -> tuple[Program, str] | None:
    for entry in cache.entries(tool.name):
        record = entry.record
        if record is not None and not entry.fault and record.version == tool.version:
            origin = f"cache: {record.origin}"
            return Program(tool.name, entry.path, record.version, origin, record.sha256), record.authority
    return None


def _get(candidates: tuple[Tool, ...], log: _Log) -> tuple[Program, str]:
    tool = candidates[0]
    with cache.scratch(tool.name) as folder:
        binary = folder / tool.name
        for way in (_released, _built):
            try:
                origin = way(tool, binary, log)
            except _NotHad as error:
                log.step(str(error))
            else:
                return _take_in(tool, binary, origin)
    raise ToolMissing(f"{tool.name} {tool.version} could not be had", _last_resort(candidates))


def _last_resort(candidates: tuple[Tool, ...]) -> str:
    """The one command that is left: another program that can be built, or pointing at what a person brought along."""
    tool, *others = candidates
    buildable = next((other.name for other in others if other.go), "")
    if buildable and not tool.go:
        return f"setout tools install {buildable}"
    return f"get it from {tool.page}, then: export {tool.variable}=/path/to/{tool.name}"


def _take_in(tool: Tool, binary: Path, origin: _Origin) -> tuple[Program, str]:
    try:
        said = version.ask(tool, binary)
    except version.Unreadable as error:
        raise ToolMissing(f"{tool.name} from {origin.address} {error}", _last_resort((tool,))) from error
    if said != tool.version:
        raise Untrusted(f"{tool.name} from {origin.address} says it is {said}, and the lock says {tool.version}")
    record = cache.Record(
        name=tool.name,
        version=tool.version,
        platform=machine(),
        sha256=cache.digest(binary),
        size=binary.stat().st_size,
        origin=origin.address,
        authority=origin.authority,
    )
    path = cache.put(binary, record)
    return Program(tool.name, path, tool.version, f"cache: {record.origin}", record.sha256), record.authority


def _released(tool: Tool, binary: Path, log: _Log) -> _Origin:
    """The vendor's release for this machine, unpacked to `binary`."""
    asset = tool.asset(machine())
    if asset is None:
        raise _NotHad(f"no release for {machine()} is in the lock")
    try:
        sha256, authority = _expected(asset)
        log.step(f"downloading {asset.url}")
        part = cache.downloads() / f"{hashlib.sha256(asset.url.encode()).hexdigest()[:16]}-{asset.file}.part"
        _fetch_whole(asset, part, sha256, log)
        archive.take(part, asset.member, binary)
    except download.Unreachable as error:
        raise _NotHad(f"download: {error}") from error
    except archive.NotThere as error:
        raise Untrusted(f"{asset.url} has the right sha256 and yet {error}") from error
    part.unlink()
    log.step(f"unpacked {asset.member}; its archive was trusted on: {authority}")
    return _Origin(asset.url, authority)


def _expected(asset: Asset) -> tuple[str, str]:
    """The sha256 the archive must have, and who says so."""
    if asset.sha256:
        return asset.sha256, "sha256 in setout's lock"
    try:
        return checksums.published(asset), f"checksum file fetched from {asset.checksums}"
    except checksums.NotListed as error:
        raise _NotHad(f"no sha256 is in the lock, and {error}") from error


def _fetch_whole(asset: Asset, part: Path, sha256: str, log: _Log) -> None:
    """Fetch until the bytes are right. A continued file that is wrong is fetched once more from its start."""
    continued = part.exists()
    if continued and cache.digest(part) == sha256:
        return  # an earlier run was stopped between the last byte and unpacking
    download.fetch(asset.url, part, asset.size, log.tick)
    found = cache.digest(part)
    if found == sha256:
        return
    part.unlink()
    if continued:
        log.step("what was continued does not fit together; starting again")
        _fetch_whole(asset, part, sha256, log)
        return
    raise Untrusted(
        f"{asset.url} has sha256 {found}, and {sha256} was published; it was not used",
        "if a proxy changes downloads, ask for an exception; otherwise report it to the vendor",
    )


def _built(tool: Tool, binary: Path, log: _Log) -> _Origin:
    """The pinned Go module, built to `binary`."""
    if tool.go is None:
        raise _NotHad("it cannot be built from a Go module")
    log.step(f"building {tool.go.package} {tool.version} with Go (about {tool.go.seconds} s the first time)")
    try:
        build.build(tool, tool.go, binary)
    except build.NotBuilt as error:
        raise _NotHad(f"build: {error}") from error
    return _Origin(f"{tool.go.module}@v{tool.version}", "Go checksums in setout's go.sum")
