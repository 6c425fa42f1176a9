"""Where plan, template and repository no longer agree: who changed each file, and which facts are contradicted."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from setout import fingerprints, git
from setout.errors import UserError
from setout.model import File, Finding, Severity
from setout.plan import citation
from setout.upkeep import accepted, contradictions, intent, moves, repository
from setout.upkeep.accepted import Acceptance, Register
from setout.upkeep.contradictions import Contradiction
from setout.upkeep.intent import Intent, Wish
from setout.upkeep.repository import Files, Repository

Progress = Callable[[str], None]

PLAN, TEMPLATE, PERSON = "plan", "template", "person"

# Documents are people's to add, and what we write down about the repository is no part of it.
_FREE = ("docs/", "specs/", f"{Path(accepted.PATH).parent}/")
_REMEDY = {
    PERSON: "take it back, state it in the plan, or say that it is meant: setout accept {path} --reason …",
    PLAN: "setout update carries the plan into the repository; setout preview shows how",
    TEMPLATE: "setout update brings the template's newer version; setout preview shows how",
}


@dataclass(frozen=True, slots=True)
class Difference:
    """A file that is not as plan and template made it.

    Attributes:
        changed_by: any of plan, template and person.
        accepted: what the person did is meant.
        reason: what happened to it, in words.
    """

    path: str
    changed_by: tuple[str, ...]
    accepted: bool
    reason: str

    @property
    def is_drift(self) -> bool:
        """What a person did can be accepted; that plan or template have moved on cannot."""
        return not self.accepted or self.changed_by != (PERSON,)


@dataclass(frozen=True, slots=True)
class Objection:
    """A contradiction, and whether it is meant."""

    contradiction: Contradiction
    accepted: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Drift:
    """Everything in which a repository differs from what plan and template make of it today."""

    files: tuple[Difference, ...]
    contradictions: tuple[Objection, ...]
    root: str = ""
    plan: str = ""

    @property
    def is_none(self) -> bool:
        """Is there nothing, or nothing but what is accepted?"""
        return not any(item.is_drift for item in self.files) and all(item.accepted for item in self.contradictions)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What has drifted, for those who read findings."""
        files = ((_of_file(item), item.reason) for item in self.files if item.is_drift)
        facts = ((_of_fact(item), item.contradiction.message) for item in self.contradictions if not item.accepted)
        return fingerprints.named([*files, *facts])


def measure(repo: Repository, wish: Wish, today: datetime.date, progress: Progress) -> Drift:
    """Compare the repository's working tree with what it was made from, and that with today's plan and template.

    Raises:
        PlanError, OpenQuestions: the plan cannot be followed.
        TemplateError: the template, or the recorded version of it, cannot be found.
        UserError: what is accepted cannot be read, or the checkout is a sparse one.
    """
    meant = intent.form(repo, wish)
    register = Register(accepted.load(repo.root), today)
    progress("rendering what the repository was made from")
    old = repository.pristine(repo, recorded=meant.old)
    listed = git.listed(repo.root)
    present = _present(repo.root, old, listed)
    if len(present.keys() & old.keys()) < len(old) and git.is_sparse(repo.root):
        raise UserError(
            f"{repo.root}: this is a sparse checkout, and what is not here cannot be compared",
            "git sparse-checkout disable, or look at another clone",
        )
    planned = _planned(repo, meant, old, progress)
    templated = _templated(repo, meant, old, progress)
    expected = {*planned, *templated, meant.plan_path}
    moved = _moved(repo.root, old, present, set(listed) - set(old) - expected)
    personal = dict(_personal(old, present, expected, moved))
    personal |= _lost_plan(repo)
    files = tuple(
        _difference(path, planned.get(path, ""), templated.get(path, ""), personal.get(path, ""), present, register)
        for path in sorted({*planned, *templated, *personal})
    )
    found = _contradictions(repo, meant, listed, personal)
    objections = tuple(Objection(item, *register.of_contradiction(item)) for item in found)
    plan = repo.plan.relative_to(repo.root).as_posix() if repo.plan else ""
    return Drift(files, objections, str(repo.root), plan)


def accept(
    repo: Repository, drift: Drift, paths: Sequence[str], fields: Sequence[str], reason: str, until: str
) -> tuple[Acceptance, ...]:
    """Write down that differences are meant, and return what was written.

    Args:
        drift: what `measure` has found.
        paths: files, or directories for every file in them; with `fields` the places of contradictions.
        fields: fields of contradictions.

    Raises:
        UserError: there is no such difference, or no reason.
    """
    if len(reason.strip()) < _REASON:
        raise UserError("--reason: say why this is meant", "a sentence that a reviewer understands a year from now")
    if not paths and not fields:
        raise UserError("there is nothing to accept", "name files, or contradictions with --field")
    chosen = [*(_facts(drift, paths, fields) if fields else _files(repo, drift, paths))]
    made = tuple(Acceptance(path, field, state, reason.strip(), until) for path, field, state in chosen)
    accepted.save(repo.root, [*accepted.load(repo.root), *made])
    return made


_REASON = 10  # characters; what is shorter is no reason


def _files(repo: Repository, drift: Drift, paths: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    differing = {item.path for item in drift.files if PERSON in item.changed_by}
    for path in paths:
        chosen = sorted(name for name in differing if name == path or name.startswith(f"{path.rstrip('/')}/"))
        if not chosen:
            raise UserError(f"{path}: no person has changed this, so there is nothing to accept", "see setout drift")
        for name in chosen:
            yield name, "", accepted.state_of(_read(repo.root / name))


def _facts(drift: Drift, paths: Sequence[str], fields: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    for field in fields:
        found = [item.contradiction for item in drift.contradictions if item.contradiction.field == field]
        chosen = [item for item in found if not paths or item.path in paths or item.path.rstrip("/") in paths]
        if not chosen:
            raise UserError(f"--field {field}: nothing there contradicts the plan", "see setout drift")
        yield from ((item.path, item.field, item.message) for item in chosen)


def _planned(repo: Repository, meant: Intent, old: Files, progress: Progress) -> dict[str, str]:
    """Files that today's plan would make otherwise, each with what it would do."""
    asked = {name: meant.answers.get(name) for name in repo.answers}
    if asked == dict(repo.answers):
        return {}
    progress("rendering what the plan asks for today")
    new = repository.pristine(repo, answers=meant.answers, recorded=meant.old)
    return dict(_changes(old, new, "the plan"))


def _templated(repo: Repository, meant: Intent, old: Files, progress: Progress) -> dict[str, str]:
    """Files that a newer template would make otherwise."""
    if meant.old.ref == meant.new.ref:
        return {}
    progress("rendering what the template makes today")
    return dict(_changes(old, repository.pristine(repo, template=meant.new), "the template"))


def _changes(old: Files, new: Files, who: str) -> Iterator[tuple[str, str]]:
    for path in sorted({*old, *new}):
        if path not in new:
            yield path, f"{who} no longer asks for it"
        elif path not in old:
            yield path, f"{who} asks for it now"
        elif old[path] != new[path]:
            yield path, f"{who} makes it otherwise now"


def _present(root: Path, old: Files, listed: Iterable[str]) -> dict[str, File]:
    """What is on disk of the files that were delivered, and of those that lie in delivered directories."""
    folders = {path.split("/")[0] for path in old if "/" in path}
    near = (path for path in listed if "/" in path and path.split("/")[0] in folders and not path.startswith(_FREE))
    return {path: file for path in sorted({*old, *near}) if (file := _read(root / path)) is not None}


def _personal(
    old: Files, present: Mapping[str, File], expected: Iterable[str], moved: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    """Files that a person has edited, deleted, moved or added."""
    known = {*old, *expected}
    added = [path for path in present if path not in known]
    origins = {target: path for path, target in moved.items()}
    for path in old:
        if path not in present:
            yield path, f"a person moved it to {moved[path]}" if path in moved else "a person deleted it"
        elif old[path] != present[path]:
            yield path, _edit(old[path], present[path])
    for path in added:
        if path in origins:
            edited = "" if old[origins[path]].data == present[path].data else ", and edited it"
            yield path, f"a person moved it here from {origins[path]}{edited}"
        else:
            yield path, _UNEXPLAINED


_UNEXPLAINED = "a person added it: no line of the plan explains it"


def _moved(root: Path, old: Files, present: Mapping[str, File], candidates: Iterable[str]) -> dict[str, str]:
    """Files that a person has moved, to wherever it is, by the path that each was delivered at."""
    return moves.find(root, {path: file for path, file in old.items() if path not in present}, candidates)


def _edit(old: File, new: File) -> str:
    if old.data != new.data:
        return "a person edited it"
    return "a person made it executable" if new.mode == "100755" else "a person changed what kind of file it is"


def _difference(
    path: str, planned: str, templated: str, personal: str, present: Mapping[str, File], register: Register
) -> Difference:
    told = {PLAN: planned, TEMPLATE: templated, PERSON: personal}
    is_meant, word = register.of_file(path, present.get(path)) if personal else (False, "")
    reasons = [text for text in (*told.values(), word) if text]
    return Difference(path, tuple(who for who, text in told.items() if text), is_meant, "; ".join(reasons))


def _lost_plan(repo: Repository) -> dict[str, str]:
    """The plan, where there was one: without it nothing is left to disagree with, which is no agreement."""
    path = repository.plan_path(repo.answers)
    if repo.plan or not path or not git.was_there(repo.root, path):
        return {}
    return {path: "a person deleted the plan: only the recorded answers say what is wanted"}


def _contradictions(
    repo: Repository, meant: Intent, listed: Iterable[str], personal: Iterable[str]
) -> tuple[Contradiction, ...]:
    """What contradicts the plan. Where it says what is recorded, only what people wrote can."""
    if meant.plan_file is None:
        return ()
    facts = contradictions.Facts(citation.read(meant.plan_file))
    readable = set(personal) if facts.are_in(repo.answers) else None
    return contradictions.find(facts, contradictions.Ground(repo.root, listed, readable))


def _read(path: Path) -> File | None:
    """The file as git would keep it; None where there is none, or none that can be read."""
    try:
        if path.is_symlink():
            return File(str(path.readlink()).encode(), "120000")
        return File(path.read_bytes(), "100755" if path.stat().st_mode & 0o100 else "100644")
    except OSError:
        return None


def _of_file(item: Difference) -> Finding:
    who = next(name for name in (PLAN, TEMPLATE, PERSON) if name in item.changed_by and not _is_settled(item, name))
    remedy = _REMEDY[who].format(path=item.path)
    return Finding(f"drift/{'-and-'.join(item.changed_by)}", item.reason, remedy, item.path, 0, Severity.WARNING)


def _is_settled(item: Difference, who: str) -> bool:
    return who == PERSON and item.accepted


def _of_fact(item: Objection) -> Finding:
    found = item.contradiction
    remedy = f"mend the repository or line {found.plan_line} of the plan, or: setout accept --field {found.field} …"
    return Finding(f"drift/{found.field.replace('_', '-')}", found.message, remedy, found.path)
