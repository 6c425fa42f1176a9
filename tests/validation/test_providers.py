from __future__ import annotations

from pathlib import Path

import pytest

from setout.validation import providers, schemas
from setout.validation.providers import AtHand, Requirement

AWS = "hashicorp/aws"


@pytest.mark.parametrize(
    ("constraint", "version", "admitted"),
    [
        (">= 5.100.0, < 7.0.0", "6.25.0", True),
        (">= 5.100.0, < 7.0.0", "7.0.0", False),
        ("~> 5.0", "5.100.0", True),
        ("~> 5.0", "6.25.0", False),
        ("~> 5.99.0", "5.100.0", False),
        ("~> 6", "6.25.0", True),
        ("~> 6", "7.0.0", False),
        ("6.25.0", "6.25.0", True),
        ("= 6.25.0", "6.25.0", True),
        ("!= 6.25.0", "6.25.0", False),
        ("v6.25.0", "6.25.0", True),
        ("", "6.25.0", True),
        ("latest", "6.25.0", False),
        (">= 99.0.0", "6.25.0", False),
    ],
)
def test_constraints_mean_what_terraform_means(constraint: str, version: str, admitted: bool) -> None:
    assert Requirement(AWS, (constraint,)).admits(version) is admitted


def mirror(folder: Path, version: str, *, packed: bool = False) -> Path:
    home = folder / "registry.terraform.io" / AWS
    if packed:
        home.mkdir(parents=True, exist_ok=True)
        (home / f"terraform-provider-aws_{version}_{providers._platform()}.zip").write_bytes(b"")
    else:
        (home / version / providers._platform()).mkdir(parents=True)
    return folder


def test_a_mirror_is_read_in_both_layouts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mirror(tmp_path, "5.1.0")
    mirror(tmp_path, "5.2.0", packed=True)
    (tmp_path / "registry.terraform.io" / AWS / "5.3.0" / "plan9_mips").mkdir(parents=True)
    (tmp_path / "registry.terraform.io" / AWS / "index.json").write_text("{}")
    monkeypatch.setenv("SETOUT_PROVIDER_MIRROR", str(tmp_path))
    versions = [item.version for item in providers.at_hand() if item.mirror == tmp_path]
    assert versions == ["5.1.0", "5.2.0"]


def test_auto_takes_the_newest_real_provider_that_will_do(tmp_path: Path) -> None:
    found = [AtHand(tmp_path, "registry.terraform.io", AWS, version) for version in ("5.9.0", "5.10.0", "7.1.0")]
    (chosen,) = providers.choose([Requirement(AWS, ("< 7",))], "auto", found)
    assert chosen.label(1) == "hashicorp/aws 5.10.0 real"


def test_schema_mode_leaves_real_providers_alone(tmp_path: Path) -> None:
    found = [AtHand(tmp_path, "registry.terraform.io", AWS, "6.0.0")]
    (chosen,) = providers.choose([Requirement(AWS, (">= 5.100.0, < 7.0.0",))], "schema", found)
    assert chosen.label(2) == "hashicorp/aws 5.100.0+6.25.0 schema"


def test_the_exact_schema_comes_first_and_a_constraint_can_leave_only_the_other() -> None:
    (both,) = providers.choose([Requirement(AWS)], "auto", ())
    assert [item.exact for item in both.schemas] == [True, False]
    (newer,) = providers.choose([Requirement(AWS, ("~> 6.0",))], "auto", ())
    assert newer.label(1) == "hashicorp/aws 6.25.0 derived schema"


@pytest.mark.parametrize(
    "requirement",
    [Requirement("hashicorp/random"), Requirement(AWS, (">= 99.0.0",)), Requirement(AWS, host="example.org")],
)
def test_what_nothing_meets_is_not_met(requirement: Requirement) -> None:
    (chosen,) = providers.choose([requirement], "auto", ())
    assert not chosen.is_met


def test_the_configuration_admits_the_mirror_and_nothing_else(tmp_path: Path) -> None:
    found = [AtHand(tmp_path, "registry.terraform.io", AWS, "6.0.0")]
    text = providers.configuration(providers.choose([Requirement(AWS)], "auto", found), network=False)
    assert f'path    = "{tmp_path}"' in text
    assert 'include = ["registry.terraform.io/hashicorp/aws"]' in text
    assert 'exclude = ["*/*/*"]' in text


def test_a_cli_configuration_that_is_not_there_is_as_good_as_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TF_CLI_CONFIG_FILE", str(tmp_path / "missing"))
    assert tmp_path not in providers.mirror_folders()
    cache = tmp_path / "plugins"
    cache.mkdir()
    (tmp_path / "rc").write_text(f'plugin_cache_dir = "{cache}"\n')
    monkeypatch.setenv("TF_CLI_CONFIG_FILE", str(tmp_path / "rc"))
    assert cache in providers.mirror_folders()


def test_only_the_types_in_use_are_served() -> None:
    provider = schemas.Provider(AWS, "5.100.0")
    one = providers.wire(provider, frozenset({"aws_vpc"}))
    two = providers.wire(provider, frozenset({"aws_vpc", "aws_subnet"}))
    assert b"aws_vpc" in one
    assert b"aws_subnet" not in one
    assert b"aws_subnet" in two


def test_a_misspelt_type_brings_its_likeness_along() -> None:
    assert b"aws_vpc" in providers.wire(schemas.Provider(AWS, "5.100.0"), frozenset({"aws_vpcc"}))


def test_numbers_are_written_as_the_protocol_wants_them() -> None:
    assert providers._number(1, 300) == b"\x08\xac\x02"
    assert providers._number(1, 0) == b""
    assert providers._bytes(2, b"ab") == b"\x12\x02ab"
