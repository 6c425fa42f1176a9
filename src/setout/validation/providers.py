"""Providers for the real terraform: from a mirror at hand, or a packaged schema served over the plugin protocol."""

from __future__ import annotations

import difflib
import json
import os
import platform
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent import futures
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import InvalidVersion, Version

from setout.validation import schemas

if TYPE_CHECKING:
    import grpc

REGISTRIES = ("registry.terraform.io", "registry.opentofu.org")

# What a terraform root with the real AWS provider takes (5.100.0, 617 MB measured); others take less.
REAL_PROVIDER_MEGABYTES = 640

_OPERATOR = re.compile(r"^(=|!=|>=|<=|~>|>|<)?\s*v?([0-9][0-9A-Za-z.+-]*)$")
_PACKED = re.compile(r"^terraform-provider-[^_]+_([^_]+)_([a-z0-9]+_[a-z0-9]+)\.zip$")
_CLI_PATHS = re.compile(r'^\s*(?:plugin_cache_dir|path)\s*=\s*"([^"]+)"', re.MULTILINE)


@dataclass(frozen=True, slots=True, order=True)
class Requirement:
    """A provider that a configuration needs: `hashicorp/aws` in every version that all of `constraints` admit.

    `host` is "" where the configuration leaves it to the program.
    """

    source: str
    constraints: tuple[str, ...] = ()
    host: str = ""

    def admits(self, version: str) -> bool:
        """Whether a version will do. A constraint that cannot be understood admits nothing."""
        return all(_admits(constraint, version) for constraint in self.constraints)


@dataclass(frozen=True, slots=True)
class AtHand:
    """A real provider in a mirror: an unpacked one, or a zip, of a version for this machine."""

    mirror: Path
    host: str
    source: str
    version: str


@dataclass(frozen=True, slots=True)
class Chosen:
    """How one requirement is met: by a `real` provider, by packaged `schemas` (the best one first), or not at all."""

    requirement: Requirement
    real: AtHand | None = None
    schemas: tuple[schemas.Provider, ...] = ()

    @property
    def is_met(self) -> bool:
        return self.real is not None or bool(self.schemas)

    def label(self, rounds: int) -> str:
        """What the report says about the first `rounds` uses of it: `hashicorp/aws 5.100.0+6.25.0 schema`."""
        if self.real:
            return f"{self.requirement.source} {self.real.version} real"
        versions = "+".join(item.version for item in self.schemas[:rounds])
        kind = "schema" if any(item.exact for item in self.schemas[:rounds]) else "derived schema"
        return f"{self.requirement.source} {versions} {kind}" if versions else f"{self.requirement.source} real"


def choose(
    requirements: Iterable[Requirement], mode: str, mirrors: Sequence[AtHand], host: str = REGISTRIES[0]
) -> tuple[Chosen, ...]:
    """For each requirement the best that is there.

    Args:
        mode: `auto` takes a real provider where one is at hand, `real` nothing else, `schema` only packaged schemas.
        mirrors: what `at_hand` found.
        host: the registry that is meant where a configuration names none; terraform and tofu differ in that.
    """
    return tuple(_choose(requirement, mode, mirrors, host) for requirement in sorted(requirements))


def at_hand() -> tuple[AtHand, ...]:
    """Every real provider in the mirrors of this machine; the same for the same environment."""
    found: list[AtHand] = []
    for folder in mirror_folders():
        found.extend(_scan(folder))
    return tuple(dict.fromkeys(found))


def stamp(provider: AtHand) -> list[list[Any]]:
    """What tells a provider in a mirror from another that somebody put in its place: its files, by size and date."""
    folder = provider.mirror / provider.host / provider.source
    here = _platform()
    packed = sorted(folder.glob(f"*_{provider.version}_{here}.zip"))
    files = packed or sorted(path for path in (folder / provider.version / here).rglob("*") if path.is_file())
    return [[str(path), path.stat().st_size, path.stat().st_mtime_ns] for path in files]


def mirror_folders() -> tuple[Path, ...]:
    """Where real providers may lie: SETOUT_PROVIDER_MIRROR, the plugin cache, the folders terraform knows.

    Source: "Implied local mirror directories" in terraform's documentation of the CLI configuration file.
    """
    home = Path.home()
    folders = [Path(part) for part in os.environ.get("SETOUT_PROVIDER_MIRROR", "").split(os.pathsep) if part]
    if os.environ.get("TF_PLUGIN_CACHE_DIR"):
        folders.append(Path(os.environ["TF_PLUGIN_CACHE_DIR"]))
    folders += _configured(home)
    folders.append(home / ".terraform.d" / "plugins")
    if sys.platform == "darwin":
        folders += [
            home / "Library/Application Support/io.terraform/plugins",
            Path("/Library/Application Support/io.terraform/plugins"),
        ]
    else:
        share = os.environ.get("XDG_DATA_HOME") or str(home / ".local" / "share")
        shared = os.environ.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share"
        folders += [Path(part) / "terraform" / "plugins" for part in (share, *shared.split(":"))]
    return tuple(dict.fromkeys(folder for folder in folders if folder.is_dir()))


def configuration(chosen: Sequence[Chosen], *, network: bool) -> str:
    """The CLI configuration under which terraform takes real providers from their mirrors and nothing from elsewhere.

    Args:
        network: whether what is in no mirror may be downloaded.
    """
    blocks = []
    taken = []
    for choice in chosen:
        if choice.real:
            address = json.dumps(f"{choice.real.host}/{choice.requirement.source}")
            path = json.dumps(str(choice.real.mirror))
            blocks.append(f"  filesystem_mirror {{\n    path    = {path}\n    include = [{address}]\n  }}")
            taken.append(address)
    excluded = f"[{', '.join(taken)}]" if network else '["*/*/*"]'
    blocks.append(f"  direct {{\n    exclude = {excluded}\n  }}")
    return "disable_checkpoint = true\nprovider_installation {\n" + "\n".join(blocks) + "\n}\n"


def _choose(requirement: Requirement, mode: str, mirrors: Sequence[AtHand], host: str) -> Chosen:
    if mode != "schema":
        fitting = [item for item in mirrors if item.source == requirement.source and requirement.admits(item.version)]
        fitting = [item for item in fitting if item.host == (requirement.host or host)]
        if fitting:
            return Chosen(requirement, real=max(fitting, key=lambda item: Version(item.version)))
        if mode == "real":
            return Chosen(requirement)
    packaged = [item for item in schemas.providers() if item.source == requirement.source]
    admitted = [item for item in packaged if requirement.admits(item.version)]
    if requirement.host not in ("", *REGISTRIES):
        return Chosen(requirement)
    best_first = sorted(admitted, key=lambda item: (item.exact, Version(item.version)), reverse=True)
    return Chosen(requirement, schemas=tuple(best_first))


def _admits(constraint: str, version: str) -> bool:
    try:
        return all(Version(version) in _specifier(part) for part in constraint.split(",") if part.strip())
    except (InvalidSpecifier, InvalidVersion, ValueError):
        return False


def _specifier(part: str) -> SpecifierSet:
    """One constraint of terraform's in the words of Python's packaging, prereleases only where they are named."""
    match = _OPERATOR.match(part.strip())
    if not match:
        raise ValueError(part)
    operator, version = match[1] or "=", match[2]
    if operator == "~>":
        numbers = version.partition("-")[0].split(".")
        if len(numbers) == 1:  # ~> 6 means >= 6.0, < 7 just as ~> 6.0 does
            version = f"{version}.0"
        return SpecifierSet(f"~={version}")
    return SpecifierSet({"=": "=="}.get(operator, operator) + version)


def _configured(home: Path) -> list[Path]:
    """The folders that the user's own CLI configuration names. A file that is not there is as good as none."""
    path = Path(os.environ.get("TF_CLI_CONFIG_FILE") or home / ".terraformrc")
    try:
        return [Path(folder).expanduser() for folder in _CLI_PATHS.findall(path.read_text("utf-8", "replace"))]
    except OSError:
        return []


def _scan(mirror: Path) -> Iterator[AtHand]:
    """What lies in a mirror, in either layout: HOST/NAMESPACE/TYPE/{VERSION/PLATFORM/,…_VERSION_PLATFORM.zip}."""
    here = _platform()
    for folder in sorted(mirror.glob("*.*/*/*")):
        host, namespace, kind = folder.parts[-3:]
        for entry in sorted(folder.iterdir()) if folder.is_dir() else ():
            packed = _PACKED.match(entry.name)
            is_here = packed[2] == here if packed else (entry / here).is_dir()
            version = packed[1] if packed else entry.name
            if is_here and _is_version(version):
                yield AtHand(mirror, host, f"{namespace}/{kind}", version)


def _is_version(text: str) -> bool:
    try:
        Version(text)
    except InvalidVersion:
        return False
    return True


def _platform() -> str:
    machine = {"x86_64": "amd64", "aarch64": "arm64", "amd64": "amd64", "arm64": "arm64"}
    return f"{sys.platform}_{machine.get(platform.machine().lower(), platform.machine().lower())}"


class Server:
    """Serves packaged schemas to any number of terraform runs; every call but that for the schema is answered "fine".

    terraform itself checks names, types and references against the schema; what a provider checks by itself (the form
    of values, arguments that exclude each other) goes unseen.
    """

    def __init__(self, names: frozenset[str], folder: Path) -> None:
        """Make a server that serves nothing yet.

        Args:
            names: the types of resources and data sources that configurations use; no others are served.
            folder: where the sockets go; where its path is too long for one, a port of this machine alone serves.
        """
        self._names = names
        self._folder = folder
        self._addresses: dict[schemas.Provider, dict[str, str]] = {}
        self._servers: list[grpc.Server] = []

    def address(self, provider: schemas.Provider) -> dict[str, str]:
        """Where a provider is served, in go-plugin's words, from the first call on. Call from one thread."""
        if provider not in self._addresses:
            path = str(self._folder / str(len(self._addresses)))
            server, self._addresses[provider] = _serve(wire(provider, self._names), path)
            self._servers.append(server)
        return self._addresses[provider]

    def reattach(self, chosen: Iterable[Chosen], host: str, turn: int) -> str:
        """The value of TF_REATTACH_PROVIDERS that leads terraform to the schemas whose turn it is."""
        entries = {}
        for choice in chosen:
            if choice.schemas:
                address = self.address(choice.schemas[min(turn, len(choice.schemas) - 1)])
                entries[f"{choice.requirement.host or host}/{choice.requirement.source}"] = {
                    "Protocol": "grpc",
                    "ProtocolVersion": 6,
                    "Pid": os.getpid(),
                    "Test": True,
                    "Addr": address,
                }
        return json.dumps(entries, sort_keys=True)

    def close(self) -> None:
        for server in self._servers:
            server.stop(0).wait()


def _serve(schema: bytes, path: str) -> tuple[grpc.Server, dict[str, str]]:
    import grpc  # noqa: PLC0415  a third of a second, and only validation in schema mode needs it

    def handler(method: str) -> Any:
        name = method.removeprefix("/tfplugin6.Provider/")
        if name == "GetProviderSchema":
            return grpc.unary_unary_rpc_method_handler(lambda _request, _context: schema)
        if name == "UpgradeResourceState":
            return grpc.unary_unary_rpc_method_handler(lambda request, _context: _unchanged_state(request))
        if name in _FINE:
            return grpc.unary_unary_rpc_method_handler(lambda _request, _context: b"")
        return None  # terraform knows how to do without, or says which call failed

    class Handlers(grpc.GenericRpcHandler):  # type: ignore[misc]
        """Answers by the name of the call; messages stay bytes, so no generated code is needed."""

        def service(self, handler_call_details: Any) -> Any:
            return handler(handler_call_details.method)

    server = grpc.server(futures.ThreadPoolExecutor(8), options=[("grpc.max_send_message_length", -1)])
    server.add_generic_rpc_handlers((Handlers(),))
    if len(os.fsencode(path)) > _LONGEST_SOCKET:
        address = {"Network": "tcp", "String": f"127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"}
    else:
        server.add_insecure_port(f"unix:{path}")
        address = {"Network": "unix", "String": path}
    server.start()
    return server, address


_LONGEST_SOCKET = 100  # bytes; Linux admits a path of 107, macOS of 103 (sockaddr_un)

# Calls whose empty answer means "no objection". Source: docs/plugin-protocol/tfplugin6.proto of terraform 1.11.
_FINE = frozenset(
    {
        "ValidateProviderConfig",
        "ValidateResourceConfig",
        "ValidateDataResourceConfig",
        "ValidateEphemeralResourceConfig",
        "StopProvider",
    }
)

_LENGTH_DELIMITED = 2  # how the wire format marks texts and messages
_NESTING = {"single": 1, "list": 2, "set": 3, "map": 4, "group": 5}


@lru_cache(maxsize=8)
def wire(provider: schemas.Provider, names: frozenset[str]) -> bytes:
    """The part of a packaged schema that `names` need, as the message GetProviderSchema.Response of tfplugin6.proto.

    A whole schema has 2,000 types, and every run of terraform would read them all. A name that the schema does not have
    brings the ones most like it along, so that terraform can still suggest them.

    The numbers are those of the fields in that file. The message is written by hand because it is the only one needed:
    generated code for the whole protocol would be thirty times as much.

    Raises:
        NoSchema: it is not packaged, or damaged.
    """
    schema = schemas.provider(provider)
    message = _bytes(1, _schema(schema.get("provider") or {"block": {}}))
    for number, key in ((2, "resource_schemas"), (3, "data_source_schemas"), (8, "ephemeral_resource_schemas")):
        types = schema.get(key) or {}
        for name in _served(types, names):
            message += _bytes(number, _bytes(1, name.encode()) + _bytes(2, _schema(types[name])))
    get_provider_schema_optional = _number(2, 1)
    return message + _bytes(6, get_provider_schema_optional)


def _served(types: Mapping[str, Any], names: frozenset[str]) -> list[str]:
    alike = {
        other for name in names - types.keys() for other in difflib.get_close_matches(name, types, n=2, cutoff=0.8)
    }
    return sorted(alike | (names & types.keys()))


def _schema(schema: Mapping[str, Any]) -> bytes:
    return _number(1, schema.get("version", 0)) + _bytes(2, _block(schema["block"]))


def _block(block: Mapping[str, Any]) -> bytes:
    parts = [_bytes(2, _attribute(name, item)) for name, item in block.get("attributes", {}).items()]
    parts += [_bytes(3, _nested_block(name, item)) for name, item in block.get("block_types", {}).items()]
    return b"".join(parts) + _number(6, block.get("deprecated", 0))


def _nested_block(name: str, item: Mapping[str, Any]) -> bytes:
    limits = _number(4, item.get("min_items", 0)) + _number(5, item.get("max_items", 0))
    return (
        _bytes(1, name.encode())
        + _bytes(2, _block(item["block"]))
        + _number(3, _NESTING[item["nesting_mode"]])
        + limits
    )


def _attribute(name: str, item: Mapping[str, Any]) -> bytes:
    nested = item.get("nested_type")
    kind = _bytes(10, _nested_object(nested)) if nested else _bytes(2, json.dumps(item["type"]).encode())
    flags = ((4, "required"), (5, "optional"), (6, "computed"), (7, "sensitive"), (9, "deprecated"), (11, "write_only"))
    return _bytes(1, name.encode()) + kind + b"".join(_number(number, item.get(key, 0)) for number, key in flags)


def _nested_object(item: Mapping[str, Any]) -> bytes:
    attributes = b"".join(_bytes(1, _attribute(name, part)) for name, part in item.get("attributes", {}).items())
    return attributes + _number(3, _NESTING[item["nesting_mode"]])


def _varint(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(int(value)) if value else b""


def _unchanged_state(request: bytes) -> bytes:
    """The answer to UpgradeResourceState: the state as it is, for here it never stems from an older schema.

    OpenTofu asks for it between the runs of a test. The state is field 3 of the request, its JSON field 1 of that; the
    answer has it in field 1, as the JSON (field 2) of a DynamicValue.
    """
    return _bytes(1, _bytes(2, _field(_field(request, 3), 1)))


def _field(message: bytes, wanted: int) -> bytes:
    """The bytes of a field of a message whose fields are numbers, texts and messages; nothing if it is not there."""
    at = 0
    while at < len(message):
        tag, at = _read_varint(message, at)
        value, at = _read_varint(message, at)
        if tag & 7 == _LENGTH_DELIMITED:
            if tag >> 3 == wanted:
                return message[at : at + value]
            at += value
    return b""


def _read_varint(message: bytes, at: int) -> tuple[int, int]:
    """A number in groups of seven bits, the lowest first, and where it ends."""
    value = shift = 0
    while True:
        byte = message[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at


def _bytes(field: int, value: bytes) -> bytes:
    return _varint(field << 3 | _LENGTH_DELIMITED) + _varint(len(value)) + value
