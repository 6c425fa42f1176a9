"""The three sides of an update, arranged so that a line-by-line merge of them is right.

`old` is what the template made, `new` is what it makes now, `ours` is what people have. A merge by path alone would
bring back what people deleted, lose sight of what they moved, and delete and add what was only renamed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from setout.git import Blob
from setout.upkeep.change import Rename, replaced

Listing = dict[str, Blob]


@dataclass(slots=True)
class Sides:
    """The three trees, path by path, while they are being arranged, and what was noticed on the way.

    Attributes:
        moved: paths of `ours` that go to another name, because what they belong to is renamed, or the template moved
            them.
        followed: paths of the template that a person has moved, and where to.
        absent: paths that the template would deliver and a person has deleted.
        own: paths that the template no longer has and that a person moved: they are theirs from now on.
        given_up: paths that the template no longer has, and what people wrote in them goes by their consent.
    """

    old: Listing
    new: Listing
    ours: Listing
    moved: dict[str, str] = field(default_factory=dict)
    followed: dict[str, str] = field(default_factory=dict)
    absent: list[str] = field(default_factory=list)
    own: list[str] = field(default_factory=list)
    given_up: list[str] = field(default_factory=list)

    def rename(self, renamed: Sequence[Rename]) -> None:
        """Move what belongs to renamed things, with the edits in it and with what people put beside it."""
        pairs: dict[str, str] = {}
        for item in renamed:
            pairs.update(self._pairs(item))
        pairs.update(self._companions(pairs))
        self.moved = {path: target for path, target in pairs.items() if path in self.ours}
        self._move(pairs)

    def relocate(self, stated: Mapping[str, str], others: Collection[str] = ()) -> None:
        """Move what the template has elsewhere now, with the edits in it: as stated, or as the same bytes tell.

        Args:
            others: names of what comes and what goes; a path that bears one of them is another thing, and not moved.
        """
        pairs = {path: target for path, target in stated.items() if path in self.old and target not in self.ours}
        pairs.update(self._same_bytes({*pairs, *pairs.values()}, others))
        self.moved = {path: pairs.get(target, target) for path, target in self.moved.items()}
        known = set(self.moved.values())
        self.moved |= {path: target for path, target in pairs.items() if path in self.ours and target not in known}
        self._move(pairs)

    def follow(self, moves: Mapping[str, str]) -> None:
        """Let the template's changes reach files where people have moved them."""
        for path, target in sorted(moves.items()):
            if path not in self.old or path in self.ours or target in self.old or target in self.new:
                continue
            blob = self.old.pop(path)
            if path in self.new:
                self.old[target], self.new[target] = blob, self.new.pop(path)
                self.followed[path] = target
            else:
                self.own.append(target)

    def keep_deleted(self) -> None:
        """Leave out what people have deleted: it does not come back."""
        for path in [path for path in self.old if path not in self.ours]:
            del self.old[path]
            if self.new.pop(path, None):
                self.absent.append(path)

    def release(self, folder: str) -> None:
        """Leave to people what the template no longer has below `folder`."""
        for path in [path for path in self.old if path.startswith(folder) and path not in self.new]:
            del self.old[path]

    def let_go(self, paths: Iterable[str]) -> None:
        """Give up what people wrote in these, which the template no longer has; they have consented."""
        for path in self.edited():
            if covers(paths, path):
                del self.ours[path]
                self.given_up.append(path)

    def edited(self) -> list[str]:
        """Paths that the template no longer has and that hold something of people."""
        return [
            path
            for path, blob in self.old.items()
            if path not in self.new and path in self.ours and self.ours[path] != blob
        ]

    def namesakes(self, path: str) -> list[str]:
        """Where the template may have what it had at `path`: its new files of that name."""
        name = PurePosixPath(path).name
        return sorted(other for other in self.new if other not in self.old and PurePosixPath(other).name == name)

    def _move(self, pairs: Mapping[str, str]) -> None:
        self.old = {pairs.get(path, path): blob for path, blob in self.old.items()}
        self.ours = {pairs.get(path, path): blob for path, blob in self.ours.items()}

    def _same_bytes(self, settled: Collection[str], others: Collection[str]) -> dict[str, str]:
        """Paths that are gone from the template, and the only new one with the same bytes, in its directory or with
        its name. Whatever leaves a doubt is no move."""
        gone, come = _places(self.old, self.new), _places(self.new, self.old)
        found = {}
        for blob, paths in gone.items():
            targets = come.get(blob, ())
            if len(paths) != 1 or len(targets) != 1:
                continue
            path, target = paths[0], targets[0]
            is_other = any(replaced(name, other, "") != name for name in (path, target) for other in others)
            if not is_other and _is_near(path, target) and target not in self.ours and not {path, target} & {*settled}:
                found[path] = target
        return found

    def _pairs(self, item: Rename) -> dict[str, str]:
        found = {}
        for path in self.old:
            if path in self.new:
                continue
            for target in _candidates(path, item):
                if target in self.new and target not in self.old and target not in self.ours:
                    found[path] = target
                    break
        return found

    def _companions(self, pairs: Mapping[str, str]) -> dict[str, str]:
        """What people put into directories that are renamed as a whole."""
        left = {folder for path in self.old if path not in pairs for folder in _folders(path)}
        whole = {
            folder: str(PurePosixPath(target).parent)
            for path, target in pairs.items()
            for folder in (str(PurePosixPath(path).parent),)
            if folder not in left and folder != str(PurePosixPath(target).parent)
        }
        found = {}
        for path in self.ours:
            folder = next((name for name in _folders(path) if name in whole), "")
            if folder and path not in self.old:
                target = f"{whole[folder]}{path[len(folder) :]}"
                if target not in self.new and target not in self.ours:
                    found[path] = target
        return found


def covers(names: Iterable[str], path: str) -> bool:
    """Is `path` one of `names`, or below one of them?"""
    return any(path == name.rstrip("/") or path.startswith(f"{name.rstrip('/')}/") for name in names if name)


def _candidates(path: str, item: Rename) -> Iterator[str]:
    """The names that `path` may have now: every mention renamed, or one segment only."""
    everywhere = replaced(path, item.old, item.new)
    if everywhere == path:
        return
    yield everywhere
    parts = path.split("/")
    for position, part in enumerate(parts):
        other = replaced(part, item.old, item.new)
        if other != part:
            yield "/".join((*parts[:position], other, *parts[position + 1 :]))


def _places(side: Listing, other: Listing) -> dict[Blob, list[str]]:
    """The paths that only one side has, by what lies there."""
    found: dict[Blob, list[str]] = {}
    for path, blob in side.items():
        if path not in other:
            found.setdefault(blob, []).append(path)
    return found


def _is_near(path: str, target: str) -> bool:
    one, other = PurePosixPath(path), PurePosixPath(target)
    return one.name == other.name or one.parent == other.parent


def _folders(path: str) -> list[str]:
    """The directories that hold `path`, the nearest first, without the root."""
    return [str(parent) for parent in PurePosixPath(path).parents][:-1]
