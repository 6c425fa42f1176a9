"""What was once found out, kept below the cache by the hash of everything it was found out from."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from setout.model import JSON
from setout.toolchain import cache

# A repository of 340 files leaves 2 MB behind, so that this holds a hundred of them, or as many states of one.
LIMIT = 256_000_000
_ABANDONED = 3600.0  # seconds after which a half-written entry belongs to a run that is no more
_HASH = 64


@dataclass(frozen=True, slots=True)
class Extent:
    """How much is kept: entries, and their bytes."""

    folder: Path
    entries: int
    size: int

    def __str__(self) -> str:
        return f"{self.entries} entries in {self.folder}, {self.size / 1_000_000:.1f} MB"


class Store:
    """Entries that any number of runs may read and write at once. Whatever goes wrong in here only costs time.

    `fault` says why nothing can be kept, "" while something can.
    """

    def __init__(self, folder: Path, limit: int = LIMIT) -> None:
        self.folder = folder
        self.fault = ""
        self._limit = limit
        self._has_grown = False

    def get(self, key: str) -> JSON | None:
        """The value that was kept under `key`, if it is there and whole."""
        path = self._path(key)
        try:
            data = path.read_bytes()
            os.utime(path)  # what is used is not what goes first
        except OSError:
            return None
        body = data[_HASH:]
        if hashlib.sha256(body).hexdigest().encode() == data[:_HASH]:
            with contextlib.suppress(ValueError, RecursionError):
                return json.loads(body)
        path.unlink(missing_ok=True)
        return None

    def put(self, key: str, value: JSON) -> None:
        """Keep `value`, whole or not at all. What JSON would bring back as something else is not kept."""
        path = self._path(key)
        try:
            body = json.dumps(value, separators=(",", ":"), allow_nan=False).encode()
            if json.loads(body) != value:
                return
            path.parent.mkdir(parents=True, exist_ok=True)
            with _replacing(path) as file:
                file.write_bytes(hashlib.sha256(body).hexdigest().encode() + body)
        except (TypeError, ValueError, RecursionError):
            return
        except OSError as error:
            self.fault = f"{self.folder}: {error.strerror}"
        self._has_grown = True

    def trim(self) -> None:
        """Let go of what was not used for longest, down to four fifths of the limit, if there is more than that."""
        if not self._has_grown:
            return
        found = sorted(_entries(self.folder), key=lambda entry: entry[1].st_mtime)
        size = sum(status.st_size for _, status in found)
        room = self._limit * 4 // 5 if size > self._limit else size
        for path, status in found:
            if size > room or _is_left_over(path, status):
                path.unlink(missing_ok=True)
                size -= status.st_size

    def _path(self, key: str) -> Path:
        return self.folder / key[:2] / key[2:]


def default() -> Store:
    """The store in SETOUT_CACHE, or where this platform keeps caches."""
    return Store(cache.root() / "results")


def key(*parts: JSON) -> str:
    """The name of an entry: one hash over everything that its value depends on."""
    return hashlib.sha256(json.dumps(parts, separators=(",", ":"), sort_keys=True).encode()).hexdigest()


def extent(folder: Path) -> Extent:
    """How much lies in the store at `folder`."""
    sizes = [status.st_size for _, status in _entries(folder)]
    return Extent(folder, len(sizes), sum(sizes))


def clean(folder: Path) -> Extent:
    """Empty the store at `folder`, and say what was in it. A run that uses it meanwhile is only slower."""
    before = extent(folder)
    shutil.rmtree(folder, ignore_errors=True)
    return before


def _entries(folder: Path) -> Iterator[tuple[Path, os.stat_result]]:
    for path in folder.glob("??/*"):
        with contextlib.suppress(OSError):  # another run may have let it go
            yield path, path.stat()


def _is_left_over(path: Path, status: os.stat_result) -> bool:
    return path.name.startswith(".new-") and status.st_mtime < time.time() - _ABANDONED


@contextlib.contextmanager
def _replacing(path: Path) -> Iterator[Path]:
    """A new file beside `path` that takes its place once it is written."""
    handle, name = tempfile.mkstemp(prefix=".new-", dir=path.parent)
    os.close(handle)
    fresh = Path(name)
    try:
        yield fresh
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
