"""Questions that the decision adds to those of the plan, and what is only said."""

from __future__ import annotations

import pytest

from tests.decide.written import context, decision, tree

FILES = tree("k8s/", "└── namespace.yaml")


def test_an_open_field_is_asked_with_its_legal_answers() -> None:
    found = decision(context(kubernetes="EKS", secrets_management="NEEDS CLARIFICATION") + FILES)
    assert [(question.field, bool(question.answers), question.stops) for question in found.questions] == [
        ("secrets", True, False)
    ]


def test_two_clusters_in_one_field_on_two_lines_are_a_contradiction() -> None:
    text = "## Technical Context\n\n**Kubernetes**: EKS\n**Kubernetes**: GKE\n\n" + FILES
    assert [question.field for question in decision(text).questions] == ["kubernetes"]


DRAWN = tree("environments/", "├── dev/", "│   └── main.tf", "└── prod/", "    └── main.tf")


@pytest.mark.parametrize(
    ("named", "expected"),
    [("dev, staging and prod", ["environments"]), ("development, production", []), ("staging", []), ("prod", [])],
)
def test_an_environment_that_the_tree_leaves_out_is_asked_about_and_makes_the_choice_unsure(
    named: str, expected: list[str]
) -> None:
    found = decision(context(environment_strategy=named) + DRAWN)
    assert [question.field for question in found.questions] == expected
    assert found.choice("environments").sure is not bool(expected)
    assert not any(question.stops for question in found.questions)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("./charts/shop", []),
        ("./shop", []),
        ("./deploy/charts/shop", []),
        ("./helm/shop", ["charts"]),
        ("shop/shop", []),
        ("./values.yaml", []),
    ],
)
def test_a_command_on_a_chart_that_lies_elsewhere_is_asked_about(path: str, expected: list[str]) -> None:
    drawn = tree("charts/", "└── shop/", "    ├── Chart.yaml", "    └── templates/", "        └── deployment.yaml")
    found = decision(f"{drawn}\n## Steps\n\n```bash\nhelm upgrade --install shop {path}\n```\n")
    assert [question.field for question in found.questions] == expected
