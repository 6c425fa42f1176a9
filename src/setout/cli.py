"""Words in, exit code out; the only module that prints or exits."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, NoReturn

from setout import __version__
from setout.errors import BUG, FINDINGS, GOOD, INTERRUPTED, TOOL_MISSING, ToolMissing, UserError

if TYPE_CHECKING:
    from setout.reports import Format

    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

_DESCRIPTION = """\
Carries a written implementation plan onto the ground: reads plan.md, decides which structure it asks for,
renders the repository and checks it with terraform, helm, kustomize and kubeconform.
"""
_EXAMPLES = """\
a first session:
  setout read specs/001-platform/plan.md              what the plan says, and what follows from it
  setout preview specs/001-platform/plan.md ../infra  every file that would appear
  setout scaffold specs/001-platform/plan.md ../infra the repository, checked

exit codes: 0 good, 1 findings, 2 usage, 3 the plan leaves something open, 4 conflict, 5 drift,
            6 a required tool is missing, 70 a fault of setout (with a log), 130 interrupted
"""

# What validation runs; the other programs of the lock are for this project's own tests.
_NEEDED = ("terraform", "helm", "kustomize", "kubeconform")

Command = Callable[[argparse.Namespace], int]


def main(argv: list[str] | None = None) -> int:
    """Run one command and return its exit code."""
    options = parser().parse_args(argv)
    signal.signal(signal.SIGTERM, _terminated)
    try:
        command: Command = options.command
        return command(options)
    except UserError as error:
        _say(f"error: {error.message}" + (f"\n  hint: {error.hint}" if error.hint else ""))
        return error.exit_code
    except KeyboardInterrupt:
        _say("interrupted; nothing half-written was left behind")
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return GOOD
    except Exception as error:  # the one place where a fault of ours is caught, and written down
        _say(f"error: setout has failed ({type(error).__name__}); the log is at {_log(error)}")
        return BUG


def _terminated(_number: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="setout",
        description=_DESCRIPTION,
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"setout {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    _add_read(commands)
    _add_preview(commands)
    _add_scaffold(commands)
    _add_validate(commands)
    _add_doctor(commands)
    _add_tools(commands)
    return parser


def _add(commands: Commands, name: str, run: Command, summary: str) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=summary, description=summary)
    parser.set_defaults(command=run)
    return parser


def _add_format(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--format", choices=("text", "json"), default="text", help="for people or for machines")


def _add_plan(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("plan", metavar="PLAN", type=Path, help="the plan.md")
    parser.add_argument(
        "--set",
        metavar="FIELD=VALUE",
        action="append",
        default=[],
        help="answer a question for this run; lists are written with commas (--set environments=dev,prod)",
    )


def _add_delivery(parser: argparse.ArgumentParser) -> None:
    _add_plan(parser)
    parser.add_argument("destination", metavar="DEST", type=Path, help="directory that does not exist yet, or is empty")
    parser.add_argument("--strict", action="store_true", help="let every open question stop, also those with a default")
    parser.add_argument("--template", metavar="SOURCE", default="", help="path or URL of another template")
    parser.add_argument("--ref", metavar="REF", default="", help="tag, branch or commit of the template")
    _add_format(parser)


def _add_read(commands: Commands) -> None:
    parser = _add(commands, "read", _read, "show what a plan says, what is decided and why, and what is open")
    _add_plan(parser)
    _add_format(parser)


def _add_preview(commands: Commands) -> None:
    _add_delivery(_add(commands, "preview", _preview, "show every file that `scaffold` would write, without writing"))


def _add_scaffold(commands: Commands) -> None:
    parser = _add(commands, "scaffold", _scaffold, "make the repository that the plan asks for, and check it")
    _add_delivery(parser)
    parser.add_argument("--no-validate", action="store_true", help="leave the checks out")


def _add_validate(commands: Commands) -> None:
    parser = _add(commands, "validate", _validate, "check a repository with the real programs and with our own gates")
    parser.add_argument(
        "root", metavar="DEST", type=Path, nargs="?", default=Path(), help="the repository (default: here)"
    )
    parser.add_argument(
        "--kubernetes-version",
        metavar="MINOR",
        action="append",
        default=[],
        help="check manifests against this minor version; may be repeated (default: what the repository was made for)",
    )
    parser.add_argument(
        "--providers",
        choices=("auto", "real", "schema"),
        default="auto",
        help="real Terraform providers, their packaged schemas, or real ones where they are at hand (auto)",
    )
    _add_format(parser)


def _add_doctor(commands: Commands) -> None:
    _add(commands, "doctor", _doctor, "say what works on this machine, what does not, and the command that mends it")


def _add_tools(commands: Commands) -> None:
    parser = commands.add_parser("tools", help="the programs that do the checking: list, install, verify, lock")
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    _add(actions, "list", _tools_list, "every program, its pinned version, and where it is")
    install = _add(
        actions, "install", _tools_install, "get programs: from the vendor's release, or built from their Go module"
    )
    install.add_argument("names", metavar="NAME", nargs="*", help="which ones (default: those that validation needs)")
    verify = _add(
        actions, "verify", _tools_verify, "compare the programs in the cache with what was written down about them"
    )
    verify.add_argument("names", metavar="NAME", nargs="*")
    lock = _add(actions, "lock", _tools_lock, "take missing checksums from the vendors' published checksum files")
    lock.add_argument("names", metavar="NAME", nargs="*")


def _read(options: argparse.Namespace) -> int:
    from setout import pipeline  # noqa: PLC0415 - `setout --help` must not wait for it

    value = pipeline.read(options.plan, _settings(options))
    _print(_format(options).reading(value, color=_color()))
    return GOOD


def _preview(options: argparse.Namespace) -> int:
    from setout import pipeline  # noqa: PLC0415

    value = pipeline.preview(
        options.plan,
        options.destination,
        _settings(options),
        template=options.template,
        ref=options.ref,
        strict=options.strict,
    )
    _print(_format(options).preview(value, color=_color()))
    return GOOD


def _scaffold(options: argparse.Namespace) -> int:
    from setout import pipeline  # noqa: PLC0415

    with _progress() as progress:
        value = pipeline.scaffold(
            options.plan,
            options.destination,
            _settings(options),
            template=options.template,
            ref=options.ref,
            strict=options.strict,
            check=not options.no_validate,
            progress=progress,
        )
    _print(_format(options).delivery(value, color=_color()))
    return value.validation.exit_code if value.validation else GOOD


def _validate(options: argparse.Namespace) -> int:
    from setout import pipeline  # noqa: PLC0415

    if not options.root.is_dir():
        raise UserError(f"{options.root}: there is no such directory", "give the repository to check")
    with _progress() as progress:
        value = pipeline.validate(
            options.root,
            progress=progress,
            kubernetes_versions=tuple(options.kubernetes_version),
            providers=options.providers,
        )
    _print(_format(options).validation(value, color=_color()))
    return value.exit_code


def _doctor(_options: argparse.Namespace) -> int:
    from setout import doctor  # noqa: PLC0415

    diagnoses = doctor.examine()
    for row in doctor.rows(diagnoses):
        _print(row)
    return GOOD if all(diagnosis.works for diagnosis in diagnoses) else TOOL_MISSING


def _tools_list(_options: argparse.Namespace) -> int:
    from setout import toolchain  # noqa: PLC0415

    for tool in toolchain.catalogue():
        _print(f"{tool.name:<12} {tool.version:<9} {_where(tool.name)}")
    return GOOD


def _where(name: str) -> str:
    from setout import toolchain  # noqa: PLC0415

    try:
        program = toolchain.find(name)
    except ToolMissing as error:
        return f"not there: {error.hint}"
    return f"{program.name} {program.version} at {program.path} ({program.origin})"


def _tools_install(options: argparse.Namespace) -> int:
    from setout import toolchain  # noqa: PLC0415

    with _progress() as progress:
        for done in toolchain.install(options.names or _NEEDED, progress):
            _print(f"{done.program.name} {done.program.version} at {done.program.path}, trusted on: {done.authority}")
    return GOOD


def _tools_verify(options: argparse.Namespace) -> int:
    from setout import toolchain  # noqa: PLC0415

    verified = toolchain.verify(options.names)
    for item in verified:
        _print(f"{'ok' if item.works else '!!'}  {item.name}: {item.detail}")
    if not verified:
        _print("the cache holds none of these programs")
    return GOOD if all(item.works for item in verified) else FINDINGS


def _tools_lock(options: argparse.Namespace) -> int:
    from setout import toolchain  # noqa: PLC0415

    with _progress() as progress:
        locked = toolchain.lock(options.names, progress)
    for item in locked:
        _print(f"{item.name} {item.platform}: {item.fault or ('written' if item.changed else 'as published')}")
    return FINDINGS if any(item.fault for item in locked) else GOOD


def _settings(options: argparse.Namespace) -> dict[str, str]:
    settings = {}
    for text in options.set:
        name, equals, value = text.partition("=")
        if not equals or not name:
            raise UserError(f"--set {text}: this is not FIELD=VALUE", "for example --set environments=dev,prod")
        settings[name.strip()] = value
    return settings


def _format(options: argparse.Namespace) -> Format:
    from setout import reports  # noqa: PLC0415

    return reports.load(options.format)


def _color() -> bool:
    return sys.stdout.isatty() and "NO_COLOR" not in os.environ


@contextmanager
def _progress() -> Iterator[Callable[[str], None]]:
    """Say what is running: a spinner on a terminal, a line each elsewhere. Always on standard error."""
    if not sys.stderr.isatty():
        yield _say
        return
    from rich.console import Console  # noqa: PLC0415

    with Console(stderr=True).status("…") as status:
        yield status.update


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _print(text: str) -> None:
    print(text, flush=True)


def _log(error: Exception) -> Path:
    import tempfile  # noqa: PLC0415
    import traceback  # noqa: PLC0415

    handle, name = tempfile.mkstemp(prefix="setout-", suffix=".log", text=True)
    with os.fdopen(handle, "w") as file:
        file.write(f"setout {__version__}\n")
        traceback.print_exception(error, file=file)
    return Path(name)
