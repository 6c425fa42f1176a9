"""What a change of answers means: things added, removed and renamed, and a sentence for each difference."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from setout.errors import UserError
from setout.model import JSON

Values = Mapping[str, JSON]

# The answers that list things, and what one of them is called.
KINDS: Mapping[str, str] = {
    "environments": "environment",
    "tenants": "tenant",
    "components": "component",
    "applications": "application",
    "charts": "chart",
    "blueprints": "blueprint",
    "terraform_modules": "Terraform module",
}
# Those with a name of their own choosing; a component that is called otherwise is another component.
RENAMED = ("environments", "tenants", "applications", "charts")

_LABELS = {
    "gitops": "GitOps", "kubernetes": "Kubernetes", "kubernetes_version": "Kubernetes version", "ci": "CI",
    "repository_url": "repository URL", "secrets_store": "secret store",
}  # fmt: skip
_WORDS = {"argocd": "Argo CD", "s3": "S3", "aws": "AWS", "eks": "EKS", "": "none", "None": "none"}
_EXPLANATIONS = "decisions"
_FILE = re.compile(r"file:([^=]+)=(.+)")


@dataclass(frozen=True, slots=True, order=True)
class Thing:
    """Something that the repository has one or several of: an environment, a tenant, a component."""

    kind: str
    name: str

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


@dataclass(frozen=True, slots=True, order=True)
class Rename:
    """One thing under another name, and why we think that it is the same."""

    kind: str
    old: str
    new: str
    because: str = "stated"

    def __str__(self) -> str:
        return f"{self.kind} {self.old} is now called {self.new} ({self.because})"


@dataclass(frozen=True, slots=True)
class Change:
    """The difference of two sets of answers."""

    sentences: tuple[str, ...]
    added: tuple[Thing, ...]
    removed: tuple[Thing, ...]
    renamed: tuple[Rename, ...]


def compare(old: Values, new: Values, renamed: Sequence[Rename] = ()) -> Change:
    """What differs between `old` and `new`, given what is `renamed`."""
    before = rename(old, renamed)
    added = tuple(_gone(new, before))
    removed = tuple(_gone(before, new))
    sentences = (
        *_scalars(before, new),
        *_steps(before, new),
        *map(str, renamed),
        *(f"+ {thing}" for thing in added),
        *(f"{thing} removed" for thing in removed),
        *_details(before, new),
        *_explanations(before, new),
    )
    return Change(tuple(sentences), added, removed, tuple(renamed))


def stated(texts: Sequence[str], old: Values, new: Values) -> tuple[Rename, ...]:
    """The renames that a person named as KIND:OLD=NEW.

    Raises:
        UserError: it is not written so, or the answers do not bear it out.
    """
    found = dict.fromkeys(rename for text in texts for rename in _stated(text, old, new))
    return tuple(found)


def relocated(texts: Sequence[str]) -> dict[str, str]:
    """The files that a person says the template has moved, named as file:OLD=NEW."""
    found = (_FILE.fullmatch(text) for text in texts)
    return {match[1]: match[2] for match in found if match}


def evident(old: Values, new: Values, denied: Sequence[str] = ()) -> tuple[Rename, ...]:
    """The renames that the answers show: of a kind one is gone and one is new, in the same place with the same details.

    Args:
        denied: names whose removal a person has consented to; those are gone and not renamed.
    """
    found = (_evident(key, old, new) for key in RENAMED)
    return tuple(item for item in found if item and item.old not in denied)


def rename(values: Values, renamed: Sequence[Rename]) -> dict[str, JSON]:
    """The answers with other names for what is renamed, and the same details."""
    result = dict(values)
    for item in renamed:
        key = _key(item.kind)
        result[key] = [_renamed(entry, item) for entry in _items(result, key)]
    return result


def replaced(text: str, old: str, new: str) -> str:
    """`text` with `new` for every `old` that stands alone or between hyphens, dots and slashes."""
    return re.sub(rf"(?<![A-Za-z0-9]){re.escape(old)}(?![A-Za-z0-9])", new, text)


def _stated(text: str, old: Values, new: Values) -> Iterator[Rename]:
    if _FILE.fullmatch(text):
        return
    match = re.fullmatch(r"([a-z]+):([^=]+)=(.+)", text)
    kinds = [KINDS[key] for key in RENAMED]
    if not match or match[1] not in kinds:
        raise UserError(
            f"--rename {text}: this is not KIND:OLD=NEW",
            f"KIND is one of {', '.join(kinds)}, or file: --rename tenant:old=new",
        )
    item = Rename(match[1], match[2], match[3], "stated with --rename")
    if not _bears_out(item, old, new):
        raise UserError(
            f"--rename {text}: the repository has no {item.kind} {item.old}, or the plan no new one {item.new}",
            "state the new name in the plan first",
        )
    yield item
    chart = Rename("chart", item.old, item.new, item.because)
    if item.kind == "application" and _bears_out(chart, old, new):
        yield chart


def _bears_out(item: Rename, old: Values, new: Values) -> bool:
    key = _key(item.kind)
    before, after = _names(old, key), _names(new, key)
    return item.old in before and item.old not in after and item.new in after and item.new not in before


def _evident(key: str, old: Values, new: Values) -> Rename | None:
    before, after = _names(old, key), _names(new, key)
    gone = [name for name in before if name not in after]
    come = [name for name in after if name not in before]
    if len(gone) != 1 or len(come) != 1 or before.index(gone[0]) != after.index(come[0]):
        return None
    item = Rename(KINDS[key], gone[0], come[0], "the only one gone and the only one new, in the same place")
    earlier = _renamed(_items(old, key)[before.index(gone[0])], item)
    return item if _comparable(earlier) == _comparable(_items(new, key)[after.index(come[0])]) else None


def _comparable(entry: JSON) -> JSON:
    """A thing's details without its address range, which is given out by name."""
    return {name: value for name, value in entry.items() if name != "cidr"} if isinstance(entry, dict) else entry


def _renamed(entry: JSON, item: Rename) -> JSON:
    if not isinstance(entry, dict) or entry.get("name") != item.old:
        return entry
    return {
        name: replaced(value, item.old, item.new) if isinstance(value, str) else value for name, value in entry.items()
    }


def _key(kind: str) -> str:
    return next(key for key, word in KINDS.items() if word == kind)


def _items(values: Values, key: str) -> list[JSON]:
    value = values.get(key)
    return value if isinstance(value, list) else []


def _name(entry: JSON) -> str:
    return str(entry.get("name", "")) if isinstance(entry, dict) else str(entry)


def _names(values: Values, key: str) -> list[str]:
    return [_name(entry) for entry in _items(values, key)]


def _gone(old: Values, new: Values) -> Iterator[Thing]:
    for key, kind in KINDS.items():
        left = set(_names(new, key))
        yield from (Thing(kind, name) for name in _names(old, key) if name not in left)


def _scalars(old: Values, new: Values) -> Iterator[str]:
    for key in dict.fromkeys((*old, *new)):
        if key not in KINDS and key != _EXPLANATIONS and old.get(key) != new.get(key):
            label = _LABELS.get(key, key.replace("_", " "))
            if key not in new:
                yield f"{label} is no longer asked for (it was {_word(old[key])})"
            elif key in old or new[key]:
                yield f"{label} {_word(old.get(key))} → {_word(new[key])}"


def _steps(old: Values, new: Values) -> Iterator[str]:
    """A cluster goes up one minor version at a time and never back.

    Source: the Kubernetes version skew policy; the managed services refuse anything else.
    """
    minors = [
        int(match[1]) if (match := re.fullmatch(r"1\.(\d+)", str(values.get("kubernetes_version", "")))) else 0
        for values in (old, new)
    ]
    if all(minors) and minors[1] < minors[0]:
        yield "a cluster that runs does not go back a minor version: this needs a new one"
    elif all(minors) and minors[1] - minors[0] > 1:
        between = ", ".join(f"1.{minor}" for minor in range(minors[0] + 1, minors[1]))
        yield f"a cluster goes up one minor version at a time: over {between}"


def _details(old: Values, new: Values) -> Iterator[str]:
    for key, kind in KINDS.items():
        before = {_name(entry): entry for entry in _items(old, key)}
        for entry in _items(new, key):
            earlier = before.get(_name(entry))
            if isinstance(entry, dict) and isinstance(earlier, dict):
                yield from _entry(kind, earlier, entry)


def _entry(kind: str, old: dict[str, JSON], new: dict[str, JSON]) -> Iterator[str]:
    for field in dict.fromkeys((*old, *new)):
        if old.get(field) != new.get(field):
            subject = new["name"] if (kind, field) == ("component", "version") else f"{kind} {new['name']}: {field}"
            yield f"{subject} {_word(old.get(field))} → {_word(new.get(field))}"


def _explanations(old: Values, new: Values) -> Iterator[str]:
    before = {str(item.get("field")): item for item in _items(old, _EXPLANATIONS) if isinstance(item, dict)}
    entries = [item for item in _items(new, _EXPLANATIONS) if isinstance(item, dict)]
    told = [str(item.get("field")) for item in entries if before.get(str(item.get("field"))) != item]
    if told:
        yield f"told anew: why {', '.join(told)}"


def _word(value: JSON) -> str:
    if isinstance(value, list):
        return ", ".join(map(_word, value)) or "none"
    text = " ".join(str(value).split())
    text = _WORDS.get(text, text)
    return text if len(text) <= 60 else f"{text[:57]}..."
