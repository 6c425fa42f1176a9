"""Which components a plan installs: a positive and a negative case for each kind of evidence."""

from __future__ import annotations

import pytest

from tests.decide.written import context, decision, plan, tree

CLUSTER = context(target_platform="EKS", primary_dependencies="Helm")
MANIFESTS = tree("k8s/", "└── namespace.yaml")


def components(text: str, title: str = "Platform") -> list[str]:
    return list(decision(f"{text}\n\n{MANIFESTS}" if "```" not in text else text, title)["components"])


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("We install cert-manager on the cluster.", ["cert-manager"]),
        ("The team writes certificates by hand and knows cert-manager.", []),
        ("Deploy Longhorn and Velero, then the services.", ["longhorn", "velero"]),
        ("Deploy the services on a cluster that has Longhorn.", []),
        ("Logs go to Loki (Helm chart of Grafana).", ["loki"]),
        ("Do not install Kyverno.", []),
        ("Install the Cilium CLI and Istio tools.", []),
        ("NEEDS CLARIFICATION: Kyverno installation", []),
        ("Add Grafana dashboards and cert-manager annotations.", []),
        ("Kyverno is installed in a later phase.", []),
        ("We deploy the API with Argo CD.", []),
        ("Add PostgreSQL to the dependencies of the API.", []),
        ("Deploy the PostgreSQL chart in each namespace.", ["postgresql"]),
        ("We deploy PostgreSQL on RDS.", []),
        ("PostgreSQL (StatefulSet) keeps the orders.", ["postgresql"]),
        ("An in-cluster Redis caches them.", ["redis"]),
        ("Redis caches them.", []),
        ("Deploy Redpanda; the API speaks Kafka. Deploy Kafka topics.", ["redpanda"]),
        ("Install Redpanda Cloud credentials.", []),
        ("クラスターにGrafanaを導入する", ["grafana"]),
        ("在集群上安装 KubeVirt", ["kubevirt"]),
        ("Should we install Velero?", []),
        ("CI installs Velero for its runs.", []),
        ("It requires Velero to be installed.", []),
        ("Install the following: Velero, Longhorn.", ["longhorn", "velero"]),
        ("We test two cases: Velero, Longhorn.", []),
        ("The cluster runs Velero and Longhorn.", ["longhorn", "velero"]),
        ("The API runs Velero and Longhorn.", []),
        ("Backups are made by Velero.", ["velero"]),
        ("Backups are watched with alerts of Velero.", []),
        ("metrics-server is enabled.", ["metrics-server"]),
        ("Install these charts:\n\n- Velero\n- Longhorn (one replica)", ["longhorn", "velero"]),
        ("These teams run:\n\n- Velero\n- Longhorn (one replica)", []),
        ("Deploy PostgreSQL (x2) + Neo4j and MinIO.", ["minio", "neo4j", "postgresql"]),
        ("Deploy an API that writes to PostgreSQL and Neo4j.", []),
        ("Add KEDA-based scaling to the service.", []),
        ("Add a policy to the Kong Helm chart.", []),
        ("Install dashboards via ConfigMaps (Kubernetes, Longhorn).", []),
        ("Install a storage layer (Longhorn, MinIO).", ["longhorn"]),
        ("Install kagent and kubectl on the workstation.", []),
        ("Install Velero. Velero is already installed there.", []),
        ("Install EBS CSI. The EBS CSI driver comes as an EKS add-on.", []),
    ],
)
def test_a_sentence_installs_what_its_verb_governs(sentence: str, expected: list[str]) -> None:
    assert components(f"{CLUSTER}## Approach\n\n{sentence}") == expected


def test_a_dependency_alone_is_not_installed_and_leaves_a_doubt() -> None:
    named = context(target_platform="EKS", primary_dependencies="cert-manager, ingress-nginx")
    choice = decision(f"{named}\n\n{MANIFESTS}", "Platform").choice("components")
    assert (choice.value, choice.sure) == ([], False)
    assert decision(f"{CLUSTER}\n\n{MANIFESTS}", "Platform").choice("components").sure


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("- **Ingress**: the load balancer of the cloud + Traefik with cert-manager", ["cert-manager", "traefik"]),
        ("- **Monitoring**: Prometheus metrics", []),
        ("- **Monitoring**: managed Prometheus", []),
        ("- **Ingress**: Traefik (k3s default)", []),
        ("- **Ingress**: NGINX with rate limits", ["ingress-nginx"]),
        ("- **Web server**: NGINX with rate limits", []),
        ("- **Helm charts**: Velero, Longhorn", ["longhorn", "velero"]),
        ("- **Helm values**: Velero, Longhorn", []),
        ("### ADR-3: use Velero for restores", ["velero"]),
        ("### Chapter 3: use Velero for restores", []),
        ("```hcl\nenable_external_dns = true\nenable_karpenter = false\nenable_logs = true\n```", ["external-dns"]),
        ("```yaml\nhelmCharts:\n- name: tidy\n  repo: https://charts.example.org\n```", ["tidy"]),
        ("- **Ingress**: Traefik (already installed)", []),
        ("- **Monitoring**: existing Grafana and Loki", []),
        ("| Risk | Mitigation |\n|---|---|\n| the store is lost | Deploy Velero |", []),
        ("| Step | Work |\n|---|---|\n| the store is kept | Deploy Velero |", ["velero"]),
        ("- **Database**: PostgreSQL via the CloudNativePG operator", ["cloudnative-pg"]),
        ("- **Database**: PostgreSQL", []),
        ("| Component | Technology |\n|---|---|\n| Ingress | Traefik |", ["traefik"]),
        ("| Component | Technology |\n|---|---|\n| API | Flask |", []),
        ("| Release | Chart | Version |\n|---|---|---|\n| one | vmware/velero | 1.2.3 |", ["velero"]),
        ("1. Decision: Velero (because of restores)", ["velero"]),
        ("1. Alternatives considered: Velero", []),
        ("- Addons: metrics-server, ingress, Longhorn", ["longhorn", "metrics-server"]),
        ("- Tools: metrics-server", []),
        ("- **Auto-scaling**: HPA + Cluster Autoscaler", ["cluster-autoscaler"]),
    ],
)
def test_a_role_a_decision_and_a_list_of_addons_name_what_is_installed(line: str, expected: list[str]) -> None:
    assert components(f"{CLUSTER}## Approach\n\n{line}") == expected


def test_what_the_distribution_brings_is_not_installed_by_a_sentence() -> None:
    scaling = "## Approach\n\n- **Auto-scaling**: HPA + Cluster Autoscaler"
    assert components(context(target_platform="AKS", primary_dependencies="Helm") + scaling) == []
    own = tree("k8s/", "└── platform/", "    └── cluster-autoscaler/")
    assert components(context(target_platform="AKS", primary_dependencies="Helm") + own) == ["cluster-autoscaler"]


def test_a_row_with_a_repository_of_charts_installs_databases_too() -> None:
    head = "| Name | Repository |\n|---|---|\n"
    assert components(f"{CLUSTER}## Charts\n\n{head}| neo4j | https://helm.neo4j.com/neo4j |\n") == ["neo4j"]
    assert components(f"{CLUSTER}## Images\n\n{head}| neo4j | https://github.com/neo4j/neo4j |\n") == []


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["k8s/", "└── platform/", "    └── metallb/"], ["metallb"]),
        (["k8s/", "└── platform/", "    └── metallb/   # EXISTING"], []),
        (["k8s/", "└── values/", "    └── loki-values.yaml"], ["loki"]),
        (["k8s/", "└── tests/", "    └── loki-smoke.yaml"], []),
        (["k8s/", "└── db/", "    └── postgres-statefulset.yaml"], ["postgresql"]),
        (["k8s/", "└── redis.yaml"], ["redis"]),
        (["k8s/", "└── kafka/", "    └── topics.yaml"], []),
        (["terraform/", "└── modules/", "    └── redis/", "        └── main.tf"], []),
        (["k8s/", "└── argocd/", "    └── project.yaml"], []),
        (["k8s/", "└── argocd/", "    └── values.yaml"], ["argo-cd"]),
        (["k8s/", "└── addons.yaml   # installs external-dns"], ["external-dns"]),
        (["terraform/", "└── addons.tf   # keda, external-dns"], ["external-dns", "keda"]),
        (["terraform/", "└── addons.tf   # Longhorn claims"], []),
        (["k8s/", "└── pvc.yaml   # claim of Longhorn"], []),
        (["k8s/", "└── deploy-redis.yaml"], ["redis"]),
        (["k8s/", "└── deploy-cache-redis.yaml"], ["redis"]),
        (["k8s/", "└── dapr-components/", "    └── pubsub.yaml"], ["dapr"]),
        (["terraform/", "└── modules/", "    └── keda/", "        └── prometheus.tf"], ["keda"]),
        (["terraform/", "└── modules/", "    ├── ingress-nginx/", "    └── vpc/"], ["ingress-nginx"]),
        (["apps/", "└── opensearch/   # values.yaml"], ["opensearch"]),
        (["apps/", "└── opensearch/   # client of the search"], []),
        (["chart/", "└── Chart.yaml   # deps: minio, postgresql (x2)"], ["minio", "postgresql"]),
        (["chart/", "└── Chart.yaml   # speaks to minio"], []),
        (["k8s/", "└── watch/   # Prometheus/Grafana/Alertmanager values.yaml"], ["kube-prometheus-stack"]),
        (["k8s/", "└── watch/   # Prometheus/Grafana values.yaml"], ["grafana", "prometheus"]),
        (["api/", "└── src/", "    └── kafka/", "        └── consumer.py"], []),
    ],
)
def test_a_tree_installs_what_its_files_are_named_after(lines: list[str], expected: list[str]) -> None:
    assert components(CLUSTER + tree(*lines)) == expected


def test_a_workload_called_db_runs_the_database_of_the_plan() -> None:
    files = tree(
        "chart/", "├── Chart.yaml", "└── templates/", "    ├── api-deployment.yaml", "    └── db-statefulset.yaml"
    )
    assert components(f"{CLUSTER}Orders are kept in PostgreSQL.\n\n{files}") == ["postgresql"]
    assert components(f"{CLUSTER}Orders are kept in files.\n\n{files}") == []


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("helm upgrade --install gw oci://docker.io/envoyproxy/gateway-helm", []),
        ("helm install metrics metrics-server/metrics-server -n kube-system", ["metrics-server"]),
        ("helm install redis ./charts/api", []),
        ("dapr init -k", ["dapr"]),
        ("minikube addons enable metrics-server", ["metrics-server"]),
    ],
)
def test_a_command_installs_its_chart(command: str, expected: list[str]) -> None:
    assert components(f"{CLUSTER}## Steps\n\n```bash\n{command}\n```\n\n{MANIFESTS}") == expected


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("helm repo add acme https://charts.acme.net\nhelm install d acme/dingo", ["dingo"]),
        ("helm install d acme/dingo", []),
        ("dependencies:\n  - name: dingo\n    version: 1.2.3\n    repository: https://charts.acme.net\n", ["dingo"]),
        ("dependencies:\n  - name: dingo\n    version: 1.2.3\n    repository: file://../dingo\n", []),
        ("source:\n  repoURL: https://charts.acme.net\n  chart: dingo\n", ["dingo"]),
        ("source:\n  repoURL: https://git.acme.net/x.git\n  path: dingo\n", []),
    ],
)
def test_a_chart_from_a_repository_is_a_component_by_its_own_name(code: str, expected: list[str]) -> None:
    assert components(f"{CLUSTER}## Steps\n\n```yaml\n{code}\n```\n\n{MANIFESTS}") == expected


def test_a_table_of_addons_installs_them_unless_they_are_there() -> None:
    rows = "| keda | 2.19 | |\n| velero | 12.0 | already there |\n"
    table = f"## Cluster\n\n| Addon | Version | Notes |\n|---|---|---|\n{rows}"
    assert components(CLUSTER + table) == ["keda"]


def test_a_field_named_after_a_role_names_what_fills_it() -> None:
    assert components(context(target_platform="EKS", ingress="Traefik", monitoring="Prometheus + Grafana")) == [
        "grafana", "prometheus", "traefik",
    ]  # fmt: skip
    assert components(context(target_platform="EKS", testing="Traefik")) == []


def test_what_a_stack_holds_is_not_listed_beside_it() -> None:
    text = f"{CLUSTER}We install kube-prometheus-stack. We install Grafana."
    assert components(text) == ["kube-prometheus-stack"]


def test_a_sentence_alone_leaves_doubt_and_a_file_does_not() -> None:
    assert not decision(f"{CLUSTER}We install keda.\n\n{MANIFESTS}").choice("components").sure
    assert decision(CLUSTER + tree("k8s/", "└── platform/", "    └── keda/")).choice("components").sure


def test_what_the_catalogue_does_not_have_is_said_with_its_line() -> None:
    found = decision(f"{CLUSTER}We install Longhorn.\n\n{MANIFESTS}")
    assert [(item.value, item.place.line) for item in found.undelivered if item.field == "components"] == [
        ("longhorn", 8)
    ]


def test_a_name_that_the_catalogue_calls_otherwise_is_delivered_by_its_row() -> None:
    found = decision(f"{CLUSTER}We install Keycloak.\n\n{MANIFESTS}")
    assert found["components"] == ["keycloak"]
    assert [pin["name"] for pin in found["component_pins"]] == ["keycloakx"]


def test_an_operator_is_not_what_a_plain_database_asks_for() -> None:
    rows = "## Deployment Components\n\n| Component | Required |\n|---|---|\n| PostgreSQL | Yes |\n"
    found = decision(CLUSTER + rows + MANIFESTS)
    assert found["component_pins"] == []
    assert [question.field for question in found.questions if question.stops] == ["components"]


def test_offsets_lead_back_to_the_term() -> None:
    text = "Deploy one.\nThen Longhorn and\n  Velero."
    for mention in plan(text).mentions:
        assert mention.statement.text[mention.offset :].startswith(mention.term)


def test_a_file_that_only_configures_leaves_a_doubt() -> None:
    for name, sure in (("prometheus-config.yaml", False), ("prometheus.yaml", True)):
        choice = decision(CLUSTER + tree("k8s/", f"└── {name}"), "Platform").choice("components")
        assert (choice.value, choice.sure) == (["prometheus"], sure)


def test_a_component_in_a_table_without_versions_leaves_a_doubt() -> None:
    for head, sure in (("Purpose", False), ("Version", True)):
        table = f"## Platform\n\n| Component | {head} |\n|---|---|\n| Velero | 1.2.3 |\n\n{MANIFESTS}"
        choice = decision(CLUSTER + table, "Platform").choice("components")
        assert (choice.value, choice.sure) == (["velero"], sure)


def test_without_a_cluster_only_tasks_of_a_cloud_are_installed() -> None:
    cloud = context(target_platform="AWS", language_version="Terraform 1.9")
    module = "    └── keycloak/   # {}"
    for comment, expected in (("ECS task and service", ["keycloak"]), ("client of the login", [])):
        assert components(cloud + tree("terraform/", "└── modules/", module.format(comment))) == expected


def test_the_comment_beside_a_directory_or_a_manifest_says_what_is_in_it() -> None:
    for line, expected in (
        ("└── modules/watch/   # Loki, Grafana", ["grafana", "loki"]),
        ("└── modules/watch/   # Loki speaks to it", []),
        ("└── kafka-cluster.yaml   # brokers of Strimzi", ["strimzi-kafka-operator"]),
        ("└── kafka-cluster.yaml   # brokers", ["kafka"]),
    ):
        assert components(CLUSTER + tree("k8s/", line)) == expected


def test_whoever_runs_a_store_is_installed_in_its_place() -> None:
    files = tree("k8s/", "└── kafka/", "    └── kafka-cluster.yaml")
    assert components(f"{CLUSTER}The brokers are kept alive by Strimzi.\n\n{files}") == ["strimzi-kafka-operator"]
    assert components(f"{CLUSTER}The brokers are not kept alive by Strimzi.\n\n{files}") == ["kafka"]
    assert components(f"{CLUSTER}Prefer Strimzi or Redpanda.\n\n{files}") == ["kafka"]
