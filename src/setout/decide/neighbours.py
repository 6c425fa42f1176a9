"""What the documents beside a plan say where the plan itself is silent; they never speak against it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from setout.model import Choice, Citation, Origin, Plan, Sense

Rule = Callable[[Plan, Mapping[str, Choice]], Choice]

# The choices that a neighbour may fill, the family of terms of each, and whether it takes a cluster to ask for it.
_FIELDS = {
    "kubernetes": ("distributions", True),
    "gitops": ("tools", True),
    "clouds": ("clouds", False),
    "state_backend": ("state_backends", False),
    "secrets": ("secret_stores", False),
    "environments": ("environments", False),
}
_ON_CLUSTER = frozenset({"kubernetes", "helm-chart", "argocd"})
_NOTHING_SAID = frozenset({"generic"})
_DOUBT = ("Only a document beside the plan says it.",)
SILENT = "The plan is silent; "


def fill(choice: Choice, rule: Rule, plan: Plan, made: Mapping[str, Choice]) -> Choice:
    """The choice, or where it is a mere default what the first neighbour says by the same rule; that is unsure."""
    if choice.origin is not Origin.DEFAULT or not _is_asked(choice.field, made):
        return choice
    family, _ = _FIELDS[choice.field]
    spoken = {mention.value for mention in plan.mentions if mention.family == family}
    refused = {m.value for m in plan.mentions if m.family == family and m.sense is not Sense.ASSERTED} | _NOTHING_SAID
    for neighbour in plan.neighbours:
        found = rule(neighbour, made)
        values = set(found.value if isinstance(found.value, list) else [found.value])
        if found.origin is not Origin.DEFAULT and found.lines and not values & (refused | spoken):
            cited = tuple(_cited(neighbour, line) for line in found.lines[:3])
            because = tuple(f'{SILENT}{item.path}:{item.line} says: "{item.text}".' for item in cited)
            return replace(found, because=because, lines=(), origin=Origin.INFERRED, beside=cited, doubts=_DOUBT)
    return choice


def _is_asked(field: str, made: Mapping[str, Choice]) -> bool:
    """Only of what is to be delivered is anything asked."""
    if field not in _FIELDS or "blueprints" not in made or not made["blueprints"].value:
        return False
    needs_cluster = _FIELDS[field][1]
    return not needs_cluster or bool(_ON_CLUSTER & set(made["blueprints"].value))


def _cited(plan: Plan, line: int) -> Citation:
    said = [s for s in plan.statements if s.place.line <= line <= s.line_at(len(s.text))]
    return Citation(plan.path, line, " ".join(said[0].text.split())[:160] if said else "")
