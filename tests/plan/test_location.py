"""A directory leads to its plan the way spec-kit would, never out of itself, and never by a guess."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from setout.errors import PlanError, SeveralPlans
from setout.plan import location
from setout.plan.location import Located


def project(root: Path, *features: str, marker: str = ".specify", specs: str = "specs") -> Path:
    (root / marker).mkdir(parents=True)
    for feature in features:
        (root / specs / feature).mkdir(parents=True)
        (root / specs / feature / "plan.md").write_text("# Implementation Plan: ground\n", "utf-8")
    return root


def record(root: Path, value: object) -> None:
    (root / ".specify" / "feature.json").write_text(json.dumps(value), "utf-8")


def find(path: Path, branch: str = "", **environment: str) -> Located:
    return location.find(path, environment, lambda _: branch)


def test_a_file_stands_for_itself(tmp_path: Path) -> None:
    assert find(tmp_path / "any.md") == Located(tmp_path / "any.md")


def test_a_feature_directory_stands_for_its_own_plan_whatever_is_current(tmp_path: Path) -> None:
    root = project(tmp_path, "001-net", "002-apps")
    record(root, {"feature_directory": "specs/001-net"})
    assert find(root / "specs" / "002-apps").path == root / "specs" / "002-apps" / "plan.md"


def test_a_feature_directory_without_a_plan_is_not_answered_with_another_one(tmp_path: Path) -> None:
    root = project(tmp_path, "001-net")
    (root / "specs" / "002-apps").mkdir()
    with pytest.raises(PlanError, match=r"no plan\.md in this feature directory"):
        find(root / "specs" / "002-apps")


def test_environment_goes_before_the_record_and_the_record_before_the_branch(tmp_path: Path) -> None:
    root = project(tmp_path, "001-net", "002-apps", "003-edge")
    record(root, {"feature_directory": "specs/002-apps"})
    given = find(root, "003-edge", SPECIFY_FEATURE_DIRECTORY="specs/001-net")
    assert (given.path.parent.name, given.because) == ("001-net", "SPECIFY_FEATURE_DIRECTORY names it")
    recorded = find(root, "003-edge")
    assert (recorded.path.parent.name, recorded.because) == ("002-apps", ".specify/feature.json names it")


@pytest.mark.parametrize("branch", ["003-edge", "003-another-word", "ann/shop/003-edge"])
def test_a_numbered_branch_leads_to_the_feature_of_its_number(tmp_path: Path, branch: str) -> None:
    root = project(tmp_path, "001-net", "003-edge")
    assert find(root, branch).path.parent.name == "003-edge"


def test_of_two_features_with_one_number_the_one_of_the_name_is_meant(tmp_path: Path) -> None:
    root = project(tmp_path, "003-edge", "003-mesh", "004-dns")
    assert find(root, "003-mesh").path.parent.name == "003-mesh"
    with pytest.raises(SeveralPlans) as caught:
        find(root, "003-other")
    assert [plan.parent.name for plan in caught.value.choices] == ["003-edge", "003-mesh"]


def test_the_only_plan_is_taken_and_several_are_listed(tmp_path: Path) -> None:
    root = project(tmp_path, "001-net")
    assert find(root, "main") == Located(root / "specs" / "001-net" / "plan.md", "the only plan here")
    (root / "specs" / "notes").mkdir()
    (root / "specs" / "notes" / "plan.md").write_text("# Notes\n", "utf-8")
    with pytest.raises(SeveralPlans) as caught:
        find(root, "main")
    assert [plan.parent.name for plan in caught.value.choices] == ["001-net", "notes"]


def test_the_nearest_project_above_is_meant(tmp_path: Path) -> None:
    outer, inner = project(tmp_path, "001-outer"), project(tmp_path / "shop", "001-inner")
    (inner / "src" / "deep").mkdir(parents=True)
    assert find(inner / "src" / "deep").path.parent.name == "001-inner"
    assert find(outer / "specs").path.parent.name == "001-outer"


def test_specops_keeps_its_features_elsewhere(tmp_path: Path) -> None:
    root = project(tmp_path, "001-net", marker=".specops", specs=".specops/specs")
    assert find(root).path == root / ".specops" / "specs" / "001-net" / "plan.md"


def test_a_directory_without_a_plan_says_what_was_looked_for(tmp_path: Path) -> None:
    with pytest.raises(PlanError, match=r"neither plan\.md nor specs"):
        find(tmp_path)


@pytest.mark.parametrize("value", ["specs/404-gone", "../outside", "/etc", "specs/\x00"])
def test_a_record_that_leads_nowhere_or_outside_is_told_not_guessed_around(tmp_path: Path, value: str) -> None:
    root = project(tmp_path / "shop", "001-net")
    project(tmp_path, "../outside", marker="any")
    (tmp_path / "outside").mkdir(exist_ok=True)
    (tmp_path / "outside" / "plan.md").write_text("# Secret\n", "utf-8")
    record(root, {"feature_directory": value})
    with pytest.raises(PlanError, match=r"feature\.json names"):
        find(root)


def test_links_that_lead_out_are_no_plans(tmp_path: Path) -> None:
    root = project(tmp_path / "shop", "001-net")
    (tmp_path / "secret.md").write_text("# Secret\n", "utf-8")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "plan.md").write_text("# Secret\n", "utf-8")
    (root / "plan.md").symlink_to(tmp_path / "secret.md")
    (root / "specs" / "002-link").symlink_to(tmp_path / "elsewhere")
    assert find(root).path.parent.name == "001-net"


@pytest.mark.parametrize("text", ["{", "[" * 30_000, "\x00"])
def test_a_broken_record_ends_in_one_line(tmp_path: Path, text: str) -> None:
    root = project(tmp_path, "001-net")
    (root / ".specify" / "feature.json").write_text(text, "utf-8")
    with pytest.raises(PlanError, match="not JSON"):
        find(root)


@pytest.mark.parametrize("value", [[], {"feature_directory": 7}, {}, None])
def test_a_record_that_names_nothing_is_passed_over(tmp_path: Path, value: object) -> None:
    root = project(tmp_path, "001-net")
    record(root, value)
    assert find(root).because == "the only plan here"
