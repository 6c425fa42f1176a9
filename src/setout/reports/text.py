"""Text for people: a page that can be trusted at a glance, widest first, with file:line everywhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import StringIO
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape as escape_markup
from rich.table import Table
from rich.tree import Tree as Branches

from setout.model import (
    JSON,
    Choice,
    Decision,
    Origin,
    Outcome,
    Plan,
    Question,
    Result,
    Sense,
    Severity,
    Status,
    Validation,
)
from setout.reports import by_file, from_here

if TYPE_CHECKING:
    from setout.pipeline import Delivery, Preview, Reading, Update
    from setout.provenance.why import Resting, Why
    from setout.upkeep.accepted import Acceptance
    from setout.upkeep.drift import Drift
    from setout.upkeep.reply import Answered
    from setout.upkeep.update import Proposal
    from setout.upkeep.writeback import Synced

_SHOWN = (
    "structure", "blueprints", "cloud", "region", "kubernetes", "kubernetes_version", "gitops", "deployment_strategy",
    "state_backend", "secrets", "environments", "tenants", "components", "applications", "charts", "other_tools",
)  # fmt: skip
_ALWAYS = frozenset({"structure", "blueprints"})
_ASIDE = 12
_COLOR = {Status.PASSED: "green", Status.FAILED: "red", Status.SKIPPED: "dim", Status.MISSING: "yellow"}
_SEVERITY = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "dim"}
_ROWS, _FINDINGS = 8, 50  # what a page takes: rows before those that passed are put together, and findings
_HEADLINE = {Outcome.SCAFFOLD: "green", Outcome.CLARIFY: "yellow", Outcome.NONE: "dim"}

_OUTCOME = {
    "updated": "updated",
    "unchanged": "nothing to do: the repository is what plan and template make of it",
    "refused": "nothing was changed",
}


def readings(values: Sequence[Reading], *, color: bool = False) -> str:
    return "\n\n".join(_reading(value, color) for value in values)


def _reading(value: Reading, color: bool) -> str:
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


def proposal(value: Proposal, *, color: bool = False) -> str:
    page = _page(color)
    _proposal(page, value)
    for reason in value.reasons:
        page.print(f"[red]would be refused[/]: {escape(reason)}")
    if value.paths:
        from setout.upkeep.update import difference  # noqa: PLC0415 - only here, and it reads plans

        return f"{_text(page)}\n\n{_without_controls(difference(value))}".rstrip("\n")
    return _text(page)


def update(value: Update, *, color: bool = False) -> str:
    page = _page(color)
    if value.proposal:
        _proposal(page, value.proposal)
    if value.validation:
        _validation(page, value.validation)
    for reason in value.reasons:
        page.print(f"[red]refused[/]: {escape(reason)}")
    page.print(f"[bold]{_OUTCOME[value.outcome]}[/]" + (f" in commit {value.commit[:12]}" if value.commit else ""))
    for command in value.commands:
        page.print(f"next: {escape(command)}", soft_wrap=True)
    return _text(page)


def validation(value: Validation, *, color: bool = False) -> str:
    page = _page(color)
    _validation(page, value)
    page.print(f"next: {escape(_next(value))}", soft_wrap=True)
    return _text(page)


def drift(value: Drift, *, color: bool = False) -> str:
    page = _page(color)
    if value.files:
        table = _grid("changed by", "file", "what")
        for item in value.files:
            style = "yellow" if item.is_drift else "dim"
            table.add_row(f"[{style}]{' + '.join(item.changed_by)}[/]", escape(item.path), escape(item.reason))
        page.print(table)
        page.print()
    for objection in value.contradictions:
        found, style = objection.contradiction, "dim" if objection.accepted else "red"
        word = f"; {objection.reason}" if objection.reason else ""
        told = f"{value.plan}:{found.plan_line}: {found.message} ({found.path}, {found.field}){word}"
        page.print(f"[{style}]contradiction[/] {escape(told)}", soft_wrap=True)
    page.print(f"[bold]{_drifted(value)}[/]")
    return _text(page)


def _drifted(value: Drift) -> str:
    files = sum(item.is_drift for item in value.files)
    facts = sum(not item.accepted for item in value.contradictions)
    accepted = sum(item.accepted for item in value.files) + len(value.contradictions) - facts
    counts = ((files, "changed file"), (facts, "contradicted fact"))
    told = ", ".join(f"{count} {what}{'s' * (count > 1)}" for count, what in counts if count) or "no drift"
    return told + (f"; accepted: {accepted}" if accepted else "")


def acceptances(values: Sequence[Acceptance], *, color: bool = False) -> str:
    page = _page(color)
    for item in values:
        what = (
            f"{item.field}: {item.state}" if item.field else {"absent": "that it is gone"}.get(item.state, "as it is")
        )
        page.print(
            f"accepted {escape(f'{item.path}, {what}')}{f', until {item.until}' if item.until else ''}", soft_wrap=True
        )
    return _text(page)


def why(value: Why, *, color: bool = False) -> str:
    page = _page(color)
    page.print(f"[bold]{escape(value.path)}{f':{value.line}' if value.line else ''}[/]")
    if value.blueprint:
        page.print(f"made from {escape(value.blueprint)}", soft_wrap=True)
    page.print()
    if value.grounds:
        table = _grid("answer", "value", "lines", "because")
        for ground in value.grounds:
            lines = ",".join(map(str, ground.lines[:6])) + (",…" if len(ground.lines) > 6 else "")
            because = " ".join(ground.because)
            table.add_row(ground.answer, escape(_short(_spoken(ground.value), 48)), lines, escape(_short(because, 140)))
        page.print(table)
        page.print()
    for line, text in value.quotes.items():
        page.print(f"  {escape(f'{value.plan}:{line}: {_short(text)}')}", soft_wrap=True)
    for note in value.notes:
        page.print(f"[yellow]note[/]: {escape(note)}")
    return _text(page)


def resting(value: Resting, *, color: bool = False) -> str:
    page = _page(color)
    page.print(f"[bold]{escape(f'{value.plan}:{value.line}: {_short(value.text)}')}[/]")
    page.print(f"it decides: {', '.join(value.fields) or 'nothing'}\n")
    table = _grid("file", "through")
    for path, answers in value.files.items():
        table.add_row(escape(path), ", ".join(answers))
    page.print(table)
    page.print(f"[bold]{len(value.files)} files rest on this line[/]")
    return _text(page)


def synced(value: Synced, *, color: bool = False) -> str:
    page = _page(color)
    told = ", ".join(value.stale)
    state = "is up to date" if not value.stale else f"has anew: {told}" if value.written else f"is stale: {told}"
    page.print(f"{escape(str(value.plan))} {state}", soft_wrap=True)
    return _text(page)


def answered(value: Answered, *, color: bool = False) -> str:
    page = _page(color)
    page.print(
        f"{escape(f'{value.plan}:{value.line}')}\n- {escape(value.before)}\n+ {escape(value.after)}", soft_wrap=True
    )
    return _text(page)


def _spoken(value: JSON) -> str:
    """An answer in few words: of a list the names."""
    if isinstance(value, list):
        return ", ".join(
            str(item.get("name") or item.get("field")) if isinstance(item, dict) else str(item) for item in value
        )
    return str(value) or "none"


def _proposal(page: Console, value: Proposal) -> None:
    for sentence in value.meaning:
        page.print(f"  {escape(sentence)}")
    page.print(_differences(value))
    for note in value.notes:
        page.print(f"[yellow]note[/]: {escape(note)}")
    page.print()


def _differences(value: Proposal) -> Branches:
    """What would happen to each file, as a tree."""
    marks = {
        **dict.fromkeys(value.added, "[green]+[/]"),
        **dict.fromkeys(value.changed, "[yellow]~[/]"),
        **dict.fromkeys(value.deleted, "[red]-[/]"),
        **{target: f"[cyan]from {escape(path)}[/]" for path, target in value.moved},
        **{path: "[red]conflict[/]" for path, _ in value.conflicts},
    }
    counts = (len(value.added), len(value.changed), len(value.deleted), len(value.moved), len(value.conflicts))
    title = "{} added, {} changed, {} deleted, {} moved, {} in conflict".format(*counts)
    return _branches(tuple(sorted(marks)), title, marks)


def escape(text: str) -> str:
    """Words of a plan, a repository or a program, from which neither our markup nor the terminal takes orders."""
    return escape_markup(_without_controls(text))


def _without_controls(text: str) -> str:
    """What people wrote into files must not steer the terminal."""
    return "".join(letter for letter in text if letter in "\n\t" or letter.isprintable())


def _page(color: bool) -> Console:
    return Console(
        file=StringIO(),
        force_terminal=color,
        no_color=not color,
        width=120,
        highlight=False,
        soft_wrap=False,
        emoji=False,
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


def _branches(files: tuple[str, ...], title: str, marks: Mapping[str, str] | None = None) -> Branches:
    root = Branches(title)
    nodes: dict[str, Branches] = {"": root}
    for file in files:
        parent = ""
        for part in file.split("/"):
            path = f"{parent}/{part}"
            if path not in nodes:
                mark = (marks or {}).get(path[1:], "")
                nodes[path] = nodes[parent].add(f"{escape(part)} {mark}".rstrip())
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
    page.print(_checks(value.results))
    page.print()
    skipped = [
        f"{result.title}{'' if result.target == '.' else f' {result.target}'} ({result.reason})"
        for result in value.results
        if result.status is Status.SKIPPED
    ]
    if skipped:
        page.print(f"[dim]{escape('skipped: ' + '; '.join(skipped))}[/]\n")
    for result in value.gaps:
        status = f"[{_COLOR[result.status]}]{result.status.value}[/]"
        page.print(f"{status} {escape(f'{result.title} {result.target}: {result.reason}')}", soft_wrap=True)
    if value.gaps:
        page.print()
    _findings(page, value)
    for note in value.notes:
        page.print(f"note: {escape(note)}")
    counts = ", ".join(f"{value.count(status)} {status.value}" for status in Status)
    page.print(f"[bold]{counts}[/]")


def _checks(results: Sequence[Result]) -> Table:
    """A row for each check of each target; in a long table one row for all targets that passed a check alike."""
    shown = [result for result in results if result.status is not Status.SKIPPED]
    rows: dict[tuple[str, ...], list[Result]] = {}
    for result in shown:
        alike = len(shown) > _ROWS and result.status is Status.PASSED
        target = "" if alike else result.target
        key = (result.title, result.version, target, "cached" if result.cached else "")
        rows.setdefault(key, []).append(result)
    table = _grid("check", "version", "target", "outcome", "checked", "seconds")
    for group in rows.values():
        table.add_row(*_row(group))
    return table


def _row(group: Sequence[Result]) -> tuple[str, ...]:
    first = group[0]
    return (
        escape(first.title),
        escape(first.version),
        escape(first.target) if len(group) == 1 else f"{len(group)} targets",
        f"[{_COLOR[first.status]}]{first.status.value}[/]{', cached' if first.cached else ''}",
        str(sum(result.checked for result in group)),
        f"{sum(result.seconds for result in group):.1f}",
    )


def _findings(page: Console, value: Validation) -> None:
    """File by file, the worst first, each with its cure; the same cure of the same file is said once."""
    findings, shown = value.findings, 0
    for path, group in by_file(findings):
        said = ""
        for finding in group[: max(_FINDINGS - shown, 0)]:
            severity = f"[{_SEVERITY[finding.severity]}]{finding.severity.value}[/]"
            where = _where(value.root, path, finding.line)
            page.print(f"{severity} {escape(f'{where}: {finding.message} [{finding.rule}]')}", soft_wrap=True)
            if finding.remedy not in {said, ""}:
                page.print(f"      {escape(finding.remedy)}", soft_wrap=True)
            said = finding.remedy
            shown += 1
    if len(findings) > shown:
        page.print(f"[dim]and {len(findings) - shown} more; --format json has them all[/]")
    if findings:
        page.print()


def _where(root: str, path: str, line: int) -> str:
    return f"{from_here(root, path)}:{line}" if line else from_here(root, path)


def _next(value: Validation) -> str:
    """What to do now, as a command where there is one."""
    again = f"setout validate {value.root or '.'}"
    worst = [finding for _, group in by_file(value.findings) for finding in group[:1]]
    if value.count(Status.FAILED) and worst:
        return f"mend {_where(value.root, worst[0].path, worst[0].line)}, then {again}"
    if value.count(Status.MISSING):
        return "setout doctor says what this machine lacks, and the command that gets it"
    if not value.count(Status.PASSED):
        return "name a directory with Terraform, charts, kustomizations or manifests in it"
    if any(result.version.endswith(" schema") for result in value.results):
        return f"{again} --providers real, before it is applied"
    return "nothing is left to do"
