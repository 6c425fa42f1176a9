"""The only module that knows Copier: one call that copies a template, and every failure of it as one of ours.

Imported only where something is rendered, since Copier takes half a second to load.
"""

from __future__ import annotations

import os
import tempfile
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar

import jinja2
import plumbum
from copier import Settings, run_copy
from copier.errors import CopierError, DirtyLocalWarning
from jinja2.sandbox import SandboxedEnvironment

from setout import scratch
from setout.errors import TemplateError
from setout.model import JSON

# What follows reaches into Copier to compile every path of a template once instead of once for each file (a third of
# the time of a copy is left). It is used only with the versions it was measured and compared on.
_KNOWN_INSIDE = "9.19."

Seen = TypeVar("Seen")


@dataclass(frozen=True, slots=True)
class Made:
    """Which template file made a delivered one (below the template's root), and the items of the loops in its path."""

    template: str
    items: Mapping[str, JSON]


@dataclass(frozen=True, slots=True)
class Workshop:
    """Where a copy was just made: the templates' environment and context, every question, and what made each file."""

    environment: jinja2.Environment
    context: Mapping[str, Any]
    questions: Mapping[str, Mapping[str, Any]]
    exclude: tuple[str, ...]
    subdirectory: str
    made: Mapping[str, Made]


def copy(source: str, ref: str, data: Mapping[str, JSON], into: Path, answers_file: str) -> None:
    """Copy the template at `source`, as of `ref` ("" for its newest tag), into the directory `into`.

    Raises:
        TemplateError: Copier refuses the answers or the template.
    """
    with _failures(), _compiling_once(), _cleared_away():
        run_copy(source, into, **_options(ref, data, answers_file))


def watch(
    source: str, ref: str, data: Mapping[str, JSON], into: Path, answers_file: str, look: Callable[[Workshop], Seen]
) -> Seen:
    """Copy as `copy` does, and show `look` the workshop while the template is still there.

    Raises:
        TemplateError: as `copy`.
    """
    inside: Any = import_module("copier._main")  # `run_copy` closes the worker before anyone can look
    made: dict[str, Made] = {}

    class Watched(inside.Worker):  # type: ignore[misc]
        def _render_file(self, src_relpath: Path, dst_relpath: Path, extra_context: Any = None) -> None:
            made[dst_relpath.as_posix()] = Made(src_relpath.as_posix(), dict(extra_context or {}))
            super()._render_file(src_relpath, dst_relpath, extra_context)

    with _failures(), _compiling_once(), _cleared_away():
        options = {**_options(ref, data, answers_file), "settings": import_module("copier._settings").SettingsModel()}
        with Watched(src_path=source, dst_path=into, **{**options, "answers_file": Path(answers_file)}) as worker:
            worker.run_copy()
            template = worker.template
            root = template.local_abspath
            subdirectory = worker.template_copy_root.relative_to(root).as_posix()
            workshop = Workshop(
                worker.jinja_env,
                worker._render_context(),
                template.questions_data,
                template.exclude,
                subdirectory,
                made,
            )
            return look(workshop)


@contextmanager
def _cleared_away() -> Iterator[None]:
    """Let Copier put its clones of the template where the next run finds them, if this one is killed."""
    with scratch.folder() as folder:
        before, tempfile.tempdir = tempfile.tempdir, str(folder)
        try:
            yield
        finally:
            tempfile.tempdir = before


def _options(ref: str, data: Mapping[str, JSON], answers_file: str) -> dict[str, Any]:
    return {
        "data": dict(data),
        "vcs_ref": ref or None,
        "answers_file": answers_file,
        "settings": Settings(),
        "defaults": True,
        "quiet": True,
    }


@contextmanager
def _failures() -> Iterator[None]:
    """Every way in which Copier says no, as one of ours; and no variable that would lead its git astray."""
    try:
        with _without_git_variables(), warnings.catch_warnings():
            warnings.simplefilter("ignore", DirtyLocalWarning)
            yield
    except jinja2.TemplateError as error:
        where = f"{getattr(error, 'filename', None) or 'a template'}:{getattr(error, 'lineno', None) or 1}"
        raise TemplateError(
            f"{where}: {error.message or error}", "this is a fault of the template; report it"
        ) from error
    except (CopierError, ValueError, TypeError, OSError, plumbum.ProcessExecutionError) as error:
        raise TemplateError(
            f"the template refuses: {_first_line(error)}", "correct the plan, or answer with --set"
        ) from error


@contextmanager
def _without_git_variables() -> Iterator[None]:
    """Git's own variables (set inside hooks) would make Copier's git calls look at the wrong repository."""
    hidden = {n: os.environ.pop(n) for n in list(os.environ) if n.startswith("GIT_") and "CONFIG" not in n}
    try:
        yield
    finally:
        os.environ.update(hidden)


@contextmanager
def _compiling_once() -> Iterator[None]:
    """Let Copier's environment remember the templates that it compiles from strings, and ask git nothing per file."""
    if not version("copier").startswith(_KNOWN_INSIDE):
        yield
        return
    inside: Any = import_module("copier._main")  # private, and only where its version is known
    kept = inside.Worker.__dict__["jinja_env"], inside.is_git_available
    remembering = cached_property(lambda worker: _remember(kept[0].func(worker)))
    remembering.__set_name__(inside.Worker, "jinja_env")
    inside.Worker.jinja_env = remembering
    # Asked for each file, to carry executable bits into an index; what is rendered here is in no repository yet.
    inside.is_git_available = lambda: False
    try:
        yield
    finally:
        inside.Worker.jinja_env, inside.is_git_available = kept


def _remember(environment: SandboxedEnvironment) -> SandboxedEnvironment:
    get_yield_context = import_module("copier._jinja_ext").get_yield_context  # private as well
    compile_string = environment.from_string
    compiled: dict[str, jinja2.Template] = {}

    def from_string(text: Any, *arguments: Any, **keywords: Any) -> jinja2.Template:
        if arguments or keywords or not isinstance(text, str):
            return compile_string(text, *arguments, **keywords)
        if text not in compiled:
            compiled[text] = compile_string(text)
        context = get_yield_context(environment)  # which Copier resets while it compiles
        context.yield_name = context.yield_iterable = None
        return compiled[text]

    environment.from_string = from_string  # type: ignore[method-assign,assignment]
    return environment


def _first_line(error: Exception) -> str:
    return str(error).strip().split("\n", 1)[0] or type(error).__name__
