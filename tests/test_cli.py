"""The commands as a person types them: exit codes, one line for each failure, nothing half-written."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from setout.cli import main
from tests import trees
from tests.conftest import PLANS

MULTI_TOOL = str(PLANS / "multi-tool" / "plan.md")


def run(*words: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "setout", *map(str, words)], capture_output=True, text=True, check=False, cwd=cwd
    )


def test_help_teaches_with_examples_and_exit_codes(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["--help"])
    assert caught.value.code == 0
    page = capsys.readouterr().out
    assert "setout scaffold specs/" in page
    assert "exit codes" in page


def test_help_needs_none_of_the_heavy_packages() -> None:
    code = (
        "import sys; from setout.cli import main\ntry: main(['--help'])\nexcept SystemExit: print(sorted(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"'copier'", "'dataclasses'", "'yaml'", "'rich'", "'grpc'", "'markdown_it'"} & set(
        done.stdout.replace("[", "").replace("]", "").split(", ")
    )


def test_json_stands_alone_on_standard_output() -> None:
    done = run("read", MULTI_TOOL, "--format", "json")
    assert done.returncode == 0
    value = json.loads(done.stdout)
    assert value["plan"] == MULTI_TOOL
    contract = """outcome structure blueprints clouds kubernetes gitops state_backend secrets environments tenants
        components applications open_questions evidence because"""
    assert set(contract.split()) <= set(value)


def project(root: Path, *features: str) -> Path:
    (root / ".specify").mkdir()
    for feature in features:
        (root / "specs" / feature).mkdir(parents=True)
        shutil.copy(MULTI_TOOL, root / "specs" / feature / "plan.md")
    return root


def test_a_directory_is_read_as_its_plan_and_the_plan_is_named(tmp_path: Path) -> None:
    done = run("read", "--format", "json", cwd=project(tmp_path, "001-net"))
    assert (done.returncode, done.stderr) == (0, "plan: specs/001-net/plan.md (the only plan here)\n")
    assert json.loads(done.stdout)["plan"] == "specs/001-net/plan.md"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("read", "setout read specs/{}/plan.md"),
        ("read . --strict", "setout read specs/{}/plan.md --strict"),
        ("scaffold . out", "setout scaffold specs/{}/plan.md out"),
        ("preview . new", "setout preview specs/{}/plan.md new"),
        ("update --plan=.", "setout update --plan=specs/{}/plan.md"),
    ],
)
def test_of_several_plans_each_is_listed_with_the_command_that_names_it(
    tmp_path: Path, words: str, expected: str
) -> None:
    done = run(*words.split(), cwd=project(tmp_path, "001-net", "002-apps"))
    assert (done.returncode, done.stdout) == (2, "")
    error, hint, *choices = done.stderr.splitlines()
    assert error == "error: .: there are 2 plans here"
    assert "name the one" in hint
    assert [line.strip() for line in choices] == [expected.format("001-net"), expected.format("002-apps")]


def test_strict_reading_fails_where_something_is_open_and_shows_it_all_the_same(tmp_path: Path) -> None:
    text = Path(MULTI_TOOL).read_text("utf-8")
    settled, doubtful = tmp_path / "settled.md", tmp_path / "doubtful.md"
    settled.write_text(text, "utf-8")
    doubtful.write_text(f"{text}\n## Open questions\n\n- Which region comes first?\n", "utf-8")
    assert run("read", settled, "--strict").returncode == 0
    assert run("read", doubtful).returncode == 0
    done = run("read", settled, doubtful, "--strict")
    assert done.returncode == 3
    assert "open questions" in done.stdout


def bad_plans(tmp_path: Path) -> dict[str, tuple[Path, int, str]]:
    return {
        "missing": (tmp_path / "none.md", 2, "no such file"),
        "directory": (tmp_path, 2, "no plan here"),
        "empty": (_write(tmp_path / "empty.md", b""), 2, "empty"),
        "binary": (_write(tmp_path / "binary.md", b"\x00\x01\x02" * 100), 2, "binary"),
        "large": (_write(tmp_path / "large.md", b"a\n" * (25 * 1024 * 1024)), 2, "larger"),
        "no-plan": (_write(tmp_path / "notes.md", b"# Shopping\n\n- milk\n"), 2, "nothing to deliver"),
        "application": (PLANS / "application" / "plan.md", 2, "nothing to deliver"),
        "unfilled": (PLANS / "unfilled" / "plan.md", 2, "filled in"),
        "unknown-cloud": (_cloud(tmp_path, "Zorpcloud"), 3, "cloud"),
        "cloud-without-blueprint": (_cloud(tmp_path, "Azure"), 2, "azure"),
    }


def _write(file: Path, data: bytes) -> Path:
    file.write_bytes(data)
    return file


def _cloud(tmp_path: Path, name: str) -> Path:
    text = (PLANS / "single-terraform" / "plan.md").read_text("utf-8")
    changes = {
        "**Cloud Provider**: AWS": f"**Cloud Provider**: {name}",
        "to AWS": "to the cloud",
        " on EC2": "",
        "AWS Secrets Manager": "files",
        "S3+DynamoDB": "local",
        "us-east-2": "one",
    }
    for old, new in changes.items():
        text = text.replace(old, new)
    return _write(tmp_path / f"{name}.md", text.encode())


BAD_PLANS = (
    "missing",
    "directory",
    "empty",
    "binary",
    "large",
    "no-plan",
    "application",
    "unfilled",
    "unknown-cloud",
    "cloud-without-blueprint",
)


@pytest.mark.parametrize("name", BAD_PLANS)
def test_bad_input_gives_one_line_and_leaves_nothing(tmp_path: Path, name: str) -> None:
    plan, code, words = bad_plans(tmp_path)[name]
    before = sorted(tmp_path.rglob("*"))
    done = run("scaffold", plan, tmp_path / "out", "--no-validate")
    assert (done.returncode, done.stdout) == (code, "")
    assert "Traceback" not in done.stderr
    error, *hints = [line for line in done.stderr.splitlines() if not line.startswith("rendering")]
    assert error.startswith("error: ")
    assert words in error
    assert len(hints) == 1
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("kind", ["file", "full", "link"])
def test_a_destination_that_cannot_be_is_refused_untouched(tmp_path: Path, kind: str) -> None:
    destination = tmp_path / "out"
    if kind == "file":
        destination.write_text("mine")
    elif kind == "full":
        destination.mkdir()
        (destination / "mine").write_text("mine")
    else:
        destination.symlink_to(tmp_path / "elsewhere")
    done = run("scaffold", MULTI_TOOL, destination, "--no-validate")
    assert done.returncode == 2
    assert str(destination) in done.stderr
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_a_destination_that_cannot_be_written_is_refused() -> None:
    done = run("scaffold", MULTI_TOOL, "/proc/setout/out", "--no-validate")
    assert done.returncode == 2
    assert "cannot be written" in done.stderr


def test_interrupted_in_the_middle_nothing_is_left(tmp_path: Path) -> None:
    child = subprocess.Popen(
        [sys.executable, "-m", "setout", "scaffold", MULTI_TOOL, str(tmp_path / "out"), "--no-validate"],
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    assert child.stderr is not None
    assert "rendering" in child.stderr.readline()
    _wait_for(lambda: any(tmp_path.iterdir()))
    child.send_signal(signal.SIGINT)
    _, err = child.communicate(timeout=60)
    assert child.returncode == 130
    assert "Traceback" not in err
    assert list(tmp_path.iterdir()) == []


def _wait_for(condition: object, seconds: float = 30.0) -> None:
    end = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.01)


def test_open_questions_stop_with_three_and_all_of_them_with_strict(tmp_path: Path) -> None:
    text = (
        Path(MULTI_TOOL)
        .read_text("utf-8")
        .replace("**State Backend**: S3 with native locking", "**State Backend**: NEEDS CLARIFICATION")
    )
    plan = _write(tmp_path / "plan.md", text.encode())
    strict = run("scaffold", plan, tmp_path / "out", "--strict", "--no-validate")
    assert strict.returncode == 3
    assert f"{plan}:{text.split(chr(10)).index('**State Backend**: NEEDS CLARIFICATION  ') + 1}:" in strict.stderr
    assert not (tmp_path / "out").exists()
    assert run("preview", plan, tmp_path / "out").returncode == 0


def test_a_fault_of_ours_ends_with_seventy_and_a_log(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr("setout.pipeline.read", broken)
    assert main(["read", MULTI_TOOL]) == 70
    log = Path(capsys.readouterr().err.strip().rsplit(" ", 1)[1])
    assert "boom" in log.read_text("utf-8")
    log.unlink()


def test_preview_writes_nothing_and_lists_what_scaffold_writes(tmp_path: Path) -> None:
    preview = json.loads(run("preview", MULTI_TOOL, tmp_path / "out", "--format", "json").stdout)
    assert list(tmp_path.iterdir()) == []
    assert run("scaffold", MULTI_TOOL, tmp_path / "out", "--no-validate").returncode == 0
    written = sorted(p.relative_to(tmp_path / "out").as_posix() for p in (tmp_path / "out").rglob("*") if p.is_file())
    assert preview["added"] == written
    assert all(preview[key] == [] for key in ("changed", "deleted", "moved", "conflicts"))


def written(root: Path) -> Path:
    """A repository with one manifest that is right, and nothing else."""
    return trees.write(root, {"web.yaml": trees.DEPLOYMENT})


def test_several_reports_are_written_and_one_is_shown(tmp_path: Path) -> None:
    root = written(tmp_path / "infra")
    reports = [f"--report={name}={name}.out" for name in ("sarif", "junit", "gitlab", "github", "json", "text")]
    done = run("validate", "infra", "--no-cache", *reports, cwd=tmp_path)
    assert done.returncode == 0
    assert done.stdout.startswith("check ")
    assert sorted(path.name for path in tmp_path.iterdir() if path != root) == [
        "github.out", "gitlab.out", "json.out", "junit.out", "sarif.out", "text.out",
    ]  # fmt: skip
    assert json.loads((tmp_path / "sarif.out").read_text("utf-8"))["version"] == "2.1.0"
    assert (tmp_path / "text.out").read_text("utf-8").splitlines()[-1].startswith("next: ")


def test_a_report_may_take_the_place_of_the_page(tmp_path: Path) -> None:
    done = run("validate", written(tmp_path), "--report", "gitlab=-")
    assert (done.returncode, json.loads(done.stdout)) == (0, [])
    both = run("validate", tmp_path, "--report", "gitlab=-", "--format", "json")
    assert (both.returncode, both.stdout) == (2, "")
    assert "one of them" in both.stderr


def test_a_report_that_cannot_be_is_refused_before_anything_is_looked_at(tmp_path: Path) -> None:
    done = run("validate", written(tmp_path), "--report", f"sarif={tmp_path}/absent/out.sarif")
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 2


def test_a_required_tool_without_anything_to_look_at_ends_with_six(tmp_path: Path) -> None:
    root = written(tmp_path)
    assert run("validate", root).returncode == 0
    done = run("validate", root, "--require", "kubeconform,helm", "--format", "json")
    assert done.returncode == 6
    missing = [check["tool"] for check in json.loads(done.stdout)["checks"] if check["outcome"] == "missing"]
    assert set(missing) == {"helm"}
    unknown = run("validate", root, "--require", "terrafrom")
    assert unknown.returncode == 2
    assert "terraform" in unknown.stderr


def test_a_warning_fails_only_with_fail_on_warning(tmp_path: Path) -> None:
    root = trees.write(tmp_path, {"thing.yaml": "apiVersion: acme.example.org/v1\nkind: Thing\nmetadata:\n  name: a\n"})
    found = json.loads(run("validate", root, "--format", "json").stdout)["findings"]
    assert {finding["severity"] for finding in found} == {"warning"}
    codes = [run("validate", root, "--fail-on", level).returncode for level in ("error", "warning")]
    assert codes[1] == 1
    assert codes[0] != 1


def test_on_github_the_rest_goes_into_the_summary_of_the_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    summary = tmp_path / "summary.md"
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    unfilled = PLANS / "unfilled" / "plan.md"
    assert run("read", unfilled).returncode == 0
    assert not summary.exists()
    done = run("read", unfilled, "--format", "github")
    assert done.stdout.startswith("::error file=")
    assert summary.read_text("utf-8").startswith("## setout read\n")


def test_of_several_plans_the_good_ones_are_read(tmp_path: Path) -> None:
    done = run("read", tmp_path / "none.md", MULTI_TOOL, "--format", "json")
    assert done.returncode == 2
    (line,) = done.stdout.splitlines()
    assert json.loads(line)["plan"] == MULTI_TOOL
    assert "none.md: there is no such file" in done.stderr


def test_a_terminal_that_cannot_say_it_gets_a_question_mark() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "setout", "read", MULTI_TOOL], capture_output=True, check=False,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
    )  # fmt: skip
    assert done.returncode == 0
    assert b"Traceback" not in done.stderr
