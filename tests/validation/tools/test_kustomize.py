from __future__ import annotations

from pathlib import Path

import pytest

from setout.model import Result, Status
from tests.trees import DEPLOYMENT, KUSTOMIZE, broken, only, spots, validate

DEV = "overlays/dev/kustomization.yaml"


def build(tmp_path: Path, files: dict[str, str], target: str = "overlays/dev") -> Result:
    return only(validate(tmp_path, files), "kustomize", "build", target)


def test_an_overlay_that_names_a_missing_file_is_found_at_that_entry(tmp_path: Path) -> None:
    found = build(tmp_path, broken(KUSTOMIZE, DEV, "replicas.yaml", "replica.yaml"))
    assert found.status is Status.FAILED
    assert spots(found) == [("kustomize/build", DEV, 5)]


def test_a_patch_with_no_target_is_found(tmp_path: Path) -> None:
    files = broken(KUSTOMIZE, DEV, "    target:\n      kind: Deployment\n      name: web\n", "")
    found = build(tmp_path, broken(files, "overlays/dev/replicas.yaml", "name: web", "name: wobble"))
    assert found.status is Status.FAILED
    assert "no matches for Id" in found.findings[0].message


def test_a_selector_that_selects_nothing_is_found(tmp_path: Path) -> None:
    found = build(tmp_path, broken(KUSTOMIZE, DEV, "      name: web", "      name: wobble"))
    assert found.status is Status.FAILED
    assert spots(found) == [("kustomize/idle-patch", DEV, 6)]


def test_a_kustomization_that_builds_to_nothing_is_found(tmp_path: Path) -> None:
    found = build(tmp_path, {"empty/kustomization.yaml": "namePrefix: x-\n"}, "empty")
    assert found.status is Status.FAILED


@pytest.mark.parametrize(
    "entry",
    [
        "https://example.org/base.yaml",
        "github.com/acme/platform//base?ref=v1",
        "git@example.org:acme/platform.git",
        "ssh://git@example.org/acme/platform",
        "oci://example.org/acme/platform",
    ],
)
def test_a_remote_base_is_not_fetched_and_not_passed(tmp_path: Path, entry: str) -> None:
    found = build(tmp_path, broken(KUSTOMIZE, DEV, "../../base", entry))
    assert (found.status, found.checked) == (Status.MISSING, 0)
    assert entry in found.reason


def test_a_remote_base_below_is_refused_from_above(tmp_path: Path) -> None:
    files = broken(KUSTOMIZE, "base/kustomization.yaml", "deployment.yaml", "https://example.org/deployment.yaml")
    assert build(tmp_path, files).reason.startswith("base/kustomization.yaml builds on https://example.org/")


def test_a_chart_is_not_inflated(tmp_path: Path) -> None:
    text = "helmCharts:\n  - name: web\n    repo: https://charts.example.org\n"
    assert build(tmp_path, {"x/kustomization.yaml": text}, "x").status is Status.MISSING


def test_an_exec_plugin_is_not_run(tmp_path: Path) -> None:
    plugin = """apiVersion: acme/v1
kind: Evil
metadata:
  name: evil
  annotations:
    config.kubernetes.io/function: |
      exec:
        path: ./evil.sh
"""
    files = {**KUSTOMIZE, "base/plugin.yaml": plugin, "base/evil.sh": f"#!/bin/sh\ntouch {tmp_path}/pwned\n"}
    files["base/kustomization.yaml"] += "generators:\n  - plugin.yaml\n"
    assert build(tmp_path / "tree", files, "base").status is Status.FAILED
    assert not (tmp_path / "pwned").exists()


def test_a_base_outside_of_the_tree_cannot_be_reached(tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "kustomization.yaml").write_text("resources: [x.yaml]\n")
    (tmp_path / "outside" / "x.yaml").write_text(DEPLOYMENT)
    found = build(tmp_path / "tree", broken(KUSTOMIZE, DEV, "../../base", "../../../outside"))
    assert found.status is Status.FAILED


def test_build_metadata_of_the_trees_own_is_kept(tmp_path: Path) -> None:
    files = {**KUSTOMIZE, DEV: KUSTOMIZE[DEV] + "buildMetadata:\n  - managedByLabel\n"}
    files = broken(files, "base/deployment.yaml", "replicas: 2", "replica: 2")
    validation = validate(tmp_path, files)
    assert spots(only(validation, "kubeconform", "validate")) == [("kubeconform/invalid", "base/deployment.yaml", 6)]
