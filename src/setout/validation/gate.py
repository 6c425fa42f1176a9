"""What a gate is: a function that goes through a tree and says of each thing it looks at whether it is right."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from setout.model import Finding, Severity
from setout.validation.workbench import Check, Look, Stage, Workbench


@dataclass(frozen=True, slots=True)
class Seen:
    """One thing that a gate looked at; `wrong` says what is wrong with it, in addition to the gate's message."""

    path: str
    line: int = 1
    wrong: str = ""


Inspection = Callable[[Workbench], Iterator[Seen]]


@dataclass(frozen=True, slots=True)
class Gate:
    """A rule with its message, its cure, and how it is looked for."""

    rule: str
    message: str
    remedy: str
    inspect: Inspection
    severity: Severity


def gate(rule: str, remedy: str, severity: Severity = Severity.ERROR) -> Callable[[Inspection], Gate]:
    """Make a gate of a function. Its docstring is the message: its first line says what is required and why."""

    def make(function: Inspection) -> Gate:
        message = (inspect.getdoc(function) or "").partition("\n")[0].rstrip(".")
        return Gate(rule, message, remedy, function, severity)

    return make


def family(name: str, subject: str, gates: Sequence[Gate], stage: Stage = Stage.SOURCES) -> tuple[Check, ...]:
    """The one check that goes through all gates of a family."""

    def look(bench: Workbench, _target: str) -> Look:
        checked, findings = 0, list[Finding]()
        for item in gates:
            for seen in item.inspect(bench):
                if seen.path in bench.survey.excluded:
                    continue
                checked += 1
                if seen.wrong:
                    message = f"{item.message}: {seen.wrong}"
                    findings.append(
                        Finding(item.rule, message, item.remedy, seen.path, seen.line, item.severity, item.message)
                    )
        return Look(checked, tuple(dict.fromkeys(findings)))

    return (Check(name, "", subject, lambda _bench: (".",), look, stage),)
