"""Repositories and moments that mean harm: each has a limit and a line in the report, and nothing of ours is harmed."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from setout import reports, toolchain
from setout.model import Status
from setout.validation import checks, schemas
from tests.conftest import ROOT
from tests.trees import (
    ARGOCD,
    CHART,
    DEPLOYMENT,
    KUSTOMIZE,
    TERRAFORM,
    broken,
    fingerprint,
    only,
    script,
    validate,
    write,
)

EVERYTHING = {**TERRAFORM, **CHART, **ARGOCD}
NEEDED = ("terraform", "helm", "kustomize", "kubeconform")


@pytest.fixture
def surroundings(tmp_path: Path) -> dict[str, str]:
    """An environment in which setout has a home, a cache and a folder for scratch of its own, and every program."""
    for name in ("home", "tmp"):
        (tmp_path / name).mkdir()
    schemas.kubernetes("1.35")
    shutil.copytree(schemas.custom_resources().parent, tmp_path / "cache" / "schemas")
    programs = {f"SETOUT_{name.upper()}": str(toolchain.find(name).path) for name in NEEDED}
    return {
        **programs,
        "HOME": str(tmp_path / "home"),
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT / "src"),
        "SETOUT_CACHE": str(tmp_path / "cache"),
        "TMPDIR": str(tmp_path / "tmp"),
    }


def start(root: Path, env: Mapping[str, str]) -> subprocess.Popen[bytes]:
    words = [sys.executable, "-m", "setout", "validate", root, "--providers", "schema", "--format", "json"]
    return subprocess.Popen(words, env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)


def test_nothing_is_written_but_to_the_cache(tmp_path: Path, surroundings: dict[str, str]) -> None:
    root = write(tmp_path / "tree", EVERYTHING)
    before = fingerprint(root)
    run = start(root, surroundings)
    report = json.loads(run.communicate()[0])
    assert (run.returncode, report["summary"]["missing"]) == (0, 0)
    assert fingerprint(root) == before
    assert list((tmp_path / "home").iterdir()) == []
    assert list((tmp_path / "tmp").iterdir()) == []
    assert sorted(path.name for path in (tmp_path / "cache").iterdir()) == ["results", "schemas"]


def test_killed_at_any_moment_it_leaves_the_tree_and_the_next_run_alone(
    tmp_path: Path, surroundings: dict[str, str]
) -> None:
    root = write(tmp_path / "tree", EVERYTHING)
    before = fingerprint(root)
    for seconds in (0.2, 0.6, 1.2, 2.0, 3.5):
        run = start(root, surroundings)
        time.sleep(seconds)
        run.kill()
        run.communicate()
        assert fingerprint(root) == before
    run = start(root, surroundings)
    assert json.loads(run.communicate()[0])["summary"]["failed"] == 0
    assert run.returncode == 0
    assert list((tmp_path / "tmp").glob("setout-scratch-*")) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interruption_stops_the_programs_at_once(
    tmp_path: Path, surroundings: dict[str, str], number: signal.Signals
) -> None:
    root = write(tmp_path / "tree", KUSTOMIZE)
    body = f"echo $$ >> {tmp_path}/pids\nexec /bin/sleep 60"
    run = start(root, {**surroundings, "SETOUT_KUSTOMIZE": str(script(tmp_path / "slow", "v5.8.1", body))})
    deadline = time.monotonic() + 20
    while not (tmp_path / "pids").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    started = time.monotonic()
    run.send_signal(number)
    run.communicate(timeout=20)
    assert run.returncode == 130
    assert time.monotonic() - started < 5
    for pid in (tmp_path / "pids").read_text().split():
        with pytest.raises(ProcessLookupError):
            os.kill(int(pid), 0)
    assert list((tmp_path / "tmp").iterdir()) == []


def test_what_a_program_says_while_it_is_stopped_is_not_remembered(
    tmp_path: Path, surroundings: dict[str, str]
) -> None:
    root = write(tmp_path / "tree", KUSTOMIZE)
    excuse = "trap 'echo Error: stopped >&2; exit 1' TERM"
    first = f"{excuse}; echo $$ > {tmp_path}/pids; /bin/sleep 60 & wait"
    real = f'[ -e {tmp_path}/pids ] && exec {toolchain.find("kustomize").path} "$@"'
    program = script(tmp_path / "slow", "v5.8.1", f"{real}\n{first}")
    env = {**surroundings, "SETOUT_KUSTOMIZE": str(program)}
    run = start(root, env)
    deadline = time.monotonic() + 20
    while not (tmp_path / "pids").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(0.2)
    run.terminate()
    assert (run.communicate(timeout=20) and run.returncode) == 130
    again = start(root, env)
    assert json.loads(again.communicate()[0])["findings"] == []
    assert again.returncode == 0


def test_a_chart_is_no_option_of_helm_and_its_values_are_one_file(tmp_path: Path) -> None:
    """A folder called `--post-renderer=…` would have helm run a program of the repository."""
    name = "--post-renderer=evil.sh"
    files = {path.replace("charts/web", name): text for path, text in CHART.items()}
    files |= {f"{name}/ci/a,b-values.yaml": "replicas: 7\n", 'ci/"x-values.yaml': ""}
    root = write(tmp_path / "tree", {**files, "evil.sh": f"#!/bin/sh\ntouch {tmp_path}/pwned\ncat\n"})
    (root / "evil.sh").chmod(0o755)
    validation = checks.check(root)
    for verb in ("lint", "template"):
        result = only(validation, "helm", verb, name)
        assert (result.status, result.checked) == (Status.PASSED, 3), result
    assert not (tmp_path / "pwned").exists()


NAMES = [
    "$(touch pwned).yaml",
    "::error file=x,line=1::no.yaml",
    "`id`.yaml",
    "[red]x[/red].yaml",
    "-rf.yaml",
    "a b;c.yaml",
]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_that_can_be_shown_is_shown_as_it_is_and_does_nothing(tmp_path: Path, name: str) -> None:
    validation = validate(tmp_path / "tree", {name: DEPLOYMENT.replace("replicas: 2", "replicas: two")})
    assert [finding.path for finding in validation.findings] == [name]
    assert name in reports.load("text").validation(validation)
    assert not [
        line for line in reports.load("github").validation(validation).splitlines() if line.startswith("::error file=x")
    ]
    assert not list(tmp_path.rglob("pwned"))


@pytest.mark.parametrize(
    "name", [b"a\x1b[31m.yaml", b"b\n::error::c.yaml", b"\xff\xfe.yaml", b"x\rwindows.tf", b"a\\b.tf"]
)
def test_a_name_that_cannot_be_shown_is_left_alone_and_said_to_be(tmp_path: Path, name: bytes) -> None:
    root = write(tmp_path / "tree", {"web.yaml": DEPLOYMENT})
    with open(os.fsencode(root) + b"/" + name, "wb") as file:  # noqa: PTH123 - pathlib has no names of bytes
        file.write(b"apiVersion: v1\nkind: Nonsense\n")
    validation = checks.check(root)
    assert validation.exit_code == 0
    (note,) = validation.notes
    assert "left alone, its name holds characters that no terminal should be shown" in note
    assert note.isprintable()


def a_link(root: Path) -> None:
    (root / "base" / "passwd.yaml").symlink_to("/etc/passwd")


LIMITS: dict[str, tuple[Mapping[str, str], str, Callable[[Path], None]]] = {
    "a link out of the tree": (KUSTOMIZE, "base/passwd.yaml: left alone, a symbolic link that leaves the tree", a_link),
    "a chart that would be fetched": (
        {
            **CHART,
            "charts/web/Chart.yaml": CHART["charts/web/Chart.yaml"]
            + "dependencies:\n  - name: redis\n    version: 1.0.0\n    repository: https://charts.example.org\n",
        },
        "charts/web/Chart.yaml depends on redis from https://charts.example.org, which is not in charts/",
        lambda _root: None,
    ),
    "a module from elsewhere": (
        broken(TERRAFORM, "live/main.tf", "../modules/network", "https://example.org/x.zip"),
        "live/main.tf:1 calls https://example.org/x.zip, which is not in this tree and is not fetched",
        lambda _root: None,
    ),
    "a remote base": (
        broken(KUSTOMIZE, "overlays/dev/kustomization.yaml", "../../base", "https://example.org/x//base?ref=v1"),
        "builds on https://example.org/x//base?ref=v1, which is not in this tree and is not fetched",
        lambda _root: None,
    ),
    "aliases without end": (
        {
            "x.yaml": "apiVersion: v1\nkind: ConfigMap\n"
            + "a0: &a0 [x]\n"
            + "".join(f"a{n + 1}: &a{n + 1} [{', '.join([f'*a{n}'] * 10)}]\n" for n in range(12))
        },
        "its aliases make it too large to go through",
        lambda _root: None,
    ),
    "brackets without end": (
        {"x.yaml": "apiVersion: v1\nkind: ConfigMap\ndata: " + "[" * 500_000},
        "nested too deeply",
        lambda _root: None,
    ),
}


@pytest.mark.parametrize("name", LIMITS)
def test_each_has_a_limit_and_a_line_in_the_report(tmp_path: Path, name: str) -> None:
    files, line, spoil = LIMITS[name]
    root = write(tmp_path / "tree", files)
    spoil(root)
    started = time.monotonic()
    validation = checks.check(root, providers="schema")
    page = " ".join(reports.load("text").validation(validation).split())
    assert line in page
    assert time.monotonic() - started < 30
    if "link" not in name:
        assert validation.exit_code in (1, 6)


def test_settings_may_not_lead_out_of_the_tree(tmp_path: Path) -> None:
    (tmp_path / "other.toml").write_text('[[exclude]]\npaths = ["**/*"]\nreason = "nothing is looked at"\n')
    root = write(tmp_path / "tree", KUSTOMIZE)
    (root / ".setout.toml").symlink_to(tmp_path / "other.toml")
    validation = checks.check(root)
    assert only(validation, "kustomize", "build", "base").status is Status.PASSED
    assert validation.notes == (".setout.toml: left alone, a symbolic link that leaves the tree or points to nothing",)
