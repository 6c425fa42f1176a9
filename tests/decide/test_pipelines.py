"""Which CI validates the repository."""

from __future__ import annotations

import pytest

from setout.model import Choice
from tests.decide.written import decision, tree

FILES = tree("infra/main.tf")


def chosen(text: str) -> Choice:
    return decision(text).choice("ci")


@pytest.mark.parametrize(
    ("said", "value", "origin"),
    [
        ("Checks run in GitLab CI/CD.", "gitlab", "inferred"),
        ("A `.gitlab-ci.yml` plans every merge request.", "gitlab", "inferred"),
        ("GitHub Actions plan every pull request.", "github", "inferred"),
        ("No GitLab CI here.", "github", "default"),
        ("We migrate from GitLab CI to GitHub Actions.", "github", "inferred"),
        ("The application is called GitLab.", "github", "default"),
    ],
)
def test_what_the_plan_calls_its_pipelines_is_heard(said: str, value: str, origin: str) -> None:
    choice = chosen(f"## Summary\n\n{said}\n\n{FILES}")
    assert (choice.value, choice.origin.value, choice.sure) == (value, origin, True)


def test_the_files_of_the_tree_win_over_words() -> None:
    text = "## Summary\n\nLike our GitHub Actions of old.\n\n" + tree(".gitlab-ci.yml", "infra/main.tf")
    assert (chosen(text).value, chosen(text).origin.value) == ("gitlab", "stated")


def test_both_are_a_doubt() -> None:
    choice = chosen(f"## Summary\n\nGitLab CI builds the images, GitHub Actions the site.\n\n{FILES}")
    assert choice.value == "gitlab"
    assert not choice.sure
