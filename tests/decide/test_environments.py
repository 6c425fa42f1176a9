"""Which environments a plan names, from the most telling place that names any."""

from __future__ import annotations

import pytest

from setout.decide.environments import tier
from tests.decide.written import context, decision, tree

CLUSTER = context(target_platform="Kubernetes")


def environments(text: str) -> list[str]:
    return list(decision(CLUSTER + text)["environments"])


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["terraform/", "└── environments/", "    ├── dev/", "    └── live-eu/"], ["dev", "live-eu"]),
        (["terraform/", "└── environments/", "    ├── _shared/", "    ├── common/", "    └── prod/"], ["prod"]),
        (["terraform/", "└── environments/", "    ├── dev.tfvars", "    └── prod.tfvars"], ["dev", "prod"]),
        (["terraform/", "└── environments/", "    ├── dev/", "    └── prod/   # future"], ["dev"]),
        (["k8s/", "└── overlays/", "    ├── staging/", "    └── base/"], ["staging"]),
        (["infra/", "├── dev/", "│   └── main.tf", "└── prod/", "    └── main.tf"], ["dev", "prod"]),
        ([".taskfiles/", "└── dev/", "    └── Taskfile.yaml"], []),
        (["chart/", "├── Chart.yaml", "├── values.yaml", "├── values-dev.yaml", "└── values-gpu.yaml"], ["dev"]),
        (["chart/", "├── Chart.yaml", "├── values-dev.yaml", "└── values-prod.yaml   # for later"], ["dev", "prod"]),
        (["live/", "└── aws/", "    ├── dev/", "    │   └── main.tf", "    └── prod/"], ["dev", "prod"]),
        (["live/", "└── local/", "    └── main.tf"], ["local"]),
        (["app/", "└── tests/", "    └── environments/", "        └── fake/"], []),
    ],
)
def test_trees_name_them_by_directory_and_by_file(lines: list[str], expected: list[str]) -> None:
    assert environments(tree(*lines)) == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("There are three environments: dev, staging and prod.", ["dev", "staging", "prod"]),
        ("Environments: dev / prod", ["dev", "prod"]),
        ("環境は dev、prod", ["dev", "prod"]),
        ("Promote it from dev, then tell the prod team.", []),
        ("Environments are dev and prod; no staging.", ["dev", "prod"]),
        ("Set the environment variables.", []),
    ],
)
def test_sentences_name_them_in_a_row_when_they_speak_of_environments(sentence: str, expected: list[str]) -> None:
    assert environments(f"## Approach\n\n{sentence}\n") == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Um ambiente de demo na nuvem.", ["demo"]),
        ("Un entorno de staging.", ["staging"]),
        ("A demo of the shop.", []),
    ],
)
def test_the_summary_may_name_one_in_another_language(sentence: str, expected: list[str]) -> None:
    assert environments(f"## Summary\n\n{sentence}\n") == expected


@pytest.mark.parametrize(
    ("files", "sure"), [(("values-prod.yaml",), False), (("values-local.yaml",), True), ((), True)]
)
def test_files_for_others_than_the_field_names_leave_doubt(files: tuple[str, ...], sure: bool) -> None:
    text = context(environment_strategy="local") + tree("chart/", "├── Chart.yaml", *(f"├── {name}" for name in files))
    assert decision(text).choice("environments").sure is sure


def test_a_table_sizes_each_of_them_in_a_column() -> None:
    assert environments("## Sizes\n\n| What | dev | prod |\n|---|---|---|\n| nodes | 1 | 3 |\n") == ["dev", "prod"]
    assert environments("## Sizes\n\n| What | prod | Notes |\n|---|---|---|\n| nodes | 3 | |\n") == []


def test_the_summary_may_be_about_one() -> None:
    assert environments("## Summary\n\nA database for the staging environment.\n") == ["staging"]
    assert environments("## Summary\n\nA tool for the development environment.\n") == []


def test_a_field_keeps_its_order_and_leaves_out_what_is_not_wanted() -> None:
    assert environments(context(target_environment="prod, dev")) == ["prod", "dev"]
    assert environments(context(target_environment="dev; no prod yet")) == ["dev"]


def test_what_a_sentence_says_is_less_sure_than_what_a_tree_shows() -> None:
    assert not decision("## Approach\n\nTwo environments, dev and prod.\n").choice("environments").sure
    assert decision(tree("envs/", "├── dev/", "└── prod/")).choice("environments").sure


@pytest.mark.parametrize(("name", "expected"), [("stg", "staging"), ("qa", "development"), ("blue", "production")])
def test_an_unknown_name_is_treated_like_production(name: str, expected: str) -> None:
    assert tier(name) == expected


def test_a_row_with_slashes_names_environments_and_a_path_does_not() -> None:
    assert environments(context(constraints="multi-environment (dev/staging/prod)")) == ["dev", "staging", "prod"]
    assert environments(context(constraints="environments are written in config/prod and in docs/dev")) == []
