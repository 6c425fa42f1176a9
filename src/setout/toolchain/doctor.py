"""What this machine has and lacks for setout to work: one line each, with the command that mends it."""

from __future__ import annotations

import os
import re
import tempfile
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from setout import process, toolchain
from setout.errors import ToolMissing

# Copier's documentation asks for git 2.27 or newer (docs: installation).
_GIT = (2, 27)
_ANSWER_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One thing looked at: whether it works, what was found, and the one command that helps ("" if none is needed)."""

    what: str
    works: bool
    detail: str
    command: str = ""


def examine() -> tuple[Diagnosis, ...]:
    """Look at everything setout needs, in the order in which it is needed, without the network.

    The only trace it leaves is the cache's folder, which it makes to see whether it can be written to.
    """
    programs = tuple(_program(tool) for tool in toolchain.catalogue() if not tool.serves)
    return (_copier(), _template(), _git(), _identity(), *programs, _go(), _cache(), _terraform_settings())


def rows(diagnoses: tuple[Diagnosis, ...]) -> tuple[str, ...]:
    """The diagnoses as lines of text: a mark, what, detail, and after an arrow the command."""
    width = max((len(diagnosis.what) for diagnosis in diagnoses), default=0)
    return tuple(
        f"{'ok' if diagnosis.works else '!!'}  {diagnosis.what:<{width}}  {diagnosis.detail}"
        + (f"  -> {diagnosis.command}" if diagnosis.command else "")
        for diagnosis in diagnoses
    )


def _copier() -> Diagnosis:
    from packaging.requirements import Requirement  # noqa: PLC0415 (only needed here)

    try:
        there = metadata.version("copier")
        wanted = next(
            need.specifier
            for need in map(Requirement, metadata.requires("setout") or ())
            if need.name == "copier" and need.marker is None
        )
    except (metadata.PackageNotFoundError, StopIteration):
        return Diagnosis("copier", False, "is not installed with setout", "pip install --force-reinstall setout")
    if there in wanted:
        return Diagnosis("copier", True, f"{there}, within {wanted}")
    return Diagnosis("copier", False, f"{there} is not within {wanted}", f"pip install 'copier{wanted}'")


def _template() -> Diagnosis:
    """The template travels as a git bundle in an installed setout, and is the repository itself in a checkout."""
    package = Path(__file__).parent.parent
    bundle = package / "data" / "template.bundle"
    checkout = package.parent.parent
    if (checkout / "copier.yml").is_file() and (checkout / "blueprints").is_dir():
        return Diagnosis("template", True, f"this checkout, {checkout}")
    if not bundle.is_file():
        return Diagnosis("template", False, f"{bundle} is missing", "pip install --force-reinstall setout")
    said = _ask("git", "bundle", "list-heads", str(bundle))
    if said is None or not said.strip():
        return Diagnosis("template", False, f"{bundle} cannot be read by git", "pip install --force-reinstall setout")
    return Diagnosis("template", True, f"{bundle.name} of this installation, at {said.split()[0][:12]}")


def _git() -> Diagnosis:
    said = _ask("git", "--version") or ""
    found = re.search(r"(\d+)\.(\d+)\S*", said)
    wanted = ".".join(map(str, _GIT))
    if found is None:
        return Diagnosis("git", False, f"{wanted} or newer is not on PATH", "see https://git-scm.com/downloads")
    if (int(found[1]), int(found[2])) < _GIT:
        return Diagnosis("git", False, f"{found[0]} is older than {wanted}", "see https://git-scm.com/downloads")
    return Diagnosis("git", True, found[0])


def _identity() -> Diagnosis:
    """`setout update` commits in a worktree of its own, and git refuses to commit for nobody."""
    for name in ("user.name", "user.email"):
        if not (_ask("git", "config", "--get", name) or "").strip():
            return Diagnosis("git identity", False, f"{name} is not set", f"git config --global {name} '…'")
    return Diagnosis("git identity", True, "user.name and user.email are set")


def _program(tool: toolchain.Tool) -> Diagnosis:
    try:
        found = toolchain.find(tool.name)
    except ToolMissing as error:
        if tool.only:
            return Diagnosis(tool.name, True, f"is not there; only {tool.only} would need it")
        return Diagnosis(tool.name, False, error.message, error.hint)
    name = "" if found.name == tool.name else f"{found.name} "
    return Diagnosis(tool.name, True, f"{name}{found.version} at {found.path} ({found.origin})")


def _go() -> Diagnosis:
    """Go is wanted only where a release cannot be downloaded, so its absence is no fault."""
    from setout.toolchain import build  # noqa: PLC0415 (only needed here)

    newest = max((tool.go.needs for tool in toolchain.catalogue() if tool.go), key=_numbers)
    try:
        go = build.compiler(newest)
        return Diagnosis("go", True, f"{build.release(go)} at {go}: every program that has a Go module can be built")
    except build.NotBuilt as error:
        return Diagnosis("go", True, f"{error}; needed only where releases cannot be downloaded")


def _numbers(release: str) -> tuple[int, ...]:
    return tuple(int(part) for part in release.split("."))


def _cache() -> Diagnosis:
    from setout.toolchain import cache  # noqa: PLC0415 (only needed here)

    broken = [entry for tool in toolchain.catalogue() for entry in cache.entries(tool.name) if entry.fault]
    if broken:
        return Diagnosis("cache", False, f"{broken[0].path} {broken[0].fault}", f"rm -r {broken[0].path.parent}")
    if fault := cache.writable():
        return Diagnosis("cache", False, fault, "export SETOUT_CACHE=/a/folder/you/can/write/to")
    return Diagnosis("cache", True, f"{cache.root()} can be written to")


def _terraform_settings() -> Diagnosis:
    """A TF_CLI_CONFIG_FILE that points nowhere makes terraform complain in every other program; setout ignores it."""
    named = os.environ.get("TF_CLI_CONFIG_FILE", "")
    if not named:
        return Diagnosis("terraform settings", True, "TF_CLI_CONFIG_FILE is not set")
    if Path(named).is_file():
        return Diagnosis("terraform settings", True, f"TF_CLI_CONFIG_FILE is {named}")
    detail = f"TF_CLI_CONFIG_FILE is {named}, which is not there; setout ignores it"
    return Diagnosis("terraform settings", True, detail, "unset TF_CLI_CONFIG_FILE")


def _ask(*words: str) -> str | None:
    """What a program says, or None if it is not there, refuses or hangs."""
    with tempfile.TemporaryDirectory(prefix="setout-") as folder:
        try:
            ran = process.run(words, cwd=Path(folder), timeout=_ANSWER_SECONDS)
        except (process.CannotStart, process.TimedOut):
            return None
    return None if ran.code else ran.out
