"""What a plan leads to, and why there is nothing where there is nothing, with the lines that show it."""

from __future__ import annotations

import pytest

from setout.decide import decide
from setout.model import Outcome
from setout.plan.reader import parse
from setout.plan.source import decode
from tests.decide.written import context, decision, tree

SOFTWARE = context(language="Python 3.12", project_type="web service") + tree("src/", "└── shop/api.py")
OPEN = "NEEDS CLARIFICATION: which one"


def why(text: str) -> str | None:
    value: str | None = decision(text)["none_reason"]
    return value


def why_of(text: str) -> str | None:
    value: str | None = decide(parse(decode("plan.md", text.encode())))["none_reason"]
    return value


def test_something_to_build_is_a_repository_and_needs_no_reason() -> None:
    made = decision(tree("infra/main.tf"))
    assert made.outcome is Outcome.SCAFFOLD
    assert made["none_reason"] is None


def test_ordinary_software_says_so_with_its_lines() -> None:
    made = decision(SOFTWARE)
    assert (made.outcome, made["none_reason"]) == (Outcome.NONE, "application")
    assert made.choice("none_reason").lines
    assert "Python 3.12" in made.choice("none_reason").because[1]


def test_software_that_runs_in_compose_is_still_software() -> None:
    assert why(context(language="Go 1.24", project_type="web service") + tree("cmd/main.go", "compose.yaml")) == (
        "application"
    )


@pytest.mark.parametrize(
    "text",
    [
        context(language="Python 3.12 with Pulumi") + tree("infra/__main__.py", "infra/Pulumi.yaml"),
        context(project_type="infrastructure (Bicep)") + tree("infra/main.bicep"),
        context(project_type="infrastructure") + tree("ansible/site.yml"),
        context(project_type="infrastructure for one host") + tree("host/compose.yaml"),
    ],
)
def test_infrastructure_of_another_tool_is_that_tools(text: str) -> None:
    assert why(text) == "other-iac"


def test_edits_of_what_exists_are_operations() -> None:
    assert why(tree("infra/main.tf  # modified: smaller node", "infra/outputs.tf")) == "operations"


def test_files_that_are_only_shown_as_there_leave_doubt_whether_anything_is_built() -> None:
    shown = decision(tree("chart/", "├── Chart.yaml   ✅ complete", "└── templates/service.yaml   ✅"))
    assert (shown.outcome, shown["none_reason"]) == (Outcome.NONE, "operations")
    assert not shown.choice("outcome").sure
    assert decision(tree("infra/main.tf  # modified: smaller node")).choice("outcome").sure


def test_new_files_in_what_is_there_may_be_edits_and_leave_doubt() -> None:
    assert not decision(tree("infra/   # existing", "└── queue.tf   # NEW")).choice("outcome").sure
    assert decision(tree("infra/", "└── queue.tf   # NEW")).choice("outcome").sure


def test_infrastructure_that_builds_nothing_is_operations_and_unsure() -> None:
    made = decision(context(project_type="infrastructure documentation") + tree("docs/runbook.md"))
    assert made["none_reason"] == "operations"
    assert not made.choice("none_reason").sure


def test_a_pipeline_alone_is_ci() -> None:
    assert why(tree(".github/workflows/release.yml")) == "ci-only"
    assert why(tree(".github/workflows/release.yml", "src/main.py")) == "application"


def test_a_template_that_nobody_filled_in_is_unfilled() -> None:
    template = context(language="[e.g., Python]", storage="[if applicable, e.g., files]", testing="[e.g., pytest]")
    assert decision(template, title="[FEATURE]")["none_reason"] == "unfilled"
    assert decision(template, title="Shop")["none_reason"] != "unfilled"


def test_a_plan_without_any_part_of_a_plan_is_unfilled() -> None:
    assert why("- do this\n- do that\n") == "unfilled"


def test_three_open_parts_of_the_platform_are_too_many() -> None:
    files = tree("infra/main.tf")
    two = context(storage=OPEN, ingress=OPEN, cache="Redis")
    assert decision(two + files).outcome is Outcome.SCAFFOLD
    assert decision(context(storage=OPEN, ingress=OPEN, mesh=OPEN) + files).outcome is Outcome.CLARIFY


def test_what_is_no_part_of_the_platform_may_stay_open() -> None:
    text = context(testing=OPEN, performance_goals=OPEN, constraints=OPEN) + tree("infra/main.tf")
    assert decision(text).outcome is Outcome.SCAFFOLD


def test_edits_under_flux_are_operations_for_flux_builds_nothing_itself() -> None:
    text = context(primary_dependencies="Flux CD, Kustomize", project_type="GitOps with Flux")
    assert why(text + tree("k8s/apps/shop.yaml  # modified: host")) == "operations"
    assert why(context(project_type="infrastructure (Bicep)") + tree("infra/main.bicep")) == "other-iac"


def test_mostly_programs_are_an_application_even_where_a_cluster_is_the_subject() -> None:
    operator = context(language="Go 1.24", project_type="Kubernetes operator")
    assert why(operator + tree("api/types.go", "internal/controller.go", "hack/build.sh")) == "application"
    assert why(operator + tree("api/types.go", "hack/build.sh", "hack/release.sh")) == "other-iac"


def test_neither_a_name_nor_a_summary_is_unfilled_whatever_the_context_says() -> None:
    head = "# Implementation Plan: [FEATURE]\n\n## Summary\n\n"
    fields = context(language="Java 21", storage="MongoDB", target_platform="AKS")
    assert why_of(f"{head}[What it does and how]\n\n{fields}") == "unfilled"
    assert why_of(f"{head}Orders are shown by day.\n\n{fields}") == "application"
