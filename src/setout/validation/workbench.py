"""What a check works with: the surveyed tree, scratch copies of it, programs, things made once and shared."""

from __future__ import annotations

import hashlib
import os
import shutil
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any, Protocol, TypeVar

from setout import manifest, process, toolchain
from setout.errors import ToolMissing
from setout.model import JSON, Finding, Severity
from setout.validation import store
from setout.validation.discovery import Survey
from setout.validation.store import Store

T = TypeVar("T")

# A check that has said nothing for this long will say nothing any more. The slowest real one measured
# (terraform validate of a root with five providers) takes 15 s.
TIMEOUT = 300.0

# Set for every program: no proxy answers on the discard port, so whatever a program tries to fetch fails at once.
PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "NO_PROXY", "no_proxy")
_NO_NETWORK = {name: "" if name in ("NO_PROXY", "no_proxy") else "http://127.0.0.1:9" for name in PROXIES}

ANSWERS = ".copier-answers.yml"

# Folders whose objects are samples, some of them wrong on purpose, and never sent to a cluster.
_SAMPLES = frozenset({"tests", "testdata", "examples"})


class CannotLook(Exception):
    """Something that should have been looked at could not be; the reason is for the report."""


class Stage(Enum):
    """When a check runs: on the sources, or on what other checks rendered from them."""

    SOURCES = 1
    RENDERED = 2


@dataclass(frozen=True, slots=True)
class Rendered:
    """One object as a cluster would get it.

    Attributes:
        target: what it was rendered from: a kustomization, a chart, or a manifest itself.
        source: the file of the tree that it stems from, "" if the program does not say.
        content: the object, parsed.
        text: the object as the program wrote it.
    """

    target: str
    source: str
    content: Mapping[str, Any]
    text: str


@dataclass(frozen=True, slots=True)
class Look:
    """What one check saw of one target.

    Attributes:
        checked: how many things were really looked at; with none, a check never passes.
        rendered: what it made of them, for the checks that come after it.
        label: said beside the version of the program (which provider, in which mode).
        unlooked: what could not be looked at, and why; a check with such a gap never passes.
    """

    checked: int
    findings: tuple[Finding, ...] = ()
    rendered: tuple[Rendered, ...] = ()
    label: str = ""
    unlooked: str = ""

    @property
    def is_wrong(self) -> bool:
        return any(finding.severity is Severity.ERROR for finding in self.findings)


@dataclass(frozen=True, slots=True)
class Basis:
    """Everything that a look may depend on besides its program: files of the tree, and facts that are no files."""

    files: tuple[str, ...]
    facts: JSON = None


def answers_of(survey: Survey) -> Mapping[str, Any]:
    """What Copier wrote down about a tree; nothing if it was not made by Copier."""
    return manifest.mapping(survey.text(ANSWERS)) if ANSWERS in survey.files else {}


def everything(bench: Workbench, _target: str) -> Basis:
    """The basis of a look that goes through the whole tree and all that was rendered from it."""
    links = [list(link) for link in bench.survey.links]
    return Basis(bench.survey.files, [links, bench.rendering(), sorted(bench.unrendered.items())])


@dataclass(frozen=True, slots=True)
class Check:
    """One kind of look: at which targets, when, with which program, how.

    `look` depends on nothing but the tree, the program and the workbench's options. That makes it the place
    where a result may be remembered by the hash of those.

    Attributes:
        basis: what exactly a look at one target depends on, rather too much than too little; None where nobody
            can tell, or where something would be missing: such a look is never remembered.
        verb: what the program is asked to do, or the family of a gate.
        program: its name in the toolchain; "" for our own gates.
        subject: what a target is called, for the sentence that says there is none.
        memory: megabytes that one look takes at most, beyond the ordinary.
        renders: the targets of which later checks expect to see rendered objects.
    """

    verb: str
    program: str
    subject: str
    targets: Callable[[Workbench], Sequence[str]]
    look: Callable[[Workbench, str], Look]
    stage: Stage = Stage.SOURCES
    memory: Callable[[Workbench, str], int] = field(default=lambda _bench, _target: 0)
    renders: Callable[[Workbench], Sequence[str]] = field(default=lambda _bench: ())
    basis: Callable[[Workbench, str], Basis | None] = everything


class Plugin(Protocol):
    """A module of `tools/` or `gates/`: it lists its checks."""

    @property
    def CHECKS(self) -> tuple[Check, ...]: ...  # noqa: N802


@dataclass(frozen=True, slots=True)
class Options:
    """What the caller decided.

    Attributes:
        kubernetes: minors of Kubernetes to validate against, such as 1.35.
        providers: `auto` (real where one is at hand, else the packaged schema), `real` (the network may be used)
            or `schema`.
        dialect: what must read the configurations: `terraform`, which tofu may stand in for, or `tofu`.
    """

    kubernetes: tuple[str, ...]
    providers: str = "auto"
    dialect: str = "terraform"
    timeout: float = TIMEOUT


class Workbench:
    """One validation's working place. Everything in it may be used from several threads."""

    def __init__(
        self,
        survey: Survey,
        scratch: Path,
        options: Options,
        progress: Callable[[str], None] = lambda _: None,
        store: Store | None = None,
    ) -> None:
        self.survey = survey
        self.scratch = scratch
        self.options = options
        self.progress = progress
        self.store = store
        self.pending: frozenset[tuple[str, str]] = frozenset()  # program and target of what a stage has to look at
        self.rendered: tuple[Rendered, ...] = ()
        self.unrendered: Mapping[str, str] = {}
        self._lock = threading.Lock()
        self._alone = threading.Lock()
        self._made: dict[object, _Once] = {}
        self._hashed: dict[str, tuple[str, tuple[int, ...]]] = {}
        self._closing: list[Callable[[], None]] = []

    def once(self, key: object, make: Callable[[], T]) -> T:
        """What `make` returns, made by whoever asks first; an exception is remembered just the same."""
        with self._lock:
            slot = self._made.setdefault(key, _Once())
        value: T = slot.get(make)
        return value

    def program(self, name: str) -> toolchain.Program:
        """The program that meets the need `name`. Raises ToolMissing."""
        return self.once(("program", name), lambda: toolchain.find(self._need(name)))

    def recalled(self, name: str) -> toolchain.Program:
        """The same program without asking it anything, as long as no file that a search would look at has changed.

        It tells programs apart; before one is run, `program` looks again and hashes it. Raises ToolMissing.
        """
        if self.store is None:
            return self.program(name)
        known = self.store
        return self.once(("recalled", name), lambda: _recalled(known, self._need(name), lambda: self.program(name)))

    def _need(self, name: str) -> str:
        return self.options.dialect if name == "terraform" else name

    def has(self, name: str) -> bool:
        """Whether the program is there."""
        try:
            self.recalled(name)
        except ToolMissing:
            return False
        return True

    def copy(self, purpose: str) -> Path:
        """A copy of the tree that one kind of check may write into. The same one for the same purpose."""
        return self.once(("copy", purpose), lambda: self._copy(purpose))

    def folder(self, *names: str) -> Path:
        """A directory of the scratch area, made if it is not there."""
        path = self.scratch.joinpath(*names)
        path.mkdir(parents=True, exist_ok=True)
        return path

    def run(self, need: str, words: Sequence[str | Path], *, cwd: Path, env: Mapping[str, str]) -> process.Ran:
        """Run a program without network and without a home, and insist that it came to an end by itself.

        Raises:
            ToolMissing: it is not there.
            CannotLook: it cannot be started, was ended by a signal, or said more than anybody can read.
            process.TimedOut: it did not end in time.
        """
        program = self.program(need)
        surroundings = {**_NO_NETWORK, "HOME": str(self.folder("home")), **env}
        try:
            ran = process.run([program.path, *words], cwd=cwd, env=surroundings, timeout=self.options.timeout)
        except process.CannotStart as error:
            raise CannotLook(f"{program.name} cannot be started: {error}") from error
        if ran.truncated:
            raise CannotLook(f"{program.name} said more than {process.OUTPUT_LIMIT // 1024 // 1024} MB")
        if ran.code < 0:
            raise CannotLook(f"{program.name} was ended by signal {-ran.code} (is there enough memory?)")
        return ran

    def digest(self, path: str) -> str:
        """The sha256 of a file of the tree, as it was when somebody first asked."""
        if path not in self._hashed:
            whole = self.survey.root / path
            stamp = _stamp(whole)
            self._hashed[path] = (hashlib.sha256(whole.read_bytes()).hexdigest(), stamp)
        return self._hashed[path][0]

    def is_as_hashed(self, path: str) -> bool:
        """Whether nobody has written to a file since its digest was taken."""
        return path in self._hashed and self._hashed[path][1] == _stamp(self.survey.root / path)

    def reach(self, folders: Iterable[str]) -> tuple[str, ...]:
        """Every file in these folders. Where a link leads into or out of one of them, every file there is."""
        wanted = sorted({*folders})
        for name, _ in self.survey.links:
            if any(
                folder == "." or f"{name}/".startswith(f"{folder}/") or f"{folder}/".startswith(f"{name}/")
                for folder in wanted
            ):
                return self.survey.files
        return tuple(sorted({path for folder in wanted for path in self.survey.below(folder)}))

    def rendering(self) -> str:
        """One hash over everything that was rendered."""
        whole = hashlib.sha256()
        for thing in self.rendered:
            whole.update(f"{thing.target}\0{thing.source}\0{len(thing.text)}\0{thing.text}".encode("utf-8", "replace"))
        return whole.hexdigest()

    def alone(self, action: Callable[[], T]) -> T:
        """What `action` returns, while no other thread is in here."""
        with self._alone:
            return action()

    def documents(self, path: str) -> tuple[manifest.Document, ...]:
        """The YAML documents of a file of the tree, parsed once. Raises NotYaml."""
        return self.once(("yaml", path), lambda: manifest.read(self.survey.text(path)))

    def answers(self) -> Mapping[str, Any]:
        """What the repository was made from; nothing if that is not written down in it."""
        return answers_of(self.survey)

    def delivered(self, kind: str, group: str) -> tuple[Rendered, ...]:
        """The rendered objects of one kind that are meant for a cluster; samples for tests are not.

        Args:
            group: how the apiVersion begins, such as `argoproj.io/`, so that any version will do.
        """
        return tuple(
            thing
            for thing in self.rendered
            if thing.content["kind"] == kind
            and str(thing.content["apiVersion"]).startswith(group)
            and not _SAMPLES.intersection(thing.target.split("/"))
        )

    def closing(self, action: Callable[[], None]) -> None:
        """Have `action` called when the validation is over."""
        with self._lock:
            self._closing.append(action)

    def close(self) -> None:
        """Stop whatever was started for this validation."""
        while self._closing:
            self._closing.pop()()

    def _copy(self, purpose: str) -> Path:
        base = self.folder("copy", purpose)
        for name in self.survey.files:
            target = base / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(self.survey.root / name, target)
        for name, points_to in self.survey.links:
            link = base / name
            link.parent.mkdir(parents=True, exist_ok=True)
            if not link.exists():
                link.symlink_to(os.path.relpath(base / points_to, link.parent))
        return base


def _stamp(path: Path) -> tuple[int, ...]:
    """What changes with a file: where it lies on the disk, its size and its dates; nothing if it is gone."""
    try:
        entry = path.stat()
    except OSError:
        return ()
    return (entry.st_dev, entry.st_ino, entry.st_size, entry.st_mtime_ns, entry.st_ctime_ns)


def _recalled(known: Store, name: str, find: Callable[[], toolchain.Program]) -> toolchain.Program:
    """The program that was found when everything a search looks at was as it is now, or the one that `find` finds."""
    surroundings, paths = toolchain.traces(name)
    key = store.key("program", name, surroundings, [[path, _stamp(Path(path))] for path in paths])
    fields = known.get(key)
    if isinstance(fields, list):
        return toolchain.Program(fields[0], Path(fields[1]), *fields[2:])
    found = find()
    if found.path.read_bytes()[:2] != b"#!":  # a script may be another program tomorrow, without changing
        known.put(key, [found.name, str(found.path), found.version, found.origin, found.sha256])
    return found


class _Once:
    """A value that is made at the first call of `get`, while later callers wait for it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._value: Any = None
        self._error: Exception | None = None
        self._done = False

    def get(self, make: Callable[[], Any]) -> Any:
        with self._lock:
            if not self._done:
                try:
                    self._value = make()
                except Exception as error:  # remembered for everybody who asks, and raised again below
                    self._error = error
                self._done = True
        if self._error is not None:
            raise self._error
        return self._value
