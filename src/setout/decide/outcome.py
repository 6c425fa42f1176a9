"""What the plan leads to: a repository, questions, or nothing for these blueprints, with the reason and its lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from setout.decide.because import silent
from setout.decide.subject import infrastructure, software
from setout.decide.tools import owners
from setout.decide.trees import built
from setout.model import Choice, Entry, Kind, Mark, Origin, Outcome, Plan, Question, Statement, Zone
from setout.plan.questions import is_placeholder

_CI = re.compile(
    r"(?:^|/)(?:\.github/|\.gitlab-ci|\.circleci/|Jenkinsfile$|azure-pipelines\S*\.ya?ml$|bitbucket-pipelines\.yml$)"
)
_FILE = re.compile(r"\.(?!mdx?$|rst$|adoc$|txt$)\w+$")
_PROGRAM = re.compile(r"\.(?:java|kt|go|rs|cs|tsx?|jsx?|vue|svelte|py|rb|php|swift|dart|sql|ipynb)$")
# What a platform consists of is not decided by how fast it must be or what it is written in.
_NO_PART = frozenset(
    {"performance", "scale", "constraints", "testing", "language", "dependencies", "validation", "project_type"}
)
_UNDECIDED = 3
_FEW = 15


def decide(plan: Plan, made: Mapping[str, Choice], asked: tuple[Question, ...]) -> tuple[Choice, Choice]:
    """The outcome, and why there is nothing where there is nothing."""
    blueprints = made["blueprints"]
    if is_unfilled(plan) or not blueprints.value:
        why = none_reason(plan, made)
        return replace(why, field="outcome", value=Outcome.NONE.value), why
    return _of_what_is_asked(plan, blueprints, asked), silent("none_reason", None, "There is something to deliver.")


def _of_what_is_asked(plan: Plan, blueprints: Choice, asked: tuple[Question, ...]) -> Choice:
    """Questions, where something is open without which nothing sensible can be built; else a repository."""
    stops = [question for question in asked if question.stops]
    if stops:
        because = f"{plan.path}:{stops[0].place.line}: {stops[0].text}"
        lines = tuple(sorted({question.place.line for question in stops}))
        return Choice("outcome", Outcome.CLARIFY.value, (because,), lines, Origin.STATED)
    undecided = _undecided(plan)
    if len({statement.key for statement in undecided}) >= _UNDECIDED:
        because = f"the plan leaves open {', '.join(dict.fromkeys(s.key for s in undecided))}"
        lines = tuple(statement.place.line for statement in undecided)
        doubts = ("Each of them has a default, with which it could be built.",)
        return Choice("outcome", Outcome.CLARIFY.value, (because,), lines, Origin.STATED, doubts=doubts)
    because = f"the plan asks for {', '.join(blueprints.value)}"
    thin = ("All that is new lies in what is there already.",) if _is_thin(plan, blueprints) else ()
    return Choice("outcome", Outcome.SCAFFOLD.value, (because,), blueprints.lines, Origin.INFERRED, doubts=thin)


def _is_thin(plan: Plan, blueprints: Choice) -> bool:
    """All that is new lies in what is there already, and may be mere edits of it."""
    shown = built(plan)
    return all(shown[name].extended for name in blueprints.value)


def none_reason(plan: Plan, made: Mapping[str, Choice]) -> Choice:
    """Why there is nothing for the blueprints: the first of these that holds, with the lines that show it."""
    if is_unfilled(plan):
        return _reason("unfilled", "the plan is a template that nobody has filled in", ())
    if _is_ci_only(plan):
        return _reason("ci-only", "the plan builds only a pipeline", plan.entries)
    return _of_files(plan, made["other_tools"]) or _of_subject(plan)


def _of_files(plan: Plan, others: Choice) -> Choice | None:
    """What the files of the plan are instead: programs, those of another tool, or edits of what is there."""
    edited = [entry for part in built(plan).values() for entry in part.edited]
    programs, owning = _programs(plan), owners(others.value)
    about = infrastructure(plan)
    if programs and not owning and (about or others.value):
        return _reason("application", "the plan changes programs and builds no infrastructure", programs)
    if (owning or (others.value and about)) and not edited:
        tools = ", ".join(owning or others.value)
        sentence = f"the plan builds with {tools}, and nothing is left for Terraform, Kubernetes, Argo CD or Helm"
        return Choice("none_reason", "other-iac", (sentence, *others.because[:2]), others.lines[:3], Origin.INFERRED)
    if edited:
        changes = any(entry.mark is Mark.CHANGED for entry in edited)  # else it only shows what is there
        sentence = "the plan changes what is already there and adds nothing to scaffold"
        doubts = () if changes else ("It may only show what is there.",)
        return _reason("operations", sentence, edited, doubts)
    return None


def _of_subject(plan: Plan) -> Choice:
    subject = infrastructure(plan)
    if subject:
        doubts = ("What it builds may be said in words that are not known here.",)
        return _reason("operations", "the plan is about infrastructure and builds none", subject, doubts)
    return _reason("application", "the plan describes ordinary software and asks for no infrastructure", software(plan))


def _reason(value: str, sentence: str, shown: Iterable[Statement | Entry], doubts: tuple[str, ...] = ()) -> Choice:
    evidence = list(shown)[:3]
    quotes = tuple(f'line {item.place.line}: "{_quote(item)}"' for item in evidence)
    lines = tuple(item.place.line for item in evidence)
    return Choice("none_reason", value, (sentence, *quotes), lines, Origin.INFERRED, doubts=doubts)


def _quote(item: Statement | Entry) -> str:
    text = f"{item.path} {item.comment}" if isinstance(item, Entry) else item.text
    return " ".join(text.split())[:100]


def is_unfilled(plan: Plan) -> bool:
    """Half of what the template asks for is still as the template has it; or a few lines hold no part of a plan."""
    fields = [s for s in plan.statements if s.kind is Kind.FIELD and s.zone in {Zone.CONTEXT, Zone.SUMMARY, Zone.TITLE}]
    open_ones = [statement for statement in fields if is_placeholder(statement.text)]
    if not plan.title and (not plan.summary or (len(open_ones) >= 3 and len(open_ones) * 2 >= len(fields))):
        return True
    if len(plan.statements) > _FEW:
        return False
    parts = {Zone.SUMMARY, Zone.CONTEXT, Zone.COMPONENTS, Zone.STRUCTURE}
    return not plan.entries and not plan.named and not any(s.zone in parts for s in plan.statements)


def _programs(plan: Plan) -> tuple[Entry, ...]:
    """The source files of software, where they are at least half of what the tree makes or changes."""
    made = [entry for entry in plan.entries if entry.mark is not Mark.EXISTING and _FILE.search(entry.name)]
    programs = tuple(entry for entry in made if _PROGRAM.search(entry.name))
    return programs if len(programs) * 2 >= len(made) else ()


def _is_ci_only(plan: Plan) -> bool:
    made = [entry for entry in plan.entries if entry.mark is not Mark.EXISTING and "." in entry.name.strip(".")]
    return bool(made) and all(_CI.search(entry.path) for entry in made)


def _undecided(plan: Plan) -> tuple[Statement, ...]:
    """Fields of the technical context that choose a part of the platform and are marked as open."""
    lines = {question.place.line for question in plan.questions}
    return tuple(
        statement
        for statement in plan.statements
        if statement.zone is Zone.CONTEXT
        and statement.kind is Kind.FIELD
        and statement.key not in _NO_PART
        and statement.place.line in lines
    )
