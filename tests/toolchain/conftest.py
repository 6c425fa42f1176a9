"""A machine of its own for each test: an empty PATH, an empty cache, small programs, and a vendor on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from setout import toolchain
from tests.toolchain.vendor import MakeProgram, Vendor, answer, script_saying


@pytest.fixture(autouse=True)
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Nothing of the real machine is found: PATH is one empty folder, the cache another."""
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("SETOUT_CACHE", str(tmp_path / "cache"))
    for tool in toolchain.catalogue():
        monkeypatch.delenv(tool.variable, raising=False)
    return tmp_path


@pytest.fixture
def program(machine: Path) -> MakeProgram:
    """Write a program that says `says`, into `folder` of the machine; `script` replaces what it does."""

    def write(name: str, says: str, folder: str = "bin", script: str = "") -> Path:
        path = machine / folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(script or script_saying(says))
        path.chmod(0o755)
        return path

    return write


@pytest.fixture
def vendor() -> Iterator[Vendor]:
    state = Vendor()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer(self, state)

        def do_HEAD(self) -> None:
            answer(self, state)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the name in the base class)
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    state.address = f"http://127.0.0.1:{server.server_port}"
    yield state
    server.shutdown()
    server.server_close()
    thread.join()
