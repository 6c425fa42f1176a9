"""Tables, lists and fields that name what is installed: rows with a version, items below a title, roles filled."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from setout.decide import third_party
from setout.decide.install_words import is_hosted, is_of_it
from setout.model import Kind, Plan, Row, Sense, Statement, Zone
from setout.plan.sense import sense
from setout.vocabulary import family

SILENT = frozenset({Zone.GATES, Zone.DOCUMENTS, Zone.COMPLEXITY})
_NAMED = (
    "name",
    "dependency",
    "component",
    "components",
    "chart",
    "helm chart",
    "addon",
    "add-on",
    "operator",
    "service",
    "tool",
)
# Columns that name what a platform consists of, and do not say that it is installed.
_LOOSE = frozenset({"component", "components"})
_INSTALLED = re.compile(r"version|namespace|chart|helm|install|sync.?wave|wave|repository|replicas", re.I)
_THERE = re.compile(
    r"\b(?:existing|already|unchanged|external|deferred|future|later|not (?:used|needed)|managed)\b", re.I
)
# Where the row gives a repository of charts, even a database is one that the cluster runs.
_CHART_SOURCE = re.compile(r"\boci://|https://[^\s|]*\b(?:charts?|helm)\b", re.I)
_LIST_OF_INSTALLS = re.compile(
    r"\b(?:install\w*|add-?ons?|helm (?:charts|releases)|(?:platform|cluster|infrastructure|third-party|system) "
    r"(?:components|services|add-?ons)|operators|deploy(?:ed|s)? components|"
    r"deploy(?:s|ing)? (?:the following|these))\b",
    re.I,
)

_ROLE = re.compile(
    r"^(?:ingress|load ?balanc|service mesh|mesh|cni|network plugin|certificate|tls|dns|monitoring|observability|"
    r"metrics|logging|logs|tracing|alerting|dashboard|auto-?scal|node scaling|backup|(?:container |image )?registry|"
    r"policy|runtime security|security|secrets? (?:operator|sync)|identity|sso|authentication|gateway|api gateway|"
    r"progressive|(?:relational |message |event )?(?:database|db|broker|queue|bus|streaming)|caching|cache|messaging)",
    re.I,
)
_DECIDED = frozenset(
    [
        "choice",
        "decision",
        "technology",
        "tool",
        "selected",
        "solution",
        "component",
        "tools",
        "implementation",
        "stack",
    ]
)
_JOINT = re.compile(r"\s*(?:\([^()]*\)\s*)?(?:v?\d[\w.+]*\s*)?(?:\+|/|,|&|and\b|with\b|、|，)\s*")

_PAIR = re.compile(r"(?P<key>[A-Za-z][\w /&-]{1,40}):\s+(?P<value>\S.*)", re.S)
_DECISION = re.compile(r"^(?:decision|choice|chosen|selected)$")
_ADDONS = re.compile(
    r"^(?:\w+ )?(?:add-?ons?|helm charts?|operators|controllers|(?:cluster|platform|system) (?:components|services))$"
)
# "ADR-3: use Strimzi": a heading that decides.
_VERDICT = re.compile(
    r"(?:ADR?|Decision|D)[- ]?\d*\s*[:.–—-]\s*(?:(?:use|adopt|choose|install)\s+)?(?P<value>\S.*)", re.I | re.S
)
_LONGEST = 400  # characters; a value that goes on is a sentence, and its head has been told
_INGRESS = re.compile(r"ingress")
_NGINX = re.compile(r"nginx(?!\s+(?:plus|proxy|gateway))\b", re.I)
_FILLED = (
    (_ROLE, "it fills a role of the platform"),
    (_DECISION, "the plan decides for it"),
    (_ADDONS, "it is an add-on of the cluster"),
)
_HEAD_END = re.compile(r"[.;!?](?=\s|$)|\s[—–]\s")
_JOINT_BEFORE = re.compile(r"(?:\+|/|,|&|\(|\band|\bwith|\bvia|\busing|\bthrough|、|，)\s*(?:the\s+)?$")
_END = re.compile(r"\s*(?:$|[(.;:]|via\b|helm\b|charts?\b|values\b|releases?\b|v?\d)", re.I)


@dataclass(frozen=True, slots=True)
class Install:
    """Why a component is taken as installed: the sentence for people, the lines, and whether that is solid."""

    sentence: str
    lines: tuple[int, ...]
    sure: bool


def from_rows(plan: Plan) -> Iterator[tuple[str, Install]]:
    """Rows of a table that lists add-ons with what one installs them by."""
    for row in plan.rows:
        column = next((c for c in _NAMED if c in row.cells), "")
        text = " ".join(row.cells.values())
        if column and _tells_installation(row, column) and not _THERE.search(text):
            cell = row.cells[column].split("\n")[0]
            name = third_party.of_name(third_party.canonical(cell.rpartition("/")[2] if "chart" in column else cell))
            if (
                name
                and not third_party.at_desk(name)
                and (_CHART_SOURCE.search(text) or not third_party.data_kind(name))
            ):
                sure = column not in _LOOSE or bool(_INSTALLED.search(" ".join(row.cells)))
                yield name, Install(f'a table lists it: "{text[:100]}".', (row.place.line,), sure)


def _tells_installation(row: Row, column: str) -> bool:
    if column in {"name", "dependency"}:
        return bool(_CHART_SOURCE.search(" ".join(row.cells.values())))
    others = " ".join(key for key in row.cells if key != column)
    return bool(_INSTALLED.search(others)) or column in {*_LOOSE, "addon", "add-on", "chart", "helm chart", "operator"}


def from_lists(plan: Plan) -> Iterator[tuple[str, Install]]:
    """Items that begin with a component, below a heading or a line that announces what is installed."""
    lead = ""
    for statement in plan.statements:
        if statement.kind is not Kind.ITEM:
            lead = statement.text[-160:] if statement.text.rstrip().endswith((":", "：")) else ""
        title = f"{statement.section[-1] if statement.section else ''} {statement.key} {lead}"
        if statement.zone in SILENT or statement.kind not in {Kind.ITEM, Kind.FIELD}:
            continue
        name = _first_word(statement)
        if name and not third_party.data_kind(name) and _LIST_OF_INSTALLS.search(title):
            text = " ".join(statement.text.split())[:100]
            yield name, Install(f'a list of installations has it: "{text}".', (statement.place.line,), False)


def _first_word(statement: Statement) -> str:
    if statement.kind is Kind.FIELD and third_party.of_name(third_party.canonical(statement.key)):
        return third_party.of_name(third_party.canonical(statement.key))
    words = family("components")
    match = words.pattern.match(statement.text)
    if match and sense(statement.text, match.start(), match.end()) is Sense.ASSERTED:
        return words.value_of(match.group())
    return ""


def from_roles(plan: Plan) -> Iterator[tuple[str, Install]]:
    """A field or a row that is named after a role in a platform names what fills it: "Ingress: Traefik"."""
    for statement, key, text in _pairs(plan):
        for names, reason in _FILLED:
            if names is _ROLE and _INGRESS.match(key) and _NGINX.match(text):
                yield "ingress-nginx", Install(f'{reason}: "{key}: {text}"'[:130], (statement.place.line,), False)
            if names.match(key):
                yield from _filled(statement, text, f'{reason}: "{key}: {text}"'[:130])
    for row in plan.rows:
        cells = list(row.cells.values())
        if len(cells) > 1 and _ROLE.match(cells[0].lower()) and _DECIDED & set(row.cells):
            for name in joined(next((text for key, text in list(row.cells.items())[1:] if key in _DECIDED), "")):
                yield name, Install(f'a table decides for it: "{" ".join(cells)[:100]}".', (row.place.line,), True)


def _filled(statement: Statement, text: str, shown: str) -> Iterator[tuple[str, Install]]:
    for name in joined(text):
        yield name, Install(f"{shown}.", (statement.place.line,), False)


def _pairs(plan: Plan) -> Iterator[tuple[Statement, str, str]]:
    """Every field, and every item that is written like one, with its key and its value."""
    for statement in plan.statements:
        if statement.zone in SILENT:
            continue
        if statement.kind is Kind.FIELD:
            yield statement, statement.key, statement.text
        elif statement.kind is Kind.HEADING and (match := _VERDICT.match(statement.text)):
            yield statement, "decision", match["value"]
        elif statement.kind is Kind.ITEM and (match := _PAIR.match(statement.text)):
            yield statement, match["key"].lower(), match["value"]


def joined(text: str) -> Iterator[str]:
    """The components among the things that the head of a value joins: "a load balancer + Traefik with Keycloak"."""
    head = _HEAD_END.split(text[:_LONGEST], maxsplit=1)[0]
    words = family("components")
    for match in words.pattern.finditer(head):
        name = words.value_of(match.group())
        before, after = head[: match.start()], head[match.end() :]
        if sense(head, match.start(), match.end()) is not Sense.ASSERTED:
            continue
        is_piece = not before.strip() or bool(_JOINT_BEFORE.search(before))
        if is_piece and not is_of_it(after) and name in set(chosen(head[match.start() :])):
            yield name


def chosen(text: str, *, alone: bool = False, data: bool = False) -> Iterator[str]:
    """What stands at the head of a value, and what is joined to it.

    Args:
        alone: and nothing else stands there.
        data: databases and the like too.
    """
    words = family("components")
    names, position = list[str](), 0
    while match := words.pattern.match(text, position):
        name = words.value_of(match.group())
        asserted = sense(text, match.start(), match.end()) is Sense.ASSERTED
        is_wanted = data or not third_party.data_kind(name)
        if asserted and is_wanted and not is_hosted(text[: match.start()], text[match.end() :]):
            names.append(name)
        joint = _JOINT.match(text, match.end())
        position = joint.end() if joint else match.end()
        if not joint:
            break
    if not alone or _END.match(text, position):
        yield from names
