"""The organization's own applications, and the charts that are delivered for them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from setout.decide.because import silent
from setout.model import JSON, Choice, Entry, Kind, Mark, Origin, Place, Plan, Statement
from setout.plan.questions import is_placeholder

_NONE = re.compile(r"^(?:none|n/?a|no\b|-|—)", re.I)
_ITEM = re.compile(r"(?P<name>[A-Za-z0-9][\w.-]*)\s*(?:\((?P<note>[^()]*)\))?\s*(?:[:—–-]\s+(?P<rest>.*))?", re.S)
_PORT = re.compile(r"\bport\s*[:=]?\s*(?P<port>\d{2,5})|:(?P<bare>\d{4,5})\b", re.I)
_IMAGE = re.compile(
    r"(?<![\w./-])(?P<image>[a-z0-9][a-z0-9.-]*\.[a-z]{2,}(?::\d+)?/[a-z0-9._/-]+)(?::(?P<tag>[\w][\w.-]*))?"
)
_HOST = re.compile(
    r"\b(?:host|hostname|domain|url)\s*[:=]?\s*(?P<host>[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?\.[a-z]{2,})", re.I
)
_CHART = re.compile(r"\b(?:helm )?chart\b", re.I)
_CONTAINERS = frozenset({"apps", "applications", "services"})
_CHART_PARENTS = frozenset({"charts", "chart", "helm"})
_NAME = re.compile(r"^[a-z0-9]+(?:[-_.][a-z0-9]+)*$")


@dataclass(frozen=True, slots=True)
class Application:
    """One own application as the plan names it."""

    name: str
    place: Place
    details: Mapping[str, JSON] = field(default_factory=dict)


def decide(plan: Plan, _made: Mapping[str, Choice]) -> Choice:
    """The Custom Applications field; else directories below apps/; else the charts of the tree."""
    found = named(plan)
    if not found:
        return silent("applications", [], "The plan names no application of its own.")
    names = sorted({application.name for application in found})
    lines = tuple(sorted({application.place.line for application in found}))
    return Choice("applications", names, (f"The plan deploys {', '.join(names)}.",), lines, Origin.STATED)


def details(plan: Plan, made: Mapping[str, Choice]) -> Choice:
    """What the template is given for each application: the name and what the plan says of it."""
    chosen = made["applications"]
    known = {application.name: application.details for application in named(plan)}
    value = [{"name": name, **known.get(name, {})} for name in chosen.value]
    return Choice("application_details", value, chosen.because, chosen.lines, chosen.origin)


def charts(plan: Plan, made: Mapping[str, Choice]) -> Choice:
    """Charts of the tree; applications that come as a chart; a chart plan without either gets one."""
    in_tree = {name: place.line for name, place in _chart_directories(plan)}
    by_note = {
        a["name"]: made["applications"].lines for a in made["application_details"].value if a.get("delivery") == "chart"
    }
    names = sorted({*in_tree, *by_note})
    if names:
        because = f"The plan asks for {'a chart' if len(names) == 1 else 'charts'} called {', '.join(names)}."
        return Choice("charts", names, (because,), tuple(sorted(set(in_tree.values()))), Origin.STATED)
    if "helm-chart" in made["blueprints"].value:
        names = made["applications"].value or []
        return Choice(
            "charts", names, ("Each application gets its chart.",), made["applications"].lines, Origin.INFERRED
        )
    return silent("charts", [], "The plan asks for no chart.")


def named(plan: Plan) -> tuple[Application, ...]:
    """Every application the plan names, from the first source that names any."""
    for source in (_from_tables, _from_fields, _from_tree):
        found: dict[str, Application] = {}
        for application in source(plan):
            found.setdefault(application.name, application)
        if found:
            return tuple(found.values())
    return ()


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
        match = _ITEM.match(piece.strip().strip("."))
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


def _from_tree(plan: Plan) -> Iterator[Application]:
    for entry in plan.entries:
        if entry.mark in {Mark.DELETED, Mark.FUTURE, Mark.EXISTING} or "argocd" in entry.parts:
            continue
        name = _below(entry, _CONTAINERS)
        if name and {"kubernetes", "k8s", "manifests", "base", "overlays"} & set(entry.parts):
            yield Application(name, entry.place)
    for name, place in _chart_directories(plan):
        yield Application(name, place)


def _chart_directories(plan: Plan) -> Iterator[tuple[str, Place]]:
    for entry in plan.entries:
        if entry.name == "Chart.yaml" and len(entry.parts) > 1 and entry.mark not in {Mark.DELETED, Mark.FUTURE}:
            yield entry.parts[-2], entry.place


def _below(entry: Entry, parents: frozenset[str]) -> str:
    for parent, child in zip(entry.parts, entry.parts[1:], strict=False):
        if parent in parents and _NAME.match(child) and "." not in child and child not in {"base", "overlays"}:
            return child
    return ""


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
