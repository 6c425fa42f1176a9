"""Which names stand for other people's software, and which chart of the catalogue delivers it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from typing import TypeVar

from setout.vocabulary import catalogue, family

T = TypeVar("T")
_EXTENSION = re.compile(r"(?:\.(?:ya?ml|json|tf|tpl|tmpl|gotmpl|j2|jinja2?|example|sops|enc))+$", re.I)
_WAVE = re.compile(r"^\d{1,3}[-_]")
# What people put around the name of a component when they name a file or a directory after it.
_AROUND = re.compile(
    r"^(?:helm|values?|install|app|application|release|kustomization|addon|deploy(?:ment)?|statefulset|sts|daemonset|"
    r"db|database|cache|queue|broker)[-_.]|"
    r"[-_.](?:helm|values?|install(?:ation)?|app(?:lication)?|operator|cr|crds?|config|release|helmrelease|chart|addon|components?|"
    r"system|deployment|statefulset|daemonset|service|stack|cluster|instance|dev|staging|prod(?:uction)?)$"
)


@lru_cache(maxsize=4096)
def of_name(text: str) -> str:
    """The component that a file, a directory or a release is named after, or nothing."""
    name = _WAVE.sub("", _EXTENSION.sub("", text.lower())).replace("_", "-")
    while name:
        if name in _names():
            return _names()[name]
        shorter = _AROUND.sub("", name)
        if shorter == name:
            return ""
        name = shorter
    return ""


def canonical(text: str) -> str:
    """The usual name for what a person wrote in a cell, or a DNS label made of it."""
    bare = re.sub(r"\s*\(.*?\)", "", text).strip()
    words = family("components")
    match = words.pattern.fullmatch(bare)
    if match and match.group():
        return words.value_of(match.group())
    label = re.sub(r"[^a-z0-9]+", "-", bare.lower()).strip("-")
    return _names().get(label, label)


def delivered_as(name: str) -> str:
    """The row of the catalogue that delivers a component, or nothing."""
    if name in catalogue():
        return name
    return str(family("components").rows.get(name, {}).get("as", ""))


def data_kind(name: str) -> str:
    """`database`, `cache`, `queue` or `store`: what clouds sell too and applications speak to; else nothing."""
    return str(family("components").rows.get(name, {}).get("data", ""))


def held_by(names: Iterable[str]) -> frozenset[str]:
    """What comes with these components, and need not be named beside them."""
    rows = family("components").rows
    return frozenset(held for name in names for held in rows.get(name, {}).get("holds", ()))


def is_part_of(name: str, distribution: str | None) -> bool:
    """Whether clusters of this kind come with the component."""
    return distribution in family("components").rows.get(name, {}).get("part_of", ())


def together(names: Mapping[str, T]) -> dict[str, T]:
    """What several components make up, with what the first of them has."""
    rows = family("components").rows
    return {name: names[row["of"][0]] for name, row in rows.items() if "of" in row and set(row["of"]) <= set(names)}


def is_foreign(name: str) -> bool:
    """Whether a name is other people's software, installed or not, and so no application of one's own."""
    families = ("components", "tools", "distributions")
    return bool(of_name(name)) or any(name in family(each).rows or name in family(each).values for each in families)


def is_tool(name: str) -> bool:
    """Whether a component is a tool as well, so that its name stands beside what is made for it, not only beside it."""
    label = name.replace("-", "")
    return label in family("tools").rows or name in family("tools").rows or at_desk(name)


def at_desk(name: str) -> bool:
    """Whether people run it on their own machine too: a sentence that installs it says nothing of the cluster."""
    return bool(family("components").rows.get(name, {}).get("desk"))


@cache
def _names() -> dict[str, str]:
    """Every name and term as a directory would have it, by component; everyday words too: a path is no sentence."""
    found: dict[str, str] = {}
    for value, row in family("components").rows.items():
        if "role" not in row:
            for term in (*row.get("terms", ()), *row.get("exact", ()), value):
                found.setdefault(re.sub(r"[\s_]+", "-", str(term).lower()), value)
    return found
