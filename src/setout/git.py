"""The only module that knows git's command line for repositories: verbs over `process.run`, without state."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from setout import process, scratch
from setout.errors import DestinationError, ToolMissing
from setout.model import File

TIMEOUT = 300.0

# `git merge-tree --write-tree` came with 2.38 (Git's release notes for 2.38.0).
OLDEST = (2, 38)

# Of the caller's variables those that say who commits, with which settings and keys; never GIT_DIR and its
# like, which git sets inside hooks and which would make us look at another repository.
_INHERITED = (
    *("GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_AUTHOR_DATE", "EMAIL"),
    *("GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL", "GIT_COMMITTER_DATE"),
    *("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM", "XDG_CONFIG_HOME"),
    *("GNUPGHOME", "GPG_TTY", "SSH_AUTH_SOCK"),
)
_FETCHING = (*process.NETWORK, "GIT_SSH", "GIT_SSH_COMMAND", "GIT_SSL_CAINFO", "GIT_ASKPASS", "SSH_ASKPASS")

# Commits that only carry trees into a merge. They are never reachable, so they say the same every time.
_NEUTRAL = {
    f"GIT_{who}_{what}": value
    for who in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "setout"), ("EMAIL", "setout@localhost"), ("DATE", "@0 +0000"))
}
_WITHOUT_RENAMES = ("-c", "merge.renames=false", "-c", "merge.directoryRenames=false")


class GitError(DestinationError):
    """Git refused; the message is the first line of what it said."""


@dataclass(frozen=True, slots=True)
class Blob:
    """What a tree says of a path: mode and object."""

    mode: str
    object: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a directory lies in a repository.

    Attributes:
        top: the top of its working tree.
        prefix: the directory below it, with a trailing slash; "" at the top.
        folder: this working tree's own git directory (of a linked working tree: below `.git/worktrees`).
    """

    top: Path
    prefix: str
    folder: Path


@dataclass(frozen=True, slots=True)
class Conflict:
    """A path on which two sides cannot be brought together, and git's word for why (`content`, `modify/delete`)."""

    path: str
    kind: str


@dataclass(frozen=True, slots=True)
class Merged:
    """The tree of a merge; with conflicts it holds markers and is of use to nobody but a reader."""

    tree: str
    conflicts: tuple[Conflict, ...]


def ask(
    where: Path,
    *words: str | Path,
    stdin: str = "",
    env: Mapping[str, str] | None = None,
    codes: Sequence[int] = (0,),
) -> str:
    """Run git in `where` and return its output.

    Args:
        codes: the exit codes that are no failure.

    Raises:
        GitError: git ended otherwise.
        ToolMissing: there is no git.
    """
    return run(where, *words, stdin=stdin, env=env, codes=codes).out


def run(
    where: Path,
    *words: str | Path,
    stdin: str = "",
    env: Mapping[str, str] | None = None,
    codes: Sequence[int] = (0,),
) -> process.Ran:
    """Like `ask`, with everything that is known of the run."""
    environment = {**process.inherit(_INHERITED), "LC_ALL": "C.UTF-8", "GIT_TERMINAL_PROMPT": "0", **(env or {})}
    argv = ["git", "-c", "core.quotePath=false", *words]
    try:
        done = process.run(argv, cwd=where, env=environment, timeout=TIMEOUT, stdin=stdin)
    except process.CannotStart as error:
        raise ToolMissing(f"git cannot be run in {where}: {error}", "install git 2.38 or newer") from None
    except process.TimedOut as error:
        raise GitError(f"{where}: {error}", "look whether another git holds the repository") from None
    if done.code not in codes:
        raise GitError(f"{where}: git {_verb(words)}: {_complaint(done)}", "run it yourself to see all it says")
    return done


def _verb(words: Sequence[str | Path]) -> str:
    plain = [str(word) for word in words]
    while plain[:1] == ["-c"]:
        plain = plain[2:]
    return plain[0]


def _complaint(done: process.Ran) -> str:
    lines = [line for line in done.err.splitlines() if line.strip()]
    return lines[0] if lines else f"ended with {done.code}"


def check_version(where: Path) -> None:
    """Raises ToolMissing where git is older than what an update needs."""
    found = re.search(r"(\d+)\.(\d+)", ask(where, "version"))
    if not found or tuple(map(int, found.groups())) < OLDEST:
        version = found.group() if found else "of an unknown version"
        raise ToolMissing(f"git {version} cannot merge trees in memory", "install git 2.38 or newer")


def place(directory: Path) -> Place:
    """Where `directory` lies. Raises GitError where it is in no working tree."""
    out = ask(directory, "rev-parse", "--show-toplevel", "--absolute-git-dir", "--show-prefix").split("\n")
    return Place(Path(out[0]), out[2], Path(out[1]))


def commit_of(where: Path, name: str) -> str:
    """The full id of the commit called `name`; "" where there is none."""
    if not name:
        return ""
    return ask(
        where, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}", codes=(0, 1, 128)
    ).strip()


def branch(where: Path) -> str:
    """The branch that is checked out; "" on a detached HEAD."""
    return ask(where, "symbolic-ref", "--quiet", "--short", "HEAD", codes=(0, 1)).strip()


def tags(where: Path) -> list[str]:
    return ask(where, "tag", "--list", codes=(0, 128)).split()


def is_ancestor(where: Path, older: str, newer: str) -> bool:
    return run(where, "merge-base", "--is-ancestor", older, newer, codes=(0, 1)).code == 0


def subtree(where: Path, commit: str, prefix: str) -> str:
    """The tree of `commit` below `prefix`."""
    return ask(where, "rev-parse", "--verify", f"{commit}:{prefix.rstrip('/')}").strip()


def entries(where: Path, tree: str) -> dict[str, Blob]:
    """Every path of `tree` (files, links, submodules)."""
    listed = ask(where, "ls-tree", "-r", "-z", "--full-tree", tree)
    return {
        path: Blob(head.split(" ")[0], head.split(" ")[2])
        for head, _, path in (line.partition("\t") for line in listed.split("\0") if line)
    }


def store(where: Path, files: Mapping[str, File]) -> dict[str, Blob]:
    """Put the files' bytes into the object store, as they are, in one run of git."""
    contents = sorted({file.data for file in files.values()})
    with scratch.folder() as folder:
        paths = [folder / str(number) for number in range(len(contents))]
        for path, data in zip(paths, contents, strict=True):
            path.write_bytes(data)
        listed = "".join(f"{path}\n" for path in paths)
        out = ask(where, "hash-object", "-w", "--no-filters", "--stdin-paths", stdin=listed) if paths else ""
    objects = dict(zip(contents, out.split(), strict=True))
    return {path: Blob(file.mode, objects[file.data]) for path, file in files.items()}


def store_file(where: Path, path: Path) -> str:
    """Put a file of the working tree into the object store, filtered as for a commit."""
    return ask(where, "hash-object", "-w", "--", path).strip()


def tree_of(where: Path, added: Mapping[str, Blob], *, base: str = "", removed: Iterable[str] = ()) -> str:
    """Write the tree that holds `added`, and of the tree `base` everything but `removed`."""
    lines = [f"0 {'0' * 40}\t{path}" for path in removed]
    lines += [f"{blob.mode} {blob.object}\t{path}" for path, blob in added.items()]
    with scratch_index() as index:
        if base:
            ask(where, "read-tree", base, env=index)
        if lines:
            ask(where, "update-index", "-z", "--index-info", stdin="".join(f"{line}\0" for line in lines), env=index)
        return ask(where, "write-tree", env=index).strip()


def graft(where: Path, commit: str, prefix: str, tree: str) -> str:
    """The tree of `commit` with `tree` in the place of what it has below `prefix`."""
    if not prefix:
        return tree
    with scratch_index() as index:
        ask(where, "read-tree", commit, env=index)
        ask(where, "rm", "-r", "--cached", "--quiet", "--ignore-unmatch", "--", f":(top,literal){prefix}", env=index)
        ask(where, "read-tree", f"--prefix={prefix}", tree, env=index)
        return ask(where, "write-tree", env=index).strip()


@contextmanager
def scratch_index() -> Iterator[dict[str, str]]:
    """The environment in which git works on an index of its own, which is gone afterwards."""
    with scratch.folder() as folder:
        yield {"GIT_INDEX_FILE": str(folder / "index")}


def carrier(where: Path, tree: str, *parents: str) -> str:
    """A commit that only carries a tree into a merge."""
    words = [word for parent in parents for word in ("-p", parent)]
    return ask(where, "commit-tree", tree, *words, "-m", "setout", env=_NEUTRAL).strip()


def merge(where: Path, base: str, ours: str, theirs: str) -> Merged:
    """Merge three trees, without looking for renames and without touching anything but the object store."""
    root = carrier(where, base)
    sides = (carrier(where, ours, root), carrier(where, theirs, root))
    out = ask(where, *_WITHOUT_RENAMES, "merge-tree", "--write-tree", "--messages", "-z", *sides, codes=(0, 1))
    tree, _, rest = out.partition("\0")
    stages, _, messages = rest.partition("\0\0") if not rest.startswith("\0") else ("", "", rest[1:])
    paths = {line.partition("\t")[2] for line in stages.split("\0") if line}
    kinds = dict(_messages(messages))
    return Merged(tree, tuple(Conflict(path, kinds.get(path, "contents")) for path in sorted(paths)))


def _messages(text: str) -> Iterable[tuple[str, str]]:
    """Path and kind of every conflict message (git-merge-tree(1), "Informational messages")."""
    fields = text.split("\0")
    position = 0
    while position < len(fields) and fields[position].isdigit():
        count = int(fields[position])
        paths = fields[position + 1 : position + 1 + count]
        kind = fields[position + 1 + count]
        if kind.startswith("CONFLICT"):
            yield from ((path, kind.removeprefix("CONFLICT").strip(" ()")) for path in paths)
        position += count + 3


def renames(where: Path, old: str, new: str, similarity: int) -> dict[str, str]:
    """Paths of the tree `old` that have another name in `new`, as far as their contents still tell."""
    words = (f"-M{similarity}%", "-l0", "--diff-filter=R", "--name-status", "-r", "-z")
    fields = ask(where, "diff-tree", *words, old, new).split("\0")
    return {fields[i + 1]: fields[i + 2] for i in range(0, len(fields) - 2, 3)}


def renames_of(gone: Mapping[str, File], come: Mapping[str, File], similarity: int) -> dict[str, str]:
    """The same for files that are in no tree: which of those that are `gone` is which of those that have come."""
    with scratch.folder() as folder:
        for side, files in (("a", gone), ("b", come)):
            for path, file in files.items():
                place = folder / side / path
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(file.data)
        # Beyond git's own limit only what is the same to the byte is found: a thousand times a thousand comparisons.
        words = (f"-M{similarity}%", "-l1000", "--diff-filter=R", "--name-status", "-z", "--no-ext-diff")
        fields = ask(folder, "diff", "--no-index", *words, "a", "b", codes=(0, 1)).split("\0")
    return {fields[i + 1][2:]: fields[i + 2][2:] for i in range(0, len(fields) - 2, 3)}


def changes(where: Path, old: str, new: str) -> dict[str, str]:
    """Path to letter (A, M, D, T) for everything in which two trees differ."""
    fields = ask(where, "diff-tree", "--no-renames", "--name-status", "-r", "-z", old, new).split("\0")
    return {fields[i + 1]: fields[i] for i in range(0, len(fields) - 1, 2)}


def written(where: Path, old: str, new: str) -> dict[str, int]:
    """How many lines of each path are in the tree `new` and not in `old`; -1 for what has no lines."""
    counts = {}
    for line in filter(None, ask(where, "diff-tree", "--no-renames", "--numstat", "-r", "-z", old, new).split("\0")):
        added, _, path = line.split("\t", 2)
        counts[path] = int(added) if added.isdigit() else -1
    return counts


def diff(where: Path, old: str, new: str, moved: Mapping[str, str] | None = None) -> str:
    """The difference of two trees as a unified diff; renames are shown where something was `moved`."""
    words = ("-M",) if moved else ("--no-renames",)
    return ask(where, "diff", "--no-color", "--no-ext-diff", *words, old, new)


def export(where: Path, tree: str, into: Path) -> None:
    """Write the files of `tree` below `into`, as a checkout would."""
    with scratch_index() as index:
        ask(where, "read-tree", tree, env=index)
        ask(where, "checkout-index", "--all", "--force", f"--prefix={into}/", env=index)


def clone(source: str, into: Path) -> None:
    """A bare copy of a repository, for reading. Raises GitError."""
    words = ("clone", "--quiet", "--bare", "--", source, into)
    ask(into.parent, *words, env=process.inherit(_FETCHING))


def dirty(where: Path) -> dict[str, str]:
    """What differs from HEAD at `where` and below among tracked files: path below the top to git's two letters."""
    words = ("--porcelain", "--untracked-files=no", "--no-renames", "--ignore-submodules=dirty", "-z")
    fields = ask(where, "status", *words, "--", ".").split("\0")
    return {field[3:]: field[:2] for field in fields if field}


def has_staged(where: Path, tree: str, paths: Iterable[str]) -> bool:
    """Does the index hold what `tree` has for `paths`?"""
    differing = ask(where, "diff-index", "--cached", "--no-renames", "--name-only", "-z", tree).split("\0")
    return not set(paths) & set(differing)


def tracked(where: Path, paths: Iterable[str]) -> set[str]:
    """Those of `paths` (below the top) that the index knows."""
    return set(paths) & set(ask(where, "ls-files", "--full-name", "-z", "--", ":/").split("\0"))


def listed(where: Path) -> list[str]:
    """The files on disk at `where` and below, relative to it, that git tracks or would; no submodules."""
    words = ("ls-files", "--cached", "--others", "--exclude-standard", "--deduplicate", "-z")
    paths = filter(None, ask(where, *words).split("\0"))
    return sorted(path for path in paths if (where / path).is_symlink() or (where / path).is_file())


def was_there(where: Path, path: str) -> bool:
    """Does the history that is here know a file at `path` (below `where`)?"""
    return bool(ask(where, "log", "-1", "--format=%H", "--", path, codes=(0, 128)).strip())


def is_sparse(where: Path) -> bool:
    """Does the checkout leave out files at `where` or below?"""
    return any(line.startswith("S ") for line in ask(where, "ls-files", "-t", "-z").split("\0"))


def hash_on_disk(where: Path, paths: Sequence[str]) -> dict[str, str]:
    """The objects that the regular files at `paths` (below the top `where`) would be, filtered as for a commit."""
    if not paths:
        return {}
    out = ask(where, "hash-object", "--stdin-paths", stdin="".join(f"{path}\n" for path in paths))
    return dict(zip(paths, out.split(), strict=True))


def advance(where: Path, index: Path, old: str, new: str, adopted: Mapping[str, Blob]) -> None:
    """Bring index and working tree from `old` to `new`; refuses, with nothing touched, where files are not as in `old`.

    Args:
        index: a copy of the repository's index to work on.
        adopted: what lies in the working tree already as `new` has it.
    """
    env = {"GIT_INDEX_FILE": str(index)}
    if adopted:
        lines = "".join(f"{blob.mode} {blob.object}\t{path}\0" for path, blob in adopted.items())
        ask(where, "update-index", "-z", "--index-info", stdin=lines, env=env)
    ask(where, "update-index", "-q", "--refresh", env=env, codes=(0, 1))
    ask(where, "read-tree", "-m", "-u", old, new, env=env)


def restore(where: Path, paths: Iterable[str]) -> None:
    """Write `paths` (below the top `where`) as the index has them."""
    listed = "".join(f"{path}\0" for path in paths)
    if listed:
        ask(where, "checkout-index", "--force", "-z", "--stdin", stdin=listed)


def lay_out(where: Path, place: Path, branch: str, head: str, base: str, ours: str, theirs: str) -> None:
    """Begin a merge of three trees in a new working tree at `place`, on a new branch at `head`; stop at its conflicts.

    Its files and its index are those of any merge that has conflicts; the commit that ends it is an ordinary one.
    """
    ask(where, "worktree", "add", "--quiet", "-b", branch, place, head)
    if ours != subtree(where, head, ""):
        ask(place, "read-tree", "-m", "-u", head, ours)
    root = carrier(where, base)
    mine, new = carrier(where, ours, root), carrier(where, theirs, root)
    names = {f"GITHEAD_{mine}": "yours", f"GITHEAD_{new}": "template and plan"}
    ask(place, *_WITHOUT_RENAMES, "merge-recursive", root, "--", mine, new, env=names, codes=(0, 1))


def drop_worktree(where: Path, place: Path, branch: str) -> None:
    """Remove a linked working tree with all that lies in it, in whatever state it is, and its branch."""
    shutil.rmtree(place, ignore_errors=True)
    ask(where, "worktree", "unlock", place, codes=(0, 128))  # git locks one that it is just making
    ask(where, "worktree", "prune", "--expire=now")
    ask(where, "branch", "--quiet", "--delete", "--force", branch, codes=(0, 1))


def move_branch(where: Path, old: str, new: str, message: str) -> None:
    """Move the branch that is checked out. Raises GitError where it is not at `old` any more."""
    ask(where, "update-ref", "-m", message, "HEAD", new, old)


def person(where: Path) -> str:
    """Name and address of who would commit; "" where git does not know."""
    words = ("-c", "user.useConfigOnly=true")
    return run(where, *words, "var", "GIT_COMMITTER_IDENT", codes=(0, 128)).out.strip()


def commit(where: Path, tree: str, parent: str, message: str) -> str:
    """A commit in the name of the person at the keyboard, signed if they sign theirs."""
    signs = ask(where, "config", "--type=bool", "--default", "false", "--get", "commit.gpgSign").strip() == "true"
    return ask(where, "commit-tree", tree, "-p", parent, *(("-S",) if signs else ()), "-F", "-", stdin=message).strip()
