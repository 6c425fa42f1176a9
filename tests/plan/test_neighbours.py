"""Which documents beside a plan are read, and what of them counts."""

from __future__ import annotations

from pathlib import Path

import pytest

from setout.plan import neighbours
from setout.plan.reader import read
from tests import small

PLAN = "specs/001-shop/plan.md"
CONSTITUTION = ".specify/memory/constitution.md"


def project(root: Path, **files: str) -> Path:
    """A project with a plan, and the files named by their last word: `research="…"`, `constitution="…"`."""
    places = {"research": "specs/001-shop/research.md", "spec": "specs/001-shop/spec.md", "constitution": CONSTITUTION}
    small.write(root, {PLAN: "# Implementation Plan: Shop\n", ".specify/feature.json": "{}"})
    small.write(root, {places[name]: text for name, text in files.items()})
    return root / PLAN


def said(plan: Path) -> list[tuple[str, int, str]]:
    return [(n.path, s.place.line, s.text) for n in neighbours.beside(plan) for s in n.statements]


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("research", "# Research\n\n**Decision**: EKS\n\n**Alternatives**: GKE\n\nGKE is cheap.\n", ["EKS"]),
        ("research", "# Research\n\n## Cluster\n\n### Decision\n\nWe take EKS.\n", ["We take EKS."]),
        ("spec", "# Shop\n\n- FR-1: it MUST run on EKS\n- GKE is near\n", ["FR-1: it MUST run on EKS"]),
        ("spec", "# Shop\n\n- FR-1: it MUST NOT run on EKS\n", []),
        ("spec", "# Shop\n\n- FR-1: it MUST run on [NEEDS CLARIFICATION: which]\n", []),
        ("spec", "# Shop\n\n## Assumptions\n\n- EKS is near\n", ["EKS is near"]),
        ("spec", "# Shop\n\n## Clarifications\n\n- Q: EKS or GKE? → A: GKE\n", ["GKE"]),
        ("constitution", "# Rules\n\nSecrets MUST be in Vault.\n\nWe like Vault.\n", ["Secrets MUST be in Vault."]),
        ("constitution", "# [PROJECT_NAME] Constitution\n\nSecrets MUST be in Vault.\n", []),
    ],
)
def test_only_what_is_decided_or_demanded_counts(name: str, text: str, expected: list[str], tmp_path: Path) -> None:
    assert [text for _, _, text in said(project(tmp_path, **{name: text}))] == expected


def test_a_line_is_known_by_its_path_below_the_root(tmp_path: Path) -> None:
    plan = project(tmp_path, research="\n\n**Decision**: EKS\n", constitution="It MUST last.\n")
    assert [(path, line) for path, line, _ in said(plan)] == [("specs/001-shop/research.md", 3), (CONSTITUTION, 1)]
    assert [plan.path for plan in read(plan).neighbours] == ["specs/001-shop/research.md", CONSTITUTION]


def test_a_plan_by_another_name_and_one_in_a_delivered_repository_have_none(tmp_path: Path) -> None:
    plan = project(tmp_path, research="**Decision**: EKS\n")
    other = plan.rename(plan.with_name("001.md"))
    assert neighbours.beside(other) == ()
    other.rename(plan)
    assert neighbours.beside(plan)
    small.write(tmp_path, {".copier-answers.yml": ""})
    assert neighbours.beside(plan) == ()


def test_nothing_outside_the_project_is_read(tmp_path: Path) -> None:
    plan = project(tmp_path / "shop")
    small.write(tmp_path, {"secret.md": "It MUST be EKS.\n", CONSTITUTION: "It MUST be GKE.\n"})
    (plan.parent / "spec.md").symlink_to(tmp_path / "secret.md")
    (plan.parent / "research.md").symlink_to(plan.parent / "research.md")
    assert said(plan) == []


def test_without_a_project_only_the_own_directory_counts(tmp_path: Path) -> None:
    small.write(tmp_path, {"a/plan.md": "# X\n", "a/spec.md": "It MUST be EKS.\n", "spec.md": "It MUST be GKE.\n"})
    assert [path for path, _, _ in said(tmp_path / "a" / "plan.md")] == ["spec.md"]


@pytest.mark.parametrize("data", [b"", b"\x00\x01", b"It MUST be EKS.\n" + b"x" * (1 << 20)])
def test_what_is_no_text_or_too_long_is_as_good_as_not_there(data: bytes, tmp_path: Path) -> None:
    plan = project(tmp_path)
    (plan.parent / "spec.md").write_bytes(data)
    assert neighbours.beside(plan) == ()


def test_a_directory_by_that_name_is_no_document(tmp_path: Path) -> None:
    plan = project(tmp_path)
    (plan.parent / "spec.md").mkdir()
    assert neighbours.beside(plan) == ()
