"""Which applications of one's own a plan deploys, from the most telling source that names any."""

from __future__ import annotations

import pytest

from tests.decide.written import context, decision, tree

CLUSTER = context(target_platform="Kubernetes")


def applications(*lines: str, text: str = "") -> list[str]:
    return list(decision(CLUSTER + text + (tree(*lines) if lines else ""))["applications"])


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["k8s/", "├── shop-deployment.yaml", "└── deployment-mailer.yaml"], ["mailer", "shop"]),
        (["k8s/", "└── shop/", "    └── deployment.yaml"], ["shop"]),
        (["k8s/", "└── base/", "    └── deployment.yaml"], []),
        (["k8s/", "└── redis-deployment.yaml"], []),
        (["k8s/", "└── db-statefulset.yaml"], []),
        (["k8s/", "└── shop-migrate-job.yaml"], []),
        (["k8s/", "└── shop-deployment.yaml   # DELETED"], []),
        (["k8s/", "└── longhorn/", "    └── ui-deployment.yaml"], []),
        (["k8s/", "└── apps/", "    ├── shop/", "    └── home-assistant/"], ["shop"]),
        (["frontend/", "└── src/", "    └── services/", "        └── orders/"], []),
        (["argocd/", "└── applications/", "    ├── shop.yaml", "    └── cert-manager.yaml"], ["shop"]),
        (["charts/", "└── shop/", "    ├── Chart.yaml", "    └── values.yaml"], ["shop"]),
        (["charts/", "└── shop/", "    ├── Chart.yaml", "    └── templates/", "        └── deployment.yaml"], ["shop"]),
        (
            [
                "charts/",
                "└── suite/",
                "    ├── Chart.yaml",
                "    └── templates/",
                "        ├── web-deployment.yaml",
                "        └── api-deployment.yaml",
            ],
            ["api", "web"],
        ),
        (["k8s/", "└── apps/", "    └── media/", "        ├── jellyfin/", "        └── sonarr/"], []),
        (["k8s/", "└── apps/", "    └── shop/", "        ├── redis/", "        └── front/"], ["shop"]),
        (["gitops/", "└── apps/", "    └── base/", "        └── shop/"], ["shop"]),
        (["k8s/", "├── deployments/", "│   └── shop.yaml", "└── services/", "    └── kustomization.yaml"], ["shop"]),
        (["k8s/", "├── shop.yaml   # Deployment and Service", "└── door.yaml   # opens to the world"], ["shop"]),
        (["k8s/", "├── backend.yaml", "├── mail-worker.yaml", "└── configmap.yaml"], ["backend", "mail-worker"]),
        (["k8s/", "└── overlays/", "    └── backend.yaml"], []),
        (["charts/", "├── api/", "└── docs/"], ["api"]),
        (["k8s/", "└── base/", "    ├── frontend/", "    └── rbac/"], ["frontend"]),
        (["argocd/", "└── applications/", "    └── shop-application.yaml"], ["shop"]),
        (["argocd/", "└── applications/", "    ├── shop.yaml", "    └── all.yaml   # app of apps"], ["shop"]),
        (
            ["charts/", "├── suite/   # umbrella", "│   └── Chart.yaml", "└── shop/", "    └── Chart.yaml"],
            ["shop"],
        ),
        (
            ["suite/", "├── Chart.yaml", "└── charts/", "    └── shop/", "        └── Chart.yaml"],
            ["shop"],
        ),
        (
            [
                "charts/",
                "└── suite/",
                "    ├── Chart.yaml",
                "    └── templates/",
                "        ├── web/",
                "        │   └── deployment.yaml",
                "        └── api/",
                "            └── deployment.yaml",
            ],
            ["api", "web"],
        ),
        (["charts/", "└── shop-monitoring/", "    └── Chart.yaml"], []),
        (["k8s/", "└── apps/", "    ├── k3s/", "    └── crossplane-compositions/"], []),
        (["charts/", "└── keycloak/", "    └── Chart.yaml"], []),
    ],
)
def test_files_name_applications_unless_they_are_somebody_elses(lines: list[str], expected: list[str]) -> None:
    assert applications(*lines) == expected


def test_the_field_wins_over_the_tree_and_keeps_its_spelling() -> None:
    text = context(custom_applications="storefront (port 8080), orders-api")
    assert applications("k8s/", "└── other-deployment.yaml", text=text) == ["orders-api", "storefront"]


def test_a_sentence_in_the_field_names_nothing() -> None:
    text = context(custom_applications="all services of the shop")
    assert applications("k8s/", "└── namespace.yaml", text=text) == []


def test_objects_in_yaml_name_applications() -> None:
    block = "```yaml\nkind: Deployment\nmetadata:\n  name: shop\n---\nkind: Service\nmetadata:\n  name: door\n```\n"
    assert applications("k8s/", "└── namespace.yaml", text=block) == ["shop"]


def test_a_counted_list_names_them_in_the_spelling_of_a_directory() -> None:
    text = "We deploy three services (orders, billing, web). The orders-service speaks to the billing-service.\n\n"
    assert applications("k8s/", "└── namespace.yaml", text=text) == ["billing-service", "orders-service", "web"]
    assert applications("k8s/", "└── namespace.yaml", text="Two services (orders, billing, web) are there.\n\n") == []


def test_a_table_of_services_names_them_by_what_they_need_to_run() -> None:
    rows = "| Service | {} |\n|---|---|\n| Night Shift | 8080 |\n| backend-svc | 8081 |\n| Redis | 6379 |\n\n"
    text = "The night-shift-service sleeps.\n\n"
    named = applications("k8s/", "└── namespace.yaml", text=f"{text}{rows.format('Port')}")
    assert named == ["backend", "night-shift-service"]
    assert applications("k8s/", "└── namespace.yaml", text=f"{text}{rows.format('Owner')}") == []


def test_a_counted_list_keeps_names_of_several_words() -> None:
    text = "We deploy two services (Night Shift, web). The night-shift-service sleeps.\n\n"
    assert applications("k8s/", "└── namespace.yaml", text=text) == ["night-shift-service", "web"]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("helm upgrade suite ./charts/suite --set web.image.tag=1 --set api.image.tag=1", ["api", "web"]),
        ("helm upgrade suite ./charts/suite --set web.image.tag=1", ["suite"]),
        ("helm upgrade suite ./charts/suite --set redis.image.tag=1 --set init.image.tag=1", ["suite"]),
    ],
)
def test_the_parts_of_a_chart_are_those_that_get_an_image(code: str, expected: list[str]) -> None:
    lines = ("charts/", "└── suite/", "    ├── Chart.yaml", "    └── templates/", "        └── deployment.yaml")
    assert applications(*lines, text=f"```bash\n{code}\n```\n\n") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Publish builds of orders-api, billing-worker, and web to dev.", ["billing-worker", "orders-api", "web"]),
        ("It needs name, size, and colour of each.", []),
        ("Images run on the node pools system-worker, user-worker, and spare.", []),
        ("It knows orders-api, billing-worker, and web.", []),
        ("Deploy hello-svc to dev.", ["hello-svc"]),
        ("Do not deploy hello-svc.", []),
        ("The backend and frontend deployments get two replicas.", ["backend", "frontend"]),
        ("The backend and frontend teams agree.", []),
        ("A Cloud Run service ledger-api answers.", ["ledger-api"]),
        ("A Cloud Run service answers.", []),
        ("A Cloud Run service self-hosted elsewhere answers.", []),
        ("Provision the Google service account.", []),
        ("One ECR repo (ledger-api) keeps images.", ["ledger-api"]),
        ("Deploy the Ledger accounting application.", ["ledger"]),
        ("Deploy the Django application.", []),
        ("Deploy the Kubernetes application.", []),
        ("- Family: `{env}-{project}-api`", ["api"]),
        ('```hcl\nresource "aws_ecs_service" "this" {\n  name = "${var.env}-ledger"\n}\n```', ["ledger"]),
        ('```hcl\nresource "aws_s3_bucket" "this" {\n  name = "${var.env}-ledger"\n}\n```', []),
    ],
)
def test_sentences_and_terraform_name_applications_and_leave_a_doubt(text: str, expected: list[str]) -> None:
    choice = decision(f"{CLUSTER}## Approach\n\n{text}\n\n{tree('terraform/', '└── main.tf')}").choice("applications")
    assert (choice.value, choice.sure) == (expected, not expected)


@pytest.mark.parametrize(
    ("files", "sure"),
    [
        (tree("chart/", "├── Chart.yaml", "└── templates/", "    └── deployment.yaml"), False),
        (tree("k8s/", "└── platform/", "    └── longhorn/"), True),
        ("The service runs on Cloud Run.\n\n" + tree("terraform/", "└── main.tf"), False),
        ("The bucket is kept.\n\n" + tree("terraform/", "└── main.tf"), True),
    ],
)
def test_silence_leaves_a_doubt_where_something_must_run(files: str, sure: bool) -> None:
    choice = decision(f"{context(target_platform='Kubernetes')}\n## Summary\n\n{files}").choice("applications")
    assert (choice.value, choice.sure) == ([], sure)


def test_the_comment_beside_a_file_names_the_application_that_it_runs() -> None:
    assert applications("terraform/", "└── run.tf   # ledger-api service (port 8080)") == ["ledger-api"]
    assert applications("terraform/", "└── run.tf   # a service (port 8080)") == []


def test_a_directory_tells_the_whole_name() -> None:
    lines = ("orders-api/", "├── main.py", "k8s/", "├── api-deployment.yaml", "└── web-deployment.yaml")
    assert applications(*lines) == ["orders-api", "web"]
    assert applications("orders-api/", "├── a.py", "stock-api/", "├── b.py", "k8s/", "└── api-deployment.yaml") == [
        "api"
    ]


def test_commands_name_workloads_and_releases_of_charts_in_the_repository() -> None:
    code = (
        "```bash\nkubectl rollout status deployment/shop\nhelm install desk ./deploy/desk\nhelm install x repo/y\n```\n"
    )
    assert applications("k8s/", "└── namespace.yaml", text=code) == ["desk", "shop"]


def test_images_name_applications_where_nothing_else_does() -> None:
    lines = ("shop/", "├── Dockerfile", "└── main.py", "k8s/", "└── namespace.yaml")
    found = decision(CLUSTER + tree(*lines)).choice("applications")
    assert (found.value, found.sure) == (["shop"], False)


def test_services_of_a_cloud_are_no_applications() -> None:
    text = context(services="S3, Lambda", cloud_provider="AWS") + tree("terraform/", "└── main.tf")
    assert decision(text)["applications"] == []


PARTS = "## Summary\n\nDeploy the shop application (Next.js frontend, backend, and Mail Worker) to the cluster.\n\n"


def test_the_parts_in_brackets_are_more_telling_than_the_name_of_one_chart() -> None:
    assert applications("charts/suite/Chart.yaml", "charts/suite/templates/deployment.yaml", text=PARTS) == [
        "backend",
        "frontend",
        "mail-worker",
    ]


def test_files_that_name_what_runs_are_more_telling_than_parts() -> None:
    assert applications("k8s/shop-deployment.yaml", "k8s/mailer-deployment.yaml", text=PARTS) == ["mailer", "shop"]


@pytest.mark.parametrize("listed", ["Java 21, Maven", "frontend, PostgreSQL", "staging and production"])
def test_a_list_in_brackets_of_other_things_names_no_parts(listed: str) -> None:
    text = f"## Summary\n\nDeploy the shop application ({listed}).\n\n"
    assert applications("k8s/base/deployment.yaml", text=text) == []


def test_images_without_a_registry_are_ones_own() -> None:
    text = "## Summary\n\nUses the images (shop-web:latest, redis:7, quay.io/other/tool:1.2).\n\n"
    assert applications("k8s/base/deployment.yaml", text=text) == ["shop-web"]
    assert applications("k8s/base/deployment.yaml", text=text.replace("the images (", "ports (")) == []


def test_services_that_a_cloud_runs_are_no_applications() -> None:
    text = "## Summary\n\nPrivate links for all two {}services (orders, billing).\n\n"
    assert applications("k8s/base/deployment.yaml", text=text.format("")) == ["billing", "orders"]
    assert applications("k8s/base/deployment.yaml", text=text.format("PaaS ")) == []
