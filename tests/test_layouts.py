"""Repositories as others lay them out: looked at like ours, and a slip is found in the file and line it was made."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from setout.model import Status, Validation
from setout.validation import checks
from tests.conftest import ROOT

LAYOUTS = ROOT / "tests" / "layouts"
LOOKED_AT = {
    "modules-and-live": {"terraform fmt", "terraform validate", "setout hcl"},
    "chart-monorepo": {"helm lint", "helm template", "kubeconform validate"},
    "app-of-apps": {"helm template", "kustomize build", "kubeconform validate", "setout argocd"},
}


@dataclass(frozen=True)
class Slip:
    """What stands in a file of a layout, what becomes of it, and the rule and place that have to be named."""

    layout: str
    file: str
    old: str
    new: str
    rule: str
    line: int
    where: str = ""  # another file than the one changed


LIVE, WEB, SHOP = "live/production", "charts/api", "workloads/shop"
SLIPS = {
    "argument of a module": Slip(
        "modules-and-live", f"{LIVE}/network/main.tf", "cidr_block =", "cidr_blok  =", "terraform/validate", 5
    ),
    "argument of a resource": Slip(
        "modules-and-live", "modules/queue/main.tf", "name                    =", "nam =", "terraform/validate", 8
    ),
    "in a file that is linked": Slip(
        "modules-and-live", "live/common/providers.tf", "default_tags {", "default_tag {", "terraform/validate", 15
    ),
    "two states in one place": Slip(
        "modules-and-live", "live/staging/network/backend.tf", '"network/', '"messaging/', "hcl/shared-state", 1
    ),
    "a template under one values file": Slip(
        "chart-monorepo", f"{WEB}/templates/ingress.yaml", ".path | default", ".path.prefix | default",
        "helm/template", 12,
    ),
    "a value against the schema": Slip(
        "chart-monorepo", f"{WEB}/ci/large-values.yaml", "replicas: 6", "replicas: six", "helm/template", 1
    ),
    "a field that is rendered once": Slip(
        "chart-monorepo", "charts/worker/templates/budget.yaml", "minAvailable: {{", "minAvailble: {{",
        "kubeconform/invalid", 7,
    ),
    "a patch of one overlay": Slip(
        "app-of-apps", f"{SHOP}/overlays/production/size.yaml", "replicas: 4", "replicas: four",
        "kubeconform/invalid", 6,
    ),
    "a field of the base": Slip(
        "app-of-apps", f"{SHOP}/base/deployment.yaml", "envFrom:", "envFromm:", "kubeconform/invalid", 17
    ),
    "a patch that is not there": Slip(
        "app-of-apps", f"{SHOP}/overlays/staging/kustomization.yaml", "size.yaml", "sizes.yaml", "kustomize/build", 7
    ),
    "a path of an Application": Slip(
        "app-of-apps", "applications/production/shop.yaml", "overlays/production", "overlays/prod",
        "argocd/missing-path", 11,
    ),
    "a values file of an Application": Slip(
        "app-of-apps", "applications/staging/edge.yaml", "values-staging", "values-stage",
        "argocd/missing-values-file", 14,
    ),
    "a value that one Application unsets": Slip(
        "app-of-apps", "workloads/edge/values-staging.yaml", "host: staging.shop.example.org", 'host: ""',
        "helm/template", 7, "workloads/edge/templates/route.yaml",
    ),
}  # fmt: skip


def look(root: Path) -> Validation:
    return checks.check(root, providers="schema")


def complaints(validation: Validation) -> list[str]:
    return [f"{f.path}:{f.line}: {f.message} [{f.rule}]" for f in validation.findings]


@pytest.mark.parametrize("layout", LOOKED_AT)
def test_a_good_one_passes_and_the_report_says_what_was_looked_at(layout: str) -> None:
    validation = look(LAYOUTS / layout)
    assert (validation.exit_code, complaints(validation)) == (0, [])
    assert {item.title for item in validation.results if item.status is Status.PASSED} >= LOOKED_AT[layout]
    assert all(result.checked for result in validation.results if result.status is Status.PASSED)


@pytest.mark.parametrize("name", SLIPS)
def test_a_slip_is_found_where_it_was_made(name: str, tmp_path: Path) -> None:
    slip = SLIPS[name]
    root = Path(shutil.copytree(LAYOUTS / slip.layout, tmp_path / "tree", symlinks=True))
    text = (root / slip.file).read_text("utf-8")
    assert slip.old in text
    (root / slip.file).write_text(text.replace(slip.old, slip.new, 1), "utf-8")
    validation = look(root)
    assert validation.exit_code == 1
    spots = {(finding.rule, finding.path, finding.line) for finding in validation.findings}
    assert (slip.rule, slip.where or slip.file, slip.line) in spots, complaints(validation)
