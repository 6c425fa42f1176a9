"""Words in, exit code out; the only module that prints or exits."""

from __future__ import annotations

import argparse
import io
import os
import shlex
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, NoReturn

from setout import __version__, reports
from setout.errors import (
    BUG,
    CONFLICT,
    DRIFT,
    FINDINGS,
    GOOD,
    INTERRUPTED,
    OPEN_QUESTIONS,
    TOOL_MISSING,
    SeveralPlans,
    ToolMissing,
    UserError,
)

if TYPE_CHECKING:
    import datetime

    from setout.intent import Wish
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
  setout update ../infra                              later: what plan and template have come to say
  setout drift ../infra                               who changed what since
  setout why README.md:3                              which line of the plan a line comes from

exit codes: 0 good, 1 findings, 2 usage, 3 the plan leaves something open, 4 conflict, 5 drift,
            6 a required tool is missing, 70 a fault of setout (with a log), 130 interrupted
"""

# What validation runs; the other programs of the lock are for this project's own tests.
_NEEDED = ("terraform", "helm", "kustomize", "kubeconform")

_TEXT = "text"

Command = Callable[[argparse.Namespace], int]


def main(argv: list[str] | None = None) -> int:
    """Run one command and return its exit code."""
    options = parser().parse_args(argv)
    options.words = sys.argv[1:] if argv is None else argv
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal without UTF-8, or a file name that is no text
    signal.signal(signal.SIGTERM, _terminated)
    try:
        command: Command = options.command
        return command(options)
    except UserError as error:
        return _complain(error, options)
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
    _add_update(commands)
    _add_drift(commands)
    _add_accept(commands)
    _add_why(commands)
    _add_written_plan(commands)
    _add_validate(commands)
    _add_doctor(commands)
    _add_tools(commands)
    _add_schemas(commands)
    _add_cache(commands)
    return parser


def _add(commands: Commands, name: str, run: Command, summary: str) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=summary, description=summary)
    parser.set_defaults(command=run)
    return parser


def _add_format(parser: argparse.ArgumentParser, view: str) -> None:
    parser.add_argument(
        "--format",
        choices=reports.offering(view),
        help="what goes to standard output: text for people (the default), the others for machines",
    )


def _add_plan(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("plan", metavar="PLAN", type=Path, help="the plan.md, or a directory to find it in")
    _add_set(parser)


def _add_set(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--set",
        metavar="FIELD=VALUE",
        action="append",
        default=[],
        help="answer a question for this run; lists are written with commas (--set environments=dev,prod)",
    )


def _add_delivery(parser: argparse.ArgumentParser) -> None:
    _add_plan(parser)
    parser.add_argument("destination", metavar="DEST", type=Path, help="a new directory, or a repository")
    parser.add_argument("--strict", action="store_true", help="let every open question stop, also those with a default")
    parser.add_argument("--template", metavar="SOURCE", default="", help="path or URL of another template")
    parser.add_argument("--ref", metavar="REF", default="", help="tag, branch or commit of the template")
    _add_format(parser, "delivery")


def _add_read(commands: Commands) -> None:
    parser = _add(commands, "read", _read, "show what a plan says, what is decided and why, and what is open")
    parser.add_argument(
        "plan",
        metavar="PLAN",
        type=Path,
        nargs="*",
        default=[Path()],
        help="the plan.md, or a directory to find it in (default: here); of several, JSON is one a line",
    )
    _add_set(parser)
    parser.add_argument("--strict", action="store_true", help="exit 3 where a plan leaves anything open")
    _add_format(parser, "readings")


def _add_preview(commands: Commands) -> None:
    parser = _add(commands, "preview", _preview, "show what `scaffold`, or in a repository `update`, would do")
    _add_delivery(parser)
    _add_consent(parser)


def _add_consent(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--allow-delete",
        metavar="NAME",
        action="append",
        default=[],
        help="let what has this name go (a tenant, an environment, …); or a path, with what people wrote in it",
    )
    parser.add_argument(
        "--rename",
        metavar="KIND:OLD=NEW",
        action="append",
        default=[],
        help="say that something has a new name and is the same (--rename tenant:retail=shops)",
    )


def _add_update(commands: Commands) -> None:
    parser = _add(commands, "update", _update, "carry a changed plan or template into a repository; never lose a line")
    parser.add_argument("destination", metavar="DEST", type=Path, nargs="?", default=Path(), help="default: here")
    parser.add_argument("--plan", metavar="PLAN", type=Path, help="another plan than the one in the repository")
    _add_set(parser)
    parser.add_argument(
        "--to", metavar="VERSION", default="", help="tag or commit of the template (default: the newest)"
    )
    parser.add_argument("--template", metavar="SOURCE", default="", help="path or URL of the template")
    _add_consent(parser)
    parser.add_argument("--no-commit", action="store_true", help="leave the change staged")
    parser.add_argument("--resolve", action="store_true", help="hand conflicts over on a branch of their own")
    parser.add_argument("--no-validate", action="store_true", help="leave the checks out")
    parser.add_argument("--strict", action="store_true", help="let every open question stop, also those with a default")
    _add_format(parser, "update")


def _add_drift(commands: Commands) -> None:
    parser = _add(
        commands, "drift", _drift, "say who changed what, and which facts of the plan the repository contradicts"
    )
    parser.add_argument("destination", metavar="DEST", type=Path, nargs="?", default=Path(), help="default: here")
    parser.add_argument("--plan", metavar="PLAN", type=Path, help="another plan than the one in the repository")
    parser.add_argument("--template", metavar="SOURCE", default="", help="path or URL of the template")
    parser.add_argument(
        "--to", metavar="VERSION", default="", help="tag or commit of the template (default: the newest)"
    )
    _add_format(parser, "drift")


def _add_accept(commands: Commands) -> None:
    parser = _add(commands, "accept", _accept, "write down that a difference is meant, so that it is no drift")
    parser.add_argument(
        "files", metavar="FILE", nargs="*", help="changed, added or deleted files, or directories of them"
    )
    parser.add_argument("--reason", metavar="WORDS", required=True, help="why; a reviewer reads it a year from now")
    parser.add_argument("--until", metavar="YYYY-MM-DD", default="", help="the last day on which it holds")
    parser.add_argument(
        "--field", metavar="FIELD", action="append", default=[], help="a contradiction, by its field (state_backend, …)"
    )
    _add_in(parser)
    parser.add_argument("--template", metavar="SOURCE", default="", help="path or URL of the template")
    _add_format(parser, "acceptances")


def _add_in(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--in", metavar="DEST", dest="inside", type=Path, help="the repository; FILE is then below it (default: here)"
    )


def _add_why(commands: Commands) -> None:
    parser = _add(commands, "why", _why, "say which plan lines, answers and blueprint made a file or a line of it")
    parser.add_argument("file", metavar="FILE[:LINE]", nargs="?", default="", help="a file of a delivered repository")
    parser.add_argument(
        "--plan", metavar="LINE", type=int, help="instead: every file that rests on this line of the plan"
    )
    _add_in(parser)
    parser.add_argument("--template", metavar="SOURCE", default="", help="path or URL of the template")
    _add_format(parser, "why")


def _add_written_plan(commands: Commands) -> None:
    parser = commands.add_parser("plan", help="write into a plan: what became of it, or the answer to a question")
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    sync = _add(actions, "sync", _plan_sync, "write the real tree, decisions and results between markers into the plan")
    sync.add_argument("destination", metavar="DEST", type=Path, nargs="?", default=Path(), help="default: here")
    sync.add_argument("--check", action="store_true", help="write nothing; exit 5 where the plan is not up to date")
    sync.add_argument("--no-validate", action="store_true", help="leave the checks out, and their results as they are")
    _add_format(sync, "synced")
    answer = _add(actions, "answer", _plan_answer, "write an answer into the line of the plan that asks for it")
    answer.add_argument("answer", metavar="KEY=VALUE", help="KEY:LINE=VALUE where several lines ask for the same")
    answer.add_argument("--plan", metavar="PLAN", type=Path, help="the plan.md (default: that of the repository here)")
    _add_format(answer, "answered")


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
        default="",
        help="real Terraform providers, their packaged schemas, or real ones where they are at hand (auto)",
    )
    parser.add_argument(
        "--exclude",
        metavar="PATTERN=REASON",
        action="append",
        default=[],
        help="leave paths out, for a reason that the report states (--exclude 'legacy/**=replaced by live/ in March')",
    )
    parser.add_argument("--no-cache", action="store_true", help="look at everything anew, and remember nothing")
    parser.add_argument(
        "--require",
        metavar="TOOL,…",
        type=lambda words: [word.strip() for word in words.split(",") if word.strip()],
        action="extend",
        default=[],
        help="tools that must have looked at something, or checks (--require terraform,'helm lint')",
    )
    parser.add_argument(
        "--fail-on",
        choices=("warning", "error"),
        default="error",
        help="the mildest finding that fails (default: error)",
    )
    parser.add_argument(
        "--report",
        metavar="FORMAT=FILE",
        action="append",
        default=[],
        help=f"write a report too, may be repeated ({', '.join(reports.offering('validation'))}); - is standard output",
    )
    _add_format(parser, "validation")


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


def _add_schemas(commands: Commands) -> None:
    summary = "what manifests and configurations can be held to: Kubernetes, custom resources, Terraform providers"
    _add(commands, "schemas", _schemas, summary)


def _add_cache(commands: Commands) -> None:
    parser = _add(commands, "cache", _cache, "how much validation remembers, and where")
    actions = parser.add_subparsers(metavar="ACTION")
    _add(actions, "clean", _cache_clean, "forget it; the next validation looks at everything anew")


def _read(options: argparse.Namespace) -> int:
    from setout import pipeline  # noqa: PLC0415 - `setout --help` must not wait for it

    settings, values, code = _settings(options), [], GOOD
    for plan in options.plan:
        try:
            values.append(pipeline.read(_located(plan), settings))
        except UserError as error:  # the other plans are still worth reading
            failed = _complain(error, options)
            code = code or failed
    if values:
        _show(options.format, "readings", values)
    if options.strict and any(value.decision.questions for value in values):
        code = code or OPEN_QUESTIONS
    return code


def _located(plan: Path) -> Path:
    """The plan that a word of the command line stands for; where it was found, and why, is said."""
    from setout.plan import location  # noqa: PLC0415

    found = location.find(plan, os.environ, _branch)
    if found.because:
        _say(f"plan: {found.path} ({found.because})")
    return found.path


def _branch(directory: Path) -> str:
    from setout import git  # noqa: PLC0415

    try:
        return git.branch(directory)
    except UserError:  # no repository, or no git: then no branch leads to a plan
        return ""


def _preview(options: argparse.Namespace) -> int:
    from setout import pipeline  # noqa: PLC0415

    if pipeline.is_delivered(options.destination):
        return _preview_update(options)
    value = pipeline.preview(
        _located(options.plan),
        options.destination,
        _settings(options),
        template=options.template,
        ref=options.ref,
        strict=options.strict,
    )
    _print(_format(options).preview(value, color=_color()))
    return GOOD


def _preview_update(options: argparse.Namespace) -> int:
    from setout import pipeline  # noqa: PLC0415

    with _progress() as progress:
        value = pipeline.preview_update(options.destination, _wish(options, options.ref), progress=progress)
    _print(_format(options).proposal(value, color=_color()))
    return GOOD


def _scaffold(options: argparse.Namespace) -> int:
    from setout import pipeline  # noqa: PLC0415

    plan = _located(options.plan)
    with _progress() as progress:
        value = pipeline.scaffold(
            plan,
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


def _update(options: argparse.Namespace) -> int:
    from setout import pipeline  # noqa: PLC0415

    with _progress() as progress:
        value = pipeline.update(
            options.destination,
            _wish(options, options.to),
            commit=not options.no_commit,
            resolve=options.resolve,
            check=not options.no_validate,
            progress=progress,
        )
    _print(_format(options).update(value, color=_color()))
    return CONFLICT if value.outcome == "refused" else GOOD


def _drift(options: argparse.Namespace) -> int:
    from setout import pipeline  # noqa: PLC0415
    from setout.intent import Wish  # noqa: PLC0415

    wish = Wish(_located(options.plan) if options.plan else None, template=options.template, version=options.to)
    with _progress() as progress:
        value = pipeline.drift(options.destination, wish, _today(), progress=progress)
    _show(options.format, "drift", value)
    return GOOD if value.is_none else DRIFT


def _accept(options: argparse.Namespace) -> int:
    from setout import pipeline  # noqa: PLC0415

    root, paths = _below(options.inside, options.files)
    with _progress() as progress:
        values = pipeline.accept(
            root,
            paths,
            options.field,
            options.reason,
            options.until,
            template=options.template,
            progress=progress,
        )
    _show(options.format, "acceptances", values)
    return GOOD


def _below(inside: Path | None, files: Sequence[str]) -> tuple[Path, list[str]]:
    """The repository, and the files as paths below it."""
    from setout import why  # noqa: PLC0415

    located = [why.locate(file, inside) for file in files]
    roots = {root for root, _, _ in located} or {inside or Path()}
    if len(roots) > 1:
        raise UserError("the files lie in several repositories", "accept those of one repository at a time")
    return roots.pop(), [path for _, path, _ in located]


def _why(options: argparse.Namespace) -> int:
    from setout import repository, why  # noqa: PLC0415

    if bool(options.file) == (options.plan is not None):
        raise UserError("say what is asked about: FILE, or --plan LINE", "setout why README.md, setout why --plan 12")
    if options.file:
        root, path, line = why.locate(options.file, options.inside)
        _show(options.format, "why", why.of_file(repository.open(root), path, line, template=options.template))
    else:
        repo = repository.open(options.inside or Path())
        _show(options.format, "resting", why.of_plan_line(repo, options.plan, template=options.template))
    return GOOD


def _plan_sync(options: argparse.Namespace) -> int:
    from setout import pipeline  # noqa: PLC0415

    with _progress() as progress:
        value = pipeline.sync(
            options.destination, check=options.check, with_results=not options.no_validate, progress=progress
        )
    _show(options.format, "synced", value)
    return DRIFT if options.check and value.stale else GOOD


def _plan_answer(options: argparse.Namespace) -> int:
    from setout import reply, repository  # noqa: PLC0415

    key, equals, value = options.answer.partition("=")
    if not equals or not key:
        raise UserError(f"{options.answer}: this is not KEY=VALUE", "for example state_backend=S3")
    plan = _located(options.plan) if options.plan else repository.open(Path()).plan
    if plan is None:
        raise UserError("the repository here has no plan", "name one with --plan")
    _show(options.format, "answered", reply.answer(plan, key, value))
    return GOOD


def _wish(options: argparse.Namespace, version: str) -> Wish:
    from setout.intent import Wish  # noqa: PLC0415

    return Wish(
        _located(options.plan) if options.plan else None,
        _settings(options),
        options.template,
        version,
        options.strict,
        tuple(options.allow_delete),
        tuple(options.rename),
    )


def _validate(options: argparse.Namespace) -> int:
    from setout import model, outputs, validation  # noqa: PLC0415

    if not options.root.is_dir():
        raise UserError(f"{options.root}: there is no such directory", "give the repository to check")
    shown, written = _outputs(options)
    with _progress() as progress:
        value = validation.validate(
            options.root,
            progress=progress,
            kubernetes_versions=tuple(options.kubernetes_version),
            providers=options.providers,
            exclude=tuple(options.exclude),
            remember=not options.no_cache,
            required=tuple(options.require),
            fail_on=model.Severity(options.fail_on),
        )
    for output, file in written:
        outputs.write(file, reports.load(output).validation(value))
    _show(shown, "validation", value)
    return value.exit_code


def _doctor(_options: argparse.Namespace) -> int:
    from setout import doctor  # noqa: PLC0415

    diagnoses = doctor.examine()
    for row in doctor.rows(diagnoses):
        _print(row)
    return GOOD if all(diagnosis.works for diagnosis in diagnoses) else TOOL_MISSING


def _schemas(_options: argparse.Namespace) -> int:
    from setout import schemas  # noqa: PLC0415

    for line in schemas.contents():
        _print(line)
    return GOOD


def _cache(_options: argparse.Namespace) -> int:
    from setout import store  # noqa: PLC0415

    kept = store.extent(store.default().folder)
    _print(f"{kept} of at most {store.LIMIT // 1_000_000} MB; setout cache clean forgets them")
    return GOOD


def _cache_clean(_options: argparse.Namespace) -> int:
    from setout import store  # noqa: PLC0415

    _print(f"forgotten: {store.clean(store.default().folder)}")
    return GOOD


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


def _today() -> datetime.date:
    import datetime  # noqa: PLC0415

    return datetime.date.today()


def _format(options: argparse.Namespace) -> Format:
    return reports.load(options.format or _TEXT)


def _outputs(options: argparse.Namespace) -> tuple[str, list[tuple[str, Path]]]:
    """Which format goes to standard output, and which ones into which files."""
    from setout import outputs  # noqa: PLC0415

    wanted = outputs.parse(options.report, reports.offering("validation"))
    shown = [output.format for output in wanted if output.file is None]
    if shown and options.format:
        raise UserError(
            f"--format {options.format} and --report {shown[0]}=-: one of them", "standard output has room for one"
        )
    return (shown or [options.format or _TEXT])[0], [(output.format, output.file) for output in wanted if output.file]


def _show(name: str | None, view: str, value: object) -> None:
    """Print a report; where GitHub runs us, the step's summary gets what annotations have no room for."""
    format_ = reports.load(name or _TEXT)
    _print(getattr(format_, view)(value, color=_color()))
    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    if name == "github" and summary:
        from setout import outputs  # noqa: PLC0415

        outputs.append(Path(summary), getattr(format_, f"{view}_summary")(value))


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


def _complain(error: UserError, options: argparse.Namespace) -> int:
    _say(f"error: {error.message}" + (f"\n  hint: {error.hint}" if error.hint else ""))
    if isinstance(error, SeveralPlans):
        for plan in error.choices:
            _say(f"    {_naming(plan, error.directory, options.words)}")
    return error.exit_code


def _naming(plan: Path, directory: Path, words: Sequence[str]) -> str:
    """The command as it was typed, with the plan in place of the directory."""
    typed, is_named = list[str](), False
    for word in words:
        option, equals, value = word.partition("=") if word.startswith("--") else ("", "", word)
        is_it = not is_named and value != "" and not value.startswith("-") and Path(value) == directory
        typed.append(f"{option}{equals}{plan}" if is_it else word)
        is_named = is_named or is_it
    command = shlex.join(["setout", *typed, *([] if is_named else [str(plan)])])
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in command)


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
