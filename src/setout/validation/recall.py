"""What checks saw before, taken up again for as long as nothing that they depend on has changed."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import setout
from setout.model import JSON, Finding, Severity
from setout.validation import store
from setout.validation.workbench import Check, Look, Rendered, Workbench


@dataclass(frozen=True, slots=True)
class Slot:
    """Where a look is kept, and the files of the tree that it was found out from."""

    key: str
    files: tuple[str, ...]


def slot(bench: Workbench, check: Check, target: str) -> Slot | None:
    """The slot for a look at `target`; None if it cannot be, or is not to be, remembered.

    Its key is a hash over everything that the look may depend on: files, program, options, our own code.
    """
    try:
        basis = check.basis(bench, target) if bench.store else None
        if basis is None:
            return None
        files = [[path, bench.digest(path)] for path in basis.files]
    except OSError:  # a file is gone since the survey: the look itself will say so
        return None
    program = bench.recalled(check.program) if check.program else None
    identity = [program.name, program.version, program.sha256] if program else []
    left_out = [[item.pattern, item.reason] for item in bench.survey.exclusions]
    return Slot(store.key("look", check.verb, target, identity, ourselves(), basis.facts, files, left_out), basis.files)


def look(bench: Workbench, place: Slot | None) -> Look | None:
    """The look that was kept there, if there is one."""
    record = bench.store.get(place.key) if bench.store and place else None
    try:
        return _from_record(record) if record else None
    except (KeyError, TypeError, ValueError):
        return None


def keep(bench: Workbench, check: Check, place: Slot | None, seen: Look) -> None:
    """Keep a look for the next run, unless something was not looked at, or has changed since the slot was made."""
    if bench.store and place and not seen.unlooked and _is_unchanged(bench, check, place):
        bench.store.put(place.key, _record(seen))


def of_files(bench: Workbench, purpose: str) -> tuple[Callable[[str], JSON | None], Callable[[str, JSON], None]]:
    """Two functions: what is known of a file by its content, and how to make it known."""
    known = bench.store

    def recall(path: str) -> JSON | None:
        return known.get(store.key(purpose, ourselves(), bench.digest(path))) if known else None

    def learn(path: str, answer: JSON) -> None:
        if known and bench.is_as_hashed(path):
            known.put(store.key(purpose, ourselves(), bench.digest(path)), answer)

    return recall, learn


def _is_unchanged(bench: Workbench, check: Check, place: Slot) -> bool:
    same_program = not check.program or bench.program(check.program) == bench.recalled(check.program)
    return same_program and all(bench.is_as_hashed(path) for path in place.files)


@lru_cache
def ourselves() -> list[JSON]:
    """What tells this setout from every other: its version, its own files, and the versions of the packages it uses.

    The files go by size and date, so that a developer's checkout forgets what it knew at every change.
    """
    here = Path(setout.__file__).parent
    files = [
        [path.relative_to(here).as_posix(), path.stat().st_size, path.stat().st_mtime_ns]
        for path in sorted(_files(here))
    ]
    return [setout.__version__, files, *_packages()]


def _files(folder: Path) -> list[Path]:
    found = []
    for here, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name != "__pycache__"]
        found += [Path(here) / name for name in names]
    return found


def _packages() -> list[JSON]:
    """The names, with versions, of everything that is installed beside the parsers of YAML and HCL."""
    places = {
        str(Path(spec.origin).parents[1]) for name in ("yaml", "hcl2") if (spec := find_spec(name)) and spec.origin
    }
    return [sorted(path.name for path in Path(place).glob("*.dist-info")) for place in sorted(places)]


def _record(seen: Look) -> JSON:
    return {
        "checked": seen.checked,
        "label": seen.label,
        "findings": [
            [found.rule, found.message, found.remedy, found.path, found.line, found.severity.value, found.about]
            for found in seen.findings
        ],
        "rendered": [[thing.target, thing.source, thing.content, thing.text] for thing in seen.rendered],
    }


def _from_record(record: Mapping[str, Any]) -> Look:
    findings = tuple(_finding(fields) for fields in record["findings"])
    rendered = tuple(Rendered(*fields) for fields in record["rendered"])
    return Look(record["checked"], findings, rendered, record["label"])


def _finding(fields: Sequence[Any]) -> Finding:
    rule, message, remedy, path, line, severity, about = fields
    return Finding(rule, message, remedy, path, line, Severity(severity), about)
