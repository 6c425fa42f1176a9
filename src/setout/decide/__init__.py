"""Plan to Decision: small rules, each making one choice with its because and the lines it rests on."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from setout.decide import (
    applications,
    blueprints,
    clouds,
    components,
    environments,
    gitops,
    kubernetes,
    kubernetes_version,
    modules,
    names,
    neighbours,
    outcome,
    pipelines,
    secrets,
    state,
    tenants,
    tools,
)
from setout.decide import questions as open_questions
from setout.errors import UserError
from setout.model import Choice, Decision, Origin, Outcome, Plan, SetAside

Rule = Callable[[Plan, Mapping[str, Choice]], Choice]

# In this order: a rule may look at the choices made before it.
RULES: Mapping[str, Rule] = {
    "tenants": tenants.decide,
    "tenant_details": tenants.details,
    "blueprints": blueprints.decide,
    "other_tools": tools.decide,
    "structure": blueprints.structure,
    "kubernetes": kubernetes.decide,
    "kubernetes_also": kubernetes.others,
    "kubernetes_version": kubernetes_version.decide,
    "clouds": clouds.decide,
    "cloud": clouds.main,
    "region": clouds.region,
    "gitops": gitops.decide,
    "deployment_strategy": gitops.strategy,
    "state_backend": state.decide,
    "state_lock_table": state.lock_table,
    "terraform_modules": modules.decide,
    "secrets": secrets.decide,
    "environments": environments.decide,
    "components": components.decide,
    "component_pins": components.pins,
    "applications": applications.decide,
    "application_details": applications.details,
    "charts": applications.charts,
    "ci": pipelines.decide,
    "project": names.project,
    "title": names.title,
    "feature": names.feature,
    "repository": names.repository,
}
_LISTS = frozenset({"blueprints", "clouds", "environments", "tenants", "components", "applications", "secrets"})


def decide(plan: Plan, settings: Mapping[str, str] | None = None) -> Decision:
    """Decide what `plan` asks for.

    Args:
        settings: answers given on the command line, by the name of the choice; they win over the plan.

    Raises:
        UserError: a setting names no choice.
    """
    given = dict(settings or {})
    unknown = sorted(set(given) - set(RULES))
    if unknown:
        raise UserError(f"--set {unknown[0]}: there is no such choice", f"one of: {', '.join(sorted(RULES))}")
    made: dict[str, Choice] = {}
    for name, rule in RULES.items():
        made[name] = _given(name, given[name]) if name in given else neighbours.fill(rule(plan, made), rule, plan, made)
    asked = open_questions.decide(plan, made)
    verdict, why_none = outcome.decide(plan, made, asked)
    return Decision(
        Outcome(verdict.value),
        verdict.because[0],
        (verdict, why_none, *made.values()),
        asked,
        _undelivered(plan, made),
    )


def _undelivered(plan: Plan, made: Mapping[str, Choice]) -> tuple[SetAside, ...]:
    return (
        *components.undelivered(plan, made),
        *modules.undelivered(plan, made),
        *gitops.undelivered(plan, made),
        *kubernetes_version.unsupported(plan),
    )


def _given(name: str, text: str) -> Choice:
    words = [word.strip() for word in text.split(",") if word.strip()]
    value = words if name in _LISTS else (text.strip() or None)
    return Choice(name, value, (f"--set {name}={text} says so.",), (), Origin.SET)
