from __future__ import annotations

import dataclasses
import os
import shutil
import sys
import textwrap
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from setout import process, toolchain
from setout.errors import ToolMissing, UserError
from setout.toolchain import build, cache, download, installation
from setout.toolchain.pins import GoBuild, Tool
from tests.toolchain.vendor import MakeProgram, Vendor, script_saying, sha256, tar_of, tool, zip_of

SAYS_123 = script_saying("v1.2.3").encode()
ARCHIVE = tar_of("demo", SAYS_123)
REAL_PATH = os.environ["PATH"]  # read before the machine fixture empties it


def quiet(_: str) -> None:
    """Progress nobody listens to."""


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(download.time, "sleep", lambda _: None)


@pytest.fixture
def published(vendor: Vendor) -> Callable[..., Tool]:
    """A program whose vendor publishes `archive` for this machine; `changes` are those of its entry in the lock."""

    def publish(archive: bytes = ARCHIVE, go: GoBuild | None = None, **changes: object) -> Tool:
        vendor.files["/demo.tar.gz"] = archive
        return tool(assets=((installation.machine(), vendor.asset("/demo.tar.gz", **changes)),), go=go)

    return publish


class TestDownload:
    def test_a_release_with_the_sha256_of_the_lock_is_taken_in(self, published: Callable[..., Tool]) -> None:
        done = installation.install((published(),), quiet)
        assert process.run((done.program.path,), cwd=done.program.path.parent).out == "v1.2.3\n"
        assert done.authority == "sha256 in setout's lock"
        assert done.program.sha256 == sha256(SAYS_123)
        assert done.program.path.parent.name == f"1.2.3-{sha256(SAYS_123)[:8]}"

    def test_a_zip_is_as_good(self, published: Callable[..., Tool]) -> None:
        assert installation.install((published(zip_of("demo", SAYS_123)),), quiet).program.version == "1.2.3"

    def test_every_step_is_told_and_returned(self, published: Callable[..., Tool]) -> None:
        told: list[str] = []
        done = installation.install((published(),), told.append)
        assert told == [f"demo: {step}" for step in done.steps]
        assert done.steps[:2] == ("PATH has none", "the cache has none")
        assert done.steps[2].startswith("downloading http://127.0.0.1")

    def test_a_release_without_sha256_in_the_lock_is_held_against_the_vendors_file(
        self, published: Callable[..., Tool], vendor: Vendor
    ) -> None:
        vendor.files["/SHA256SUMS"] = f"{'0' * 64}  other.tar.gz\n{sha256(ARCHIVE)} *dist/demo.tar.gz\n".encode()
        done = installation.install((published(sha256=""),), quiet)
        assert done.authority == f"checksum file fetched from {vendor.address}/SHA256SUMS"

    @pytest.mark.parametrize(
        "listed",
        [b"", b"not a checksum file", f"{'0' * 64}  demo.tar.gz.asc\n".encode(), b"%b  demo.tar.gz\n" % (b"g" * 64)],
    )
    def test_without_any_sha256_nothing_is_downloaded(
        self, published: Callable[..., Tool], vendor: Vendor, listed: bytes
    ) -> None:
        vendor.files["/SHA256SUMS"] = listed
        with pytest.raises(ToolMissing):
            installation.install((published(sha256=""),), quiet)
        assert vendor.gets("/demo.tar.gz") == 0

    def test_another_file_than_the_published_one_is_never_used_or_kept(
        self, published: Callable[..., Tool], machine: Path
    ) -> None:
        wanted = published(tar_of("demo", b"#!/bin/sh\nevil\n"), sha256=sha256(ARCHIVE))
        with pytest.raises(installation.Untrusted, match=f"{sha256(ARCHIVE)} was published; it was not used"):
            installation.install((wanted,), quiet)
        assert list(cache.entries("demo")) == []
        assert list((machine / "cache" / "downloads").iterdir()) == []

    def test_a_wrong_file_is_not_made_up_for_by_a_build(self, published: Callable[..., Tool]) -> None:
        recipe = GoBuild("demo", "demo", "1.24", 1, ())
        with pytest.raises(installation.Untrusted):
            installation.install((published(sha256="0" * 64, go=recipe),), quiet)

    def test_a_stopped_download_is_continued_by_the_next_run(
        self, published: Callable[..., Tool], vendor: Vendor
    ) -> None:
        wanted = published()
        vendor.breaks, vendor.breaks_after = 3, 10
        with pytest.raises(ToolMissing):
            installation.install((wanted,), quiet)
        vendor.asked.clear()
        assert installation.install((wanted,), quiet).program.version == "1.2.3"
        assert vendor.asked == [("GET", "/demo.tar.gz", "bytes=30-")]

    def test_a_continued_download_that_does_not_fit_is_started_again(
        self, published: Callable[..., Tool], vendor: Vendor, machine: Path
    ) -> None:
        wanted = published()
        vendor.breaks, vendor.breaks_after = 3, 10
        with pytest.raises(ToolMissing):
            installation.install((wanted,), quiet)
        (part,) = (machine / "cache" / "downloads").iterdir()
        part.write_bytes(b"x" * 30)
        done = installation.install((wanted,), quiet)
        assert "what was continued does not fit together; starting again" in done.steps

    def test_a_download_that_was_complete_already_is_not_fetched_again(
        self, published: Callable[..., Tool], vendor: Vendor, machine: Path
    ) -> None:
        wanted = published()
        vendor.breaks, vendor.breaks_after = 3, 10
        with pytest.raises(ToolMissing):
            installation.install((wanted,), quiet)
        (part,) = (machine / "cache" / "downloads").iterdir()
        part.write_bytes(ARCHIVE)
        vendor.asked.clear()
        installation.install((wanted,), quiet)
        assert vendor.asked == []

    def test_a_program_that_says_another_version_is_refused(self, published: Callable[..., Tool]) -> None:
        with pytest.raises(installation.Untrusted, match=r"says it is 1\.2\.4, and the lock says 1\.2\.3"):
            installation.install((published(tar_of("demo", script_saying("v1.2.4").encode())),), quiet)

    def test_an_archive_without_the_program_is_refused(self, published: Callable[..., Tool]) -> None:
        with pytest.raises(installation.Untrusted, match="has the right sha256 and yet holds no file demo"):
            installation.install((published(tar_of("README", b"")),), quiet)

    def test_when_nothing_helps_the_one_command_is_said(self) -> None:
        with pytest.raises(ToolMissing) as caught:
            installation.install((tool(),), quiet)
        assert caught.value.hint == "get it from https://vendor.test/demo, then: export SETOUT_DEMO=/path/to/demo"

    def test_where_another_program_can_be_built_that_is_the_one_command(self) -> None:
        other = tool("other", go=GoBuild("other", "other", "1.24", 1, ()))
        with pytest.raises(ToolMissing) as caught:
            installation.install((tool(), other), quiet)
        assert caught.value.hint == "setout tools install other"


class TestWhatIsThere:
    def test_a_program_on_path_is_enough(
        self, published: Callable[..., Tool], vendor: Vendor, program: MakeProgram
    ) -> None:
        path = program("demo", "v1.5.0")
        done = installation.install((published(),), quiet)
        assert (done.program.path, vendor.asked) == (path, [])
        assert "vouches for its version only" in done.authority

    def test_managed_brings_the_pinned_version_all_the_same(
        self, published: Callable[..., Tool], program: MakeProgram
    ) -> None:
        program("demo", "v1.5.0")
        assert installation.install((published(),), quiet, managed=True).program.version == "1.2.3"

    def test_what_is_in_the_cache_is_not_fetched_again(self, published: Callable[..., Tool], vendor: Vendor) -> None:
        first = installation.install((published(),), quiet)
        again = installation.install((published(),), quiet)
        assert (again.program, again.authority) == (first.program, first.authority)
        assert vendor.gets("/demo.tar.gz") == 1

    def test_a_tampered_file_is_replaced(self, published: Callable[..., Tool], vendor: Vendor) -> None:
        path = installation.install((published(),), quiet).program.path
        path.write_text("#!/bin/sh\nevil\n")
        done = installation.install((published(),), quiet)
        assert done.program.path.read_bytes() == SAYS_123
        assert vendor.gets("/demo.tar.gz") == 2
        assert any("is not the file that was put there" in step for step in done.steps)
        assert [entry.fault for entry in cache.entries("demo")] == [""]

    def test_a_wrong_given_path_is_an_error_rather_than_a_download(
        self, published: Callable[..., Tool], vendor: Vendor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("SETOUT_DEMO", "/nowhere/demo")
        with pytest.raises(ToolMissing) as caught:
            installation.install((published(),), quiet)
        assert caught.value.hint == "correct or unset SETOUT_DEMO"
        assert vendor.asked == []


def test_two_runs_at_once_fetch_once_and_both_have_it(
    published: Callable[..., Tool], vendor: Vendor, machine: Path
) -> None:
    wanted = published(tar_of("demo", SAYS_123 + b"#" * 3_000_000))
    ((_, asset),) = wanted.assets
    script = textwrap.dedent(f"""
        from setout.toolchain import installation
        from setout.toolchain.pins import Asset, Tool
        asset = Asset({asset.url!r}, "demo", "", {asset.sha256!r})
        tool = Tool("demo", "1.2.3", ">=1.2,<2", "MIT", "", ("--version",), r"^v?([0-9.]+)",
                    assets=((installation.machine(), asset),))
        print(installation.install((tool,), lambda text: None).program.path)
    """)
    env = {"SETOUT_CACHE": str(machine / "cache"), "PYTHONPATH": ":".join(sys.path)}
    with ThreadPoolExecutor(4) as threads:
        runs = list(
            threads.map(
                lambda _: process.run((sys.executable, "-c", script), cwd=machine, env=env, timeout=60), range(4)
            )
        )
    assert [run.err for run in runs] == [""] * 4
    assert len({run.out for run in runs}) == 1
    assert vendor.gets("/demo.tar.gz") == 1


def test_a_cache_that_cannot_be_written_is_said(
    published: Callable[..., Tool], machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (machine / "a-file").write_text("")
    monkeypatch.setenv("SETOUT_CACHE", str(machine / "a-file"))
    with pytest.raises(cache.CacheError, match="cannot write to the cache") as caught:
        installation.install((published(),), quiet)
    assert "SETOUT_CACHE" in caught.value.hint


def test_a_misspelt_name_is_noticed_before_anything_is_fetched() -> None:
    told: list[str] = []
    with pytest.raises(UserError, match="no program is called hlem"):
        toolchain.install(["helm", "hlem"], told.append)
    assert told == []


def test_verify_names_what_is_good_and_what_is_not(
    published: Callable[..., Tool], monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = published()
    monkeypatch.setattr(toolchain.pins, "read", lambda: (wanted,))
    path = installation.install((wanted,), quiet).program.path
    (good,) = toolchain.verify()
    assert (good.path, good.works) == (path, True)
    assert "trusted on: sha256 in setout's lock" in good.detail
    path.write_text("#!/bin/sh\nevil\n")
    (bad,) = toolchain.verify(["demo"])
    assert not bad.works
    assert "sha256 differs" in bad.detail


def test_kubeconform_is_really_built_from_its_module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", REAL_PATH)
    assert shutil.which("go"), "Go 1.24 or newer is needed on PATH: https://go.dev/dl"
    monkeypatch.setenv("GOSUMDB", "off")  # go.sum alone has to do
    (wanted,) = [tool for tool in toolchain.catalogue() if tool.name == "kubeconform"]
    told: list[str] = []
    done = installation.install((dataclasses.replace(wanted, assets=()),), told.append, managed=True)
    assert done.authority == "Go checksums in setout's go.sum"
    ran = process.run((done.program.path, "-v"), cwd=tmp_path)
    assert ran.out == "v0.7.0\n"
    assert toolchain.find("kubeconform", done.program.path).version == "0.7.0"


class TestNoBuild:
    RECIPE = GoBuild("demo", "demo", "1.24", 1, ())

    def told(self) -> str:
        lines: list[str] = []
        with pytest.raises(ToolMissing):
            installation.install((tool(go=self.RECIPE),), lines.append)
        return "\n".join(lines)

    def test_without_go_the_reason_is_said(self) -> None:
        assert "build: there is no Go 1.24 or newer on PATH" in self.told()

    def test_a_go_too_old_is_said(self, program: MakeProgram) -> None:
        path = program("go", "go1.23.4")
        assert f"build: {path} is Go 1.23.4, and 1.24 is needed" in self.told()

    def test_what_go_says_last_is_passed_on(self, program: MakeProgram, monkeypatch: pytest.MonkeyPatch) -> None:
        self.modules(monkeypatch)
        program(
            "go", "", script='#!/bin/sh\n[ "$1" = env ] && echo go1.26.0 && exit\necho one >&2; echo two >&2; exit 1\n'
        )
        assert "build: go build says: two" in self.told()

    def test_go_gets_the_callers_module_settings_and_our_build_settings(
        self, program: MakeProgram, machine: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.modules(monkeypatch)
        seen = machine / "seen"
        monkeypatch.setenv("GOPROXY", "https://proxy.test")
        monkeypatch.setenv("GOFLAGS", "-mod=mod")
        monkeypatch.setenv("GOTOOLCHAIN", "auto")
        monkeypatch.setenv("GOOS", "plan9")
        script = f'#!/bin/sh\n[ "$1" = env ] && echo go1.26.0 && exit\nset > {seen}; exit 1\n'
        program("go", "", script=script)
        self.told()
        lines = {line.replace("'", "") for line in seen.read_text().splitlines()}
        assert {"GOPROXY=https://proxy.test", "GOFLAGS=-mod=readonly", "GOTOOLCHAIN=local", "CGO_ENABLED=0"} <= lines
        assert not any(line.startswith("GOOS=") for line in lines)

    def modules(self, monkeypatch: pytest.MonkeyPatch) -> None:
        folder = Path(os.environ["SETOUT_CACHE"]).parent / "modules"
        (folder / "demo").mkdir(parents=True)
        monkeypatch.setattr(build, "MODULES", folder)
