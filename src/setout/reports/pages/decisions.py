"""The parts of a page that show a decision: what was chosen and why, what is open, not delivered, or set aside."""

from __future__ import annotations

from pathlib import PurePath

from rich.console import Console

from setout.decide import RULES
from setout.decide.clouds import DELIVERED
from setout.decide.questions import choice_of
from setout.model import Choice, Decision, Origin, Outcome, Plan, Question, Sense, SetAside
from setout.reports.pages.layout import escape, grid, short

_SHOWN = (
    "structure", "blueprints", "clouds", "cloud", "region", "kubernetes", "kubernetes_version", "gitops",
    "deployment_strategy", "state_backend", "secrets", "environments", "tenants", "components", "applications",
    "charts", "other_tools",
)  # fmt: skip
_ALWAYS = frozenset({"structure", "blueprints"})
# Of these a default says something only where one of the blueprints is built that would take it.
_TAKEN_BY = {
    "cloud": frozenset({"terraform"}),
    "region": frozenset({"terraform"}),
    "kubernetes_version": frozenset({"kubernetes", "argocd", "helm-chart"}),
    "deployment_strategy": frozenset({"kubernetes", "argocd", "helm-chart"}),
}
_ROWS = 12  # what a page takes of one kind; the rest is in the other formats


def choices(page: Console, plan: Plan, decision: Decision) -> None:
    """What was decided, in a table, and below it what makes which choice unsure."""
    shown = [choice for choice in decision.choices if _is_shown(choice, decision)]
    if not shown:
        return
    table = grid("choice", "value", "how", f"{PurePath(plan.path).name}, line", "because")
    for choice in shown:
        table.add_row(
            choice.field, escape(_value(choice)), _how(choice), escape(_lines(choice)), escape(short(choice.because[0]))
        )
    page.print(table)
    for choice in shown:
        if choice.flips and choice.origin is not Origin.SET:
            page.print(f"[dim]{escape(f'{choice.field} would be another with: {choice.flips}')}[/]")
    page.print()
    _doubts(page, [choice for choice in shown if not choice.sure])


def questions(page: Console, asked: tuple[Question, ...], path: str) -> None:
    """Every open question with its place, what may be answered, the flag that answers it, and what is taken."""
    if not asked:
        return
    page.print("[bold]open questions[/]")
    first = sorted(asked, key=lambda question: not question.stops)[:_ROWS]
    for question in sorted(first, key=lambda question: question.place):
        page.print(escape(f"  {path}:{question.place.line}: {question.text}"), soft_wrap=True)
        page.print(escape(f"      {_answer(question)}"), soft_wrap=True)
    _rest(page, len(asked) - len(first))
    page.print()


def undelivered(page: Console, items: tuple[SetAside, ...], path: str) -> None:
    """What the plan asks for and nothing is made of; once for each reason."""
    if not items:
        return
    page.print("[bold]not delivered[/]")
    reasons: dict[str, list[SetAside]] = {}
    for item in items:
        reasons.setdefault(item.reason, []).append(item)
    for reason, group in reasons.items():
        lines = ",".join(map(str, sorted({item.place.line for item in group})))
        page.print(
            escape(f"  {path}:{lines}: {', '.join(str(item.value) for item in group)}: {reason}"), soft_wrap=True
        )
    page.print()


def set_aside(page: Console, plan: Plan) -> None:
    """What was seen and not believed, once for each value and reason."""
    found: dict[tuple[str, str, str], list[int]] = {}
    for mention in plan.mentions:
        if mention.sense is not Sense.ASSERTED:
            key = (mention.value, mention.family, mention.sense.value)
            found.setdefault(key, []).append(mention.place.line)
    if not found:
        return
    table = grid("set aside", "seen as one of", "because it is", f"{PurePath(plan.path).name}, line")
    for (value, family, reason), lines in list(found.items())[:_ROWS]:
        table.add_row(escape(value), family.replace("_", " "), reason, ",".join(map(str, sorted(set(lines))[:6])))
    page.print(table)
    _rest(page, len(found) - _ROWS)
    page.print()


def next_step(page: Console, plan: Plan, decision: Decision) -> None:
    """What to type or do now, where anything is left to do."""
    step = f"setout preview {plan.path} DIRECTORY"
    if decision.outcome is Outcome.NONE:
        return
    if decision.outcome is Outcome.CLARIFY:
        step = "answer the open questions, in the plan or with --set, and read again"
    elif "terraform" in decision["blueprints"] and decision["cloud"] is None:
        step = _without_cloud(decision)
    page.print(f"next: {escape(step)}", soft_wrap=True)


def _without_cloud(decision: Decision) -> str:
    """Terraform needs a cloud for which there is a blueprint; what else the plan asks for need not wait."""
    named, others = decision["clouds"], [name for name in decision["blueprints"] if name != "terraform"]
    rest = f"leave Terraform out with --set blueprints={','.join(others)}" if others else ""
    if named:
        return rest or f"nothing here: no blueprint builds Terraform for {' and '.join(named)} yet"
    return f"say with --set cloud={'|'.join(DELIVERED)} where Terraform builds{f', or {rest}' if rest else ''}"


def _is_shown(choice: Choice, decision: Decision) -> bool:
    """Whether the row tells anything: where nothing is built nothing is taken, and a default only where it is used."""
    if choice.field not in _SHOWN:
        return False
    is_empty = choice.value in (None, [], "")
    if decision.outcome is Outcome.NONE:
        return not is_empty and choice.origin is not Origin.DEFAULT and choice.field != "cloud"
    if choice.field == "cloud" and [choice.value] == decision["clouds"]:
        return False
    if choice.field == "region" and choice.origin is Origin.DEFAULT and decision["cloud"] is None:
        return False
    takers = _TAKEN_BY.get(choice.field, frozenset())
    if takers and choice.origin is not Origin.SET:
        is_taken = bool(takers & set(decision["blueprints"]))
        return is_taken if choice.field == "cloud" or choice.origin is Origin.DEFAULT else not is_empty
    return not is_empty or not choice.sure or choice.field in _ALWAYS


def _doubts(page: Console, unsure: list[Choice]) -> None:
    if not unsure:
        return
    page.print("[bold]unsure[/]")
    fields = {choice.field for choice in unsure}
    for choice in unsure:
        if choice.field == "structure" and "blueprints" in fields:
            continue  # it follows from them
        doubts = short(" ".join(choice.doubts), 200)
        page.print(escape(f"  {choice.field}: {doubts} (--set {choice.field}=…)"), soft_wrap=True)
    page.print()


def _answer(question: Question) -> str:
    """How to answer, and what happens until somebody does."""
    name = choice_of(question.field)
    flag = f"--set {name}={'|'.join(question.answers) or '…'}" if name in RULES else "answer it in the plan"
    if any(" " in answer for answer in question.answers):  # words about an answer, and none themselves
        flag = f"answer it in the plan: {', '.join(question.answers)}"
    taken = "until then delivery stops" if question.default is None else f"until then: {question.default}"
    return f"{flag}; {taken}"


def _rest(page: Console, count: int) -> None:
    if count > 0:
        page.print(f"[dim]  and {count} more; --format json has them all[/]")


def _lines(choice: Choice) -> str:
    if choice.beside:
        return f"{choice.beside[0].path}:{choice.beside[0].line}"
    return ",".join(map(str, choice.lines[:3])) + (",…" if len(choice.lines) > 3 else "")


def _value(choice: Choice) -> str:
    if isinstance(choice.value, list):
        return ", ".join(map(str, choice.value)) or "none"
    return "none" if choice.value is None else str(choice.value)


def _how(choice: Choice) -> str:
    return choice.origin.value if choice.sure else f"{choice.origin.value}, unsure"
