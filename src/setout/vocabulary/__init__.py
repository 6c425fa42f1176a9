"""The words of the field as data, one file a family: clouds, distributions, tools, backends, secret stores, keys."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

_LETTER = "[0-9A-Za-z_À-ɏ-]"
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


class _Letters(dict[str, "_Letters"]):
    """A letter of a term, and what may follow it."""


@cache
def family(name: str) -> Family:
    """The family called `name` (one of FAMILIES)."""
    rows = _components() if name == "components" else load(name)
    loose = {term.lower(): value for value, row in rows.items() for term in (*row.get("terms", ()),)}
    exact = {term: value for value, row in rows.items() for term in row.get("exact", ())}
    within = {term.lower(): value for value, row in rows.items() for term in row.get("within", ())}
    patterns = [f"(?i:{pattern})" for row in rows.values() for pattern in row.get("patterns", ())]
    inside = [f"(?i:{re.escape(term)})" for term in within]
    words = [_alternatives(loose, "(?i:{})"), _alternatives(exact, "(?:{})")]
    values = {**{term.lower(): value for term, value in exact.items()}, **within, **loose}
    return Family(name, rows, re.compile("|".join([*words, *patterns, *inside])), values)


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
    """What the vocabulary knows, and the catalogue's rows with those aliases that mean nothing else."""
    known = {name: _named(name, row) for name, row in load("components").items()}
    taken = {str(term).lower() for row in known.values() for term in row["terms"]}
    further = {
        name: {
            "terms": [t for t in (name, name.replace("-", " "), *map(str, row.get("aliases", ()))) if t not in taken]
        }
        for name, row in catalogue().items()
        if name not in known
    }
    return {**further, **known}


def _named(name: str, row: Mapping[str, Any]) -> Mapping[str, Any]:
    """A row with all its terms; what has a role is no component, for people run it, link it or have it anyway."""
    own = () if row.get("exact") else (name, name.replace("-", " "))
    return {**row, "terms": [] if "role" in row else [*own, *row.get("terms", ())]}


def _alternatives(terms: Iterable[str], frame: str) -> str:
    """A pattern for whole words, the longest that fits; a run of spaces in a term matches any white space.

    Words end where ASCII ends: in Chinese or Japanese prose a term stands without a space beside it. What a hyphen
    ties to "hosted", "backed" or "managed" is the term; any other compound is another word.
    """
    words = _tree(terms)
    if not words:
        return frame.format(r"(?!)")
    # Looking at one character first keeps the search fast: most places in a text begin no term at all.
    first = "".join(sorted({re.escape(case) for letter in words for case in (letter.lower(), letter.upper())}))
    end = r"(?:(?![A-Za-z0-9_-]|\.[A-Za-z0-9])|(?=-(?:hosted|based|backed|managed|only)\b))"
    return frame.format(rf"(?<![A-Za-z0-9_-])(?=[{first}]){_branches(words)}{end}")


def _tree(terms: Iterable[str]) -> _Letters:
    """The terms letter by letter, so that those with the same beginning share it; "" ends a term."""
    root = _Letters()
    for term in terms:
        node = root
        for letter in (*" ".join(term.split()), ""):
            node = node.setdefault(letter, _Letters())
    return root


def _branches(node: _Letters) -> str:
    """The pattern of what may follow; a longer term goes before the one that it begins with."""
    parts = [
        (r"\s+" if letter == " " else re.escape(letter)) + _branches(after)
        for letter, after in sorted(node.items())
        if letter
    ]
    if not parts:
        return ""
    together = parts[0] if len(parts) == 1 and "" not in node else f"(?:{'|'.join(parts)})"
    return f"{together}?" if "" in node else together
