"""The whole command, killed after so many milliseconds: as it was or complete, and the next run finishes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from setout import git as verbs
from tests.day_two.conftest import Site
from tests.day_two.workshop import git, snapshot, state


def whole(site: Site) -> tuple[object, ...]:
    return snapshot(site.repo), git(site.repo, "ls-files", "--stage"), git(site.repo, "rev-parse", "HEAD^{tree}")


@pytest.mark.parametrize("part", range(5))
def test_an_update_killed_at_any_moment(site: Site, part: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    site.edit("notes.txt", "line 3 of", "person, line 3 of")
    site.release("notes.txt", "line 9 of", "template, line 9 of")
    before, head = whole(site), git(site.repo, "rev-parse", "HEAD").strip()
    command = [sys.executable, "-m", "setout", "update", str(site.repo), "--no-validate"]
    started = time.monotonic()
    subprocess.run(command, check=True, capture_output=True)
    took, after = time.monotonic() - started, whole(site)
    for share in range(4):
        git(site.repo, "reset", "--quiet", "--hard", head)
        child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(took * (4 * part + share + 1) / 21)
        child.kill()
        child.wait()
        done = site.update()
        assert done.outcome in ("updated", "unchanged"), done
        assert whole(site) == after, f"killed after {took * (4 * part + share + 1) / 21:.2f} s of {took:.2f} s"
        assert before != after
        assert git(site.repo, "status", "--porcelain") == ""
    deadline = time.monotonic() + 20
    while list(temporary.iterdir()) and time.monotonic() < deadline:  # a git whose setout was killed may still write
        for left in temporary.iterdir():
            os.utime(left, (0, 0))  # as if a minute had gone by, in which a folder may be without its lock
        subprocess.run(command, check=True, capture_output=True)
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize(
    ("moment", "locked"), [(0, False), (1, False), (1, True), (3, False), (5, False), (5, True), (6, False)]
)
def test_handing_over_killed_at_any_git_is_taken_back(site: Site, moment: int, locked: bool) -> None:
    site.edit("notes.txt", "line 3 of", "person, line 3 of")
    site.release("notes.txt", "line 3 of", "template, line 3 of")
    place = site.repo.with_name("repository-setout-update")
    before = state(site.repo)
    child = os.fork()
    if not child:
        _hand_over_until(site, moment, locked)
    _, status = os.waitpid(child, 0)
    is_killed = os.WIFSIGNALED(status)
    assert is_killed == (moment < _GITS)
    done = site.update()
    assert done.outcome == "refused"
    assert ("an interrupted --resolve was taken back" in done.recovered) == is_killed
    if is_killed:
        assert not place.exists()
        assert state(site.repo) == before
    assert bool(site.update(resolve=True).commands) == is_killed


_GITS = 6  # how often git is asked while conflicts are laid out


def _hand_over_until(site: Site, moment: int, locked: bool) -> None:
    """Die, as a child, when git is asked for the so-many-th time while the conflicts are laid out."""
    lay_out, ask, asked = verbs.lay_out, verbs.ask, 0

    def dying(where: Any, *words: Any, **options: Any) -> str:
        nonlocal asked
        if asked == moment:
            os.kill(os.getpid(), signal.SIGKILL)
        asked += 1
        out = ask(where, *words, **options)
        if words[0] == "worktree" and locked:
            ask(where, "worktree", "lock", words[-2])
        return out

    def watched(*words: Any) -> None:
        verbs.ask = dying
        lay_out(*words)
        verbs.ask = ask

    verbs.lay_out = watched
    site.update(resolve=True)
    os._exit(0)
