"""Structured answers are checked before anything is written: each validator says what is wrong, or nothing."""

from __future__ import annotations

from typing import Any

import pytest
from jinja2 import StrictUndefined
from jinja2.sandbox import SandboxedEnvironment
from jinja2_ansible_filters import AnsibleCoreFiltersExtension  # type: ignore[import-untyped]

from tests.conftest import ROOT

ENVIRONMENTS = [{"name": "dev", "tier": "development", "cidr": "10.0.0.0/16"}]
CATALOGUE = {"cert-manager": {}}


def complaint(macro: str, *arguments: Any) -> str:
    environment = SandboxedEnvironment(
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, extensions=[AnsibleCoreFiltersExtension]
    )
    template = environment.from_string((ROOT / "blueprints" / "_macros" / "validators.jinja").read_text("utf-8"))
    return str(getattr(template.module, macro)(*arguments)).strip()


GOOD: list[tuple[str, tuple[Any, ...]]] = [
    ("check_environments", (ENVIRONMENTS,)),
    ("check_environments", ([{**ENVIRONMENTS[0], "account_id": "123456789012"}],)),
    ("check_components", ([{"name": "cert-manager"}], CATALOGUE)),
    ("check_components", ([{"name": "x", "repository": "oci://ghcr.io/x", "version": "v1.2.3"}], CATALOGUE)),
    ("check_applications", ([{"name": "web", "image": "ghcr.io:443/a/web", "tag": "1.0", "port": 8080}],)),
    ("check_applications", ([{"name": "web", "host": "a.b.c", "delivery": "chart"}],)),
    ("check_tenants", ([{"name": "org-a", "quota": "small", "environments": ["dev"]}], ENVIRONMENTS)),
    ("check_charts", ([{"name": "web", "version": "1.0.0"}],)),
    ("check_names", ("terraform_modules", ["vpc"])),
]  # fmt: skip
BAD: list[tuple[str, tuple[Any, ...], str]] = [
    ("check_environments", ("dev",), "list of objects"),
    ("check_environments", ([],), "must not be empty"),
    ("check_environments", ([{"name": "dev"}],), "tier"),
    ("check_environments", ([{**ENVIRONMENTS[0], "cidr": "10.0.0.0/24"}],), "cidr"),
    ("check_environments", ([{**ENVIRONMENTS[0], "account_id": "12"}],), "account_id"),
    ("check_environments", ([{**ENVIRONMENTS[0], "name": "a-name-that-is-too-long"}],), "16 characters"),
    ("check_environments", ([{**ENVIRONMENTS[0], "name": "isolation"}],), "isolation"),
    ("check_environments", ([*ENVIRONMENTS, *ENVIRONMENTS],), "there twice"),
    ("check_components", ([{"name": "zorp"}], CATALOGUE), "not in the catalogue"),
    ("check_components", ([{"name": "cert-manager", "version": "latest"}], CATALOGUE), "version"),
    ("check_components", ([{"name": "cert-manager", "repository": "file:///etc"}], CATALOGUE), "repository"),
    ("check_components", ([{"name": "cert-manager", "namespace": "../x"}], CATALOGUE), "namespace"),
    ("check_applications", ([{"name": "../x"}],), "DNS label"),
    ("check_applications", ([{"name": "web", "port": 80}],), "port"),
    ("check_applications", ([{"name": "web", "tag": "latest"}],), "tag"),
    ("check_applications", ([{"name": "web", "image": "web:1.0"}],), "image"),
    ("check_applications", ([{"name": "web", "host": "a b"}],), "host"),
    ("check_tenants", ([{"name": "{{ 7*7 }}"}], ENVIRONMENTS), "DNS label"),
    ("check_tenants", ([{"name": "a", "environments": ["qa"]}], ENVIRONMENTS), "not one of dev"),
    ("check_tenants", ([{"name": "a", "quota": "huge"}], ENVIRONMENTS), "quota"),
    ("check_tenants", ([{"name": "kube"}], [{**ENVIRONMENTS[0], "name": "dev"}]), "Kubernetes' own"),
    ("check_tenants", ([{"name": "org"}, {"name": "org-a"}], [{"name": "a-dev"}, {"name": "dev"}]), "made twice"),
    ("check_tenants", ([{"name": "a", "repositories": ["file:///x"]}], ENVIRONMENTS), "repository"),
    ("check_charts", ([{"name": "web", "version": "1"}],), "version"),
    ("check_names", ("terraform_modules", ["../vpc"]), "DNS label"),
]  # fmt: skip


@pytest.mark.parametrize(("macro", "arguments"), GOOD)
def test_a_good_answer_is_taken(macro: str, arguments: tuple[Any, ...]) -> None:
    assert complaint(macro, *arguments) == ""


@pytest.mark.parametrize(("macro", "arguments", "words"), BAD)
def test_a_bad_answer_is_refused_with_a_reason(macro: str, arguments: tuple[Any, ...], words: str) -> None:
    assert words in complaint(macro, *arguments)
