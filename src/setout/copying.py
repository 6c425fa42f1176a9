"""The only module that knows Copier: one call that copies a template, and every failure of it as one of ours.

Imported only where something is rendered, since Copier takes half a second to load.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

import jinja2
import plumbum
from copier import Settings, run_copy
from copier.errors import CopierError, DirtyLocalWarning
from jinja2.sandbox import SandboxedEnvironment

from setout.errors import TemplateError
from setout.model import JSON

# What follows reaches into Copier to compile every path of a template once instead of once for each file (a third of
# the time of a copy is left). It is used only with the versions it was measured and compared on.
_KNOWN_INSIDE = "9.19."


def copy(source: str, ref: str, data: Mapping[str, JSON], into: Path, answers_file: str) -> None:
    """Copy the template at `source`, as of `ref` ("" for its newest tag), into the directory `into`.

    Raises:
        TemplateError: Copier refuses the answers or the template.
    """
    try:
        with _without_git_variables(), warnings.catch_warnings(), _compiling_once():
            warnings.simplefilter("ignore", DirtyLocalWarning)
            run_copy(
                source,
                into,
                data=dict(data),
                vcs_ref=ref or None,
                answers_file=answers_file,
                settings=Settings(),
                defaults=True,
                quiet=True,
            )
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
