"""The words of the field as data, one file a family: clouds, distributions, tools, backends, secret stores, keys."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

FAMILIES = ("clouds", "components", "distributions", "environments", "secret_stores", "state_backends", "tools")


@dataclass(frozen=True, slots=True)
class Family:
    """One family of terms: what each value means, and the pattern that finds any of its terms."""

    name: str
    rows: Mapping[str, Mapping[str, Any]]
    pattern: re.Pattern[str]
    values: Mapping[str, str]  # term, lower case → value

    def value_of(self, term: str) -> str:
        return self.values[" ".join(term.lower().split())]


@cache
def family(name: str) -> Family:
    """The family called `name` (one of FAMILIES)."""
    rows = _components() if name == "components" else load(name)
    loose = {term.lower(): value for value, row in rows.items() for term in (*row.get("terms", ()),)}
    exact = {term: value for value, row in rows.items() for term in row.get("exact", ())}
    pattern = re.compile(f"{_alternatives(loose, '(?i:{})')}|{_alternatives(exact, '(?:{})')}")
    return Family(name, rows, pattern, {**{term.lower(): value for term, value in exact.items()}, **loose})


@cache
def load(name: str) -> Mapping[str, Any]:
    """The data of one vocabulary file."""
    text = files(__package__).joinpath(f"{name}.yml").read_text("utf-8")
    data: Mapping[str, Any] = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506
    return data


@cache
def catalogue() -> Mapping[str, Mapping[str, Any]]:
    """The component catalogue: chart, repository, version and more, by the usual name of the component."""
    text = files("setout").joinpath("catalogue", "components.yml").read_text("utf-8")
    data = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506
    rows: Mapping[str, Mapping[str, Any]] = data["component_catalogue"]["default"]
    return rows


@cache
def keys() -> Mapping[str, str]:
    """Field names as people write them, lower case, to the field that is meant."""
    return {alias: field for field, aliases in load("keys").items() for alias in aliases}


def _components() -> Mapping[str, Mapping[str, Any]]:
    return {
        name: {"terms": [name, name.replace("-", " "), *map(str, row.get("aliases", ()))]}
        for name, row in catalogue().items()
    }


def _alternatives(terms: Mapping[str, str], frame: str) -> str:
    """A pattern for whole words, longest first; a run of spaces in a term matches any white space."""
    if not terms:
        return frame.format(r"(?!)")
    words = "|".join(re.escape(term).replace(r"\ ", r"\s+") for term in sorted(terms, key=lambda t: (-len(t), t)))
    return frame.format(rf"(?<![\w-])(?:{words})(?![\w-]|\.\w)")
