"""setout tools: the programs that do the checking."""

from __future__ import annotations

import argparse

from setout import arguments, console
from setout.errors import FINDINGS, GOOD, ToolMissing


def add(commands: arguments.Commands) -> None:
    parser = commands.add_parser("tools", help="the programs that do the checking: list, install, verify, lock")
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    arguments.command(actions, "list", _list, "every program, its pinned version, and where it is")
    install = arguments.command(
        actions, "install", _install, "get programs: from the vendor's release, or built from their Go module"
    )
    install.add_argument("names", metavar="NAME", nargs="*", help="which ones (default: those that validation needs)")
    verify = arguments.command(
        actions, "verify", _verify, "compare the programs in the cache with what was written down about them"
    )
    verify.add_argument("names", metavar="NAME", nargs="*")
    lock = arguments.command(
        actions, "lock", _lock, "take missing checksums from the vendors' published checksum files"
    )
    lock.add_argument("names", metavar="NAME", nargs="*")


def _needed() -> list[str]:
    """What validation runs."""
    from setout import toolchain  # noqa: PLC0415

    return [tool.name for tool in toolchain.catalogue() if not (tool.serves or tool.only)]


def _list(_options: argparse.Namespace) -> int:
    from setout import toolchain  # noqa: PLC0415

    for tool in toolchain.catalogue():
        console.out(f"{tool.name:<12} {tool.version:<9} {_where(tool.name)}")
    return GOOD


def _where(name: str) -> str:
    from setout import toolchain  # noqa: PLC0415

    try:
        program = toolchain.find(name)
    except ToolMissing as error:
        return f"not there: {error.hint}"
    return f"{program.name} {program.version} at {program.path} ({program.origin})"


def _install(options: argparse.Namespace) -> int:
    from setout import toolchain  # noqa: PLC0415

    with console.progress() as progress:
        for done in toolchain.install(options.names or _needed(), progress):
            console.out(
                f"{done.program.name} {done.program.version} at {done.program.path}, trusted on: {done.authority}"
            )
    return GOOD


def _verify(options: argparse.Namespace) -> int:
    from setout import toolchain  # noqa: PLC0415

    verified = toolchain.verify(options.names)
    for item in verified:
        console.out(f"{'ok' if item.works else '!!'}  {item.name}: {item.detail}")
    if not verified:
        console.out("the cache holds none of these programs")
    return GOOD if all(item.works for item in verified) else FINDINGS


def _lock(options: argparse.Namespace) -> int:
    from setout import toolchain  # noqa: PLC0415

    with console.progress() as progress:
        locked = toolchain.lock(options.names, progress)
    for item in locked:
        console.out(f"{item.name} {item.platform}: {item.fault or ('written' if item.changed else 'as published')}")
    return FINDINGS if any(item.fault for item in locked) else GOOD
