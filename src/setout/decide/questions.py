"""Open questions of the plan, those that a default answers named with it, and contradictions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from setout.decide import disagreements, third_party
from setout.decide.clouds import DELIVERED
from setout.decide.component_table import table
from setout.decide.evidence import stated
from setout.model import Choice, Place, Plan, Question
from setout.vocabulary import catalogue

# The choice that answers a field, and what people may answer.
_CHOICE = {
    "cloud": ("cloud", DELIVERED),
    "tools": ("blueprints", ("terraform",)),
    "kubernetes": ("kubernetes", ("eks", "k3s", "minikube", "kind", "generic")),
    "gitops": ("gitops", ("argocd", "none")),
    "strategy": ("deployment_strategy", ("helm-first",)),
    "state": ("state_backend", ("s3", "terraform-cloud", "http", "local")),
    "secrets": ("secrets", ("aws-secrets-manager", "vault", "sealed-secrets", "kubernetes")),
    "environments": ("environments", ("dev,staging,prod",)),
    "structure": ("structure", ("single-iac", "multi-tool", "multi-tenant", "helm-chart")),
    "applications": ("applications", ()),
    "component": ("components", ()),
}
# Fields whose open question has an answer that any team can start with.
DEFAULTS = {
    "gitops": "none",
    "strategy": "helm-first",
    "state": "s3",
    "secrets": "aws-secrets-manager",
    "environments": "dev,staging,prod",
    "structure": "as decided from the rest of the plan",
}
_EXCLUSIVE = {"kubernetes": "distributions", "state": "state_backends"}


def decide(plan: Plan, made: Mapping[str, Choice]) -> tuple[Question, ...]:
    """Every open question, in the order of the plan; answered ones (by --set) are left out."""
    found = [*_from_plan(plan), *_contradictions(plan), *disagreements.decide(plan), *_components(plan)]
    open_ones = [question for question in found if not _answered(question, made)]
    return tuple(sorted({(q.place, q.field): q for q in open_ones}.values(), key=lambda q: (q.place, q.field)))


def choice_of(field: str) -> str:
    """The choice that a question about `field` of the plan is about; the field itself where there is none."""
    return _CHOICE.get(field, (field, ()))[0]


def _from_plan(plan: Plan) -> Iterator[Question]:
    for question in plan.questions:
        _, answers = _CHOICE.get(question.field, (question.field, ()))
        default = DEFAULTS.get(question.field)
        if question.field not in _CHOICE:
            default = "left as the plan has it"
        yield replace(question, answers=answers, default=default)


def _contradictions(plan: Plan) -> Iterator[Question]:
    """Two different values in the field that may have only one."""
    for name, words in _EXCLUSIVE.items():
        found = [item for item in stated(plan, words, name) if item.value != "generic"]
        lines = {item.lines[0] for item in found}
        if len(found) > 1 and len(lines) > 1:
            values = tuple(item.value for item in found)
            text = f"the plan says {' and '.join(values)} (lines {', '.join(map(str, sorted(lines)))})"
            yield Question(name, Place(found[1].lines[0]), text, values)


def _components(plan: Plan) -> Iterator[Question]:
    for pin in table(plan):
        if pin.required and not pin.is_known:
            text = f"component '{pin.name}' is not in the catalogue: which chart repository, and which version?"
            yield Question("components", pin.place, text, ("repository and version in the row's notes",))
        elif pin.required and pin.partial:
            version = str(catalogue()[third_party.delivered_as(pin.name)]["version"])
            yield Question(
                "components",
                pin.place,
                f"component '{pin.name}': '{pin.partial}' is no full chart version",
                (),
                version,
            )


def _answered(question: Question, made: Mapping[str, Choice]) -> bool:
    name, _ = _CHOICE.get(question.field, (question.field, ()))
    return name in made and made[name].origin.value == "set"
