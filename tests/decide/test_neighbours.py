"""What the documents beside a plan may fill, and what they may not."""

from __future__ import annotations

from pathlib import Path

import pytest

from setout import pipeline
from setout.model import Decision, Origin
from tests import small
from tests.decide.written import context, tree

ROOT = tree("infra/main.tf")
MANIFESTS = tree("k8s/", "└── namespace.yaml")


def decided(root: Path, plan: str, **beside: str) -> Decision:
    files = {f"specs/001-shop/{name}.md": text for name, text in beside.items()}
    small.write(root, {"specs/001-shop/plan.md": f"# Implementation Plan: Shop\n\n{plan}", **files})
    return pipeline.read(root / "specs" / "001-shop" / "plan.md").decision


@pytest.mark.parametrize(
    ("field", "plan", "research", "expected"),
    [
        ("clouds", ROOT, "**Decision**: AWS", ["aws"]),
        ("state_backend", ROOT, "**Decision**: Terraform state in S3", "s3"),
        ("secrets", ROOT, "**Decision**: passwords are in Vault", ["vault"]),
        ("environments", ROOT, "**Decision**: the environments dev, prod", ["dev", "prod"]),
        ("kubernetes", MANIFESTS, "**Decision**: k3s", "k3s"),
        ("gitops", MANIFESTS, "**Decision**: Argo CD", "argocd"),
    ],
)
def test_where_the_plan_is_silent_a_neighbour_is_heard_which_is_unsure(
    field: str, plan: str, research: str, expected: object, tmp_path: Path
) -> None:
    choice = decided(tmp_path, plan, research=research).choice(field)
    assert (choice.value, choice.origin, choice.sure, choice.lines) == (expected, Origin.INFERRED, False, ())
    assert [(cited.path, cited.line) for cited in choice.beside] == [("research.md", 1)]
    assert "research.md:1" in choice.because[0]


def test_a_neighbour_never_speaks_against_the_plan(tmp_path: Path) -> None:
    stated = decided(tmp_path, context(cloud_provider="Google Cloud") + ROOT, research="**Decision**: AWS")
    assert (stated["clouds"], stated.choice("clouds").beside) == (["gcp"], ())
    denied = decided(tmp_path, "There is no Vault here.\n\n" + ROOT, research="**Decision**: Vault keeps passwords")
    assert denied["secrets"] == []


def test_research_comes_before_the_specification(tmp_path: Path) -> None:
    made = decided(tmp_path, ROOT, spec="- it MUST run on Azure", research="**Decision**: AWS")
    assert made["clouds"] == ["aws"]
    assert decided(tmp_path / "other", ROOT, spec="- it MUST run on Azure")["clouds"] == ["azure"]


def test_neighbours_add_nothing_to_build(tmp_path: Path) -> None:
    text = "**Decision**: Terraform on EKS, laid out so\n\n```text\ninfra/main.tf\n```\n"
    made = decided(tmp_path, context(language="Go", project_type="service") + tree("cmd/main.go"), research=text)
    assert (made["blueprints"], made["clouds"], made["kubernetes"]) == ([], [], None)


def test_terraform_alone_asks_for_no_cluster(tmp_path: Path) -> None:
    assert decided(tmp_path, ROOT, research="**Decision**: k3s")["kubernetes"] is None
