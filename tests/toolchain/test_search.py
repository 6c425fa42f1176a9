from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from setout import process, toolchain
from setout.errors import ToolMissing, UserError
from setout.toolchain import cache, search, version
from tests.toolchain.vendor import MakeProgram, script_saying, tool


def terraform(number: str) -> str:
    return script_saying(f"Terraform v{number}")


def tofu(number: str) -> str:
    return script_saying(f"OpenTofu v{number}")


class TestPath:
    def test_a_version_in_range_is_taken(self, program: MakeProgram) -> None:
        path = program("helm", "v4.1.0")
        found = toolchain.find("helm")
        assert found == toolchain.Program("helm", path, "4.1.0", "PATH", cache.digest(path))

    @pytest.mark.parametrize("says", ["v3.19.0", "v5.0.0", "v4.2.0-rc.1"])
    def test_a_version_out_of_range_is_passed_over_with_the_reason(self, program: MakeProgram, says: str) -> None:
        path = program("helm", says)
        with pytest.raises(ToolMissing) as caught:
            toolchain.find("helm")
        assert f"{path}: {says.removeprefix('v')} is " in caught.value.message
        assert caught.value.hint == "setout tools install helm"

    def test_a_later_folder_of_path_may_have_the_better_one(
        self, program: MakeProgram, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        old, good = program("helm", "v3.19.0", "old"), program("helm", "v4.2.4", "new")
        monkeypatch.setenv("PATH", f"{old.parent}:{good.parent}")
        assert toolchain.find("helm").path == good

    def test_a_relative_folder_of_path_is_never_looked_into(
        self, program: MakeProgram, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = program("helm", "v4.2.4", "repository")
        monkeypatch.chdir(path.parent)
        monkeypatch.setenv("PATH", f".:{os.pathsep}")
        with pytest.raises(ToolMissing, match="PATH has none"):
            toolchain.find("helm")

    def test_a_program_that_hangs_is_passed_over(self, program: MakeProgram, monkeypatch: pytest.MonkeyPatch) -> None:
        path = program("helm", "", script="#!/bin/sh\nexec /bin/sleep 60\n")
        monkeypatch.setattr(version.ask, "__defaults__", (0.3,))
        with pytest.raises(ToolMissing, match=r"did not say its version within 0 s"):
            toolchain.find("helm")
        assert path.exists()

    def test_a_program_that_says_no_version_is_passed_over(self, program: MakeProgram) -> None:
        path = program("kubeconform", "development")
        with pytest.raises(ToolMissing) as caught:
            toolchain.find("kubeconform")
        assert f"{path} says 'development' (exit code 0) instead of a version" in caught.value.message

    def test_a_program_for_another_machine_is_passed_over(self, program: MakeProgram) -> None:
        program("helm", "", script="\x7fELF not really")
        with pytest.raises(ToolMissing, match="cannot be started: Exec format error"):
            toolchain.find("helm")

    def test_what_a_program_says_cannot_reach_the_terminal_raw(self, program: MakeProgram) -> None:
        program("helm", "", script="#!/bin/sh\nprintf '\\033[2Jgone\\n'\n")
        with pytest.raises(ToolMissing) as caught:
            toolchain.find("helm")
        assert caught.value.message.isprintable()


class TestTerraform:
    def test_the_broken_release_is_passed_over_and_named(self, program: MakeProgram) -> None:
        program("terraform", "", script=terraform("1.15.0"))
        with pytest.raises(ToolMissing, match=r"1\.15\.0 is known to be broken: .*38466"):
            toolchain.find("terraform")

    def test_the_need_is_met_by_tofu(self, program: MakeProgram) -> None:
        path = program("tofu", "", script=tofu("1.12.6"))
        found = toolchain.find("terraform")
        assert (found.name, found.path) == ("tofu", path)

    def test_terraform_comes_before_tofu(self, program: MakeProgram) -> None:
        program("tofu", "", script=tofu("1.12.6"))
        path = program("terraform", "", script=terraform("1.11.4"))
        assert toolchain.find("terraform").path == path

    def test_a_tofu_that_was_pointed_at_comes_before_a_terraform_on_path(
        self, program: MakeProgram, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        program("terraform", "", script=terraform("1.11.4"))
        path = program("tofu", "", "elsewhere", script=tofu("1.12.6"))
        monkeypatch.setenv("SETOUT_TOFU", str(path))
        assert toolchain.find("terraform").path == path

    @pytest.mark.parametrize("is_named", [True, False], ids=["in SETOUT_TERRAFORM", "on PATH"])
    def test_a_tofu_that_is_called_terraform_is_known_for_what_it_is(
        self, is_named: bool, program: MakeProgram, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = program("terraform", "", "elsewhere" if is_named else "bin", script=tofu("1.12.6"))
        if is_named:
            monkeypatch.setenv("SETOUT_TERRAFORM", str(path))
        found = toolchain.find("terraform")
        assert (found.name, found.version, found.path) == ("tofu", "1.12.6", path)

    def test_the_need_for_tofu_is_not_met_by_terraform(self, program: MakeProgram) -> None:
        program("terraform", "", script=terraform("1.11.4"))
        with pytest.raises(ToolMissing, match=r"^tofu >=1\.11,<2 is not there"):
            toolchain.find("tofu")


class TestGiven:
    def test_the_variable_comes_before_path(self, program: MakeProgram, monkeypatch: pytest.MonkeyPatch) -> None:
        program("helm", "v4.2.4")
        path = program("my-helm", "v4.0.1", "elsewhere")
        monkeypatch.setenv("SETOUT_HELM", str(path))
        found = toolchain.find("helm")
        assert (found.path, found.origin) == (path, "SETOUT_HELM")

    def test_the_argument_comes_before_the_variable(
        self, program: MakeProgram, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("SETOUT_HELM", str(program("one", "v4.0.1")))
        path = program("two", "v4.0.2")
        assert toolchain.find("helm", path).path == path

    @pytest.mark.parametrize("says", ["v3.19.0", "nonsense"])
    def test_a_given_path_that_will_not_do_is_an_error_and_nothing_else_is_tried(
        self, program: MakeProgram, monkeypatch: pytest.MonkeyPatch, says: str
    ) -> None:
        program("helm", "v4.2.4")
        monkeypatch.setenv("SETOUT_HELM", str(program("wrong", says)))
        with pytest.raises(ToolMissing, match="helm: SETOUT_HELM: "):
            toolchain.find("helm")

    def test_a_given_path_that_is_not_there_is_an_error(self, machine: Path) -> None:
        with pytest.raises(ToolMissing, match="No such file"):
            toolchain.find("helm", machine / "nowhere")


class TestCache:
    def put(self, number: str = "4.2.4") -> Path:
        with cache.scratch("helm") as folder:
            binary = folder / "binary"
            binary.write_text(script_saying(f"v{number}"))
            record = cache.Record(
                "helm", number, "linux-amd64", cache.digest(binary), binary.stat().st_size, "somewhere", "somebody"
            )
            return cache.put(binary, record)

    def test_what_broke_is_cleared_away_by_the_next_that_comes_in(self) -> None:
        shelf = self.put("4.2.3").parent.parent
        (shelf / "4.2.2-00000000").mkdir()
        (shelf / ".new-killed").mkdir()
        path = self.put()
        assert sorted(folder.name[:6] for folder in shelf.iterdir()) == ["4.2.3-", "4.2.4-"]
        assert path.exists()

    def test_what_is_there_already_may_come_in_again(self) -> None:
        assert self.put() == self.put()

    def test_the_pinned_version_is_found(self) -> None:
        path = self.put()
        found = toolchain.find("helm")
        assert (found.path, found.version, found.origin) == (path, "4.2.4", "cache: somewhere")
        assert path.name == "helm"
        assert path.parent.name == f"4.2.4-{found.sha256[:8]}"

    def test_path_comes_before_the_cache(self, program: MakeProgram) -> None:
        self.put()
        path = program("helm", "v4.0.0")
        assert toolchain.find("helm").path == path

    def test_another_version_than_the_pinned_one_is_not_used(self) -> None:
        self.put("4.2.3")
        with pytest.raises(ToolMissing):
            toolchain.find("helm")

    def test_a_file_that_was_tampered_with_is_found_before_it_runs(self, machine: Path) -> None:
        path, proof = self.put(), machine / "it-ran"
        path.write_text(f"#!/bin/sh\n: > {proof}\necho v4.2.4\n")
        with pytest.raises(ToolMissing, match="is not the file that was put there"):
            toolchain.find("helm")
        assert not proof.exists()

    def test_a_folder_without_its_record_is_not_used(self) -> None:
        (self.put().parent / cache.RECORD).unlink()
        with pytest.raises(ToolMissing, match="is incomplete"):
            toolchain.find("helm")

    def test_a_record_of_another_file_is_not_used(self) -> None:
        folder = self.put().parent
        folder.rename(folder.with_name("4.2.4-00000000"))
        with pytest.raises(ToolMissing, match="belongs to another file"):
            toolchain.find("helm")


def test_an_answer_is_remembered_until_the_surroundings_change(
    machine: Path, program: MakeProgram, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = machine / "counted"
    program("helm", "", script=f"#!/bin/sh\necho x >> {counted}\necho v4.2.4\n")
    assert toolchain.find("helm") is toolchain.find("helm")
    assert counted.read_text() == "x\n"
    monkeypatch.setenv("PATH", str(machine))
    with pytest.raises(ToolMissing):
        toolchain.find("helm")


def test_a_name_nobody_knows_is_said_with_those_that_are_known() -> None:
    with pytest.raises(UserError) as caught:
        toolchain.find("hlem")
    assert "helm" in caught.value.hint


@pytest.mark.parametrize(
    ("number", "suits"),
    [("1.2", True), ("1.2.0", True), ("1.9.9", True), ("1.1.9", False), ("2.0.0", False), ("1.3.0-beta1", False)],
)
def test_the_range_says_what_suits(number: str, suits: bool) -> None:
    assert (version.unsuited(tool(), number) == "") is suits


def test_what_is_no_version_does_not_suit() -> None:
    assert version.unsuited(tool(), "1.2.x") == "1.2.x is not a version"


@pytest.mark.parametrize(
    ("release", "needed", "older"),
    [("1.26.8", "1.26", False), ("1.25.9", "1.26", True), ("1.26rc1", "1.26", False), ("devel", "1.24", True)],
)
def test_go_releases_are_compared_by_number(release: str, needed: str, older: bool) -> None:
    assert version.older(release, needed) is older


def test_a_search_says_what_it_passed_over_even_when_it_succeeds(program: MakeProgram) -> None:
    program("demo", "v0.1")
    program("other", "v1.5")
    found = search.everywhere((tool("demo"), tool("other")))
    assert found.program is not None
    assert found.program.name == "other"
    assert [reason for reason in found.passed_over if "0.1 is not >=1.2,<2" in reason]


def test_importing_the_toolchain_costs_nothing_that_only_an_installation_needs(tmp_path: Path) -> None:
    code = (
        "import sys, setout.toolchain; print({'urllib.request', 'filelock', 'packaging', 'tarfile'} & set(sys.modules))"
    )
    ran = process.run((sys.executable, "-c", code), cwd=tmp_path, env={"PYTHONPATH": os.pathsep.join(sys.path)})
    assert ran.out == "set()\n"
