"""What a person asks of an update, and what the repository shall be made from because of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from setout import git
from setout import plan as planning
from setout.delivery.template import Template
from setout.errors import CONFLICT, OpenQuestions, PlanError, UserError
from setout.model import JSON, Decision, Outcome, Plan
from setout.upkeep import amendment, change, repository
from setout.upkeep.change import Change, Rename
from setout.upkeep.repository import Files, Repository

Progress = Callable[[str], None]


class Refused(UserError):
    """The repository cannot be updated as it stands; nothing was changed."""

    exit_code = CONFLICT


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person asks of an update.

    Attributes:
        plan: another plan than the one in the repository.
        settings: answers given on the command line.
        template: path or URL of another template.
        version: the version of the template to go to.
        strict: does every open question stop, also one with a default?
        deletions: names of things, and paths, that may go.
        renames: KIND:OLD=NEW each.
    """

    plan: Path | None = None
    settings: Mapping[str, str] = field(default_factory=dict)
    template: str = ""
    version: str = ""
    strict: bool = False
    deletions: tuple[str, ...] = ()
    renames: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Intent:
    """What the repository shall be made from.

    Attributes:
        answers: all that is known; the template takes what it asks for.
        renamed: what has another name and is the same.
        old, new: the template at the recorded commit, and at the one to go to.
        plan_file: the plan; None where there is none.
        plan_path: where in the repository it belongs.
    """

    answers: Mapping[str, JSON]
    renamed: tuple[Rename, ...]
    old: Template
    new: Template
    plan_file: Path | None = None
    plan_path: str = ""


@dataclass(frozen=True, slots=True)
class Making:
    """What the template made of the old answers and makes of the new; no files where both are the same."""

    old: Files
    new: Files
    change: Change


def form(repo: Repository, wish: Wish) -> Intent:
    """What follows from `wish` for the repository.

    Raises:
        PlanError, OpenQuestions: the plan cannot be followed.
        TemplateError: the template, or the recorded version of it, cannot be found.
        Refused: the repository is newer than the template.
    """
    old = repository.recorded_template(repo, wish.template)
    new = repository.target_template(repo, old, wish.template, wish.version)
    _check_direction(repo, old, new)
    plan_file = wish.plan or repo.plan
    if plan_file is None:
        return Intent(repo.answers, (), old, new)
    settings = {**wish.settings, **(_feature(repo, wish.plan) if wish.plan else {})}
    plan = planning.read(plan_file)
    decision = _followed(plan, amendment.amend(plan, repo.answers, settings), strict=wish.strict)
    renamed = _renames(repo, wish, amendment.answers(plan, decision, repo.answers, settings))
    answers = amendment.answers(plan, decision, repo.answers, settings, renamed)
    return Intent(answers, renamed, old, new, plan_file, f"specs/{answers['feature']}/plan.md")


def make(repo: Repository, intent: Intent, progress: Progress) -> Making:
    """Render both states, unless they are the same. Raises TemplateError."""
    asked = {key: intent.answers.get(key) for key in repo.answers}
    if intent.old.ref == intent.new.ref and asked == dict(repo.answers):
        return Making({}, {}, Change((), (), (), ()))
    progress("rendering what the repository was made from")
    old = repository.pristine(repo, recorded=intent.old)
    progress("rendering what it is to be")
    new = repository.pristine(repo, answers=intent.answers, template=intent.new)
    difference = change.compare(repo.answers, repository.answers_in(new), intent.renamed)
    return Making(old, new, difference)


def _check_direction(repo: Repository, old: Template, new: Template) -> None:
    """Refuse to go back: an older template does not know what a newer one asked for."""
    local = Path(new.source)
    if not git.commit_of(local, old.ref) or git.is_ancestor(local, old.ref, new.ref):
        return
    newer = git.is_ancestor(local, new.ref, old.ref)
    what = "is newer than" if newer else "is not part of the history of"
    raise Refused(
        f"{repo.root}: its template version {repo.commit} {what} the version {new.ref[:12]} to update to",
        "install a newer setout" if newer else "name a version that follows it with --to",
    )


def _feature(repo: Repository, plan: Path) -> dict[str, str]:
    """A plan of another feature inside the repository makes that feature the repository's."""
    folder = plan.resolve().parent
    is_here = plan.name == "plan.md" and folder.parent == repo.root / "specs"
    return {"feature": folder.name} if is_here else {}


def _followed(plan: Plan, decision: Decision, *, strict: bool) -> Decision:
    if decision.outcome is Outcome.NONE:
        raise PlanError(f"{plan.path}: nothing to deliver: {decision.reason}", f"`setout read {plan.path}` shows it")
    open_ones = [question for question in decision.questions if strict or question.stops]
    if open_ones:
        listed = "; ".join(f"{plan.path}:{q.place.line}: {q.text}" for q in open_ones)
        raise OpenQuestions(listed, "answer them in the plan, or with --set FIELD=VALUE")
    return decision


def _renames(repo: Repository, wish: Wish, answers: Mapping[str, JSON]) -> tuple[Rename, ...]:
    named = change.stated(wish.renames, repo.answers, answers)
    taken = {(item.kind, item.old) for item in named}
    seen = change.evident(repo.answers, answers, wish.deletions)
    return (*named, *(item for item in seen if (item.kind, item.old) not in taken))
