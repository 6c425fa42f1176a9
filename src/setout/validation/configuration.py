"""Terraform configurations as this tree holds them: what they call, which providers they need, what must not run."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from setout import hcl
from setout.hcl import Block, Reading
from setout.validation import recall
from setout.validation.discovery import Survey, folder_of, join
from setout.validation.providers import Requirement
from setout.validation.workbench import Workbench

SUFFIXES = (".tf", ".tofu")
TEST_SUFFIXES = (".tftest.hcl", ".tofutest.hcl")

_BUILT_IN = ("terraform", "terraform.io/builtin/terraform")
_REFERENCE = re.compile(r"\$\{\s*(.*?)\s*\}")


@dataclass(frozen=True, slots=True)
class Call:
    """A `module` block: the directory it calls, or "" if its source is not a path of this tree."""

    source: str
    folder: str
    path: str
    line: int


def sources(survey: Survey) -> tuple[str, ...]:
    """Every configuration file and test of a tree."""
    return tuple(path for path in survey.files if path.endswith((*SUFFIXES, *TEST_SUFFIXES)))


def reading(bench: Workbench) -> Reading:
    """Every configuration and test of the tree, each parsed once, and not again while it is the same.

    What a link leads to is there twice: as itself, and under the name of the link, for programs follow links.
    """
    return bench.once("hcl", lambda: _linked(bench.survey, _read(bench)))


def _read(bench: Workbench) -> Reading:
    return hcl.read(bench.survey.root, sources(bench.survey), *recall.of_files(bench, "hcl"))


def _linked(survey: Survey, found: Reading) -> Reading:
    again = [
        replace(block, path=name + block.path.removeprefix(target))
        for name, target in survey.links
        for block in found.blocks
        if f"{block.path}/".startswith(f"{target}/")
    ]
    return replace(found, blocks=(*found.blocks, *again))


def blocks_of(reading: Reading, folder: str) -> tuple[Block, ...]:
    """The blocks of the configuration files (not the tests) that stand in a directory."""
    return tuple(block for block in reading.blocks if folder_of(block.path) == folder and block.path.endswith(SUFFIXES))


def tests_of(reading: Reading, folder: str) -> tuple[Block, ...]:
    """The blocks of the test files of a directory: beside it, or in its `tests`."""
    places = (folder, join(folder, "tests"))
    return tuple(
        block for block in reading.blocks if block.path.endswith(TEST_SUFFIXES) and folder_of(block.path) in places
    )


def calls(blocks: Sequence[Block], folder: str) -> tuple[Call, ...]:
    """The modules that these blocks call, test runs included."""
    found = []
    for block in blocks:
        bodies = [block.body] if block.type == "module" else _nested(block.body, "module")
        for body in bodies if block.type in ("module", "run") else ():
            source = str(body.get("source", ""))
            local = join(folder, source) if source.startswith(("./", "../")) else ""
            found.append(Call(source, local, block.path, block.line))
    return tuple(found)


def closure(reading: Reading, folder: str, *, tests: bool = False) -> tuple[tuple[str, ...], tuple[Call, ...]]:
    """The directories that loading `folder` reads, itself first, and the calls that lead out of the tree."""
    folders: list[str] = []
    outside: list[Call] = []
    pending = [folder]
    while pending:
        here = pending.pop(0)
        if here in folders:
            continue
        folders.append(here)
        blocks = blocks_of(reading, here) + (tests_of(reading, here) if tests and here == folder else ())
        for call in calls(blocks, here):
            if call.folder:
                pending.append(call.folder)
            else:
                outside.append(call)
    return tuple(folders), tuple(outside)


def requirements(reading: Reading, folders: Sequence[str]) -> tuple[Requirement, ...]:
    """The providers that these directories need together, stated or implied by the names of resources."""
    constraints: dict[tuple[str, str], set[str]] = {}
    for folder in folders:
        blocks = blocks_of(reading, folder)
        stated = dict(_stated(blocks))
        for name in {*stated, *_implied(blocks)}:
            source, constraint = stated.get(name, (f"hashicorp/{name}", ""))
            if name in _BUILT_IN or source in _BUILT_IN:
                continue
            host, _, path = source.rpartition("/")[0].rpartition("/")
            found = constraints.setdefault((f"{path}/{source.rpartition('/')[2]}", host), set())
            found.update({constraint} - {""})
    return tuple(
        Requirement(source, tuple(sorted(found)), host) for (source, host), found in sorted(constraints.items())
    )


def types(reading: Reading) -> frozenset[str]:
    """Every type of resource and data source that configurations and tests name."""
    kinds = ("resource", "data", "ephemeral", "mock_resource", "mock_data")
    found = {block.labels[0] for block in reading.blocks if block.type in kinds and block.labels}
    for block in reading.of_type("mock_provider"):
        for kind in kinds:
            found.update(name for item in _nested(block.body, kind) for name in item if not name.startswith("__"))
    return frozenset(found)


def aliases(blocks: Sequence[Block]) -> tuple[tuple[str, str], ...]:
    """The provider configurations that a module expects from its caller: local name and alias."""
    found = []
    for _, entry in _required(blocks):
        for item in entry.get("configuration_aliases", ()) if isinstance(entry, Mapping) else ():
            reference = _REFERENCE.sub(r"\1", str(item))
            name, _, alias = reference.partition(".")
            found.append((name, alias))
    return tuple(sorted(found))


def executed(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Blocks through which applying the configuration would run a program on this machine."""
    return tuple(
        block
        for block in blocks
        if (block.type == "resource" and "provisioner" in block.body)
        or (block.type == "data" and block.labels[:1] == ("external",))
    )


def unmocked(tests: Sequence[Block], needed: Sequence[Requirement]) -> tuple[tuple[str, str], ...]:
    """Test files that would talk to a real provider: file and provider."""
    found = []
    for path in sorted({block.path for block in tests}):
        here = [block for block in tests if block.path == path]
        mocked = {block.labels[0] for block in here if block.type == "mock_provider" and block.labels}
        real = {block.labels[0] for block in here if block.type == "provider" and block.labels}
        for requirement in needed:
            name = requirement.source.rpartition("/")[2]
            if name not in mocked or name in real:
                found.append((path, requirement.source))
    return tuple(found)


def _stated(blocks: Sequence[Block]) -> Iterator[tuple[str, tuple[str, str]]]:
    """Local name, source and constraint of every entry in required_providers."""
    for name, entry in _required(blocks):
        if isinstance(entry, Mapping):
            yield name, (str(entry.get("source", f"hashicorp/{name}")), str(entry.get("version", "")))
        else:
            yield name, (f"hashicorp/{name}", str(entry))


def _required(blocks: Sequence[Block]) -> Iterator[tuple[str, Any]]:
    for block in blocks:
        for body in _nested(block.body, "required_providers") if block.type == "terraform" else ():
            yield from ((name, entry) for name, entry in body.items() if not name.startswith("__"))


def _implied(blocks: Sequence[Block]) -> set[str]:
    """Local names of providers that resources, data sources and provider blocks use without a stated source."""
    found = set()
    for block in blocks:
        if block.type in ("resource", "data", "ephemeral") and block.labels:
            chosen = _REFERENCE.sub(r"\1", str(block.body.get("provider", "")))
            found.add(chosen.partition(".")[0] or block.labels[0].partition("_")[0])
        elif block.type == "provider" and block.labels:
            found.add(block.labels[0])
    return found


def _nested(body: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    items = body.get(name, [])
    return [item for item in items if isinstance(item, Mapping)] if isinstance(items, list) else []
