"""The Deployment Components table: which third-party components a plan requires, with version, source and values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from setout.decide import third_party
from setout.model import JSON, Place, Plan, Row

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
        """Whether it can be delivered: from the catalogue, or from the repository that the row gives."""
        return bool(third_party.delivered_as(self.name)) or {"repository", "version"} <= set(self.overrides)


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


def _is_component_table(row: Row) -> bool:
    return "required" in row.cells or any(re.search(r"deployment components", title, re.I) for title in row.section)


def _pin(row: Row, cell: str) -> Pin | None:
    name = third_party.canonical(cell)
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
