#!/usr/bin/env python3
"""Makes src/setout/data/schemas from the sources in scripts/schemas/sources.toml, with go, npm and the network at hand.

    scripts/make_schemas.py kubernetes               # the built-in kinds, one archive for each minor
    scripts/make_schemas.py custom-resources         # one archive for all custom resources
    scripts/make_schemas.py provider hashicorp/aws 5.100.0 SCHEMA.json
    scripts/make_schemas.py index                    # only the index, after a change by hand

SCHEMA.json is what `terraform providers schema -json` prints in an initialised folder that requires one provider,
pinned to the version in sources.toml; descriptions are dropped here. Every command ends by writing index.json anew.
"""

from __future__ import annotations

import hashlib
import io
import json
import lzma
import re
import subprocess
import sys
import tarfile
import tempfile
import tomllib
import venv
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).resolve().parent
DATA = HERE.parent / "src" / "setout" / "data" / "schemas"
SOURCES = tomllib.loads((HERE / "schemas" / "sources.toml").read_text())

sys.path.insert(0, str(HERE.parent / "src"))

from setout.validation import schemas  # noqa: E402  the converter and the packer are the product's own


def kubernetes() -> None:
    """Take the strict schemas of each minor apart from their web address, and leave prose and lists out."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = _installed(SOURCES["kubernetes"]["package"], Path(scratch))
        for minor in SOURCES["kubernetes"]["minors"]:
            source = folder / f"v{minor}.0-local-strict"
            files = {f"v{minor}.0-standalone-strict/{name}": data for name, data in _built_in(source)}
            _write(f"kubernetes/{minor}.tar.xz", schemas.pack(files))


def custom_resources() -> None:
    """Convert the definitions of every source into strict schemas, and pack them together."""
    files: dict[str, bytes] = {}
    for definition in (*_from_modules(), *_from_types(), *_by_hand()):
        for name, schema in schemas.from_definition(definition):
            files[name] = _compact(schema)
    files.update(_from_declarations())
    _write(schemas.CUSTOM_RESOURCES, schemas.pack(files))


def provider(source: str, version: str, path: str) -> None:
    """Pack one provider's schema without its prose; a derived one with what an exact one knows better."""
    pinned = next(item for item in SOURCES["providers"] if (item["source"], item["version"]) == (source, version))
    text = lzma.decompress(Path(path).read_bytes()) if path.endswith(".xz") else Path(path).read_bytes()
    document = _without(json.loads(text), {"description", "description_kind"})
    if "like" in pinned:
        exact = schemas.provider(schemas.Provider(source, pinned["like"]))
        for derived in document["provider_schemas"].values():
            _refine(derived, exact)
    name = schemas.Provider(source, version).archive
    _write(name, lzma.compress(_compact(document), preset=9 | lzma.PRESET_EXTREME))


def index() -> None:
    """Note the hash of every archive, and of what it holds."""
    derived = {schemas.Provider(p["source"], p["version"]).archive for p in SOURCES["providers"] if not p["exact"]}
    found: dict[str, dict[str, Any]] = {}
    for path in sorted(DATA.rglob("*.xz")):
        data = path.read_bytes()
        contents = schemas.digest(_members(data)) if path.name.endswith(".tar.xz") else ""
        name = path.relative_to(DATA).as_posix()
        found[name] = {"contents": contents, "exact": name not in derived, "sha256": hashlib.sha256(data).hexdigest()}
    found[schemas.CUSTOM_RESOURCES]["sources"] = _sources()
    (DATA / "index.json").write_text(json.dumps(found, indent=2, sort_keys=True) + "\n")


def _sources() -> dict[str, list[str]]:
    """Where the kinds of each packaged group come from. Ends the script if a group has no source, or a source none."""
    stated: dict[str, list[str]] = {group: [source] for group, source in SOURCES["types"]["groups"].items()}
    for item in (*SOURCES["definitions"], *SOURCES["written"]):
        for group in item["groups"]:
            stated.setdefault(group, []).append(item.get("module") or item["source"])
    for item in SOURCES["declarations"]:
        stated.setdefault(item["group"], []).append(item["package"])
    packed = {name.partition("/")[0] for name in _members((DATA / schemas.CUSTOM_RESOURCES).read_bytes())}
    if packed != stated.keys():
        sys.exit(f"sources.toml does not name the groups that are packaged: {sorted(packed ^ stated.keys())}")
    return stated


def _refine(derived: dict[str, Any], exact: Mapping[str, Any]) -> None:
    """Let the exact schema say, for every type that both have, what a derived one cannot know."""
    for kind in ("resource_schemas", "data_source_schemas"):
        for name, schema in derived[kind].items():
            if name in exact[kind]:
                _refine_block(schema["block"], exact[kind][name]["block"])


def _refine_block(derived: dict[str, Any], exact: Mapping[str, Any]) -> None:
    for name, attribute in derived.get("attributes", {}).items():
        known = exact.get("attributes", {}).get(name)
        if known and "type" in known and attribute.get("required", False) == known.get("required", False):
            derived["attributes"][name] = {**known, **({"deprecated": True} if attribute.get("deprecated") else {})}
    for name, block in derived.get("block_types", {}).items():
        known = exact.get("block_types", {}).get(name)
        if known:
            _refine_block(block["block"], known["block"])
            block.update({key: known[key] for key in ("nesting_mode", "min_items", "max_items") if key in known})


def _built_in(source: Path) -> Iterator[tuple[str, bytes]]:
    """The schema of each kind with just the definitions it needs: kubeconform compiles all that a file holds."""
    definitions = json.loads((source / "_definitions.json").read_text())["$defs"]
    for path in sorted(source.glob("*.json")):
        schema = json.loads(path.read_text())
        fields = schema.get("properties", {})
        kinds = fields["kind"].get("enum", []) if "enum" in fields.get("apiVersion", {}) else []
        if kinds and not kinds[0].endswith("List"):
            schema.pop("$id", None)
            needed = {name: definitions[name] for name in sorted(_needed(schema, definitions))}
            whole = _compact(_without({**schema, "$defs": needed}, {"description"}))
            yield path.name, whole.replace(b'"/api/_definitions.json#', b'"#')


def _needed(schema: dict[str, Any], definitions: dict[str, Any]) -> set[str]:
    found: set[str] = set()
    pending = [schema]
    while pending:
        for name in re.findall(r'#/\$defs/([^"]+)"', json.dumps(pending.pop())):
            if name not in found:
                found.add(name)
                pending.append(definitions[name])
    return found


def _from_modules() -> Iterator[dict[str, Any]]:
    for source in SOURCES["definitions"]:
        answer = json.loads(_run("go", "mod", "download", "-json", source["module"]))
        folder = Path(answer["Dir"])
        for pattern in source["files"]:
            paths = sorted(folder.glob(pattern))
            if not paths:
                raise SystemExit(f"{source['module']} has no {pattern}")
            for path in paths:
                yield from _definitions(path.read_text())


def _from_types() -> Iterator[dict[str, Any]]:
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        imports = "\n".join(f'\t_ "{package}"' for package in SOURCES["types"]["packages"])
        (folder / "go.mod").write_text("module schemas\n\ngo 1.26\n")
        (folder / "schemas.go").write_text(f"package schemas\n\nimport (\n{imports}\n)\n")
        _run("go", "get", *SOURCES["types"]["modules"], cwd=folder)
        _run("go", "get", "-tool", SOURCES["types"]["generator"], cwd=folder)
        _run("go", "mod", "tidy", cwd=folder)
        for number, package in enumerate(SOURCES["types"]["packages"]):
            out = folder / str(number)
            _run("go", "tool", "controller-gen", "crd", f"paths={package}", f"output:crd:dir={out}", cwd=folder)
            for path in sorted(out.glob("*.yaml")):
                yield from _definitions(path.read_text())


def _by_hand() -> Iterator[dict[str, Any]]:
    for path in sorted((HERE / "schemas").glob("*.yaml")):
        yield from _definitions(path.read_text())


def _from_declarations() -> dict[str, bytes]:
    files = {}
    for source in SOURCES["declarations"]:
        with tempfile.TemporaryDirectory() as scratch:
            _run(
                "npm",
                "install",
                "--no-fund",
                "--no-audit",
                "--ignore-scripts",
                source["package"],
                source["generator"],
                cwd=scratch,
            )
            package = source["package"].rpartition("@")[0]
            folder = Path(scratch, "node_modules", package, source["folder"])
            for path in sorted(folder.glob("*.d.ts")):
                kind = path.name.removesuffix(".d.ts")
                if kind != "index":
                    schema = _declared(Path(scratch), path, kind)
                    files[f"{source['group']}/{kind.lower()}_{source['version']}.json"] = _compact(schema)
    return files


def _declared(scratch: Path, path: Path, kind: str) -> dict[str, Any]:
    words = ("--path", str(path), "--type", f"I{kind}", "--no-type-check", "--jsDoc", "none", "--expose", "none")
    schema: dict[str, Any] = json.loads(_run("npx", "ts-json-schema-generator", *words, cwd=scratch))
    schema.pop("$schema", None)
    opened: dict[str, Any] = _opened(schema)
    return opened


def _opened(value: Any) -> Any:
    """A declaration cannot tell a free-form map from an object without fields; no resource has the latter."""
    if isinstance(value, list):
        return [_opened(item) for item in value]
    if not isinstance(value, dict):
        return value
    is_empty = (
        value.get("type") == "object" and not value.get("properties") and value.get("additionalProperties") is False
    )
    return {key: _opened(item) for key, item in value.items() if not (is_empty and key == "additionalProperties")}


def _definitions(text: str) -> Iterator[dict[str, Any]]:
    for document in yaml.load_all(text, Loader=_Loader):
        if isinstance(document, dict) and document.get("kind") == "CustomResourceDefinition":
            yield document


class _Loader(yaml.CSafeLoader):
    """YAML in which a bare `=`, which some enumerations hold, is text."""


_Loader.add_constructor("tag:yaml.org,2002:value", lambda loader, node: loader.construct_scalar(node))


def _installed(package: str, scratch: Path) -> Path:
    """The folder of schemas in a Python package, installed for the moment."""
    venv.create(scratch, with_pip=True)
    _run(str(scratch / "bin" / "pip"), "install", "--quiet", "--no-deps", package)
    return next(scratch.rglob("kubernetes_validate/kubernetes-json-schema"))


def _members(data: bytes) -> dict[str, bytes]:
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:xz") as archive:
        opened = ((entry.name, archive.extractfile(entry)) for entry in archive)
        return {name: file.read() for name, file in opened if file}


def _without(value: Any, prose: set[str]) -> Any:
    """The value without keys of prose, wherever they hold text (a field may be called `description` too)."""
    if isinstance(value, dict):
        return {
            key: _without(item, prose) for key, item in value.items() if key not in prose or not isinstance(item, str)
        }
    if isinstance(value, list):
        return [_without(item, prose) for item in value]
    return value


def _compact(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()


def _write(name: str, data: bytes) -> None:
    path = DATA / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    index()
    sys.stderr.write(f"{name}: {len(data)} bytes\n")


def _run(*words: str, cwd: str | Path | None = None) -> str:
    return subprocess.run(words, cwd=cwd, check=True, stdout=subprocess.PIPE, text=True).stdout


COMMANDS: dict[str, Callable[..., None]] = {
    "kubernetes": kubernetes,
    "custom-resources": custom_resources,
    "provider": provider,
    "index": index,
}

if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1] not in COMMANDS:
        raise SystemExit(__doc__)
    COMMANDS[sys.argv[1]](*sys.argv[2:])
