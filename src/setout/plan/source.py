"""Bytes to lines: what a plan file may be, and one clear line for everything it may not be."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from setout.errors import PlanError
from setout.plan import markers

# The longest plan seen in public repositories has 54 kB; ten megabytes is a mistake, not a plan.
SIZE_LIMIT = 10 * 1024 * 1024
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class Source:
    """A plan as text: `path` as given, `lines` without line ends (line n is `lines[n - 1]`)."""

    path: str
    text: str
    lines: tuple[str, ...]


def load(path: Path) -> Source:
    """Read a plan file.

    Raises:
        PlanError: not there, a directory, unreadable, empty, too large or not text.
    """
    return decode(str(path), _bytes(path))


def decode(path: str, data: bytes) -> Source:
    """Turn the bytes of a plan into lines; byte order marks and every kind of line end are accepted.

    Blocks that `setout plan sync` wrote are left out; every other line keeps its number.
    """
    if data.startswith(_UTF16):
        text = data.decode("utf-16", "replace")
    else:
        if b"\x00" in data:
            raise PlanError(
                f"{path}: this is a binary file, not a plan", "give the plan.md that the planning step wrote"
            )
        text = data.decode("utf-8-sig", "replace")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise PlanError(f"{path}: the file is empty", "write the plan first")
    text = markers.without(text)
    return Source(path, text, tuple(text.split("\n")))


def _bytes(path: Path) -> bytes:
    if path.is_dir():
        raise PlanError(f"{path}: this is a directory", f"give the plan itself, such as {path / 'plan.md'}")
    try:
        with path.open("rb") as file:
            data = file.read(SIZE_LIMIT + 1)
    except FileNotFoundError:
        raise PlanError(f"{path}: there is no such file", "give the path of a plan.md") from None
    except OSError as error:
        raise PlanError(f"{path}: cannot be read ({error.strerror})", "check the path and its permissions") from None
    if len(data) > SIZE_LIMIT:
        limit = SIZE_LIMIT // (1024 * 1024)
        raise PlanError(f"{path}: the file is larger than {limit} MB", "give the plan, not an archive or a log")
    return data
