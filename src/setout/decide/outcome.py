"""What the plan leads to: a repository, questions, or nothing for these blueprints, with the reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from setout.model import Choice, Outcome, Plan, Question


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome and the sentence that says why."""

    outcome: Outcome
    reason: str


def decide(plan: Plan, made: Mapping[str, Choice], asked: tuple[Question, ...]) -> Verdict:
    """Nothing to build, something open that stops, or a repository."""
    if _is_unfilled(plan, asked):
        return Verdict(Outcome.NONE, "the plan is the template, not filled in")
    if not made["blueprints"].value:
        return Verdict(Outcome.NONE, _why_none(made))
    stops = [question for question in asked if question.stops]
    if stops:
        first = stops[0]
        return Verdict(Outcome.CLARIFY, f"{plan.path}:{first.place.line}: {first.text}")
    return Verdict(Outcome.SCAFFOLD, f"the plan asks for {', '.join(made['blueprints'].value)}")


def _is_unfilled(plan: Plan, asked: tuple[Question, ...]) -> bool:
    """A template whose title and half of whose fields are still placeholders."""
    placeholders = sum("placeholder" in question.text for question in asked)
    return placeholders >= 5 and not plan.title


def _why_none(made: Mapping[str, Choice]) -> str:
    tools = made["other_tools"].value
    if tools:
        return (
            f"the plan builds with {', '.join(tools)}, and nothing is left for Terraform, Kubernetes, Argo CD or Helm"
        )
    return "the plan asks for no Terraform, Kubernetes manifests, Argo CD or Helm chart"
