"""OpenTofu in terraform's place: the real one where it is installed; where not, that is said and nothing passes."""

from __future__ import annotations

from pathlib import Path

import pytest

from setout import toolchain
from setout.errors import ToolMissing
from setout.model import Result, Status
from tests.trees import TERRAFORM, broken, only, validate

TFTEST = "modules/network/tests/network.tftest.hcl"
# A second run that plans against the state of the first: then tofu asks the provider to upgrade that state.
AGAIN = {**TERRAFORM, TFTEST: TERRAFORM[TFTEST].replace("command = plan", "command = apply")}
AGAIN[TFTEST] += '\nrun "again" {\n  command = plan\n}\n'
OVERRIDE = {
    **TERRAFORM,
    "live/more.tofu": 'output "cidr" {\n  description = "Said."\n  value       = "10.0.0.0/16"\n}\n',
}
SETTING = {**TERRAFORM, ".setout.toml": 'terraform = "tofu"\n'}


def tofu() -> toolchain.Program | None:
    try:
        return toolchain.find("tofu")
    except ToolMissing:
        return None


def expect(result: Result, status: Status) -> None:
    """The status with tofu at work; where it is not installed, that it is missing, with the command that gets it."""
    program = tofu()
    if program is None:
        assert result.status is Status.MISSING
        assert result.reason.endswith("get it with: setout tools install tofu")
    else:
        assert result.version.startswith(f"tofu {program.version}")
        assert result.status is status


@pytest.mark.parametrize("files", [OVERRIDE, SETTING], ids=["a .tofu file", ".setout.toml"])
@pytest.mark.parametrize(("verb", "target"), [("fmt", "."), ("validate", "live"), ("test", "modules/network")])
def test_a_tree_that_asks_for_tofu_is_looked_at_with_it(
    files: dict[str, str], verb: str, target: str, tmp_path: Path
) -> None:
    target = target if tofu() else "."
    expect(only(validate(tmp_path, files), "terraform", verb, target), Status.PASSED)


def test_a_slip_in_a_file_that_only_tofu_reads_is_found(tmp_path: Path) -> None:
    files = broken(OVERRIDE, "live/more.tofu", '"10.0.0.0/16"', "module.network.nothing")
    found = only(validate(tmp_path, files), "terraform", "validate", "live" if tofu() else ".")
    expect(found, Status.FAILED)
    assert [(item.path, item.line) for item in found.findings] == [("live/more.tofu", 3)] * bool(tofu())


def test_runs_that_build_on_each_other_pass_under_a_schema(tmp_path: Path) -> None:
    files = {**AGAIN, **SETTING, TFTEST: AGAIN[TFTEST]}
    found = only(validate(tmp_path, files), "terraform", "test", "modules/network" if tofu() else ".")
    expect(found, Status.PASSED)
    assert found.checked == (2 if tofu() else 0)


def test_without_tofu_nothing_of_its_tree_passes_and_the_command_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SETOUT_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("SETOUT_TERRAFORM", str(toolchain.find("terraform").path))
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("SETOUT_TOFU", raising=False)
    validation = validate(tmp_path / "tree", OVERRIDE)
    results = [result for result in validation.results if result.tool == "terraform"]
    assert {result.status for result in results} == {Status.MISSING}
    assert all("setout tools install tofu" in result.reason for result in results)
    assert validation.exit_code == 6


def test_a_tree_for_both_can_be_held_to_terraform(tmp_path: Path) -> None:
    files = {**OVERRIDE, ".setout.toml": 'terraform = "terraform"\n'}
    found = only(validate(tmp_path, files), "terraform", "fmt")
    assert found.status is Status.PASSED
    assert found.checked == len([name for name in TERRAFORM if name.endswith((".tf", ".hcl"))])
