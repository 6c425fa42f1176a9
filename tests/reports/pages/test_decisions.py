"""The page of a reading: what it tells, what it leaves out, and how to go on."""

from __future__ import annotations

from pathlib import Path

import pytest

from setout import pipeline
from setout.reports import text
from tests import small
from tests.decide.written import context, tree

ROOT = tree("infra/main.tf")
CHART = tree("chart/", "├── Chart.yaml", "└── templates/", "    └── service.yaml")


def page(root: Path, plan: str, *, beside: str = "", **settings: str) -> str:
    files = {"plan.md": f"# Implementation Plan: Shop\n\n{plan}", **({"research.md": beside} if beside else {})}
    small.write(root, files)
    return text.readings([pipeline.read(root / "plan.md", settings)]).replace(f"{root}/", "")


def row(shown: str, field: str) -> list[str]:
    lines = [line.split() for line in shown.splitlines()]
    return next((words for words in lines if words[:1] == [field]), [])


def test_a_row_has_its_value_how_it_came_about_and_its_line(tmp_path: Path) -> None:
    shown = page(tmp_path, context(cloud_provider="AWS") + ROOT)
    assert "plan.md, line" in shown
    assert row(shown, "clouds")[:4] == ["clouds", "aws", "stated", "5"]


@pytest.mark.parametrize(
    ("plan", "there", "not_there"),
    [
        (context(cloud_provider="AWS") + ROOT, ["clouds", "region"], ["kubernetes_version", "cloud"]),
        (CHART, ["kubernetes_version", "deployment_strategy"], ["region", "cloud"]),
        (context(cloud_provider="Azure") + ROOT, ["clouds", "cloud"], ["region"]),
        (context(language="Go", target_platform="EKS") + tree("cmd/main.go"), ["kubernetes"], ["blueprints", "region"]),
    ],
)  # fmt: skip
def test_a_default_is_shown_where_something_takes_it(
    plan: str, there: list[str], not_there: list[str], tmp_path: Path
) -> None:
    shown = page(tmp_path, plan)
    assert all(row(shown, field) for field in there)
    assert not any(row(shown, field) for field in not_there)


def test_a_question_has_its_place_its_answers_its_flag_and_what_is_taken(tmp_path: Path) -> None:
    text_ = context(cloud_provider="AWS", state_backend="NEEDS CLARIFICATION: which one") + ROOT
    lines = page(tmp_path, text_).splitlines()
    place = lines.index("  plan.md:6: which one")
    assert lines[place + 1] == "      --set state_backend=s3|terraform-cloud|http|local; until then: s3"
    assert "which one" not in page(tmp_path, text_, state_backend="local")


def test_a_question_that_no_choice_answers_is_answered_in_the_plan(tmp_path: Path) -> None:
    assert "answer it in the plan; until then" in page(tmp_path, f"{ROOT}\n## Open Questions\n\n- Who pays?\n")


def test_many_questions_do_not_fill_the_page_and_none_that_stops_is_left_out(tmp_path: Path) -> None:
    asked = "".join(f"- Question {number}?\n" for number in range(40))
    table = "## Deployment Components\n\n| Component | Required | Notes |\n|---|---|---|\n| gizmo | Yes | ours |\n"
    shown = page(tmp_path, f"{CHART}\n## Open Questions\n\n{asked}\n{table}")
    assert shown.count("until then: left") == 11
    assert "answer it in the plan: repository and version in the row's notes; until then delivery stops" in shown
    assert "and 29 more" in shown


def test_what_is_unsure_says_why_and_how_to_settle_it(tmp_path: Path) -> None:
    shown = page(tmp_path, context(target_platform="any cluster: plain, AWS, others") + ROOT)
    assert "  clouds: Only line 5 speaks of aws. (--set clouds=…)" in shown
    assert "inferred, unsure" in shown


def test_a_line_of_another_document_is_shown_with_its_path(tmp_path: Path) -> None:
    shown = page(tmp_path, context(cloud_provider="AWS") + ROOT, beside="\n**Decision**: passwords are in Vault\n")
    assert row(shown, "secrets")[:5] == ["secrets", "vault", "inferred,", "unsure", "research.md:2"]


def test_what_is_not_believed_is_shown_with_its_kind_and_reason(tmp_path: Path) -> None:
    assert row(page(tmp_path, f"There is no Vault.\n\n{ROOT}"), "vault")[-2:] == ["negated", "3"]


@pytest.mark.parametrize(
    ("plan", "step"),
    [
        (context(cloud_provider="AWS") + ROOT, "setout preview plan.md DIRECTORY"),
        (ROOT, "say with --set cloud=aws where Terraform builds"),
        (context(cloud_provider="Azure") + ROOT, "nothing here: no blueprint builds Terraform for azure yet"),
        (
            context(cloud_provider="Azure") + tree("infra/main.tf", "k8s/namespace.yaml"),
            "leave Terraform out with --set blueprints=kubernetes",
        ),
        (context(language="Go") + tree("cmd/main.go"), ""),
    ],
)
def test_the_last_line_says_how_to_go_on(plan: str, step: str, tmp_path: Path) -> None:
    last = page(tmp_path, plan).splitlines()[-1]
    assert last == f"next: {step}" if step else not last.startswith("next")
