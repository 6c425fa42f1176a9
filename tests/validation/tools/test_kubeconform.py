from __future__ import annotations

from pathlib import Path

import pytest

from setout.model import Result, Severity, Status
from setout.validation.tools import kubeconform
from tests.trees import APPLICATION, CHART, DEPLOYMENT, KUSTOMIZE, broken, only, spots, validate


def conform(tmp_path: Path, files: dict[str, str], target: str | None = None, **options: object) -> Result:
    return only(validate(tmp_path, files, **options), "kubeconform", "validate", target)


def test_an_unknown_field_is_found_at_its_line_in_the_base(tmp_path: Path) -> None:
    found = conform(tmp_path, broken(KUSTOMIZE, "base/deployment.yaml", "image:", "imge:"))
    assert spots(found) == [("kubeconform/invalid", "base/deployment.yaml", 17)]
    assert "spec/template/spec/containers/0/imge: no such field" in found.findings[0].message


def test_what_a_patch_brings_in_is_found_in_the_patch(tmp_path: Path) -> None:
    found = conform(tmp_path, broken(KUSTOMIZE, "overlays/dev/replicas.yaml", "replicas: 1", "replica: 1"))
    assert spots(found) == [("kubeconform/invalid", "overlays/dev/replicas.yaml", 6)]


def test_what_an_inline_patch_brings_in_is_found_in_the_kustomization(tmp_path: Path) -> None:
    inline = """  - target:
      kind: Deployment
    patch: |
      - op: add
        path: /spec/paused
        value: x
"""
    files = {**KUSTOMIZE, "overlays/dev/kustomization.yaml": KUSTOMIZE["overlays/dev/kustomization.yaml"] + inline}
    (finding,) = conform(tmp_path, files).findings
    assert finding.path in ("overlays/dev/kustomization.yaml", "base/deployment.yaml")
    assert "spec/paused" in finding.message


def test_a_wrong_type_is_found(tmp_path: Path) -> None:
    found = conform(tmp_path, {"web.yaml": DEPLOYMENT.replace("replicas: 2", "replicas: two")})
    assert spots(found) == [("kubeconform/invalid", "web.yaml", 6)]


def test_a_fault_in_a_chart_is_found_in_its_template(tmp_path: Path) -> None:
    found = conform(tmp_path, broken(CHART, "charts/web/templates/deployment.yaml", "replicas:", "replica:"))
    assert spots(found) == [("kubeconform/invalid", "charts/web/templates/deployment.yaml", 6)]


def test_a_misspelt_field_of_a_custom_resource_is_found(tmp_path: Path) -> None:
    found = conform(tmp_path, {"app.yaml": APPLICATION.replace("targetRevision", "targetRevison")})
    assert spots(found) == [("kubeconform/invalid", "app.yaml", 10)]


@pytest.mark.parametrize(("minor", "status"), [("1.33", Status.FAILED), ("1.35", Status.FAILED)])
def test_an_api_that_the_minor_no_longer_has_is_found(tmp_path: Path, minor: str, status: Status) -> None:
    old = "apiVersion: policy/v1beta1\nkind: PodDisruptionBudget\nmetadata:\n  name: web\nspec:\n  minAvailable: 1\n"
    found = conform(tmp_path, {"pdb.yaml": old}, kubernetes_versions=(minor,))
    assert (found.status, found.checked) == (status, 0)
    assert found.findings[0].message == f"Kubernetes {minor} has no policy/v1beta1 PodDisruptionBudget"


def test_an_api_that_only_a_later_minor_has_is_found_for_the_earlier_one_only(tmp_path: Path) -> None:
    policy = """apiVersion: admissionregistration.k8s.io/v1
kind: MutatingAdmissionPolicyBinding
metadata:
  name: x
spec:
  policyName: x
"""
    validation = validate(tmp_path, {"x.yaml": policy}, kubernetes_versions=("1.33", "1.37"))
    assert only(validation, "kubeconform", "validate", "x.yaml @ 1.33").status is Status.FAILED
    assert only(validation, "kubeconform", "validate", "x.yaml @ 1.37").status is Status.PASSED


def test_a_custom_resource_in_a_version_that_its_group_does_not_have_is_found(tmp_path: Path) -> None:
    found = conform(tmp_path, {"app.yaml": APPLICATION.replace("argoproj.io/v1alpha1", "argoproj.io/v1")})
    assert spots(found) == [("kubeconform/unknown-kind", "app.yaml", 1)]
    assert "it is in v1alpha1" in found.findings[0].message


THING = "apiVersion: example.org/v1\nkind: Thing\nmetadata:\n  name: x\nspec:\n  size: 3\n"
DEFINITION = """apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: things.example.org
spec:
  group: example.org
  scope: Namespaced
  names:
    kind: Thing
    plural: things
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec:
              type: object
              properties:
                size:
                  type: integer
"""


def test_a_kind_without_schema_is_not_passed_and_named(tmp_path: Path) -> None:
    found = conform(tmp_path, {"thing.yaml": THING})
    assert (found.status, found.checked) == (Status.MISSING, 0)
    assert found.reason == "no schema for example.org/v1 Thing"
    assert [(f.rule, f.severity) for f in found.findings] == [("kubeconform/missing-schema", Severity.WARNING)]


def test_a_kind_that_the_tree_defines_is_held_to_that(tmp_path: Path) -> None:
    good = conform(tmp_path / "good", {"crd.yaml": DEFINITION, "thing.yaml": THING}, "thing.yaml @ 1.35")
    assert good.status is Status.PASSED
    bad = {"crd.yaml": DEFINITION, "thing.yaml": THING.replace("size: 3", "sise: 3")}
    assert spots(conform(tmp_path / "bad", bad, "thing.yaml @ 1.35")) == [("kubeconform/invalid", "thing.yaml", 6)]


def test_a_definition_cannot_write_outside_of_the_scratch_area(tmp_path: Path) -> None:
    evil = DEFINITION.replace("group: example.org", "group: ../../../../../../tmp/evil")
    conform(tmp_path, {"crd.yaml": evil}, "crd.yaml @ 1.35")
    assert not Path("/tmp/evil").exists()  # noqa: S108


def test_a_manifest_that_cannot_be_read_is_not_passed(tmp_path: Path) -> None:
    found = conform(tmp_path, {"x.yaml": "apiVersion: v1\nkind: ConfigMap\ndata: [\n"})
    assert (found.status, found.checked) == (Status.MISSING, 0)


def test_faults_are_told_apart() -> None:
    message = (
        "problem validating schema. Check JSON formatting: jsonschema validation failed with 'file:///x.json#' "
        "- at '/spec': validation failed   - at '/spec/replicas': got string, want integer   "
        "- at '/spec': additional properties 'a', 'b' not allowed"
    )
    assert kubeconform.faults(message) == (
        kubeconform.Fault(("spec", "replicas"), "got string, want integer"),
        kubeconform.Fault(("spec", "a"), "no such field"),
        kubeconform.Fault(("spec", "b"), "no such field"),
    )


def test_what_cannot_be_told_apart_is_kept_whole() -> None:
    assert kubeconform.faults("something new") == (kubeconform.Fault((), "something new"),)
