"""Why a file, or a line of it, is as it is: template, answers, decisions and plan lines; computed, never looked up.

What is recorded (template version, answers, plan) is rendered once more and watched, so that nothing has to be kept
beside the repository that could drift from it.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from setout import git, scratch
from setout.decide import decide
from setout.delivery import copying
from setout.delivery.answers import RESTS_ON
from setout.delivery.render import ANSWERS_FILE
from setout.errors import PlanError, UserError
from setout.model import JSON, Choice, File, Kind, Origin, Plan, Zone
from setout.plan import citation
from setout.provenance import lineage, marking
from setout.provenance.lineage import Lineage, Use
from setout.upkeep import amendment, moves, repository
from setout.upkeep.repository import Repository

_LINE = re.compile(r"(?P<path>.+):(?P<line>[1-9][0-9]*)")
# Once given, names stay (setout.upkeep.amendment); why they are what they are is still in the plan.
_NAMES = frozenset({"project", "repository", "feature"})
_SHORTEST = 3  # characters of a value that is looked for in a line; shorter ones are everywhere


@dataclass(frozen=True, slots=True)
class Ground:
    """One answer that was used (of a list only the items that count), the plan lines it rests on, and the reasons."""

    answer: str
    value: JSON
    lines: tuple[int, ...]
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Why:
    """What made a file, or one line of it.

    Attributes:
        path: the file, below the repository's root.
        line: the line that was asked for; 0 for the whole file.
        blueprint: the template file, below the template's root; "" where a person wrote it.
        plan: the plan, below the repository's root; "" where there is none.
        grounds: the answers that were used, each with plan lines and reasons.
        quotes: what stands on those plan lines.
        notes: what a reader has to know beside it.
    """

    path: str
    line: int
    blueprint: str
    plan: str
    grounds: tuple[Ground, ...] = ()
    quotes: Mapping[int, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def because(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(sentence for ground in self.grounds for sentence in ground.because))


@dataclass(frozen=True, slots=True)
class Resting:
    """What rests on one line of the plan: the decisions, and every file with the answers that lead to it."""

    plan: str
    line: int
    text: str
    fields: tuple[str, ...]
    files: Mapping[str, tuple[str, ...]]


def locate(text: str, inside: Path | None = None) -> tuple[Path, str, int]:
    """Repository, path below it and line (0: none) of what a person typed as FILE or FILE:LINE.

    Raises:
        UserError: it lies in no delivered repository.
    """
    match = _LINE.fullmatch(text)
    base = inside or Path()
    name, line = (match["path"], int(match["line"])) if match and not (base / text).exists() else (text, 0)
    file = Path(base / name).absolute()
    file = file.parent.resolve() / file.name
    for root in (inside.resolve(),) if inside else file.parents:
        if (root / ANSWERS_FILE).is_file() and file.is_relative_to(root):
            return root, file.relative_to(root).as_posix(), line
    raise UserError(f"{name}: lies in no delivered repository", "give the repository with --in")


def of_file(repo: Repository, path: str, line: int = 0, *, template: str = "") -> Why:
    """Why the file `path` of the repository (or its line `line`) is as it is.

    Raises:
        UserError: there is neither such a file nor such a line.
        PlanError, TemplateError: plan or template cannot be read.
    """
    record = _Record(repo)
    if path == record.plan_path:
        return replace(record.nothing(path, line), notes=("this is the plan itself",))
    seen = _watch(repo, template, path if line else "")
    made = path
    if path not in seen.lineages:
        made = _origin(repo, path, seen)
        if not made:
            return _of_person(record, repo, path, line)
        seen = _watch(repo, template, made) if line else seen
    moved = (f"a person moved this file here from {made}",) if made != path else ()
    if line:
        found = _of_line(record, repo, path, line, seen, made)
        return replace(found, notes=(*moved, *found.notes))
    origin = seen.lineages[made]
    state = _state(repo, path, seen.delivered.get(made))
    return record.why(path, 0, origin.template, origin.uses, (*moved, *state))


def of_plan_line(repo: Repository, line: int, *, template: str = "") -> Resting:
    """Every file that rests on line `line` of the repository's plan.

    Raises:
        UserError: the repository has no plan, or the plan no such line.
    """
    record = _Record(repo)
    if record.document is None:
        raise UserError(f"{repo.root}: there is no plan", "it belongs to specs/<feature>/plan.md")
    count = len(record.document.lines)
    if not 1 <= line <= count:
        raise UserError(f"{record.plan_path}: it has no line {line}, only {count}", "ask for a line that is there")
    lineages = _watch(repo, template, "").lineages
    files = {path: tuple(record.resting(found.uses, line)) for path, found in sorted(lineages.items())}
    fields = tuple(name for name, choice in record.choices.items() if line in choice.lines)
    used = {path: answers for path, answers in files.items() if answers}
    return Resting(record.plan_path, line, record.document.quote(line), fields, used)


@dataclass(frozen=True, slots=True)
class _Seen:
    """One watched render: every lineage, the text of every file, and what wrote the lines of one of them."""

    lineages: Mapping[str, Lineage]
    delivered: Mapping[str, bytes]
    origins: Sequence[marking.Origin] | None


def _watch(repo: Repository, template: str, closer: str) -> _Seen:
    used = repository.recorded_template(repo, template)
    data = json.loads(json.dumps(dict(repo.answers)))
    with scratch.folder() as folder:
        into = folder / "tree"

        def look(workshop: copying.Workshop) -> _Seen:
            library = lineage.Library(workshop)
            made = workshop.made
            origins = None
            if closer in made:
                text = (into / closer).read_bytes().decode("utf-8", "replace")
                origins = marking.lines_of(library, made[closer], text)
            delivered = {path: (into / path).read_bytes() for path in made if (into / path).is_file()}
            return _Seen({path: library.lineage(path, item) for path, item in made.items()}, delivered, origins)

        return copying.watch(used.source, used.ref, data, into, ANSWERS_FILE, look)


def _origin(repo: Repository, path: str, seen: _Seen) -> str:
    """The path at which a file was delivered that a person has moved to `path`; "" where it is their own."""
    gone = {made: File(data) for made, data in seen.delivered.items() if not (repo.root / made).exists()}
    places = moves.find(repo.root, gone, set(git.listed(repo.root)) - set(seen.delivered))
    return next((made for made, target in places.items() if target == path), "")


def _of_line(record: _Record, repo: Repository, path: str, line: int, seen: _Seen, made: str) -> Why:
    origin = seen.lineages[made]
    text = _line(repo.root / path, path, line)
    delivered = seen.delivered[made].decode("utf-8", "replace").splitlines()
    number = _counterpart((repo.root / path).read_bytes().decode("utf-8", "replace").splitlines(), delivered, line)
    if number is None:
        return replace(record.nothing(path, line), notes=("a person wrote this line: the template alone has another",))
    if seen.origins is None:
        found = marking.Origin((), origin.by_content)
    else:
        found = seen.origins[number] if number < len(seen.origins) else marking.Origin()
    uses = _narrowed(found, text, repo.answers)
    if uses:
        return record.why(path, line, origin.template, uses, ())
    note = "the template alone wrote this line: no answer is used in it"
    return replace(record.nothing(path, line), blueprint=origin.template, notes=(note,))


def _of_person(record: _Record, repo: Repository, path: str, line: int) -> Why:
    if not (repo.root / path).exists():
        raise UserError(f"{path}: there is no such file, and no template makes one", "give a path below the repository")
    if line:
        _line(repo.root / path, path, line)
    return replace(record.nothing(path, line), notes=("a person put this file here: no template makes it",))


def _line(file: Path, path: str, line: int) -> str:
    try:
        lines = file.read_bytes().decode("utf-8", "replace").splitlines()
    except OSError as error:
        raise UserError(f"{path}: cannot be read ({error.strerror})", "ask for the file without a line") from None
    if line > len(lines):
        raise UserError(f"{path}: it has no line {line}, only {len(lines)}", "ask for a line that is there")
    return lines[line - 1]


def _state(repo: Repository, path: str, delivered: bytes | None) -> tuple[str, ...]:
    file = repo.root / path
    if not file.is_file():
        return ("a person deleted this file",)
    return () if delivered is None or file.read_bytes() == delivered else ("a person edited this file",)


def _counterpart(own: Sequence[str], delivered: Sequence[str], line: int) -> int | None:
    """The 0-based line as it was delivered that line `line` of the file still is; None if a person wrote it."""
    for tag, a1, a2, b1, _ in difflib.SequenceMatcher(None, own, delivered, autojunk=False).get_opcodes():
        if tag == "equal" and a1 <= line - 1 < a2:
            return b1 + line - 1 - a1
    return None


def _narrowed(found: marking.Origin, text: str, answers: Mapping[str, JSON]) -> tuple[Use, ...]:
    """What wrote the line, with lists narrowed to the items that it names; of a longer part what occurs in the line."""
    exact = tuple(_occurring(use, text, answers) or use for use in found.exact)
    loose = tuple(filter(None, (_occurring(use, text, answers) for use in found.loose)))
    return lineage.merge((*exact, *loose)) or found.loose


def _occurring(use: Use, text: str, answers: Mapping[str, JSON]) -> Use | None:
    value = answers.get(use.question)
    if not isinstance(value, list):
        return use if any(leaf in text for leaf in _leaves(value)) else None
    items = use.items or tuple(value)
    named = tuple(
        item for item in items if isinstance(item, dict) and citation.mentions(text, str(item.get("name", "")))
    )
    hits = named or tuple(item for item in items if any(leaf in text for leaf in _leaves(item)))
    return Use(use.question, hits) if hits else None


def _leaves(value: JSON) -> Iterator[str]:
    """The words in a value that can be recognised in a line."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from _leaves(item)
    elif value is not None and not isinstance(value, bool) and len(str(value)) >= _SHORTEST:
        yield str(value)


class _Record:
    """What the repository records of its making: the plan line by line, today's decision, and the answers."""

    def __init__(self, repo: Repository) -> None:
        self.answers = repo.answers
        self.document: citation.Document | None = None
        self.plan_path = ""
        self.choices: Mapping[str, Choice] = {}
        self.stale: frozenset[str] = frozenset()
        if repo.plan is not None:
            self.document = citation.read(repo.plan)
            self.plan_path = repo.plan.relative_to(repo.root).as_posix()
            self.choices = _choices(self.document.plan, repo.answers)
            self.stale = frozenset(_stale(self.document.plan, repo.answers))

    def nothing(self, path: str, line: int) -> Why:
        return Why(path, line, "", self.plan_path)

    def why(self, path: str, line: int, template: str, uses: Iterable[Use], notes: tuple[str, ...]) -> Why:
        """What the uses rest on."""
        grounds = tuple(self._ground(real) for use in uses if (real := self._real(use)))
        quotes = {number: self._quote(number) for ground in grounds for number in ground.lines}
        if not grounds:
            notes = (*notes, "the template alone made it: no answer is used")
        changed = sorted(self.stale & {ground.answer for ground in grounds})
        if changed:
            notes = (*notes, f"today's plan answers otherwise, and `setout preview` shows how: {', '.join(changed)}")
        if self.document is None:
            notes = (*notes, "the repository holds no plan, so there is no line to name")
        return Why(path, line, template, self.plan_path, grounds, dict(sorted(quotes.items())), notes)

    def _ground(self, use: Use) -> Ground:
        value = list(use.items) if use.items else self.answers[use.question]
        return Ground(use.question, value, self._lines(use), tuple(self._because(use)))

    def resting(self, uses: Iterable[Use], line: int) -> Iterator[str]:
        """Those of the used answers that rest on line `line`."""
        return (use.question for use in uses if self._real(use) and line in self._lines(use))

    def _real(self, use: Use) -> Use | None:
        """The use as far as the answers bear it out: an item that is asked for and not there is none."""
        value = self.answers.get(use.question)
        if not use.items:
            return use if use.question in self.answers else None
        items = tuple(item for item in use.items if isinstance(value, list) and item in value)
        return Use(use.question, items) if items else None

    def _quote(self, line: int) -> str:
        return self.document.quote(line) if self.document else ""

    def _lines(self, use: Use) -> tuple[int, ...]:
        if self.document is None:
            return ()
        if use.question == "summary":
            statements = (s for s in self.document.plan.statements if s.kind in {Kind.PROSE, Kind.FIELD})
            return tuple(s.place.line for s in statements if s.zone is Zone.SUMMARY)[:1]
        lines = (line for choice in self._choices(use) for line in choice.lines)
        return self.document.about(lines, [_name(item) for item in use.items])

    def _choices(self, use: Use) -> list[Choice]:
        """The choices that the answer rests on: the first that the plan speaks of, else the first."""
        if use.question == "decisions":
            items = use.items or self.answers["decisions"]
            told = [str(item.get("field")) for item in items if isinstance(item, dict)]
            return [self.choices[name] for name in told if name in self.choices]
        choices = [self.choices[name] for name in RESTS_ON.get(use.question, ()) if name in self.choices]
        return ([choice for choice in choices if choice.lines] or choices)[:1]

    def _because(self, use: Use) -> Iterator[str]:
        if use.question in self.stale:
            return
        names = tuple(f"{_name(item)}:" for item in use.items)
        for choice in self._choices(use):
            about = [sentence for sentence in choice.because if sentence.startswith(names)]
            yield from about or list(choice.because)


def _name(item: JSON) -> str:
    return str(item.get("name") or item.get("field") or "") if isinstance(item, dict) else str(item)


def _choices(plan: Plan, recorded: Mapping[str, JSON]) -> dict[str, Choice]:
    """Today's choices by name. What a person set at delivery stands before what the plan says of it."""
    alone = {choice.field: choice for choice in decide(plan).choices}
    for choice in amendment.amend(plan, recorded, {}).choices:
        is_set = choice.origin is Origin.SET and choice.field not in _NAMES
        if is_set and alone[choice.field].origin is not Origin.DEFAULT:
            alone[choice.field] = choice
    return alone


def _stale(plan: Plan, recorded: Mapping[str, JSON]) -> Iterator[str]:
    """The answers that today's plan gives otherwise. A plan that cannot be delivered gives none."""
    try:
        today = amendment.answers(plan, amendment.amend(plan, recorded, {}), recorded, {})
    except (PlanError, UserError):
        return
    yield from (name for name, value in today.items() if name in recorded and recorded[name] != value)
