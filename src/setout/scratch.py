"""The folder that a run may write into: gone afterwards, and gone with the next run if this one is killed."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

_PREFIX = "setout-scratch-"
_LOCK = "lock"
_PLACE = "t"
_YOUNG = 60.0  # seconds in which a folder may have no lock yet


@contextlib.contextmanager
def folder(inside: Path | None = None) -> Iterator[Path]:
    """A fresh folder for this run alone. What runs left behind that were killed is removed first.

    A run holds a lock in its folder for as long as it lives; the system lets go of it however the run ends.

    Args:
        inside: where to make it (hidden there), for what is moved to its place afterwards; by default where the
            system keeps what is temporary.
    """
    base = inside or Path(tempfile.gettempdir()).resolve()
    prefix = f".{_PREFIX}" if inside else _PREFIX
    for left in base.glob(f"{prefix}*"):
        if _is_abandoned(left):
            _remove(left)
    own = Path(tempfile.mkdtemp(prefix=prefix, dir=base))
    try:
        with (own / "new").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            (own / "new").replace(own / _LOCK)  # so that nobody sees it before it is held
            place = own / _PLACE
            place.mkdir()
            yield place
    finally:
        _remove(own)


def _remove(left: Path) -> None:
    """Remove a folder with its lock last: what is left, killed here or by an orphan, the next run has to know again."""
    shutil.rmtree(left / _PLACE, ignore_errors=True)
    if not (left / _PLACE).exists():
        shutil.rmtree(left, ignore_errors=True)


def _is_abandoned(path: Path) -> bool:
    """Whether a folder is one of ours, of this user, and nobody holds its lock."""
    with contextlib.suppress(OSError):
        entry = path.lstat()
        if entry.st_uid != os.getuid() or path.is_symlink():
            return False
        if not (path / _LOCK).exists():
            return entry.st_mtime < time.time() - _YOUNG and {left.name for left in path.iterdir()} <= {"new"}
        with (path / _LOCK).open("r+") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
    return False
