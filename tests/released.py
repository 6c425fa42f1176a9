"""This checkout as somebody else's template: a clone with its uncommitted changes, tagged v1.0.0."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from tests.conftest import ROOT

_PERSON = {"NAME": "T", "EMAIL": "t@example.org"}
ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if not name.startswith("GIT_")},
    **{f"GIT_{role}_{what}": value for role in ("AUTHOR", "COMMITTER") for what, value in _PERSON.items()},
}


def call(*words: str | Path, cwd: Path) -> str:
    done = subprocess.run(list(map(str, words)), cwd=cwd, capture_output=True, text=True, env=ENVIRONMENT, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def clone(folder: Path) -> Path:
    """Make the clone at `folder`."""
    call("git", "clone", "--quiet", ROOT, folder, cwd=ROOT)
    files = call("git", "ls-files", "--cached", "--others", "--exclude-standard", "-z", cwd=ROOT).split("\0")
    for name in filter(None, files):
        _replace(ROOT / name, folder / name)
    release(folder, "v1.0.0", "as it stands")
    return folder


def release(template: Path, tag: str, message: str = "a release") -> None:
    """Commit everything and tag it."""
    call("git", "add", "--all", cwd=template)
    call("git", "commit", "--quiet", "--allow-empty", "--message", message, cwd=template)
    call("git", "tag", tag, cwd=template)


def _replace(source: Path, target: Path) -> None:
    target.unlink(missing_ok=True)
    if source.is_symlink() or source.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source, target, follow_symlinks=False)
