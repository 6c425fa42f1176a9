"""Views of what a command found; one module per format, each with the functions that the table names."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

if TYPE_CHECKING:
    from setout.model import Finding, Validation
    from setout.pipeline import Delivery, Preview, Reading, Update
    from setout.provenance.why import Resting, Why
    from setout.upkeep.accepted import Acceptance
    from setout.upkeep.drift import Drift
    from setout.upkeep.reply import Answered
    from setout.upkeep.update import Proposal
    from setout.upkeep.writeback import Synced

TEXT = "text"  # what people get who ask for nothing else

# The formats, by the name of their module, with what each can show. A test holds this equal to the folder.
FORMATS = {
    "text": (
        *("readings", "preview", "delivery", "proposal", "update", "validation"),
        *("drift", "acceptances", "why", "resting", "synced", "answered"),
    ),
    "json": (
        *("readings", "preview", "delivery", "proposal", "update", "validation"),
        *("drift", "acceptances", "why", "resting", "synced", "answered"),
    ),
    "sarif": ("readings", "validation", "drift"),
    "junit": ("validation",),
    "github": ("readings", "validation", "drift"),
    "gitlab": ("validation",),
}


# The values of `model.Severity`, worst first. Written out, since the command line needs this module at every start and
# the model takes half of the time that `setout --help` may take; a test holds both equal.
SEVERITIES = ("error", "warning", "info")


class Format(Protocol):
    """What a module of this package may offer: a value in, the whole report as text out."""

    def readings(self, values: Sequence[Reading], *, color: bool = False) -> str: ...
    def preview(self, value: Preview, *, color: bool = False) -> str: ...
    def delivery(self, value: Delivery, *, color: bool = False) -> str: ...
    def proposal(self, value: Proposal, *, color: bool = False) -> str: ...
    def update(self, value: Update, *, color: bool = False) -> str: ...
    def validation(self, value: Validation, *, color: bool = False) -> str: ...
    def drift(self, value: Drift, *, color: bool = False) -> str: ...
    def acceptances(self, values: Sequence[Acceptance], *, color: bool = False) -> str: ...
    def why(self, value: Why, *, color: bool = False) -> str: ...
    def resting(self, value: Resting, *, color: bool = False) -> str: ...
    def synced(self, value: Synced, *, color: bool = False) -> str: ...
    def answered(self, value: Answered, *, color: bool = False) -> str: ...


def offering(view: str) -> tuple[str, ...]:
    """The formats that can show this, such as `validation`."""
    return tuple(name for name, views in FORMATS.items() if view in views)


def load(name: str) -> Format:
    """The format called `name` (one of FORMATS)."""
    if name not in FORMATS:
        raise KeyError(name)
    return cast(Format, import_module(f"{__name__}.{name}"))


def from_here(root: str, path: str) -> str:
    """A path below `root` as seen from the working directory, which is where CI checks a repository out.

    Where the tree lies elsewhere, the path stays as it is.
    """
    seen = Path(os.path.relpath(Path(root, path)))
    return path if seen.parts[:1] == (os.pardir,) else seen.as_posix()


def sentence(finding: Finding) -> str:
    """What is wrong and what to do, for formats with one field for both."""
    return f"{finding.message.rstrip('.')}. To mend it: {finding.remedy}" if finding.remedy else finding.message


def by_file(findings: Iterable[Finding]) -> list[tuple[str, list[Finding]]]:
    """The findings of each file in the order of their lines; the file with the worst of them first."""
    files: dict[str, list[Finding]] = {}
    for finding in sorted(findings, key=lambda f: (f.path, f.line, f.severity.rank, f.rule, f.message)):
        files.setdefault(finding.path, []).append(finding)
    return sorted(files.items(), key=lambda item: _weight(item[1]))


def _weight(findings: Sequence[Finding]) -> tuple[int, ...]:
    return tuple(-sum(finding.severity.value == severity for finding in findings) for severity in SEVERITIES)
