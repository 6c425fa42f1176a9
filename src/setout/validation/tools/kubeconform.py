"""kubeconform: every object that was rendered, against the schemas of each Kubernetes minor that is asked for."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from setout import manifest
from setout.model import Finding, Severity
from setout.validation import schemas
from setout.validation.workbench import Basis, CannotLook, Check, Look, Rendered, Stage, Workbench

PROGRAM = "kubeconform"

_LOCATION = re.compile(r"- at '([^']*)': (.*?)(?=\s+- at '|$)", re.DOTALL)
_UNKNOWN_FIELDS = re.compile(r"additional properties (.+) not allowed")
_QUOTED = re.compile(r"'([^']*)'")
_NO_SCHEMA = "could not find schema"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that kubeconform says about an object: where in it, and what."""

    path: tuple[str | int, ...]
    message: str


def targets(bench: Workbench) -> tuple[str, ...]:
    """Everything that renders to objects, once for each minor: `kubernetes/overlays/dev @ 1.35`."""
    folders = [*_renderable(bench), *bench.survey.manifests]
    return tuple(f"{folder} @ {minor}" for minor in bench.options.kubernetes for folder in folders)


def look(bench: Workbench, target: str) -> Look:
    """What kubeconform says about the objects of one target. It runs once for each minor, over all objects."""
    folder, _, minor = target.rpartition(" @ ")
    if folder in bench.unrendered:
        raise CannotLook(f"not rendered: {bench.unrendered[folder]}")
    answers = bench.once(("kubeconform", minor), lambda: _run(bench, minor))
    mine = [(thing, answers[number]) for number, thing in _numbered(bench) if thing.target == folder]
    if not mine:
        raise CannotLook("it holds no object that can be read")
    findings: list[Finding] = []
    unknown: list[str] = []
    looked_at = 0
    for thing, answer in mine:
        if answer["status"] == "statusError" and _NO_SCHEMA in answer.get("msg", ""):
            finding = _without_schema(bench, thing, minor)
            if finding.severity is Severity.WARNING:
                unknown.append(f"{thing.content['apiVersion']} {thing.content['kind']}")
            findings.append(finding)
            continue
        looked_at += 1
        findings.extend(_findings(bench, thing, answer, minor))
    gap = f"no schema for {', '.join(sorted(set(unknown)))}" if unknown else ""
    return Look(looked_at, tuple(dict.fromkeys(findings)), unlooked=gap)


def read_manifests(bench: Workbench) -> tuple[Rendered, ...]:
    """The objects of plain manifests, as they stand. A file that is no YAML is another check's finding."""
    found: list[Rendered] = []
    for path in bench.survey.manifests:
        objects = (document for document in _documents(bench, path) if document.is_object)
        found.extend(Rendered(path, path, document.content, document.text) for document in objects)
    return tuple(found)


def basis(bench: Workbench, target: str) -> Basis | None:
    """The objects of one target, what they stem from, and the definitions they are held to; None if not rendered."""
    folder, _, minor = target.rpartition(" @ ")
    if folder in bench.unrendered:
        return None
    mine = bench.once("by target", lambda: _by_target(bench)).get(folder, ())
    sources = {thing.source for thing in mine} | {folder}
    files = {path for path in sources if path in bench.survey.files}.union(bench.reach([folder]))
    definitions = [thing.text for thing in bench.rendered if thing.content["kind"] == "CustomResourceDefinition"]
    return Basis(tuple(sorted(files)), [minor, definitions, [[thing.source, thing.text] for thing in mine]])


CHECKS = (Check("validate", PROGRAM, "rendered object", targets, look, Stage.RENDERED, basis=basis),)


def _by_target(bench: Workbench) -> dict[str, list[Rendered]]:
    found: dict[str, list[Rendered]] = {}
    for thing in bench.rendered:
        found.setdefault(thing.target, []).append(thing)
    return found


def _renderable(bench: Workbench) -> list[str]:
    rendered = {thing.target for thing in bench.rendered} - set(bench.survey.manifests)
    return sorted(rendered | set(bench.unrendered))


def _numbered(bench: Workbench) -> Iterator[tuple[int, Rendered]]:
    """Every object that has to be looked at under some minor, with its number among all."""
    wanted = {target.rpartition(" @ ")[0] for program, target in bench.pending if program == PROGRAM}
    return ((number, thing) for number, thing in enumerate(bench.rendered) if thing.target in wanted)


def _run(bench: Workbench, minor: str) -> Mapping[int, Mapping[str, Any]]:
    """Everything kubeconform says about every object, by the object's number."""
    folder = bench.once("objects", lambda: _write(bench))
    built_in = schemas.kubernetes(minor)
    custom = "{{.Group}}/{{.ResourceKind}}_{{.ResourceAPIVersion}}.json"
    locations = [built_in, bench.once("definitions", lambda: _own_definitions(bench)) / custom]
    locations.append(schemas.custom_resources() / custom)
    words: list[Any] = ["-strict", "-verbose", "-output", "json", "-kubernetes-version", f"{minor}.0"]
    for location in locations:
        words += ["-schema-location", location]
    objects = sum(1 for _ in _numbered(bench))
    bench.progress(f"kubeconform: {objects} objects, Kubernetes {minor}")
    ran = bench.run(PROGRAM, [*words, folder], cwd=folder, env={})
    try:
        resources = json.loads(ran.out)["resources"]
    except (ValueError, KeyError, TypeError) as error:
        raise CannotLook(f"kubeconform did not answer in JSON: {(ran.err or ran.out)[:200]}") from error
    answers = {int(posixpath.basename(item["filename"]).partition(".")[0]): item for item in resources}
    if len(answers) < objects:
        raise CannotLook(f"kubeconform answered for {len(answers)} of {objects} objects")
    return answers


def _write(bench: Workbench) -> Any:
    folder = bench.folder("objects")
    for number, thing in _numbered(bench):
        (folder / f"{number:06}.yaml").write_text(thing.text + "\n")
    return folder


def _own_definitions(bench: Workbench) -> Any:
    """Schemas of the custom resources that the tree itself defines."""
    folder = bench.folder("definitions")
    for thing in bench.rendered:
        if thing.content["kind"] == "CustomResourceDefinition":
            try:
                for name, schema in schemas.from_definition(thing.content):
                    _inside(folder, name).write_text(json.dumps(schema))
            except (KeyError, TypeError, AttributeError):
                continue  # kubeconform says what is wrong with the definition itself
    return folder


def _inside(folder: Any, name: str) -> Any:
    if not re.fullmatch(r"[A-Za-z0-9.-]+/[a-z0-9]+_[a-z0-9]+\.json", name):
        raise KeyError(name)
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    return path


def _findings(bench: Workbench, thing: Rendered, answer: Mapping[str, Any], minor: str) -> Iterator[Finding]:
    if answer["status"] in ("statusValid", "statusEmpty"):
        return
    for fault in faults(str(answer.get("msg", ""))):
        path, line = place(bench, thing, fault.path)
        where = "/".join(str(step) for step in fault.path) or "the object"
        name = f"{thing.content['kind']} {_name(thing)}"
        message = f"{name}: {where}: {fault.message} (Kubernetes {minor})"
        yield Finding(
            "kubeconform/invalid", message, "correct the field; kubectl explain lists what is allowed", path, line
        )


def faults(message: str) -> tuple[Fault, ...]:
    """The single faults in what kubeconform says about one object; every field that is not allowed is one."""
    found: list[Fault] = []
    for pointer, text in _LOCATION.findall(message):
        path = manifest.pointer(pointer)
        unknown = _UNKNOWN_FIELDS.search(text)
        if unknown:
            found += [Fault((*path, name), "no such field") for name in _QUOTED.findall(unknown[1])]
        elif not text.strip().endswith("failed"):
            found.append(Fault(path, text.strip()))
    return tuple(found) or (Fault((), " ".join(message.split())),)


def _without_schema(bench: Workbench, thing: Rendered, minor: str) -> Finding:
    """An object of a kind that no schema is known for: an error if the group is known and the kind is not in it."""
    api_version, kind = str(thing.content["apiVersion"]), str(thing.content["kind"])
    group = api_version.rpartition("/")[0]
    path, line = place(bench, thing, ("apiVersion",))
    if group in schemas.BUILT_IN:
        message = f"Kubernetes {minor} has no {api_version} {kind}"
        return Finding("kubeconform/removed-api", message, "use the apiVersion that this minor serves", path, line)
    served = sorted(found.stem for found in (schemas.custom_resources() / group).glob("*.json")) if group else []
    if served:
        offered = ", ".join(name.rpartition("_")[2] for name in served if name.startswith(f"{kind.lower()}_"))
        message = f"{group} has no {kind} in {api_version.rpartition('/')[2]}" + (
            f"; it is in {offered}" if offered else ""
        )
        return Finding("kubeconform/unknown-kind", message, "correct apiVersion and kind", path, line)
    remedy = "put the CustomResourceDefinition into the tree, and it is validated against that"
    message = f"no schema is known for {api_version} {kind}, so it was not looked at"
    return Finding("kubeconform/missing-schema", message, remedy, path, line, Severity.WARNING)


def place(bench: Workbench, thing: Rendered, path: Sequence[str | int]) -> tuple[str, int]:
    """The file and line of the tree that a part of a rendered object stems from.

    That is the object's own source where it has the part; else a patch beside the kustomization that sets it; else as
    close as the source comes.
    """
    source = thing.source if thing.source in bench.survey.files else thing.target
    if "/templates/" in f"/{source}":
        return source, manifest.line_in_text(bench.survey.text(source), ["kind", *path] if path else ["kind"])
    own = _document(bench, source, thing)
    if own and (own.has(path) or thing.target == source):
        return source, own.line_of(path)
    for patch in _patches(bench, thing):
        document = _document(bench, patch, thing)
        if document and document.has(path):
            return patch, document.line_of(path)
        if not document and path and _sets(bench.survey.text(patch), path):
            return patch, manifest.line_in_text(bench.survey.text(patch), path[-1:])
    return (source, own.line_of(path)) if own else (source, 1)


def _patches(bench: Workbench, thing: Rendered) -> list[str]:
    """YAML files that may have changed the object: those of the folder that was built."""
    return [
        path for path in bench.survey.below(thing.target) if path.endswith((".yaml", ".yml")) and path != thing.source
    ]


def _sets(text: str, path: Sequence[str | int]) -> bool:
    return re.search(rf"^\s*(?:-\s+)?{re.escape(str(path[-1]))}\s*:", text, re.MULTILINE) is not None


def _document(bench: Workbench, path: str, thing: Rendered) -> manifest.Document | None:
    """The document in `path` that became the object: of its kind, and named as it or as a part of its name."""
    same_kind = [document for document in _documents(bench, path) if document.kind == thing.content["kind"]]
    named = [document for document in same_kind if document.name and document.name in _name(thing)]
    return max(named, key=lambda document: len(document.name), default=same_kind[0] if same_kind else None)


def _documents(bench: Workbench, path: str) -> tuple[manifest.Document, ...]:
    try:
        return bench.documents(path) if path in bench.survey.files else ()
    except manifest.NotYaml:
        return ()


def _name(thing: Rendered) -> str:
    metadata = thing.content.get("metadata")
    return str(metadata.get("name") or metadata.get("generateName") or "") if isinstance(metadata, Mapping) else ""
