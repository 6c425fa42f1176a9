"""A plan read for a repository that exists: what it leaves unsaid stays as it is recorded."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from setout import plan as planning
from setout.decide import decide
from setout.delivery.answers import answer
from setout.model import Plan
from setout.upkeep import amendment
from tests.conftest import PLANS

CASES = ("helm-chart", "kubernetes-only", "multi-tenant", "multi-tool", "single-terraform")


def read(case: str, tmp_path: Path, *changes: tuple[str, str]) -> Plan:
    text = (PLANS / case / "plan.md").read_text("utf-8")
    for pattern, new in changes:
        text, count = re.subn(pattern, new, text)
        assert count
    file = tmp_path / "plan.md"
    file.write_text(text, "utf-8")
    return planning.read(file)


def recorded(plan: Plan, **settings: str) -> dict[str, Any]:
    return dict(answer(plan, decide(plan, settings)).values)


def amended(plan: Plan, before: dict[str, Any], **settings: str) -> dict[str, Any]:
    return amendment.answers(plan, amendment.amend(plan, before, settings), before, settings)


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("settings", [{}, {"environments": "dev,prod", "gitops": "none"}], ids=["plain", "set"])
def test_the_same_plan_gives_the_recorded_answers(case: str, settings: dict[str, str], tmp_path: Path) -> None:
    plan = read(case, tmp_path)
    before = recorded(plan, **settings)
    assert amended(plan, before) == before


def test_names_do_not_follow_the_wording_of_the_plan(tmp_path: Path) -> None:
    before = recorded(read("single-terraform", tmp_path))
    after = amended(
        read("single-terraform", tmp_path, (r"(?m)^# .*$", "# Plan: Something Else")), {**before, "feature": "009-x"}
    )
    assert {key: after[key] for key in ("project", "repository", "state_bucket", "owner")} == {
        key: before[key] for key in ("project", "repository", "state_bucket", "owner")
    }
    assert after["feature"] == "009-x"
    assert after["title"] == "Something Else"


def test_a_region_that_is_no_longer_named_stays(tmp_path: Path) -> None:
    plan = read("single-terraform", tmp_path)
    before = {**recorded(plan), "region": "ap-south-1"}
    assert amended(plan, before)["region"] == recorded(plan)["region"], "the plan names one"
    silent = read("single-terraform", tmp_path, (r"[a-z]{2}-[a-z]+-\d", "somewhere"))
    assert amended(silent, before)["region"] == "ap-south-1"


def test_a_kubernetes_version_that_is_no_longer_supported_does_not_stay(tmp_path: Path) -> None:
    plan = read("multi-tool", tmp_path, (r"1\.3\d", "x"))
    before = recorded(plan)
    assert amended(plan, {**before, "kubernetes_version": "1.34"})["kubernetes_version"] == "1.34"
    assert amended(plan, {**before, "kubernetes_version": "1.12"})["kubernetes_version"] == before["kubernetes_version"]


def test_what_was_set_stays_set_until_the_plan_says_the_same(tmp_path: Path) -> None:
    plan = read("multi-tool", tmp_path)
    before = recorded(plan, environments="dev,prod")
    assert [item["name"] for item in amended(plan, before)["environments"]] == ["dev", "prod"]
    again = amended(plan, before, environments="dev")
    assert [item["name"] for item in again["environments"]] == ["dev"]
    own = ",".join(item["name"] for item in recorded(plan)["environments"])
    assert "--set" not in str(amended(plan, recorded(plan, environments=own))["decisions"])


def test_answers_that_no_plan_gives_stay(tmp_path: Path) -> None:
    plan = read("multi-tool", tmp_path)
    own = {"ci": "gitlab", "documents": [], "owner": "@me/team", "something_else": 7}
    after = amended(plan, {**recorded(plan), **own})
    assert {key: after[key] for key in own} == own


def test_a_repository_set_anew_takes_its_address_along(tmp_path: Path) -> None:
    plan = read("multi-tool", tmp_path)
    after = amended(plan, recorded(plan), repository="acme/infra")
    assert (after["repository"], after["owner"]) == ("acme/infra", "@acme/platform")
    assert after["repository_url"] == "https://github.com/acme/infra.git"


def test_address_ranges_stay_with_their_environments(tmp_path: Path) -> None:
    plan = read("multi-tool", tmp_path)
    before = recorded(plan, environments="dev,prod")
    after = amended(plan, before, environments="qa,prod,dev")
    ranges = {item["name"]: item["cidr"] for item in after["environments"]}
    assert {name: ranges[name] for name in ("dev", "prod")} == {
        item["name"]: item["cidr"] for item in before["environments"]
    }
    assert len(set(ranges.values())) == 3


def test_what_a_document_beside_the_first_plan_said_stays_where_the_plan_stays_silent(tmp_path: Path) -> None:
    silent = (r"(?mi)^.*\b(?:state|s3)\b.*\n", "")
    research = tmp_path / "research.md"
    research.write_text("**Decision**: Terraform state in HCP Terraform\n", "utf-8")
    first = read("single-terraform", tmp_path, silent)
    assert decide(first).choice("state_backend").beside
    before = recorded(first)
    assert before["state_backend"] == "terraform-cloud"
    research.unlink()
    alone = read("single-terraform", tmp_path, silent)
    assert decide(alone)["state_backend"] is None
    assert amended(alone, before) == before
    assert amended(alone, before, state_backend="local")["state_backend"] == "local"
    assert amended(read("single-terraform", tmp_path), before)["state_backend"] == "s3"
