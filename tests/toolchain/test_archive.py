from __future__ import annotations

import io
import os
import tarfile
from pathlib import Path

import pytest

from setout.toolchain import archive
from tests.toolchain.vendor import tar_of, zip_of


@pytest.mark.parametrize("pack", [tar_of, zip_of])
def test_the_one_program_is_taken_out_executable(tmp_path: Path, pack: object) -> None:
    assert callable(pack)
    packed, target = tmp_path / "packed", tmp_path / "demo"
    packed.write_bytes(pack("linux-amd64/demo", b"the program"))
    archive.take(packed, "linux-amd64/demo", target)
    assert target.read_bytes() == b"the program"
    assert os.access(target, os.X_OK)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bin", "demo", "packed"]


@pytest.mark.parametrize("pack", [tar_of, zip_of])
def test_an_archive_without_the_program_is_said(tmp_path: Path, pack: object) -> None:
    assert callable(pack)
    (tmp_path / "packed").write_bytes(pack("README.md", b"no program"))
    with pytest.raises(archive.NotThere, match="holds no file demo"):
        archive.take(tmp_path / "packed", "demo", tmp_path / "demo")


def test_a_link_in_place_of_the_program_is_refused(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as opened:
        link = tarfile.TarInfo("demo")
        link.type, link.linkname = tarfile.SYMTYPE, "/bin/sh"
        opened.addfile(link)
    (tmp_path / "packed").write_bytes(packed.getvalue())
    with pytest.raises(archive.NotThere, match="not as a file"):
        archive.take(tmp_path / "packed", "demo", tmp_path / "demo")


@pytest.mark.parametrize("content", [b"", b"no archive at all", tar_of("demo", os.urandom(50_000))[:20_000]])
def test_what_is_no_whole_archive_is_said(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "packed").write_bytes(content)
    with pytest.raises(archive.NotThere, match="cannot be unpacked"):
        archive.take(tmp_path / "packed", "demo", tmp_path / "demo")


def test_a_program_far_too_large_is_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "packed").write_bytes(tar_of("demo", bytes(5000)))
    monkeypatch.setattr(archive, "LARGEST", 4999)
    with pytest.raises(archive.NotThere, match="would have 5000 bytes"):
        archive.take(tmp_path / "packed", "demo", tmp_path / "demo")
    assert not (tmp_path / "demo").exists()
