from __future__ import annotations

from pathlib import Path

import pytest

from setout.validation.gates import hcl
from tests.trees import TERRAFORM, broken, only, spots, validate

BACKEND = """terraform {
  backend "s3" {
    bucket       = "acme-tfstate"
    key          = "live/terraform.tfstate"
    region       = "eu-west-1"
    use_lockfile = true
  }
}
"""
GOOD = {**TERRAFORM, "live/backend.tf": BACKEND}
OUTPUT = 'output "id" {\n  description = "Id of the network."\n  value       = aws_vpc.this.id\n}\n'


def found(tmp_path: Path, files: dict[str, str]) -> list[tuple[str, str, int]]:
    return spots(only(validate(tmp_path, files), "setout", "hcl"))


def test_good_configurations_pass(tmp_path: Path) -> None:
    assert found(tmp_path, {**GOOD, "modules/network/outputs.tf": OUTPUT}) == []


VARIABLES = "modules/network/variables.tf"
MUTANTS = {
    "hcl/unreadable": (broken(GOOD, VARIABLES, "= string", "="), (VARIABLES, 3)),
    "hcl/untyped-variable": (broken(GOOD, VARIABLES, "  type        = string\n", ""), (VARIABLES, 1)),
    "hcl/undescribed-variable": (broken(GOOD, VARIABLES, "Address block of the network.", ""), (VARIABLES, 1)),
    "hcl/undescribed-output": ({**GOOD, "live/o.tf": 'output "a" {\n  value = 1\n}\n'}, ("live/o.tf", 1)),
    "hcl/secret-not-sensitive": (
        {**GOOD, "live/v.tf": 'variable "db_password" {\n  description = "x"\n  type        = string\n}\n'},
        ("live/v.tf", 1),
    ),
    "hcl/required-version": (
        broken(GOOD, "live/versions.tf", '  required_version = ">= 1.11.0"\n\n', ""),
        ("live/versions.tf", 1),
    ),
    "hcl/unpinned-provider": (
        broken(GOOD, "live/versions.tf", '      version = ">= 5.100.0, < 7.0.0"\n', ""),
        ("live/versions.tf", 5),
    ),
    "hcl/provider-in-module": (
        {**GOOD, "modules/network/p.tf": 'provider "aws" {\n  region = "eu-west-1"\n}\n'},
        ("modules/network/p.tf", 1),
    ),
    "hcl/backend-in-module": (
        {**TERRAFORM, "modules/network/b.tf": BACKEND},
        ("modules/network/b.tf", 1),
    ),
    "hcl/incomplete-backend": (
        broken(GOOD, "live/backend.tf", '    region       = "eu-west-1"\n', ""),
        ("live/backend.tf", 1),
    ),
    "hcl/unlocked-state": (broken(GOOD, "live/backend.tf", "    use_lockfile = true\n", ""), ("live/backend.tf", 1)),
    "hcl/shared-state": (
        {**GOOD, "other/backend.tf": BACKEND, "other/versions.tf": TERRAFORM["live/versions.tf"]},
        ("other/backend.tf", 1),
    ),
}


@pytest.mark.parametrize("gate", hcl.GATES, ids=lambda gate: gate.rule)
def test_each_gate_sees_its_mutant(tmp_path: Path, gate: object) -> None:
    rule = gate.rule  # type: ignore[attr-defined]
    files, place = MUTANTS[rule]
    assert (rule, *place) in found(tmp_path, files)


def test_a_partial_backend_is_complete_with_its_file(tmp_path: Path) -> None:
    files = broken(GOOD, "live/backend.tf", '    region       = "eu-west-1"\n', "")
    assert found(tmp_path, {**files, "live/prod.s3.tfbackend": 'region = "eu-west-1"\n'}) == []
