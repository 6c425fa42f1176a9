"""What stays in the world when files leave a repository, as those files tell, and where it says what to do."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from setout.model import File
from setout.upkeep.change import Thing, replaced

_SETTING = re.compile(r'^\s*(bucket|key|path|address)\s*=\s*"([^"]+)"', re.M)
_BACKEND = re.compile(r"^\s*(backend|cloud)\b.*\{", re.M)
_OBJECT = re.compile(r"^kind: (Namespace|Application|ApplicationSet|AppProject)$", re.M)
# How a delivered script installs a component where nothing else does (blueprints/kubernetes, scripts/deploy.sh).
_RELEASE = re.compile(r"^(?:component|release) ([a-z0-9][a-z0-9-]*) ", re.M)
_NAME = re.compile(r"^metadata:\n(?:^ .*\n)*?^ {2}name: ([a-z0-9.-]+)$", re.M)
_WORD = {
    "Namespace": "namespace",
    "Application": "Argo CD application",
    "ApplicationSet": "Argo CD application set",
    "AppProject": "Argo CD project",
}

# What it is called, and its name.
Remainder = tuple[str, str]
_STATE = "Terraform state"

# Where a delivered repository says how to take something down, by what it is; the first that is there.
_RUNBOOKS = {"tenant": ("docs/tenants/offboarding.md",)}
_TEARDOWN = ("docs/runbooks/teardown.md",)


def belonging(thing: Thing, paths: Iterable[str]) -> tuple[str, ...]:
    """The paths that bear the thing's name."""
    return tuple(path for path in paths if replaced(path, thing.name, "\0") != path)


def describe(gone: Mapping[str, File]) -> frozenset[Remainder]:
    """What the files that go stand for: Terraform states, namespaces, Helm releases, applications of Argo CD."""
    return frozenset(
        found for path, file in gone.items() for found in _describe(path, file.data.decode("utf-8", "replace"))
    )


def dropped(old: Mapping[str, File], new: Mapping[str, File]) -> frozenset[Remainder]:
    """What the new files no longer stand for, in whichever file it stood. Not states: those move with their roots."""
    gone = describe(old) - describe(new) if old else frozenset()
    return frozenset((kind, name) for kind, name in gone if kind != _STATE)


def told(left: Iterable[Remainder]) -> tuple[str, ...]:
    """The same in words, a sentence for each kind, sorted."""
    names: dict[str, list[str]] = {}
    for kind, name in sorted(left):
        names.setdefault(kind, []).append(name)
    return tuple(_sentence(kind, listed) for kind, listed in names.items())


def _sentence(kind: str, names: Sequence[str]) -> str:
    what = f"the {kind}{'s' if len(names) > 1 else ''} {' and '.join(filter(None, (', '.join(names[:-1]), names[-1])))}"
    if kind == _STATE:
        return f"{what} and the cloud resources in {'them' if len(names) > 1 else 'it'}"
    return f"{what} in {'their' if len(names) > 1 else 'its'} cluster"


def states(files: Mapping[str, File]) -> dict[str, str]:
    """The Terraform states that the files name, by the file that names each."""
    texts = {path: file.data.decode("utf-8", "replace") for path, file in files.items() if path.endswith(".tf")}
    return {path: _state(path, text) for path, text in texts.items() if _BACKEND.search(text)}


def runbook(thing: Thing, delivered: Iterable[str]) -> str:
    """The delivered document that says how to take `thing` down; "" where there is none."""
    there = set(delivered)
    return next((path for path in (*_RUNBOOKS.get(thing.kind, ()), *_TEARDOWN) if path in there), "")


def _describe(path: str, text: str) -> Iterator[Remainder]:
    if path.endswith(".tf") and _BACKEND.search(text):
        yield _STATE, _state(path, text)
    if path.endswith(".sh"):
        yield from (("Helm release", name) for name in _RELEASE.findall(text))
    if path.endswith((".yaml", ".yml")):
        for document in re.split(r"^---$", text, flags=re.M):
            kind, name = _OBJECT.search(document), _NAME.search(document)
            if kind and name:
                yield _WORD[kind[1]], name[1]


def _state(path: str, text: str) -> str:
    settings = dict(_SETTING.findall(text))
    if "bucket" in settings and "key" in settings:
        return f"s3://{settings['bucket']}/{settings['key']}"
    return settings.get("address") or settings.get("path") or f"of {PurePosixPath(path).parent}"
