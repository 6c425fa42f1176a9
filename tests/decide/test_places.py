"""Where it runs: clouds, distributions and who applies the manifests, from fields, weight and what follows."""

from __future__ import annotations

import pytest

from tests.decide.written import context, decision, tree

FILES = tree("infra/main.tf")


def clouds(text: str) -> list[str]:
    found: list[str] = decision(text)["clouds"]
    return found


def clusters(text: str) -> tuple[str | None, list[str]]:
    made = decision(text)
    return made["kubernetes"], made["kubernetes_also"]


def test_the_field_for_the_cloud_wins() -> None:
    text = context(cloud_provider="Google Cloud", dependencies="hashicorp/aws for one bucket")
    assert clouds(text) == ["gcp"]


@pytest.mark.parametrize(
    ("platform", "expected"),
    [
        ("EKS", ["aws"]),
        ("minikube", ["local"]),
        ("AKS and GKE", ["azure", "gcp"]),
        ("GCP-hosted services", ["gcp"]),
        ("an EKS-backed cluster", ["aws"]),
        ("AWSome tooling", []),
        ("a Kubernetes cluster in the cloud or on-premises", []),
        ("Kubernetes auf homelab-node-7", ["on-premise"]),
        ("全部部署到AWS上", ["aws"]),
        ("some kind of cluster", []),
        ("a cluster in kind, or k3d", ["local"]),
    ],
)
def test_the_platform_names_the_place(platform: str, expected: list[str]) -> None:
    assert clouds(context(target_platform=platform) + FILES) == expected


def test_a_cloud_in_passing_does_not_stand_beside_the_one_that_is_meant() -> None:
    much = "## Summary\n\nBuild the network on AWS.\n\nAWS holds the state.\n\n" + context(
        dependencies="hashicorp/aws", target_platform="AWS", scale="three AWS accounts"
    )
    assert clouds(much + "**Structure Decision**: laid out so that Azure fits, too\n") == ["aws"]


def test_a_cluster_that_people_install_stands_on_their_own_machines_which_is_unsure() -> None:
    made = decision(context(target_platform="k3s") + FILES)
    assert made["clouds"] == ["on-premise"]
    assert not made.choice("clouds").sure
    assert clouds(context(target_platform="k3s on Hetzner", dependencies="hcloud") + FILES) == ["hetzner"]


def test_what_only_stands_in_front_of_machines_has_none_for_a_cluster_of_their_own() -> None:
    front = decision(context(target_platform="k3s", dependencies="Cloudflare provider") + FILES)
    assert front["clouds"] == ["cloudflare", "on-premise"]
    assert not front.choice("clouds").sure
    assert clouds(context(dependencies="Cloudflare provider", scale="one Cloudflare zone") + FILES) == ["cloudflare"]


def test_a_cluster_on_which_it_is_validated_is_for_trials() -> None:
    text = context(target_platform="any Kubernetes cluster; validated on minikube", testing="minikube")
    assert clusters(text + tree("k8s/namespace.yaml"))[0] == "generic"
    assert clusters(context(target_platform="minikube, a small one") + tree("k8s/namespace.yaml"))[0] == "minikube"


def test_a_single_word_of_kubernetes_where_nothing_is_built_for_one_leaves_doubt() -> None:
    word = "**Structure Decision**: room for networking, Kubernetes and others\n\n"
    assert not decision(word + FILES).choice("kubernetes").sure
    assert decision(word + tree("k8s/namespace.yaml")).choice("kubernetes").sure


@pytest.mark.parametrize(
    ("text", "sure"),
    [("## Summary\n\nDelivery by GitOps.\n\n", False), ("## Summary\n\nGitOps with Flux.\n\n", True), ("", True)],
)
def test_gitops_without_a_tool_leaves_doubt(text: str, sure: bool) -> None:
    assert decision(text + tree("k8s/namespace.yaml")).choice("gitops").sure is sure


@pytest.mark.parametrize(
    ("text", "sure"),
    [
        (context(target_platform="any cluster: plain, AWS, others"), False),
        (context(target_platform="AWS", dependencies="hashicorp/aws"), True),
        (context(target_platform="EKS"), True),
        (context(target_platform="minikube now, EKS later"), False),
        (context(cloud_provider="AWS", target_platform="minikube now, AKS later"), True),
    ],
)
def test_a_cloud_that_one_line_names_or_that_is_put_off_leaves_doubt(text: str, sure: bool) -> None:
    assert decision(text + FILES).choice("clouds").sure is sure


def test_a_machine_and_no_cloud_is_a_machine_of_their_own() -> None:
    assert clouds(context(language="HCL", target_platform="Docker Engine on Debian") + FILES) == ["on-premise"]
    assert clouds(context(language="Go", project_type="service", target_platform="Linux server")) == []


def test_a_named_distribution_beats_plain_kubernetes() -> None:
    assert clusters(context(target_platform="Kubernetes 1.34 on EKS")) == ("eks", [])


def test_further_distributions_are_listed() -> None:
    assert clusters(context(target_platform="AKS, EKS or GKE")) == ("aks", ["eks", "gke"])


def test_a_cluster_that_is_there_is_a_target_too() -> None:
    assert clusters(context(target_platform="the existing EKS cluster")) == ("eks", [])


def test_a_cluster_for_trials_is_no_main_target_beside_another() -> None:
    text = context(target_platform="any Kubernetes 1.34; minikube for local testing", testing="minikube")
    assert clusters(text) == ("generic", ["minikube"])
    assert clusters(context(target_platform="minikube for local testing")) == ("minikube", [])
    assert clusters(context(target_platform="Kubernetes 1.34 (minikube)")) == ("minikube", [])


@pytest.mark.parametrize(
    ("text", "tool"),
    [
        (context(project_type="GitOps with Flux"), "flux"),
        ("## Summary\n\nThe existing Argo CD deploys it.\n", "argocd"),
        ("## Summary\n\nMigrate from Flux to Argo CD. Flux is removed.\n", "argocd"),
        (tree("argocd/root.yaml"), "argocd"),
        ("## Summary\n\nThe pipeline deploys it, not Argo CD.\n", None),
    ],
)
def test_who_applies_the_manifests(text: str, tool: str | None) -> None:
    assert decision(text)["gitops"] == tool


PROXY = "## Summary\n\nAn EC2 instance behind Cloudflare runs the proxy.\n\n" + context(target_platform="AWS")


def test_files_of_terraform_for_a_cloud_bear_out_what_is_said_of_it() -> None:
    assert clouds(PROXY + tree("infra/dns.tf   # Cloudflare records", "infra/main.tf")) == ["aws", "cloudflare"]
    assert clouds(PROXY + tree("infra/main.tf", "docs/dns.md   # Cloudflare records")) == ["aws"]


def test_a_file_for_later_bears_out_nothing() -> None:
    assert clouds(PROXY + tree("infra/main.tf", "infra/dns.tf   # future: Cloudflare records")) == ["aws"]
