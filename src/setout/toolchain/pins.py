"""The lock file: which programs there are, which versions will do, and where each platform's file comes from."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from setout.errors import UserError

LOCK = Path(__file__).parent.parent / "data" / "tools.lock.toml"

_SHA256 = re.compile(r"[0-9a-f]{64}")


class LockError(UserError):
    """The lock file cannot be used: not TOML, a field missing, a checksum that is none."""


@dataclass(frozen=True, slots=True)
class Asset:
    """What the vendor publishes for one platform: an archive at `url` with the program inside it at `member`.

    `sha256` and `size` are those of the archive; "" and 0 while nobody has taken them from `checksums`,
    the file in which the vendor publishes them.
    """

    url: str
    member: str
    checksums: str
    sha256: str = ""
    size: int = 0

    @property
    def file(self) -> str:
        return self.url.rsplit("/", 1)[-1]


@dataclass(frozen=True, slots=True)
class GoBuild:
    """How the program is built where Go is there: `package` of `module`, needing at least Go `needs`.

    `stamps` are the linker's -X assignments without which the program would not say its version.
    `seconds` is what the build took on two cores with nothing cached.
    """

    module: str
    package: str
    needs: str
    seconds: int
    stamps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tool:
    """A program setout works with: the pinned `version`, the versions it `accepts`, how to `ask` it and read it.

    `traps` are versions inside the range that are known to be broken, each with the reason.
    `serves` is the need that the program also meets, as tofu does for terraform.
    `only` says what alone needs the program; where it is empty, validation does.
    """

    name: str
    version: str
    accepts: str
    licence: str
    page: str
    ask: tuple[str, ...]
    says: str
    because: str = ""
    serves: str = ""
    only: str = ""
    traps: tuple[tuple[str, str], ...] = ()
    assets: tuple[tuple[str, Asset], ...] = ()
    go: GoBuild | None = None

    @property
    def variable(self) -> str:
        """The environment variable that names an explicit path."""
        return f"SETOUT_{self.name.upper()}"

    def asset(self, platform: str) -> Asset | None:
        return dict(self.assets).get(platform)


@cache
def read(file: Path = LOCK) -> tuple[Tool, ...]:
    """Every program in the lock, in its order. Raises LockError."""
    try:
        document = tomllib.loads(file.read_text("utf-8"))
        return tuple(_tool(name, table) for name, table in document["tools"].items())
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise LockError(f"{file}: {error}", "reinstall setout, or restore the file from git") from error
    except (KeyError, TypeError, ValueError, AttributeError, re.error) as error:
        raise LockError(f"{file}: not a lock of programs: {error!r}", "restore the file from git") from error


def _tool(name: str, table: Mapping[str, Any]) -> Tool:
    if re.compile(table["says"], re.MULTILINE).groups != 1:
        raise ValueError(f"{name}.says must have exactly one group")
    return Tool(
        name=name,
        version=table["version"],
        accepts=table["accepts"],
        licence=table["licence"],
        page=table["page"],
        ask=tuple(table["ask"]),
        says=table["says"],
        because=table.get("because", ""),
        serves=table.get("serves", ""),
        only=table.get("only", ""),
        traps=tuple(table.get("traps", {}).items()),
        assets=tuple((platform, _asset(found)) for platform, found in table.get("platforms", {}).items()),
        go=_go(table["go"]) if "go" in table else None,
    )


def _asset(table: Mapping[str, Any]) -> Asset:
    asset = Asset(table["url"], table["member"], table["checksums"], table["sha256"], table["size"])
    if asset.sha256 and not _SHA256.fullmatch(asset.sha256):
        raise ValueError(f"{asset.url}: not a sha256: {asset.sha256}")
    return asset


def _go(table: Mapping[str, Any]) -> GoBuild:
    return GoBuild(table["module"], table["package"], table["needs"], table["seconds"], tuple(table["stamps"]))
