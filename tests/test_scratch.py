from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

import pytest

from setout import process, scratch


@pytest.fixture(autouse=True)
def base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


def test_the_folder_is_gone_afterwards(base: Path) -> None:
    with scratch.folder() as place:
        (place / "x").mkdir()
    assert list(base.iterdir()) == []


def test_it_is_gone_after_an_exception_too(base: Path) -> None:
    with pytest.raises(KeyboardInterrupt), scratch.folder():
        raise KeyboardInterrupt
    assert list(base.iterdir()) == []


def test_runs_leave_each_other_alone() -> None:
    with scratch.folder() as one, scratch.folder() as other:
        assert one != other
        assert one.is_dir()
        assert other.is_dir()


def test_what_a_killed_run_left_is_removed_by_the_next(base: Path) -> None:
    code = (
        "import os, signal; from setout import scratch\n"
        "with scratch.folder() as place:\n"
        "    (place / 'big').write_text('x'); os.kill(os.getpid(), signal.SIGKILL)"
    )
    ran = process.run([sys.executable, "-c", code], cwd=base, env={"TMPDIR": str(base)})
    assert ran.code == -signal.SIGKILL
    (left,) = base.iterdir()
    with scratch.folder():
        assert not left.exists()


def test_killed_while_it_clears_up_it_is_known_to_the_next_run(base: Path) -> None:
    code = (
        "import os, signal; from setout import scratch\n"
        "remove = os.unlink\n"
        "def dying(*words, **options): remove(*words, **options); os.kill(os.getpid(), signal.SIGKILL)\n"
        "with scratch.folder() as place:\n"
        "    (place / 'big').write_text('x')\n"
        "    os.unlink = dying"
    )
    ran = process.run([sys.executable, "-c", code], cwd=base, env={"TMPDIR": str(base)})
    assert ran.code == -signal.SIGKILL
    (left,) = base.iterdir()
    with scratch.folder():
        assert not left.exists()


def test_beside_a_destination_it_is_hidden_and_goes_with_the_next(tmp_path: Path) -> None:
    code = (
        "import os, pathlib, signal; from setout import scratch\n"
        "with scratch.folder(pathlib.Path()): os.kill(os.getpid(), signal.SIGKILL)"
    )
    process.run([sys.executable, "-c", code], cwd=tmp_path)
    (left,) = tmp_path.iterdir()
    assert left.name.startswith(".setout-scratch-")
    mine = tmp_path / ".setout-scratch-mine"
    mine.mkdir()
    (mine / "notes.txt").write_text("mine\n")
    os.utime(mine, (time.time() - 3600,) * 2)
    with scratch.folder(tmp_path):
        assert not left.exists()
    assert list(tmp_path.iterdir()) == [mine]


def test_what_is_not_ours_or_too_young_to_tell_stays(base: Path) -> None:
    (base / "setout-scratch-young").mkdir()
    (base / "setout-scratch-link").symlink_to(base)
    old = base / "setout-scratch-old"
    old.mkdir()
    os.utime(old, (time.time() - 3600,) * 2)
    with scratch.folder():
        pass
    assert sorted(path.name for path in base.iterdir()) == ["setout-scratch-link", "setout-scratch-young"]
