from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from setout import toolchain
from setout.toolchain import build, pins, version

PLATFORMS = {"linux-amd64", "linux-arm64", "darwin-amd64", "darwin-arm64"}
TOOLS = toolchain.catalogue()


def test_the_lock_names_the_programs_setout_works_with() -> None:
    assert [tool.name for tool in TOOLS] == ["terraform", "tofu", "helm", "kubeconform", "kustomize", "actionlint"]


@pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.name)
class TestEveryTool:
    def test_its_pinned_version_is_one_it_accepts(self, tool: pins.Tool) -> None:
        assert version.unsuited(tool, tool.version) == ""

    def test_it_has_a_release_for_every_platform(self, tool: pins.Tool) -> None:
        assert {platform for platform, _ in tool.assets} == PLATFORMS

    def test_every_address_is_of_that_version_and_platform_over_tls(self, tool: pins.Tool) -> None:
        for platform, asset in tool.assets:
            system, processor = platform.split("-")
            assert urlsplit(asset.url).scheme == urlsplit(asset.checksums).scheme == "https"
            assert tool.version in unquote(asset.url)
            assert tool.version in unquote(asset.checksums)
            assert system in asset.file
            assert processor in asset.file
            assert asset.member.rsplit("/", 1)[-1] == tool.name

    def test_no_two_archives_have_one_checksum(self, tool: pins.Tool) -> None:
        known = [asset.sha256 for _, asset in tool.assets if asset.sha256]
        assert len(known) == len(set(known))

    def test_its_module_is_pinned_to_the_same_version_with_its_hash(self, tool: pins.Tool) -> None:
        folder = build.MODULES / tool.name
        assert folder.exists() == (tool.go is not None)
        if tool.go is None:
            return
        pinned = f"{tool.go.module} v{tool.version}"
        assert f"\t{pinned}" in (folder / "go.mod").read_text()
        assert f"tool {tool.go.package}\n" in (folder / "go.mod").read_text()
        assert re.search(rf"^{re.escape(pinned)} h1:\S+=$", (folder / "go.sum").read_text(), re.MULTILINE)
        assert all(tool.version in stamp for stamp in tool.go.stamps if "version.dev" not in stamp)

    def test_the_reason_for_its_range_is_given(self, tool: pins.Tool) -> None:
        assert len(tool.because) > 10


def test_setout_checks_with_the_versions_that_it_delivers() -> None:
    text = (Path(__file__).parents[2] / "blueprints" / "_macros" / "tools.jinja").read_text()
    delivered = dict(re.findall(r"^  '([a-z-]+)': '([0-9.]+)',$", text, re.MULTILINE))
    shared = {tool.name: tool.version for tool in TOOLS if tool.name in delivered}
    assert set(shared) >= {"terraform", "helm", "kubeconform", "kustomize"}
    assert shared == {name: delivered[name] for name in shared}


def lock_with(tmp_path: Path, **changes: str) -> Path:
    lines = {"version": '"1"', "accepts": '">=1"', "licence": '""', "page": '""', "ask": "[]", "says": '"(.)"'}
    file = tmp_path / "tools.lock.toml"
    file.write_text("[tools.demo]\n" + "".join(f"{key} = {value}\n" for key, value in {**lines, **changes}.items()))
    return file


def test_a_lock_is_read(tmp_path: Path) -> None:
    assert [tool.name for tool in pins.read(lock_with(tmp_path))] == ["demo"]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"version": "oops"}, "Invalid value"),
        ({"says": '"."'}, "exactly one group"),
        ({"says": '"("'}, "missing \\)"),
        ({"platforms": '{p = {url = "", member = "", checksums = "", sha256 = "abc", size = 0}}'}, "not a sha256: abc"),
        ({"platforms": "{p = {}}"}, "KeyError\\('url'"),
    ],
)
def test_a_lock_that_is_none_is_said_in_one_line(tmp_path: Path, changes: dict[str, str], reason: str) -> None:
    with pytest.raises(pins.LockError, match=reason) as caught:
        pins.read(lock_with(tmp_path, **changes))
    assert "\n" not in caught.value.message


def test_a_lock_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(pins.LockError, match="No such file"):
        pins.read(tmp_path / "nowhere.toml")
