"""Three trees into one, path by path.

Git's own merge of trees looks for renames and takes the edits of a file that goes into any new one that resembles it;
`merge.renames=false` does not stop it before 2.51 (its release notes). Which path became which is decided here before
the merge (`sides.py`), so git only gets what all three trees have, and merges lines.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from setout import git
from setout.git import Blob, Conflict, Merged

_Listing = Mapping[str, Blob]


def trees(where: Path, base: str, ours: str, theirs: str) -> Merged:
    """`ours` with what changed from `base` to `theirs`; touches nothing but the object store.

    Returns:
        The tree and the conflicts; a path with a conflict holds what `ours` has there, or git's markers.

    Raises:
        GitError: git refuses.
    """
    old, mine, new = (git.entries(where, tree) for tree in (base, ours, theirs))
    taken, dropped, common, conflicts = _sorted_out(old, mine, new)
    if common:
        made, unresolved = _contents(where, common, old, mine, new)
        taken |= made
        conflicts += unresolved
    clashes = _clashes(taken, {*mine, *taken} - dropped)
    conflicts += [Conflict(path, "file/directory") for path in clashes]
    added = {path: blob for path, blob in taken.items() if path not in clashes}
    tree = git.tree_of(where, added, base=ours, removed=dropped) if added or dropped else ours
    return Merged(tree, tuple(sorted(conflicts, key=lambda item: item.path)))


def _sorted_out(
    old: _Listing, mine: _Listing, new: _Listing
) -> tuple[dict[str, Blob], set[str], list[str], list[Conflict]]:
    """What to take from the other side, what to drop, what both changed, and what cannot be both."""
    taken, dropped = {}, set()
    common, conflicts = [], []
    for path in sorted({*old, *new}):
        was, have, want = old.get(path), mine.get(path), new.get(path)
        if want in (was, have):
            continue
        if have == was:
            if want:
                taken[path] = want
            else:
                dropped.add(path)
        elif was and have and want:
            common.append(path)
        else:
            conflicts.append(Conflict(path, "modify/delete" if was else "add/add"))
    return taken, dropped, common, conflicts


def _contents(
    where: Path, paths: list[str], old: _Listing, mine: _Listing, new: _Listing
) -> tuple[dict[str, Blob], list[Conflict]]:
    """Let git merge the lines of files that all three have."""
    base, ours, theirs = (git.tree_of(where, {path: side[path] for path in paths}) for side in (old, mine, new))
    merged = git.merge(where, base, ours, theirs)
    made = git.entries(where, merged.tree)
    return {path: made[path] for path in paths if path in made}, list(merged.conflicts)


def _clashes(taken: _Listing, result: set[str]) -> list[str]:
    """New paths that lie below a file, or where there is a directory."""
    folders = {str(folder) for path in result for folder in PurePosixPath(path).parents}
    below_file = (path for path in taken if any(str(folder) in result for folder in PurePosixPath(path).parents))
    return sorted({*below_file, *(path for path in taken if path in folders)})
