"""The organization's own applications, and the charts that are delivered for them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from setout.decide import application_parts, application_words, workloads
from setout.decide.because import silent
from setout.model import JSON, Choice, Kind, Origin, Place, Plan, Statement, Zone
from setout.plan.questions import is_placeholder

_NONE = re.compile(r"^(?:none|n/?a|no\b|-|—)", re.I)
_ITEM = re.compile(
    r"(?=\S*[A-Za-z])(?P<name>[A-Za-z0-9][\w.-]*)\s*(?:\((?P<note>[^()]*)\))?\s*"
    r"(?:(?:[:—–-]|on|with|at|as|from|in|via|delivered|deployed)\s+(?P<rest>.*))?",
    re.S | re.I,
)
_PORT = re.compile(r"\bport\s*[:=]?\s*(?P<port>\d{2,5})|:(?P<bare>\d{4,5})\b", re.I)
_IMAGE = re.compile(
    r"(?<![\w./-])(?P<image>[a-z0-9][a-z0-9.-]*\.[a-z]{2,}(?::\d+)?/[a-z0-9._/-]+)(?::(?P<tag>[\w][\w.-]*))?"
)
_HOST = re.compile(
    r"\b(?:host|hostname|domain|url)\s*[:=]?\s*(?P<host>[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?\.[a-z]{2,})", re.I
)
_CHART = re.compile(r"\b(?:helm )?chart\b", re.I)
_NUMBERS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_COUNTED = re.compile(
    rf"\b(?P<count>\d{{1,2}}|{'|'.join(_NUMBERS)})\s+(?!(?:paas|saas|managed|cloud|azure|aws|gcp|external|third-party)\b)(?:[\w-]+\s+)?(?:services|microservices|applications|apps|deployments)"
    r"\s*(?:\(|:\s)(?P<list>[^():;.\n]{3,200})",
    re.I,
)
# Where clouds run what somebody has built.
_RUNS = re.compile(r"\b(?:ECS|Fargate|Cloud Run|App Runner|Container Apps|Container Instances|App Service)\b")
_TOLD = frozenset({Zone.TITLE, Zone.SUMMARY, Zone.CONTEXT})
# "backend-svc" is the Service in front of "backend".
_OF_ROLE = re.compile(r"(?:(?<=^frontend)|(?<=^backend)|(?<=^api)|(?<=^web))-svc$")
_SERVICES = ("service", "microservice", "deployment", "workload", "application", "app", "container")
_RUNNING = re.compile(r"\b(?:ports?|replicas|image|cpu|memory)\b")
_AND = re.compile(r",|\band\b|&")
_WHOLE = re.compile(
    r"(?<![\w-])(?P<name>[a-z0-9]{1,40}(?:-[a-z0-9]{1,40}){0,4}?)-(?:service|svc|api|app|worker|server)(?![\w-])", re.I
)
_SILENT = frozenset({Zone.GATES, Zone.DOCUMENTS, Zone.COMPLEXITY})


@dataclass(frozen=True, slots=True)
class Application:
    """One own application as the plan names it."""

    name: str
    place: Place
    details: Mapping[str, JSON] = field(default_factory=dict)


def decide(plan: Plan, made: Mapping[str, Choice]) -> Choice:
    """The Custom Applications table or field; else what the trees, the YAML or a counted list name."""
    source, found = _first(plan)
    if not found:
        return _silence(plan, made)
    names = sorted({application.name for application in found})
    lines = tuple(sorted({application.place.line for application in found}))
    is_shown = source in _STATED or (source is _from_tree and bool(plan.entries))
    origin = Origin.STATED if is_shown else Origin.INFERRED
    because = f"{_SENTENCES[source]} {', '.join(names)}."
    doubts = () if is_shown else ("No table, field or file of the plan names them.",)
    return Choice("applications", names, (because,), lines, origin, doubts=doubts)


def _silence(plan: Plan, made: Mapping[str, Choice]) -> Choice:
    """Where something must run and nothing says what, a name has been missed rather than left out."""
    on_cluster = bool({"helm-chart", "kubernetes"} & set(made["blueprints"].value)) and not made["components"].value
    place = next((s for s in plan.statements if s.zone in _TOLD and _RUNS.search(s.text)), None)
    nothing = silent("applications", [], "The plan names no application of its own.")
    if on_cluster:
        return replace(nothing, doubts=("Something is to run in the cluster, and nothing says what.",))
    if place and "terraform" in made["blueprints"].value:
        doubt = f'Containers are to run: "{" ".join(place.text.split())[:120]}".'
        return replace(nothing, lines=(place.place.line,), doubts=(doubt,))
    return nothing


def details(plan: Plan, made: Mapping[str, Choice]) -> Choice:
    """What the template is given for each application: the name and what the plan says of it."""
    chosen = made["applications"]
    known = {application.name: application.details for application in named(plan)}
    value = [{"name": name, **known.get(name, {})} for name in chosen.value]
    return Choice("application_details", value, chosen.because, chosen.lines, chosen.origin)


def charts(plan: Plan, made: Mapping[str, Choice]) -> Choice:
    """Charts of the tree; applications that come as a chart; a chart plan without either gets one."""
    in_tree = {name: place.line for name, place in workloads.charts(plan)}
    by_note = {a.name: a.place.line for a in named(plan) if a.details.get("delivery") == "chart"}
    places = {**by_note, **in_tree}
    names = sorted(places)
    if names:
        because = f"The plan asks for {'a chart' if len(names) == 1 else 'charts'} called {', '.join(names)}."
        return Choice("charts", names, (because,), tuple(sorted(set(places.values()))), Origin.STATED)
    if "helm-chart" in made["blueprints"].value:
        names = made["applications"].value or []
        return Choice(
            "charts", names, ("Each application gets its chart.",), made["applications"].lines, Origin.INFERRED
        )
    return silent("charts", [], "The plan asks for no chart.")


def named(plan: Plan) -> tuple[Application, ...]:
    """Every application the plan names, from the first source that names any."""
    return _first(plan)[1]


def _first(plan: Plan) -> tuple[Source, tuple[Application, ...]]:
    for source in _SENTENCES:
        found: dict[str, Application] = {}
        for application in source(plan):
            found.setdefault(application.name, application)
        if found:
            return source, tuple(found.values())
    return _from_tree, ()


def _from_fields(plan: Plan) -> Iterator[Application]:
    for statement in plan.fields("applications"):
        if statement.kind is Kind.CELL or is_placeholder(statement.text) or _NONE.match(statement.text):
            continue
        yield from _items(statement)


def _items(statement: Statement) -> Iterator[Application]:
    pieces = (
        [statement.text]
        if statement.kind is Kind.ITEM
        else re.split(r"[,;](?![^(]*\))|\n|\band\b(?![^(]*\))", statement.text)
    )
    for piece in pieces:
        match = _ITEM.fullmatch(piece.strip().strip("."))
        if match:
            text = f"{match['note'] or ''} {match['rest'] or ''}"
            yield Application(match["name"], statement.place, _details(text))


def _from_tables(plan: Plan) -> Iterator[Application]:
    for row in plan.rows:
        column = next((c for c in ("application", "custom application", "app") if c in row.cells), "")
        if column and any(
            re.search(r"custom applications|deployment components|^applications", t, re.I) for t in row.section
        ):
            rest = " ".join(f"{key} {text}" for key, text in row.cells.items() if key != column)
            yield Application(row.cells[column].split()[0], row.place, _details(rest))


def _from_tables_of_services(plan: Plan) -> Iterator[Application]:
    """Rows that give a service its port, its replicas or its image."""
    whole = _whole_names(plan)
    for row in plan.rows:
        column = next((c for c in _SERVICES if c in row.cells), "")
        if column and any(_RUNNING.search(key) for key in row.cells if key != column):
            words = re.sub(r"\s*\(.*", "", row.cells[column]).lower().split()
            name = "-".join(words)
            if len(words) < 5 and workloads.is_own(name):
                yield Application(_OF_ROLE.sub("", _in_full(name, whole)), row.place)


def _in_tree(plan: Plan) -> Iterator[tuple[str, Place]]:
    """Files name what runs; where only one chart does, the parts that the plan lists of it are more telling."""
    shown = tuple(workloads.workloads(plan))
    names = {name for name, _ in shown}
    is_chart = len(names) == 1 and names <= {name for name, _ in workloads.charts(plan)}
    return iter((tuple(application_parts.parts(plan)) if is_chart else ()) or shown)


def _source(names: Callable[[Plan], Iterator[tuple[str, Place]]]) -> Source:
    return lambda plan: (Application(name, place) for name, place in names(plan))


def _from_counts(plan: Plan) -> Iterator[Application]:
    """ "Three services (web, api, worker)": a number and a list in brackets name them all."""
    whole = _whole_names(plan)
    for statement in plan.statements:
        if statement.zone in _SILENT:
            continue
        for match in _COUNTED.finditer(statement.text):
            names = ["-".join(piece.lower().split()) for piece in _AND.split(match["list"]) if piece.strip()]
            if len(names) == _number(match["count"]):
                place = Place(statement.line_at(match.start()))
                yield from (Application(_in_full(name, whole), place) for name in names if workloads.is_own(name))


def _whole_names(plan: Plan) -> dict[str, str]:
    """The spelling of a directory, where the plan has one: "orders" and elsewhere "orders-service"."""
    return {match["name"].lower(): match.group().lower() for s in plan.statements for match in _WHOLE.finditer(s.text)}


def _in_full(name: str, whole: Mapping[str, str]) -> str:
    return name if _WHOLE.fullmatch(name) else whole.get(name, name)


def _number(word: str) -> int:
    return int(word) if word.isdigit() else _NUMBERS.index(word.lower())


def _details(text: str) -> dict[str, JSON]:
    found: dict[str, JSON] = {}
    image = _IMAGE.search(text)
    if image:
        found["image"] = image["image"]
        if image["tag"]:
            found["tag"] = image["tag"]
    port = _PORT.search(text)
    if port:
        found["port"] = int(port["port"] or port["bare"])
    host = _HOST.search(text)
    if host:
        found["host"] = host["host"].lower()
    if _CHART.search(text):
        found["delivery"] = "chart"
    return found


Source = Callable[[Plan], Iterator[Application]]
_from_tree = _source(_in_tree)
# The sources, the most telling first, with what they let one say.
_SENTENCES: Mapping[Source, str] = {
    _from_tables: "A table lists",
    _from_fields: "The plan lists",
    _from_tree: "The tree has files for",
    _source(workloads.objects): "The plan's YAML defines",
    _from_tables_of_services: "A table of services lists",
    _from_counts: "The plan counts",
    _source(workloads.commands): "Commands of the plan name",
    _source(workloads.images): "The tree builds images of",
    _source(application_parts.images): "The plan names the images of",
    _source(application_parts.parts): "The plan lists the parts",
    _source(application_words.prose): "Sentences and comments of the plan name",
}
_STATED = (_from_tables, _from_fields)
