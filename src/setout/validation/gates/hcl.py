"""Terraform configurations as a reviewer reads them, without any program."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from setout.hcl import Block
from setout.validation import configuration
from setout.validation.discovery import folder_of
from setout.validation.gate import Seen, family, gate
from setout.validation.workbench import Workbench

_SECRET_NAME = re.compile(r"(?:^|_)(?:password|passwd|secret|token|private_key|api_key)$")
# What a backend needs that does not come from the environment. Source: the documentation of each backend.
# What a backend cannot do without. An http backend is given its address by the environment (TF_HTTP_ADDRESS) or by
# -backend-config: that is how GitLab's documentation has it, since the address holds the number of the project.
_BACKEND = {
    "azurerm": ("container_name", "key", "resource_group_name", "storage_account_name"),
    "gcs": ("bucket",),
    "http": (),
    "kubernetes": ("secret_suffix",),
    "oci": ("bucket", "key", "namespace"),
    "pg": (),
    "s3": ("bucket", "key", "region"),
}


@gate("hcl/unreadable", "terraform validate says what is wrong with it")
def readable(bench: Workbench) -> Iterator[Seen]:
    """A configuration has to be readable."""
    reading = configuration.reading(bench)
    broken = {item.path: item for item in reading.unreadable}
    for path in configuration.sources(bench.survey):
        item = broken.get(path)
        yield Seen(path, item.line or 1, item.reason) if item else Seen(path)


@gate("hcl/untyped-variable", "give it the narrowest type that fits")
def variables_are_typed(bench: Workbench) -> Iterator[Seen]:
    """A variable says its type, or a wrong value is noticed only by the cloud."""
    yield from _attribute(bench, "variable", "type")


@gate("hcl/undescribed-variable", "say what it decides, in one sentence")
def variables_are_described(bench: Workbench) -> Iterator[Seen]:
    """A variable says what it is for."""
    yield from _attribute(bench, "variable", "description")


@gate("hcl/undescribed-output", "say what it is, and who needs it")
def outputs_are_described(bench: Workbench) -> Iterator[Seen]:
    """An output says what it is for."""
    yield from _attribute(bench, "output", "description")


@gate("hcl/secret-not-sensitive", "set sensitive = true")
def secrets_are_sensitive(bench: Workbench) -> Iterator[Seen]:
    """A variable that is named like a secret is sensitive, or plans print it."""
    for block in _blocks(bench, "variable"):
        if _SECRET_NAME.search(_name(block)):
            wrong = "" if block.body.get("sensitive") is True else _name(block)
            yield Seen(block.path, block.line, wrong)


@gate("hcl/required-version", 'set required_version in a terraform block, such as ">= 1.11.0"')
def versions_are_required(bench: Workbench) -> Iterator[Seen]:
    """A configuration says which versions of the program it is written for."""
    for folder, blocks in _folders(bench).items():
        stated = any("required_version" in block.body for block in blocks if block.type == "terraform")
        yield Seen(*_settings(bench, blocks), "" if stated else folder)


@gate("hcl/unpinned-provider", "add the provider to required_providers with source and version")
def providers_are_pinned(bench: Workbench) -> Iterator[Seen]:
    """A configuration says where each of its providers comes from and in which versions, or the newest one is taken."""
    for folder, blocks in _folders(bench).items():
        for requirement in configuration.requirements(configuration.reading(bench), (folder,)):
            wrong = "" if requirement.constraints else f"{requirement.source} in {folder}"
            yield Seen(*_settings(bench, blocks, requirement.source.rpartition("/")[2]), wrong)


@gate("hcl/provider-in-module", "configure it in the root module and pass it with providers = {…}")
def modules_configure_no_provider(bench: Workbench) -> Iterator[Seen]:
    """A module configures no provider: a caller could never again remove it, nor call it twice."""
    for folder, blocks in _folders(bench).items():
        if folder in bench.survey.modules:
            for block in blocks:
                wrong = f'provider "{_name(block)}" in {folder}' if block.type == "provider" else ""
                yield Seen(block.path, block.line, wrong)


@gate("hcl/backend-in-module", "keep the backend in the root module")
def modules_have_no_backend(bench: Workbench) -> Iterator[Seen]:
    """A module has no backend: it is ignored there, and misleads."""
    for folder, block, name, _ in _backends(bench):
        yield Seen(block.path, block.line, f"{name} in {folder}" if folder in bench.survey.modules else "")


@gate("hcl/incomplete-backend", "set it, or have it set by a file given to terraform init -backend-config")
def backends_are_complete(bench: Workbench) -> Iterator[Seen]:
    """A backend names the place of the state in full, or every init asks for it."""
    for folder, block, name, body in _backends(bench):
        given = any(path.endswith(".tfbackend") for path in bench.survey.directly_in(folder))
        lacking = [key for key in _BACKEND.get(name, ()) if key not in body]
        yield Seen(block.path, block.line, f"{name} has no {', '.join(lacking)}" if lacking and not given else "")


@gate("hcl/unlocked-state", "set use_lockfile = true")
def states_are_locked(bench: Workbench) -> Iterator[Seen]:
    """A state in S3 is locked, or two people can apply at once."""
    for _, block, name, body in _backends(bench):
        if name == "s3":
            locked = body.get("use_lockfile") is True or "dynamodb_table" in body
            yield Seen(block.path, block.line, "" if locked else "neither use_lockfile nor a lock table")


@gate("hcl/shared-state", "give each root module a key of its own")
def no_two_roots_share_a_state(bench: Workbench) -> Iterator[Seen]:
    """Each root module has a state of its own, or one apply destroys what the other made."""
    owners: dict[tuple[str, ...], str] = {}
    for folder, block, name, body in _backends(bench):
        place = (name, *(str(body.get(key, "")) for key in _PLACE.get(name, ())))
        if any(place[1:]):
            other = owners.setdefault(place, folder)
            yield Seen(block.path, block.line, f"{folder} and {other}" if other != folder else "")


GATES = (
    readable,
    variables_are_typed,
    variables_are_described,
    outputs_are_described,
    secrets_are_sensitive,
    versions_are_required,
    providers_are_pinned,
    modules_configure_no_provider,
    modules_have_no_backend,
    backends_are_complete,
    states_are_locked,
    no_two_roots_share_a_state,
)
CHECKS = family("hcl", "Terraform configuration", GATES)

# What tells one state from another, for each backend.
_PLACE = {
    "azurerm": ("storage_account_name", "container_name", "key"),
    "gcs": ("bucket", "prefix"),
    "http": (),
    "kubernetes": ("namespace", "secret_suffix"),
    "local": ("path",),
    "oci": ("bucket", "namespace", "key"),
    "pg": ("conn_str", "schema_name"),
    "s3": ("bucket", "key"),
}


def _folders(bench: Workbench) -> dict[str, list[Block]]:
    found: dict[str, list[Block]] = {}
    for block in configuration.reading(bench).blocks:
        if block.path.endswith(configuration.SUFFIXES):
            found.setdefault(folder_of(block.path), []).append(block)
    return found


def _settings(bench: Workbench, blocks: Sequence[Block], name: str = "") -> tuple[str, int]:
    """Where a configuration states what it requires, and there the line of `name`; its first line if it does not."""
    stated = [block for block in blocks if block.type == "terraform"]
    stated.sort(key=lambda block: "required_providers" not in block.body)
    if not stated:
        return blocks[0].path, 1
    return stated[0].path, stated[0].line_of(bench.survey.text(stated[0].path), name) if name else stated[0].line


def _blocks(bench: Workbench, kind: str) -> list[Block]:
    """Every block of a kind once, where it is written and not where a link leads to it."""
    linked = {name for name, _ in bench.survey.links}
    return [
        block
        for block in configuration.reading(bench).of_type(kind)
        if block.path.endswith(configuration.SUFFIXES) and linked.isdisjoint(_upwards(block.path))
    ]


def _upwards(path: str) -> list[str]:
    """A path and every folder above it."""
    parts = path.split("/")
    return ["/".join(parts[: depth + 1]) for depth in range(len(parts))]


def _attribute(bench: Workbench, kind: str, name: str) -> Iterator[Seen]:
    for block in _blocks(bench, kind):
        yield Seen(block.path, block.line, "" if block.text_of(name) else f'{kind} "{_name(block)}"')


def _name(block: Block) -> str:
    return block.labels[0] if block.labels else ""


def _backends(bench: Workbench) -> Iterator[tuple[str, Block, str, dict[str, object]]]:
    """Folder, terraform block, name and body of every backend."""
    for block in _blocks(bench, "terraform"):
        for item in block.body.get("backend", ()):
            for name, body in item.items():
                if isinstance(body, dict):
                    yield folder_of(block.path), block, name, body
