"""Tree to results: runs programs and gates alike, and decides once what passed, failed, was skipped or is missing."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import setout
from setout import fingerprints, process, scratch
from setout.errors import ToolMissing, UserError
from setout.model import Finding, Result, Status, Validation
from setout.process import TimedOut
from setout.validation import discovery, recall, rules, schemas, settings
from setout.validation.gates import argocd, hcl, secrets, sources, tenancy
from setout.validation.store import Store
from setout.validation.tools import helm, kubeconform, kustomize, terraform
from setout.validation.workbench import TIMEOUT, CannotLook, Check, Look, Options, Plugin, Stage, Workbench, answers_of

# Every plug-in there is, in the order of the report. A test proves that this table and the folder are the same.
TOOLS: tuple[Plugin, ...] = (terraform, helm, kustomize, kubeconform)
GATES: tuple[Plugin, ...] = (hcl, sources, secrets, argocd, tenancy)

DEFAULT_KUBERNETES = "1.35"
PROVIDER_MODES = ("auto", "real", "schema")
DIALECTS = ("terraform", "tofu")

# Said once in every report in which a schema stood in for a provider.
SCHEMA_NOTE = (
    "With a provider's schema, terraform checks names, types and references; the form of values and arguments that "
    "exclude each other are checked only by the real provider (--providers real)."
)


@dataclass(frozen=True, slots=True)
class Task:
    """One check of one target, not yet done."""

    check: Check
    target: str
    slot: recall.Slot | None = None


def check(
    root: Path,
    *,
    progress: Callable[[str], None] = lambda _: None,
    kubernetes_versions: Sequence[str] = (),
    providers: str = "",
    exclude: Sequence[str] = (),
    jobs: int | None = None,
    timeout: float = TIMEOUT,
    store: Store | None = None,
) -> Validation:
    """Look at everything in the tree at `root`, with every program and gate that applies.

    Args:
        progress: told what is looked at, from several threads.
        kubernetes_versions: minors to validate objects against; without them those in .setout.toml, else the one in
            .copier-answers.yml, else 1.35.
        providers: `auto` takes a real Terraform provider where one is at hand and its packaged schema otherwise; `real`
            may download one; `schema` takes schemas only. Without it what .setout.toml says, else `auto`.
        exclude: PATTERN=REASON of what is not to be looked at, besides what .setout.toml excludes.
        jobs: how many checks run at once; without it as many as there are cores.
        timeout: seconds after which one run of a program is stopped, and its check has failed.
        store: where looks are remembered; without it everything is looked at anew.

    Raises:
        UserError: `root` is not a directory, an argument is none of its values, or .setout.toml cannot be understood.
    """
    said = _settings(root)
    survey = discovery.survey(root, (*said.exclusions, *(settings.exclusion(text) for text in exclude)))
    minors = _minors(survey, kubernetes_versions or said.kubernetes_versions)
    dialect = _one_of(said.terraform or _dialect(survey), DIALECTS)
    options = Options(minors, _one_of(providers or said.providers or "auto", PROVIDER_MODES), dialect, timeout)
    with _workbench(survey, options, progress, store) as bench:
        done = _stage(bench, Stage.SOURCES, jobs)
        bench.rendered = tuple(thing for _, look, _ in done if look for thing in look.rendered)
        bench.rendered += kubeconform.read_manifests(bench)
        bench.unrendered = _unrendered(bench, done)
        done += _stage(bench, Stage.RENDERED, jobs)
        results = (*_exclusions(survey, done), *_in_order([result for _, _, result in done]))
    if store:
        store.trim()
    return Validation(fingerprints.marked(results, survey.files, survey.text), _notes(survey, results, store))


def names() -> tuple[str, ...]:
    """Every tool and every check by name: `terraform`, `terraform fmt`, …; our gates are of the tool `setout`."""
    checks = [(item.program or "setout", item.verb) for item in _all_checks()]
    return tuple(dict.fromkeys([tool for tool, _ in checks] + [f"{tool} {verb}" for tool, verb in checks]))


def _settings(root: Path) -> settings.Settings:
    path = root / settings.FILE
    if path.is_symlink() or not path.is_file() or path.stat().st_size > discovery.SIZE_LIMIT:
        return settings.Settings()
    return settings.read(path.read_text("utf-8", "replace"))


def _minors(survey: discovery.Survey, given: Sequence[str]) -> tuple[str, ...]:
    known = schemas.kubernetes_minors()
    for minor in given:
        _one_of(minor, known)
    return tuple(dict.fromkeys(given)) or (_answered_minor(survey, known),)


def _answered_minor(survey: discovery.Survey, known: Sequence[str]) -> str:
    minor = str(answers_of(survey).get("kubernetes_version", ""))
    return minor if minor in known else DEFAULT_KUBERNETES


def _dialect(survey: discovery.Survey) -> str:
    """Files that only OpenTofu reads say that it is to be taken, even where terraform is there too."""
    return "tofu" if any(path.endswith(".tofu") for path in survey.files) else "terraform"


def _one_of(value: str, values: Sequence[str]) -> str:
    if value not in values:
        raise UserError(f"{value} is not known here", f"one of: {', '.join(values)}")
    return value


@contextmanager
def _workbench(
    survey: discovery.Survey, options: Options, progress: Callable[[str], None], store: Store | None
) -> Iterator[Workbench]:
    with scratch.folder() as place:
        bench = Workbench(survey, place, options, progress, store)
        try:
            yield bench
        finally:
            bench.close()


Done = tuple[Task, Look | None, Result]


def _stage(bench: Workbench, stage: Stage, jobs: int | None) -> list[Done]:
    """Run all checks of one stage side by side, and return them in the order of the tables."""
    plan: list[Task | Done] = []
    for item in (item for plugin in (*TOOLS, *GATES) for item in plugin.CHECKS if item.stage is stage):
        plan += (_recalled(bench, entry) for entry in _planned(bench, item))
    bench.pending = frozenset((task.check.program, task.target) for task in plan if isinstance(task, Task))
    room = _Room(_free_megabytes())
    with process.stoppable(), ThreadPoolExecutor(jobs or os.cpu_count() or 1, "check") as pool:
        running = [pool.submit(_run, bench, item, room) if isinstance(item, Task) else item for item in plan]
        try:
            return [item if isinstance(item, tuple) else item.result() for item in running]
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            process.stop_all()  # or we would wait for programs that nobody waits for any more
            raise


def _recalled(bench: Workbench, entry: Task | Done) -> Task | Done:
    """What was seen of a task the last time, if nothing has changed since; else the task, with a place to keep it."""
    if not isinstance(entry, Task):
        return entry
    started = time.monotonic()
    slot = recall.slot(bench, entry.check, entry.target)
    look = recall.look(bench, slot)
    if look is None:
        return replace(entry, slot=slot)
    return entry, look, replace(_decided(bench, entry, look, started), cached=True)


def _planned(bench: Workbench, check: Check) -> list[Task | Done]:
    """What a check has to do here: a task for each target, or one result that says why there is none."""
    everything = Task(check, ".")
    found = check.targets(bench)
    targets = [target for target in found if target.rpartition(" @ ")[0] not in bench.survey.excluded]
    targets = [target for target in targets if target not in bench.survey.excluded]
    if not targets:
        reason = f"every {check.subject} is excluded" if found else f"no {check.subject} here"
        return [(everything, None, _result(bench, everything, Status.SKIPPED, reason=reason))]
    try:
        if check.program:
            bench.recalled(check.program)
    except ToolMissing as error:
        reason = f"{error.message}; {len(targets)} not looked at; get it with: {error.hint}"
        lost = (everything, None, _result(bench, everything, Status.MISSING, reason=reason))
        return [lost]
    return [Task(check, target) for target in targets]


def _run(bench: Workbench, task: Task, room: _Room) -> Done:
    """Do one task and decide what came of it. Nothing that a program does makes this raise."""
    bench.progress(f"{task.check.program or 'setout'} {task.check.verb} {task.target}")
    started = time.monotonic()
    try:
        with room.take(task.check.memory(bench, task.target)):
            started = time.monotonic()
            look = task.check.look(bench, task.target)
    except CannotLook as error:
        return task, None, _result(bench, task, Status.MISSING, started, reason=str(error))
    except UserError as error:
        return (
            task,
            None,
            _result(bench, task, Status.MISSING, started, reason="; ".join(filter(None, (error.message, error.hint)))),
        )
    except TimedOut as error:
        return task, None, _result(bench, task, Status.FAILED, started, reason=str(error))
    recall.keep(bench, task.check, task.slot, look)
    return task, look, _decided(bench, task, look, started)


def _decided(bench: Workbench, task: Task, look: Look, started: float) -> Result:
    """The one place where a look becomes an outcome. Not looked at is never passed."""
    status, reason = Status.PASSED, ""
    look = replace(look, findings=tuple(_reported(bench.survey, look.findings)))
    if look.is_wrong:
        status, reason = Status.FAILED, look.unlooked
    elif look.unlooked:
        status, reason = Status.MISSING, look.unlooked
    elif not look.checked:
        status, reason = Status.SKIPPED, f"no {task.check.subject} in it"
    return _result(bench, task, status, started, look, reason)


def _result(
    bench: Workbench, task: Task, status: Status, started: float = 0.0, look: Look | None = None, reason: str = ""
) -> Result:
    look = look or Look(0)
    return Result(
        tool=task.check.program or "setout",
        version=" · ".join(part for part in (_version(bench, task.check), look.label) if part),
        target=task.target,
        status=status,
        checked=look.checked,
        seconds=round(time.monotonic() - started, 3) if started else 0.0,
        reason=reason,
        findings=tuple(
            replace(finding, about=finding.about or rules.ABOUT.get(finding.rule, ""))
            for finding in sorted(look.findings, key=lambda item: (item.path, item.line, item.rule, item.message))
        ),
        verb=task.check.verb,
    )


def _version(bench: Workbench, check: Check) -> str:
    if not check.program:
        return setout.__version__
    if not bench.has(check.program):
        return ""
    found = bench.recalled(check.program)
    return found.version if found.name == check.program else f"{found.name} {found.version}"


def _unrendered(bench: Workbench, done: Sequence[Done]) -> dict[str, str]:
    """Targets that should have rendered and did not, each with the check that says why."""
    outcomes = {(task.check.verb, task.target): (look, result) for task, look, result in done}
    lost = {}
    for item in _all_checks():
        for target in (target for target in item.renders(bench) if target not in bench.survey.excluded):
            look, result = outcomes.get((item.verb, target)) or outcomes[item.verb, "."]
            if not (look and look.rendered):
                lost[target] = f"{item.program} {item.verb} {result.status.value}"
    return lost


def _in_order(results: Sequence[Result]) -> tuple[Result, ...]:
    """Results in the order of the tables, and within a check in the order of the targets."""
    places = {(item.program or "setout", item.verb): n for n, item in enumerate(_all_checks())}
    return tuple(sorted(results, key=lambda result: (places[result.tool, result.verb], result.target)))


def _all_checks() -> list[Check]:
    return [item for plugin in (*TOOLS, *GATES) for item in plugin.CHECKS]


def _reported(survey: discovery.Survey, findings: Sequence[Finding]) -> Iterator[Finding]:
    """The findings that no exclusion spares, each in the file that is written and not in a link to it."""
    links = dict(survey.links)
    for finding in findings:
        path = links.get(finding.path, finding.path)
        if not any(item.spares(finding.rule, path) for item in survey.exclusions):
            yield replace(finding, path=path)


def _exclusions(survey: discovery.Survey, done: Sequence[Done]) -> Iterator[Result]:
    """One result for each exclusion: what it keeps from being looked at, and why; it fails if that is nothing."""
    said = {finding for _, look, _ in done if look for finding in look.findings}
    for item in survey.exclusions:
        spared = [finding for finding in said if item.spares(finding.rule, finding.path)]
        covered = spared if item.rules else item.covers(survey.files)
        status, findings = Status.SKIPPED, tuple[Finding, ...]()
        what = f"{_counted(len(covered), 'finding')} left out" if item.rules else None
        reason = f"{item.reason} ({what or _counted(len(covered), 'file') + ' not looked at'})"
        if not covered:
            what = f"found by {', '.join(item.rules)} in" if item.rules else "called"
            message = f"nothing is {what} {item.pattern}, so nothing is excluded"
            path = settings.FILE if item.line else "."
            rule, remedy = "exclude/idle", "correct the pattern, or take it out"
            findings = (Finding(rule, message, remedy, path, item.line, about=rules.ABOUT[rule]),)
            status, reason = Status.FAILED, ""
        yield Result("setout", setout.__version__, str(item), status, 0, 0.0, reason, findings, "exclude")


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _notes(survey: discovery.Survey, results: Sequence[Result], store: Store | None) -> tuple[str, ...]:
    notes = [f"{left.path}: left alone, {left.reason}" for left in survey.left_alone]
    if any(result.version.endswith(" schema") for result in results):
        notes.append(SCHEMA_NOTE)
    if store and store.fault:
        notes.append(f"nothing could be remembered for the next time: {store.fault}")
    return tuple(notes)


class _Room:
    """Memory that checks may take together. One that wants more than there is runs when nothing else holds any."""

    def __init__(self, megabytes: int) -> None:
        self._free = self._all = megabytes
        self._changed = threading.Condition()

    @contextmanager
    def take(self, megabytes: int) -> Iterator[None]:
        wanted = min(megabytes, self._all)
        with self._changed:
            self._changed.wait_for(lambda: self._free >= wanted)
            self._free -= wanted
        try:
            yield
        finally:
            with self._changed:
                self._free += wanted
                self._changed.notify_all()


def _free_megabytes() -> int:
    """Three quarters of the memory that is free now; where the system does not say, room for two large providers."""
    try:
        return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") * 3 // 4 // 1024 // 1024
    except (ValueError, OSError, AttributeError):
        return 1300
