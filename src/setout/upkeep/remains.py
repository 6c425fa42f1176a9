"""What stays in the world when files leave a repository, as those files tell, and where it says what to do."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath

from setout.model import File
from setout.upkeep.change import Thing, replaced

_SETTING = re.compile(r'^\s*(bucket|key|path|address)\s*=\s*"([^"]+)"', re.M)
_BACKEND = re.compile(r"^\s*(backend|cloud)\b.*\{", re.M)
_OBJECT = re.compile(r"^kind: (Namespace|Application|ApplicationSet)$", re.M)
_NAME = re.compile(r"^metadata:\n(?:^ .*\n)*?^ {2}name: ([a-z0-9.-]+)$", re.M)
_WORD = {"Namespace": "namespace", "Application": "Argo CD application", "ApplicationSet": "Argo CD application set"}

# Where a delivered repository says how to take something down, by what it is; the first that is there.
_RUNBOOKS = {"tenant": ("docs/tenants/offboarding.md",)}
_TEARDOWN = ("docs/runbooks/teardown.md",)


def belonging(thing: Thing, paths: Iterable[str]) -> tuple[str, ...]:
    """The paths that bear the thing's name."""
    return tuple(path for path in paths if replaced(path, thing.name, "\0") != path)


def describe(gone: Mapping[str, File]) -> tuple[str, ...]:
    """What the files that go stand for: Terraform states with what they hold, namespaces, applications; sorted."""
    found = (
        sentence for path, file in gone.items() for sentence in _describe(path, file.data.decode("utf-8", "replace"))
    )
    return tuple(sorted(set(found)))


def states(files: Mapping[str, File]) -> dict[str, str]:
    """The Terraform states that the files name, by the file that names each."""
    texts = {path: file.data.decode("utf-8", "replace") for path, file in files.items() if path.endswith(".tf")}
    return {path: _state(path, text) for path, text in texts.items() if _BACKEND.search(text)}


def runbook(thing: Thing, delivered: Iterable[str]) -> str:
    """The delivered document that says how to take `thing` down; "" where there is none."""
    there = set(delivered)
    return next((path for path in (*_RUNBOOKS.get(thing.kind, ()), *_TEARDOWN) if path in there), "")


def _describe(path: str, text: str) -> Iterator[str]:
    if path.endswith(".tf") and _BACKEND.search(text):
        yield f"the Terraform state {_state(path, text)} and the cloud resources in it"
    if path.endswith((".yaml", ".yml")):
        for document in re.split(r"^---$", text, flags=re.M):
            kind, name = _OBJECT.search(document), _NAME.search(document)
            if kind and name:
                yield f"the {_WORD[kind[1]]} {name[1]} in its cluster"


def _state(path: str, text: str) -> str:
    settings = dict(_SETTING.findall(text))
    if "bucket" in settings and "key" in settings:
        return f"s3://{settings['bucket']}/{settings['key']}"
    return settings.get("address") or settings.get("path") or f"of {PurePosixPath(path).parent}"
