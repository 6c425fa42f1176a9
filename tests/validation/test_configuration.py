from __future__ import annotations

from pathlib import Path

from setout import hcl
from setout.validation import configuration
from setout.validation.providers import Requirement
from tests.trees import TERRAFORM, write


def reading(root: Path, files: dict[str, str]) -> hcl.Reading:
    write(root, files)
    return hcl.read(root, sorted(files))


def test_loading_a_root_reads_the_modules_it_calls(tmp_path: Path) -> None:
    assert configuration.closure(reading(tmp_path, TERRAFORM), "live") == (("live", "modules/network"), ())


def test_modules_that_call_each_other_end(tmp_path: Path) -> None:
    files = {"a/m.tf": 'module "b" {\n  source = "../b"\n}\n', "b/m.tf": 'module "a" {\n  source = "../a"\n}\n'}
    assert configuration.closure(reading(tmp_path, files), "a") == (("a", "b"), ())


def test_a_source_that_is_no_path_leads_outside(tmp_path: Path) -> None:
    files = {"a/m.tf": '\nmodule "vpc" {\n  source = "terraform-aws-modules/vpc/aws"\n}\n'}
    (call,) = configuration.closure(reading(tmp_path, files), "a")[1]
    assert (call.source, call.path, call.line) == ("terraform-aws-modules/vpc/aws", "a/m.tf", 2)


def test_requirements_are_stated_or_implied(tmp_path: Path) -> None:
    files = {
        "a/m.tf": """terraform {
  required_providers {
    cloud = {
      source  = "acme/cloud"
      version = "~> 1.0"
    }
    own = {
      source = "registry.acme.example/team/own"
    }
  }
}
resource "cloud_disk" "a" {}
resource "random_id" "b" {}
data "terraform_remote_state" "c" {}
resource "null_resource" "d" {
  provider = cloud.other
}
""",
    }
    assert configuration.requirements(reading(tmp_path, files), ("a",)) == (
        Requirement("acme/cloud", ("~> 1.0",)),
        Requirement("hashicorp/random"),
        Requirement("team/own", (), "registry.acme.example"),
    )


def test_configurations_that_a_module_expects_are_known(tmp_path: Path) -> None:
    text = """terraform {
  required_providers {
    aws = {
      source                = "hashicorp/aws"
      configuration_aliases = [aws.one, aws.two]
    }
  }
}
"""
    blocks = configuration.blocks_of(reading(tmp_path, {"m/v.tf": text}), "m")
    assert configuration.aliases(blocks) == (("aws", "one"), ("aws", "two"))


def test_what_would_run_a_program_is_known(tmp_path: Path) -> None:
    text = """resource "terraform_data" "a" {
  provisioner "local-exec" {
    command = "rm -rf /"
  }
}
data "external" "b" {
  program = ["sh"]
}
locals {
  a = 1
}
"""
    blocks = configuration.blocks_of(reading(tmp_path, {"m/v.tf": text}), "m")
    assert [block.labels for block in configuration.executed(blocks)] == [("terraform_data", "a"), ("external", "b")]


def test_types_in_tests_count_too(tmp_path: Path) -> None:
    text = 'mock_provider "aws" {\n  mock_data "aws_region" {\n    defaults = {\n      name = "x"\n    }\n  }\n}\n'
    assert configuration.types(reading(tmp_path, {"tests/a.tftest.hcl": text})) == frozenset({"aws_region"})
