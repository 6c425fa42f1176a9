"""The vendors' published checksum files: reading them, and writing what they say into the lock."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from setout.toolchain import download, pins
from setout.toolchain.pins import Asset, LockError, Tool

Progress = Callable[[str], None]

# "<sha256>  name", "<sha256> *name" as sha256sum writes it; some vendors put a path before the name.
_LINE = re.compile(r"^([0-9a-fA-F]{64})[ \t]+\*?(?:\S*/)?(\S+)\s*$", re.MULTILINE)


class NotListed(Exception):
    """The vendor's checksum file does not name the archive, or names it with two checksums."""


@dataclass(frozen=True, slots=True)
class Locked:
    """What became of one archive's checksum: the one in the lock before, the one the vendor publishes, and a fault."""

    name: str
    platform: str
    before: str
    published: str
    fault: str = ""

    @property
    def changed(self) -> bool:
        return not self.fault and self.before != self.published


def published(asset: Asset) -> str:
    """The sha256 that the vendor publishes for `asset`. Raises NotListed, download.Unreachable."""
    lines = _LINE.finditer(download.text(asset.checksums))
    listed = {str(line[1]).lower() for line in lines if line[2] == asset.file}
    if len(listed) != 1:
        raise NotListed(f"{asset.checksums} has {len(listed)} checksums for {asset.file}")
    return listed.pop()


def lock(tools: tuple[Tool, ...], progress: Progress, file: Path) -> tuple[Locked, ...]:
    """Hold every archive of `tools` against its vendor's checksum file, and write into `file` what was not known.

    A checksum that differs from the one in the lock is never overwritten: a release that changed after it was
    published is a reason to look, and its `fault` says so.

    Raises:
        LockError: the lock file cannot be written.
    """
    rows: list[Locked] = []
    text = file.read_text("utf-8")
    for tool in tools:
        for platform, asset in tool.assets:
            progress(f"{tool.name}: {asset.checksums}")
            row = _row(tool.name, platform, asset)
            rows.append(row)
            if not row.fault:
                text = _with(text, f"[tools.{tool.name}.platforms.{platform}]", row.published, _size(asset))
    _replace(file, text)
    return tuple(rows)


def _row(name: str, platform: str, asset: Asset) -> Locked:
    try:
        found = published(asset)
    except (NotListed, download.Unreachable) as error:
        return Locked(name, platform, asset.sha256, "", str(error))
    if asset.sha256 and found != asset.sha256:
        fault = f"the lock has {asset.sha256}, and the vendor now publishes {found}"
        return Locked(name, platform, asset.sha256, found, fault)
    return Locked(name, platform, asset.sha256, found)


def _size(asset: Asset) -> int:
    try:
        return asset.size or download.size(asset.url)
    except download.Unreachable:
        return 0  # the size is a convenience; the sha256 is what counts


def _with(text: str, header: str, sha256: str, size: int) -> str:
    """`text` with both values below `header` replaced; everything else, comments too, stays byte for byte."""
    start = text.index(header)
    end = text.find("\n[", start)
    block = text[start:] if end < 0 else text[start:end]
    fresh = re.sub(r'^sha256 = "[^"]*"$', f'sha256 = "{sha256}"', block, count=1, flags=re.MULTILINE)
    fresh = re.sub(r"^size = \d+$", f"size = {size}", fresh, count=1, flags=re.MULTILINE)
    return text[:start] + fresh + text[start + len(block) :]


def _replace(file: Path, text: str) -> None:
    try:
        if text == file.read_text("utf-8"):
            return
        with tempfile.NamedTemporaryFile("w", dir=file.parent, prefix=".lock-", delete=False, encoding="utf-8") as new:
            new.write(text)
        Path(new.name).chmod(file.stat().st_mode)
        os.replace(new.name, file)  # noqa: PTH105 (the one call that is atomic on every system)
    except OSError as error:
        raise LockError(f"{file} cannot be written: {error.strerror}", "run it in a checkout of setout") from error
    pins.read.cache_clear()
