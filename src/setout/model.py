"""The nouns: frozen values that flow from one stage to the next. Imports nothing of ours and does no I/O."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from pathlib import Path
from typing import Any

JSON = Any  # what `json` reads and writes: None, bool, int, float, str, list, dict


class Word(Enum):
    """A word of a closed list; hashed as the one object that it is, for a long plan looks it up a million times."""

    __hash__ = object.__hash__


class Origin(Enum):
    """How a value came about."""

    STATED = "stated"  # the plan says so in the field meant for it
    INFERRED = "inferred"  # the plan says something from which it follows
    DEFAULT = "default"  # the plan is silent and a default is taken
    SET = "set"  # the person said so on the command line


class Outcome(Enum):
    """What the plan leads to."""

    SCAFFOLD = "scaffold"
    CLARIFY = "clarify"
    NONE = "none"


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A position in a file: 1-based line and column."""

    line: int
    column: int = 1


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing the plan says: `field` has `value`, believed because of `text` at `place`."""

    field: str
    value: str
    place: Place
    origin: Origin
    text: str


@dataclass(frozen=True, slots=True)
class SetAside:
    """Something seen in the plan and deliberately not believed, with the reason."""

    field: str
    value: str
    place: Place
    reason: str


@dataclass(frozen=True, slots=True)
class Question:
    """Something the plan leaves open. With a `default` it is listed and answered by it; without, delivery stops."""

    field: str
    place: Place
    text: str
    answers: tuple[str, ...] = ()
    default: str | None = None

    @property
    def stops(self) -> bool:
        return self.default is None


class Kind(Word):
    """What sort of place in the document a statement is."""

    HEADING = "heading"
    FIELD = "field"
    ITEM = "item"
    CELL = "cell"
    PROSE = "prose"
    CODE = "code"


class Zone(Word):
    """Which part of the plan a statement belongs to; parts differ in how much their words weigh."""

    TITLE = "title"
    SUMMARY = "summary"
    CONTEXT = "technical context"
    COMPONENTS = "deployment components"
    GATES = "constitution check"
    DOCUMENTS = "documentation tree"
    STRUCTURE = "project structure"
    COMPLEXITY = "complexity tracking"
    REST = "the rest"


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing the document says.

    `text` is without Markdown's marks and keeps its line breaks; `key` is the name of the field, the
    header of the column, or the info string of the fence, lower case; `section` is the path of
    headings above it; `row` counts the rows of table number `table` (0: not in a table).
    """

    kind: Kind
    text: str
    place: Place
    key: str = ""
    section: tuple[str, ...] = ()
    ticked: bool | None = None
    row: int = 0
    table: int = 0
    zone: Zone = Zone.REST

    def line_at(self, offset: int) -> int:
        """The line of the document on which the character at `offset` of the text stands."""
        return self.place.line + self.text.count("\n", 0, offset)


class Mark(Word):
    """What a directory tree says of an entry."""

    NONE = ""
    NEW = "new"
    EXISTING = "existing"
    CHANGED = "changed"
    DELETED = "deleted"
    FUTURE = "future"


@dataclass(frozen=True, slots=True)
class Entry:
    """One path of a directory tree. `tree` numbers the block it stands in; `section` is the path of headings above."""

    path: str
    place: Place
    comment: str = ""
    mark: Mark = Mark.NONE
    is_directory: bool = False
    section: tuple[str, ...] = ()
    tree: int = 0

    @property
    def name(self) -> str:
        return self.path.rsplit("/", 1)[-1]

    @property
    def parts(self) -> tuple[str, ...]:
        return tuple(self.path.split("/"))


class Sense(Word):
    """What a sentence does with a term it names."""

    ASSERTED = "asserted"
    NEGATED = "negated"
    REPLACED = "replaced"
    ALTERNATIVE = "alternative"
    EXISTING = "already there"
    FUTURE = "postponed"
    MENTIONED = "mere mention"


@dataclass(frozen=True, slots=True)
class Mention:
    """A term of the vocabulary found in the plan: its `family` (clouds, tools, …) and `value`, and what is meant.

    `offset` is where in the text of the statement the term begins.
    """

    family: str
    value: str
    term: str
    place: Place
    sense: Sense
    statement: Statement
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Gate:
    """One line of the constitution check. `passed` is None where the plan does not say."""

    name: str
    passed: bool | None
    place: Place


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table: the cells by the header of their column, lower case."""

    cells: Mapping[str, str]
    place: Place
    section: tuple[str, ...] = ()
    table: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan as it was written: every statement, path and term with its place, and nothing decided yet."""

    path: str
    dialect: str
    title: str
    feature: str
    summary: str
    statements: tuple[Statement, ...]
    entries: tuple[Entry, ...]
    documents: tuple[Entry, ...]
    mentions: tuple[Mention, ...]
    rows: tuple[Row, ...]
    gates: tuple[Gate, ...]
    structure_decision: str
    questions: tuple[Question, ...] = ()
    named: tuple[Entry, ...] = ()  # paths in the text; they stand for a tree where the plan draws none
    neighbours: tuple[Plan, ...] = ()  # the documents beside it, each as a plan that says what counts there

    def fields(self, name: str) -> tuple[Statement, ...]:
        """The statements under the field called `name` in the vocabulary (`cloud`, `state`, …), in their order."""
        return tuple(
            statement for statement in self.statements if statement.key == name and statement.kind is not Kind.CODE
        )


@dataclass(frozen=True, slots=True)
class Citation:
    """A line of a document beside the plan, by its path below the project's root."""

    path: str
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One decision: `field` is `value`, because of these sentences, resting on these lines of the plan.

    `beside` are the lines of other documents that it rests on where the plan is silent; `doubts` say what makes it
    unsure, and without one it is sure.
    """

    field: str
    value: JSON
    because: tuple[str, ...]
    lines: tuple[int, ...]
    origin: Origin
    flips: str = ""
    beside: tuple[Citation, ...] = ()
    doubts: tuple[str, ...] = ()

    @property
    def sure(self) -> bool:
        return not self.doubts


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to be built, and why. `choices` are in the order in which a reviewer wants to read them."""

    outcome: Outcome
    reason: str
    choices: tuple[Choice, ...]
    questions: tuple[Question, ...] = ()
    undelivered: tuple[SetAside, ...] = ()

    def __getitem__(self, name: str) -> JSON:
        return self.choice(name).value

    def choice(self, name: str) -> Choice:
        """The choice called `name`. Raises KeyError if no rule made it."""
        for choice in self.choices:
            if choice.field == name:
                return choice
        raise KeyError(name)


@dataclass(frozen=True, slots=True)
class Answers:
    """What Copier is given: plain JSON, and nothing that no question asks for."""

    values: Mapping[str, JSON]


@dataclass(frozen=True, slots=True)
class Tree:
    """A delivered repository on disk: its root and every file below it, as sorted relative POSIX paths."""

    root: Path
    files: tuple[str, ...]


class Severity(Enum):
    """How much a finding matters, worst first."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def rank(self) -> int:
        """0 for the worst."""
        return list(Severity).index(self)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong in the tree: the rule, what, what to do, and where (path below the root, 1-based line or 0).

    `about` is what the rule requires, the same for all its findings; `fingerprint` stays when lines move.
    """

    rule: str
    message: str
    remedy: str
    path: str
    line: int = 0
    severity: Severity = Severity.ERROR
    about: str = ""
    fingerprint: str = ""


class Status(Enum):
    """How a check ended. Not checked is never passed."""

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"  # nothing here for this check to look at
    MISSING = "missing"  # it should have run and could not


@dataclass(frozen=True, slots=True)
class Result:
    """One check of one target: how many things it really looked at, in how many seconds, and what it found.

    `verb` is what the tool was asked to do (`fmt`, `validate`, `lint`, …), or the family of a gate.
    """

    tool: str
    version: str
    target: str
    status: Status
    checked: int
    seconds: float
    reason: str = ""
    findings: tuple[Finding, ...] = ()
    verb: str = ""
    cached: bool = False  # found out by an earlier run, from exactly the same

    @property
    def title(self) -> str:
        """The check as people call it: `terraform fmt`."""
        return f"{self.tool} {self.verb}".strip()


@dataclass(frozen=True, slots=True)
class Validation:
    """Every result over one tree, in a fixed order. `root` is the tree as the caller named it."""

    results: tuple[Result, ...] = ()
    notes: tuple[str, ...] = field(default=())
    root: str = ""

    def count(self, status: Status) -> int:
        return sum(result.status is status for result in self.results)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Every finding once, even where several targets share the file it stands in."""
        return tuple(dict.fromkeys(finding for result in self.results for finding in result.findings))

    @property
    def gaps(self) -> tuple[Result, ...]:
        """Results that say why something was not looked at, or not to the end."""
        return tuple(r for r in self.results if r.reason and r.status in {Status.FAILED, Status.MISSING})

    def judged(self, fail_on: Severity = Severity.ERROR, required: Sequence[str] = ()) -> Validation:
        """The same results under the caller's rules.

        Args:
            fail_on: a finding as bad as this, or worse, fails its check.
            required: tools (`terraform`) or checks (`terraform fmt`) of which at least one must have looked at
                something; where they had nothing to look at, they are missing.
        """
        idle = {name for name in required if not any(r.checked for r in self.results if name in {r.tool, r.title})}
        return replace(self, results=tuple(_judged(result, fail_on, idle) for result in self.results))

    @property
    def exit_code(self) -> int:
        """1 if something is wrong, 6 if something could not be looked at or nothing was, else 0 (docs: exit codes)."""
        if self.count(Status.FAILED):
            return 1
        if self.count(Status.MISSING) or not self.count(Status.PASSED):
            return 6
        return 0


def _judged(result: Result, fail_on: Severity, idle: set[str]) -> Result:
    if any(finding.severity.rank <= fail_on.rank for finding in result.findings):
        return replace(result, status=Status.FAILED)
    if result.status is Status.SKIPPED and idle & {result.tool, result.title}:
        return replace(result, status=Status.MISSING, reason=f"required, but {result.reason}")
    return result


@dataclass(frozen=True, slots=True)
class File:
    """One file as git keeps it: its bytes (of a link: where it leads) and its mode."""

    data: bytes
    mode: str = "100644"  # 100755: may be run, 120000: a symbolic link
