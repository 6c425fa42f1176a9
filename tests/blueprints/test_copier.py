"""Plain Copier: the same bytes without setout and without --trust, and an update that keeps what people wrote."""

from __future__ import annotations

import filecmp
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from setout import pipeline
from setout.delivery import render
from setout.delivery.answers import answer
from tests import released
from tests.conftest import PLANS, ROOT
from tests.released import call

CASES = ("helm-chart", "kubernetes-only", "multi-tenant", "multi-tool", "single-terraform")


def copier(*words: str | Path, cwd: Path) -> str:
    return call(sys.executable, "-m", "copier", *words, cwd=cwd)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return released.clone(tmp_path_factory.mktemp("template") / "setout")


def data_file(case: str, folder: Path) -> Path:
    reading = pipeline.read(PLANS / case / "plan.md")
    file = folder / f"{case}.yml"
    file.write_text(json.dumps(dict(answer(reading.plan, reading.decision).values)), "utf-8")
    return file


@pytest.mark.parametrize("case", CASES)
def test_copier_gives_the_same_bytes_as_setout(case: str, template: Path, tmp_path: Path) -> None:
    by_setout, by_copier = tmp_path / "setout", tmp_path / "copier"
    pipeline.scaffold(
        PLANS / case / "plan.md",
        by_setout,
        {},
        template=str(template),
        ref="v1.0.0",
        check=False,
        progress=lambda _: None,
    )
    copier("copy", "--quiet", "--defaults", "--data-file", data_file(case, tmp_path), template, by_copier, cwd=tmp_path)
    ours, theirs = render.tree(by_setout).files, render.tree(by_copier).files
    plan = next(name for name in ours if name.endswith("/plan.md"))
    assert [name for name in ours if name != plan] == list(theirs)
    assert filecmp.cmpfiles(by_setout, by_copier, theirs, shallow=False)[1:] == ([], [])


def test_the_questions_alone_give_a_repository(template: Path, tmp_path: Path) -> None:
    copier("copy", "--quiet", "--defaults", "--data", "project=acme-platform", template, tmp_path / "out", cwd=tmp_path)
    assert (tmp_path / "out" / "argocd" / "bootstrap").is_dir()
    assert yaml.safe_load((tmp_path / "out" / render.ANSWERS_FILE).read_text())["structure"] == "multi-tool"


def test_nothing_in_the_questionnaire_needs_trust() -> None:
    text = (ROOT / "copier.yml").read_text("utf-8") + "".join(
        f.read_text("utf-8") for f in (ROOT / "blueprints").glob("*/_questions.yml")
    )
    assert not [key for key in ("_tasks", "_migrations", "_jinja_extensions", "_external_data") if f"\n{key}:" in text]


@pytest.fixture
def repository(template: Path, tmp_path: Path) -> Path:
    """A repository made from v1.0.0, committed, with a user's edit in one file and a file of their own."""
    root = tmp_path / "repository"
    copier(
        "copy",
        "--quiet",
        "--defaults",
        "--data-file",
        data_file("kubernetes-only", tmp_path),
        template,
        root,
        cwd=tmp_path,
    )
    call("git", "init", "--quiet", cwd=root)
    call("git", "add", "--all", cwd=root)
    call("git", "commit", "--quiet", "--message", "scaffold", cwd=root)
    return root


def commit(root: Path, message: str) -> None:
    call("git", "add", "--all", cwd=root)
    call("git", "commit", "--quiet", "--message", message, cwd=root)


def test_a_template_change_reaches_a_repository_with_edits(
    template: Path, repository: Path, request: pytest.FixtureRequest
) -> None:
    mine = repository / "CONTRIBUTING.md"
    mine.write_text(mine.read_text() + "\nOur own rule.\n")
    (repository / "notes.md").write_text("mine\n")
    commit(repository, "edits")
    request.addfinalizer(lambda: call("git", "reset", "--quiet", "--hard", "v1.0.0", cwd=template))
    request.addfinalizer(lambda: call("git", "tag", "--delete", "v2.0.0", cwd=template))
    security = template / "blueprints" / "SECURITY.md.jinja"
    security.write_text(security.read_text() + "\nA new sentence of the template.\n")
    commit(template, "v2")
    call("git", "tag", "v2.0.0", cwd=template)

    copier("update", "--quiet", "--defaults", cwd=repository)

    assert mine.read_text().endswith("Our own rule.\n")
    assert (repository / "notes.md").read_text() == "mine\n"
    assert "A new sentence of the template." in (repository / "SECURITY.md").read_text()
    changed = call("git", "status", "--porcelain", cwd=repository).split("\n")
    assert sorted(filter(None, (line[3:] for line in changed))) == [render.ANSWERS_FILE, "SECURITY.md"]
    commit(repository, "update")
    copier("update", "--quiet", "--defaults", cwd=repository)
    assert call("git", "status", "--porcelain", cwd=repository) == ""


def test_an_update_without_a_change_touches_nothing(repository: Path) -> None:
    copier("update", "--quiet", "--defaults", cwd=repository)
    assert call("git", "status", "--porcelain", cwd=repository) == ""


@pytest.mark.parametrize("case", CASES)
def test_nothing_that_is_delivered_is_git_ignored(case: str, delivered: Callable[[str], Path], tmp_path: Path) -> None:
    root = Path(shutil.copytree(delivered(case), tmp_path / case, symlinks=True))
    call("git", "init", "--quiet", cwd=root)
    ignored = subprocess.run(
        ["git", "ls-files", "--others", "--ignored", "--exclude-standard"],
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
    )
    assert ignored.stdout == ""


@pytest.mark.parametrize("case", CASES)
def test_the_same_plan_gives_the_same_bytes_twice(case: str, delivered: Callable[[str], Path], tmp_path: Path) -> None:
    again = tmp_path / "again"
    pipeline.scaffold(PLANS / case / "plan.md", again, {}, check=False, progress=lambda _: None)
    files = render.tree(again).files
    assert files == render.tree(delivered(case)).files
    volatile = {render.ANSWERS_FILE}  # names the commit, which an uncommitted template does not have
    compared = [name for name in files if name not in volatile]
    assert filecmp.cmpfiles(delivered(case), again, compared, shallow=False)[1:] == ([], [])


def test_the_chart_link_is_a_link_in_git() -> None:
    listed = call("git", "ls-files", "--stage", "--", "blueprints", cwd=ROOT)
    assert [line for line in listed.split("\n") if line.startswith("120000")]


def test_no_template_path_is_illegal_on_windows() -> None:
    names = call("git", "ls-files", "-z", "--", "blueprints", cwd=ROOT).split("\0")
    assert not [name for name in names if set('|":*?<>') & set(name)]
