"""kustomize: every kustomization builds, from this tree alone."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from setout import manifest
from setout.model import Finding
from setout.validation.discovery import Survey, folder_of, join, strings
from setout.validation.workbench import Basis, CannotLook, Check, Look, Rendered, Workbench

PROGRAM = "kustomize"
NAMES = ("kustomization.yaml", "kustomization.yml", "Kustomization")
ORIGIN = "config.kubernetes.io/origin"

_REMOTE = re.compile(
    r"^(?:[a-z0-9+.-]+::|[a-z][a-z0-9+.-]*://|[^/]+@|(?:github|gitlab|bitbucket)\.[a-z]+[:/])|\?ref=|\?version="
)
# Fields of a kustomization that name files or folders. Everything else is names, labels, images and inline text.
_FILES = (
    *("resources", "bases", "components", "crds", "configurations", "generators", "transformers", "validators"),
    *("patchesStrategicMerge", "openapi"),
)
_FILES_WITHIN = {
    "patches": ("path",),
    "patchesJson6902": ("path",),
    "replacements": ("path",),
    "configMapGenerator": ("files", "envs", "env"),
    "secretGenerator": ("files", "envs", "env"),
}
_NAMED = re.compile(r"'([^']+)'")


def targets(bench: Workbench) -> tuple[str, ...]:
    """Every folder with a kustomization that is not a Component."""
    return bench.survey.kustomizations


def delivered(bench: Workbench) -> tuple[str, ...]:
    """The kustomizations that somebody applies as they are: overlays, and those that no other builds on.

    A base alone may lack what its overlays add, so its objects are validated as part of those.
    """
    bases = bench.once("bases", lambda: _bases(bench.survey))
    return tuple(target for target in targets(bench) if "overlays" in target.split("/") or target not in bases)


def look(bench: Workbench, target: str) -> Look:
    """Build one kustomization in a copy whose kustomizations note where each object comes from."""
    for path in _closure(bench.survey, target):
        _refuse(path, bench.survey.text(path))
    copy = bench.once("kustomize", lambda: _annotated(bench))
    # Without a PATH there is no git to clone with.
    ran = bench.run(PROGRAM, ["build", "."], cwd=copy / target, env={"PATH": "/nonexistent"})
    if ran.code:
        return Look(1, (_finding(bench.survey, target, ran.err),))
    try:
        documents = manifest.objects(ran.out)
    except manifest.NotYaml as error:
        raise CannotLook(f"kustomize did not write YAML: {error.message}") from error
    if not documents:
        message, remedy = "the kustomization builds to nothing", "list its resources, or delete it"
        return Look(1, (Finding("kustomize/empty", message, remedy, kustomization_in(bench.survey, target)),))
    rendered = tuple(_rendered(target, document) for document in documents)
    idle = tuple(_idle_patches(bench, target, documents))
    return Look(len(rendered), idle, rendered if target in delivered(bench) else ())


def basis(bench: Workbench, target: str) -> Basis:
    """The folders that building `target` reads, as a kustomization names no file outside of its own.

    Generators and transformers may be programs with words of their own, so those depend on everything.
    """
    folders = {target}
    facts = [target in delivered(bench)]
    for path in _closure(bench.survey, target):
        content = manifest.mapping(bench.survey.text(path))
        if any(content.get(field) for field in ("generators", "transformers", "validators")):
            return Basis(bench.survey.files, facts)
        folders |= {folder_of(path), *(join(folder_of(path), entry) for entry in _entries(content))}
    named = tuple(path for path in sorted(folders) if path in bench.survey.files)
    return Basis(tuple(sorted({*named, *bench.reach(folders)})), facts)


CHECKS = (Check("build", PROGRAM, "kustomization", targets, look, renders=delivered, basis=basis),)


def _idle_patches(bench: Workbench, target: str, built: Sequence[manifest.Document]) -> Iterator[Finding]:
    """Patches whose selector selects nothing: kustomize passes over them without a word."""
    survey = bench.survey
    path = kustomization_in(survey, target)
    patches = [item for item in manifest.mapping(survey.text(path)).get("patches") or () if isinstance(item, Mapping)]
    candidates = [*built, *_sources(bench, target)]
    for number, patch in enumerate(patches):
        selector = patch.get("target")
        if isinstance(selector, Mapping) and not any(_selects(selector, candidate) for candidate in candidates):
            wanted = " ".join(str(selector[key]) for key in ("kind", "name") if key in selector)
            document = next(iter(manifest.read_or_nothing(survey.text(path))), None)
            line = document.line_of(("patches", number, "target")) if document else 1
            yield Finding("kustomize/idle-patch", f"no {wanted} is there to patch", "correct the selector", path, line)


def _sources(bench: Workbench, target: str) -> Iterator[manifest.Document]:
    """The objects in the files that building `target` reads, by the names they have before the build."""
    for kustomization in _closure(bench.survey, target):
        folder = folder_of(kustomization)
        for entry in _entries(manifest.mapping(bench.survey.text(kustomization))):
            path = join(folder, entry)
            if path in bench.survey.files and path.endswith((".yaml", ".yml")):
                yield from manifest.read_or_nothing(bench.survey.text(path))


def _selects(selector: Mapping[str, Any], document: manifest.Document) -> bool:
    """Whether kind and name fit; as for kustomize, each is an expression that has to match the whole."""
    pairs = ((selector.get("kind"), document.kind), (selector.get("name"), document.name))
    try:
        return all(not wanted or re.fullmatch(str(wanted), value) for wanted, value in pairs)
    except re.error:
        return True


def kustomization_in(survey: Survey, folder: str) -> str:
    """The kustomization file of a folder."""
    names = {posixpath.basename(path): path for path in survey.directly_in(folder)}
    return next(names[name] for name in NAMES if name in names)


def _bases(survey: Survey) -> set[str]:
    found: set[str] = set()
    for folder in (*survey.kustomizations, *survey.components):
        content = manifest.mapping(survey.text(kustomization_in(survey, folder)))
        found.update(join(folder, entry) for entry in _entries(content))
    return found


def _closure(survey: Survey, target: str) -> Iterator[str]:
    """The kustomization files that building `target` reads, each once."""
    pending, visited = [target], set[str]()
    known = {*survey.kustomizations, *survey.components}
    while pending:
        folder = pending.pop()
        if folder in visited or folder not in known:
            continue
        visited.add(folder)
        path = kustomization_in(survey, folder)
        yield path
        pending.extend(join(folder, entry) for entry in _entries(manifest.mapping(survey.text(path))))


def _refuse(path: str, text: str) -> None:
    """Raise CannotLook if building would fetch something, or run something."""
    content = manifest.mapping(text)
    for entry in _entries(content):
        if _REMOTE.search(entry):
            raise CannotLook(f"{path} builds on {entry}, which is not in this tree and is not fetched")
    for field in ("helmCharts", "helmChartInflationGenerator"):
        if content.get(field):
            raise CannotLook(f"{path} inflates a chart ({field}), which would fetch it")


def _entries(content: Mapping[str, Any]) -> Iterator[str]:
    """Every file or folder that a kustomization names."""
    for field in _FILES:
        yield from (text for text in strings(content.get(field)) if "\n" not in text)
    for field, keys in _FILES_WITHIN.items():
        for item in content.get(field) or ():
            for key in keys if isinstance(item, Mapping) else ():
                yield from (text.rpartition("=")[2] for text in strings(item.get(key)))


def _annotated(bench: Workbench) -> Path:
    """A copy of the tree in which every kustomization asks for origin annotations. Lines stay where they are."""
    copy = bench.copy("kustomize")
    for folder in (*bench.survey.kustomizations, *bench.survey.components):
        path = copy / kustomization_in(bench.survey, folder)
        text = path.read_text("utf-8", "replace")
        wanted = f"buildMetadata: {_metadata(text)}"
        present = re.compile(r"^buildMetadata:.*(?:\n[ \t-].*)*", re.MULTILINE)
        path.write_text(present.sub(wanted, text) if present.search(text) else f"{text.rstrip()}\n{wanted}\n")
    return copy


def _metadata(text: str) -> str:
    present = manifest.mapping(text).get("buildMetadata")
    kept = [str(item) for item in present] if isinstance(present, list) else []
    return "[" + ", ".join(sorted({*kept, "originAnnotations"})) + "]"


def _rendered(target: str, document: manifest.Document) -> Rendered:
    metadata = document.content.get("metadata")
    annotations = (metadata.get("annotations") or {}) if isinstance(metadata, Mapping) else {}
    origin = manifest.mapping(str(annotations.get(ORIGIN, "")))
    source = origin.get("path") or origin.get("configuredIn")
    return Rendered(target, join(target, str(source)) if source else "", document.content, document.text)


def _finding(survey: Survey, target: str, error: str) -> Finding:
    """What kustomize says, at the file it names; it gives no lines, so the line is that of the entry it names."""
    message = " ".join(error.replace("Error: ", "").split())
    path = kustomization_in(survey, target)
    lines = survey.text(path).splitlines()
    for name in _NAMED.findall(error):
        entry = posixpath.basename(name)
        at = next((number for number, line in enumerate(lines, 1) if entry and entry in line), 0)
        if at:
            return Finding("kustomize/build", message, "correct what the kustomization names", path, at)
    return Finding("kustomize/build", message, "run kustomize build in this folder", path, 1)
