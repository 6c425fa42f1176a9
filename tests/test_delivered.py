"""What is delivered passes every check with the real programs; one broken file of each kind turns the report red."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from setout import pipeline
from setout.model import Status, Validation

CASES = ("helm-chart", "kubernetes-only", "multi-tenant", "multi-tool", "single-terraform")
LOOKED_AT = {
    "helm-chart": {"helm", "kubeconform"},
    "kubernetes-only": {"kubeconform", "kustomize"},
    "multi-tenant": {"kubeconform", "kustomize", "terraform"},
    "multi-tool": {"kubeconform", "kustomize", "terraform"},
    "single-terraform": {"terraform"},
}


def validate(root: Path) -> Validation:
    return pipeline.validate(root, progress=lambda _: None)


def complaints(validation: Validation) -> str:
    findings = (f"{f.path}:{f.line}: {f.message} [{f.rule}]" for f in validation.findings)
    unseen = (f"{r.tool} {r.target}: {r.reason}" for r in validation.results if r.status is Status.MISSING)
    return "\n".join((*findings, *unseen))


@pytest.mark.parametrize("case", CASES)
def test_every_check_passes_and_looked_at_something(case: str, delivered: Callable[[str], Path]) -> None:
    validation = validate(delivered(case))
    assert validation.exit_code == 0, complaints(validation)
    passed = {result.tool for result in validation.results if result.status is Status.PASSED}
    assert passed >= LOOKED_AT[case]
    assert all(result.checked > 0 for result in validation.results if result.status is Status.PASSED)


@dataclass(frozen=True)
class Mutant:
    """One slip: in a file (a glob) of a plan case, what stands there and what becomes of it, and who must notice."""

    case: str
    file: str
    old: str
    new: str
    tool: str


_WIKI = "kubernetes/apps/wiki/base"
_KMS = "terraform/modules/kms"
MUTANTS = {
    "undeclared-variable": Mutant(
        "single-terraform", "terraform/environments/dev/main.tf", "var.region", "var.regoin", "terraform"
    ),
    "wrong-attribute": Mutant(
        "single-terraform", f"{_KMS}/main.tf", "enable_key_rotation", "enable_key_rotatoin", "terraform"
    ),
    "unformatted": Mutant("single-terraform", f"{_KMS}/variables.tf", "  description", "     description", "terraform"),
    "bad-chart-value": Mutant(
        "helm-chart", "charts/*/values.yaml", "containerPort: 8080", "containerPort: eighty", "helm"
    ),
    "wrong-api-version": Mutant(
        "kubernetes-only", f"{_WIKI}/deployment.yaml", "apiVersion: apps/v1", "apiVersion: apps/v1beta1", "kubeconform"
    ),
    "unknown-field": Mutant(
        "kubernetes-only", f"{_WIKI}/deployment.yaml", "  template:", "  templates: {}\n  template:", "kubeconform"
    ),
    "misspelt-argo-field": Mutant(
        "multi-tool",
        "argocd/applications/dev/platform/cert-manager.yaml",
        "targetRevision",
        "targetRevison",
        "kubeconform",
    ),
    "missing-file": Mutant(
        "kubernetes-only", f"{_WIKI}/kustomization.yaml", "deployment.yaml", "deploiment.yaml", "kustomize"
    ),
}


@pytest.mark.parametrize("name", sorted(MUTANTS))
def test_one_slip_turns_the_report_red(name: str, copy_of: Callable[[str], Path]) -> None:
    mutant = MUTANTS[name]
    root = copy_of(mutant.case)
    file = next(iter(sorted(root.glob(mutant.file))))
    text = file.read_text("utf-8")
    assert mutant.old in text
    file.write_text(text.replace(mutant.old, mutant.new, 1), "utf-8")
    validation = validate(root)
    assert validation.exit_code == 1
    caught = [f for r in validation.results if r.tool == mutant.tool for f in r.findings]
    assert caught, complaints(validation)
    assert all(finding.remedy for finding in caught)


def test_validation_leaves_the_tree_as_it_was(copy_of: Callable[[str], Path]) -> None:
    root = copy_of("multi-tool")
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    validate(root)
    assert {path: path.read_bytes() for path in root.rglob("*") if path.is_file()} == before
