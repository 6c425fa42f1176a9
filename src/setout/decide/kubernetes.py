"""Which Kubernetes: the distribution, further targets, and the minor version."""

from __future__ import annotations

import re
from collections.abc import Mapping

from setout.decide.because import from_evidence, lines_of, silent
from setout.decide.evidence import Evidence, stated, tally
from setout.model import Choice, Mention, Origin, Plan, Sense, Zone

SUPPORTED = ("1.33", "1.34", "1.35", "1.36", "1.37")
DEFAULT = "1.35"
_THRESHOLD = 3
_USED = frozenset({Sense.ASSERTED, Sense.EXISTING})
_WORD = "One line alone speaks of Kubernetes, and nothing is built for a cluster."
_TRIAL = re.compile(
    r"\b(?:test(?:s|ing)?|validat(?:ed?|ion|ing)|tried|trials?|integration|smoke|CI)\b|\blocal dev", re.I
)
_CLAUSE_END = re.compile(r"[.;](?:\s|$)|[,)\n]")


def decide(plan: Plan, made: Mapping[str, Choice]) -> Choice:
    """The field that asks for it, else the distribution that weighs most; a named one beats plain "Kubernetes"."""
    found = _candidates(plan)
    if not found:
        return silent("kubernetes", None, "The plan names no Kubernetes.")
    chosen = _main(plan, found)
    what = "Kubernetes, and of no distribution" if chosen.value == "generic" else chosen.value
    # Only a word beside other things, as "networking, Kubernetes": nothing says that there is a cluster.
    doubts = (_WORD,) if chosen.value == "generic" and len(chosen.lines) == 1 and _builds_for_none(made) else ()
    return from_evidence("kubernetes", chosen.value, chosen, what=what, doubts=doubts)


def _builds_for_none(made: Mapping[str, Choice]) -> bool:
    built = set(made["blueprints"].value)
    return bool(built) and not {"kubernetes", "helm-chart", "argocd"} & built


def others(plan: Plan, made: Mapping[str, Choice]) -> Choice:
    """Further distributions that the plan targets."""
    found = tuple(i for i in _candidates(plan) if i.value not in {"generic", made["kubernetes"].value})
    because = tuple(f'{item.value}: "{item.text}".' for item in found) or ("The plan names no further one.",)
    return Choice("kubernetes_also", [item.value for item in found], because, lines_of(found), Origin.INFERRED)


def _main(plan: Plan, found: tuple[Evidence, ...]) -> Evidence:
    """A cluster for trials is the target only where the plan targets no other, not even "any Kubernetes"."""
    trials = {item.value for item in found if _is_for_trials(plan, item.value)}
    named = [item for item in found if item.value != "generic" and item.value not in trials]
    plain = [item for item in found if item.value == "generic" and trials and _in_target_field(plan)]
    return (named or plain or [item for item in found if item.value in trials] or list(found))[0]


def _is_for_trials(plan: Plan, value: str) -> bool:
    """Whether most of what the plan says of the distribution is about tests."""
    mentions = [m for m in plan.mentions if (m.family, m.value) == ("distributions", value) and m.sense in _USED]
    trials = [m for m in mentions if m.statement.key == "testing" or _TRIAL.search(_clause(m))]
    return len(trials) * 2 > len(mentions)


def _clause(mention: Mention) -> str:
    """What stands around the term between the ends of its clause."""
    text, start = mention.statement.text, mention.offset
    return _CLAUSE_END.split(text[max(0, start - 60) : start])[-1] + _CLAUSE_END.split(text[start : start + 80])[0]


def _in_target_field(plan: Plan) -> bool:
    return any(
        mention.value == "generic" and mention.statement.key in {"platform", "kubernetes"}
        for mention in plan.mentions
        if mention.family == "distributions" and mention.sense in _USED
    )


def _candidates(plan: Plan) -> tuple[Evidence, ...]:
    """A cluster that is there already is a target as well."""
    fields = plan.fields("kubernetes")
    if fields and fields[0].zone is Zone.CONTEXT:
        in_field = stated(plan, "distributions", "kubernetes")
        if in_field:
            return in_field
    found = tally(plan, "distributions", "kubernetes", there=True)
    return tuple(item for item in found if item.weight >= _THRESHOLD)
