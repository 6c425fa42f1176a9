"""Drift, accept, why and plan as a person and as CI type them: exit codes, pages, annotations, code scanning."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from setout.cli import main
from setout.upkeep.repository import Repository
from tests import small
from tests.reports.test_sarif import SCHEMA

BACKEND = "terraform/environments/dev/backend.tf"
REASON = ("--reason", "agreed in the design review")


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small.template(tmp_path_factory.mktemp("commands") / "template")


@pytest.fixture
def repo(template: Path, tmp_path: Path) -> Repository:
    return small.deliver(template, tmp_path / "repo")


def localise(repo: Repository) -> None:
    small.write(repo.root, {BACKEND: 'terraform {\n  backend "local" {}\n}\n'})


def said(capsys: pytest.CaptureFixture[str], code: int, *words: str | Path) -> str:
    assert main([str(word) for word in words]) == code
    return capsys.readouterr().out


def refused(capsys: pytest.CaptureFixture[str], *words: str | Path) -> str:
    assert main([str(word) for word in words]) == 2
    page = capsys.readouterr()
    assert page.out == ""
    assert "Traceback" not in page.err
    return page.err


def test_no_drift_is_good_and_drift_is_five(repo: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, 0, "drift", repo.root).strip() == "no drift"
    localise(repo)
    page = said(capsys, 5, "drift", repo.root)
    assert BACKEND in page
    line = small.line_of(small.PLAN, "**State Backend**")
    assert f"specs/007-paper-shop/plan.md:{line}: the plan keeps the state in s3" in page
    assert "1 changed file, 1 contradicted fact" in page


def test_everything_accepted_is_no_drift_and_still_shown(repo: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    localise(repo)
    assert "accepted" in said(capsys, 0, "accept", BACKEND, "--in", repo.root, *REASON)
    said(capsys, 5, "drift", repo.root)
    said(capsys, 0, "accept", "--field", "state_backend", "--in", repo.root, "--until", "2999-12-31", *REASON)
    page = said(capsys, 0, "drift", repo.root)
    assert "no drift; accepted: 2" in page
    assert "agreed in the design review" in page


def test_an_acceptance_of_yesterday_has_ended(repo: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    (repo.root / "LICENSE").unlink()
    said(capsys, 0, "accept", "LICENSE", "--in", repo.root, "--until", "2001-01-01", *REASON)
    assert "accepted until 2001-01-01" in said(capsys, 5, "drift", repo.root)


def test_files_are_accepted_from_where_one_stands(
    repo: Repository, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    localise(repo)
    monkeypatch.chdir(repo.root / "terraform")
    assert BACKEND in said(capsys, 0, "accept", "environments/dev/backend.tf", *REASON)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("LICENSE", *REASON), "nothing to accept"),
        (("--reason", "short", "LICENSE"), "--reason"),
        (("LICENSE", "--until", "soon", *REASON), "no date"),
        (REASON, "nothing to accept"),
    ],
)
def test_what_cannot_be_accepted_is_refused_in_one_line(
    repo: Repository, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], told: str
) -> None:
    assert told in refused(capsys, "accept", *words, "--in", repo.root)


def test_code_scanning_gets_valid_sarif_of_what_is_not_accepted(
    repo: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    localise(repo)
    (repo.root / "LICENSE").unlink()
    said(capsys, 0, "accept", "LICENSE", "--in", repo.root, *REASON)
    log = json.loads(said(capsys, 5, "drift", repo.root, "--format", "sarif"))
    jsonschema.Draft4Validator(SCHEMA, format_checker=jsonschema.FormatChecker()).validate(log)
    (run,) = log["runs"]
    assert {result["ruleId"] for result in run["results"]} == {"drift/person", "drift/state-backend"}
    assert run["invocations"][0]["exitCode"] == 5
    assert all(result["partialFingerprints"] for result in run["results"])


def test_github_gets_annotations_and_a_summary(
    repo: Repository, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    localise(repo)
    summary = tmp_path / "summary.md"
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    monkeypatch.chdir(repo.root)
    lines = said(capsys, 5, "drift", "--format", "github").splitlines()
    assert lines[0].startswith(f"::error file={BACKEND},line=1,title=drift/state-backend::")
    assert lines[1].startswith(f"::warning file={BACKEND},line=1,title=drift/person::")
    assert lines[-1] == "setout drift: 2 found, 0 accepted"
    assert "the plan keeps the state in s3" in summary.read_text("utf-8")


def test_why_shows_answers_lines_and_reasons(repo: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    page = said(capsys, 0, "why", "argocd/applications/dev/cert-manager.yaml", "--in", repo.root)
    line = small.line_of(small.PLAN, "| cert-manager |")
    assert f"specs/007-paper-shop/plan.md:{line}: | cert-manager | Yes | chart v1.20.0 |" in page
    assert "made from delivered/argocd/applications/" in page
    assert "version as the plan has it" in page


def test_why_of_a_plan_line_lists_files(repo: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    line = small.line_of(small.PLAN, "| cert-manager |")
    page = said(capsys, 0, "why", "--plan", str(line), "--in", repo.root)
    assert "argocd/applications/prod/cert-manager.yaml" in page
    assert "3 files rest on this line" in page


@pytest.mark.parametrize("words", [(), ("README.md", "--plan", "3")])
def test_why_wants_one_thing(repo: Repository, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]) -> None:
    assert "say what is asked about" in refused(capsys, "why", *words, "--in", repo.root)


def test_a_synced_plan_is_checked_with_five(repo: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("plan", "sync", repo.root, "--no-validate")
    assert "is stale: tree, decision" in said(capsys, 5, *words, "--check")
    assert "has anew: tree, decision" in said(capsys, 0, *words)
    assert "is up to date" in said(capsys, 0, *words, "--check")
    assert said(capsys, 0, "drift", repo.root).strip() == "no drift"


def test_a_question_is_answered_in_the_plan_of_the_repository_here(
    repo: Repository, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    small.change_plan(repo, "**State Backend**: S3", "**State Backend**: NEEDS CLARIFICATION")
    monkeypatch.chdir(repo.root)
    assert "+ **State Backend**: S3" in said(capsys, 0, "plan", "answer", "state_backend=S3")
    assert said(capsys, 0, "drift").strip() == "no drift"
    assert "nothing asks for" in refused(capsys, "plan", "answer", "state_backend=S3")
    assert "not KEY=VALUE" in refused(capsys, "plan", "answer", "state_backend")


@pytest.mark.parametrize("words", [("drift",), ("why", "README.md", "--in"), ("plan", "sync")])
def test_a_directory_that_is_no_repository_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    refused(capsys, *words, tmp_path)
