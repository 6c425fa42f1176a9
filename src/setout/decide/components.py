"""Third-party components for the cluster, and what the plan says of their version, source and values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from setout.decide import installs, third_party
from setout.decide.because import silent
from setout.decide.component_table import Pin, table
from setout.decide.install_lists import Install
from setout.model import JSON, Choice, Origin, Place, Plan, Sense, SetAside

_ON_CLUSTER = frozenset({"argocd", "helm-chart", "kubernetes"})


def decide(plan: Plan, made: Mapping[str, Choice]) -> Choice:
    """The rows of the table that are required; without a table, components that the plan installs on its cluster."""
    pins = [pin for pin in table(plan) if pin.required]
    if pins:
        because = f"The Deployment Components table requires {', '.join(pin.name for pin in pins)}."
        rows = tuple(pin.place.line for pin in pins)
        return Choice("components", sorted({pin.name for pin in pins}), (because,), rows, Origin.STATED)
    found = _installed(plan, made)
    open_ones = _wanted(plan, made) - set(found)
    doubts = tuple(f"{name} is named among the dependencies, and nothing installs it." for name in sorted(open_ones))
    if not found:
        nothing = silent("components", [], "The plan installs no third-party component.")
        return replace(nothing, doubts=doubts)
    sentences = tuple(f"{name}: {install.sentence}" for name, install in sorted(found.items()))
    lines = tuple(sorted({line for install in found.values() for line in install.lines}))
    thin = tuple(
        f"{name}: a sentence alone installs it." for name, install in sorted(found.items()) if not install.sure
    )
    return Choice("components", sorted(found), sentences, lines, Origin.INFERRED, doubts=(*thin, *doubts))


def pins(plan: Plan, made: Mapping[str, Choice]) -> Choice:
    """What the template is given: the catalogue's name, and only what differs from the catalogue."""
    rows = {pin.name: pin for pin in table(plan)}
    value: dict[str, dict[str, JSON]] = {}
    for name in made["components"].value:
        overrides = rows[name].overrides if name in rows else {}
        row = name if {"repository", "version"} <= set(overrides) else third_party.delivered_as(name)
        if row:
            value[row] = {"name": row, **value.get(row, {}), **overrides}
    stated = [
        f"{pin.name}: {', '.join(sorted(pin.overrides))} as the plan has it." for pin in rows.values() if pin.overrides
    ]
    stated += [
        f"{name} is delivered by {third_party.delivered_as(name)}."
        for name in made["components"].value
        if third_party.delivered_as(name) not in {"", name}
    ]
    source = made["components"]
    because = tuple(stated) or ("Versions, sources and values come from the catalogue.",)
    return Choice("component_pins", [value[row] for row in sorted(value)], because, source.lines, source.origin)


def undelivered(plan: Plan, made: Mapping[str, Choice]) -> tuple[SetAside, ...]:
    """Rows that are not required, and components for which there is neither a catalogue row nor a source."""
    rows = {pin.name: pin for pin in table(plan)}
    delivered = {pin["name"] for pin in made["component_pins"].value}
    aside = [
        SetAside("components", pin.name, pin.place, "the table says it is not required")
        for pin in rows.values()
        if not pin.required
    ]
    found = _installed(plan, made) if not rows else {}
    aside += [
        SetAside(
            "components",
            name,
            _place(name, rows, found),
            "the catalogue does not have it and the plan gives no chart repository with a version",
        )
        for name in made["components"].value
        if name not in delivered and third_party.delivered_as(name) not in delivered
    ]
    return tuple(aside)


def _installed(plan: Plan, made: Mapping[str, Choice]) -> dict[str, Install]:
    """Without a cluster, or something that goes onto one, only what runs as a task of a cloud is installed."""
    if not _is_for_cluster(made):
        return installs.tasks(plan)
    distribution = made["kubernetes"].value
    found = installs.installs(plan)
    return {name: item for name, item in found.items() if item.sure or not third_party.is_part_of(name, distribution)}


def _is_for_cluster(made: Mapping[str, Choice]) -> bool:
    return bool(made["kubernetes"].value or _ON_CLUSTER & set(made["blueprints"].value))


def _wanted(plan: Plan, made: Mapping[str, Choice]) -> frozenset[str]:
    """Components among the dependencies of the plan: whether the cluster has them already, only its owner knows."""
    if not _is_for_cluster(made):
        return frozenset()
    named = {
        mention.value
        for mention in plan.mentions
        if mention.family == "components"
        and mention.sense is Sense.ASSERTED
        and mention.statement.key == "dependencies"
    }
    return frozenset(name for name in named if not third_party.data_kind(name) and not third_party.is_tool(name))


def _place(name: str, rows: Mapping[str, Pin], found: Mapping[str, Install]) -> Place:
    if name in rows:
        return rows[name].place
    return Place(found[name].lines[0]) if name in found else Place(1)
