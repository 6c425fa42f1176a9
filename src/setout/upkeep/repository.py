"""A delivered repository: where it lies, what it records of its making, and what it would be had nobody touched it."""

from __future__ import annotations

import atexit
import contextlib
import functools
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from setout import git, scratch
from setout.delivery import render
from setout.delivery import template as templates
from setout.delivery.render import ANSWERS_FILE
from setout.delivery.template import Template
from setout.errors import DestinationError, TemplateError
from setout.model import JSON, Answers, File

_LIMIT = 1024 * 1024  # bytes of an answers file; the largest that we deliver has 12 kB
_FEATURE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")  # as the question `feature` in copier.yml demands
_COMMIT = re.compile(rb"^_commit: .*$", re.M)

Files = Mapping[str, File]


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository that setout or Copier delivered.

    Attributes:
        root: the directory that holds the answers file.
        top: the top of git's working tree; the same, or a directory above (a monorepo).
        prefix: `root` below `top` with a trailing slash, "" where they are the same.
        git_folder: this working tree's own git directory.
        answers: what is recorded, without Copier's own keys.
        plan: the plan it was made from, where it is there.
        source: the template's recorded address.
        commit: the template's recorded commit or version.
    """

    root: Path
    top: Path
    prefix: str
    git_folder: Path
    answers: Mapping[str, JSON]
    plan: Path | None
    source: str
    commit: str


def open(destination: Path) -> Repository:  # noqa: A001 - read as repository.open
    """Open the delivered repository at `destination`.

    Raises:
        DestinationError: it is none, git does not know it, or its answers cannot be read; one line.
    """
    root = destination.resolve()
    if not root.is_dir():
        raise DestinationError(f"{destination}: there is no such directory", "give a delivered repository")
    recorded = _recorded(root / ANSWERS_FILE)
    try:
        place = git.place(root)
    except git.GitError as error:
        raise _not_in_git(destination, error) from None
    answers = {name: value for name, value in recorded.items() if not name.startswith("_")}
    return Repository(
        root,
        place.top,
        place.prefix,
        place.folder,
        MappingProxyType(answers),
        _plan(root, answers),
        str(recorded.get("_src_path") or ""),
        str(recorded.get("_commit") or ""),
    )


def recorded_template(repo: Repository, given: str = "") -> Template:
    """The template at the recorded commit, from the first that has it: `given`, setout's own, the recorded source.

    Raises:
        TemplateError: none of them holds the commit; the line says what is missing.
    """
    if not repo.commit:
        raise TemplateError(
            f"{repo.root / ANSWERS_FILE}: no template version is recorded, so nothing can be compared with it",
            "deliver once from a template in git (`setout scaffold` from a released setout) and take over the files",
        )
    for source in _sources(repo, given):
        local = local_template(source)
        commit = git.commit_of(local, repo.commit) if local else ""
        if commit:
            return Template(str(local), commit, repo.source)
    raise TemplateError(
        f"{repo.root / ANSWERS_FILE}: the template's version {repo.commit} is neither in this setout "
        f"nor at {repo.source or 'an address that is recorded'}: a newer setout made it, or uncommitted changes did",
        "install the setout that made this repository, or give the place of the template with --template",
    )


def target_template(repo: Repository, recorded: Template, given: str = "", version: str = "") -> Template:
    """The template that an update goes to, at a commit: `version`, else what setout carries, else the newest.

    Args:
        recorded: the template at the commit that is recorded.
        given: another place to take it from.

    Raises:
        TemplateError: there is no such template, or no such version of it.
    """
    source = given or recorded.source
    local = local_template(source)
    if local is None:
        raise TemplateError(f"{source}: there is no template", "give the place of the template with --template")
    wanted = version or _own_ref(local) or _newest(local)
    commit = git.commit_of(local, wanted) or git.commit_of(local, f"v{wanted}")
    if not commit:
        raise TemplateError(f"{source}: the template has no version {wanted}", f"git -C {local} tag lists them")
    address = str(Path(given).resolve()) if given and Path(given).exists() else given
    return Template(str(local), commit, address or repo.source)


def pristine(
    repo: Repository,
    *,
    answers: Mapping[str, JSON] | None = None,
    template: Template | None = None,
    recorded: Template | None = None,
) -> Files:
    """What the template alone makes of the answers: every path with its bytes and mode. Rendered once per process.

    Args:
        answers: other answers than the recorded ones.
        template: another template than the recorded one; then its own version is what the answers file names.
        recorded: the recorded template, where the caller has found it already.

    Raises:
        TemplateError: the template cannot be found, or refuses the answers.
    """
    used = template or recorded or recorded_template(repo)
    data = json.dumps(dict(repo.answers if answers is None else answers))  # the order of details counts
    files = dict(_rendered(used, data))
    if template is None and ANSWERS_FILE in files:
        # A version is described by the tags around it, and tags come later: what is recorded is what counts.
        text = files[ANSWERS_FILE].data
        line = b"_commit: " + _scalar(repo.commit).encode()
        files[ANSWERS_FILE] = File(_COMMIT.sub(lambda _: line, text, count=1), files[ANSWERS_FILE].mode)
    return MappingProxyType(files)


def version_in(files: Files) -> str:
    """The version of the template that the rendered answers name."""
    match = _COMMIT.search(files[ANSWERS_FILE].data) if ANSWERS_FILE in files else None
    return match.group().decode().partition(" ")[2].strip("'\"") if match else ""


def answers_in(files: Files) -> dict[str, JSON]:
    """The answers that the rendered files record, without Copier's own keys."""
    import yaml  # noqa: PLC0415

    value = yaml.safe_load(files[ANSWERS_FILE].data) if ANSWERS_FILE in files else {}
    return {name: item for name, item in json.loads(json.dumps(value)).items() if not name.startswith("_")}


def read_files(root: Path) -> dict[str, File]:
    """Every file below `root` with its bytes and mode; nothing below .git."""
    return {path: _file(root / path) for path in render.tree(root).files}


@functools.lru_cache(maxsize=16)
def _rendered(template: Template, data: str) -> Mapping[str, File]:
    with scratch.folder() as folder:
        root = folder / "tree"
        render.render(template, Answers(json.loads(data)), root)
        return MappingProxyType(read_files(root))


def _file(path: Path) -> File:
    if path.is_symlink():
        return File(str(path.readlink()).encode(), "120000")
    return File(path.read_bytes(), "100755" if path.stat().st_mode & 0o100 else "100644")


def _sources(repo: Repository, given: str) -> tuple[str, ...]:
    own = _own()
    return tuple(filter(None, dict.fromkeys((given, own.source if own else "", repo.source))))


@functools.cache
def _own() -> Template | None:
    try:
        return templates.find()
    except TemplateError:  # an installation without a template still has the recorded one
        return None


def _own_ref(local: Path) -> str:
    own = _own()
    return own.ref if own and local_template(own.source) == local else ""


def _newest(local: Path) -> str:
    """The newest released version among the tags, as Copier picks it; HEAD where nothing was released."""
    from packaging.version import InvalidVersion, Version  # noqa: PLC0415

    versions = {}
    for tag in git.tags(local):
        with contextlib.suppress(InvalidVersion):
            versions[Version(tag)] = tag
    released = [version for version in versions if not version.is_prerelease]
    return versions[max(released)] if released else "HEAD"


@functools.lru_cache(maxsize=16)
def local_template(source: str) -> Path | None:
    """A git repository on this machine that holds the template at `source`; None where there is none to be had."""
    path = Path(source).expanduser()
    if path.is_dir():
        return path.resolve()
    folder = _keep_until_exit()
    try:
        git.clone(str(path.resolve()) if path.exists() else _address(source), folder / "template.git")
    except git.GitError:
        return None
    return folder / "template.git"


def _keep_until_exit() -> Path:
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(scratch.folder())
        atexit.register(stack.pop_all().close)
    return folder


def _address(source: str) -> str:
    """Git's address for one of Copier's: `gh:owner/name`, `git+https://…`."""
    for short, long in (("gh:", "https://github.com/"), ("gl:", "https://gitlab.com/")):
        if source.startswith(short):
            return f"{long}{source.removeprefix(short).strip('/')}"
    return source.removeprefix("git+")


def _recorded(file: Path) -> dict[str, Any]:
    import yaml  # noqa: PLC0415 - the command line must start without it

    if not file.is_file() or file.is_symlink():
        raise DestinationError(f"{file}: there is none, so this was not delivered by setout", "give its root directory")
    try:
        text = file.read_bytes()[: _LIMIT + 1].decode("utf-8")
        if len(text) > _LIMIT or any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text)):
            raise ValueError("it is larger than an answers file, or refers to itself")
        value = json.loads(json.dumps(yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))))  # noqa: S506
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise DestinationError(f"{file}:{line}: this is no YAML", "mend it, or take it from git") from None
    except (ValueError, TypeError, OSError, RecursionError, yaml.YAMLError) as error:
        raise DestinationError(f"{file}: cannot be read: {error}", "mend it, or take it from git") from None
    if not isinstance(value, dict):
        raise DestinationError(f"{file}: these are no answers", "mend it, or take it from git")
    return value


def plan_path(answers: Mapping[str, JSON]) -> str:
    """Where the plan belongs, below the repository's root; "" where the answers do not tell."""
    feature = answers.get("feature")
    return f"specs/{feature}/plan.md" if isinstance(feature, str) and _FEATURE.fullmatch(feature) else ""


def _plan(root: Path, answers: Mapping[str, JSON]) -> Path | None:
    path = plan_path(answers)
    file = root / path
    return file if path and file.is_file() and file.resolve().is_relative_to(root) else None


def _not_in_git(destination: Path, error: git.GitError) -> DestinationError:
    if "dubious ownership" in error.message:
        return DestinationError(
            f"{destination}: git does not trust a directory that belongs to somebody else",
            f"git config --global --add safe.directory {destination.resolve()}",
        )
    return DestinationError(
        f"{destination}: this is not in a git repository, so nothing tells what people changed",
        "git init, add everything and commit",
    )


def _scalar(text: str) -> str:
    """The text as YAML writes it: bare where it stays a string, else quoted."""
    import yaml  # noqa: PLC0415

    return str(yaml.safe_dump(text, default_flow_style=True, width=4096)).removesuffix("\n").removesuffix("\n...")
