"""The whole command, killed after so many milliseconds: as it was or complete, and the next run finishes."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest

from tests.day_two.conftest import Site
from tests.day_two.workshop import git, snapshot


def whole(site: Site) -> tuple[object, ...]:
    return snapshot(site.repo), git(site.repo, "ls-files", "--stage"), git(site.repo, "rev-parse", "HEAD^{tree}")


@pytest.mark.parametrize("part", range(5))
def test_an_update_killed_at_any_moment(site: Site, part: int) -> None:
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
