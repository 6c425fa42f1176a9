"""Text for people: a page that can be trusted at a glance, widest first, with file:line everywhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.tree import Tree as Branches

from setout.model import (
    JSON,
    Outcome,
    Result,
    Severity,
    Status,
    Validation,
)
from setout.reports import by_file, from_here
from setout.reports.pages import decisions
from setout.reports.pages.layout import blank, escape, grid, short, without_controls, written

if TYPE_CHECKING:
    from setout.pipeline import Delivery, Preview, Reading, Update
    from setout.provenance.why import Resting, Why
    from setout.upkeep.accepted import Acceptance
    from setout.upkeep.drift import Drift
    from setout.upkeep.reply import Answered
    from setout.upkeep.update import Proposal
    from setout.upkeep.writeback import Synced

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
    page = blank(color)
    plan, decision = value.plan, value.decision
    page.print(f"[bold]{escape(plan.title or 'A plan without a title')}[/]  {escape(plan.path)} ({plan.dialect})")
    if plan.summary:
        page.print(f"[dim]{escape(short(plan.summary, 230))}[/]")
    doubt = "" if decision.choice("outcome").sure else ", unsure"
    page.print(f"[{_HEADLINE[decision.outcome]}]{decision.outcome.value}[/]{doubt}: {escape(decision.reason)}")
    for quote in decision.choice("none_reason").because[1:]:
        page.print(f"  [dim]{escape(quote)}[/]")
    page.print()
    decisions.choices(page, plan, decision)
    decisions.questions(page, decision.questions, plan.path)
    decisions.undelivered(page, decision.undelivered, plan.path)
    decisions.set_aside(page, plan)
    decisions.next_step(page, plan, decision)
    return written(page)


def preview(value: Preview, *, color: bool = False) -> str:
    page = blank(color)
    decisions.choices(page, value.reading.plan, value.reading.decision)
    page.print(_branches(value.added, f"{len(value.added)} files would be added"))
    return written(page)


def delivery(value: Delivery, *, color: bool = False) -> str:
    page = blank(color)
    plan, decision = value.reading.plan, value.reading.decision
    page.print(f"[bold]{escape(plan.title or str(decision['project']))}[/] is at {escape(str(value.tree.root))}\n")
    decisions.choices(page, plan, decision)
    decisions.questions(page, decision.questions, plan.path)
    decisions.undelivered(page, decision.undelivered, plan.path)
    page.print(_folders(value.tree.files))
    if value.template_note:
        page.print(f"[yellow]note[/]: {escape(value.template_note)}")
    if value.validation:
        _validation(page, value.validation)
    page.print(f'next: open {escape(str(value.tree.root / "README.md"))}, "The first 30 minutes"')
    return written(page)


def proposal(value: Proposal, *, color: bool = False) -> str:
    page = blank(color)
    _proposal(page, value)
    for reason in value.reasons:
        page.print(f"[red]would be refused[/]: {escape(reason)}")
    if value.paths:
        from setout.upkeep.update import difference  # noqa: PLC0415 - only here, and it reads plans

        return f"{written(page)}\n\n{without_controls(difference(value))}".rstrip("\n")
    return written(page)


def update(value: Update, *, color: bool = False) -> str:
    page = blank(color)
    if value.proposal:
        _proposal(page, value.proposal)
    if value.validation:
        _validation(page, value.validation)
    for reason in value.reasons:
        page.print(f"[red]refused[/]: {escape(reason)}")
    page.print(f"[bold]{_OUTCOME[value.outcome]}[/]" + (f" in commit {value.commit[:12]}" if value.commit else ""))
    for command in value.commands:
        page.print(f"next: {escape(command)}", soft_wrap=True)
    return written(page)


def validation(value: Validation, *, color: bool = False) -> str:
    page = blank(color)
    _validation(page, value)
    page.print(f"next: {escape(_next(value))}", soft_wrap=True)
    return written(page)


def drift(value: Drift, *, color: bool = False) -> str:
    page = blank(color)
    if value.files:
        table = grid("changed by", "file", "what")
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
    return written(page)


def _drifted(value: Drift) -> str:
    files = sum(item.is_drift for item in value.files)
    facts = sum(not item.accepted for item in value.contradictions)
    accepted = sum(item.accepted for item in value.files) + len(value.contradictions) - facts
    counts = ((files, "changed file"), (facts, "contradicted fact"))
    told = ", ".join(f"{count} {what}{'s' * (count > 1)}" for count, what in counts if count) or "no drift"
    return told + (f"; accepted: {accepted}" if accepted else "")


def acceptances(values: Sequence[Acceptance], *, color: bool = False) -> str:
    page = blank(color)
    for item in values:
        what = (
            f"{item.field}: {item.state}" if item.field else {"absent": "that it is gone"}.get(item.state, "as it is")
        )
        page.print(
            f"accepted {escape(f'{item.path}, {what}')}{f', until {item.until}' if item.until else ''}", soft_wrap=True
        )
    return written(page)


def why(value: Why, *, color: bool = False) -> str:
    page = blank(color)
    page.print(f"[bold]{escape(value.path)}{f':{value.line}' if value.line else ''}[/]")
    if value.blueprint:
        page.print(f"made from {escape(value.blueprint)}", soft_wrap=True)
    page.print()
    if value.grounds:
        table = grid("answer", "value", "lines", "because")
        for ground in value.grounds:
            lines = ",".join(map(str, ground.lines[:6])) + (",…" if len(ground.lines) > 6 else "")
            because = " ".join(ground.because)
            table.add_row(ground.answer, escape(short(_spoken(ground.value), 48)), lines, escape(short(because, 140)))
        page.print(table)
        page.print()
    for line, text in value.quotes.items():
        page.print(f"  {escape(f'{value.plan}:{line}: {short(text)}')}", soft_wrap=True)
    for note in value.notes:
        page.print(f"[yellow]note[/]: {escape(note)}")
    return written(page)


def resting(value: Resting, *, color: bool = False) -> str:
    page = blank(color)
    page.print(f"[bold]{escape(f'{value.plan}:{value.line}: {short(value.text)}')}[/]")
    page.print(f"it decides: {', '.join(value.fields) or 'nothing'}\n")
    table = grid("file", "through")
    for path, answers in value.files.items():
        table.add_row(escape(path), ", ".join(answers))
    page.print(table)
    page.print(f"[bold]{len(value.files)} files rest on this line[/]")
    return written(page)


def synced(value: Synced, *, color: bool = False) -> str:
    page = blank(color)
    told = ", ".join(value.stale)
    state = "is up to date" if not value.stale else f"has anew: {told}" if value.written else f"is stale: {told}"
    page.print(f"{escape(str(value.plan))} {state}", soft_wrap=True)
    return written(page)


def answered(value: Answered, *, color: bool = False) -> str:
    page = blank(color)
    page.print(
        f"{escape(f'{value.plan}:{value.line}')}\n- {escape(value.before)}\n+ {escape(value.after)}", soft_wrap=True
    )
    return written(page)


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
    table = grid("folder", "files")
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
    for (status, title, reason), targets in _alike(value.gaps).items():
        told = f"{title} {short(', '.join(targets))}: {reason}"
        page.print(f"[{_COLOR[status]}]{status.value}[/] {escape(told)}", soft_wrap=True)
    if value.gaps:
        page.print()
    _findings(page, value)
    for note in value.notes:
        page.print(f"note: {escape(note)}")
    counts = ", ".join(f"{value.count(status)} {status.value}" for status in Status)
    page.print(f"[bold]{counts}[/]")


def _alike(results: Sequence[Result]) -> Mapping[tuple[Status, str, str], list[str]]:
    """The targets of the same check that have the same to say."""
    found: dict[tuple[Status, str, str], list[str]] = {}
    for result in results:
        found.setdefault((result.status, result.title, result.reason), []).append(result.target)
    return found


def _checks(results: Sequence[Result]) -> Table:
    """A row for each check of each target; in a long table one row for all targets that passed a check alike."""
    shown = [result for result in results if result.status is not Status.SKIPPED]
    rows: dict[tuple[str, ...], list[Result]] = {}
    for result in shown:
        alike = len(shown) > _ROWS and result.status is Status.PASSED
        target = "" if alike else result.target
        key = (result.title, result.version, target, "cached" if result.cached else "")
        rows.setdefault(key, []).append(result)
    table = grid("check", "version", "target", "outcome", "checked", "seconds")
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


def _next_for_gaps(reasons: Sequence[str], again: str) -> str:
    if any("get it with: " in reason for reason in reasons):
        return "setout doctor says what this machine lacks, and the command that gets it"
    if any(reason.endswith("--providers real downloads it") for reason in reasons):
        return f"{again} --providers real"
    return f"see to what could not be looked at, then {again}"


def _next(value: Validation) -> str:
    """What to do now, as a command where there is one."""
    again = f"setout validate {value.root or '.'}"
    worst = [finding for _, group in by_file(value.findings) for finding in group[:1]]
    if value.count(Status.FAILED) and worst:
        return f"mend {_where(value.root, worst[0].path, worst[0].line)}, then {again}"
    if value.gaps:
        return _next_for_gaps([result.reason for result in value.gaps], again)
    if not value.count(Status.PASSED):
        return "name a directory with Terraform, charts, kustomizations or manifests in it"
    if any(result.version.endswith(" schema") for result in value.results):
        return f"{again} --providers real, before it is applied"
    return "nothing is left to do"
