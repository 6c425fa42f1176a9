"""Differences that are meant: written down with a reason, for as long as they stay what they were."""

from __future__ import annotations

import datetime
import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from setout.errors import UserError
from setout.model import File
from setout.upkeep.contradictions import Contradiction

PATH = ".setout/accepted.yml"
_LIMIT = 1024 * 1024
_HEAD = "# Differences that are meant, written by `setout accept`. Another edit, or the date, ends the acceptance.\n"
_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, order=True)
class Acceptance:
    """One difference that is meant.

    Attributes:
        path: the file, or where the contradiction is.
        field: the field of a contradiction; "" for a file.
        state: of a file its SHA-256 or "absent"; of a contradiction its message.
        reason: why it is meant.
        until: the last day on which it holds, as YYYY-MM-DD; "" for ever.
    """

    path: str
    field: str
    state: str
    reason: str
    until: str = ""

    def holds(self, today: datetime.date) -> bool:
        return not self.until or datetime.date.fromisoformat(self.until) >= today


class Register:
    """What is accepted, and whether it still holds today."""

    def __init__(self, acceptances: Iterable[Acceptance], today: datetime.date) -> None:
        self._known = {(item.path, item.field): item for item in acceptances}
        self._today = today

    def of_file(self, path: str, file: File | None) -> tuple[bool, str]:
        """Whether the file, as it is, is accepted; and what is to be said of it."""
        return self._judge(path, "", state_of(file))

    def of_contradiction(self, found: Contradiction) -> tuple[bool, str]:
        """Whether the contradiction, as it is, is accepted; and what is to be said of it."""
        return self._judge(found.path, found.field, found.message)

    def _judge(self, path: str, field: str, state: str) -> tuple[bool, str]:
        item = self._known.get((path, field))
        if item is None:
            return False, ""
        if item.state != state:
            return False, f"it was accepted ({item.reason}), and has changed since"
        if not item.holds(self._today):
            return False, f"it was accepted until {item.until} ({item.reason})"
        return True, f"accepted{f' until {item.until}' if item.until else ''}: {item.reason}"


def state_of(file: File | None) -> str:
    """What is written down of a file: the digest of its bytes (of a link: of where it leads), or that it is absent."""
    return hashlib.sha256(file.data).hexdigest() if file else "absent"


def load(root: Path) -> tuple[Acceptance, ...]:
    """What the repository at `root` has accepted.

    Raises:
        UserError: the file is not what `setout accept` writes.
    """
    file = root / PATH
    if not file.exists():
        return ()
    import yaml  # noqa: PLC0415 - the command line must start without it

    try:
        if file.stat().st_size > _LIMIT:
            raise ValueError("it is larger than anything `setout accept` writes")
        entries = yaml.safe_load(file.read_bytes().decode("utf-8"))
        return tuple(_acceptance(entry) for entry in entries or ())
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError, yaml.YAMLError) as error:
        text = " ".join(str(error).split())[:200]
        raise UserError(f"{file}: cannot be read: {text}", "mend it, or take it from git") from None


def save(root: Path, acceptances: Iterable[Acceptance]) -> None:
    """Write what is accepted, sorted. The newest word on a file or a contradiction is the one that counts.

    Raises:
        UserError: it cannot be written.
    """
    import yaml  # noqa: PLC0415

    known = {(item.path, item.field): item for item in acceptances}
    entries = [_entry(item) for item in sorted(known.values())]
    text = yaml.safe_dump(entries, sort_keys=False, allow_unicode=True, width=100)
    file = root / PATH
    try:
        file.parent.mkdir(exist_ok=True)
        file.write_text(_HEAD + text, "utf-8")
    except OSError as error:
        raise UserError(f"{file}: cannot be written ({error.strerror})", "check its permissions") from None


def parse_date(text: str) -> str:
    """A date as YYYY-MM-DD. Raises UserError."""
    try:
        return datetime.date.fromisoformat(text).isoformat() if text else ""
    except ValueError:
        raise UserError(f"--until {text}: this is no date", "write it as YYYY-MM-DD") from None


def _entry(item: Acceptance) -> dict[str, Any]:
    state: dict[str, Any] = {"sha256": item.state}
    if item.field:
        state = {"field": item.field, "message": item.state}
    elif item.state == "absent":
        state = {"absent": True}
    return {"path": item.path, **state, "reason": item.reason, **({"until": item.until} if item.until else {})}


def _acceptance(entry: Any) -> Acceptance:
    if not isinstance(entry, Mapping):
        raise TypeError(f"an entry is a mapping, and not {entry!r}")
    field = str(entry.get("field") or "")
    state = str(entry["message"]) if field else "absent" if entry.get("absent") is True else str(entry["sha256"])
    if not field and state != "absent" and not _DIGEST.fullmatch(state):
        raise ValueError(f"{state} is no SHA-256")
    until = str(entry.get("until") or "")
    if until:
        datetime.date.fromisoformat(until)
    return Acceptance(str(entry["path"]), field, state, str(entry["reason"]), until)
