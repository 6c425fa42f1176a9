"""Which blueprints a tree, a field or a list of files asks for, and which structure follows."""

from __future__ import annotations

import pytest

from tests.decide.written import context, decision, tree

CHART = ("charts/shop/Chart.yaml", "charts/shop/templates/deployment.yaml")


def blueprints(text: str) -> list[str]:
    found: list[str] = decision(text)["blueprints"]
    return found


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["infra/main.tf"], ["terraform"]),
        (["terraform/", "└── modules/network/"], ["terraform"]),
        (["src/main.py"], []),
        (["docs/terraform/notes.md"], []),
        (CHART, ["helm-chart"]),
        (["charts/redis/values.yaml"], []),
        (["k8s/base/kustomization.yaml"], ["kubernetes"]),
        (["k8s/web.yaml"], ["kubernetes"]),
        (["k8s/README.md", "src/app.py"], []),
        (["deploy/kubernetes/helm/shop/Chart.yaml"], ["helm-chart"]),
        (["phase-2-k8s-rollout/", "└── app/config.yaml"], []),
        (["ops/web-deployment.yaml", "ops/web-ingress.yaml"], ["kubernetes"]),
        ([".github/workflows/deployment.yaml"], []),
        (["argocd/applicationset.yaml"], ["argocd"]),
        (["manifests/argocd-appproject.yaml"], ["argocd"]),
        (["taskfiles/argocd.yml"], []),
    ],
)
def test_the_files_of_the_tree_decide(lines: list[str], expected: list[str]) -> None:
    assert blueprints(tree(*lines)) == expected


def test_resources_of_an_operator_are_manifests_where_there_is_a_cluster() -> None:
    files = tree("dapr/components/queue.yaml")
    assert blueprints(context(target_platform="a Kubernetes cluster") + files) == ["kubernetes"]
    assert blueprints(context(target_platform="one virtual machine") + files) == []


def test_a_file_beside_changed_ones_is_there_already() -> None:
    changed = ["infra/main.tf  # modified: read the address", "infra/outputs.tf", "infra/versions.tf"]
    assert blueprints(tree(*changed)) == []
    assert blueprints(tree(*changed, "infra/queue/main.tf")) == ["terraform"]
    assert blueprints(tree("infra/main.tf  # NEW", "infra/outputs.tf  # modified")) == ["terraform"]


def test_a_directory_with_content_says_nothing_of_its_own() -> None:
    assert blueprints(tree("terraform/", "└── network.tf  # existing")) == []


def test_a_field_speaks_only_where_the_tree_is_silent() -> None:
    language = context(language="HCL (Terraform 1.9)")
    assert blueprints(language) == ["terraform"]
    assert blueprints(language + tree("infra/main.tf  # modified")) == []


def test_without_a_tree_the_listed_files_stand_for_one() -> None:
    listed = "## Chart for the shop (`charts/shop/`)\n\n- `Chart.yaml`: metadata\n- `templates/service.yaml`\n"
    assert blueprints(listed) == ["helm-chart"]
    assert blueprints(listed + tree("src/app.py")) == []


def test_additions_to_an_existing_chart_are_unsure() -> None:
    added = tree("charts/shop/  # existing", "├── Chart.yaml", "└── templates/hpa.yaml  # NEW")
    assert blueprints(added) == ["helm-chart"]
    assert not decision(added).choice("blueprints").sure
    assert decision(context(target_platform="EKS") + tree(*CHART)).choice("blueprints").sure


@pytest.mark.parametrize(
    ("lines", "structure"),
    [
        (["infra/main.tf"], "single-iac"),
        (["k8s/kustomization.yaml"], "multi-tool"),
        (CHART, "helm-chart"),
        (["infra/main.tf", *CHART], "multi-tool"),
        ([*CHART, "k8s/shop-deployment.yaml"], "helm-chart"),
        ([*CHART, "k8s/quota.yaml"], "multi-tool"),
        (["src/main.py"], None),
    ],
)
def test_the_structure_follows_from_the_blueprints(lines: list[str], structure: str | None) -> None:
    assert decision(tree(*lines))["structure"] == structure


@pytest.mark.parametrize(
    "text",
    [
        tree("argocd/root.yaml"),
        tree("infra/main.tf  # modified", "k8s/web.yaml  # NEW"),
        context(target_platform="EKS", dependencies="Kustomize") + tree(*CHART),
        tree(*CHART),
    ],
)
def test_thin_or_contradictory_signs_are_unsure(text: str) -> None:
    choice = decision(text).choice("blueprints")
    assert not choice.sure
    assert choice.because[-1].endswith(".")


def test_agreeing_signs_are_sure() -> None:
    assert decision(context(target_platform="EKS", dependencies="Helm") + tree(*CHART)).choice("blueprints").sure


def test_what_the_language_names_is_written_where_anything_is_new() -> None:
    edited = tree("infra/main.tf  # modified", "k8s/web.yaml  # NEW")
    assert blueprints(edited) == ["kubernetes"]
    assert blueprints(context(language="HCL, YAML") + edited) == ["kubernetes", "terraform"]


def test_an_application_of_argo_cd_by_the_name_of_its_file() -> None:
    assert blueprints(tree("gitops/argo-application.yaml", "k8s/base/deployment.yaml")) == ["argocd", "kubernetes"]
    assert blueprints(tree("gitops/application.yaml", "k8s/base/deployment.yaml")) == ["kubernetes"]


PROMISE = "## Summary\n\nCreate production-ready Helm charts for the shop.\n\n" + context(target_platform="EKS")


def test_without_a_tree_a_summary_that_writes_charts_asks_for_them() -> None:
    made = decision(PROMISE)
    assert made["blueprints"] == ["helm-chart"]
    assert not made.choice("blueprints").sure


@pytest.mark.parametrize(
    "text",
    [
        PROMISE + tree("src/shop/api.py"),
        PROMISE.replace("Create production-ready Helm charts for", "Create the monitoring from Helm charts beside"),
        PROMISE.replace("Create production-ready", "Deploy with the vendor's"),
    ],
)
def test_who_draws_another_tree_or_installs_charts_writes_none(text: str) -> None:
    assert blueprints(text) == []
