"""A structure that grows in place: what is added, what is asked before anything goes, and every edit kept."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from setout import pipeline
from setout.delivery.answers import answer
from setout.upkeep import repository
from setout.upkeep.intent import Wish
from tests import released
from tests.day_two import workshop
from tests.day_two.workshop import Workbench, commit

PLAN = """\
# Implementation Plan: Order Platform

**Branch**: `003-orders` | **Date**: 2026-09-14

## Summary

Orders on AWS.

## Technical Context

**Cloud Provider**: AWS (eu-west-1)
**IaC Tools**: Terraform
**Kubernetes**: {kubernetes}
**GitOps**: {gitops}
**State Backend**: S3
**Target Environment**: dev, prod

{more}
## Project Structure

### Infrastructure Code (repository root)

```text
{tree}
```

**Structure Decision**: as above.
"""
TERRAFORM = """\
terraform/
├── modules/
│   └── vpc/
└── environments/
    ├── dev/
    └── prod/"""
CLUSTER = """

kubernetes/
├── base/
└── overlays/
    ├── dev/
    └── prod/

argocd/
└── applications/"""
CHART = """

charts/
└── orders/
    ├── Chart.yaml
    ├── values.yaml
    └── templates/"""
SHARED = """\
terraform/
├── shared/
│   ├── networking/
│   └── cluster/
└── tenants/
    ├── retail/
    └── finance/

kubernetes/
├── cluster-config/
└── tenants/
    ├── retail/
    └── finance/

argocd/
├── applications/
└── projects/"""
TENANTS = """\
## Tenants

| Tenant | Quota |
|--------|-------|
| retail | small |
| finance | small |

"""
ON_CLUSTER = {"kubernetes": "EKS 1.35", "gitops": "Argo CD"}
ONE_TOOL = PLAN.format(kubernetes="N/A", gitops="none", more="", tree=TERRAFORM)
SEVERAL_TOOLS = PLAN.format(**ON_CLUSTER, more="", tree=TERRAFORM + CLUSTER)
WITH_CHART = PLAN.format(
    **ON_CLUSTER, more="**Custom Applications**: orders (port 8080)\n\n", tree=TERRAFORM + CLUSTER + CHART
)
WITH_TENANTS = PLAN.format(**ON_CLUSTER, more=TENANTS, tree=SHARED)
PLAN_PATH = "specs/003-orders/plan.md"


def quiet(_: str) -> None:
    """Nobody listens to the progress."""


@pytest.fixture(autouse=True)
def _identity(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in workshop.IDENTITY.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def deliver(tmp_path: Path) -> Callable[[str], Path]:
    """A repository made from a plan by our own template, committed."""

    def _deliver(plan: str) -> Path:
        file, root = tmp_path / PLAN_PATH, tmp_path / "orders"
        file.parent.mkdir(parents=True)
        file.write_text(plan, "utf-8")
        template = released.clone(tmp_path / "template")
        pipeline.scaffold(file, root, {}, template=str(template), check=False, progress=quiet)
        workshop.git(root, "init", "--quiet", "--initial-branch=main")
        commit(root)
        return root

    return _deliver


def grow(root: Path, plan: str, *deletions: str) -> pipeline.Update:
    (root / PLAN_PATH).write_text(plan, "utf-8")
    return pipeline.update(root, Wish(deletions=deletions), check=False, progress=quiet)


def edit(root: Path, *paths: str) -> None:
    """A person appends a line to each of the files."""
    for path in paths:
        with (root / path).open("a", encoding="utf-8") as file:
            file.write("# ours\n")
    commit(root, "edits")


def edited(root: Path) -> set[str]:
    """Every path that is not as the template alone makes it of the recorded answers."""
    pristine, ours = repository.pristine(repository.open(root)), repository.read_files(root)
    return {path for path in {*pristine, *ours} if pristine.get(path) != ours.get(path)} - {PLAN_PATH}


def answers_of(root: Path) -> dict[str, object]:
    return dict(repository.open(root).answers)


def fresh(root: Path) -> dict[str, object]:
    """What a first delivery of the repository's plan would record."""
    reading = pipeline.read(root / PLAN_PATH)
    values = answer(reading.plan, reading.decision).values
    return {name: value for name, value in json.loads(json.dumps(dict(values))).items() if name in answers_of(root)}


def test_one_tool_grows_into_several_and_gets_a_chart(deliver: Callable[[str], Path]) -> None:
    root = deliver(ONE_TOOL)
    edit(root, "README.md", "terraform/environments/dev/main.tf", "Makefile")

    several = grow(root, SEVERAL_TOOLS)
    assert several.outcome == "updated"
    assert several.proposal is not None
    assert {"GitOps none → Argo CD", "structure single-iac → multi-tool"} <= set(several.proposal.meaning)
    assert several.proposal.deleted == ()
    assert (root / "argocd/bootstrap/kustomization.yaml").is_file()
    assert edited(root) == {"README.md", "terraform/environments/dev/main.tf", "Makefile"}

    edit(root, "kubernetes/overlays/dev/kustomization.yaml")
    chart = grow(root, WITH_CHART)
    assert chart.outcome == "updated"
    assert chart.proposal is not None
    assert "+ chart orders" in chart.proposal.meaning
    assert (root / "charts/orders/Chart.yaml").is_file()
    assert edited(root) == {
        "Makefile",
        "README.md",
        "kubernetes/overlays/dev/kustomization.yaml",
        "terraform/environments/dev/main.tf",
    }
    assert answers_of(root) == fresh(root), "what has grown is what would be delivered anew"
    assert grow(root, WITH_CHART).outcome == "unchanged"


def test_several_tools_become_a_platform_of_tenants_once_somebody_lets_the_states_go(
    deliver: Callable[[str], Path],
) -> None:
    root = deliver(SEVERAL_TOOLS)
    edit(root, "README.md", "terraform/modules/vpc/main.tf", "terraform/environments/dev/main.tf")
    (root / "terraform/environments/prod/queue.tf").write_text("locals {}\n")
    commit(root, "a file of our own")
    (root / PLAN_PATH).write_text(WITH_TENANTS, "utf-8")
    before = workshop.state(root)

    refused = grow(root, WITH_TENANTS)
    assert refused.outcome == "refused"
    assert workshop.state(root) == before
    for name in ("dev", "prod"):
        state = f"s3://orders-tfstate/environments/{name}/terraform.tfstate"
        assert [reason for reason in refused.reasons if state in reason and "docs/runbooks/teardown.md" in reason]
    written = [reason for reason in refused.reasons if reason.startswith("terraform/environments/dev/main.tf: ")]
    assert "one line that people wrote" in written[0]

    done = grow(root, WITH_TENANTS, "terraform/environments")
    assert done.outcome == "updated", done.reasons
    assert done.proposal is not None
    assert "structure multi-tool → multi-tenant" in done.proposal.meaning
    left = [note for note in done.proposal.notes if note.startswith("left in the world: ")]
    assert [note.count("s3://orders-tfstate/environments/") for note in left if "Terraform state" in note] == [2]
    assert "left in the world: the namespace apps in its cluster" in left
    assert (root / "terraform/tenants/retail/backend.tf").is_file()
    assert edited(root) == {"README.md", "terraform/environments/prod/queue.tf", "terraform/modules/vpc/main.tf"}
    assert answers_of(root) == fresh(root)


SHARED_STATE = {
    **{name: text for name, text in workshop.FILES.items() if not name.startswith("environments/")},
    (
        "{{ 'shared' if tenants else 'single' }}/backend.tf.jinja"
    ): 'terraform {\n  backend "s3" {\n    bucket = "{{ project }}"\n    key    = "{{ tenants | length }}"\n  }\n}\n',
}


@pytest.fixture
def small(tmp_path: Path) -> Callable[[dict[str, str]], Path]:
    """A repository of a small template."""

    def make(files: dict[str, str]) -> Path:
        bench = Workbench(tmp_path / "template", files)
        bench.release("v1.0.0")
        file, root = tmp_path / "specs/001-demo/plan.md", tmp_path / "repository"
        file.parent.mkdir(parents=True)
        file.write_text(workshop.PLAN, "utf-8")
        pipeline.scaffold(file, root, {}, template=str(bench.root), check=False, progress=quiet)
        workshop.git(root, "init", "--quiet", "--initial-branch=main")
        commit(root)
        return root

    return make


def small_plan(root: Path, change: Callable[[str], str]) -> None:
    file = root / "specs/001-demo/plan.md"
    file.write_text(change(file.read_text("utf-8")), "utf-8")


def test_a_state_that_no_named_thing_accounts_for_does_not_go_silently(small: Callable[[dict[str, str]], Path]) -> None:
    root = small(SHARED_STATE)
    small_plan(root, lambda plan: workshop.tenants(plan, {"retail": "small"}))
    found = pipeline.preview_update(root, Wish(), progress=quiet)
    assert found.reasons == (
        "single would go: left in the world: the Terraform state s3://demo/0 and the cloud "
        "resources in it; consent with --allow-delete single",
    )
    assert not pipeline.preview_update(root, Wish(deletions=("single",)), progress=quiet).reasons


def test_a_state_that_is_looked_for_elsewhere_is_named(small: Callable[[dict[str, str]], Path]) -> None:
    root = small(SHARED_STATE)
    small_plan(root, lambda plan: workshop.tenants(plan, {"retail": "small"}))
    grown = pipeline.update(root, Wish(deletions=("single",)), check=False, progress=quiet)
    assert grown.outcome == "updated"
    small_plan(root, lambda plan: workshop.tenants(plan, {"retail": "small", "north": "small"}))
    found = pipeline.preview_update(root, Wish(), progress=quiet)
    assert not found.reasons
    assert (
        "shared: the Terraform state s3://demo/1 becomes s3://demo/2; terraform init -migrate-state moves it"
    ) in found.notes


def test_an_environment_that_is_renamed_takes_its_state_along_only_by_hand(
    small: Callable[[dict[str, str]], Path],
) -> None:
    root = small(dict(workshop.FILES))
    small_plan(root, lambda plan: workshop.environments(plan, ["test", "prod"]))
    found = pipeline.preview_update(root, Wish(renames=("environment:dev=test",)), progress=quiet)
    assert not found.reasons
    assert ("environments/dev/backend.tf", "environments/test/backend.tf") in found.moved
    moved = [note for note in found.notes if note.startswith("environments/test: the Terraform state s3://")]
    assert len(moved) == 1
    assert "/test/terraform.tfstate; terraform init -migrate-state moves it" in moved[0]
