from __future__ import annotations

from pathlib import Path

import pytest

from setout.model import Status
from setout.validation import providers
from tests.trees import TERRAFORM, broken, only, script, spots, validate

TFTEST = "modules/network/tests/network.tftest.hcl"


def result(tmp_path: Path, files: dict[str, str], verb: str = "validate", target: str | None = None, **options: object):  # type: ignore[no-untyped-def]
    return only(validate(tmp_path, files, **options), "terraform", verb, target)


def test_an_unformatted_file_is_found_at_its_first_line(tmp_path: Path) -> None:
    files = broken(TERRAFORM, "live/main.tf", '  cidr   = "', '  cidr = "')
    assert spots(result(tmp_path, files, "fmt")) == [("terraform/fmt", "live/main.tf", 3)]


def test_a_file_that_is_no_hcl_is_found_where_it_breaks(tmp_path: Path) -> None:
    files = broken(TERRAFORM, "live/main.tf", '"10.0.0.0/16"', "")
    assert spots(result(tmp_path, files, "fmt"))[0] == ("terraform/syntax", "live/main.tf", 3)
    assert ("terraform/init", "live/main.tf", 3) in spots(result(tmp_path, files, target="live"))


def test_an_undeclared_variable_is_found(tmp_path: Path) -> None:
    files = broken(TERRAFORM, "modules/network/main.tf", "var.cidr", "var.cidrs")
    found = result(tmp_path, files, target="modules/network")
    assert found.status is Status.FAILED
    assert spots(found) == [("terraform/validate", "modules/network/main.tf", 2)]


def test_what_is_wrong_in_a_module_is_found_from_its_root_too(tmp_path: Path) -> None:
    files = broken(TERRAFORM, "modules/network/main.tf", "var.cidr", "var.cidrs")
    assert spots(result(tmp_path, files, target="live")) == [("terraform/validate", "modules/network/main.tf", 2)]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("cidr_block = var.cidr", "cidr_blok = var.cidr", "Unsupported argument"),
        ("cidr_block = var.cidr", 'enable_dns_support = "perhaps"', "a bool is required"),
        ('"aws_vpc"', '"aws_vpcc"', 'Did you mean "aws_vpc"'),
        ("cidr_block = var.cidr", "cidr_block = aws_subnet.x.id", "has not been declared"),
    ],
)
def test_what_the_schema_does_not_admit_is_found(tmp_path: Path, old: str, new: str, message: str) -> None:
    found = result(tmp_path, broken(TERRAFORM, "modules/network/main.tf", old, new), target="modules/network")
    assert found.status is Status.FAILED
    assert message in found.findings[0].message


def test_an_argument_that_only_one_admitted_version_knows_is_found(tmp_path: Path) -> None:
    line = "cidr_block = var.cidr"  # and version 6 gave every resource a region
    files = broken(TERRAFORM, "modules/network/main.tf", line, f'{line}\n  region = "eu-west-1"')
    assert result(tmp_path / "both", files, target="modules/network").status is Status.FAILED
    newer = {name: content.replace(">= 5.100.0, < 7.0.0", "~> 6.0") for name, content in files.items()}
    assert result(tmp_path / "newer", newer, target="modules/network").status is Status.PASSED


def test_the_result_names_provider_versions_and_mode(tmp_path: Path) -> None:
    found = result(tmp_path, TERRAFORM, target="live")
    assert found.version.endswith(" · hashicorp/aws 5.100.0+6.25.0 schema")


def test_a_module_that_is_not_there_is_found(tmp_path: Path) -> None:
    found = result(tmp_path, broken(TERRAFORM, "live/main.tf", "../modules/network", "../modules/net"), target="live")
    assert found.status is Status.FAILED
    assert spots(found)[0][1:] == ("live/main.tf", 1)


@pytest.mark.parametrize(
    "source",
    ["terraform-aws-modules/vpc/aws", "git::https://example.org/x.git", "https://example.org/x.zip", "git@h:x.git"],
)
def test_a_module_from_elsewhere_is_not_fetched_and_not_passed(tmp_path: Path, source: str) -> None:
    found = result(tmp_path, broken(TERRAFORM, "live/main.tf", "../modules/network", source), target="live")
    assert found.status is Status.MISSING
    assert found.reason == f"live/main.tf:1 calls {source}, which is not in this tree and is not fetched"


@pytest.mark.parametrize("constraint", ["< 5.0.0", ">= 99.0.0"])
def test_a_version_without_schema_is_not_passed(tmp_path: Path, constraint: str) -> None:
    files = {name: text.replace(">= 5.100.0, < 7.0.0", constraint) for name, text in TERRAFORM.items()}
    found = result(tmp_path, files, target="live")
    assert found.status is Status.MISSING
    assert f"hashicorp/aws {constraint}: no schema is packaged" in found.reason


def test_a_provider_without_schema_is_not_passed(tmp_path: Path) -> None:
    found = result(tmp_path, {"main.tf": 'resource "random_id" "x" {\n  byte_length = 4\n}\n'})
    assert found.status is Status.MISSING
    assert "hashicorp/random" in found.reason


def test_a_configuration_without_providers_needs_none(tmp_path: Path) -> None:
    found = result(tmp_path, {"main.tf": 'output "a" {\n  description = "One."\n  value       = 1\n}\n'})
    assert found.status is Status.PASSED


def test_a_module_that_expects_configurations_from_its_caller_is_valid_alone(tmp_path: Path) -> None:
    versions = TERRAFORM["modules/network/versions.tf"].replace(
        "      source  =", "      configuration_aliases = [aws.replica]\n      source  ="
    )
    text = 'resource "aws_vpc" "other" {\n  provider   = aws.replica\n  cidr_block = var.cidr\n}\n'
    files = {**TERRAFORM, "modules/network/versions.tf": versions, "modules/network/other.tf": text}
    assert result(tmp_path, files, target="modules/network").status is Status.PASSED


def test_a_failing_test_is_found_at_its_assertion(tmp_path: Path) -> None:
    found = result(tmp_path, broken(TERRAFORM, TFTEST, '== "10.0.0.0/16"', '== "10.9.0.0/16"'), "test")
    assert (found.status, found.checked) == (Status.FAILED, 1)
    assert spots(found) == [("terraform/test", TFTEST, 11)]
    assert "The block has to be the one given." in found.findings[0].message


def test_tests_that_would_talk_to_a_cloud_are_not_run(tmp_path: Path) -> None:
    found = result(tmp_path, broken(TERRAFORM, TFTEST, 'mock_provider "aws" {}', 'provider "aws" {}'), "test")
    assert found.status is Status.MISSING
    assert found.reason == f"{TFTEST} does not mock hashicorp/aws, and tests are not run against a cloud"


def test_nothing_that_a_tree_asks_for_is_executed(tmp_path: Path) -> None:
    command = f'  provisioner "local-exec" {{\n    command = "touch {tmp_path}/pwned"\n  }}\n'
    evil = f'\nresource "terraform_data" "x" {{\n{command}}}\n'
    files = {**TERRAFORM, "modules/network/main.tf": TERRAFORM["modules/network/main.tf"] + evil}
    files = broken(files, TFTEST, "command = plan", "command = apply")
    found = result(tmp_path / "tree", files, "test")
    assert found.status is Status.MISSING
    assert "would run a program on this machine" in found.reason
    assert not (tmp_path / "pwned").exists()


def test_the_callers_environment_has_no_say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TF_CLI_CONFIG_FILE", str(tmp_path / "missing"))
    monkeypatch.setenv("TF_CLI_ARGS", "-nonsense")
    monkeypatch.setenv("TF_DATA_DIR", str(tmp_path / "data"))
    assert result(tmp_path / "tree", TERRAFORM, target="live").status is Status.PASSED
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(("verb", "target"), [("validate", "live"), ("test", "modules/network")])
def test_a_provider_that_does_not_work_here_says_nothing_about_the_configuration(
    verb: str, target: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "mirror/registry.terraform.io/hashicorp/aws/5.100.0" / providers._platform()
    folder.mkdir(parents=True)
    script(folder / "terraform-provider-aws_v5.100.0", "", "exit 1")
    monkeypatch.setenv("SETOUT_PROVIDER_MIRROR", str(tmp_path / "mirror"))
    found = result(tmp_path / "tree", TERRAFORM, verb, target, providers="auto")
    assert found.status is Status.MISSING
    assert found.reason.startswith("hashicorp/aws 5.100.0 real does not work on this machine: ")


def test_a_lock_file_for_another_version_is_no_obstacle(tmp_path: Path) -> None:
    lock = 'provider "registry.terraform.io/hashicorp/aws" {\n  version = "6.1.0"\n}\n'
    assert result(tmp_path, {**TERRAFORM, "live/.terraform.lock.hcl": lock}, target="live").status is Status.PASSED


def test_a_provider_that_cannot_be_downloaded_is_not_passed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTPS_PROXY", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    files = {"main.tf": 'resource "random_id" "x" {\n  byte_length = 4\n}\n'}
    found = result(tmp_path, files, providers="real")
    assert found.status is Status.MISSING
    assert "hashicorp/random" in found.reason


def test_where_no_socket_has_room_a_schema_is_served_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deep = tmp_path / ("d" * 120)
    deep.mkdir()
    monkeypatch.setenv("TMPDIR", str(deep))
    monkeypatch.setattr("tempfile.tempdir", None)
    files = broken(TERRAFORM, "modules/network/main.tf", "cidr_block = var.cidr", "cidr_blok = var.cidr")
    found = result(tmp_path, files, target="modules/network")
    assert found.status is Status.FAILED
    assert "Unsupported argument" in found.findings[0].message
