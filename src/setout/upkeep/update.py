"""The next state of a delivered repository: what plan and template make now, merged with what people wrote."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from setout import git
from setout.delivery.render import ANSWERS_FILE
from setout.errors import UserError
from setout.git import Blob, Conflict
from setout.model import File, Finding
from setout.upkeep import change, journal, judgement, merge, moves, repository
from setout.upkeep.intent import Intent, Making, Progress, Refused, Wish, form, make
from setout.upkeep.repository import Repository
from setout.upkeep.sides import Sides

_BRANCH = "setout/update"
_SUBJECT = 72  # characters; git's own convention


@dataclass(frozen=True, slots=True)
class Proposal:
    """What an update would do. Nothing is changed yet, and with `reasons` nothing will be.

    Attributes:
        head: the commit it starts from.
        tree: the whole tree it leads to.
        sides: the trees base, theirs and ours below the repository's directory, for who resolves by hand.
        meaning: what the change means, a sentence each.
        moved: pairs of paths, from and to.
        conflicts: path and reason each.
        reasons: why it would be refused; none, or none but conflicts.
        notes: what else a person should know.
        adopted: what lies in the working tree already as it shall be.
        paths: everything that changes, below git's top.
    """

    repo: Repository
    head: str
    tree: str
    sides: tuple[str, str, str]
    meaning: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    deleted: tuple[str, ...] = ()
    moved: tuple[tuple[str, str], ...] = ()
    conflicts: tuple[tuple[str, str], ...] = ()
    reasons: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    adopted: Mapping[str, Blob] = field(default_factory=dict)
    paths: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not self.paths and not self.reasons

    @property
    def is_refused(self) -> bool:
        return bool(self.reasons)

    @property
    def is_resolvable(self) -> bool:
        """Is everything that stands against it a conflict, which a person can resolve?"""
        return len(self.reasons) == len(self.conflicts)


def propose(repo: Repository, wish: Wish, progress: Progress) -> Proposal:
    """Compute the update that `wish` asks for, touching nothing but git's object store.

    Raises:
        PlanError, OpenQuestions: the plan cannot be followed.
        TemplateError: the template cannot be found or rendered.
        Refused: there is nothing to start from, or the repository is newer than the template.
        GitError: git refuses.
    """
    git.check_version(repo.top)
    head = _start(repo)
    intent = form(repo, wish)
    making = make(repo, intent, progress)
    present = git.subtree(repo.top, head, repo.prefix)
    sides = _arranged(repo, present, intent, making, wish)
    base, theirs = git.tree_of(repo.top, sides.old), git.tree_of(repo.top, sides.new)
    trees = (base, theirs, _ours(repo, present, sides))
    merged = merge.trees(repo.top, base, trees[2], theirs)
    proposal = _differing(Proposal(repo, head, merged.tree, trees), present, sides)
    proposal = replace(
        proposal,
        tree=git.graft(repo.top, head, repo.prefix, merged.tree),
        meaning=_meaning(repo, intent, making),
        conflicts=_conflicts(repo, present, trees[0], merged.conflicts, sides),
        adopted=_adopted(proposal, intent, sides),
    )
    return replace(proposal, reasons=_reasons(proposal, making, wish, sides), notes=_notes(proposal, making, sides))


def carry_out(proposal: Proposal, *, commit: bool = True) -> str:
    """Make the proposal real, in one step. Returns the new commit, "" where the change is left staged.

    Raises:
        GitError, Busy: the repository is as it was.
        Refused: git does not know in whose name to commit.
    """
    repo = proposal.repo
    new = _commit(proposal) if commit else proposal.tree
    step = journal.Step(proposal.head, new, proposal.paths, proposal.adopted, commit, f"setout: {_subject(proposal)}")
    journal.take(repo.top, repo.git_folder, step)
    return new if commit else ""


def difference(proposal: Proposal) -> str:
    """The proposal as a unified diff."""
    old = git.subtree(proposal.repo.top, proposal.head, "")
    return git.diff(proposal.repo.top, old, proposal.tree, dict(proposal.moved))


def export(proposal: Proposal, into: Path) -> None:
    """Write the repository as it would be below `into`."""
    git.export(proposal.repo.top, git.subtree(proposal.repo.top, proposal.tree, proposal.repo.prefix), into)


def export_present(proposal: Proposal, into: Path) -> None:
    """Write the repository as it is committed below `into`."""
    git.export(proposal.repo.top, git.subtree(proposal.repo.top, proposal.head, proposal.repo.prefix), into)


def refuse(proposal: Proposal, findings: Iterable[Finding]) -> Proposal:
    """The proposal, refused for what the checks find in its result."""
    reasons = tuple(f"{item.path}:{item.line}: {item.message} [{item.rule}]" for item in findings)
    return replace(proposal, reasons=proposal.reasons + reasons)


def hand_over(proposal: Proposal) -> tuple[str, ...]:
    """Lay the conflicts out as those of an ordinary merge, on a branch of its own beside the repository.

    Returns:
        The commands that finish it.

    Raises:
        Refused: an earlier one is not finished.
    """
    repo = proposal.repo
    place = repo.top.with_name(f"{repo.top.name}-{_BRANCH.replace('/', '-')}")
    finish = (f"git worktree remove {place}", f"git branch --delete --force {_BRANCH}")
    if git.commit_of(repo.top, f"refs/heads/{_BRANCH}") or os.path.lexists(place):
        raise Refused(f"the branch {_BRANCH} or {place} is there from an earlier update", "; ".join(finish))
    base, theirs, ours = (git.graft(repo.top, proposal.head, repo.prefix, tree) for tree in proposal.sides)
    with journal.handing_over(repo.top, repo.git_folder, place, _BRANCH):
        git.lay_out(repo.top, place, _BRANCH, proposal.head, base, ours, theirs)
    message = _subject(proposal).replace('"', "'")
    return (
        f'cd {place}  # mend the conflicts, git add them, then: git commit -m "{message}"',
        f"cd {repo.root}  # then: git merge --ff-only {_BRANCH}",
        *finish,
    )


def _start(repo: Repository) -> str:
    """The commit to start from."""
    head = git.commit_of(repo.top, "HEAD")
    if not head:
        raise Refused(f"{repo.root}: there is no commit yet to come back to", "git add --all && git commit")
    if f"{repo.prefix}{ANSWERS_FILE}" not in git.entries(repo.top, head):
        raise Refused(f"{repo.root}: what was delivered here is not committed yet", "git add --all && git commit")
    return head


def _arranged(repo: Repository, present: str, intent: Intent, making: Making, wish: Wish) -> Sides:
    sides = Sides(git.store(repo.top, making.old), git.store(repo.top, making.new), git.entries(repo.top, present))
    sides.rename(intent.renamed)
    _relocate(sides, making, wish)
    feature = repo.answers.get("feature")
    if feature != intent.answers.get("feature"):
        sides.release(f"specs/{feature}/")
    if any(path not in sides.ours for path in sides.old):
        trees = (git.tree_of(repo.top, sides.old), _ours(repo, present, sides))
        sides.follow(git.renames(repo.top, *trees, moves.SIMILAR))
    sides.keep_deleted()
    sides.let_go(wish.deletions)
    _place_plan(repo, intent, sides)
    return sides


def _relocate(sides: Sides, making: Making, wish: Wish) -> None:
    """Follow the template to where it has moved files. Raises UserError where it has not moved what a person names."""
    stated = change.relocated(wish.renames)
    for path, target in stated.items() if making.new else ():
        if path not in sides.old or path in sides.new or target not in sides.new or target in sides.old:
            raise UserError(
                f"--rename file:{path}={target}: this is no file that goes, or none that comes in its place",
                "`setout preview` lists what goes and what comes",
            )
    sides.relocate(stated, [thing.name for thing in (*making.change.added, *making.change.removed)])


def _place_plan(repo: Repository, intent: Intent, sides: Sides) -> None:
    """The plan is the person's; what they hand over takes the place of what is there."""
    if intent.plan_file is None:
        return
    if _is_in_place(repo, intent):
        blob = Blob("100644", git.store_file(repo.top, intent.plan_file.resolve()))
    else:
        blob = git.store(repo.top, {"": File(intent.plan_file.read_bytes())})[""]
    present = sides.ours.get(intent.plan_path)
    if present is None or present.object != blob.object:
        if present:
            sides.old[intent.plan_path] = present
        sides.new[intent.plan_path] = replace(blob, mode=present.mode if present else blob.mode)


def _is_in_place(repo: Repository, intent: Intent) -> bool:
    return intent.plan_file is not None and intent.plan_file.resolve() == repo.root / intent.plan_path


def _ours(repo: Repository, present: str, sides: Sides) -> str:
    """The tree that people have, with what was moved or given up in it; the rest is not even looked at."""
    if not sides.moved and not sides.given_up:
        return present
    listed = git.entries(repo.top, present)
    added = {path: blob for path, blob in sides.ours.items() if path not in listed}
    return git.tree_of(repo.top, added, base=present, removed=listed.keys() - sides.ours.keys())


def _differing(proposal: Proposal, present: str, sides: Sides) -> Proposal:
    """The proposal with its lists of paths."""
    letters = git.changes(proposal.repo.top, present, proposal.tree)
    moved = {path: target for path, target in sides.moved.items() if letters.get(path) == "D"}
    return replace(
        proposal,
        added=tuple(path for path, letter in letters.items() if letter == "A" and path not in moved.values()),
        changed=tuple(path for path, letter in letters.items() if letter in "MT"),
        deleted=tuple(path for path, letter in letters.items() if letter == "D" and path not in moved),
        moved=tuple(sorted(moved.items())),
        paths=tuple(f"{proposal.repo.prefix}{path}" for path in letters),
    )


def _conflicts(
    repo: Repository, present: str, base: str, found: Sequence[Conflict], sides: Sides
) -> tuple[tuple[str, str], ...]:
    if not found:
        return ()
    written = git.written(repo.top, base, present)
    return tuple(
        (
            item.path,
            judgement.conflict(
                item, written.get(item.path, 0), is_new=item.path not in sides.old, namesakes=sides.namesakes(item.path)
            ),
        )
        for item in found
    )


def _adopted(proposal: Proposal, intent: Intent, sides: Sides) -> dict[str, Blob]:
    """The plan, where it was edited in place and is not committed: it is what the update rests on."""
    path = f"{proposal.repo.prefix}{intent.plan_path}"
    if path not in proposal.paths or not _is_in_place(proposal.repo, intent):
        return {}
    return {path: sides.new[intent.plan_path]}


def _reasons(proposal: Proposal, making: Making, wish: Wish, sides: Sides) -> tuple[str, ...]:
    if not proposal.paths and not proposal.conflicts:
        return ()
    repo = proposal.repo
    targets = (*proposal.added, *(target for _, target in proposal.moved))
    written = [path for path in targets if f"{repo.prefix}{path}" not in proposal.adopted]
    return (
        *judgement.obstacles(repo, proposal.adopted),
        *(f"{path}: {reason}" for path, reason in proposal.conflicts),
        *judgement.removals(making, wish.deletions, proposal.deleted, set(sides.ours)),
        *judgement.in_the_way(repo, written),
    )


def _notes(proposal: Proposal, making: Making, sides: Sides) -> tuple[str, ...]:
    return tuple(judgement.notes(making, proposal.deleted, sides))


def _meaning(repo: Repository, intent: Intent, making: Making) -> tuple[str, ...]:
    if intent.old.ref == intent.new.ref:
        return making.change.sentences
    version = repository.version_in(making.new) or intent.new.ref[:12]
    return (f"template {repo.commit} → {version}", *making.change.sentences)


def _subject(proposal: Proposal) -> str:
    text = f"Update: {'; '.join(proposal.meaning)}"
    if proposal.meaning and len(text) <= _SUBJECT:
        return text
    return f"Update to the plan and the template ({len(proposal.paths)} files)"


def _commit(proposal: Proposal) -> str:
    repo = proposal.repo
    if not git.person(repo.top):
        raise Refused(
            f"{repo.root}: git does not know in whose name to commit",
            "git config user.name … && git config user.email …, or leave it staged with --no-commit",
        )
    body = "".join(f"{sentence}\n" for sentence in proposal.meaning)
    return git.commit(repo.top, proposal.tree, proposal.head, f"{_subject(proposal)}\n\n{body}")
