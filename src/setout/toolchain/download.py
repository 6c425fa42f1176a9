"""Getting a file over the network: only over TLS, continued where it broke off, never larger than expected."""

from __future__ import annotations

import http.client
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

Progress = Callable[[str], None]

ATTEMPTS = 3
SILENCE = 30.0  # seconds without a byte after which a connection is given up
DEADLINE = 1800.0  # seconds for one file, however the bytes trickle
LARGEST = 512 * 1024 * 1024  # bytes; the largest archive of the lock is a tenth of it
LARGEST_TEXT = 1024 * 1024

_BLOCK = 256 * 1024
_AGENT = {"User-Agent": "setout"}
_PARTIAL, _RANGE_IS_WRONG = 206, 416


class Unreachable(Exception):
    """The address gave no file: no network, a refusal, or a connection that broke each time."""


class _Final(Unreachable):
    """An answer that asking again will not change."""


class _StaysSecure(urllib.request.HTTPRedirectHandler):
    """Follows the redirects that release pages make, but not away from TLS."""

    def redirect_request(self, req: urllib.request.Request, *rest: Any) -> urllib.request.Request | None:
        new = super().redirect_request(req, *rest)
        if new is not None:
            _insist_on_tls(new.full_url)
        return new


def text(url: str) -> str:
    """The small text at `url`. Raises Unreachable."""
    with _open(url) as answer:
        return bytes(answer.read(LARGEST_TEXT)).decode("utf-8", "replace")


def size(url: str) -> int:
    """How many bytes the server says it would send, 0 if it does not say. Raises Unreachable."""
    with _open(url, method="HEAD") as answer:
        return _length(answer)


def fetch(url: str, part: Path, expected: int, progress: Progress) -> None:
    """Bring the file at `url` to `part`, continuing with what is already there.

    Args:
        expected: the size in bytes, or 0 when it is not known.
        progress: told every two seconds how much has come.

    Raises:
        Unreachable: it did not come, in ATTEMPTS attempts; what came stays in `part` for the next time.
    """
    deadline = time.monotonic() + DEADLINE
    for attempt in range(1, ATTEMPTS + 1):
        try:
            _attempt(url, part, expected or LARGEST, deadline, progress)
        except _Final:
            raise
        except Unreachable as error:
            if attempt == ATTEMPTS or time.monotonic() > deadline:
                raise
            progress(f"{error}; trying again")
            time.sleep(0.5 * attempt)
        else:
            return


def _attempt(url: str, part: Path, most: int, deadline: float, progress: Progress) -> None:
    have = part.stat().st_size if part.exists() else 0
    with _open(url, have) as answer:
        continues = answer.status == _PARTIAL
        start = have if continues else 0
        total = start + _length(answer)
        if total > most:
            raise _Final(f"{url} is larger than {most} bytes")
        with part.open("ab" if continues else "wb") as file:
            got = start + _copy(answer, file, (start, total, most), deadline, progress)
    if got < total:
        raise Unreachable(f"{url} broke off after {got} of {total} bytes")


def _copy(
    answer: http.client.HTTPResponse,
    file: IO[bytes],
    extent: tuple[int, int, int],
    deadline: float,
    progress: Progress,
) -> int:
    """Copy what comes and return how much it was. `extent` is: bytes there already, in all, and at most."""
    start, total, most = extent
    got, told = 0, time.monotonic()
    while block := _read(answer):
        got += file.write(block)
        now = time.monotonic()
        if start + got > most:
            raise _Final(f"{answer.url} is larger than {most} bytes")
        if now > deadline:
            raise Unreachable(f"{answer.url} did not come within {DEADLINE / 60:.0f} minutes")
        if now - told > 2:
            told = now
            progress(f"{(start + got) / 1e6:.0f} of {total / 1e6:.0f} MB")
    return got


def _read(answer: http.client.HTTPResponse) -> bytes:
    try:
        return answer.read(_BLOCK)
    except (OSError, http.client.HTTPException) as error:
        raise Unreachable(f"{answer.url} broke off: {error}") from error


def _open(url: str, have: int = 0, method: str = "GET") -> http.client.HTTPResponse:
    """Ask for `url`, from byte `have` on. A server that no longer has that range is asked for the whole."""
    _insist_on_tls(url)
    headers = {**_AGENT, "Range": f"bytes={have}-"} if have else _AGENT
    request = urllib.request.Request(url, headers=headers, method=method)  # noqa: S310 (TLS is checked above)
    try:
        answer = urllib.request.build_opener(_StaysSecure).open(request, timeout=SILENCE)
    except urllib.error.HTTPError as error:
        error.close()
        if error.code == _RANGE_IS_WRONG and have:
            return _open(url, 0, method)
        kind = _Final if error.code < 500 else Unreachable
        raise kind(f"{url} answers {error.code} {error.reason}") from error
    except urllib.error.URLError as error:
        nobody = isinstance(error.reason, socket.gaierror) and error.reason.errno == socket.EAI_NONAME
        kind = _Final if nobody else Unreachable
        raise kind(f"{urlsplit(url).hostname} cannot be reached: {error.reason}") from error
    except (OSError, http.client.HTTPException) as error:
        raise Unreachable(f"{urlsplit(url).hostname} cannot be reached: {error}") from error
    assert isinstance(answer, http.client.HTTPResponse)  # noqa: S101 (only http and https are opened)
    return answer


def _insist_on_tls(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme != "https" and (parts.scheme, parts.hostname) not in {("http", "127.0.0.1"), ("http", "::1")}:
        raise _Final(f"{url} is not https")


def _length(answer: http.client.HTTPResponse) -> int:
    said = answer.headers.get("Content-Length", "")
    return int(said) if said.isdecimal() else 0
