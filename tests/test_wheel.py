"""The wheel carries its template: built, installed into an empty environment, it scaffolds from there."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import yaml

from setout.delivery import render
from tests.blueprints.test_copier import call
from tests.conftest import PLANS, ROOT


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of what is committed, built from a clone."""
    clone = tmp_path_factory.mktemp("wheel") / "setout"
    call("git", "clone", "--quiet", ROOT, clone, cwd=ROOT)
    call(sys.executable, "-m", "hatchling", "build", "--target", "wheel", cwd=clone)
    return next((clone / "dist").glob("*.whl"))


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A virtual environment with nothing but the wheel and what it needs; returns its setout."""
    folder = tmp_path_factory.mktemp("environment")
    pins = re.findall(r"^([a-z0-9.-]+==[^ ;\\]+)", (ROOT / "requirements.lock").read_text("utf-8"), re.M)
    (folder / "constraints.txt").write_text("\n".join(pins), "utf-8")
    call(sys.executable, "-m", "venv", folder / "venv", cwd=folder)
    call(
        folder / "venv" / "bin" / "python", "-m", "pip", "install", "--quiet", "--constraint", "constraints.txt", wheel,
        cwd=folder,
    )  # fmt: skip
    return folder / "venv" / "bin" / "setout"


def setout(program: Path, *words: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "SETOUT_CACHE") if name in os.environ}
    return subprocess.run(
        [str(program), *map(str, words)], cwd=cwd, env=kept, capture_output=True, text=True, check=False
    )


def test_a_shallow_clone_gets_the_rest_before_it_is_built(tmp_path: Path) -> None:
    clone = tmp_path / "setout"
    call("git", "clone", "--quiet", "--depth", "1", f"file://{ROOT}", clone, cwd=tmp_path)
    call(sys.executable, "-m", "hatchling", "build", "--target", "wheel", cwd=clone)
    heads = call("git", "bundle", "list-heads", "src/setout/data/template.bundle", cwd=clone)
    assert call("git", "rev-parse", "HEAD", cwd=clone).strip() in heads
    call("git", "clone", "--quiet", "--bare", "src/setout/data/template.bundle", tmp_path / "template", cwd=clone)


def test_a_shallow_clone_that_cannot_get_the_rest_says_how(tmp_path: Path) -> None:
    clone = tmp_path / "setout"
    call("git", "clone", "--quiet", "--depth", "1", f"file://{ROOT}", clone, cwd=tmp_path)
    call("git", "remote", "set-url", "origin", f"file://{tmp_path}/gone", cwd=clone)
    words = [sys.executable, "-m", "hatchling", "build", "--target", "wheel"]
    done = subprocess.run(words, cwd=clone, capture_output=True, text=True, check=False)
    assert (done.returncode, "run: git fetch --unshallow --tags" in done.stderr) == (1, True)


def test_the_wheel_holds_the_template_and_its_origin(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        origin = json.loads(archive.read("setout/data/template.json"))
    assert "setout/data/template.bundle" in names
    assert re.fullmatch(r"[0-9a-f]{40}", origin["commit"])
    assert not [name for name in names if name.startswith(("tests/", "blueprints/"))]


def test_an_installed_setout_scaffolds_and_validates(environment: Path, tmp_path: Path) -> None:
    done = setout(environment, "scaffold", PLANS / "helm-chart" / "plan.md", tmp_path / "out", cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    answers = yaml.safe_load((tmp_path / "out" / render.ANSWERS_FILE).read_text())
    assert answers["_commit"]
    assert "note:" in done.stdout or answers["_src_path"].startswith(("https://", "ssh://", "git@"))


def test_an_installed_setout_gives_what_the_checkout_gives(environment: Path, wheel: Path, tmp_path: Path) -> None:
    assert (
        setout(
            environment,
            "scaffold",
            PLANS / "kubernetes-only" / "plan.md",
            tmp_path / "a",
            "--no-validate",
            cwd=tmp_path,
        ).returncode
        == 0
    )
    clone = wheel.parents[1]
    by_clone = setout(
        environment,
        "scaffold",
        PLANS / "kubernetes-only" / "plan.md",
        tmp_path / "b",
        "--no-validate",
        "--template",
        clone,
        cwd=tmp_path,
    )
    assert by_clone.returncode == 0, by_clone.stderr
    files = render.tree(tmp_path / "a").files
    assert files == render.tree(tmp_path / "b").files
    different = [name for name in files if (tmp_path / "a" / name).read_bytes() != (tmp_path / "b" / name).read_bytes()]
    assert different in ([], [render.ANSWERS_FILE])
