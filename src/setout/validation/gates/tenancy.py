"""Tenants: what each of them has to have, and what keeps each of them away from the others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from setout.validation.gate import Seen, family, gate
from setout.validation.tools.kubeconform import place
from setout.validation.workbench import Rendered, Stage, Workbench

_WRITES = frozenset({"*", "create", "update", "patch", "delete", "deletecollection"})
_BOUNDS = frozenset({"resourcequotas", "limitranges", "networkpolicies", "roles", "clustersecretstores", "gateways"})
_ENFORCE = "pod-security.kubernetes.io/enforce"


@gate("tenancy/no-namespace", "deliver a namespace called TENANT-ENVIRONMENT")
def tenants_have_namespaces(bench: Workbench) -> Iterator[Seen]:
    """Every tenant has a namespace that starts with its name."""
    homes = _homes(bench)
    for tenant in _tenants(bench):
        yield Seen(_folder(bench, tenant), 1, "" if homes.get(tenant) else tenant)


@gate("tenancy/unbounded-namespace", "use the component that hardens a namespace")
def namespaces_are_bounded(bench: Workbench) -> Iterator[Seen]:
    """A tenant's namespace has a quota, limits, a default-deny policy, an account to deploy with and a role for it."""
    for _, home in _all_homes(bench):
        inside = [thing for thing in bench.rendered if _namespace(thing) == _name(home)]
        kinds = {str(thing.content["kind"]) for thing in inside}
        lacking = [
            kind for kind in ("ResourceQuota", "LimitRange", "RoleBinding", "ServiceAccount") if kind not in kinds
        ]
        if not any(_denies_all(thing) for thing in inside):
            lacking.append("default-deny NetworkPolicy")
        yield _seen(bench, home, ("metadata", "name"), f"{_name(home)} has no {', '.join(lacking)}" if lacking else "")


@gate("tenancy/not-restricted", "label the namespace pod-security.kubernetes.io/enforce: restricted")
def namespaces_are_restricted(bench: Workbench) -> Iterator[Seen]:
    """A tenant's namespace enforces the restricted Pod Security Standard."""
    for _, home in _all_homes(bench):
        level = _mapping(_mapping(home.content.get("metadata")).get("labels")).get(_ENFORCE)
        yield _seen(bench, home, ("metadata", "labels", _ENFORCE), "" if level == "restricted" else _name(home))


@gate("tenancy/no-project", "deliver an AppProject for the tenant")
def tenants_have_projects(bench: Workbench) -> Iterator[Seen]:
    """Where Argo CD deploys, every tenant has a project of its own."""
    projects = {_name(thing) for thing in bench.delivered("AppProject", "argoproj.io/")}
    for tenant in _tenants(bench) if projects else ():
        yield Seen(_folder(bench, tenant), 1, "" if {tenant, f"tenant-{tenant}"} & projects else tenant)


@gate("tenancy/no-state", "deliver terraform/tenants/TENANT with a state of its own")
def tenants_have_states(bench: Workbench) -> Iterator[Seen]:
    """Where tenants have infrastructure, each has a root module of its own."""
    roots = [root for root in bench.survey.roots if "tenants" in root.split("/")[:-1]]
    for tenant in _tenants(bench) if roots else ():
        right = any(root.rpartition("/")[2] == tenant for root in roots)
        yield Seen(_folder(bench, tenant), 1, "" if right else tenant)


@gate("tenancy/foreign-destination", "list the namespaces of this tenant only")
def projects_stay_at_home(bench: Workbench) -> Iterator[Seen]:
    """A tenant's project deploys to namespaces of that tenant only."""
    tenants = _tenants(bench)
    for project in bench.delivered("AppProject", "argoproj.io/"):
        tenant = _name(project).removeprefix("tenant-")
        if tenant in tenants:
            for number, item in enumerate(_mapping(project.content.get("spec")).get("destinations") or ()):
                namespace = str(_mapping(item).get("namespace", ""))
                wrong = "" if _owner(namespace, tenants) == tenant else f"{_name(project)} deploys to {namespace}"
                yield _seen(bench, project, ("spec", "destinations", number), wrong)


@gate("tenancy/foreign-subject", "bind people and accounts of this tenant only")
def bindings_stay_at_home(bench: Workbench) -> Iterator[Seen]:
    """No role in a tenant's namespace is bound to somebody of another tenant."""
    tenants = _tenants(bench)
    for binding in bench.delivered("RoleBinding", "rbac.authorization.k8s.io/"):
        home = _owner(_namespace(binding), tenants)
        if home:
            for number, subject in enumerate(binding.content.get("subjects") or ()):
                other = _owner_of_subject(_mapping(subject), tenants)
                wrong = f"{_name(binding)} in {_namespace(binding)} binds {other}" if other not in ("", home) else ""
                yield _seen(bench, binding, ("subjects", number), wrong)


@gate("tenancy/cluster-binding", "bind the role in the tenant's namespaces instead")
def tenants_have_no_cluster_roles(bench: Workbench) -> Iterator[Seen]:
    """No role is bound to a tenant in the whole cluster."""
    tenants = _tenants(bench)
    for binding in bench.delivered("ClusterRoleBinding", "rbac.authorization.k8s.io/") if tenants else ():
        for number, subject in enumerate(binding.content.get("subjects") or ()):
            owner = _owner_of_subject(_mapping(subject), tenants)
            wrong = f"{_name(binding)} binds {owner}" if owner else ""
            yield _seen(bench, binding, ("subjects", number), wrong)


@gate("tenancy/own-bounds", "leave these kinds to the platform")
def tenants_cannot_change_their_bounds(bench: Workbench) -> Iterator[Seen]:
    """No role that a tenant has may write what bounds the tenant: quotas, limits, policies, roles, stores, gateways."""
    tenants = _tenants(bench)
    bindings = bench.delivered("RoleBinding", "rbac.authorization.k8s.io/")
    granted = {_mapping(item.content.get("roleRef")).get("name") for item in bindings if _bound_for(item, tenants)}
    roles = bench.delivered("ClusterRole", "rbac.authorization.k8s.io/")
    for role in (item for item in roles if _name(item) in granted):
        for number, rule in enumerate(role.content.get("rules") or ()):
            written = set(_mapping(rule).get("verbs") or ()) & _WRITES
            touched = _BOUNDS | {"*"} if written else frozenset[str]()
            wrong = sorted(touched & set(_mapping(rule).get("resources") or ()))
            yield _seen(bench, role, ("rules", number), f"{_name(role)} writes {', '.join(wrong)}" if wrong else "")


@gate("tenancy/open-services", 'set services.loadbalancers and services.nodeports to "0"')
def quotas_forbid_doors(bench: Workbench) -> Iterator[Seen]:
    """A tenant's quota admits no LoadBalancer and no NodePort: traffic enters through the shared gateway."""
    tenants = _tenants(bench)
    for quota in bench.delivered("ResourceQuota", "v1"):
        if _owner(_namespace(quota), tenants):
            hard = _mapping(_mapping(quota.content.get("spec")).get("hard"))
            open_doors = [key for key in ("services.loadbalancers", "services.nodeports") if str(hard.get(key)) != "0"]
            wrong = f"{_namespace(quota)}: {', '.join(open_doors)}" if open_doors else ""
            yield _seen(bench, quota, ("spec", "hard"), wrong)


@gate("tenancy/foreign-peer", "take the other tenant out of the policy")
def policies_admit_no_other_tenant(bench: Workbench) -> Iterator[Seen]:
    """No network policy of a tenant lets another tenant in, or reaches out to one."""
    tenants = _tenants(bench)
    for policy in bench.delivered("NetworkPolicy", "networking.k8s.io/"):
        home = _owner(_namespace(policy), tenants)
        if home:
            others = {_owner(value, tenants) for value in _selected(policy)} - {"", home}
            wrong = f"{_name(policy)} in {_namespace(policy)} selects {', '.join(sorted(others))}" if others else ""
            yield _seen(bench, policy, ("spec",), wrong)


GATES = (
    tenants_have_namespaces,
    namespaces_are_bounded,
    namespaces_are_restricted,
    tenants_have_projects,
    tenants_have_states,
    projects_stay_at_home,
    bindings_stay_at_home,
    tenants_have_no_cluster_roles,
    tenants_cannot_change_their_bounds,
    quotas_forbid_doors,
    policies_admit_no_other_tenant,
)
CHECKS = family("tenancy", "tenant", GATES, Stage.RENDERED)


def _tenants(bench: Workbench) -> tuple[str, ...]:
    """The tenants: those answered, else the folders below `tenants` in a Kubernetes tree."""
    return bench.once("tenants", lambda: _answered(bench) or _found(bench))


def _answered(bench: Workbench) -> tuple[str, ...]:
    tenants = bench.answers().get("tenants") or ()
    return tuple(sorted(str(item["name"]) for item in tenants if isinstance(item, Mapping) and "name" in item))


def _found(bench: Workbench) -> tuple[str, ...]:
    found = set()
    for folder in bench.survey.kustomizations:
        parts = folder.split("/")
        if "tenants" in parts[:-1]:
            found.add(parts[parts.index("tenants") + 1])
    return tuple(sorted(found))


def _folder(bench: Workbench, tenant: str) -> str:
    """The folder of a tenant, or the answers that name it."""
    named = [path for path in bench.survey.files if f"tenants/{tenant}/" in path]
    return named[0] if named else ".copier-answers.yml"


def _owner(namespace: str, tenants: Sequence[str]) -> str:
    """The tenant to whom a namespace belongs by its name; "" if to none. The longest name that fits decides."""
    fitting = [tenant for tenant in tenants if namespace == tenant or namespace.startswith(f"{tenant}-")]
    return max(fitting, key=len, default="")


def _owner_of_subject(subject: Mapping[str, Any], tenants: Sequence[str]) -> str:
    if subject.get("kind") == "ServiceAccount":
        return _owner(str(subject.get("namespace", "")), tenants)
    return _owner(str(subject.get("name", "")).replace(":", "-"), tenants)


def _bound_for(binding: Rendered, tenants: Sequence[str]) -> bool:
    return bool(_owner(_namespace(binding), tenants))


def _homes(bench: Workbench) -> dict[str, list[Rendered]]:
    """The namespaces of each tenant, each once."""
    tenants = _tenants(bench)
    found: dict[str, dict[str, Rendered]] = {}
    for thing in bench.delivered("Namespace", "v1"):
        owner = _owner(_name(thing), tenants)
        if owner:
            found.setdefault(owner, {}).setdefault(_name(thing), thing)
    return {tenant: list(homes.values()) for tenant, homes in found.items()}


def _all_homes(bench: Workbench) -> Iterator[tuple[str, Rendered]]:
    for tenant, homes in sorted(_homes(bench).items()):
        yield from ((tenant, home) for home in homes)


def _denies_all(thing: Rendered) -> bool:
    """Whether a policy selects every pod and lets nothing in and nothing out."""
    spec = _mapping(thing.content.get("spec"))
    is_policy = thing.content["kind"] == "NetworkPolicy" and not spec.get("podSelector")
    both = {"Ingress", "Egress"} <= set(spec.get("policyTypes") or ())
    return is_policy and both and not spec.get("ingress") and not spec.get("egress")


def _selected(policy: Rendered) -> Iterator[str]:
    """The values of labels by which a policy selects other namespaces."""
    spec = _mapping(policy.content.get("spec"))
    for direction, key in (("ingress", "from"), ("egress", "to")):
        for rule in spec.get(direction) or ():
            for peer in _mapping(rule).get(key) or ():
                selector = _mapping(_mapping(peer).get("namespaceSelector"))
                yield from (str(value) for value in _mapping(selector.get("matchLabels")).values())
                for expression in selector.get("matchExpressions") or ():
                    if _mapping(expression).get("operator") == "In":
                        yield from (str(value) for value in _mapping(expression).get("values") or ())


def _seen(bench: Workbench, thing: Rendered, where: Sequence[str | int], wrong: str) -> Seen:
    return Seen(*place(bench, thing, where), wrong)


def _name(thing: Rendered) -> str:
    return str(_mapping(thing.content.get("metadata")).get("name", ""))


def _namespace(thing: Rendered) -> str:
    return str(_mapping(thing.content.get("metadata")).get("namespace", ""))


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
