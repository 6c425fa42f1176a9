from __future__ import annotations

from pathlib import Path

import pytest

from setout import toolchain
from setout.errors import UserError
from setout.toolchain import pins
from tests.toolchain.vendor import Vendor, sha256

BODY = b"an archive"

LOCK = """\
# A comment that stays.
[tools.demo]
version = "1.2.3"
accepts = ">=1"
licence = ""
page = ""
ask = []
says = "(.)"

[tools.demo.platforms.linux-amd64]
url = "{address}/demo-linux.tar.gz"
member = "demo"
checksums = "{address}/SHA256SUMS"
sha256 = ""
size = 0

[tools.demo.platforms.darwin-arm64]
url = "{address}/demo-darwin.tar.gz"
member = "demo"
checksums = "{address}/SHA256SUMS"
sha256 = ""
size = 7
"""


def quiet(_: str) -> None:
    """Progress nobody listens to."""


@pytest.fixture
def file(vendor: Vendor, tmp_path: Path) -> Path:
    vendor.files["/demo-linux.tar.gz"] = BODY
    vendor.files["/SHA256SUMS"] = f"{sha256(BODY)}  demo-linux.tar.gz\n{'a' * 64}  demo-darwin.tar.gz\n".encode()
    written = tmp_path / "tools.lock.toml"
    written.write_text(LOCK.format(address=vendor.address))
    return written


def test_what_is_missing_is_taken_from_the_vendor_and_nothing_else_changes(file: Path, vendor: Vendor) -> None:
    before = file.read_text()
    rows = toolchain.lock((), quiet, file)
    assert [(row.platform, row.published, row.changed, row.fault) for row in rows] == [
        ("linux-amd64", sha256(BODY), True, ""),
        ("darwin-arm64", "a" * 64, True, ""),
    ]
    wanted = before.replace('sha256 = ""\nsize = 0', f'sha256 = "{sha256(BODY)}"\nsize = {len(BODY)}')
    assert file.read_text() == wanted.replace('sha256 = ""', f'sha256 = "{"a" * 64}"')
    assert pins.read(file)[0].assets[0][1].sha256 == sha256(BODY)
    assert vendor.gets("/demo-linux.tar.gz") == 0


def test_a_second_time_changes_nothing(file: Path) -> None:
    toolchain.lock((), quiet, file)
    before = file.read_text()
    assert not any(row.changed or row.fault for row in toolchain.lock((), quiet, file))
    assert file.read_text() == before


def test_a_checksum_that_changed_after_it_was_published_is_never_written_over(file: Path, vendor: Vendor) -> None:
    toolchain.lock((), quiet, file)
    before = file.read_text()
    vendor.files["/SHA256SUMS"] = f"{'b' * 64}  demo-linux.tar.gz\n{'a' * 64}  demo-darwin.tar.gz\n".encode()
    linux, darwin = toolchain.lock((), quiet, file)
    assert linux.fault == f"the lock has {sha256(BODY)}, and the vendor now publishes {'b' * 64}"
    assert darwin.fault == ""
    assert file.read_text() == before


@pytest.mark.parametrize(
    ("listed", "count"),
    [
        ("", 0),
        (f"{'a' * 64}  demo-linux.tar.gz.sig\n", 0),
        (f"{'a' * 64}  x/demo-linux.tar.gz\n{'b' * 64}  demo-linux.tar.gz\n", 2),
    ],
)
def test_a_file_that_does_not_name_the_archive_once_proves_nothing(
    file: Path, vendor: Vendor, listed: str, count: int
) -> None:
    vendor.files["/SHA256SUMS"] = listed.encode()
    linux, _ = toolchain.lock(["demo"], quiet, file)
    assert linux.fault.endswith(f"has {count} checksums for demo-linux.tar.gz")


def test_a_vendor_that_cannot_be_reached_is_a_fault_of_that_row(file: Path, vendor: Vendor) -> None:
    del vendor.files["/SHA256SUMS"]
    assert all("answers 404" in row.fault for row in toolchain.lock((), quiet, file))


def test_a_name_nobody_knows_is_said(file: Path) -> None:
    with pytest.raises(UserError, match="no program is called hlem"):
        toolchain.lock(["hlem"], quiet, file)
