"""What stands against an update, and what else a person should know of it: a sentence each, with the cure."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from setout import git
from setout.git import Blob, Conflict
from setout.upkeep import remains
from setout.upkeep.change import Thing, replaced
from setout.upkeep.intent import Making
from setout.upkeep.repository import Files, Repository
from setout.upkeep.sides import Sides, covers

# What git keeps in its directory while something is under way, and the command that ends it.
_UNDER_WAY = {
    "MERGE_HEAD": ("a merge", "git merge --abort, or finish it"),
    "rebase-merge": ("a rebase", "git rebase --abort, or finish it"),
    "rebase-apply": ("a rebase", "git rebase --abort, or finish it"),
    "CHERRY_PICK_HEAD": ("a cherry-pick", "git cherry-pick --abort, or finish it"),
    "REVERT_HEAD": ("a revert", "git revert --abort, or finish it"),
}


def obstacles(repo: Repository, adopted: Mapping[str, Blob]) -> Iterator[str]:
    """What makes the working tree unfit to be moved on."""
    for name, (what, cure) in _UNDER_WAY.items():
        if (repo.git_folder / name).exists():
            yield f"{what} is under way; {cure}"
    if not git.branch(repo.root):
        yield "no branch is checked out (detached HEAD); git switch to the branch that is to move"
    for path, letters in git.dirty(repo.root).items():
        if path not in adopted:
            what = "is unmerged" if "U" in letters else "has changes that are not committed"
            yield f"{path} {what}; commit, or git stash them"


def removals(making: Making, deletions: Sequence[str], deleted: Sequence[str], ours: set[str]) -> Iterator[str]:
    """Nothing that the plan drops goes silently: what it is, and what stays in the world."""
    dropped = remains.dropped(making.old, making.new) if making.change.removed else frozenset()
    for thing in making.change.removed:
        if thing.name not in deletions:
            account = _account(thing, making.old, deleted, ours, dropped)
            yield f"{thing} would go: {account}; consent with --allow-delete {thing.name}"
    yield from _states(making, deletions, deleted, ours)


def _states(making: Making, deletions: Sequence[str], deleted: Sequence[str], ours: set[str]) -> Iterator[str]:
    """States whose address leaves the repository although nothing that has a name goes: another structure does that."""
    kept = set(remains.states(making.new).values())
    named = {path for thing in making.change.removed for path in remains.belonging(thing, deleted)}
    for path, state in remains.states({path: making.old[path] for path in deleted if path in making.old}).items():
        folder = str(Path(path).parent)
        if state not in kept and path not in named and not covers(deletions, folder):
            runbook = remains.runbook(Thing("directory", folder), ours)
            first = f"; follow {runbook} first" if runbook else ""
            left = ", ".join(remains.told({("Terraform state", state)}))
            yield f"{folder} would go: left in the world: {left}{first}; consent with --allow-delete {folder}"


def in_the_way(repo: Repository, targets: Sequence[str]) -> Iterator[str]:
    """What git does not know, or ignores, where the update writes new files."""
    folders = dict.fromkeys(parent for path in targets for parent in Path(path).parents)
    candidates = [*targets, *(f.as_posix() for f in folders if not _is_folder(repo.root / f))]
    there = [path for path in candidates if os.path.lexists(repo.root / path) and not _is_folder(repo.root / path)]
    known = git.tracked(repo.root, [f"{repo.prefix}{path}" for path in there]) if there else set()
    for path in there:
        if f"{repo.prefix}{path}" not in known:
            yield f"{path} is on disk and not in git; commit it or move it away"


def conflict(item: Conflict, lines: int, *, is_new: bool, namesakes: Sequence[str] = ()) -> str:
    """Why the two sides of a path cannot be brought together.

    Args:
        lines: how many lines of it people wrote.
        is_new: the template has it only now.
        namesakes: where the template may have moved it.
    """
    if item.kind == "modify/delete":
        move = f"; if it is {namesakes[0]} now, say --rename file:{item.path}={namesakes[0]}" if namesakes else ""
        return f"it would go, and {_lines(lines)} with it; consent with --allow-delete {item.path}{move}"
    if is_new:
        return "it is new in the template, and people have made another file of that name"
    if item.kind == "contents":
        return "people and the template have changed the same lines"
    return f"people and the template do not agree ({item.kind})"


def notes(making: Making, deleted: Sequence[str], sides: Sides) -> Iterator[str]:
    """What is no reason to refuse and good to know."""
    gone = {path: making.old[path] for path in deleted if path in making.old}
    named = {path for thing in making.change.removed for path in remains.belonging(thing, deleted)}
    # Another cluster may well have something of the same name, which does not make this one go.
    left = remains.describe({path: file for path, file in gone.items() if path in named})
    left |= remains.describe(gone) - remains.describe(making.new) if gone else frozenset()
    left |= remains.dropped(making.old, making.new) - _renamed(making)
    yield from (f"left in the world: {sentence}" for sentence in remains.told(left))
    yield from _moved_states(making, sides)
    yield from _keeping_names(making)
    yield from (f"{path} is followed to {target}, where people moved it" for path, target in sides.followed.items())
    yield from (f"{path} stays deleted" for path in sides.absent)
    yield from (f"{path} is no longer the template's and stays" for path in sides.own)
    yield from (f"{path} goes with what people wrote in it, by consent" for path in sides.given_up)


def _renamed(making: Making) -> frozenset[remains.Remainder]:
    """What exists under the old name of something renamed; a state can be moved, most else is made anew."""
    gone = remains.dropped(making.old, making.new) if making.change.renamed else frozenset()
    return frozenset(left for item in making.change.renamed for left in _of(item.old, gone))


def _keeping_names(making: Making) -> Iterator[str]:
    gone = _renamed(making)
    for item in making.change.renamed:
        own = _of(item.old, gone)
        what = f": {', '.join(remains.told(own))}" if own else ""
        yield f"{item}: what exists in the world keeps the name {item.old} until somebody moves it{what}"


def _moved_states(making: Making, sides: Sides) -> Iterator[str]:
    """States that are looked for at another address from now on; nothing moves them by itself."""
    now = remains.states(making.new)
    for path, state in remains.states(making.old).items():
        target = sides.moved.get(path, path)
        if now.get(target, state) != state:
            folder = Path(target).parent
            yield f"{folder}: the Terraform state {state} becomes {now[target]}; terraform init -migrate-state moves it"


def _account(
    thing: Thing, old: Files, deleted: Sequence[str], ours: set[str], dropped: frozenset[remains.Remainder]
) -> str:
    files = remains.belonging(thing, deleted)
    kept = remains.belonging(thing, sorted(ours - set(old)))
    left = remains.describe({path: old[path] for path in files if path in old}) | _of(thing.name, dropped)
    runbook = remains.runbook(thing, ours)
    parts = (
        f"{len(files)} file{'' if len(files) == 1 else 's'}",
        f"what people put beside them stays ({', '.join(kept)})" if kept else "",
        f"left in the world: {', '.join(remains.told(left))}" if left else "",
        f"follow {runbook} first" if runbook else "",
    )
    return "; ".join(filter(None, parts))


def _of(name: str, left: frozenset[remains.Remainder]) -> frozenset[remains.Remainder]:
    """What of it bears the name."""
    return frozenset(item for item in left if replaced(item[1], name, "") != item[1])


def _lines(count: int) -> str:
    if count <= 0:
        return "what people changed"
    return "one line that people wrote" if count == 1 else f"{count} lines that people wrote"


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()
