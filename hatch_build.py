"""Puts the template into the distribution: a git bundle of this repository, and what it is (docs/decisions/0003)."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

BUNDLE = "src/setout/data/template.bundle"
ORIGIN = "src/setout/data/template.json"


class TemplateBundle(BuildHookInterface[Any]):
    """Bundles HEAD and the tags, so that an installed setout renders and updates without the network."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return
        root = Path(self.root)
        if (root / ".git").exists():
            _bundle(root)
        elif not (root / BUNDLE).is_file():
            raise SystemExit(
                "setout builds from a git checkout or from its own sdist: the template's history is part of it"
            )
        for name in (BUNDLE, ORIGIN):
            target = name.removeprefix("src/") if self.target_name == "wheel" else name
            build_data["force_include"][str(root / name)] = target


def _bundle(root: Path) -> None:
    if _git(root, "rev-parse", "--is-shallow-repository") == "true":
        _deepen(root)
    (root / BUNDLE).parent.mkdir(parents=True, exist_ok=True)
    _git(root, "bundle", "create", "--quiet", BUNDLE, "HEAD", "--tags")
    origin = {"commit": _git(root, "rev-parse", "HEAD"), "url": _public_url(root)}
    (root / ORIGIN).write_text(json.dumps(origin, indent=2, sort_keys=True) + "\n")


def _deepen(root: Path) -> None:
    """Fetch the rest of the history: pre-commit and most pipelines clone no more than the last commit."""
    words = ["git", "fetch", "--quiet", "--unshallow", "--tags"]
    if subprocess.run(words, cwd=root, capture_output=True, check=False).returncode:
        raise SystemExit("this checkout is shallow; run: git fetch --unshallow --tags")


def _public_url(root: Path) -> str:
    """The address this checkout came from, if it means something on another machine and carries no password."""
    done = subprocess.run(["git", "remote", "get-url", "origin"], cwd=root, capture_output=True, text=True, check=False)
    url = done.stdout.strip()
    is_address = url.startswith(("https://", "ssh://", "git@"))
    return url if is_address and "@" not in url.removeprefix("git@").removeprefix("ssh://git@") else ""


def _git(root: Path, *words: str) -> str:
    done = subprocess.run(["git", *words], cwd=root, capture_output=True, text=True, check=True)
    return done.stdout.strip()
