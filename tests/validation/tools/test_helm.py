from __future__ import annotations

from pathlib import Path

import pytest

from setout.model import Result, Status
from tests.trees import CHART, broken, only, spots, validate

CHART_YAML = "charts/web/Chart.yaml"
TEMPLATE = "charts/web/templates/deployment.yaml"
MANY = "charts/web/ci/many-values.yaml"


def run(tmp_path: Path, files: dict[str, str], verb: str = "template") -> Result:
    return only(validate(tmp_path, files), "helm", verb)


def test_a_field_that_chart_metadata_does_not_have_is_found(tmp_path: Path) -> None:
    found = run(tmp_path, {**CHART, CHART_YAML: CHART[CHART_YAML] + "colour: red\n"}, "lint")
    assert found.status is Status.FAILED
    assert ("helm/lint", CHART_YAML, 5) in spots(found)


def test_a_version_that_is_none_is_found(tmp_path: Path) -> None:
    found = run(tmp_path, broken(CHART, CHART_YAML, "0.1.0", "one"), "lint")
    assert found.status is Status.FAILED
    assert spots(found)[0][1] == CHART_YAML


def test_a_value_against_the_schema_is_found_in_the_file_that_sets_it(tmp_path: Path) -> None:
    found = run(tmp_path, broken(CHART, MANY, "replicas: 5", "replicas: many"))
    assert spots(found) == [("helm/template", MANY, 2)]
    assert found.findings[0].message.startswith("with ci/many-values.yaml: ")


def test_a_default_against_the_schema_is_found_in_the_defaults(tmp_path: Path) -> None:
    found = run(tmp_path, broken(CHART, "charts/web/values.yaml", "replicas: 2", "replicas: many"))
    assert ("helm/template", "charts/web/values.yaml", 1) in spots(found)


def test_an_error_under_one_values_file_only_is_found(tmp_path: Path) -> None:
    files = broken(
        CHART,
        TEMPLATE,
        "spec:\n  replicas",
        'spec:\n{{ if gt (int .Values.replicas) 4 }}{{ fail "too many" }}{{ end }}\n  replicas',
    )
    found = run(tmp_path, files)
    assert spots(found) == [("helm/template", TEMPLATE, 6)]
    assert "with ci/many-values.yaml" in found.findings[0].message
    assert "too many" in found.findings[0].message


def test_a_required_value_that_nobody_gives_is_found(tmp_path: Path) -> None:
    found = run(tmp_path, broken(CHART, TEMPLATE, ".Values.image |", 'required "say which image" .Values.picture |'))
    assert {spot[1:] for spot in spots(found)} == {(TEMPLATE, 17)}
    assert "say which image" in found.findings[0].message


def test_a_template_that_does_not_parse_is_found(tmp_path: Path) -> None:
    found = run(tmp_path, broken(CHART, TEMPLATE, "{{ .Values.replicas }}", "{{ if }}"))
    assert {spot[1:] for spot in spots(found)} == {(TEMPLATE, 6)}


def test_a_template_that_renders_no_yaml_is_found(tmp_path: Path) -> None:
    found = run(tmp_path, broken(CHART, TEMPLATE, "{{ .Values.replicas }}", "[1"))
    assert {spot[1] for spot in spots(found)} == {TEMPLATE}


def test_a_values_file_that_is_no_yaml_is_found(tmp_path: Path) -> None:
    found = run(tmp_path, broken(CHART, MANY, "replicas: 5", "replicas: [5"))
    assert [spot[1] for spot in spots(found)] == [MANY]


def test_a_dependency_that_would_be_fetched_is_not_passed(tmp_path: Path) -> None:
    wanted = "dependencies:\n  - name: cache\n    version: 1.0.0\n    repository: https://charts.example.org\n"
    for verb in ("lint", "template"):
        found = run(tmp_path / verb, {**CHART, CHART_YAML: CHART[CHART_YAML] + wanted}, verb)
        assert (found.status, found.checked) == (Status.MISSING, 0)
        assert "cache from https://charts.example.org" in found.reason


@pytest.mark.parametrize("repository", ["file://../cache", "https://charts.example.org"])
def test_a_dependency_that_the_tree_holds_is_used(tmp_path: Path, repository: str) -> None:
    wanted = f"dependencies:\n  - name: cache\n    version: 0.1.0\n    repository: {repository}\n"
    where = "charts/cache" if repository.startswith("file") else "charts/web/charts/cache"
    inner = {
        f"{where}/Chart.yaml": "apiVersion: v2\nname: cache\nversion: 0.1.0\n",
        f"{where}/values.yaml": "",
        f"{where}/templates/map.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: cache\n",
    }
    validation = validate(tmp_path, {**CHART, **inner, CHART_YAML: CHART[CHART_YAML] + wanted})
    assert only(validation, "helm", "template", "charts/web").status is Status.PASSED
    assert only(validation, "kubeconform", "validate", "charts/web @ 1.35").checked == 4


def test_a_library_chart_is_linted_and_not_rendered(tmp_path: Path) -> None:
    files = {"lib/Chart.yaml": "apiVersion: v2\nname: lib\nversion: 0.1.0\ntype: library\n", "lib/templates/_x.tpl": ""}
    validation = validate(tmp_path, files)
    assert only(validation, "helm", "lint").status is Status.PASSED
    assert only(validation, "helm", "template").status is Status.SKIPPED


def test_a_chart_that_renders_nothing_is_found(tmp_path: Path) -> None:
    files = {name: text for name, text in CHART.items() if name != TEMPLATE}
    found = run(tmp_path, {**files, TEMPLATE: "{{- if false }}\nkind: X\n{{- end }}\n"})
    assert found.status is Status.FAILED


def test_helm_knows_nothing_of_the_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plugin = tmp_path / "plugins" / "evil"
    plugin.mkdir(parents=True)
    (plugin / "plugin.yaml").write_text(f"name: template\nversion: 0.1.0\ncommand: touch {tmp_path}/pwned\n")
    monkeypatch.setenv("HELM_PLUGINS", str(tmp_path / "plugins"))
    assert run(tmp_path / "tree", CHART).status is Status.PASSED
    assert not (tmp_path / "pwned").exists()
