"""setout validate: a repository held to the real programs and to our own gates."""

from __future__ import annotations

import argparse
from pathlib import Path

from setout import arguments, console, reports
from setout.errors import UserError


def add(commands: arguments.Commands) -> None:
    parser = arguments.command(
        commands, "validate", run, "check a repository with the real programs and with our own gates"
    )
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
    arguments.add_format(parser, "validation")


def run(options: argparse.Namespace) -> int:
    from setout import model, outputs, validation  # noqa: PLC0415

    if not options.root.is_dir():
        raise UserError(f"{options.root}: there is no such directory", "give the repository to check")
    shown, written = _outputs(options)
    with console.progress() as progress:
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
    console.show(shown, "validation", value)
    return value.exit_code


def _outputs(options: argparse.Namespace) -> tuple[str, list[tuple[str, Path]]]:
    """Which format goes to standard output, and which ones into which files."""
    from setout import outputs  # noqa: PLC0415

    wanted = outputs.parse(options.report, reports.offering("validation"))
    shown = [output.format for output in wanted if output.file is None]
    if shown and options.format:
        raise UserError(
            f"--format {options.format} and --report {shown[0]}=-: one of them", "standard output has room for one"
        )
    return (shown or [options.format or reports.TEXT])[0], [
        (output.format, output.file) for output in wanted if output.file
    ]
