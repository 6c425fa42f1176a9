"""The vendors' archives: one named program is taken out of a zip or a tar.gz, and nothing else."""

from __future__ import annotations

import shutil
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

LARGEST = 1024 * 1024 * 1024  # bytes of one program; the largest of the lock has a tenth of it


class NotThere(Exception):
    """The archive is no archive, does not hold the program as a plain file, or holds something far too large."""


def take(archive: Path, member: str, target: Path) -> None:
    """Write the file `member` of `archive` to `target`, executable. Raises NotThere."""
    try:
        with _zip(archive, member) if zipfile.is_zipfile(archive) else _tar(archive, member) as (source, size):
            if size > LARGEST:
                raise NotThere(f"{member} would have {size} bytes")
            with target.open("wb") as file:
                shutil.copyfileobj(source, file, 1024 * 1024)
    except KeyError as error:
        raise NotThere(f"holds no file {member}") from error
    except (tarfile.TarError, zipfile.BadZipFile, zlib.error, EOFError, OSError) as error:
        raise NotThere(f"cannot be unpacked: {error}") from error
    target.chmod(0o755)


@contextmanager
def _zip(archive: Path, member: str) -> Iterator[tuple[IO[bytes], int]]:
    with zipfile.ZipFile(archive) as opened, opened.open(member) as source:
        yield source, opened.getinfo(member).file_size


@contextmanager
def _tar(archive: Path, member: str) -> Iterator[tuple[IO[bytes], int]]:
    with tarfile.open(archive, "r:gz") as opened:
        found = opened.getmember(member)
        source = opened.extractfile(found) if found.isreg() else None
        if source is None:
            raise NotThere(f"holds {member}, but not as a file")
        with source:
            yield source, found.size
