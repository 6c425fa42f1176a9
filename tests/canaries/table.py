"""The canaries: one slip each in a delivered repository, and the check that has to notice it, where.

A row is one mutant. `alone` says that nothing else may turn red, so that a run without this check would be green.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

# A file, a passage of it and what becomes of that; of no passage the file is made, and of all ("*") it is deleted.
Change = tuple[str, str, str]


@dataclass(frozen=True)
class Canary:
    """A mutant of the delivered tree `tree`.

    Attributes:
        check: who has to notice, as `terraform validate` or `setout hcl`; `rule`: as what.
        at: a passage of the line that the finding has to point at; of the first file changed, or of `where`.
        says: a passage that the message has to hold.
    """

    name: str
    tree: str
    check: str
    rule: str
    changes: tuple[Change, ...]
    at: str
    where: str = ""
    says: str = ""
    alone: bool = True


def slip(file: str, old: str, new: str) -> tuple[Change, ...]:
    return ((file, old, new),)


def new(file: str, text: str) -> tuple[Change, ...]:
    return ((file, "", text),)


def gone(file: str) -> tuple[Change, ...]:
    return ((file, "*", ""),)


def _of(tree: str, check: str) -> Callable[..., Canary]:
    def make(name: str, rule: str, changes: tuple[Change, ...], at: str, **more: object) -> Canary:
        return Canary(name, tree, check, rule, changes, at, **more)  # type: ignore[arg-type]

    return make


DEV = "terraform/environments/dev"
KMS = "terraform/modules/kms"
CHART = "charts/notification-gateway"
RETAIL = "kubernetes/tenants/retail"
APP = "argocd/applications/prod/platform/cert-manager.yaml"

_fmt = _of("terraform", "terraform fmt")
_validate = _of("terraform", "terraform validate")
_test = _of("terraform", "terraform test")
_hcl = _of("terraform", "setout hcl")
TERRAFORM = (
    _fmt(
        "unformatted",
        "terraform/fmt",
        slip(f"{KMS}/variables.tf", '  description = "Tags', '    description = "Tags'),
        "Tags added",
    ),
    _validate(
        "undeclared variable",
        "terraform/validate",
        slip(f"{DEV}/main.tf", "var.single_nat_gateway", "var.single_nat_gatewya"),
        "gatewya",
        says="single_nat_gatewya",
    ),
    _validate(
        "unknown resource attribute",
        "terraform/validate",
        slip(f"{KMS}/main.tf", "enable_key_rotation ", "enable_key_rotatoin "),
        "rotatoin",
        says="enable_key_rotatoin",
        alone=False,
    ),
    _validate(
        "wrong type",
        "terraform/validate",
        slip(f"{KMS}/main.tf", "= var.deletion_window_days", '= "a fortnight"'),
        "a fortnight",
        says="a number is required",
        alone=False,
    ),
    _test(
        "false assertion",
        "terraform/test",
        slip(f"{KMS}/tests/kms.tftest.hcl", '"alias/acme-dev"', '"alias/acme-prod"'),
        "alias/acme-prod",
        says="The alias has to carry the name",
    ),
    _hcl(
        "missing provider pin",
        "hcl/unpinned-provider",
        slip(
            f"{DEV}/versions.tf",
            '      source  = "hashicorp/aws"\n      version = ">= 5.100.0, < 7.0.0"\n',
            '      source = "hashicorp/aws"\n',
        ),
        "aws = {",
    ),
    _hcl("unreadable", "hcl/unreadable", new(f"{DEV}/sizes.tf", "locals {\n  größe = 1\n}\n"), "größe"),
    _hcl(
        "untyped variable",
        "hcl/untyped-variable",
        slip(f"{KMS}/variables.tf", "  type        = map(string)\n", ""),
        'variable "tags"',
    ),
    _hcl(
        "undescribed variable",
        "hcl/undescribed-variable",
        slip(
            f"{KMS}/variables.tf",
            '  description = "Tags added to every resource."\n  type        = map(string)\n  default     = {}\n',
            "  type    = map(string)\n  default = {}\n",
        ),
        'variable "tags"',
    ),
    _hcl(
        "undescribed output",
        "hcl/undescribed-output",
        slip(
            f"{KMS}/outputs.tf",
            '  description = "ID of the key."\n  value       = aws_kms_key.this.key_id',
            "  value = aws_kms_key.this.key_id",
        ),
        'output "key_id"',
    ),
    _hcl(
        "secret that plans print",
        "hcl/secret-not-sensitive",
        new(
            f"{KMS}/token.tf",
            'variable "api_token" {\n  description = "Opens the door."\n'
            "  type        = string\n  default     = null\n}\n",
        ),
        'variable "api_token"',
    ),
    _hcl(
        "no version of terraform",
        "hcl/required-version",
        slip(f"{DEV}/versions.tf", '  required_version = ">= 1.11.0, < 2.0.0"\n\n', ""),
        "terraform {",
    ),
    _hcl(
        "provider in a module",
        "hcl/provider-in-module",
        new(f"{KMS}/providers.tf", 'provider "aws" {\n  region = var.region\n}\n'),
        'provider "aws"',
    ),
    _hcl(
        "backend in a module",
        "hcl/backend-in-module",
        new(
            f"{KMS}/backend.tf",
            'terraform {\n  backend "s3" {\n    bucket       = "x"\n    key          = "kms"\n'
            '    region       = "eu-west-1"\n    use_lockfile = true\n  }\n}\n',
        ),
        "terraform {",
    ),
    _hcl(
        "incomplete backend",
        "hcl/incomplete-backend",
        slip(f"{DEV}/backend.tf", '    region       = "us-east-2"\n', ""),
        "terraform {",
    ),
    _hcl(
        "unlocked state",
        "hcl/unlocked-state",
        slip(f"{DEV}/backend.tf", "use_lockfile = true", "use_lockfile = false")
        + slip(f"{DEV}/backend.tf", '    dynamodb_table = "ticketing-tflock"\n', ""),
        "terraform {",
    ),
    _hcl(
        "two roots with one state",
        "hcl/shared-state",
        slip(f"{DEV}/backend.tf", "environments/dev/", "environments/prod/"),
        "terraform {",
        where="terraform/environments/prod/backend.tf",
    ),
)

_lint = _of("chart", "helm lint")
_template = _of("chart", "helm template")
_conform = _of("chart", "kubeconform validate")
_sources = _of("chart", "setout sources")
_secrets = _of("chart", "setout secrets")
HELM = (
    _lint(
        "bad Chart.yaml",
        "helm/lint",
        slip(f"{CHART}/Chart.yaml", "version: 0.1.0", "version: one"),
        "version: one",
        alone=False,
    ),
    _lint(
        "icon that is no address",
        "helm/lint",
        slip(f"{CHART}/Chart.yaml", "type: application", "icon: nowhere\ntype: application"),
        "icon: nowhere",
        says="icon",
    ),
    _lint(
        "value against the schema",
        "helm/lint",
        slip(f"{CHART}/values.yaml", "containerPort: 8080", "containerPort: eighty"),
        "containerPort: eighty",
        alone=False,
    ),
    _template(
        "error under one values file",
        "helm/template",
        slip(f"{CHART}/templates/pvc.yaml", ".Values.persistence.size }}", ".Values.persistence.size.of.it }}"),
        "size.of.it",
        says="with ci/persistence-values.yaml",
        alone=False,
    ),
    _template(
        "required without a value",
        "helm/template",
        slip(f"{CHART}/ci/full-values.yaml", "  store:\n    name: platform\n", '  store:\n    name: ""\n'),
        "required",
        where=f"{CHART}/templates/externalsecret.yaml",
        says="externalSecret.store.name",
    ),
    _conform(
        "field that a template misspells",
        "kubeconform/invalid",
        slip(f"{CHART}/templates/deployment.yaml", "enableServiceLinks:", "enableServiceLink:"),
        "enableServiceLink:",
        says="no such field",
    ),
    _sources("yaml that is none", "yaml/unreadable", slip(".yamllint.yaml", "rules:", "rules: }"), "rules: }"),
    _sources("dead link", "link/broken", slip(f"{CHART}/README.md", "\n", "\n[there](nowhere.md)\n"), "nowhere.md"),
    _sources(
        "placeholder",
        "leftover/placeholder",
        slip("renovate.json", "{\n", '{\n  "description": "CHANGEME",\n'),
        "CHANGEME",
    ),
    _sources(
        "unrendered template",
        "leftover/template-marker",
        slip(".yamllint.yaml", "rules:", "# {% if strict %}\nrules:"),
        "{% if strict",
    ),
    _secrets(
        "key in a file", "secret/in-file", slip(".editorconfig", "\n", "\n# AKIAQWERTYUIOPASDFGH\n"), "QWERTYUIOP"
    ),
)

_build = _of("tenants", "kustomize build")
_object = _of("tenants", "kubeconform validate")
_yaml = _of("tenants", "setout sources")
KUBERNETES = (
    _build(
        "overlay that names a missing file",
        "kustomize/build",
        slip("kubernetes/cluster-config/policies/kustomization.yaml", "routes.yaml", "roads.yaml"),
        "roads.yaml",
    ),
    _build(
        "patch without target",
        "kustomize/idle-patch",
        slip(
            "kubernetes/platform/namespaces/kustomization.yaml",
            "labels:\n",
            "patches:\n  - target:\n      kind: Deployment\n      name: nobody\n    patch: |\n"
            "      - op: remove\n        path: /spec\nlabels:\n",
        ),
        "- target:",
        says="nobody",
    ),
    _object(
        "unknown field",
        "kubeconform/invalid",
        slip(f"{RETAIL}/isolation/secrets-reader.yaml", "automountServiceAccountToken", "automountServiceAccountTokn"),
        "automountServiceAccountTokn",
        says="no such field",
    ),
    _object(
        "wrong type",
        "kubeconform/invalid",
        slip(f"{RETAIL}/isolation/secrets-reader.yaml", "Token: false", "Token: never"),
        "Token: never",
    ),
    _object(
        "removed API",
        "kubeconform/removed-api",
        slip(
            f"{RETAIL}/isolation/network-policy.yaml",
            "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: allow-same-namespace",
            "apiVersion: extensions/v1beta1\nkind: NetworkPolicy\nmetadata:\n  name: allow-same-namespace",
        ),
        "extensions/v1beta1",
        says="has no extensions/v1beta1 NetworkPolicy",
    ),
    _object(
        "misspelt field of a custom resource",
        "kubeconform/invalid",
        slip(f"{RETAIL}/isolation/secret-store.yaml", "region:", "regoin:"),
        "regoin:",
        says="no such field",
    ),
    _yaml(
        "key that stands twice",
        "yaml/duplicate-key",
        slip("kubernetes/platform/cert-manager/values-prod.yaml", "\n", "\nsetout: 1\nsetout: 2\n"),
        "setout: 2",
    ),
    _yaml(
        "empty document",
        "yaml/empty-document",
        slip("kubernetes/cluster-config/tests/accepted/tenant-access.yaml", "apiVersion:", "---\n---\napiVersion:"),
        "---\napiVersion:",
    ),
    _of("tenants", "setout secrets")(
        "secret in a manifest",
        "secret/literal-data",
        new(
            "kubernetes/platform/password.yaml",
            "apiVersion: v1\nkind: Secret\nmetadata:\n  name: password\n  namespace: monitoring\n"
            "stringData:\n  password: x\n",
        ),
        "stringData",
    ),
)

_argocd = _of("tenants", "setout argocd")
ARGOCD = (
    _argocd(
        "project of nobody", "argocd/default-project", slip(APP, "project: platform", "project: default"), "project:"
    ),
    _argocd(
        "project that is not there",
        "argocd/unknown-project",
        slip(APP, "project: platform", "project: plattform"),
        "project:",
    ),
    _argocd(
        "project open to all",
        "argocd/open-project",
        slip("argocd/projects/tenant-retail.yaml", "  sourceRepos:\n", '  sourceRepos:\n    - "*"\n'),
        '- "*"',
    ),
    _argocd(
        "source that the project does not admit",
        "argocd/source-not-permitted",
        slip(APP, "https://charts.jetstack.io", "https://charts.jetstack.test"),
        "jetstack.test",
    ),
    _argocd(
        "destination that the project does not admit",
        "argocd/destination-not-permitted",
        slip(APP, "namespace: cert-manager", "namespace: cert-manger"),
        "destination:",
    ),
    _argocd("revision that moves", "argocd/unpinned-revision", slip(APP, '"v1.21.1"', '"v1.*"'), "v1.*"),
    _argocd(
        "path that is not there",
        "argocd/missing-path",
        slip(
            "argocd/applications/prod/platform-namespaces.yaml",
            "kubernetes/platform/namespaces",
            "kubernetes/platform/names",
        ),
        "platform/names",
    ),
    _argocd(
        "values that are not there",
        "argocd/missing-values-file",
        slip(APP, "cert-manager/values.yaml", "cert-manager/value.yaml"),
        "value.yaml",
    ),
)

_tenancy = _of("tenants", "setout tenancy")
TENANCY = (
    _tenancy(
        "tenant without a namespace",
        "tenancy/no-namespace",
        slip(f"{RETAIL}/prod/kustomization.yaml", "  - namespace.yaml\n", "")
        + slip(f"{RETAIL}/staging/kustomization.yaml", "  - namespace.yaml\n", "")
        + gone(f"{RETAIL}/prod/namespace.yaml")
        + gone(f"{RETAIL}/staging/namespace.yaml"),
        "",
        where=f"{RETAIL}/isolation/kustomization.yaml",
    ),
    _tenancy(
        "namespace without bounds",
        "tenancy/unbounded-namespace",
        slip("kubernetes/components/hardened-namespace/kustomization.yaml", "  - limit-range.yaml\n", ""),
        "name: retail-prod",
        where=f"{RETAIL}/prod/namespace.yaml",
        says="has no LimitRange",
    ),
    _tenancy(
        "namespace with a lower standard",
        "tenancy/not-restricted",
        slip(f"{RETAIL}/prod/namespace.yaml", "enforce: restricted", "enforce: baseline"),
        "enforce: baseline",
    ),
    _tenancy(
        "tenant without a project",
        "tenancy/no-project",
        slip("argocd/projects/kustomization.yaml", "  - tenant-retail.yaml\n", "")
        + gone("argocd/projects/tenant-retail.yaml"),
        "",
        where=f"{RETAIL}/isolation/kustomization.yaml",
    ),
    _tenancy(
        "tenant without a state",
        "tenancy/no-state",
        new("terraform/tenants/retail/versions.tf", 'terraform {\n  required_version = ">= 1.11.0"\n}\n'),
        "",
        where="kubernetes/tenants/finance/isolation/kustomization.yaml",
    ),
    _tenancy(
        "project that reaches into another tenant",
        "tenancy/foreign-destination",
        slip(
            "argocd/projects/tenant-retail.yaml",
            "      namespace: retail-prod\n  #",
            "      namespace: finance-prod\n  #",
        ),
        "- server: https://kubernetes.default.svc\n      namespace: finance-prod",
        says="deploys to finance-prod",
    ),
    _tenancy(
        "role for somebody of another tenant",
        "tenancy/foreign-subject",
        slip(f"{RETAIL}/prod/rbac.yaml", '"retail:developers"', '"finance:developers"'),
        "- apiGroup",
        says="binds finance",
    ),
    _tenancy(
        "role in the whole cluster",
        "tenancy/cluster-binding",
        new(
            "kubernetes/platform/readers.yaml",
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata:\n  name: readers\nroleRef:\n"
            "  apiGroup: rbac.authorization.k8s.io\n  kind: ClusterRole\n  name: view\nsubjects:\n"
            "  - apiGroup: rbac.authorization.k8s.io\n    kind: Group\n    name: retail:developers\n",
        ),
        "- apiGroup",
    ),
    _tenancy(
        "role that writes its own bounds",
        "tenancy/own-bounds",
        slip(
            "kubernetes/cluster-config/cluster-roles.yaml",
            "resources: [configmaps, persistentvolumeclaims, serviceaccounts, services]",
            "resources: [configmaps, resourcequotas]",
        ),
        '- apiGroups: [""]\n    resources: [configmaps, resourcequotas]',
    ),
    _tenancy(
        "quota that opens a door",
        "tenancy/open-services",
        slip(f"{RETAIL}/isolation/resource-quota-patch.yaml", 'services.nodeports: "0"', 'services.nodeports: "5"'),
        "hard:",
        says="services.nodeports",
        where="kubernetes/components/hardened-namespace/resource-quota.yaml",
    ),
    _tenancy(
        "policy that lets another tenant in",
        "tenancy/foreign-peer",
        slip(f"{RETAIL}/isolation/network-policy.yaml", "metadata.name: monitoring", "metadata.name: finance-prod"),
        "spec:\n  podSelector: {}\n  policyTypes: [Ingress]\n  ingress:\n    - from:\n        - namespaceSelector:\n"
        "            matchLabels:\n              kubernetes.io/metadata.name: finance-prod",
        says="selects finance",
    ),
)

CANARIES = {canary.name: canary for canary in (*TERRAFORM, *HELM, *KUBERNETES, *ARGOCD, *TENANCY)}
