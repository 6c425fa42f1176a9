"""Answers are plain JSON, and nothing that no question asks for: Copier would drop it without a word."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from setout import pipeline
from setout.delivery.answers import answer
from setout.errors import PlanError, UserError
from tests.conftest import PLANS, ROOT

SCAFFOLDED = ("helm-chart", "kubernetes-only", "multi-tenant", "multi-tool", "single-terraform")


def answers_of(plan: Path, **settings: str) -> dict[str, object]:
    reading = pipeline.read(plan, settings)
    return dict(answer(reading.plan, reading.decision).values)


def recorded_questions() -> set[str]:
    """Every question of copier.yml and its includes that Copier records."""
    files = [ROOT / "copier.yml", *sorted((ROOT / "blueprints").glob("*/_questions.yml"))]
    found: set[str] = set()
    for file in files:
        text = "\n".join(line for line in file.read_text("utf-8").split("\n") if not line.startswith("!include"))
        for document in yaml.safe_load_all(text):
            found |= {
                name
                for name, row in (document or {}).items()
                if not name.startswith("_") and row.get("when", True) is not False
            }
    return found


@pytest.mark.parametrize("case", SCAFFOLDED)
def test_every_question_is_answered_and_nothing_else(case: str) -> None:
    assert set(answers_of(PLANS / case / "plan.md")) == recorded_questions()


@pytest.mark.parametrize("case", SCAFFOLDED)
def test_answers_are_plain_json(case: str) -> None:
    values = answers_of(PLANS / case / "plan.md")
    assert json.loads(json.dumps(values)) == values


def plan_with(tmp_path: Path, old: str, new: str, case: str = "multi-tenant") -> Path:
    text = (PLANS / case / "plan.md").read_text("utf-8")
    assert old in text
    file = tmp_path / "plan.md"
    file.write_text(text.replace(old, new), "utf-8")
    return file


@pytest.mark.parametrize("name", ["../x", "{{ 7*7 }}", "Retail", "a b", "x" * 41, "a/../../b", "-x", "$(id)"])
def test_a_tenant_that_cannot_be_a_name_is_refused_with_its_line(tmp_path: Path, name: str) -> None:
    plan = plan_with(tmp_path, "| retail | retail:developers", f"| {name} | retail:developers")
    line = plan.read_text("utf-8").split("\n").index(f"| {name} | retail:developers | medium |") + 1
    with pytest.raises(PlanError, match=r"DNS label|cannot be the name") as caught:
        answers_of(plan)
    assert f"{plan}:{line}:" in caught.value.message


def test_address_ranges_stay_with_their_environment() -> None:
    reading = pipeline.read(PLANS / "multi-tool" / "plan.md", {"environments": "dev,test,prod"})
    before = answer(
        pipeline.read(PLANS / "multi-tool" / "plan.md").plan, pipeline.read(PLANS / "multi-tool" / "plan.md").decision
    )
    after = answer(reading.plan, reading.decision, recorded=before.values).values["environments"]
    ranges = {item["name"]: item["cidr"] for item in after}
    assert ranges["prod"] == {item["name"]: item["cidr"] for item in before.values["environments"]}["prod"]
    assert len(set(ranges.values())) == 3


def test_versions_and_values_of_the_table_reach_the_answers(tmp_path: Path) -> None:
    notes = "chart 3.13.0 from https://charts.example.net/ms, replicas=3, args.x=true, namespace ops"
    row = "| metrics-server | Yes | |"
    plan = plan_with(tmp_path, row, f"| metrics-server | Yes | {notes} |", "multi-tool")
    components = {item["name"]: item for item in answers_of(plan)["components"]}  # type: ignore[attr-defined]
    assert components["metrics-server"] == {
        "name": "metrics-server",
        "version": "3.13.0",
        "repository": "https://charts.example.net/ms",
        "namespace": "ops",
        "values": {"replicas": 3, "args": {"x": True}},
    }


def test_a_component_that_nobody_knows_stops_with_its_line(tmp_path: Path) -> None:
    plan = plan_with(tmp_path, "| metrics-server | Yes | |", "| zorp | Yes | |", "multi-tool")
    questions = pipeline.read(plan).decision.questions
    assert [(q.field, q.stops) for q in questions] == [("components", True)]
    assert "zorp" in questions[0].text


def test_a_setting_answers_a_question_and_is_recorded_as_such() -> None:
    decision = pipeline.read(PLANS / "multi-tool" / "plan.md", {"environments": "one,two"}).decision
    choice = decision.choice("environments")
    assert (choice.value, choice.origin.value) == (["one", "two"], "set")


def test_a_setting_that_answers_nothing_is_refused() -> None:
    with pytest.raises(UserError, match="no such choice"):
        pipeline.read(PLANS / "multi-tool" / "plan.md", {"envs": "one"})


def test_argo_cd_never_comes_without_what_it_applies() -> None:
    values = answers_of(PLANS / "multi-tool" / "plan.md", blueprints="argocd,terraform")
    assert values["blueprints"] == ["argocd", "kubernetes", "terraform"]


def test_a_chart_with_manifests_beside_it_is_laid_out_as_several_tools() -> None:
    plan = PLANS / "helm-chart" / "plan.md"
    assert answers_of(plan, blueprints="helm-chart,kubernetes")["structure"] == "multi-tool"
    assert answers_of(plan)["structure"] == "helm-chart"


def test_the_address_of_a_repository_follows_its_ci() -> None:
    found = answers_of(PLANS / "single-terraform" / "plan.md", ci="gitlab")
    assert found["ci"] == "gitlab"
    assert str(found["repository_url"]).startswith("https://gitlab.com/")
