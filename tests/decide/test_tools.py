"""Which other tools own infrastructure: by the words of the plan, or by the files its tree builds."""

from __future__ import annotations

import pytest

from tests.decide.written import context, decision, tree


def tools(text: str) -> list[str]:
    found: list[str] = decision(text)["other_tools"]
    return found


@pytest.mark.parametrize(
    ("path", "tool"),
    [
        ("infra/main.bicep", "bicep"),
        ("ansible/site.yml", "ansible"),
        ("infra/Pulumi.yaml", "pulumi"),
        ("iac/cdk.json", "cdk"),
        ("live/dev/terragrunt.hcl", "terragrunt"),
        ("images/base.pkr.hcl", "packer"),
        ("helmfile.d/10-apps.yaml", "helmfile"),
        ("clusters/home/flux-system/gotk-sync.yaml", "flux"),
    ],
)
def test_a_file_of_the_tool_is_enough(path: str, tool: str) -> None:
    assert tool in tools(tree(path))


def test_a_file_that_is_there_already_is_not() -> None:
    assert tools(tree("infra/main.bicep  # existing")) == []


def test_scripts_and_compose_count_only_where_infrastructure_is_built() -> None:
    files = ("scripts/install.sh", "compose.yaml")
    assert tools(tree(*files, "infra/main.tf")) == ["docker-compose", "scripts"]
    assert tools(context(project_type="web service") + tree(*files, "src/main.py")) == []


def test_words_about_scripts_and_compose_say_little() -> None:
    assert tools(context(language="HCL", testing="shell scripts in Docker Compose") + tree("infra/main.tf")) == []


def test_words_about_a_tool_that_only_builds_infrastructure_count() -> None:
    assert tools(context(language="YAML (Ansible 2.17)")) == ["ansible"]
    assert tools(context(language="HCL, not Ansible")) == []
