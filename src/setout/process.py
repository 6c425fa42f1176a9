"""The only module that starts a program: argument lists, a time limit, bounded output, a clean environment."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

OUTPUT_LIMIT = 16 * 1024 * 1024  # bytes of each stream that a caller is given
FLOOD = 256 * 1024 * 1024  # bytes after which a program is stopped before it fills the disk
GRACE = 3.0  # seconds between asking a program to end and ending it; terraform lets go of its locks in that time

# What a foreign program may inherit. Everything else (TF_*, HELM_*, GIT_DIR, credentials) would let the
# caller's shell decide what a check sees.
_INHERITED = ("HOME", "LANG", "LC_ALL", "PATH", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR", "USER")

# What a program that has to reach the network also needs: how to leave this network, and whom to believe there.
NETWORK = (
    *("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "no_proxy", "all_proxy"),
    *("SSL_CERT_FILE", "SSL_CERT_DIR"),
)


class TimedOut(Exception):
    """The program did not end within its time and was stopped, with all its children."""


class CannotStart(Exception):
    """The program is not there or is not executable."""


@dataclass(frozen=True, slots=True)
class Ran:
    """One finished run. `out` and `err` hold at most OUTPUT_LIMIT bytes each; `truncated` says if there was more.

    `code` is negative when a signal ended the program, as in `subprocess`.
    """

    argv: tuple[str, ...]
    code: int
    out: str
    err: str
    seconds: float
    truncated: bool = False


def run(
    argv: Sequence[str | Path],
    *,
    cwd: Path,
    env: Mapping[str, str] | None = None,
    timeout: float = 600.0,
    stdin: str = "",
) -> Ran:
    """Run `argv` in `cwd` to its end and return what it said.

    However the call ends, by a result, an exception or Ctrl-C, nothing of the program's process group is left running.
    A program that writes more than FLOOD bytes is stopped; its result then has a negative code and is truncated.

    Args:
        env: added to the few inherited variables; nothing else of the caller's environment is passed on.
        timeout: seconds of wall time after which the whole process group is stopped.

    Raises:
        CannotStart: the program is not there or not executable, or `cwd` is no folder; or all are being stopped, this
            one too.
        TimedOut: it did not end in time.
    """
    words = tuple(str(word) for word in argv)
    started = time.monotonic()
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err, tempfile.TemporaryFile() as given:
        given.write(stdin.encode())
        given.seek(0)
        code = _wait(words, cwd, _environment(env or {}), timeout, given, out, err)
        seconds = time.monotonic() - started
        if _running.is_stopping():  # what a program says that is being stopped is about that, and no answer
            raise CannotStart(f"{words[0]} was stopped with everything else")
        out_text, out_cut = _text(out)
        err_text, err_cut = _text(err)
    return Ran(words, code, out_text, err_text, seconds, out_cut or err_cut)


class _Running:
    """The programs that run now, and whether new ones may start."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._children: set[subprocess.Popen[bytes]] = set()
        self._is_stopping = False

    def start(self, make: Callable[[], subprocess.Popen[bytes]]) -> subprocess.Popen[bytes]:
        with self._lock:
            if self._is_stopping:
                raise CannotStart("everything is being stopped")
            child = make()
            self._children.add(child)
            return child

    def forget(self, child: subprocess.Popen[bytes]) -> None:
        with self._lock:
            self._children.discard(child)

    def stop(self, number: signal.Signals) -> bool:
        """Signal every child, keep others from starting, and say whether there was one."""
        with self._lock:
            self._is_stopping = True
            for child in self._children:
                _signal_group(child, number)
            return bool(self._children)

    def is_stopping(self) -> bool:
        with self._lock:
            return self._is_stopping

    def admit(self) -> None:
        with self._lock:
            self._is_stopping = False


_running = _Running()


@contextlib.contextmanager
def stoppable() -> Iterator[None]:
    """Within this, `stop_all` may be called; programs can be started again once it is left."""
    try:
        yield
    finally:
        _running.admit()


def stop_all() -> None:
    """Stop every program that runs, whichever thread waits for it, and let none be started from now on.

    Programs have sessions of their own: a terminal's Ctrl-C reaches only us, and threads would go on waiting for them.
    """
    deadline = time.monotonic() + GRACE
    while _running.stop(signal.SIGTERM) and time.monotonic() < deadline:
        time.sleep(0.02)
    _running.stop(signal.SIGKILL)


def inherit(names: Iterable[str]) -> dict[str, str]:
    """Those of the caller's variables that are set, for the `env` of a program that is known to need them."""
    return {name: os.environ[name] for name in names if name in os.environ}


def _environment(added: Mapping[str, str]) -> dict[str, str]:
    return {**inherit(_INHERITED), **added}


def _wait(
    argv: tuple[str, ...],
    cwd: Path,
    env: dict[str, str],
    timeout: float,
    given: IO[bytes],
    out: IO[bytes],
    err: IO[bytes],
) -> int:
    # Files rather than pipes: a noisy child can fill a pipe and hang, and its children can hold it open.
    try:
        child = _running.start(
            lambda: subprocess.Popen(
                argv, cwd=cwd, env=env, stdin=given, stdout=out, stderr=err, start_new_session=True
            )
        )
    except (OSError, ValueError) as error:  # ValueError: a NUL in a word
        raise CannotStart(f"{argv[0]}: {getattr(error, 'strerror', None) or error}") from error
    try:
        return _watch(child, timeout, (out, err))
    except subprocess.TimeoutExpired:
        raise TimedOut(f"{argv[0]} did not end within {timeout:.0f} s") from None
    finally:
        _end_group(child)
        _running.forget(child)


def _watch(child: subprocess.Popen[bytes], timeout: float, streams: tuple[IO[bytes], ...]) -> int:
    """Wait for the end, and look once a second whether the program is filling the disk."""
    deadline = time.monotonic() + timeout
    while True:
        left = deadline - time.monotonic()
        try:
            return _ended(child, min(max(left, 0.0), 1.0))
        except subprocess.TimeoutExpired:
            if left <= 1.0:
                raise
        if any(os.fstat(stream.fileno()).st_size > FLOOD for stream in streams):
            _end_group(child)
            return child.wait()


def _ended(child: subprocess.Popen[bytes], seconds: float) -> int:
    """Wait for the end. Where the system tells of it nobody looks again and again, which costs a git half its time."""
    if not hasattr(os, "pidfd_open"):
        return child.wait(seconds)
    try:
        handle = os.pidfd_open(child.pid)
    except OSError:  # a kernel before 5.3, or no handles left
        return child.wait(seconds)
    try:
        poll = select.poll()  # unlike select(2) it knows handles beyond the thousandth
        poll.register(handle, select.POLLIN)
        is_over = bool(poll.poll(seconds * 1000))
    finally:
        os.close(handle)
    return child.wait() if is_over else child.wait(0)


def _end_group(child: subprocess.Popen[bytes]) -> None:
    """Stop whatever is left of the process group, so that no grandchild outlives the check."""
    if child.poll() is None:
        _signal_group(child, signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(GRACE)
    _signal_group(child, signal.SIGKILL)
    child.wait()


def _signal_group(child: subprocess.Popen[bytes], number: signal.Signals) -> None:
    # PermissionError is what macOS answers for a group of which only zombies are left.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, number)


def _text(file: IO[bytes]) -> tuple[str, bool]:
    file.seek(0)
    data = file.read(OUTPUT_LIMIT + 1)
    return data[:OUTPUT_LIMIT].decode("utf-8", "replace"), len(data) > OUTPUT_LIMIT
