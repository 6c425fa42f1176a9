"""Delivered workflows pass actionlint, and what they do with validation is what a laptop does."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import testinfra
import yaml

from setout import cli, toolchain
from tests import released
from tests.released import call

CASES = ("helm-chart", "kubernetes-only", "multi-tenant", "multi-tool", "single-terraform")
HOST = testinfra.get_host("local://")


def actionlint() -> list[str]:
    """It hands the scripts of the steps to ShellCheck."""
    shellcheck = Path(sys.executable).with_name("shellcheck")
    return [str(toolchain.find("actionlint").path), "-no-color", f"-shellcheck={shellcheck}", "-pyflakes="]


def workflows(root: Path) -> list[Path]:
    return sorted((root / ".github" / "workflows").iterdir())


@pytest.mark.parametrize("case", CASES)
def test_actionlint_has_nothing_to_say(case: str, delivered: Callable[[str], Path]) -> None:
    found = workflows(delivered(case))
    assert any(path.name == "setout.yaml" for path in found)
    done = HOST.run(shlex.join([*actionlint(), *map(str, found)]))
    assert (done.rc, done.stdout, done.stderr) == (0, "", "")


def test_actionlint_sees_a_slip(copy_of: Callable[[str], Path]) -> None:
    path = copy_of("single-terraform") / ".github" / "workflows" / "setout.yaml"
    path.write_text(path.read_text("utf-8").replace("github.token", "github.tokn"), "utf-8")
    done = HOST.run(shlex.join([*actionlint(), str(path)]))
    assert (done.rc, 'property "tokn" is not defined' in done.stdout) == (1, True)


def commands(script: str) -> list[list[str]]:
    """The setout commands of a script, each on a line of its own, as the words behind the program's name."""
    lines = (line.removeprefix(".setout-venv/bin/") for line in script.splitlines())
    return [shlex.split(line)[1:] for line in lines if line.startswith("setout ")]


def gitlab(template: Path, tmp_path: Path) -> dict[str, Any]:
    """The pipeline of a repository made for GitLab, which the questionnaire offers."""
    words = ("copy", "--quiet", "--defaults", "--data", "project=acme-platform", "--data", "ci=gitlab")
    call(sys.executable, "-m", "copier", *words, template, tmp_path / "gitlab", cwd=tmp_path)
    return dict(yaml.load((tmp_path / "gitlab" / ".gitlab-ci.yml").read_text("utf-8"), _Loose))  # noqa: S506


class _Loose(yaml.SafeLoader):
    """Reads `!reference [a, b]` as the list that it is."""


_Loose.add_constructor("!reference", lambda loader, node: loader.construct_sequence(node))


def test_both_pipelines_install_validate_and_hand_on_what_was_found(
    delivered: Callable[[str], Path], tmp_path: Path
) -> None:
    template = released.clone(tmp_path / "template")
    steps = yaml.safe_load((delivered("single-terraform") / ".github" / "workflows" / "setout.yaml").read_text("utf-8"))
    hub = "\n".join(step.get("run", "") for step in steps["jobs"]["setout"]["steps"])
    job = gitlab(template, tmp_path)["setout"]
    lab = "\n".join(job["script"])
    for script in (hub, lab):
        install, validate = (cli.parser().parse_args(words) for words in commands(script))
        assert callable(install.command)
        assert {report.partition("=")[0] for report in validate.report} >= {"sarif", "junit", "text"}
    assert "code-scanning/sarifs" in hub
    assert "gh pr comment" in hub
    assert set(job["artifacts"]["paths"]) == {"setout.sarif", "setout.txt"}
    assert set(job["artifacts"]["reports"]) == {"codequality", "junit"}
    assert "/merge_requests/$CI_MERGE_REQUEST_IID/notes" in "\n".join(job["after_script"])
