"""What is excluded is not looked at, and the report says so, with the reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from setout.errors import UserError
from setout.model import Result, Status, Validation
from tests.trees import CHART, DEPLOYMENT, KUSTOMIZE, TERRAFORM, broken, only, spots, validate

OLD = {
    "legacy/live/main.tf": 'resource "aws_vpcc" "x" {\nname="x"\n}\n',
    "legacy/web.yaml": DEPLOYMENT.replace("replicas: 2", "replicas: two"),
    "legacy/base/kustomization.yaml": "resources:\n  - nothing.yaml\n",
    "legacy/chart/Chart.yaml": "name: broken\n",
    "legacy/notes.md": "See [there](nowhere.md), CHANGEME.\n",
}
REASON = "replaced by live/ in March"
SETTINGS = f'[[exclude]]\npaths = ["legacy/**"]\nreason = "{REASON}"\n'
EVERYTHING = {**TERRAFORM, **CHART, **KUSTOMIZE}


def exclusion(validation: Validation) -> Result:
    return only(validation, "setout", "exclude")


@pytest.mark.parametrize("way", ["file", "flag"])
def test_what_is_excluded_is_not_looked_at_and_said_with_its_reason(tmp_path: Path, way: str) -> None:
    files = {**EVERYTHING, **OLD, **({".setout.toml": SETTINGS} if way == "file" else {})}
    validation = validate(tmp_path, files, exclude=() if way == "file" else (f"legacy/**={REASON}",))
    assert validation.findings == ()
    assert validation.exit_code == 0
    found = exclusion(validation)
    assert (found.status, found.target, found.reason) == (
        Status.SKIPPED,
        "legacy/**",
        f"{REASON} (5 files not looked at)",
    )
    assert not any("legacy" in result.target for result in validation.results if result.verb != "exclude")


def test_without_the_exclusion_each_of_them_is_found(tmp_path: Path) -> None:
    found = {path for result in validate(tmp_path, {**EVERYTHING, **OLD}).results for _, path, _ in spots(result)}
    assert {path.rpartition("/")[0] for path in found} >= {"legacy/live", "legacy", "legacy/base", "legacy/chart"}


def test_an_exclusion_of_nothing_is_a_finding_at_its_line(tmp_path: Path) -> None:
    validation = validate(tmp_path, {**KUSTOMIZE, ".setout.toml": SETTINGS})
    assert spots(exclusion(validation)) == [("exclude/idle", ".setout.toml", 2)]
    assert validation.exit_code == 1


def test_an_exclusion_of_nothing_on_the_command_line_is_one_too(tmp_path: Path) -> None:
    validation = validate(tmp_path, KUSTOMIZE, exclude=("legacy=it went away in March",))
    assert spots(exclusion(validation)) == [("exclude/idle", ".", 0)]


def test_what_others_build_on_is_still_there_for_them(tmp_path: Path) -> None:
    validation = validate(tmp_path, KUSTOMIZE, exclude=("base/**=looked after by the platform team",))
    builds = [result for result in validation.results if result.title == "kustomize build"]
    assert [(result.target, result.status) for result in builds] == [("overlays/dev", Status.PASSED)]


def test_a_fault_that_reaches_what_is_looked_at_is_found_wherever_it_stands(tmp_path: Path) -> None:
    files = broken(TERRAFORM, "modules/network/main.tf", "var.cidr", "var.cidrs")
    validation = validate(tmp_path, files, exclude=("modules/**=looked after by the platform team",))
    assert spots(only(validation, "terraform", "validate", "live"))[0][1:] == ("modules/network/main.tf", 2)


def test_a_repository_of_which_all_is_excluded_has_not_passed(tmp_path: Path) -> None:
    validation = validate(tmp_path, KUSTOMIZE, exclude=("**/*=nothing of it matters",))
    assert only(validation, "kustomize", "build").reason == "every kustomization is excluded"
    assert validation.exit_code == 6


def test_the_file_chooses_minors_and_providers_and_the_caller_overrules_it(tmp_path: Path) -> None:
    files = {**EVERYTHING, ".setout.toml": 'kubernetes_versions = ["1.36"]\nproviders = "schema"\n'}
    said = validate(tmp_path, files, providers="")
    assert only(said, "kubeconform", "validate", "overlays/dev @ 1.36").status is Status.PASSED
    assert only(said, "terraform", "validate", "live").version.endswith("schema")
    overruled = validate(tmp_path, files, kubernetes_versions=("1.34",))
    assert only(overruled, "kubeconform", "validate", "overlays/dev @ 1.34").status is Status.PASSED


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("exclud = []\n", ".setout.toml:1: exclud is not a setting"),
        ('providers = "imaginary"\n', "imaginary is not known here"),
        ('kubernetes_versions = ["1.12"]\n', "1.12 is not known here"),
    ],
)
def test_settings_that_cannot_be_followed_stop_everything(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(UserError) as caught:
        validate(tmp_path, {**KUSTOMIZE, ".setout.toml": text}, providers="")
    assert caught.value.message == message


RULE = '[[exclude]]\nrules = ["terraform/fmt"]\npaths = ["live"]\nreason = "formatted by the next release"\n'


def test_what_a_rule_finds_is_left_out_with_its_reason_and_everything_else_is_not(tmp_path: Path) -> None:
    files = broken({**TERRAFORM, ".setout.toml": RULE}, "live/main.tf", '  cidr   = "', '  cidr = "')
    spared = validate(tmp_path / "spared", files)
    assert (spared.exit_code, spared.findings) == (0, ())
    said = only(spared, "setout", "exclude")
    assert (said.status, said.target) == (Status.SKIPPED, "live (terraform/fmt)")
    assert said.reason == "formatted by the next release (1 finding left out)"
    elsewhere = broken(files, "modules/network/main.tf", "  cidr_block =", "  cidr_block  =")
    assert [item.path for item in validate(tmp_path / "found", elsewhere).findings] == ["modules/network/main.tf"]


def test_a_rule_that_has_nothing_to_leave_out_is_no_silent_line(tmp_path: Path) -> None:
    found = only(validate(tmp_path, {**TERRAFORM, ".setout.toml": RULE}), "setout", "exclude")
    assert [(item.rule, item.path, item.line) for item in found.findings] == [("exclude/idle", ".setout.toml", 3)]
    assert found.findings[0].message == "nothing is found by terraform/fmt in live, so nothing is excluded"
