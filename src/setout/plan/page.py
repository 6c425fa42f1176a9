"""The text of a plan as it was found, to be written back with every byte that is not changed on purpose."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from setout.errors import PlanError, UserError
from setout.model import Plan
from setout.plan import reader, source

_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Page:
    """The text of a plan with plain line ends, and what it takes to write it as it was found.

    Attributes:
        mark: the byte order mark, where it has one.
        newline: how its lines end.
    """

    file: Path
    text: str
    mark: bytes
    newline: str

    @classmethod
    def open(cls, file: Path) -> Page:
        """Read a plan to change it. Raises PlanError."""
        plan = source.load(file)  # says in one line what is wrong with the file
        data = file.read_bytes()
        mark = _MARK if data.startswith(_MARK) else b""
        try:
            text = data.removeprefix(mark).decode("utf-8")
        except UnicodeDecodeError:
            raise PlanError(
                f"{plan.path}: this is not UTF-8, so it cannot be written back", "save it as UTF-8"
            ) from None
        newline = "\r\n" if "\r\n" in text else "\n"
        if newline == "\r\n" and text.count("\n") != text.count("\r\n"):
            raise PlanError(f"{plan.path}: its lines end in two ways", "let an editor bring them into one form")
        return cls(file, text.replace("\r\n", "\n"), mark, newline)

    def parse(self, text: str) -> Plan:
        """What the plan would say with this text."""
        return reader.parse(source.decode(str(self.file), text.encode()))

    def write(self, text: str) -> None:
        """Replace the file in one step. Raises UserError."""
        data = self.mark + text.replace("\n", self.newline).encode("utf-8")
        target = self.file.resolve()
        try:
            handle, name = tempfile.mkstemp(prefix=".setout-", dir=target.parent)
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(data)
                Path(name).chmod(target.stat().st_mode & 0o777)
                Path(name).replace(target)
            finally:
                Path(name).unlink(missing_ok=True)
        except OSError as error:
            raise UserError(f"{self.file}: cannot be written ({error.strerror})", "check its permissions") from None
