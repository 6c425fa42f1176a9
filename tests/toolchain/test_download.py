from __future__ import annotations

import socket
from pathlib import Path

import pytest

from setout.toolchain import download
from tests.toolchain.vendor import Vendor

BODY = bytes(range(256)) * 4096  # 1 MiB


def quiet(_: str) -> None:
    """Progress nobody listens to."""


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(download.time, "sleep", lambda _: None)


def test_a_file_comes_whole(vendor: Vendor, tmp_path: Path) -> None:
    vendor.files["/file"] = BODY
    download.fetch(f"{vendor.address}/file", tmp_path / "part", len(BODY), quiet)
    assert (tmp_path / "part").read_bytes() == BODY


def test_a_connection_that_breaks_is_continued_where_it_broke(vendor: Vendor, tmp_path: Path) -> None:
    vendor.files["/file"], vendor.breaks, vendor.breaks_after = BODY, 2, 300_000
    told: list[str] = []
    download.fetch(f"{vendor.address}/file", tmp_path / "part", 0, told.append)
    assert (tmp_path / "part").read_bytes() == BODY
    assert [asked for _, _, asked in vendor.asked] == ["", "bytes=300000-", "bytes=600000-"]
    assert all("broke off" in line for line in told)


def test_a_download_that_keeps_breaking_says_so_and_keeps_what_came(vendor: Vendor, tmp_path: Path) -> None:
    vendor.files["/file"], vendor.breaks, vendor.breaks_after = BODY, 9, 1000
    with pytest.raises(download.Unreachable, match=f"broke off after 3000 of {len(BODY)} bytes"):
        download.fetch(f"{vendor.address}/file", tmp_path / "part", 0, quiet)
    assert (tmp_path / "part").stat().st_size == 3000


def test_an_earlier_part_is_continued(vendor: Vendor, tmp_path: Path) -> None:
    vendor.files["/file"] = BODY
    (tmp_path / "part").write_bytes(BODY[:500_000])
    download.fetch(f"{vendor.address}/file", tmp_path / "part", 0, quiet)
    assert (tmp_path / "part").read_bytes() == BODY
    assert vendor.asked == [("GET", "/file", "bytes=500000-")]


def test_a_server_that_cannot_continue_sends_the_whole_again(vendor: Vendor, tmp_path: Path) -> None:
    vendor.files["/file"], vendor.ignores_range = BODY, True
    (tmp_path / "part").write_bytes(b"something else")
    download.fetch(f"{vendor.address}/file", tmp_path / "part", len(BODY), quiet)
    assert (tmp_path / "part").read_bytes() == BODY


def test_a_part_longer_than_the_file_is_started_again(vendor: Vendor, tmp_path: Path) -> None:
    vendor.files["/file"] = BODY
    (tmp_path / "part").write_bytes(BODY + b"more")
    download.fetch(f"{vendor.address}/file", tmp_path / "part", 0, quiet)
    assert (tmp_path / "part").read_bytes() == BODY


def test_a_file_larger_than_expected_is_refused_before_it_is_written(vendor: Vendor, tmp_path: Path) -> None:
    vendor.files["/file"] = BODY
    with pytest.raises(download.Unreachable, match="is larger than 1000 bytes"):
        download.fetch(f"{vendor.address}/file", tmp_path / "part", 1000, quiet)
    assert not (tmp_path / "part").exists()
    assert vendor.gets("/file") == 1


@pytest.mark.parametrize(("status", "attempts"), [(404, 1), (403, 1), (503, 3)])
def test_only_what_may_pass_is_tried_again(vendor: Vendor, tmp_path: Path, status: int, attempts: int) -> None:
    vendor.files["/file"], vendor.statuses["/file"] = BODY, status
    with pytest.raises(download.Unreachable, match=f"answers {status}"):
        download.fetch(f"{vendor.address}/file", tmp_path / "part", 0, quiet)
    assert vendor.gets("/file") == attempts


def test_a_server_that_is_not_there_is_said(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/file"
        with pytest.raises(download.Unreachable, match=r"cannot be reached: .*refused"):
            download.fetch(url, tmp_path / "part", 0, quiet)


@pytest.mark.parametrize("url", ["http://vendor.test/file", "file:///etc/passwd", "ftp://vendor.test/file"])
def test_only_tls_is_spoken_beyond_this_machine(tmp_path: Path, url: str) -> None:
    with pytest.raises(download.Unreachable, match="is not https"):
        download.fetch(url, tmp_path / "part", 0, quiet)


def test_a_redirect_may_not_leave_tls(vendor: Vendor, tmp_path: Path) -> None:
    vendor.redirects["/file"] = "http://vendor.test/file"
    with pytest.raises(download.Unreachable, match=r"http://vendor\.test/file is not https"):
        download.fetch(f"{vendor.address}/file", tmp_path / "part", 0, quiet)


def test_a_redirect_is_followed(vendor: Vendor, tmp_path: Path) -> None:
    vendor.files["/real"] = BODY
    vendor.redirects["/file"] = f"{vendor.address}/real"
    download.fetch(f"{vendor.address}/file", tmp_path / "part", 0, quiet)
    assert (tmp_path / "part").read_bytes() == BODY


def test_a_file_that_never_ends_is_given_up(vendor: Vendor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    vendor.files["/file"] = BODY
    monkeypatch.setattr(download, "DEADLINE", -1.0)
    with pytest.raises(download.Unreachable, match="did not come within"):
        download.fetch(f"{vendor.address}/file", tmp_path / "part", 0, quiet)
    assert vendor.gets("/file") == 1


def test_the_size_is_asked_without_fetching(vendor: Vendor) -> None:
    vendor.files["/file"] = BODY
    assert download.size(f"{vendor.address}/file") == len(BODY)
    assert [method for method, _, _ in vendor.asked] == ["HEAD"]
