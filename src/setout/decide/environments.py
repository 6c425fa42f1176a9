"""Environments, in the plan's own order and spelling."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import pairwise

from setout.decide.because import silent
from setout.model import Choice, Entry, Kind, Mark, Origin, Plan, Sense, Statement, Zone
from setout.plan.questions import is_placeholder
from setout.plan.sense import sense
from setout.vocabulary import family, load

_PARENTS = frozenset({"environments", "environment", "envs", "env", "overlays", "stages", "live"})
_LABEL = re.compile(r"^[a-z][a-z0-9-]{0,30}$")
# What lies beside environments and is none: what they share, and what they are made of.
_SHARED = frozenset(
    [
        "_shared", "base", "bootstrap", "common", "components", "data", "default", "example", "files", "global",
        "includes", "main", "module", "modules", "root", "scripts", "shared", "template", "templates", "values",
    ]
)  # fmt: skip
_FILE = re.compile(
    r"^(?:values|config|kustomization|terraform|backend|env|secrets|settings|params|variables)?[-._]?"
    r"(?P<name>[a-z][a-z0-9-]*?)(?:[-._](?:values|env|backend))?\.(?:ya?ml|tfvars|tfbackend|hcl|env|auto\.tfvars)$"
)
_ASIDE = frozenset({"docs", "doc", "src", "specs", "test", "tests", "scripts", "docker", "node_modules"})
_GONE = frozenset({Mark.DELETED, Mark.FUTURE})
_SILENT = frozenset({Zone.GATES, Zone.DOCUMENTS, Zone.COMPLEXITY})
_JOINT = re.compile(
    r"\s*(?:\([^()]{0,60}\)\s*)?(?:[,/|&+→;、，]|->|\band\b|\bthen\b|\bund\b|\by\b|と)+\s*(?:and\b)?\s*", re.I
)
_ENVIRONMENT = re.compile(r"\s+(?:environment|env|stage|tier)\b(?!\s+variable)", re.I)
_ROMANCE = re.compile(r"\b(?:ambiente|entorno|environnement)\s+(?:de\s+|d')?$", re.I)  # "ambiente de demo"
# "The development environment" is where people write code more often than where it runs.
_WORKSTATION = frozenset({"development", "integration", "live", "local", "test", "testing"})
_SPOKEN = re.compile(r"\b(?:environments?|envs?|stages|tiers)\b|环境|環境", re.I)


def decide(plan: Plan, _made: Mapping[str, Choice]) -> Choice:
    """Directories of environments; else the field that asks; else files, columns and lists that name them."""
    for source, sentence, sure in (
        (_directories, "The tree has a directory for", True),
        (_fields, "The plan states", True),
        (_files, "The tree has files for", True),
        (_columns, "A table has a column for", True),
        (_lists, "The plan speaks of", False),
        (_phrases, "The plan is for", False),
    ):
        found = _ordered(source(plan))
        if found:
            because = f"{sentence} {', '.join(found)}."
            origin = Origin.STATED if sure else Origin.INFERRED
            lines = tuple(sorted(set(found.values())))
            doubts = tuple(_doubts(plan, found, shown=sure))
            return Choice("environments", list(found), (because,), lines, origin, doubts=doubts)
    return silent("environments", [], "The plan names no environment.")


def _doubts(plan: Plan, found: Mapping[str, int], *, shown: bool) -> Iterator[str]:
    if not shown:
        yield "Only sentences name them: no directory, field, file or table does."
    if lacking := undrawn(plan):
        yield f"The plan names {', '.join(lacking)}, too, and the tree has no directory for it."
    if _is_contradicted(plan, found):
        yield "The tree has files for other environments."


def _is_contradicted(plan: Plan, found: Mapping[str, int]) -> bool:
    """The tree has files for other environments only."""
    others = {canonical(name) for name, _ in _files(plan)}
    return bool(others) and others.isdisjoint(canonical(name) for name in found)


def tier(name: str) -> str:
    """The tier of an environment by its name; an unknown name is treated with the care of production."""
    for value, row in load("environments").items():
        if name == value or name in row["terms"]:
            return str(row["tier"])
    return "production"


def canonical(name: str) -> str:
    """The environment as the vocabulary calls it: `production` is `prod`; itself where the vocabulary has none."""
    rows = load("environments")
    return next((value for value, row in rows.items() if name == value or name in row["terms"]), name)


def undrawn(plan: Plan) -> dict[str, int]:
    """What the field names and the tree, which draws directories for others of them, does not; each with its line."""
    drawn = {canonical(name) for entry in plan.entries if (name := _in_parent(entry))}
    named = _ordered(_fields(plan))
    lacking = {name: line for name, line in named.items() if canonical(name) not in drawn}
    return lacking if drawn and len(lacking) < len(named) else {}


def _ordered(pairs: Iterable[tuple[str, int]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for name, line in pairs:
        found.setdefault(name, line)
    return found


def _directories(plan: Plan) -> Iterator[tuple[str, int]]:
    """What lies in environments/ or overlays/; else directories that bear the name of an environment."""
    entries = [entry for entry in plan.entries or plan.named if entry.mark not in _GONE]
    found = [(name, entry.place.line) for entry in entries if (name := _in_parent(entry))]
    yield from found or (
        (part, entry.place.line)
        for entry in entries
        if not _is_aside(entry)
        for part in (entry.parts if entry.is_directory else entry.parts[:-1])
        if part in _known()
    )


def _is_aside(entry: Entry) -> bool:
    return any(part in _ASIDE or (part.startswith(".") and len(part) > 1) for part in entry.parts[:-1])


def _in_parent(entry: Entry) -> str:
    """A directory below the parent, or a file there that is named after an environment."""
    if _is_aside(entry):
        return ""
    parts = _without_providers(entry.parts)
    for index, (parent, child) in enumerate(pairwise(parts)):
        if parent.lower() in _PARENTS:
            is_leaf = index + 2 == len(parts)
            if _LABEL.match(child) and child not in _SHARED:
                return child
            return _of_file(child) if is_leaf else ""
    return ""


def _without_providers(parts: tuple[str, ...]) -> tuple[str, ...]:
    """Some sort by provider first: in live/aws/dev the environment is dev."""
    clouds = family("clouds").rows.keys() - _known()
    is_provider = (above.lower() in _PARENTS and part in clouds for above, part in pairwise(parts))
    return parts[:1] + tuple(part for part, leave in zip(parts[1:], is_provider, strict=True) if not leave)


def _files(plan: Plan) -> Iterator[tuple[str, int]]:
    """Values and variables for one environment each: what is listed is written now, whenever its time comes."""
    for entry in plan.entries or plan.named:
        if entry.mark is not Mark.DELETED and not _is_aside(entry) and (name := _of_file(entry.name)):
            yield name, entry.place.line


def _of_file(file: str) -> str:
    match = _FILE.match(file.lower())
    return match["name"] if match and match["name"] in _known() and match["name"] not in {"test", "testing"} else ""


def _fields(plan: Plan) -> Iterator[tuple[str, int]]:
    """Known names in the field that asks for them, as far as they are wanted."""
    for statement in plan.fields("environments"):
        if statement.kind is not Kind.CELL and not is_placeholder(statement.text):
            yield from _named(statement)


def _columns(plan: Plan) -> Iterator[tuple[str, int]]:
    """A table with a column for each of two environments or more sizes them."""
    for row in plan.rows:
        names = [key for key in row.cells if key in _known()]
        if len(names) > 1:
            yield from ((name, row.place.line) for name in names)


def _lists(plan: Plan) -> Iterator[tuple[str, int]]:
    """Two known names or more in a row, in a sentence that speaks of environments."""
    for statement in plan.statements:
        if statement.zone in _SILENT or statement.kind is Kind.CODE or is_placeholder(statement.text):
            continue
        if not _SPOKEN.search(statement.text):
            continue
        names = list(_named(statement, exact=True))
        if len(names) > 1:
            yield from names


def _phrases(plan: Plan) -> Iterator[tuple[str, int]]:
    """One environment that the title, the summary or the context is about: "the dev environment"."""
    for statement in plan.statements:
        if statement.zone in {Zone.TITLE, Zone.SUMMARY, Zone.CONTEXT} and statement.key != "testing":
            for match in _terms(statement.text):
                is_phrase = _ENVIRONMENT.match(statement.text, match.end()) or _ROMANCE.search(
                    statement.text[max(0, match.start() - 30) : match.start()]
                )
                if (
                    is_phrase
                    and match.group().lower() not in _WORKSTATION
                    and sense(statement.text, match.start(), match.end()) is Sense.ASSERTED
                ):
                    yield match.group().lower(), statement.line_at(match.start())


def _named(statement: Statement, *, exact: bool = False) -> Iterator[tuple[str, int]]:
    """Known names in the text, in its order; `exact`: only those that stand in a list with another."""
    matches = list(_terms(statement.text))
    for index, match in enumerate(matches):
        beside = [matches[index - 1]] if index else []
        beside += matches[index + 1 : index + 2]
        in_list = any(_are_joined(statement.text, match, other) for other in beside)
        if (in_list or not exact) and sense(statement.text, match.start(), match.end()) is Sense.ASSERTED:
            yield match.group().lower(), statement.line_at(match.start())


def _are_joined(text: str, one: re.Match[str], other: re.Match[str]) -> bool:
    first, second = sorted((one, other), key=lambda match: match.start())
    return bool(_JOINT.fullmatch(text[first.end() : second.start()]))


def _terms(text: str) -> Iterator[re.Match[str]]:
    """Names of environments; behind a slash only in a row of them, "dev/prod", for else it is a path."""
    last = -1
    for match in _pattern().finditer(text):
        if text[match.start() - 1 : match.start()] != "/" or match.start() - 1 == last:
            last = match.end()
            yield match


@cache
def _known() -> frozenset[str]:
    rows = load("environments")
    return frozenset([*rows, *(term for row in rows.values() for term in row["terms"])])


@cache
def _pattern() -> re.Pattern[str]:
    terms = "|".join(re.escape(term) for term in sorted(_known(), key=len, reverse=True))
    return re.compile(rf"(?<![\w.-])(?:{terms})(?![\w-]|\.\w)", re.I)
