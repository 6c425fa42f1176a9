"""The request, in order. A newcomer who reads only this file knows the product."""

from __future__ import annotations

import datetime
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from setout import fingerprints, scratch
from setout import plan as planning
from setout.decide import RULES, decide
from setout.delivery import answers as answering
from setout.delivery import render as rendering
from setout.delivery import template as templates
from setout.errors import CONFLICT, OpenQuestions, PlanError, UserError
from setout.model import Answers, Decision, Finding, Outcome, Plan, Question, Severity, Tree, Validation
from setout.upkeep import accepted, journal, repository, writeback
from setout.upkeep import drift as drifting
from setout.upkeep import update as updating
from setout.upkeep.accepted import Acceptance
from setout.upkeep.drift import Drift
from setout.upkeep.intent import Wish
from setout.upkeep.repository import Repository
from setout.upkeep.update import Proposal
from setout.upkeep.writeback import Synced
from setout.validation import validate as validate  # noqa: PLC0414 - the last step of a request, and offered as such

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a plan says and what follows from it."""

    plan: Plan
    decision: Decision

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The open questions, for those who read findings: what stops delivery is an error, the rest a warning."""
        return fingerprints.named(
            (_finding(self.plan, question), question.text) for question in self.decision.questions
        )


@dataclass(frozen=True, slots=True)
class Preview:
    """What a delivery would write: every path, and the size of each in bytes."""

    reading: Reading
    answers: Answers
    added: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Delivery:
    """What was written, from which template, and what the checks say of it."""

    reading: Reading
    answers: Answers
    tree: Tree
    template_note: str
    validation: Validation | None


@dataclass(frozen=True, slots=True)
class Update:
    """How an update went: `updated`, `unchanged`, or `refused` and nothing was changed.

    Attributes:
        reasons: why it was refused.
        commit: the commit that was made, if one was.
        commands: what to type next, where something is left to do.
        recovered: what was done about an earlier run that did not end.
        validation: what the checks say of the result, where they were run.
    """

    outcome: str
    proposal: Proposal | None = None
    reasons: tuple[str, ...] = ()
    commit: str = ""
    commands: tuple[str, ...] = ()
    recovered: str = ""
    validation: Validation | None = None


def read(plan_file: Path, settings: Mapping[str, str] | None = None) -> Reading:
    """Read a plan and decide what it asks for. Raises PlanError or UserError."""
    plan = planning.read(plan_file)
    return Reading(plan, decide(plan, settings))


def preview(
    plan_file: Path,
    destination: Path,
    settings: Mapping[str, str],
    *,
    template: str = "",
    ref: str = "",
    strict: bool = False,
) -> Preview:
    """Everything `scaffold` would write, without writing it."""
    reading = _deliverable(read(plan_file, settings), strict=strict)
    with rendering.staged(destination) as folder:
        answers, tree = _materialise(reading, folder / "tree", templates.find(template, ref))
        return Preview(reading, answers, tree.files)


def scaffold(
    plan_file: Path,
    destination: Path,
    settings: Mapping[str, str],
    *,
    template: str = "",
    ref: str = "",
    strict: bool = False,
    check: bool = True,
    progress: Progress,
) -> Delivery:
    """Carry a plan onto the ground: read, decide, answer, render beside the destination, move into place, check.

    Raises:
        PlanError: the plan cannot be read, or asks for nothing that can be delivered.
        OpenQuestions: the plan leaves something open that stops delivery.
        DestinationError, TemplateError: nothing was written.
    """
    rendering.check_destination(destination)
    reading = _deliverable(read(plan_file, settings), strict=strict)
    source = templates.find(template, ref)
    progress("rendering the repository")
    with rendering.staged(destination) as folder:
        answers, _ = _materialise(reading, folder / "tree", source)
        rendering.move_into_place(folder / "tree", destination)
    tree = rendering.tree(destination)
    validation = validate(destination, progress=progress) if check else None
    return Delivery(reading, answers, tree, source.note, validation)


def is_delivered(destination: Path) -> bool:
    """Is there a repository already, so that a plan means a change of it?"""
    return (destination / rendering.ANSWERS_FILE).is_file()


def preview_update(destination: Path, wish: Wish, *, progress: Progress) -> Proposal:
    """Everything `update` would do to the repository at `destination`, without doing it.

    Raises:
        UserError: it cannot be computed; the line says why.
    """
    return updating.propose(_opened(destination, progress), wish, progress)


def update(
    destination: Path,
    wish: Wish,
    *,
    commit: bool = True,
    resolve: bool = False,
    check: bool = True,
    progress: Progress,
) -> Update:
    """Carry a changed plan, a changed template or both into a repository: propose, judge, check, move in one step.

    Args:
        commit: make a commit; without, the change is left staged.
        resolve: hand conflicts over on a branch of their own.
        check: look at the result with the real programs; only what the repository does not suffer from today refuses.

    Raises:
        UserError: the plan or the template cannot be followed. Whatever is raised, the repository is as it was.
    """
    repo = repository.open(destination)
    recovered = ""
    try:
        recovered = journal.recover(repo.top, repo.git_folder)
        _say(recovered, progress)
        proposal = updating.propose(repository.open(destination), wish, progress)
        if proposal.is_empty:
            return Update("unchanged", proposal, recovered=recovered)
        validation = None
        if check and not proposal.is_refused:
            proposal, validation = _checked(proposal, progress)
        if proposal.is_refused:
            commands = updating.hand_over(proposal) if resolve and proposal.is_resolvable else ()
            return Update("refused", proposal, proposal.reasons, "", commands, recovered, validation)
        made = updating.carry_out(proposal, commit=commit)
    except UserError as error:
        if error.exit_code != CONFLICT:
            raise
        return Update("refused", None, (_line(error),), recovered=recovered)
    return Update("updated", proposal, (), made, () if commit else ("git commit",), recovered, validation)


def drift(destination: Path, wish: Wish, today: datetime.date, *, progress: Progress) -> Drift:
    """Where plan, template and repository no longer agree.

    Args:
        wish: plan, template and version to compare with; by default those that an update would take.
        today: the day on which acceptances have to hold.

    Raises:
        UserError: it cannot be computed; the line says why.
    """
    return drifting.measure(_opened(destination, progress), wish, today, progress)


def accept(
    destination: Path,
    paths: Sequence[str],
    fields: Sequence[str],
    reason: str,
    until: str,
    *,
    template: str = "",
    progress: Progress,
) -> tuple[Acceptance, ...]:
    """Write down that differences are meant: files, or with `fields` contradictions. Raises UserError."""
    repo = _opened(destination, progress)
    last_day = accepted.parse_date(until)
    found = drifting.measure(repo, Wish(template=template), datetime.date.min, progress)
    return drifting.accept(repo, found, paths, fields, reason, last_day)


def sync(destination: Path, *, check: bool = False, with_results: bool = True, progress: Progress) -> Synced:
    """Write what the repository has become back into its plan.

    Args:
        check: only say whether the plan is up to date.
        with_results: run the checks, so that their results stand in the plan as well.

    Raises:
        UserError: there is no plan, or it cannot hold what would be written.
    """
    repo = repository.open(destination)
    validation = validate(repo.root, progress=progress) if with_results else None
    return writeback.sync(repo, validation, check=check)


def _opened(destination: Path, progress: Progress) -> Repository:
    """The repository, after an earlier run that did not end was completed or taken back."""
    repo = repository.open(destination)
    _say(journal.recover(repo.top, repo.git_folder), progress)
    return repo


def _checked(proposal: Proposal, progress: Progress) -> tuple[Proposal, Validation]:
    """Refuse what the result suffers from and the repository does not suffer from today."""
    with scratch.folder() as folder:
        updating.export(proposal, folder / "next")
        validation = validate(folder / "next", progress=progress)
        wrong = _errors(validation)
        if wrong:
            progress("looking whether the repository suffers from the same today")
            updating.export_present(proposal, folder / "now")
            known = _errors(validate(folder / "now", progress=progress))
            proposal = updating.refuse(proposal, [finding for key, finding in wrong.items() if key not in known])
    return proposal, validation


def _errors(validation: Validation) -> dict[tuple[str, str, str], Finding]:
    return {
        (finding.rule, finding.path, finding.message): finding
        for finding in validation.findings
        if finding.severity is Severity.ERROR
    }


def _line(error: UserError) -> str:
    return f"{error.message}; {error.hint}" if error.hint else error.message


def _say(text: str, progress: Progress) -> None:
    if text:
        progress(text)


def _finding(plan: Plan, question: Question) -> Finding:
    """An open question as something wrong with the plan, and what to do about it."""
    answers = f" ({', '.join(question.answers)})" if question.answers else ""
    by_flag = f", or with --set {question.field}=VALUE" if question.field in RULES else ""
    return Finding(
        rule=f"plan/{question.field}",
        message=question.text if question.stops else f"{question.text.rstrip('.')}; taken: {question.default}",
        remedy=f"answer it in the plan{by_flag}{answers}",
        path=plan.path,
        line=question.place.line,
        severity=Severity.ERROR if question.stops else Severity.WARNING,
        about=f"The plan says what {question.field} is",
    )


def _deliverable(reading: Reading, *, strict: bool) -> Reading:
    decision, path = reading.decision, reading.plan.path
    if decision.outcome is Outcome.NONE:
        raise PlanError(f"{path}: nothing to deliver: {decision.reason}", f"`setout read {path}` shows what was seen")
    open_ones = [question for question in decision.questions if strict or question.stops]
    if open_ones:
        listed = "; ".join(f"{path}:{q.place.line}: {q.text}" for q in open_ones)
        raise OpenQuestions(listed, "answer them in the plan, or with --set FIELD=VALUE")
    return reading


def _materialise(reading: Reading, into: Path, template: templates.Template) -> tuple[Answers, Tree]:
    """Render, and put the plan and the documents beside it into their feature directory."""
    plan_file = Path(reading.plan.path)
    own = _neighbours(plan_file)
    documents = [name for name in answering.DOCUMENTS if name not in own]
    answers = answering.answer(reading.plan, reading.decision, documents=documents)
    rendering.render(template, answers, into)
    feature = into / "specs" / str(answers.values["feature"])
    feature.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(plan_file, feature / "plan.md")
    for source in own.values():
        _copy_document(source, feature / source.name)
    return answers, rendering.tree(into)


def _neighbours(plan_file: Path) -> dict[str, Path]:
    """Documents that lie beside the plan: they are the person's, and the template's stay away."""
    candidates = {"contracts": "contracts", "quickstart": "quickstart.md", "research": "research.md"}
    if plan_file.name != "plan.md":
        return {}
    found = {name: plan_file.parent / file for name, file in candidates.items()}
    return {name: path for name, path in found.items() if path.exists() and not path.is_symlink()}


def _copy_document(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, ignore=_unwanted)
    else:
        shutil.copyfile(source, target)


def _unwanted(folder: str, names: list[str]) -> list[str]:
    """Hidden files, and links that could lead out of the plan's directory."""
    return [name for name in names if name.startswith(".") or (Path(folder) / name).is_symlink()]
