"""What a plan is about: infrastructure, or software that merely runs somewhere."""

from __future__ import annotations

import re

from setout.model import Kind, Plan, Statement, Zone

# Words of the trade. In a title or in the fields that say what is made, they name the subject.
_TRADE = re.compile(
    r"(?<![\w-])(?:infrastructure|iac|terraform|opentofu|terragrunt|kubernetes|k8s|k3s|k3d|minikube|helm|gitops|"
    r"argo ?cd|flux(?:cd)?|kustomize|ansible|bicep|pulumi|cloudformation|cdk(?:tf)?|crossplane|cluster|homelab|"
    r"provision\w*|deployments?|devops|eks|aks|gke|oke|doks|openshift|talos|vpc|vpn|ingress|service mesh|"
    r"containeri[sz]ation|cloud (?:migration|foundation|resources)|landing zone|docker[ -]compose|hcl)(?![\w])",
    re.I,
)
_KEYS = frozenset({"language", "project_type", "tools"})


def infrastructure(plan: Plan) -> tuple[Statement, ...]:
    """The title and the fields that say what is made, where they speak of infrastructure."""
    return tuple(statement for statement in plan.statements if _says(statement) and _TRADE.search(statement.text))


def is_infrastructure(plan: Plan) -> bool:
    return bool(infrastructure(plan))


def software(plan: Plan) -> tuple[Statement, ...]:
    """The lines that show what the plan makes: its language, its type, its summary."""
    keys = ("language", "project_type", "summary", "dependencies")
    fields = [next(iter(plan.fields(key)), None) for key in keys]
    summary = next((s for s in plan.statements if s.zone is Zone.SUMMARY and s.kind is Kind.PROSE), None)
    return tuple(statement for statement in (*fields, summary) if statement)[:3]


def _says(statement: Statement) -> bool:
    is_title = statement.kind is Kind.HEADING and statement.zone is Zone.TITLE
    return is_title or (statement.key in _KEYS and statement.zone is Zone.CONTEXT)
