"""Killed at any point, a repository is as it was or complete, and the next run clears away what is left."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from setout import git as verbs
from setout.upkeep import journal
from tests.day_two.workshop import IDENTITY, commit, git, snapshot, state

MANY = 80
TAKE = """
import json, os, sys
from pathlib import Path
from setout import git
from setout.upkeep import journal
from setout.git import Blob
step = json.loads(sys.argv[1])
step["adopted"] = {path: Blob(**blob) for path, blob in step["adopted"].items()}
print("ready", flush=True)
if len(sys.argv) > 2:
    verb, moment = sys.argv[2:]
    whole = getattr(git, verb)
    setattr(git, verb, lambda *words: (moment == "after" and whole(*words), os._exit(9)))
journal.take(Path.cwd(), Path.cwd() / ".git", journal.Step(**{**step, "paths": tuple(step["paths"])}))
"""


@pytest.fixture(autouse=True)
def _identity(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in IDENTITY.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """At the first of two commits far apart: files changed, added, deleted, made a directory of, and the reverse."""
    root = tmp_path / "repository"
    root.mkdir()
    git(root, "init", "--quiet", "--initial-branch=main")
    for number in range(MANY):
        (root / f"changed-{number}").write_text(f"old {number}\n" * 50)
        (root / f"deleted-{number}").write_text(f"gone {number}\n")
    (root / "was-file").write_text("a file\n")
    (root / "was-folder").mkdir()
    (root / "was-folder" / "file").write_text("below\n")
    (root / "script").write_text("#!/bin/sh\n")
    old = commit(root, "old")
    for number in range(MANY):
        (root / f"changed-{number}").write_text(f"new {number}\n" * 60)
        (root / f"deleted-{number}").unlink()
        (root / "added" / str(number % 7)).mkdir(parents=True, exist_ok=True)
        (root / "added" / str(number % 7) / f"file-{number}").write_text(f"added {number}\n" * 40)
    (root / "was-file").unlink()
    (root / "was-file").mkdir()
    (root / "was-file" / "now").write_text("below\n")
    (root / "was-folder" / "file").unlink()
    (root / "was-folder").rmdir()
    (root / "was-folder").write_text("a file\n")
    (root / "script").chmod(0o755)
    (root / "link").symlink_to("script")
    commit(root, "new")
    git(root, "branch", "target")
    git(root, "reset", "--quiet", "--hard", old)
    (root / "mine.txt").write_text("git does not know me\n")
    return root


def step(root: Path, *, commits: bool = True) -> journal.Step:
    old, new = (git(root, "rev-parse", name).strip() for name in ("main", "target" if commits else "target^{tree}"))
    return journal.Step(old, new, tuple(verbs.changes(root, old, new)), commits=commits)


def whole(root: Path) -> tuple[object, ...]:
    """What must be one of two things; of the branches only where they point."""
    return (
        snapshot(root),
        git(root, "ls-files", "--stage"),
        git(root, "rev-parse", "HEAD"),
        git(root, "status", "--porcelain"),
    )


def complete(root: Path, tmp_path: Path, *, commits: bool) -> tuple[object, ...]:
    copy = tmp_path / "complete"
    subprocess.run(["cp", "-a", str(root), str(copy)], check=True)
    journal.take(copy, copy / ".git", step(copy, commits=commits))
    return whole(copy)


def kill(child: subprocess.Popen[str], *, with_children: bool) -> None:
    child.send_signal(signal.SIGSTOP)
    listed = Path(f"/proc/{child.pid}/task/{child.pid}/children")
    children = listed.read_text().split() if with_children and listed.exists() else []
    for pid in children:
        os.kill(int(pid), signal.SIGKILL)
    child.kill()
    child.wait()


@pytest.mark.parametrize("commits", [True, False])
def test_a_step_is_taken_whole_and_leaves_nothing(repository: Path, commits: bool) -> None:
    journal.take(repository, repository / ".git", step(repository, commits=commits))
    target = git(repository, "rev-parse", "target^{tree}").strip()
    assert git(repository, "write-tree").strip() == target
    assert git(repository, "diff", "--name-only") == ""
    assert (git(repository, "rev-parse", "HEAD") == git(repository, "rev-parse", "target")) is commits
    assert (repository / "mine.txt").exists()
    assert not [p for p in (repository / ".git").iterdir() if "setout" in p.name and p.name != "setout-update.lock"]


@pytest.mark.parametrize("with_children", [False, True], ids=["git-runs-on", "git-dies-too"])
@pytest.mark.parametrize("commits", [True, False], ids=["commit", "staged"])
def test_killed_anywhere_it_is_as_it_was_or_complete(
    repository: Path, tmp_path: Path, commits: bool, with_children: bool
) -> None:
    wanted, before, after = (
        step(repository, commits=commits),
        whole(repository),
        complete(repository, tmp_path, commits=commits),
    )
    text = json.dumps({"old": wanted.old, "new": wanted.new, "paths": wanted.paths, "adopted": {}, "commits": commits})
    seen = set()
    for offset in (0, 0, *range(9)):
        child = subprocess.Popen([sys.executable, "-c", TAKE, text], cwd=repository, stdout=subprocess.PIPE, text=True)
        assert child.stdout is not None
        child.stdout.readline()
        while not (repository / ".git" / "setout-update.json").exists() and child.poll() is None:
            time.sleep(0.0005)
        time.sleep(offset * 0.004)
        kill(child, with_children=with_children)
        said = journal.recover(repository, repository / ".git")
        left = whole(repository)
        assert left in (before, after), f"after {offset * 4} ms: {said}"
        seen.add(left == after)
        assert not [p for p in (repository / ".git").iterdir() if "setout" in p.name and p.name != "setout-update.lock"]
        assert not (repository / ".git" / "index.lock").exists()
        git(repository, "reset", "--quiet", "--hard", wanted.old)
    assert False in seen, "no kill came early enough to be taken back"


@pytest.mark.parametrize(
    ("verb", "moment", "is_complete"),
    [
        ("advance", "before", False),
        ("advance", "after", False),
        ("move_branch", "before", True),
        ("move_branch", "after", True),
    ],
)
def test_between_two_steps_of_the_step_it_is_known_how_far_it_went(
    repository: Path, tmp_path: Path, verb: str, moment: str, is_complete: bool
) -> None:
    wanted, before, after = step(repository), whole(repository), complete(repository, tmp_path, commits=True)
    text = json.dumps({"old": wanted.old, "new": wanted.new, "paths": wanted.paths, "adopted": {}})
    done = subprocess.run(
        [sys.executable, "-c", TAKE, text, verb, moment], cwd=repository, capture_output=True, check=False
    )
    assert done.returncode == 9
    said = journal.recover(repository, repository / ".git")
    assert ("complete" in said) is is_complete
    assert whole(repository) == (after if is_complete else before)
    assert not (repository / ".git" / "index.lock").exists()


def test_what_somebody_changed_after_the_kill_is_left_alone(repository: Path) -> None:
    folder, wanted = repository / ".git", step(repository)
    journal._write(folder, wanted)
    (repository / "changed-1").write_text("new 1\n" * 3)  # half written by the run that was killed
    (repository / "changed-2").write_text("a person's\n")
    (repository / "deleted-3").unlink()
    (repository / "added" / "0").mkdir(parents=True)
    (repository / "added" / "0" / "file-0").write_text("")
    said = journal.recover(repository, folder)
    assert "changed-2, changed since and left alone" in said
    assert (repository / "changed-2").read_text() == "a person's\n"
    assert git(repository, "status", "--porcelain").split("\n")[:-1] == [" M changed-2", "?? mine.txt"]
    assert not (repository / "added").exists()


def test_a_branch_that_moved_on_is_left_alone(repository: Path) -> None:
    wanted = step(repository)
    journal._write(repository / ".git", wanted)
    (repository / "changed-1").write_text("committed since\n")
    git(repository, "commit", "--quiet", "--all", "--message", "work")
    before = whole(repository)
    assert "moved on" in journal.recover(repository, repository / ".git")
    assert whole(repository) == before


@pytest.mark.parametrize("content", [b"DIRC of another git", b""])
@pytest.mark.parametrize("has_links", [True, False])
def test_a_foreign_lock_on_the_index_stays(
    repository: Path, content: bytes, has_links: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not has_links:
        monkeypatch.setattr(os, "link", _no_links)
    lock = repository / ".git" / "index.lock"
    lock.write_bytes(content)
    before = state(repository)
    with pytest.raises(journal.Busy, match="another git"):
        journal.take(repository, repository / ".git", step(repository))
    assert lock.exists()
    assert state(repository) == before


def test_without_links_a_step_is_taken_too(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "link", _no_links)
    journal.take(repository, repository / ".git", step(repository))
    assert git(repository, "rev-parse", "HEAD") == git(repository, "rev-parse", "target")
    assert not (repository / ".git" / "index.lock").exists()


def _no_links(*_: object) -> None:
    raise PermissionError(1, "Operation not permitted")


def test_our_own_stale_lock_is_cleared_away(repository: Path) -> None:
    folder = repository / ".git"
    journal._write(folder, step(repository))
    (folder / "index.lock").write_bytes(b"setout")
    assert "taken back" in journal.recover(repository, folder)
    assert not (folder / "index.lock").exists()


def test_a_file_changed_at_the_last_moment_refuses_the_step(repository: Path) -> None:
    (repository / "changed-5").write_text("mine\n")
    before = whole(repository)
    with pytest.raises(verbs.GitError):
        journal.take(repository, repository / ".git", step(repository))
    assert whole(repository) == before


def test_two_at_once_do_not_get_in_each_others_way(repository: Path) -> None:
    with journal._exclusive(repository / ".git"), pytest.raises(journal.Busy, match="another setout"):
        journal.take(repository, repository / ".git", step(repository))
