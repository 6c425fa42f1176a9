"""Decision to Answers: plain JSON for Copier, computed here so that blueprints stay templates."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping, Sequence

from setout.decide.clouds import DELIVERED
from setout.decide.environments import tier
from setout.decide.tenants import check_name
from setout.errors import OpenQuestions, PlanError
from setout.model import JSON, Answers, Choice, Decision, Plan
from setout.vocabulary import catalogue

# Private space for environments: one /16 each. 10.255 stays free for peering and VPN.
_NETWORK = ipaddress.ip_network("10.0.0.0/8")
_DEFAULT_ENVIRONMENTS = ("dev", "staging", "prod")
_LOCAL_DISTRIBUTIONS = frozenset({"minikube", "kind", "k3d"})
_DISTRIBUTIONS = frozenset({"eks", "generic", "k3s", "kind", "k3d", "minikube"})
_STORES = ("aws-secrets-manager", "vault", "sealed-secrets", "kubernetes")
_EXPLAINED = ("structure", "cloud", "kubernetes", "gitops", "state_backend", "secrets", "environments", "tenants")
# Roles, clusters and namespaces are called <project>-<environment> or <tenant>-<environment>; AWS allows 64 characters
# for a role, EKS 40 for what its add-ons derive, Kubernetes 63 for a namespace.
_LENGTHS = {"tenants": 24, "environments": 16, "applications": 40, "charts": 40}
DOCUMENTS = ("contracts", "quickstart", "research")


def answer(
    plan: Plan,
    decision: Decision,
    *,
    recorded: Mapping[str, JSON] | None = None,
    documents: Sequence[str] = DOCUMENTS,
) -> Answers:
    """The answers to every recorded question of the template.

    Args:
        recorded: the answers of an earlier delivery; what must not change (address ranges) is kept.
        documents: which documents of the feature directory the template writes.

    Raises:
        PlanError: a name in the plan cannot be the name of a directory, a namespace or a cloud resource.
    """
    check_reach(plan, decision)
    _check_names(plan, decision)
    before = recorded or {}
    cloud = decision["cloud"] or "none"
    repository = str(decision["repository"])
    values: dict[str, JSON] = {
        "structure": _structure(decision),
        "blueprints": _blueprints(decision),
        "project": decision["project"],
        "title": decision["title"],
        "summary": plan.summary,
        "feature": decision["feature"],
        "repository": repository,
        "repository_url": f"https://{decision['ci']}.com/{repository}.git",
        "owner": f"@{repository.split('/', maxsplit=1)[0]}/platform",
        "ci": decision["ci"],
        "environments": _environments(decision, before.get("environments", [])),
        "decisions": [_explained(decision.choice(field)) for field in _EXPLAINED],
        "documents": sorted(documents),
        "cloud": cloud,
        "region": decision["region"],
        "terraform_modules": decision["terraform_modules"],
        "state_backend": _state_backend(decision, cloud),
        "state_bucket": f"{decision['project']}-tfstate",
        "state_lock_table": f"{decision['project']}-tflock" if decision["state_lock_table"] else "",
        "kubernetes": _distribution(decision, cloud),
        "kubernetes_version": decision["kubernetes_version"],
        "secrets_store": _secrets_store(decision, cloud),
        "components": _components(decision),
        "applications": decision["application_details"],
        "tenants": decision["tenant_details"],
        "gitops": "argocd" if "argocd" in decision["blueprints"] else "none",
        "charts": _charts(decision),
    }
    return Answers(values)


def _blueprints(decision: Decision) -> list[str]:
    """Those of the plan; and since Argo CD applies what stands below kubernetes/, never Argo CD without it."""
    chosen = set(decision["blueprints"])
    return sorted(chosen | ({"kubernetes"} if "argocd" in chosen else set()))


def _structure(decision: Decision) -> str:
    """The tree that is delivered: a chart with manifests beside it is laid out as several tools."""
    both = {"helm-chart", "kubernetes"} <= set(decision["blueprints"])
    return "multi-tool" if both and decision["structure"] == "helm-chart" else str(decision["structure"])


def check_reach(plan: Plan, decision: Decision) -> None:
    """Refuse a plan whose Terraform no blueprint can build.

    Raises:
        PlanError: the plan names a cloud for which there is no blueprint.
        OpenQuestions: the plan names no cloud at all.
    """
    cloud = decision.choice("cloud")
    if cloud.value is not None:
        return
    line = min(cloud.lines, default=min(decision.choice("blueprints").lines, default=1))
    hint = (
        f"answer with --set cloud=..., one of: {', '.join(DELIVERED)}; or leave Terraform out with --set blueprints=..."
    )
    kind = PlanError if cloud.lines else OpenQuestions
    raise kind(f"{plan.path}:{line}: {cloud.because[0].rstrip('.')}", hint)


def _check_names(plan: Plan, decision: Decision) -> None:
    for field, limit in _LENGTHS.items():
        choice = decision.choice(field)
        for name in choice.value:
            if not check_name(name, limit):
                line = _line_of(plan, name, choice)
                raise PlanError(
                    f"{plan.path}:{line}: '{name}' cannot be the name of one of the {field}",
                    f"use a DNS label: lower-case letters, digits and single hyphens, {limit} characters at most",
                )


def _line_of(plan: Plan, name: str, choice: Choice) -> int:
    for statement in plan.statements:
        offset = statement.text.find(name)
        if offset >= 0 and statement.line_at(offset) in choice.lines:
            return statement.line_at(offset)
    return min(choice.lines, default=1)


def _environments(decision: Decision, recorded: JSON) -> list[JSON]:
    """Name, tier and an address range each; a range once given stays with its name."""
    names = decision["environments"] or (
        ["local"] if decision["kubernetes"] in _LOCAL_DISTRIBUTIONS else list(_DEFAULT_ENVIRONMENTS)
    )
    kept = {item["name"]: item["cidr"] for item in recorded if item.get("name") in names}
    free = (str(block) for block in _NETWORK.subnets(new_prefix=16) if str(block) not in set(kept.values()))
    return [{"name": name, "tier": tier(name), "cidr": kept.get(name) or next(free)} for name in names]


def _explained(choice: Choice) -> JSON:
    value = ", ".join(choice.value) if isinstance(choice.value, list) else str(choice.value or "none")
    return {"field": choice.field, "value": value, "because": " ".join(choice.because)}


def _state_backend(decision: Decision, cloud: str) -> str:
    known = {"s3", "terraform-cloud", "http", "local"}
    stated = decision["state_backend"]
    if stated in known:
        return str(stated)
    return "s3" if cloud == "aws" else "local"


def _distribution(decision: Decision, cloud: str) -> str:
    stated = decision["kubernetes"]
    if stated in _DISTRIBUTIONS:
        return str(stated)
    return "eks" if cloud == "aws" and stated is None else "generic"


def _secrets_store(decision: Decision, cloud: str) -> str:
    for store in _STORES:
        if store in decision["secrets"]:
            return store
    return "aws-secrets-manager" if cloud == "aws" else "kubernetes"


def _components(decision: Decision) -> list[JSON]:
    """The components of the plan, and those without which one of them does not work (the catalogue's `requires`)."""
    chosen = {item["name"]: item for item in decision["component_pins"]}
    provided = {name for item in chosen for name in catalogue().get(item, {}).get("provides", ())}
    waiting = list(chosen)
    while waiting:
        for name in catalogue().get(waiting.pop(), {}).get("requires", ()):
            if name not in chosen and name not in provided:
                chosen[name] = {"name": name}
                waiting.append(name)
    return [chosen[name] for name in sorted(chosen)]


def _charts(decision: Decision) -> list[JSON]:
    known = {item["name"]: item for item in decision["application_details"]}
    names = decision["charts"]
    if "helm-chart" in decision["blueprints"] and not names:
        names = [decision["project"]]
    return [
        {key: value for key, value in known.get(name, {"name": name}).items() if key in _CHART_KEYS} for name in names
    ]


_CHART_KEYS = frozenset({"name", "image", "tag", "port"})


# The choices that each answer rests on: the first of them of which the plan speaks. `answer` above computes them so.
RESTS_ON: Mapping[str, tuple[str, ...]] = {
    "structure": ("structure",),
    "blueprints": ("blueprints",),
    "project": ("project",),
    "title": ("title",),
    "summary": (),
    "feature": ("feature",),
    "repository": ("repository",),
    "repository_url": ("repository", "ci"),
    "owner": ("repository",),
    "ci": ("ci",),
    "environments": ("environments", "kubernetes"),
    "decisions": (),
    "documents": (),
    "cloud": ("cloud",),
    "region": ("region",),
    "terraform_modules": ("terraform_modules", "structure"),
    "state_backend": ("state_backend", "cloud"),
    "state_bucket": ("project",),
    "state_lock_table": ("state_lock_table",),
    "kubernetes": ("kubernetes", "cloud"),
    "kubernetes_version": ("kubernetes_version",),
    "secrets_store": ("secrets", "cloud"),
    "components": ("component_pins", "components"),
    "applications": ("application_details", "applications"),
    "tenants": ("tenant_details", "tenants"),
    "gitops": ("gitops", "blueprints"),
    "charts": ("charts", "application_details"),
}
