from __future__ import annotations

from pathlib import Path

import pytest

from setout.validation.gates import sources
from tests.trees import CHART, only, spots, validate

MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\ndata:\n  a: b\n"
GOOD = {
    **CHART,
    "a.yaml": MAP,
    "docs/README.md": "See [the map](../a.yaml), [charts](../charts/web/), [here](#here) and [there](https://example.org).\n",
    "run.sh": "#!/bin/sh\necho {{ }}\n",
}
MUTANTS = {
    "yaml/unreadable": ({"x.yaml": "a: [1\nb: 2\n"}, ("x.yaml", 2)),
    "yaml/duplicate-key": ({"x.yaml": MAP + "  a: c\n"}, ("x.yaml", 7)),
    "yaml/empty-document": ({"x.yaml": MAP + "---\n---\n" + MAP}, ("x.yaml", 8)),
    "leftover/template-marker": ({"x.tf": "\n{% if aws %}\n"}, ("x.tf", 2)),
    "leftover/placeholder": ({"x.md": "# Title\n\nCHANGE" + "ME soon\n"}, ("x.md", 3)),
    "link/broken": ({"x.md": "# Title\n\n[nowhere](docs/nowhere.md)\n"}, ("x.md", 3)),
}


def found(tmp_path: Path, files: dict[str, str]) -> list[tuple[str, str, int]]:
    return spots(only(validate(tmp_path, files), "setout", "sources"))


def test_a_mark_of_a_chart_outside_of_charts_is_one_that_was_not_rendered(tmp_path: Path) -> None:
    files = {"x.yaml": MAP + '  t: "{{ .Values.a }}"\n', "y.yaml": MAP + '  t: "{{- if $.Values.b }}"\n'}
    assert found(tmp_path, files) == [
        ("leftover/template-marker", "x.yaml", 7),
        ("leftover/template-marker", "y.yaml", 7),
    ]


def test_other_marks_of_go_are_at_home_in_manifests(tmp_path: Path) -> None:
    files = {"x.yaml": MAP + "  t: \"{{ $labels.pod }} {{ .name }} {{ request.object }} {{ template 'x' . }}\"\n"}
    assert found(tmp_path, files) == []


def test_a_template_that_is_no_yaml_is_said_to_be_one(tmp_path: Path) -> None:
    result = only(validate(tmp_path, {"x.yaml": MAP.replace("name: x", "name: {{ x }}")}), "setout", "sources")
    assert [item.message.endswith("; a template that was not rendered") for item in result.findings] == [True]


def test_good_files_pass(tmp_path: Path) -> None:
    assert found(tmp_path, GOOD) == []


@pytest.mark.parametrize("gate", sources.GATES, ids=lambda gate: gate.rule)
def test_each_gate_sees_its_mutant(tmp_path: Path, gate: object) -> None:
    rule = gate.rule  # type: ignore[attr-defined]
    files, place = MUTANTS[rule]
    assert (rule, *place) in found(tmp_path, {**GOOD, **files})


def test_an_empty_file_is_found(tmp_path: Path) -> None:
    assert found(tmp_path, {"x.yaml": "\n"}) == [("yaml/empty-document", "x.yaml", 1)]


def test_templates_of_a_chart_may_be_templates(tmp_path: Path) -> None:
    assert (
        found(tmp_path, {**CHART, "charts/web/templates/x.yaml": "{{- if .Values.x }}\na: {{ .b }}\n{{- end }}\n"})
        == []
    )


def test_a_link_in_a_code_block_is_an_example(tmp_path: Path) -> None:
    assert found(tmp_path, {"x.md": "```\n[a](b.md)\n```\n"}) == []
