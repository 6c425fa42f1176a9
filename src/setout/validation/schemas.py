"""The packaged schemas (Kubernetes by minor, custom resources, providers), unpacked into the cache and verified."""

from __future__ import annotations

import hashlib
import io
import json
import lzma
import os
import shutil
import tarfile
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import platformdirs

from setout.errors import UserError

CUSTOM_RESOURCES = "crds.tar.xz"

# Groups that the API server itself serves. Anything else comes from a custom resource definition.
# Source: the group names in the OpenAPI document of Kubernetes 1.33 to 1.37.
BUILT_IN = frozenset(
    {"", "apps", "autoscaling", "batch", "extensions", "policy"}
    | {
        f"{name}.k8s.io"
        for name in [
            "admissionregistration",
            "apiextensions",
            "apiregistration",
            "authentication",
            "authorization",
            "certificates",
            "coordination",
            "discovery",
            "events",
            "flowcontrol.apiserver",
            "internal.apiserver",
            "networking",
            "node",
            "rbac.authorization",
            "resource",
            "scheduling",
            "storage",
            "storagemigration",
        ]
    }
)


class NoSchema(UserError):
    """No schema of this name and version is packaged."""


@dataclass(frozen=True, slots=True, order=True)
class Provider:
    """A packaged schema of a Terraform provider: `hashicorp/aws`, `6.25.0`.

    `exact` schemas are the provider's own words. Others were derived from bindings: they know every name, but are
    lenient about kinds, so they can refuse a configuration and cannot vouch for one.
    """

    source: str
    version: str
    exact: bool = True

    @property
    def archive(self) -> str:
        return f"providers/{self.source}/{self.version}.json.xz"


@dataclass(frozen=True, slots=True, order=True)
class Group:
    """A group of packaged custom resources: its kinds with their versions (`application v1alpha1`), and the sources."""

    name: str
    kinds: tuple[str, ...]
    sources: tuple[str, ...]


def kubernetes_minors() -> tuple[str, ...]:
    """The minors of Kubernetes whose schemas are packaged, oldest first."""
    minors = [name.split("/")[1].removesuffix(".tar.xz") for name in _index() if name.startswith("kubernetes/")]
    return tuple(sorted(minors, key=lambda minor: tuple(int(part) for part in minor.split("."))))


def kubernetes(minor: str) -> Path:
    """A folder with the schemas of one minor, laid out as kubeconform looks for them. Raises NoSchema."""
    if minor not in kubernetes_minors():
        raise NoSchema(f"no schemas of Kubernetes {minor} are packaged", f"one of: {', '.join(kubernetes_minors())}")
    return _unpacked(f"kubernetes/{minor}.tar.xz")


def custom_resources() -> Path:
    """A folder with `GROUP/KIND_VERSION.json` for every packaged custom resource."""
    return _unpacked(CUSTOM_RESOURCES)


def providers() -> tuple[Provider, ...]:
    """Every packaged provider schema, sorted."""
    found = []
    for name, entry in _index().items():
        if name.startswith("providers/"):
            _, namespace, kind, version = name.removesuffix(".json.xz").split("/")
            found.append(Provider(f"{namespace}/{kind}", version, bool(entry["exact"])))
    return tuple(sorted(found))


def provider(wanted: Provider) -> Mapping[str, Any]:
    """The schema of one provider, as `terraform providers schema -json` puts it. Raises NoSchema."""
    if wanted.archive not in _index():
        raise NoSchema(f"no schema of {wanted.source} {wanted.version} is packaged")
    document: dict[str, Any] = json.loads(lzma.decompress(_packed(wanted.archive)))
    schema: Mapping[str, Any] = next(iter(document["provider_schemas"].values()))
    return schema


def groups() -> tuple[Group, ...]:
    """Every group of custom resources that is packaged, sorted, with its kinds and where they come from."""
    sources: Mapping[str, Sequence[str]] = _index()[CUSTOM_RESOURCES]["sources"]
    folder = custom_resources()
    kinds = {name: sorted(path.stem.replace("_", " ") for path in (folder / name).glob("*.json")) for name in sources}
    return tuple(Group(name, tuple(kinds[name]), tuple(sources[name])) for name in sorted(sources))


def contents() -> Iterator[str]:
    """What is packaged, a line for each thing: `Kubernetes`, the groups of custom resources, Terraform providers."""
    yield f"Kubernetes          {', '.join(kubernetes_minors())}"
    for group in groups():
        yield f"custom resources    {group.name:<32} {f'{len(group.kinds)} schemas':<12} {', '.join(group.sources)}"
    for item in providers():
        told = "the provider's own words" if item.exact else "derived: knows every name, and cannot vouch for a test"
        yield f"Terraform provider  {item.source:<32} {item.version:<12} {told}"


def cache() -> Path:
    """The folder for everything that can be made again: SETOUT_CACHE, or the platform's place for caches."""
    given = os.environ.get("SETOUT_CACHE")
    return Path(given) if given else platformdirs.user_cache_path("setout")


def digest(files: Mapping[str, bytes]) -> str:
    """One hash over names and contents, in the order of the names."""
    whole = hashlib.sha256()
    for name in sorted(files):
        whole.update(f"{name}\0{len(files[name])}\0".encode() + files[name])
    return whole.hexdigest()


def pack(files: Mapping[str, bytes]) -> bytes:
    """The files as a tar.xz that is the same bytes for the same files: sorted, no dates, no owners."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name in sorted(files):
            entry = tarfile.TarInfo(name)
            entry.size = len(files[name])
            entry.mode = 0o644
            archive.addfile(entry, io.BytesIO(files[name]))
    return lzma.compress(buffer.getvalue(), preset=9 | lzma.PRESET_EXTREME)


def from_definition(definition: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The strict schemas of a CustomResourceDefinition, one for each version, under the name kubeconform asks for."""
    spec = definition["spec"]
    for version in spec.get("versions", ()):
        schema = (version.get("schema") or {}).get("openAPIV3Schema")
        if schema:
            name = f"{spec['group']}/{spec['names']['kind'].lower()}_{version['name']}.json"
            yield name, _object(schema, spec["group"], spec["names"]["kind"], version["name"])


def _object(schema: Mapping[str, Any], group: str, kind: str, version: str) -> dict[str, Any]:
    """A structural schema as the one of a whole object: the API server adds these three to every custom resource."""
    whole = strict(schema)
    properties = dict(whole.get("properties", {}))
    properties["apiVersion"] = {"enum": [f"{group}/{version}"]}
    properties["kind"] = {"enum": [kind]}
    properties["metadata"] = {"type": "object"}
    required = sorted({*whole.get("required", ()), "apiVersion", "kind", "metadata"})
    return {**whole, "properties": properties, "required": required, "additionalProperties": False}


# What a structural schema may say that JSON Schema knows too. Everything else (descriptions, defaults, x-kubernetes-*)
# is either prose or a rule that only the API server can judge.
_KEPT = (
    *("enum", "exclusiveMaximum", "exclusiveMinimum", "format", "maxItems", "maxLength", "maxProperties", "maximum"),
    *("minItems", "minLength", "minProperties", "minimum", "multipleOf", "pattern", "required", "type", "uniqueItems"),
)
# Formats that JSON Schema and Kubernetes understand in the same way. kubeconform rejects durations that Kubernetes
# accepts (2w), and the integer formats are no formats of strings.
_FORMATS = frozenset({"date-time", "date", "email", "hostname", "ipv4", "ipv6", "uri", "uuid"})


def strict(schema: Mapping[str, Any]) -> dict[str, Any]:
    """An OpenAPI v3 structural schema as a JSON schema in which a field that is not declared is an error.

    Source: "Specifying a structural schema" in the Kubernetes documentation of custom resources. A junctor (`anyOf`, …)
    only narrows what stands beside it, so its parts stay open. Raises nothing; an unknown keyword is left out.
    """
    return _convert(schema, closed=True)


def _convert(schema: Mapping[str, Any], *, closed: bool) -> dict[str, Any]:
    out = {key: schema[key] for key in _KEPT if key in schema}
    if out.get("format") not in _FORMATS:
        out.pop("format", None)
    for key in ("allOf", "anyOf", "oneOf"):
        if key in schema:
            out[key] = [_convert(part, closed=False) for part in schema[key]]
    if "not" in schema:
        out["not"] = _convert(schema["not"], closed=False)
    if "items" in schema:
        out["items"] = _convert(schema["items"], closed=closed)
    _fields(schema, out, closed)
    _exceptions(schema, out)
    return out


def _fields(schema: Mapping[str, Any], out: dict[str, Any], closed: bool) -> None:
    if "properties" in schema:
        out["properties"] = {name: _convert(part, closed=closed) for name, part in schema["properties"].items()}
    additional = schema.get("additionalProperties")
    if isinstance(additional, Mapping):
        out["additionalProperties"] = _convert(additional, closed=closed)
    elif additional is not None:
        out["additionalProperties"] = additional
    elif closed and "properties" in schema and not schema.get("x-kubernetes-preserve-unknown-fields"):
        out["additionalProperties"] = False


def _exceptions(schema: Mapping[str, Any], out: dict[str, Any]) -> None:
    """The marks with which Kubernetes departs from JSON Schema."""
    if schema.get("x-kubernetes-int-or-string"):
        out.pop("type", None)
        out.setdefault("anyOf", [{"type": "integer"}, {"type": "string"}])
    if schema.get("x-kubernetes-embedded-resource") and "properties" in out:
        embedded = {"apiVersion": {"type": "string"}, "kind": {"type": "string"}, "metadata": {"type": "object"}}
        out["properties"] = {**embedded, **out["properties"]}
    if schema.get("nullable") and "type" in out:
        out["type"] = [out["type"], "null"]
        if "enum" in out:
            out["enum"] = [*out["enum"], None]


@lru_cache
def _index() -> Mapping[str, Mapping[str, Any]]:
    """What is packaged: for each archive its hash, the hash of what it holds, and whether it is exact."""
    index: Mapping[str, Mapping[str, Any]] = json.loads((_data() / "index.json").read_text())
    return index


def _data() -> Traversable:
    return resources.files("setout") / "data" / "schemas"


def _packed(name: str) -> bytes:
    """The bytes of an archive. Raises NoSchema if they are not those that were packaged."""
    data = _data().joinpath(*name.split("/")).read_bytes()
    if hashlib.sha256(data).hexdigest() != _index()[name]["sha256"]:
        raise NoSchema(f"the packaged schemas {name} are damaged", "install setout again")
    return data


def _unpacked(name: str) -> Path:
    """The folder of an unpacked archive, unpacked anew if it is not there or is not what was packaged.

    Raises:
        NoSchema: it is not there, and the cache cannot be written to.
    """
    wanted = str(_index()[name]["contents"])
    folder: Path = cache() / "schemas" / wanted[:20]
    try:
        if not _is_intact(folder, wanted):
            _unpack(name, folder, wanted)
    except OSError as error:
        reason = f"cannot write to the cache {cache()}: {error.strerror}"
        raise NoSchema(reason, "point SETOUT_CACHE at a folder you can write to") from error
    return folder


def _unpack(name: str, folder: Path, wanted: str) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=".new-", dir=folder.parent))
    try:
        _extract(_packed(name), fresh)
        _put(fresh, folder, wanted)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _extract(data: bytes, folder: Path) -> None:
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:xz") as archive:
        archive.extractall(folder, filter="data")


def _put(fresh: Path, folder: Path, wanted: str) -> None:
    """Move `fresh` to `folder`; whoever came first with the same contents is right as well."""
    if folder.exists() and not _is_intact(folder, wanted):
        broken = Path(tempfile.mkdtemp(prefix=".old-", dir=folder.parent))
        folder.replace(broken / "tree")
        shutil.rmtree(broken, ignore_errors=True)
    try:
        fresh.replace(folder)
    except OSError:
        if not _is_intact(folder, wanted):
            raise


def _is_intact(folder: Path, wanted: str) -> bool:
    return folder.is_dir() and digest(dict(_contents(folder, sorted(folder.rglob("*"))))) == wanted


def _contents(folder: Path, paths: Iterable[Path]) -> Iterator[tuple[str, bytes]]:
    for path in paths:
        if path.is_file():
            yield path.relative_to(folder).as_posix(), path.read_bytes()
