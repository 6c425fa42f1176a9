"""A plan that says that it only edits what is there, and what that makes of its tree."""

from __future__ import annotations

import pytest

from setout.model import Mark
from tests.decide.written import context, plan, tree

FILES = tree("infra/main.tf", "infra/dns.tf   # NEW")


def marks(text: str, title: str = "Platform") -> list[Mark]:
    return [entry.mark for entry in plan(text, title).entries]


@pytest.mark.parametrize(
    "decision",
    [
        "One module is widened. No new files and no new directories.",
        "Modifying existing files only.",
        "Keep the changes inside the existing network and cluster modules.",
        "Changes are limited to the existing manifests.",
        "All changes are in-place edits of YAML.",
        "Only existing templates are touched.",
    ],
)
def test_a_plan_that_only_edits_says_so_of_every_unmarked_file(decision: str) -> None:
    assert marks(f"{FILES}\n**Structure Decision**: {decision}\n") == [Mark.CHANGED, Mark.NEW]


@pytest.mark.parametrize(
    "decision",
    [
        "Follows the existing layout.",
        "No changes to existing services.",
        "Changes are kept within the existing repository structure.",
        "No new files in the application's own directory.",
        "Adds a module beside the existing ones.",
    ],
)
def test_what_is_said_of_other_things_says_nothing_of_the_files(decision: str) -> None:
    assert marks(f"{FILES}\n**Structure Decision**: {decision}\n") == [Mark.NONE, Mark.NEW]


@pytest.mark.parametrize(
    ("kind", "mark"),
    [
        ("Single module refactoring", Mark.CHANGED),
        ("Terraform (chart enhancement)", Mark.CHANGED),
        ("Infrastructure/Operations", Mark.NONE),
        ("Platform enhancement with new charts", Mark.NONE),
    ],
)
def test_a_refactoring_of_a_module_or_chart_finds_its_files_there(kind: str, mark: Mark) -> None:
    assert marks(context(project_type=kind) + FILES) == [mark, Mark.NEW]


def test_a_directory_that_is_migrated_is_there_with_its_files() -> None:
    text = "## Summary\n\nMigrate the existing `modules/edge` to another listener.\n\n"
    assert marks(text + tree("modules/edge/main.tf", "modules/edge/waf.tf   # NEW", "modules/dns/main.tf")) == [
        Mark.CHANGED,
        Mark.NEW,
        Mark.NONE,
    ]


def test_files_that_the_decision_updates_are_there_and_others_are_not() -> None:
    text = tree("k8s/a.yaml", "k8s/b.yaml", "k8s/c.yaml")
    assert marks(f"{text}\n**Structure Decision**: Update `k8s/a.yaml` and `k8s/b.yaml` with the host.\n") == [
        Mark.CHANGED,
        Mark.CHANGED,
        Mark.NONE,
    ]


def test_a_step_that_updates_what_an_earlier_one_made_says_nothing() -> None:
    assert marks(f"{tree('k8s/a.yaml')}\n## Phase 3\n\n- Update `k8s/a.yaml` with limits.\n") == [Mark.NONE]


def test_who_fixes_something_finds_it_there() -> None:
    assert marks(FILES, "Fix the probes of the API") == [Mark.CHANGED, Mark.NEW]
    assert marks(FILES, "Fixed-size node pools") == [Mark.NONE, Mark.NEW]


@pytest.mark.parametrize(
    "constraint",
    ["Stays backward compatible", "Existing consumers work unchanged", "Preserve the narrow grouped interface"],
)
def test_a_module_with_consumers_is_there(constraint: str) -> None:
    module = context(project_type="Terraform module repository", constraints=constraint)
    assert marks(module + FILES) == [Mark.EXISTING, Mark.NEW]
    assert marks(module.replace("Terraform module repository", "Infrastructure as Code") + FILES) == [
        Mark.NONE,
        Mark.NEW,
    ]


def test_a_new_module_has_no_consumers() -> None:
    text = context(project_type="Terraform module", constraints="Small interface, no breaking defaults")
    assert marks(text + FILES) == [Mark.NONE, Mark.NEW]
