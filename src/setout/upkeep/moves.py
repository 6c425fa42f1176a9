"""What people have moved: files that are gone, and stand elsewhere with most of their lines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from setout import git
from setout.model import File

SIMILAR = 60  # per cent of a file that must still be there for it to count as moved; git's own default is 50


def find(root: Path, gone: Mapping[str, File], candidates: Iterable[str]) -> dict[str, str]:
    """Where the files that are gone lie now, by the path that each had.

    Args:
        gone: what was delivered and is not there any more.
        candidates: paths below `root` of other files that are there.

    Raises:
        GitError: git refuses.
    """
    if not gone:
        return {}
    largest = max(len(file.data) for file in gone.values()) * 100 // SIMILAR + 1
    there = {path: File((root / path).read_bytes()) for path in candidates if _is_possible(root / path, largest)}
    return git.renames_of(gone, there, SIMILAR) if there else {}


def _is_possible(path: Path, largest: int) -> bool:
    try:
        return path.is_file() and not path.is_symlink() and path.stat().st_size <= largest
    except OSError:
        return False
