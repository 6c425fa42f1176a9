"""Where state is kept and where secrets live, each kind of evidence with its contrary."""

from __future__ import annotations

import pytest

from tests.decide.written import context, decision, tree

ROOT = tree("terraform/", "└── main.tf")
CLUSTER = context(target_platform="Kubernetes") + tree("k8s/", "└── namespace.yaml")


def backend(text: str, files: str = ROOT) -> str | None:
    value = decision(text + "\n\n" + files)["state_backend"]
    return None if value is None else str(value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (context(state_backend="S3 with its lock file"), "s3"),
        (context(state_backend="GitLab"), "http"),
        (context(storage="Terraform state in a GCS bucket"), "gcs"),
        (context(storage="S3 for uploads"), None),
        (context(storage="the existing S3 bucket holds the Terraform state"), "s3"),
        (context(constraints="no S3 for Terraform state"), None),
        ("State is kept in Terraform Cloud.", "terraform-cloud"),
        ("Storage accounts keep the Terraform state of each environment.", "azurerm"),
        ("Dapr keeps its state in Redis; files go to S3.", None),
        ("The Kubernetes backend answers the web shop.", None),
        ("Local state, for one person works on it.", "local"),
        ('```hcl\nterraform {\n  backend "gcs" {}\n}\n```', "gcs"),
        ("```hcl\nterraform {\n  cloud {\n  }\n}\n```", "terraform-cloud"),
        ('```hcl\nresource "x" "y" {}\n```', None),
    ],
)
def test_the_state_is_where_a_field_a_block_or_a_sentence_puts_it(text: str, expected: str | None) -> None:
    assert backend(text) == expected


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (("terraform/", "├── main.tf", "└── backend.tf   # remote state in S3"), "s3"),
        (("terraform/", "├── main.tf", "└── storage.tf   # S3 for uploads"), None),
        (("terraform/", "├── main.tf", "└── terraform.tfstate"), "local"),
    ],
)
def test_files_of_the_tree_tell_the_backend(lines: tuple[str, ...], expected: str | None) -> None:
    assert backend("", tree(*lines)) == expected


def test_two_backends_leave_doubt() -> None:
    text = "Terraform state is in S3. Later sentences put the Terraform state into a GCS bucket.\n\n" + ROOT
    assert not decision(text).choice("state_backend").sure


def test_without_terraform_there_is_no_state() -> None:
    assert decision("Terraform state in S3 belongs to others.\n\n" + CLUSTER)["state_backend"] is None


def secrets(text: str, *lines: str) -> list[str]:
    files = context(target_platform="Kubernetes") + tree(*lines) if lines else CLUSTER
    return list(decision(f"{text}\n\n{files}")["secrets"])


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("secret.yaml", ["kubernetes"]),
        ("api-secrets.yaml.example", ["kubernetes"]),
        ("secretary.yaml", []),
        ("sealed-secret.yaml", ["sealed-secrets"]),
        ("external-secret.yaml", ["external-secrets"]),
        ("db.sops.yaml", ["sops"]),
        (".env.example", ["env-file"]),
        ("secret.yaml   # DELETED", []),
    ],
)
def test_files_show_where_secrets_live(name: str, expected: list[str]) -> None:
    assert secrets("", "k8s/", "├── namespace.yaml", f"└── {name}") == expected


@pytest.mark.parametrize(
    ("folder", "expected"),
    [("dapr", ["dapr", "kubernetes"]), ("dapr-components", ["dapr", "kubernetes"]), ("shop", ["external-secrets"])],
)
def test_the_directory_of_a_store_speaks_for_its_files_and_dapr_reads_those_of_the_cluster(
    folder: str, expected: list[str]
) -> None:
    assert secrets("", "k8s/", f"└── {folder}/", "    └── secretstore.yaml") == expected


def test_dapr_reads_another_store_where_one_is_named() -> None:
    lines = ("k8s/", "└── dapr/", "    └── secretstore.yaml")
    assert secrets("## Summary\n\nPasswords are in Azure Key Vault.", *lines) == ["azure-key-vault", "dapr"]


def test_the_secrets_of_a_pipeline_stand_beside_those_of_the_cluster() -> None:
    text = "## Design\n\nGitHub Actions secrets hold the token."
    assert secrets(text, "k8s/", "└── secret.yaml") == ["kubernetes"]
    lines = ("k8s/", "└── secret.yaml", ".github/", "└── workflows/", "    └── deploy.yaml")
    assert secrets(text, *lines) == ["github-actions", "kubernetes"]
    field = context(secrets_management="SOPS with age")
    assert secrets(field + text, *lines[2:]) == ["github-actions", "sops"]


def test_env_files_are_named_wherever_people_work() -> None:
    assert secrets("## Steps\n\nCopy .env.example, then fill in .env and source it.") == []
    assert secrets(context(constraints="passwords stay in .env")) == ["env-file"]


@pytest.mark.parametrize(
    ("store", "steps", "sure"),
    [
        ("GitHub secrets", "Build it.", True),
        ("GitHub secrets", "Read .env.", False),
        ("AWS Secrets Manager", "Read .env.", True),
    ],
)
def test_what_is_left_out_leaves_doubt_where_nothing_else_serves_what_runs(store: str, steps: str, sure: bool) -> None:
    made = decision(f"## Summary\n\nPasswords are in {store}.\n\n## Steps\n\n{steps}\n\n{CLUSTER}")
    assert made.choice("secrets").sure is sure


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("## Design\n\nPasswords are in Azure Key Vault.", ["azure-key-vault"]),
        ("## Design\n\nPasswords are not in Azure Key Vault.", []),
        ("## Design\n\nAzure Key Vault (optional) may hold passwords.", []),
        ("## Design\n\nOne namespace, ConfigMaps and Secrets.", ["kubernetes"]),
        ("## Design\n\nThe secrets of good design.", []),
        ("## Design\n\n```yaml\nkind: SealedSecret\n```", ["sealed-secrets"]),
        ("## Design\n\n```bash\nkubectl create secret generic db\n```", ["kubernetes"]),
        ("## Constitution Check\n\n- Secrets: PASS, all in Vault", ["vault"]),
        ("## Constitution Check\n\n- Speed: PASS, Vault answers at once", []),
        ("## Design\n\nESO makes a Kubernetes Secret of each entry in AWS Secrets Manager.",
         ["aws-secrets-manager", "external-secrets"]),
        (context(secrets_management="SOPS with age") + "Kubernetes Secrets are made by hand.", ["sops"]),
    ],
)  # fmt: skip
def test_sentences_objects_and_gates_tell_where_secrets_live(text: str, expected: list[str]) -> None:
    assert secrets(text) == expected


def test_one_mention_in_passing_leaves_doubt() -> None:
    assert not decision(f"## Design\n\nPasswords are in Doppler.\n\n{CLUSTER}").choice("secrets").sure


def test_secrets_beside_the_invocation_of_services_are_no_objects_of_the_cluster() -> None:
    summary = "## Summary\n\nThe runtime has blocks for {}.\n\n"
    assert decision(summary.format("State, Secrets and Service Invocation") + CLUSTER)["secrets"] == []
    assert decision(summary.format("Secrets and Services") + CLUSTER)["secrets"] == ["kubernetes"]


def test_external_secrets_is_a_name_by_its_capitals_alone() -> None:
    summary = "## Summary\n\nThe chart takes {} for the database.\n\n"
    assert decision(summary.format("an external secret and external secrets") + CLUSTER)["secrets"] == []
    assert decision(summary.format("External Secrets") + CLUSTER)["secrets"] == ["external-secrets"]
