"""The step from one state of a repository to the next: all of it or nothing, also when it is killed on the way.

Before anything is touched, a journal beside git's index says what will be. Git then writes the working tree with an
index of its own, which takes the place of the real one in a single step; the branch moves last. Whoever comes next and
finds a journal knows from the index and the branch how far it went, and completes it or takes it back.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from setout import git, scratch
from setout.errors import CONFLICT, UserError
from setout.git import Blob

_JOURNAL = "setout-update.json"
_HANDING = "setout-resolve.json"
_LOCK = "setout-update.lock"
_OURS = "setout-update.mark"
_INDEX = "setout-update.index"
_MARK = b"setout"
_SHORT = 2.0  # seconds
_PATIENCE = 30.0  # seconds; a git whose parent was killed ends its work, which took 0.1 s on 1 000 files


class Busy(UserError):
    """Somebody else is changing the repository right now."""

    exit_code = CONFLICT


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a repository.

    Attributes:
        old, new: the commit it was at, and the commit or tree it goes to.
        paths: every path (below git's top) in which they differ.
        adopted: those that lie in the working tree already as `new` has them, with mode and object.
        commits: does the branch move, or is the change left staged?
        message: for the branch's log.
    """

    old: str
    new: str
    paths: tuple[str, ...]
    adopted: Mapping[str, Blob] = field(default_factory=dict)
    commits: bool = True
    message: str = "setout update"


def take(top: Path, folder: Path, step: Step) -> None:
    """Bring the repository at `top`, whose git directory is `folder`, to `step.new`.

    Raises:
        GitError: git refuses; the repository is as it was.
        Busy: another git, or another setout, is at work in it.
    """
    with _exclusive(folder):
        _write(folder, step)
        try:
            _take(top, folder, step)
        except BaseException:
            _settle(top, folder, step)
            raise


def recover(top: Path, folder: Path) -> str:
    """Complete or take back what a killed run left behind; a sentence about it, "" where there was nothing.

    Raises:
        Busy: the run is not dead.
    """
    if not (folder / _JOURNAL).exists() and not (folder / _HANDING).exists():
        return ""
    with _exclusive(folder):
        half = _clear_handing(top, folder)
        step = _read(folder)
        return _settle(top, folder, step) if step else half


@contextmanager
def handing_over(top: Path, folder: Path, place: Path, branch: str) -> Iterator[None]:
    """While this lasts, `place` and `branch` are half of something: they go if it fails, or is killed.

    Raises:
        Busy: another setout is at work here.
    """
    with _exclusive(folder):
        _put(folder / _HANDING, {"place": str(place), "branch": branch})
        try:
            yield
        except BaseException:
            _clear_handing(top, folder)
            raise
        (folder / _HANDING).unlink()


def _clear_handing(top: Path, folder: Path) -> str:
    """Take away what was being handed over when its setout ended: nobody was told of it yet."""
    try:
        left = json.loads((folder / _HANDING).read_text("utf-8"))
    except FileNotFoundError:
        return ""
    git.drop_worktree(top, Path(left["place"]), left["branch"])
    for name in (_HANDING, f"{_HANDING}.new"):
        (folder / name).unlink(missing_ok=True)
    return f"an interrupted --resolve was taken back: {left['place']} and the branch {left['branch']}"


def _take(top: Path, folder: Path, step: Step) -> None:
    with _index_lock(folder):
        scratch = folder / _INDEX
        if (folder / "index").exists():
            shutil.copyfile(folder / "index", scratch)
        git.advance(top, scratch, step.old, step.new, step.adopted)
        scratch.replace(folder / "index")
    if step.commits:
        git.move_branch(top, step.old, step.new, step.message)
    (folder / _JOURNAL).unlink()


def _settle(top: Path, folder: Path, step: Step) -> str:
    """Leave one of two states behind: as it was, or complete."""
    _wait_for_orphan(folder)
    _clear(folder)
    said = _settled(top, step)
    (folder / _JOURNAL).unlink(missing_ok=True)
    return said


def _settled(top: Path, step: Step) -> str:
    head = git.commit_of(top, "HEAD")
    if step.commits and head == step.new:
        return "an interrupted update was complete; its leftovers are cleared away"
    if head != step.old:
        return "an interrupted update was found on a branch that has moved on; its leftovers are cleared away"
    if git.has_staged(top, step.new, step.paths):
        if step.commits:
            git.move_branch(top, step.old, step.new, step.message)
        return "an interrupted update was all but complete; it is now"
    kept = _take_back(top, step)
    said = "an interrupted update was taken back; the repository is as it was before"
    return f"{said}, but for {', '.join(kept)}, changed since and left alone" if kept else said


def _take_back(top: Path, step: Step) -> list[str]:
    """Restore what was written. Returns what somebody has changed since, which nobody touches."""
    old, new = git.entries(top, step.old), git.entries(top, step.new)
    paths = [path for path in step.paths if path not in step.adopted]
    ours, theirs = _written(top, paths, old, new)
    for path in ours:
        if path not in old:
            (top / path).unlink(missing_ok=True)
            _remove_empty(top, (top / path).parent)
    git.restore(top, [path for path in ours if path in old])
    return theirs


def _written(
    top: Path, paths: Sequence[str], old: Mapping[str, Blob], new: Mapping[str, Blob]
) -> tuple[list[str], list[str]]:
    """Paths that we have written, wholly or in part, or deleted; and paths that hold something else."""
    present = [path for path in paths if os.path.lexists(top / path)]
    regular = [path for path in present if (top / path).is_file() and not (top / path).is_symlink()]
    objects = git.hash_on_disk(top, regular)
    ours = [path for path in paths if path not in present and path in old]
    theirs: list[str] = []
    with scratch.folder() as wanted:
        git.export(top, git.tree_of(top, {path: new[path] for path in present if path in new}), wanted)
        for path in present:
            if path in old and objects.get(path) == old[path].object and _mode(top / path) == old[path].mode:
                continue
            # A directory where there was a file is the new tree's; once that is gone from it, it is empty.
            is_folder = (top / path).is_dir() and not (top / path).is_symlink()
            is_ours = path in old if is_folder else path in new and _is_beginning(top / path, wanted / path)
            if is_folder and not is_ours:
                continue
            (ours if is_ours else theirs).append(path)
    return ours, theirs


def _mode(path: Path) -> str:
    return "100755" if path.stat().st_mode & 0o100 else "100644"


def _is_beginning(path: Path, whole: Path) -> bool:
    """Is what lies at `path` the file `whole`, or the part of it that was written when the power went?"""
    if path.is_symlink() or whole.is_symlink():
        return path.is_symlink() and whole.is_symlink() and path.readlink() == whole.readlink()
    return path.is_file() and whole.is_file() and whole.read_bytes().startswith(path.read_bytes())


def _remove_empty(top: Path, directory: Path) -> None:
    while directory != top:
        try:
            directory.rmdir()
        except OSError:
            return
        directory = directory.parent


@contextmanager
def _exclusive(folder: Path) -> Iterator[None]:
    """One setout at a time; the operating system lets go of the lock of one that is killed. The file stays: taking
    it away while another waits for it would let two in."""
    import filelock  # noqa: PLC0415 - the command line must start without it

    lock = filelock.FileLock(folder / _LOCK)
    try:
        lock.acquire(timeout=_SHORT)  # a program that was being started when its setout was killed still holds it
    except filelock.Timeout:
        raise Busy(f"{folder.parent}: another setout is updating this repository", "wait for it to end") from None
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _index_lock(folder: Path) -> Iterator[None]:
    """Git's own lock on the index, so that no other git changes it meanwhile."""
    path, mark = folder / "index.lock", folder / _OURS
    mark.write_bytes(_MARK)
    try:
        _claim(mark, path)
    except FileExistsError:
        raise Busy(f"{path}: another git is at work here", "let it end; if none is running, remove the file") from None
    finally:
        mark.unlink()
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


def _claim(mark: Path, path: Path) -> None:
    """Make the lock in one step with our mark in it, so that an empty one is always another's."""
    try:
        os.link(mark, path)
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        with path.open("xb") as file:
            file.write(_MARK)


def _wait_for_orphan(folder: Path) -> None:
    """A git whose parent was killed runs to its end, and must have ended before anything is put right.

    Raises:
        Busy: it does not end.
    """
    end = time.monotonic() + _PATIENCE
    while _is_at_work(folder / _INDEX):
        if time.monotonic() > end:
            raise Busy(f"{folder}: a git of an interrupted update is still at work", "wait for it to end")
        time.sleep(0.02)


def _is_at_work(index: Path) -> bool:
    """Is a git running on this index? Where the system does not tell, its lock does as long as it is fresh."""
    if not Path("/proc/self/environ").exists():
        with contextlib.suppress(OSError):
            return time.time() - Path(f"{index}.lock").stat().st_mtime < _PATIENCE / 2
        return False
    wanted = f"GIT_INDEX_FILE={index}\0".encode()
    for environment in Path("/proc").glob("[0-9]*/environ"):
        with contextlib.suppress(OSError):
            if wanted in environment.read_bytes():
                return True
    return False


def _clear(folder: Path) -> None:
    for name in (_INDEX, f"{_INDEX}.lock", _OURS, f"{_JOURNAL}.new"):
        (folder / name).unlink(missing_ok=True)
    lock = folder / "index.lock"
    with contextlib.suppress(OSError):
        if lock.read_bytes() == _MARK:
            lock.unlink()


def _write(folder: Path, step: Step) -> None:
    _put(folder / _JOURNAL, asdict(step))


def _put(file: Path, value: Mapping[str, object]) -> None:
    """Write it so that it is there as a whole or not at all."""
    draft = file.with_name(f"{file.name}.new")
    with draft.open("w", encoding="utf-8") as handle:
        json.dump(value, handle)
        handle.flush()
        os.fsync(handle.fileno())
    draft.replace(file)


def _read(folder: Path) -> Step | None:
    try:
        value = json.loads((folder / _JOURNAL).read_text("utf-8"))
        adopted = {path: Blob(**blob) for path, blob in value.pop("adopted").items()}
        return Step(**{**value, "paths": tuple(value["paths"]), "adopted": adopted})
    except FileNotFoundError:
        return None
