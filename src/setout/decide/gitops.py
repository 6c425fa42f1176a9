"""Who applies the manifests, and how components are deployed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from setout.decide.because import from_evidence, silent
from setout.decide.evidence import stated, tally
from setout.model import Choice, Origin, Place, Plan, SetAside, Zone

_TOOLS = ("argocd", "flux")
_THRESHOLD = 3
_GITOPS = re.compile(r"\bgitops\b", re.I)
_TELLING = frozenset({Zone.TITLE, Zone.SUMMARY, Zone.CONTEXT})
_STRATEGIES = (
    ("kustomize-only", "kustomize-only"),
    ("kustomize only", "kustomize-only"),
    ("raw", "raw-manifests"),
    ("helm", "helm-first"),
)
_PARTLY = {
    "kustomize-only": "own applications are kustomized, but components come from their charts, pinned",
    "raw-manifests": "manifests are delivered as Kustomize bases and overlays, which can be rendered and checked",
}


def decide(plan: Plan, made: Mapping[str, Choice]) -> Choice:
    """The field that asks for it, else Argo CD or Flux where either carries weight."""
    found = [item for item in stated(plan, "tools", "gitops") if item.value in _TOOLS]
    if not found and not plan.fields("gitops"):
        found = [i for i in tally(plan, "tools", "gitops", there=True) if i.value in _TOOLS and i.weight >= _THRESHOLD]
    if found:
        return from_evidence("gitops", found[0].value, found[0])
    if "argocd" in made["blueprints"].value:
        source = made["blueprints"]
        return Choice("gitops", "argocd", ("The tree has a place for Argo CD.",), source.lines, Origin.INFERRED)
    choice = silent("gitops", None, "The plan names no GitOps tool.")
    meant = next((s for s in plan.statements if s.zone in _TELLING and _GITOPS.search(s.text)), None)
    if not meant or plan.fields("gitops") or not made["blueprints"].value:
        return choice
    return replace(choice, doubts=(f"Line {meant.place.line} speaks of GitOps, and of no tool for it.",))


def strategy(plan: Plan, _made: Mapping[str, Choice]) -> Choice:
    """Helm-first unless the field says otherwise."""
    for statement in plan.fields("strategy"):
        for word, value in _STRATEGIES:
            if word in statement.text.lower():
                because = f'The plan states it: "{" ".join(statement.text.split())[:120]}".'
                return Choice("deployment_strategy", value, (because,), (statement.place.line,), Origin.STATED)
    return silent("deployment_strategy", "helm-first", "Third-party components come from their charts by default.")


def undelivered(_plan: Plan, made: Mapping[str, Choice]) -> tuple[SetAside, ...]:
    """A strategy that is taken only in part: add-ons have charts and nothing else, and own manifests are kustomized."""
    choice = made["deployment_strategy"]
    reason = _PARTLY.get(choice.value, "")
    has_charts = bool(made["component_pins"].value)
    if not reason or (choice.value == "kustomize-only" and not has_charts):
        return ()
    line = min(choice.lines, default=1)
    return (SetAside("deployment_strategy", choice.value, Place(line), reason),)
