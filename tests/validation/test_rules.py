"""Every rule says what it requires, in every report that has room for that."""

from __future__ import annotations

import json
import re
from pathlib import Path

from setout.reports import sarif
from setout.validation import rules
from tests.conftest import ROOT
from tests.trees import ARGOCD, CHART, TERRAFORM, broken, validate

_PROGRAMS = r'"((?:terraform|helm|kustomize|kubeconform|exclude)/[a-z-]+)"'


def test_the_catalogue_has_every_rule_that_can_be_broken_and_no_other() -> None:
    sources = sorted((ROOT / "src" / "setout" / "validation").rglob("*.py"))
    used = {rule for path in sources if path.name != "rules.py" for rule in re.findall(_PROGRAMS, path.read_text())}
    assert used == set(rules.ABOUT)


def test_a_rule_of_a_program_is_described_in_sarif(tmp_path: Path) -> None:
    files = broken({**TERRAFORM, **CHART, **ARGOCD}, "live/main.tf", '  cidr   = "', '  cidr = "')
    files = broken(files, "argocd/web.yaml", "targetRevision", "targetRevison")
    (run,) = json.loads(sarif.validation(validate(tmp_path, files)))["runs"]
    described = {rule["id"]: rule["shortDescription"]["text"] for rule in run["tool"]["driver"]["rules"]}
    assert {"terraform/fmt", "kubeconform/invalid"} <= set(described)
    assert all(described[rule] == rules.ABOUT[rule] for rule in described if rule in rules.ABOUT)
