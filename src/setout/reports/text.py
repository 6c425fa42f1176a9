"""Text for people: a page that can be trusted at a glance, widest first, with file:line everywhere."""

from __future__ import annotations

from io import StringIO

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.tree import Tree as Branches

from setout.model import (
    Choice,
    Decision,
    Finding,
    Origin,
    Outcome,
    Plan,
    Question,
    Result,
    Sense,
    Status,
    Validation,
)
from setout.pipeline import Delivery, Preview, Reading

_SHOWN = (
    "structure", "blueprints", "cloud", "region", "kubernetes", "kubernetes_version", "gitops", "deployment_strategy",
    "state_backend", "secrets", "environments", "tenants", "components", "applications", "charts", "other_tools",
)  # fmt: skip
_ALWAYS = frozenset({"structure", "blueprints"})
_ASIDE = 12
_COLOR = {Status.PASSED: "green", Status.FAILED: "red", Status.SKIPPED: "dim", Status.MISSING: "yellow"}
_HEADLINE = {Outcome.SCAFFOLD: "green", Outcome.CLARIFY: "yellow", Outcome.NONE: "dim"}


def reading(value: Reading, *, color: bool = False) -> str:
    page = _page(color)
    plan, decision = value.plan, value.decision
    page.print(f"[bold]{escape(plan.title or 'A plan without a title')}[/]  {escape(plan.path)} ({plan.dialect})")
    page.print(f"[{_HEADLINE[decision.outcome]}]{decision.outcome.value}[/]: {escape(decision.reason)}")
    for quote in decision.choice("none_reason").because[1:]:
        page.print(f"  [dim]{escape(quote)}[/]")
    page.print()
    _choices(page, decision)
    _questions(page, decision.questions, plan.path)
    _undelivered(page, decision, plan.path)
    _set_aside(page, plan)
    return _text(page)


def preview(value: Preview, *, color: bool = False) -> str:
    page = _page(color)
    _choices(page, value.reading.decision)
    page.print(_branches(value.added, f"{len(value.added)} files would be added"))
    return _text(page)


def delivery(value: Delivery, *, color: bool = False) -> str:
    page = _page(color)
    plan, decision = value.reading.plan, value.reading.decision
    page.print(f"[bold]{escape(plan.title or str(decision['project']))}[/] is at {escape(str(value.tree.root))}\n")
    _choices(page, decision)
    _questions(page, decision.questions, plan.path)
    _undelivered(page, decision, plan.path)
    page.print(_folders(value.tree.files))
    if value.template_note:
        page.print(f"[yellow]note[/]: {escape(value.template_note)}")
    if value.validation:
        _validation(page, value.validation)
    page.print(f'next: open {escape(str(value.tree.root / "README.md"))}, "The first 30 minutes"')
    return _text(page)


def validation(value: Validation, *, color: bool = False) -> str:
    page = _page(color)
    _validation(page, value)
    return _text(page)


def _page(color: bool) -> Console:
    return Console(
        file=StringIO(), force_terminal=color, no_color=not color, width=120, highlight=False, soft_wrap=False
    )


def _text(page: Console) -> str:
    file = page.file
    assert isinstance(file, StringIO)  # noqa: S101 - _page made it so
    return "\n".join(line.rstrip() for line in file.getvalue().rstrip().split("\n"))


def _grid(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for column in columns:
        numeric = column in {"checked", "seconds"}
        table.add_column(column, justify="right" if numeric else "left", overflow="fold", no_wrap=numeric)
    return table


def _choices(page: Console, decision: Decision) -> None:
    table = _grid("choice", "value", "how", "lines", "because")
    for choice in decision.choices:
        if choice.field in _SHOWN and (choice.value not in (None, [], "") or choice.field in _ALWAYS):
            lines = ",".join(map(str, choice.lines[:3])) + (",…" if len(choice.lines) > 3 else "")
            table.add_row(choice.field, escape(_value(choice)), _how(choice), lines, escape(_short(choice.because[0])))
    page.print(table)
    for choice in decision.choices:
        if choice.flips and choice.origin is not Origin.SET:
            page.print(f"[dim]{escape(f'{choice.field} would be another with: {choice.flips}')}[/]")
    page.print()


def _short(sentence: str, limit: int = 96) -> str:
    return sentence if len(sentence) <= limit else sentence[: limit - 1].rsplit(" ", 1)[0] + " …"


def _value(choice: Choice) -> str:
    return ", ".join(map(str, choice.value)) if isinstance(choice.value, list) else str(choice.value)


def _how(choice: Choice) -> str:
    return choice.origin.value if choice.sure else f"{choice.origin.value}, unsure"


def _set_aside(page: Console, plan: Plan) -> None:
    """What was seen and not believed, once for each value and reason."""
    found: dict[tuple[str, str], list[int]] = {}
    for mention in plan.mentions:
        if mention.sense is not Sense.ASSERTED:
            found.setdefault((mention.value, mention.sense.value), []).append(mention.place.line)
    if not found:
        return
    table = _grid("set aside", "reason", "lines")
    for (value, reason), lines in list(found.items())[:_ASIDE]:
        table.add_row(escape(value), reason, ",".join(map(str, sorted(set(lines))[:6])))
    page.print(table)
    if len(found) > _ASIDE:
        page.print(f"[dim]and {len(found) - _ASIDE} more; --format json has them all[/]")
    page.print()


def _questions(page: Console, questions: tuple[Question, ...], path: str) -> None:
    if not questions:
        return
    page.print("[bold]open questions[/]")
    for question in questions:
        taken = f"taken: {question.default}" if question.default else "stops delivery"
        answers = f" Answers: {', '.join(question.answers)}." if question.answers else ""
        page.print(escape(f"  {path}:{question.place.line}: {question.text}.{answers} [{taken}]"))
    page.print()


def _undelivered(page: Console, decision: Decision, path: str) -> None:
    if not decision.undelivered:
        return
    page.print("[bold]not delivered[/]")
    for item in decision.undelivered:
        page.print(escape(f"  {path}:{item.place.line}: {item.value}: {item.reason}"))
    page.print()


def _branches(files: tuple[str, ...], title: str) -> Branches:
    root = Branches(title)
    nodes: dict[str, Branches] = {"": root}
    for file in files:
        parent = ""
        for part in file.split("/"):
            path = f"{parent}/{part}"
            if path not in nodes:
                nodes[path] = nodes[parent].add(escape(part))
            parent = path
    return root


def _folders(files: tuple[str, ...]) -> Table:
    counts: dict[str, int] = {}
    for file in files:
        folder = "/".join(file.split("/")[:-1][:2]) or "."
        counts[folder] = counts.get(folder, 0) + 1
    table = _grid("folder", "files")
    for folder, count in sorted(counts.items()):
        table.add_row(escape(folder), str(count))
    table.add_row("in all", str(len(files)))
    return table


def _validation(page: Console, value: Validation) -> None:
    table = _grid("check", "version", "target", "outcome", "checked", "seconds")
    for result in value.results:
        table.add_row(*_row(result))
    page.print(table)
    page.print()
    for result in value.results:
        if result.reason and result.status is not Status.PASSED:
            status = f"[{_COLOR[result.status]}]{result.status.value}[/]"
            page.print(f"{status} {escape(f'{result.tool} {result.target}: {result.reason}')}")
    for finding in sorted(value.findings, key=lambda f: (f.path, f.line, f.rule)):
        _finding(page, finding)
    for note in value.notes:
        page.print(f"note: {escape(note)}")
    counts = ", ".join(f"{value.count(status)} {status.value}" for status in Status)
    page.print(f"[bold]{counts}[/]")


def _row(result: Result) -> tuple[str, ...]:
    status = f"[{_COLOR[result.status]}]{result.status.value}[/]"
    return (
        escape(result.tool),
        escape(result.version),
        escape(result.target),
        status,
        str(result.checked),
        f"{result.seconds:.1f}",
    )


def _finding(page: Console, finding: Finding) -> None:
    where = f"{finding.path}:{finding.line}" if finding.line else finding.path
    color = "red" if finding.severity.value == "error" else "yellow"
    page.print(f"[{color}]{finding.severity.value}[/] {escape(f'{where}: {finding.message} [{finding.rule}]')}")
    page.print(escape(f"      {finding.remedy}"))
