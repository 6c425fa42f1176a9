"""A vendor on loopback: what it publishes, how it misbehaves, what it was asked; and the programs it might publish."""

from __future__ import annotations

import hashlib
import io
import tarfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path

from setout.toolchain.pins import Asset, Tool

MakeProgram = Callable[..., Path]


def script_saying(text: str) -> str:
    return f"#!/bin/sh\necho '{text}'\n"


def tool(name: str = "demo", **changes: object) -> Tool:
    """A program that the lock might have."""
    fields: dict[str, object] = {
        "name": name,
        "version": "1.2.3",
        "accepts": ">=1.2,<2",
        "licence": "MIT",
        "page": "https://vendor.test/demo",
        "ask": ("--version",),
        "says": r"^v?(\d+(?:\.\d+)+\S*)",
    }
    return Tool(**{**fields, **changes})  # type: ignore[arg-type]


def tar_of(member: str, content: bytes) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as opened:
        info = tarfile.TarInfo(member)
        info.size = len(content)
        opened.addfile(info, io.BytesIO(content))
    return packed.getvalue()


def zip_of(member: str, content: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as opened:
        opened.writestr(member, content)
    return packed.getvalue()


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@dataclass
class Vendor:
    """What the server on loopback has, how it misbehaves, and what it was asked."""

    address: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    statuses: dict[str, int] = field(default_factory=dict)
    redirects: dict[str, str] = field(default_factory=dict)
    breaks_after: int = 0  # bytes after which the next answers break off
    breaks: int = 0  # how many answers still break off
    ignores_range: bool = False
    asked: list[tuple[str, str, str]] = field(default_factory=list)  # method, path, Range

    def gets(self, path: str) -> int:
        return sum(1 for method, asked, _ in self.asked if (method, asked) == ("GET", path))

    def asset(self, path: str, **changes: object) -> Asset:
        fields: dict[str, object] = {
            "url": self.address + path,
            "member": "demo",
            "checksums": self.address + "/SHA256SUMS",
            "sha256": sha256(self.files[path]) if path in self.files else "",
        }
        return Asset(**{**fields, **changes})  # type: ignore[arg-type]


def answer(request: BaseHTTPRequestHandler, state: Vendor) -> None:
    asked = request.headers.get("Range", "")
    state.asked.append((request.command, request.path, asked))
    if request.path in state.redirects:
        request.send_response(302)
        request.send_header("Location", state.redirects[request.path])
        request.end_headers()
        return
    body = state.files.get(request.path)
    status = state.statuses.get(request.path, 404 if body is None else 200)
    if body is None or status != 200:
        request.send_error(status)
        return
    start = 0 if state.ignores_range or not asked else int(asked.removeprefix("bytes=").rstrip("-"))
    if start >= len(body) and start:
        request.send_error(416)
        return
    request.send_response(206 if start else 200)
    request.send_header("Content-Length", str(len(body) - start))
    request.end_headers()
    if request.command == "HEAD":
        return
    rest = body[start:]
    if state.breaks > 0:
        state.breaks -= 1
        rest = rest[: state.breaks_after]
        request.close_connection = True
    request.wfile.write(rest)
