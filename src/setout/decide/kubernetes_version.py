"""Which minor version of Kubernetes: what the field says, or what stands beside the name of a distribution."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from setout.decide.because import silent
from setout.model import Choice, Origin, Place, Plan, Sense, SetAside, Statement

SUPPORTED = ("1.33", "1.34", "1.35", "1.36", "1.37")
DEFAULT = "1.35"
_USED = frozenset({Sense.ASSERTED, Sense.EXISTING})
_OWN_NUMBERS = frozenset({"minikube", "kind", "k3d", "openshift", "rancher"})  # these count their own releases
_VERSION = re.compile(r"(?<![\w.])v?1\.(?P<minor>[23]\d)(?:\.\d+)?(?![\w-])")
# "EKS 1.36", "Kubernetes cluster (v1.35.2)", "k3s >= 1.33": the name, and what may stand before its version.
_BESIDE = re.compile(
    r"[\w-]+(?: \w+)?[\s:(,`*]{1,4}(?:(?:cluster|version|control plane|server|minor)[\s:(]{1,3})?"
    r"(?:>=|≥|~>|=)?\s?(?=v?1\.)",
    re.I,
)
_BOUND_BEFORE = re.compile(r"(?:>=?|≥|\b(?:at least|min(?:imum)?\.?|from|above))\s*$", re.I)
_BOUND_AFTER = re.compile(r"\+(?!\w)|\s*(?:or|and) (?:newer|later|higher|above|up)\b|\s*以上", re.I)


@dataclass(frozen=True, slots=True)
class Named:
    """A minor version as the plan names it; `is_bound` where newer ones will do."""

    minor: str
    is_bound: bool
    said: str
    place: Place
    origin: Origin

    @property
    def is_usable(self) -> bool:
        return self.is_bound or self.minor in SUPPORTED


def decide(plan: Plan, _made: Mapping[str, Choice]) -> Choice:
    """The first version that is supported; a lower bound is met by the default, or by itself if that is older."""
    named = next((item for item in _named(plan) if item.is_usable), None)
    if named is None:
        return silent("kubernetes_version", DEFAULT, "No supported minor version is stated; this one is in support.")
    if named.is_bound:
        value = max(named.minor, DEFAULT) if named.minor in SUPPORTED else DEFAULT
        because = f'The plan asks for {named.minor} or newer: "{named.said}".'
    else:
        value, because = (
            named.minor,
            f'The plan {"states" if named.origin is Origin.STATED else "names"} it: "{named.said}".',
        )
    return Choice("kubernetes_version", value, (because,), (named.place.line,), named.origin)


def unsupported(plan: Plan) -> tuple[SetAside, ...]:
    """A version that is out of support, where the plan names no other; "1.28+" asks for no more than that."""
    named = _named(plan)
    if not named or any(item.is_usable for item in named):
        return ()
    reason = f"not one of the supported minor versions; {DEFAULT} is delivered"
    return (SetAside("kubernetes_version", named[0].minor, named[0].place, reason),)


def _named(plan: Plan) -> tuple[Named, ...]:
    return tuple(_in_field(plan)) or tuple(_beside_names(plan))


def _in_field(plan: Plan) -> Iterator[Named]:
    for statement in plan.fields("kubernetes"):
        for match in _VERSION.finditer(statement.text):
            yield _version(match, statement, Origin.STATED)


def _beside_names(plan: Plan) -> Iterator[Named]:
    for mention in plan.mentions:
        if mention.family == "distributions" and mention.sense in _USED and mention.value not in _OWN_NUMBERS:
            beside = _BESIDE.match(mention.statement.text, mention.offset)
            match = beside and _VERSION.match(mention.statement.text, beside.end())
            if match:
                yield _version(match, mention.statement, Origin.INFERRED)


def _version(match: re.Match[str], statement: Statement, origin: Origin) -> Named:
    text = statement.text
    is_bound = bool(_BOUND_BEFORE.search(text[: match.start()]) or _BOUND_AFTER.match(text, match.end()))
    line = text[text.rfind("\n", 0, match.start()) + 1 :].partition("\n")[0]
    said = " ".join(line.split())[:120]
    return Named(f"1.{match['minor']}", is_bound, said, Place(statement.line_at(match.start())), origin)
