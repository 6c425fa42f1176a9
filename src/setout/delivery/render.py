"""Answers to Tree: rendered beside the destination, and moved into place whole."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from setout import scratch
from setout.delivery.template import Template
from setout.errors import DestinationError
from setout.model import Answers, Tree

ANSWERS_FILE = ".copier-answers.yml"
_SOURCE = re.compile(r"^_src_path: .*$", re.M)


@contextmanager
def staged(destination: Path) -> Iterator[Path]:
    """An empty directory beside `destination`, on the same file system; gone afterwards, whatever happens.

    Raises:
        DestinationError: the destination's parent cannot be written to.
    """
    parent = destination.absolute().parent
    with ExitStack() as stack:
        try:
            parent.mkdir(parents=True, exist_ok=True)
            folder = stack.enter_context(scratch.folder(parent))
        except OSError as error:
            raise DestinationError(
                f"{parent}: cannot be written to ({error.strerror})", "choose another destination"
            ) from None
        yield folder


def check_destination(destination: Path) -> None:
    """Refuse what cannot become a new repository: a file, a directory that is not empty, a place without access.

    Raises:
        DestinationError: with what is in the way.
    """
    if destination.is_symlink() or (destination.exists() and not destination.is_dir()):
        raise DestinationError(
            f"{destination}: this is not a directory", "choose a destination that does not exist yet"
        )
    if destination.is_dir():
        if any(destination.iterdir()):
            raise DestinationError(
                f"{destination}: the directory is not empty", "choose a new one; `setout preview` shows what would come"
            )
        if not os.access(destination, os.W_OK | os.X_OK):
            raise DestinationError(f"{destination}: cannot be written to", "choose another destination")


def render(template: Template, answers: Answers, into: Path) -> Tree:
    """Render the template into `into`, which does not exist yet.

    Raises:
        TemplateError: Copier refuses the answers or the template.
    """
    from setout.delivery import copying  # noqa: PLC0415 - brings Copier along, which most commands do without

    copying.copy(template.source, template.ref, json.loads(json.dumps(answers.values)), into, ANSWERS_FILE)
    _record_source(into / ANSWERS_FILE, template.recorded)
    return tree(into)


def tree(root: Path) -> Tree:
    """Every file below `root`, sorted; nothing below .git."""
    files = []
    for folder, names, members in os.walk(root):
        names[:] = sorted(name for name in names if name != ".git")
        files += [(Path(folder) / member).relative_to(root).as_posix() for member in members]
    return Tree(root, tuple(sorted(files)))


def move_into_place(rendered: Path, destination: Path) -> None:
    """Make `rendered` the destination, in one step where it does not exist, else entry by entry with a way back.

    Raises:
        DestinationError: the file system refuses; the destination is as it was.
    """
    try:
        if not destination.exists():
            rendered.rename(destination)
            return
        _move_children(rendered, destination)
    except OSError as error:
        raise DestinationError(
            f"{destination}: cannot be written to ({error.strerror})", "choose another one"
        ) from None


def _move_children(rendered: Path, destination: Path) -> None:
    moved: list[Path] = []
    try:
        for child in sorted(rendered.iterdir()):
            child.rename(destination / child.name)
            moved.append(destination / child.name)
    except BaseException:
        for path in moved:
            path.rename(rendered / path.name)
        raise


def _record_source(answers_file: Path, recorded: str) -> None:
    text = answers_file.read_text("utf-8")
    line = f"_src_path: {json.dumps(recorded) if not re.fullmatch(r'[A-Za-z0-9/._:@~+-]+', recorded) else recorded}"
    answers_file.write_text(_SOURCE.sub(lambda _: line, text, count=1), "utf-8")
