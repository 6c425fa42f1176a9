from __future__ import annotations

from pathlib import Path

import pytest

from setout.validation.gates import tenancy
from tests.trees import broken, only, spots, validate


def home(tenant: str) -> str:
    return f"""apiVersion: v1
kind: Namespace
metadata:
  name: {tenant}-prod
  labels:
    pod-security.kubernetes.io/enforce: restricted
---
apiVersion: v1
kind: ResourceQuota
metadata:
  name: default
  namespace: {tenant}-prod
spec:
  hard:
    services.loadbalancers: "0"
    services.nodeports: "0"
---
apiVersion: v1
kind: LimitRange
metadata:
  name: default
  namespace: {tenant}-prod
spec:
  limits:
    - type: Container
---
apiVersion: v1
kind: ServiceAccount
metadata:
  name: deployer
  namespace: {tenant}-prod
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: deployer
  namespace: {tenant}-prod
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: tenant-deployer
subjects:
  - kind: ServiceAccount
    name: deployer
    namespace: {tenant}-prod
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: default-deny
  namespace: {tenant}-prod
spec:
  podSelector: {{}}
  policyTypes: [Ingress, Egress]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: from-gateway
  namespace: {tenant}-prod
spec:
  podSelector: {{}}
  policyTypes: [Ingress]
  ingress:
    - from:
        - namespaceSelector:
            matchLabels:
              kubernetes.io/metadata.name: gateway
"""


def project(tenant: str) -> str:
    return f"""apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata:
  name: tenant-{tenant}
  namespace: argocd
spec:
  sourceRepos: [https://git.example.org/{tenant}/app.git]
  destinations:
    - server: https://kubernetes.default.svc
      namespace: {tenant}-prod
"""


ROLES = """apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: tenant-deployer
rules:
  - apiGroups: [apps]
    resources: [deployments]
    verbs: [create, get]
  - apiGroups: [networking.k8s.io]
    resources: [networkpolicies]
    verbs: [get]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: viewers
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: view
subjects:
  - apiGroup: rbac.authorization.k8s.io
    kind: Group
    name: platform:viewers
"""
BLUE = "kubernetes/tenants/blue/all.yaml"
RED = "kubernetes/tenants/red/all.yaml"
STATE = 'output "a" {\n  description = "x"\n  value       = 1\n}\n'
GOOD = {
    ".copier-answers.yml": "tenants:\n  - name: blue\n  - name: red\n",
    BLUE: home("blue"),
    RED: home("red"),
    "argocd/blue.yaml": project("blue"),
    "argocd/red.yaml": project("red"),
    "kubernetes/roles.yaml": ROLES,
    "terraform/tenants/blue/main.tf": STATE,
    "terraform/tenants/red/main.tf": STATE,
}


def without(name: str) -> dict[str, str]:
    return {path: text for path, text in GOOD.items() if path != name}


MUTANTS = {
    "tenancy/no-namespace": (without(BLUE), ("terraform/tenants/blue/main.tf", 1)),
    "tenancy/unbounded-namespace": (broken(GOOD, BLUE, "kind: LimitRange", "kind: ConfigMap"), (BLUE, 4)),
    "tenancy/not-restricted": (broken(GOOD, BLUE, "enforce: restricted", "enforce: baseline"), (BLUE, 6)),
    "tenancy/no-project": (without("argocd/red.yaml"), (RED, 1)),
    "tenancy/no-state": (without("terraform/tenants/red/main.tf"), (RED, 1)),
    "tenancy/foreign-destination": (
        broken(GOOD, "argocd/red.yaml", "namespace: red-prod", "namespace: blue-prod"),
        ("argocd/red.yaml", 9),
    ),
    "tenancy/foreign-subject": (
        broken(GOOD, BLUE, "    name: deployer\n    namespace: blue", "    name: deployer\n    namespace: red"),
        (BLUE, 43),
    ),
    "tenancy/cluster-binding": (
        broken(GOOD, "kubernetes/roles.yaml", "platform:viewers", "blue:viewers"),
        ("kubernetes/roles.yaml", 22),
    ),
    "tenancy/own-bounds": (
        broken(GOOD, "kubernetes/roles.yaml", "verbs: [get]", "verbs: [get, patch]"),
        ("kubernetes/roles.yaml", 9),
    ),
    "tenancy/open-services": (broken(GOOD, BLUE, 'services.nodeports: "0"', 'services.nodeports: "1"'), (BLUE, 14)),
    "tenancy/foreign-peer": (broken(GOOD, BLUE, "metadata.name: gateway", "metadata.name: red-prod"), (BLUE, 61)),
}


def found(tmp_path: Path, files: dict[str, str]) -> list[tuple[str, str, int]]:
    return spots(only(validate(tmp_path, files), "setout", "tenancy"))


def test_tenants_that_are_kept_apart_pass(tmp_path: Path) -> None:
    assert found(tmp_path, GOOD) == []


@pytest.mark.parametrize("gate", tenancy.GATES, ids=lambda gate: gate.rule)
def test_each_gate_sees_its_mutant(tmp_path: Path, gate: object) -> None:
    rule = gate.rule  # type: ignore[attr-defined]
    files, place = MUTANTS[rule]
    assert (rule, *place) in found(tmp_path, files)


def test_a_default_deny_that_lets_something_in_denies_nothing(tmp_path: Path) -> None:
    deny = "  podSelector: {}\n  policyTypes: [Ingress, Egress]\n"
    files = broken(GOOD, BLUE, deny, deny + "  ingress: [{}]\n")
    assert ("tenancy/unbounded-namespace", BLUE, 4) in found(tmp_path, files)


def test_a_tenant_whose_name_begins_like_anothers_keeps_its_own(tmp_path: Path) -> None:
    files = {name.replace("red", "blue-two"): text.replace("red-", "blue-two-") for name, text in GOOD.items()}
    files = {
        name: text.replace("tenant-red", "tenant-blue-two").replace("name: red", "name: blue-two")
        for name, text in files.items()
    }
    assert found(tmp_path, files) == []
