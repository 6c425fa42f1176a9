"""Where reports go besides standard output: into files that are whole or not there, and to a CI step's summary."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from setout.errors import UserError

STDOUT = "-"


@dataclass(frozen=True, slots=True)
class Output:
    """One report: in which format, and into which file (None: standard output)."""

    format: str
    file: Path | None


def parse(words: Sequence[str], formats: Sequence[str]) -> tuple[Output, ...]:
    """What `--report FORMAT=FILE`, given several times, asks for. Looks before anything long is begun.

    Args:
        formats: those that can show what the command finds.

    Raises:
        UserError: a word is not FORMAT=FILE, or a file cannot be written, or is named twice.
    """
    outputs = tuple(_output(word, formats) for word in words)
    places = [output.file and output.file.absolute() for output in outputs]
    for place in places:
        if places.count(place) > 1:
            raise UserError(f"--report: {place or 'standard output'} is named twice", "give each report its own file")
    return outputs


def write(file: Path, text: str) -> None:
    """Put a report into its file in one step, so that nobody ever reads half of it. Raises UserError."""
    try:
        with tempfile.NamedTemporaryFile("wb", dir=file.parent, prefix=f".{file.name}-", delete=False) as new:
            try:
                new.write(_bytes(text))
                new.close()
                Path(new.name).chmod(0o666 & ~_umask())
                os.replace(new.name, file)  # noqa: PTH105 (the one call that is atomic on every system)
            except BaseException:
                Path(new.name).unlink(missing_ok=True)
                raise
    except OSError as error:
        raise UserError(f"{file}: the report cannot be written: {error.strerror}", "name another file") from error


def append(file: Path, text: str) -> None:
    """Add to a summary that earlier steps may have begun. Raises UserError."""
    try:
        with file.open("ab") as summary:
            summary.write(_bytes(text))
    except OSError as error:
        raise UserError(f"{file}: the summary cannot be written: {error.strerror}") from error


def _output(word: str, formats: Sequence[str]) -> Output:
    name, equals, place = word.partition("=")
    if not equals or not place:
        raise UserError(f"--report {word}: this is not FORMAT=FILE", "for example --report sarif=setout.sarif")
    if name not in formats:
        raise UserError(f"--report {word}: there is no format {name} here", f"one of: {', '.join(formats)}")
    if place == STDOUT:
        return Output(name, None)
    file = Path(place)
    if file.is_dir() or not file.parent.is_dir():
        raise UserError(f"--report {word}: {file} cannot be a file", "name a file in a directory that exists")
    return Output(name, file)


def _bytes(text: str) -> bytes:
    """UTF-8; of a file name that is no text, the bytes that cannot be said become question marks."""
    return f"{text.rstrip()}\n".encode("utf-8", "replace")


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
