"""Third-party components for the cluster, and what the plan says of their version, source and values."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from setout.decide.because import silent
from setout.decide.evidence import weigh
from setout.model import JSON, Choice, Origin, Place, Plan, Row, Sense, SetAside, Zone
from setout.vocabulary import catalogue, family

_THRESHOLD = 2
_NAME_COLUMNS = ("component", "chart", "add-on", "addon")
_VERSION_COLUMNS = ("version", "chart version", "helm version", "pinned version", "pin")
_SOURCE_COLUMNS = ("repository", "source", "chart repository", "repo", "helm repository", "chart source")
_VALUES_COLUMNS = ("values", "key values", "configuration", "config")
_NO = re.compile(r"^(?:no|n|false|not required|-|—|❌)\b", re.I)
_FULL = r"v?\d+\.\d+\.\d+(?:[-+][0-9A-Za-z.+-]+)?"
_CHART_VERSION = re.compile(
    rf"\bchart(?:\s+version)?[\s:]+(?P<version>{_FULL})|(?<![\w./:-])(?P<bare>{_FULL})(?![\w.-])", re.I
)
_PARTIAL = re.compile(r"(?<![\w./:-])v?\d+\.(?:\d+|x)(?:\.x)?(?![\w.-])")
_URL = re.compile(r"(?:https|oci)://[^\s`)>,|]+")
_VALUE = re.compile(r"(?<![\w.])(?P<key>[A-Za-z][\w-]*(?:\.[\w-]+)*)\s*=\s*(?P<value>\"[^\"]*\"|[^\s,;`)]+)")
_NAMESPACE = re.compile(r"\bnamespace[\s:`]+(?P<name>[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)", re.I)


@dataclass(frozen=True, slots=True)
class Pin:
    """What one row of the Deployment Components table asks for."""

    name: str
    place: Place
    required: bool
    overrides: Mapping[str, JSON]
    partial: str = ""

    @property
    def is_known(self) -> bool:
        return self.name in catalogue() or {"repository", "version"} <= set(self.overrides)


def decide(plan: Plan, made: Mapping[str, Choice]) -> Choice:
    """The rows of the table that are required; without a table, components that the plan deploys on its cluster."""
    pins = [pin for pin in table(plan) if pin.required]
    if pins:
        because = f"The Deployment Components table requires {', '.join(pin.name for pin in pins)}."
        lines = tuple(pin.place.line for pin in pins)
        return Choice("components", sorted({pin.name for pin in pins}), (because,), lines, Origin.STATED)
    found = _mentioned(plan) if made["kubernetes"].value else {}
    if not found:
        return silent("components", [], "The plan names no third-party component.")
    lines = tuple(sorted(set(found.values())))
    because = f"The plan deploys {', '.join(sorted(found))}."
    return Choice("components", sorted(found), (because,), lines, Origin.INFERRED)


def pins(plan: Plan, made: Mapping[str, Choice]) -> Choice:
    """What the template is given: the name, and only what differs from the catalogue."""
    rows = {pin.name: pin for pin in table(plan)}
    value = []
    for name in made["components"].value:
        overrides = rows[name].overrides if name in rows else {}
        if name in catalogue() or {"repository", "version"} <= set(overrides):
            value.append({"name": name, **overrides})
    stated = [
        f"{pin.name}: {', '.join(sorted(pin.overrides))} as the plan has it." for pin in rows.values() if pin.overrides
    ]
    source = made["components"]
    because = tuple(stated) or ("Versions, sources and values come from the catalogue.",)
    return Choice("component_pins", value, because, source.lines, source.origin)


def undelivered(plan: Plan, made: Mapping[str, Choice]) -> tuple[SetAside, ...]:
    """Rows that are not required, and components for which there is neither a catalogue row nor a source."""
    rows = table(plan)
    delivered = {pin["name"] for pin in made["component_pins"].value}
    aside = [
        SetAside("components", pin.name, pin.place, "the table says it is not required")
        for pin in rows
        if not pin.required
    ]
    aside += [
        SetAside(
            "components",
            pin.name,
            pin.place,
            "the catalogue does not have it and the plan gives no chart repository with a version",
        )
        for pin in rows
        if pin.required and pin.name not in delivered
    ]
    return tuple(aside)


def table(plan: Plan) -> tuple[Pin, ...]:
    """The rows of the Deployment Components table, each once."""
    found: dict[str, Pin] = {}
    for row in plan.rows:
        column = next((c for c in _NAME_COLUMNS if c in row.cells), "")
        if column and _is_component_table(row):
            pin = _pin(row, row.cells[column])
            if pin:
                found.setdefault(pin.name, pin)
    return tuple(found.values())


def canonical(text: str) -> str:
    """The catalogue's name for what a person wrote, or a DNS label made of it."""
    bare = re.sub(r"\s*\(.*?\)", "", text).strip()
    words = family("components")
    match = words.pattern.fullmatch(bare)
    if match:
        return words.value_of(match.group())
    return re.sub(r"[^a-z0-9]+", "-", bare.lower()).strip("-")


def _is_component_table(row: Row) -> bool:
    return "required" in row.cells or any(re.search(r"deployment components", title, re.I) for title in row.section)


def _pin(row: Row, cell: str) -> Pin | None:
    name = canonical(cell)
    if not name or cell.startswith("["):
        return None
    notes = " ".join(row.cells.get(column, "") for column in ("notes", "note", "comment", "comments", "purpose"))
    overrides = _overrides(row.cells, notes)
    version = _first(row.cells, _VERSION_COLUMNS) or notes
    partial = _PARTIAL.search(version) if "version" not in overrides else None
    return Pin(
        name=name,
        place=row.place,
        required=not _NO.match(row.cells.get("required", "yes")),
        overrides=overrides,
        partial=partial.group() if partial else "",
    )


def _overrides(cells: Mapping[str, str], notes: str) -> dict[str, JSON]:
    found: dict[str, JSON] = {}
    version = _CHART_VERSION.search(_first(cells, _VERSION_COLUMNS)) or _CHART_VERSION.search(_without_urls(notes))
    if version:
        found["version"] = version["version"] or version["bare"]
    source = _URL.search(_first(cells, _SOURCE_COLUMNS)) or _URL.search(notes)
    if source:
        found |= _source(source.group().rstrip("/."))
    namespace = cells.get("namespace", "").strip("` ") or (match["name"] if (match := _NAMESPACE.search(notes)) else "")
    if namespace:
        found["namespace"] = namespace.lower()
    values = _values(_first(cells, _VALUES_COLUMNS) + " " + _without_urls(notes))
    if values:
        found["values"] = values
    return found


def _source(url: str) -> dict[str, JSON]:
    """An OCI reference names the chart in its last segment; a repository over HTTPS does not."""
    if url.startswith("oci://") and url.count("/") > 3:
        repository, _, chart = url.rpartition("/")
        return {"repository": repository, "chart": chart}
    return {"repository": url}


def _values(text: str) -> dict[str, JSON]:
    """`crds.enabled=true, replicaCount=2` as nested values."""
    root: dict[str, Any] = {}
    for match in _VALUE.finditer(text):
        *parents, leaf = match["key"].split(".")
        node = root
        for parent in parents:
            child = node.setdefault(parent, {})
            node = child if isinstance(child, dict) else node
        node[leaf] = _scalar(match["value"].strip('"'))
    return root


def _scalar(text: str) -> JSON:
    if text.lower() in {"true", "false"}:
        return text.lower() == "true"
    return int(text) if re.fullmatch(r"-?\d{1,15}", text) else text


def _without_urls(text: str) -> str:
    return _URL.sub(" ", text)


def _first(cells: Mapping[str, str], columns: tuple[str, ...]) -> str:
    return next((cells[column] for column in columns if cells.get(column)), "")


def _mentioned(plan: Plan) -> dict[str, int]:
    weights: dict[str, int] = {}
    lines: dict[str, int] = {}
    for mention in _asserted(plan):
        weights[mention[0]] = weights.get(mention[0], 0) + mention[2]
        lines.setdefault(mention[0], mention[1])
    return {name: lines[name] for name, weight in weights.items() if weight >= _THRESHOLD}


def _asserted(plan: Plan) -> Iterator[tuple[str, int, int]]:
    seen = set()
    for mention in plan.mentions:
        if mention.family != "components" or mention.sense is not Sense.ASSERTED:
            continue
        if mention.statement.zone is Zone.REST or (mention.value, mention.place.line) in seen:
            continue
        seen.add((mention.value, mention.place.line))
        yield mention.value, mention.place.line, weigh(mention.statement)
