from __future__ import annotations

from pathlib import Path

import pytest

from setout.validation.gates import argocd
from tests.trees import APPLICATION, ARGOCD, PROJECT, broken, only, spots, validate

APP = "argocd/web.yaml"
CHART_SOURCE = """  sources:
    - repoURL: https://charts.example.org/stable
      chart: web
      targetRevision: 1.2.3
      helm:
        valueFiles:
          - $values/base/deployment.yaml
    - repoURL: https://git.example.org/acme/platform.git
      targetRevision: main
      ref: values
      path: overlays/dev
"""
OLD_SOURCE = """  source:
    repoURL: https://git.example.org/acme/platform.git
    targetRevision: main
    path: overlays/dev
"""
CHART = broken(
    broken(ARGOCD, APP, OLD_SOURCE, CHART_SOURCE),
    "argocd/apps.yaml",
    "    - https://git.example.org/acme/*\n",
    "    - https://git.example.org/acme/*\n    - https://charts.example.org/stable\n",
)
MUTANTS = {
    "argocd/default-project": (broken(ARGOCD, APP, "project: apps", "project: default"), (APP, 7)),
    "argocd/unknown-project": (broken(ARGOCD, APP, "project: apps", "project: app"), (APP, 7)),
    "argocd/open-project": (
        broken(ARGOCD, "argocd/apps.yaml", "namespace: web", 'namespace: "*"'),
        ("argocd/apps.yaml", 10),
    ),
    "argocd/source-not-permitted": (broken(ARGOCD, "argocd/apps.yaml", "acme/*", "other/*"), (APP, 9)),
    "argocd/destination-not-permitted": (broken(ARGOCD, APP, "namespace: web", "namespace: kube-system"), (APP, 12)),
    "argocd/unpinned-revision": (broken(CHART, APP, "1.2.3", '"1.*"'), (APP, 11)),
    "argocd/missing-path": (
        {
            **broken(ARGOCD, APP, "overlays/dev", "overlays/prod"),
            "argocd/other.yaml": APPLICATION.replace("name: web\n", "name: b\n", 1),
        },
        (APP, 11),
    ),
    "argocd/missing-values-file": (broken(CHART, APP, "$values/base/deployment", "$values/base/values"), (APP, 14)),
}


def found(tmp_path: Path, files: dict[str, str]) -> list[tuple[str, str, int]]:
    return spots(only(validate(tmp_path, files), "setout", "argocd"))


@pytest.mark.parametrize("files", [ARGOCD, CHART], ids=["path", "chart"])
def test_good_applications_pass(tmp_path: Path, files: dict[str, str]) -> None:
    assert found(tmp_path, files) == []


@pytest.mark.parametrize("gate", argocd.GATES, ids=lambda gate: gate.rule)
def test_each_gate_sees_its_mutant(tmp_path: Path, gate: object) -> None:
    rule = gate.rule  # type: ignore[attr-defined]
    files, place = MUTANTS[rule]
    assert (rule, *place) in found(tmp_path, files)


SET = """apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata:
  name: apps
  namespace: argocd
spec:
  goTemplate: true
  generators:
    - list:
        elements:
          - env: dev
  template:
    metadata:
      name: "web-{{ .env }}"
    spec:
      project: "{{ .team }}s"
      source:
        repoURL: https://git.example.org/acme/platform.git
        targetRevision: main
        path: "overlays/{{ .env }}"
      destination:
        server: https://kubernetes.default.svc
        namespace: "w{{ .rest }}"
"""


def test_the_template_of_a_set_is_held_to_the_same(tmp_path: Path) -> None:
    files = {**ARGOCD, "argocd/set.yaml": SET}
    assert found(tmp_path / "good", files) == []
    bad = broken(files, "argocd/set.yaml", "overlays/{{", "overlay/{{")
    assert found(tmp_path / "path", bad) == [("argocd/missing-path", "argocd/set.yaml", 20)]
    bad = broken(files, "argocd/set.yaml", '"{{ .team }}s"', '"{{ .team }}z"')
    assert found(tmp_path / "project", bad) == [("argocd/unknown-project", "argocd/set.yaml", 16)]


def test_samples_for_tests_are_not_delivered(tmp_path: Path) -> None:
    files = {**ARGOCD, "argocd/tests/rejected/web.yaml": APPLICATION.replace("project: apps", "project: default")}
    assert found(tmp_path, files) == []


def test_a_project_alone_is_looked_at(tmp_path: Path) -> None:
    assert found(tmp_path, {"p.yaml": PROJECT}) == []
