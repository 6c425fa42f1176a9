"""Each rule seen both ways: silent where plan and files agree, and one contradiction where they do not."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from setout.plan import citation
from setout.upkeep import contradictions
from setout.upkeep.contradictions import RULES, Contradiction, Facts, Ground
from tests import small

BACKEND = 'terraform {{\n  backend "{}" {{\n    key = "x"\n  }}\n}}\n'
APPLICATION = (
    "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  name: {name}\nspec:\n"
    "  sources:\n    - repoURL: https://charts.example.net\n      chart: {name}\n      targetRevision: {version}\n"
)
PLAN = small.PLAN.replace(
    "## Project Structure",
    "**Custom Applications**: storefront (port 8080), mailer\n\n## Project Structure",
)
FILES: Mapping[str, str] = {
    "terraform/environments/dev/backend.tf": BACKEND.format("s3"),
    "terraform/environments/dev/terraform.tfvars": 'region = "eu-north-1"\nkubernetes_version = "1.35"\n',
    "terraform/environments/prod/backend.tf": BACKEND.format("s3"),
    "terraform/bootstrap/backend.tf": BACKEND.format("local"),
    "kubernetes/overlays/dev/kustomization.yaml": "kind: Kustomization\n",
    "kubernetes/overlays/prod/kustomization.yaml": "kind: Kustomization\n",
    "kubernetes/apps/storefront/base/service.yaml": "kind: Service\n",
    "kubernetes/apps/mailer/base/service.yaml": "kind: Service\n",
    "argocd/applications/dev/platform/cert-manager.yaml": APPLICATION.format(name="cert-manager", version="v1.20.0"),
    "argocd/applications/dev/platform/metrics-server.yaml": APPLICATION.format(name="metrics-server", version="3.13.0"),
}
TENANTS = (
    "\n## Tenants\n\n| Tenant | Group |\n|--------|-------|\n"
    "| north | north:developers |\n| south | south:developers |\n"
)
TENANT_FILES = {
    **FILES,
    **{f"{layer}/tenants/{name}/x.txt": "" for layer in ("terraform", "kubernetes") for name in ("north", "south")},
}


def found(
    folder: Path, plan: str, files: Mapping[str, str], readable: set[str] | None = None
) -> tuple[Contradiction, ...]:
    small.write(folder, {"plan.md": plan})
    small.write(folder / "repo", files)
    document = citation.read(folder / "plan.md")
    return contradictions.find(Facts(document), Ground(folder / "repo", sorted(files), readable))


def without(*starts: str) -> Callable[[Mapping[str, str]], dict[str, str]]:
    return lambda files: {path: text for path, text in files.items() if not path.startswith(starts)}


def having(path: str, text: str) -> Callable[[Mapping[str, str]], dict[str, str]]:
    return lambda files: {**files, path: text}


ROOT = "terraform/environments/dev"
CHART = "argocd/applications/dev/platform/cert-manager.yaml"
OLD_CHART = APPLICATION.format(name="cert-manager", version="v1.19.4")

# By the name of the rule: the plan, what is done to the files, then what is said of it: field, words of the
# plan's line, path, and a word of the message.
CASES = {
    "environments": (
        PLAN, without("terraform/environments/prod/"),
        "environments", "└── prod/", "terraform/", "prod",
    ),
    "unplanned_environments": (
        PLAN, having("kubernetes/overlays/qa/kustomization.yaml", ""),
        "environments", "├── dev/", "kubernetes/overlays/qa/", "qa",
    ),
    "tenants": (
        PLAN + TENANTS, without("kubernetes/tenants/south/"),
        "tenants", "| south |", "kubernetes/tenants/", "south",
    ),
    "applications": (
        PLAN, without("kubernetes/apps/mailer/"),
        "applications", "**Custom Applications**", "kubernetes/apps/", "mailer",
    ),
    "components": (
        PLAN, without("argocd/applications/dev/platform/metrics-server"),
        "components", "| metrics-server |", "kubernetes/platform/", "metrics-server",
    ),
    "component_versions": (PLAN, having(CHART, OLD_CHART), "components", "| cert-manager |", CHART, "v1.19.4"),
    "state_backend": (
        PLAN, having(f"{ROOT}/backend.tf", BACKEND.format("local")),
        "state_backend", "**State Backend**", f"{ROOT}/backend.tf", "local",
    ),
    "kubernetes_version": (
        PLAN, having(f"{ROOT}/terraform.tfvars", 'kubernetes_version = "1.33"\n'),
        "kubernetes_version", "**Kubernetes**", f"{ROOT}/terraform.tfvars", "1.33",
    ),
    "region": (
        PLAN, having(f"{ROOT}/terraform.tfvars", 'region = "us-east-1"\n'),
        "region", "**Cloud Provider**", f"{ROOT}/terraform.tfvars", "us-east-1",
    ),
    "gitops": (PLAN, without("argocd/"), "gitops", "**GitOps**", "argocd/", "argocd/"),
}  # fmt: skip


def test_every_rule_has_a_case_and_stands_in_the_table() -> None:
    source = ast.parse(inspect.getsource(contradictions))
    rules = {
        node.name
        for node in source.body
        if isinstance(node, ast.FunctionDef) and [arg.arg for arg in node.args.args] == ["facts", "ground"]
    }
    assert {rule.__name__ for rule in RULES} - {"find"} == set(CASES) == rules - {"find"}


@pytest.mark.parametrize("plan", [PLAN, PLAN + TENANTS], ids=["single", "tenants"])
def test_a_repository_that_follows_its_plan_contradicts_nothing(tmp_path: Path, plan: str) -> None:
    assert found(tmp_path, plan, TENANT_FILES if plan != PLAN else FILES) == ()


@pytest.mark.parametrize("rule", CASES)
def test_a_repository_that_does_not_is_contradicted_with_field_line_and_path(tmp_path: Path, rule: str) -> None:
    plan, change, field, words, path, told = CASES[rule]
    files = change(TENANT_FILES if TENANTS in plan else FILES)
    contradiction = next(item for item in found(tmp_path, plan, files) if item.field == field)
    assert contradiction.path == path
    assert words in plan.split("\n")[contradiction.plan_line - 1]
    assert told in contradiction.message


def test_a_plan_without_gitops_is_contradicted_by_argo_cd(tmp_path: Path) -> None:
    plan = PLAN.replace("**GitOps**: Argo CD", "**GitOps**: none").replace("argocd/\n└── applications/\n", "")
    plan = plan.replace("Terraform, Kubernetes and Argo CD", "Terraform and Kubernetes")
    assert "gitops" in {item.field for item in found(tmp_path, plan, FILES)}


def test_a_silent_plan_is_contradicted_by_nothing(tmp_path: Path) -> None:
    files = {"terraform/environments/qa/backend.tf": BACKEND.format("http")}
    assert found(tmp_path, "# Implementation Plan: Quiet\n\n## Summary\n\nTerraform on AWS.\n", files) == ()


def test_a_layer_that_has_nothing_per_environment_is_left_alone(tmp_path: Path) -> None:
    assert found(tmp_path, PLAN, without("terraform/environments/")(FILES)) == ()


def test_values_files_and_namespaces_of_an_environment_count_as_its_own(tmp_path: Path) -> None:
    files = without("kubernetes/overlays/prod/")(FILES)
    assert found(tmp_path, PLAN, {**files, "kubernetes/platform/x/values-prod.yaml": ""}) == ()


def test_a_component_that_a_script_installs_is_installed(tmp_path: Path) -> None:
    files = without("argocd/applications/dev/platform/metrics-server")(FILES)
    assert (
        found(tmp_path, PLAN, {**files, "kubernetes/scripts/deploy.sh": "component metrics-server kube-system\n"}) == ()
    )


def test_a_revision_with_or_without_v_is_the_same(tmp_path: Path) -> None:
    text = APPLICATION.format(name="cert-manager", version="1.20.0")
    assert found(tmp_path, PLAN, {**FILES, "argocd/applications/dev/platform/cert-manager.yaml": text}) == ()


def test_hcp_terraform_is_a_backend_of_its_own(tmp_path: Path) -> None:
    text = 'terraform {\n  cloud {\n    organization = "x"\n  }\n}\n'
    contradiction = found(tmp_path, PLAN, {**FILES, "terraform/environments/dev/backend.tf": text})[0]
    assert "terraform-cloud" in contradiction.message


@pytest.mark.parametrize(
    "files",
    [
        {"terraform/environments/dev/backend.tf": "terraform { backend {{{\n"},
        {"argocd/applications/dev/platform/cert-manager.yaml": "kind: [Application\n"},
        {"argocd/applications/dev/platform/cert-manager.yaml": "kind: Application\nspec: text\n"},
        {"terraform/environments/dev/terraform.tfvars": "region = \n"},
    ],
)
def test_files_that_cannot_be_read_contradict_nothing(tmp_path: Path, files: Mapping[str, str]) -> None:
    assert found(tmp_path, PLAN, {**FILES, **files}) == ()


def test_only_readable_files_are_looked_into(tmp_path: Path) -> None:
    files = {**FILES, "terraform/environments/dev/backend.tf": BACKEND.format("local")}
    assert found(tmp_path, PLAN, files, readable=set()) == ()


def test_facts_know_whether_answers_hold_them(tmp_path: Path) -> None:
    small.write(tmp_path, {"plan.md": PLAN})
    facts = Facts(citation.read(tmp_path / "plan.md"))
    components = [{"name": "cert-manager", "version": "v1.20.0"}, {"name": "metrics-server", "version": "3.13.0"}]
    answers = {"state_backend": "s3", "kubernetes_version": "1.35", "region": "eu-north-1", "components": components}
    assert facts.are_in(answers)
    assert not facts.are_in({**answers, "region": "eu-west-1"})
    assert not facts.are_in({**answers, "components": [{"name": "cert-manager"}]})


def test_applications_of_tenants_come_from_their_own_repositories(tmp_path: Path) -> None:
    assert found(tmp_path, PLAN + TENANTS, without("kubernetes/apps/mailer/")(TENANT_FILES)) == ()
