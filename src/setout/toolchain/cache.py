"""setout's own shelf of programs: one folder per binary, with a record of what it is and who vouched for it."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from setout.errors import UserError

Progress = Callable[[str], None]

RECORD = "record.json"
PATIENCE = 1800.0  # seconds to wait for another setout; the slowest build measured takes a fifth of that


class CacheError(UserError):
    """The cache cannot be written, or another run never lets go of it."""


@dataclass(frozen=True, slots=True)
class Record:
    """What a cached binary is: its own hash and size, where it came from, and on whose word it was trusted."""

    name: str
    version: str
    platform: str
    sha256: str
    size: int
    origin: str
    authority: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One folder of the cache. `fault` says why it must not be used; "" if its bytes are those of the record."""

    path: Path
    record: Record | None
    fault: str = ""


def root() -> Path:
    """SETOUT_CACHE, or the folder in which this system keeps what can be had again."""
    import platformdirs  # noqa: PLC0415 (only needed here)

    given = os.environ.get("SETOUT_CACHE", "")
    return Path(given).expanduser().absolute() if given else platformdirs.user_cache_path("setout")


def digest(path: Path) -> str:
    """The sha256 of the file, read in blocks."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def entries(name: str) -> Iterator[Entry]:
    """Every binary called `name` in the cache, hashed now and held against its record."""
    shelf = root() / "tools" / name
    folders = sorted(shelf.iterdir()) if shelf.is_dir() else []
    for folder in folders:
        if folder.is_dir() and not folder.name.startswith("."):
            yield _entry(folder, name)


def _entry(folder: Path, name: str) -> Entry:
    path = folder / name
    try:
        record = Record(**json.loads((folder / RECORD).read_text("utf-8")))
        size, sha256 = path.stat().st_size, digest(path)
    except (OSError, ValueError, TypeError) as error:
        return Entry(path, None, f"is incomplete ({type(error).__name__})")
    if (sha256, size) != (record.sha256, record.size):
        return Entry(path, record, "is not the file that was put there: its sha256 differs from the record")
    if record.name != name or folder.name != _folder_name(record):
        return Entry(path, record, "has a record that belongs to another file")
    return Entry(path, record)


def _folder_name(record: Record) -> str:
    return f"{record.version}-{record.sha256[:8]}"


def put(binary: Path, record: Record) -> Path:
    """Move `binary` in, whole or not at all, and return its place. Broken entries of the same program go.

    The caller holds `alone(record.name)`, and `binary` lies in its `scratch`. Raises CacheError.
    """
    shelf = root() / "tools" / record.name
    place = shelf / _folder_name(record)
    broken = [entry.path.parent for entry in entries(record.name) if entry.fault]
    with _writing(shelf):
        fresh = binary.parent / place.name
        fresh.mkdir()
        binary.chmod(0o755)
        binary.replace(fresh / record.name)
        (fresh / RECORD).write_text(json.dumps(asdict(record), indent=2, sort_keys=True) + "\n", "utf-8")
        for number, folder in enumerate((*broken, place)):  # a folder cannot be replaced while it has files
            if folder.exists():
                folder.replace(binary.parent / f"old-{number}")
        fresh.replace(place)
    return place / record.name


@contextmanager
def alone(name: str, progress: Progress) -> Iterator[None]:
    """Hold the one lock for `name`, so that two runs never fetch or build it at once. Raises CacheError."""
    from filelock import FileLock, Timeout  # noqa: PLC0415 (40 ms that only an installation needs)

    shelf = root() / "tools" / name
    with _writing(shelf):
        lock = FileLock(shelf / ".lock")
        try:
            lock.acquire(timeout=0)
        except Timeout:
            progress(f"{name}: another setout is getting it; waiting")
            try:
                lock.acquire(timeout=PATIENCE)
            except Timeout as error:
                raise CacheError(f"{name}: another setout has held its lock for {PATIENCE / 60:.0f} minutes") from error
    try:
        yield
    finally:
        lock.release()


@contextmanager
def scratch(name: str) -> Iterator[Path]:
    """A folder beside the binaries of `name`, gone afterwards; what a killed run left behind goes now.

    The caller holds `alone(name)`. Raises CacheError.
    """
    shelf = root() / "tools" / name
    with _writing(shelf):
        for left in shelf.glob(".new-*"):
            shutil.rmtree(left, ignore_errors=True)
        folder = tempfile.TemporaryDirectory(dir=shelf, prefix=".new-", ignore_cleanup_errors=True)
    with folder as path:
        yield Path(path)


def downloads() -> Path:
    """The folder in which downloads wait to be completed. Raises CacheError."""
    folder = root() / "downloads"
    with _writing(folder):
        return folder


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield
    except OSError as error:
        raise CacheError(
            f"cannot write to the cache {folder}: {error.strerror}", "point SETOUT_CACHE at a folder you can write to"
        ) from error


def writable() -> str:
    """Why nothing can be written to the cache; "" if it can."""
    try:
        with _writing(root()), tempfile.TemporaryFile(dir=root()):
            return ""
    except CacheError as error:
        return error.message
