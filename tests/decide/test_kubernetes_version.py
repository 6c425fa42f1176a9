"""The minor version of a cluster, wherever the plan says it."""

from __future__ import annotations

import pytest

from setout.model import Choice
from tests.decide.written import context, decision, tree

FILES = tree("k8s/", "└── namespace.yaml")


def chosen(text: str) -> Choice:
    return next(choice for choice in decision(text + FILES).choices if choice.field == "kubernetes_version")


@pytest.mark.parametrize(
    ("version", "expected"),
    [("EKS 1.29", ["1.29"]), ("Kubernetes 1.28+", []), ("at least 1.27", []), ("EKS 1.35", []), ("EKS >= 1.30", [])],
)
def test_a_version_out_of_support_is_said_and_not_asked(version: str, expected: list[str]) -> None:
    found = decision(context(kubernetes=version) + FILES)
    assert [item.value for item in found.undelivered if item.field == "kubernetes_version"] == expected
    assert found.questions == ()


@pytest.mark.parametrize(
    ("said", "value", "origin"),
    [
        ("Amazon EKS 1.36 in two zones", "1.36", "inferred"),
        ("a Kubernetes cluster (v1.34.2)", "1.34", "inferred"),
        ("K3s >= 1.28", "1.35", "inferred"),
        ("K3s v1.37+", "1.37", "inferred"),
        ("K3s v1.33.4+k3s1", "1.33", "inferred"),
        ("EKS 1.29", "1.35", "default"),
        ("Minikube 1.34", "1.35", "default"),
        ("cert-manager 1.36", "1.35", "default"),
        ("not on EKS 1.36", "1.35", "default"),
    ],
)
def test_a_version_beside_the_name_of_a_distribution_is_heard(said: str, value: str, origin: str) -> None:
    choice = chosen(f"## Summary\n\nThe services run on {said}.\n\n")
    assert (choice.value, choice.origin.value) == (value, origin)
    assert bool(choice.lines) == (origin != "default")


def test_the_field_wins_over_a_sentence() -> None:
    text = context(kubernetes="EKS 1.34") + "## Summary\n\nLater clusters run Kubernetes 1.36.\n\n"
    choice = chosen(text)
    assert (choice.value, choice.origin.value) == ("1.34", "stated")
