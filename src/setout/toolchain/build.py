"""Building a program from its published Go module, pinned by go.mod and proven by go.sum."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from setout import process
from setout.toolchain import version
from setout.toolchain.pins import GoBuild, Tool

MODULES = Path(__file__).parent.parent / "data" / "go"
PATIENCE = 1800.0  # seconds; twenty times what the slowest module took on two cores

# Where modules come from and are kept is the caller's business; how they are built is ours.
_GO = (
    *("GOPATH", "GOROOT", "GOENV", "GOCACHE", "GOMODCACHE", "GOTMPDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"),
    *("GOPROXY", "GONOPROXY", "GOPRIVATE", "GOSUMDB", "GONOSUMDB", "GOINSECURE", "GOAUTH", "NETRC"),
)
_OURS = {"CGO_ENABLED": "0", "GOFLAGS": "-mod=readonly", "GOTOOLCHAIN": "local", "GOWORK": "off"}


class NotBuilt(Exception):
    """There is no Go, it is too old, the module is not served, or it does not compile."""


def build(tool: Tool, recipe: GoBuild, target: Path) -> None:
    """Build `tool` into `target`. Raises NotBuilt with the reason, a single line."""
    go = compiler(recipe.needs)
    stamps = " ".join(f"-X {stamp}" for stamp in recipe.stamps)
    words = ("build", "-trimpath", "-buildvcs=false", "-ldflags", f"-s -w {stamps}", "-o", target, recipe.package)
    with tempfile.TemporaryDirectory(prefix="setout-go-") as scratch:
        module = shutil.copytree(MODULES / tool.name, Path(scratch) / tool.name)  # the package may be read-only
        try:
            ran = process.run((go, *words), cwd=module, env=_environment(), timeout=PATIENCE)
        except (process.CannotStart, process.TimedOut) as error:
            raise NotBuilt(str(error)) from error
    if ran.code:
        raise NotBuilt(f"go build says: {_last_line(ran.err)}")


def compiler(needs: str) -> Path:
    """The Go on PATH, at least `needs`. Raises NotBuilt."""
    found = shutil.which("go")
    if found is None:
        raise NotBuilt(f"there is no Go {needs} or newer on PATH")
    go = Path(found).absolute()
    said = release(go)
    if version.older(said, needs):
        raise NotBuilt(f"{go} is Go {said}, and {needs} is needed")
    return go


def release(go: Path) -> str:
    """The release of the Go at `go`, as in "1.26.8". Raises NotBuilt."""
    try:
        ran = process.run((go, "env", "GOVERSION"), cwd=go.parent, env=_environment(), timeout=30)
    except (process.CannotStart, process.TimedOut) as error:
        raise NotBuilt(str(error)) from error
    words = ran.out.split()
    if ran.code or not words:
        raise NotBuilt(f"{go} does not say its version: {_last_line(ran.err)}")
    return words[0].removeprefix("go")


def _environment() -> dict[str, str]:
    return {**process.inherit((*_GO, *process.NETWORK)), **_OURS}


def _last_line(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[-1].strip()[:300] if lines else "nothing"
