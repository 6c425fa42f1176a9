"""Every check is seen red on a delivered repository, and without it the same repository would be green."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from filelock import FileLock

from setout.model import Finding, Severity, Status, Validation
from setout.validation import checks
from setout.validation.store import Store
from setout.validation.workbench import Check
from tests.canaries.table import CANARIES, Canary
from tests.trees import ARGOCD, CHART, TERRAFORM, script, write

# What is taken of which plan's repository: enough for its canaries, so that the whole takes less than a minute.
TREES = {
    "terraform": ("single-terraform", ("docs", "specs", "*.md", "staging", "examples")),
    "chart": ("helm-chart", ()),
    "tenants": ("multi-tenant", ("docs", "specs", "*.md", "terraform")),
}
ALL = [item for plugin in (*checks.TOOLS, *checks.GATES) for item in plugin.CHECKS]
RULES = [gate.rule for plugin in checks.GATES for gate in plugin.GATES]  # type: ignore[attr-defined]


def title(check: Check) -> str:
    return f"{check.program or 'setout'} {check.verb}"


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A folder that all workers share: what was looked at once need not be looked at again."""
    own = tmp_path_factory.getbasetemp()
    folder = (own if worker_id == "master" else own.parent) / "canaries"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def look(shelf: Path) -> Callable[[Path], Validation]:
    return lambda root: checks.check(root, providers="schema", store=Store(shelf / "results"))


@pytest.fixture(scope="session")
def healthy(shelf: Path, delivered: Callable[[str], Path], look: Callable[[Path], Validation]) -> Callable[[str], Path]:
    """A tree as delivered, which passes everything that applies to it; read only."""

    def make(name: str) -> Path:
        case, without = TREES[name]
        with FileLock(shelf / f"{name}.lock"):
            if not (shelf / name).exists():
                shutil.copytree(
                    delivered(case), shelf / f".{name}", symlinks=True, ignore=shutil.ignore_patterns(*without)
                )
                validation = look(shelf / f".{name}")
                assert validation.exit_code == 0, [(f.path, f.line, f.message) for f in validation.findings]
                (shelf / f".{name}").rename(shelf / name)
        return shelf / name

    return make


@pytest.fixture
def sick(healthy: Callable[[str], Path], tmp_path: Path) -> Callable[[Canary], Path]:
    """A tree with the slip of a canary in it."""

    def make(canary: Canary) -> Path:
        root = Path(shutil.copytree(healthy(canary.tree), tmp_path / "tree", symlinks=True))
        for name, old, new in canary.changes:
            path = root / name
            if old == "*":
                path.unlink()
            elif old:
                text = path.read_text("utf-8")
                assert old in text, f"{name} no longer has {old!r}"
                path.write_text(text.replace(old, new, 1), "utf-8")
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(new, "utf-8")
        return root

    return make


def caught(validation: Validation, canary: Canary) -> list[Finding]:
    results = (result for result in validation.results if result.title == canary.check)
    return [found for result in results for found in result.findings if found.rule == canary.rule]


def said(validation: Validation) -> set[tuple[str, str, str]]:
    return {(finding.rule, finding.path, finding.message) for finding in validation.findings}


def place(canary: Canary, root: Path) -> tuple[str, int]:
    path = canary.where or canary.changes[0][0]
    text = (root / path).read_text("utf-8")
    assert canary.at in text
    return path, text.count("\n", 0, text.index(canary.at)) + 1


@pytest.mark.parametrize("name", CANARIES)
def test_the_slip_is_noticed_with_file_line_and_cure(
    name: str, sick: Callable[[Canary], Path], look: Callable[[Path], Validation]
) -> None:
    canary = CANARIES[name]
    root = sick(canary)
    validation = look(root)
    found = caught(validation, canary)
    assert place(canary, root) in [(finding.path, finding.line) for finding in found], found
    assert all(finding.remedy for finding in found)
    assert canary.says in " ".join(finding.message for finding in found)
    assert validation.exit_code == 1
    if canary.alone:
        errors = {finding.rule for finding in validation.findings if finding.severity is Severity.ERROR}
        assert errors == {canary.rule}
        assert {result.title for result in validation.results if result.status is Status.FAILED} == {canary.check}


def test_every_check_has_a_canary_that_nothing_else_notices() -> None:
    assert {title(check) for check in ALL} == {canary.check for canary in CANARIES.values() if canary.alone}


def test_every_gate_has_a_canary_that_nothing_else_notices() -> None:
    assert set(RULES) <= {canary.rule for canary in CANARIES.values() if canary.alone}


@pytest.mark.parametrize("removed", ALL, ids=title)
def test_without_the_check_nobody_notices(
    removed: Check,
    healthy: Callable[[str], Path],
    sick: Callable[[Canary], Path],
    look: Callable[[Path], Validation],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What the tables hold is what runs: without the check, the sick tree says what the healthy one does."""
    for table in ("TOOLS", "GATES"):
        kept = [
            SimpleNamespace(CHECKS=tuple(check for check in plugin.CHECKS if check is not removed))
            for plugin in getattr(checks, table)
        ]
        monkeypatch.setattr(checks, table, tuple(kept))
    canary = next(canary for canary in CANARIES.values() if canary.alone and canary.check == title(removed))
    assert said(look(sick(canary))) == said(look(healthy(canary.tree)))


TINY = {"terraform": TERRAFORM, "helm": CHART, "kustomize": ARGOCD, "kubeconform": ARGOCD}
ANSWERS = {
    "terraform": "Terraform v1.11.4",
    "helm": "v4.2.4",
    "kustomize": "v5.8.1",
    "kubeconform": "v0.7.0",
}
ILLS = {
    "hangs": ("exec /bin/sleep 30", "did not end within"),
    "prints 10 MB": ("/usr/bin/yes | /usr/bin/head -c 10000000", ""),
    "prints 20 MB": ("/usr/bin/yes | /usr/bin/head -c 20000000", "said more than 16 MB"),
    "is killed": ("kill -9 $$", "ended by signal 9"),
}


@pytest.mark.parametrize("ill", ILLS)
@pytest.mark.parametrize("program", TINY)
def test_a_program_that_is_ill_has_looked_at_nothing(
    program: str, ill: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    body, reason = ILLS[ill]
    monkeypatch.setenv(f"SETOUT_{program.upper()}", str(script(tmp_path / program, ANSWERS[program], body)))
    validation = checks.check(write(tmp_path / "tree", TINY[program]), providers="schema", timeout=2.0)
    results = [result for result in validation.results if result.tool == program and result.version]
    assert results
    assert not [result for result in results if result.status is Status.PASSED]
    assert any(result.status in (Status.FAILED, Status.MISSING) for result in results)
    assert reason in " ".join(result.reason for result in results)
    assert validation.exit_code in (1, 6)


@pytest.mark.parametrize("program", TINY)
def test_a_program_that_is_absent_has_looked_at_nothing(
    program: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"SETOUT_{program.upper()}", str(tmp_path / "nowhere"))
    validation = checks.check(write(tmp_path / "tree", TINY[program]), providers="schema")
    results = [result for result in validation.results if result.tool == program]
    assert {result.status for result in results} == {Status.MISSING}
    assert all(result.reason for result in results)
    assert validation.exit_code == 6
