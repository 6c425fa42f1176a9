"""Where it is built: the clouds of the plan, the one that Terraform builds on, and its region."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from setout.decide.because import lines_of, silent
from setout.decide.evidence import Evidence, stated, tally
from setout.decide.subject import is_infrastructure
from setout.model import Choice, Mark, Origin, Plan, Sense
from setout.vocabulary import family

DELIVERED = ("aws",)
_THRESHOLD = 4
_FILE = 2  # what a file for it weighs
_GONE = frozenset({Mark.DELETED, Mark.FUTURE})
_SHARE = 4  # of the heaviest; less is a word in passing
_OWN = ("That the machines are their own is a guess: the plan names no cloud for them.",)
_MACHINE = re.compile(
    r"\b(?:ubuntu|debian|rhel|rocky|alma ?linux|fedora|nixos|docker (?:engine|host)|nas|vps|servers?)\b", re.I
)
_REGION = re.compile(
    r"(?<![\w-])(?:af|ap|ca|eu|il|me|mx|sa|us)(?:-gov)?-(?:central|north|south|east|west|northeast|northwest|southeast|southwest)-\d(?![\w-])"
)


def decide(plan: Plan, made: Mapping[str, Choice]) -> Choice:
    """The field that asks for it; else what carries weight; a managed or local cluster is where it runs."""
    found = stated(plan, "clouds", "cloud") or _weighty(plan)
    because = {item.value: f'{item.value}: "{item.text}".' for item in found}
    for name, cloud in _by_cluster(made).items():
        because.setdefault(cloud, f"{cloud}: {name} runs there.")
    if not because:
        return _own_machines(plan, made["kubernetes"])
    origin = found[0].origin if found else Origin.INFERRED
    lines = lines_of(found) or made["kubernetes"].lines
    doubts = tuple(_doubts(plan, made, found, because))
    if not found and not doubts:
        doubts = made["kubernetes"].doubts
    told = (*because.values(), *doubts)
    choice = Choice("clouds", sorted(because), told, lines, origin, doubts=doubts)
    return _with_machines(plan, made["kubernetes"], choice)


def _with_machines(plan: Plan, cluster: Choice, choice: Choice) -> Choice:
    """What only stands in front of machines has none for a cluster that people install themselves: those are theirs."""
    rows = family("clouds").rows
    own = _own_machines(plan, cluster)
    is_own = family("distributions").rows.get(cluster.value or "", {}).get("own")
    if not is_own or not own.value or not all(rows[cloud].get("edge") for cloud in choice.value):
        return choice
    value, lines = sorted([*choice.value, *own.value]), tuple(sorted({*choice.lines, *own.lines}))
    return replace(choice, value=value, because=(*choice.because, *own.because), lines=lines, doubts=_OWN)


def _doubts(
    plan: Plan, made: Mapping[str, Choice], found: tuple[Evidence, ...], because: Mapping[str, str]
) -> Iterator[str]:
    """A cloud that one line alone speaks for, and one that the plan puts off or weighs, make the choice thin."""
    cluster = family("distributions").rows.get(made["kubernetes"].value or "", {})
    for item in found:
        bears_out = cluster.get("cloud") == item.value or (cluster.get("own") and item.value == "on-premise")
        if item.origin is not Origin.STATED and len(item.lines) == 1 and not bears_out:
            yield f"Only line {item.lines[0]} speaks of {item.value}."
    if found and found[0].origin is Origin.STATED:
        return
    rows = family("distributions").rows
    for mention in plan.mentions:
        is_weighed = mention.sense in {Sense.FUTURE, Sense.ALTERNATIVE} and mention.statement.key == "platform"
        cloud = rows.get(mention.value, {}).get("cloud") if mention.family == "distributions" else mention.value
        if is_weighed and mention.family in {"clouds", "distributions"} and cloud and cloud not in because:
            yield f"Line {mention.place.line} puts off {mention.term}, or weighs it."


def _weighty(plan: Plan) -> tuple[Evidence, ...]:
    """Clouds that the plan speaks of more than in passing, beside the one it speaks of most."""
    found = _with_tree(plan, tally(plan, "clouds", "cloud", there=True))
    most = found[0].weight if found else 0
    return tuple(item for item in found if item.weight >= _THRESHOLD and item.weight * _SHARE > most)


def _with_tree(plan: Plan, found: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
    """What the plan speaks of weighs more where files of Terraform are for it: "dns.tf   # Cloudflare records"."""
    words = family("clouds")
    shown: dict[str, list[int]] = {}
    for entry in plan.entries:
        if entry.name.endswith((".tf", ".tofu")) and entry.mark not in _GONE:
            for value in {words.value_of(match.group()) for match in words.pattern.finditer(entry.comment)}:
                shown.setdefault(value, []).append(entry.place.line)
    heavier = (
        replace(
            item,
            weight=item.weight + _FILE * len(shown.get(item.value, ())),
            lines=tuple(sorted({*item.lines, *shown.get(item.value, ())})),
        )
        for item in found
    )
    return tuple(sorted(heavier, key=lambda item: -item.weight))


def _by_cluster(made: Mapping[str, Choice]) -> dict[str, str]:
    """The clouds in which the plan's distributions run by their nature, by the distribution."""
    rows = family("distributions").rows
    names = [name for name in (made["kubernetes"].value, *made["kubernetes_also"].value) if name]
    return {name: rows[name]["cloud"] for name in names if rows.get(name, {}).get("cloud")}


def _own_machines(plan: Plan, cluster: Choice) -> Choice:
    """Whoever installs the cluster or the operating system, and names no cloud, does so on machines of their own."""
    rows = family("distributions").rows
    hint = next(iter(tally(plan, "clouds", there=True)), None)
    if rows.get(cluster.value or "", {}).get("own"):
        lines = hint.lines if hint and hint.value == "on-premise" else cluster.lines
        because = f"People install {cluster.value} on machines of their own, and the plan names no cloud."
        return Choice("clouds", ["on-premise"], (because,), lines, Origin.INFERRED, doubts=_OWN)
    machine = next((s for s in plan.fields("platform") if _MACHINE.search(s.text)), None)
    if machine and is_infrastructure(plan):
        because = f'The platform is a machine and no cloud: "{" ".join(machine.text.split())[:120]}".'
        return Choice("clouds", ["on-premise"], (because,), (machine.place.line,), Origin.INFERRED, doubts=_OWN)
    return silent("clouds", [], "The plan names no cloud.")


def main(_plan: Plan, made: Mapping[str, Choice]) -> Choice:
    """The cloud that Terraform builds on: the first of the plan's clouds for which there is a blueprint folder."""
    if "terraform" not in made["blueprints"].value:
        return silent("cloud", "none", "Without Terraform nothing is built in a cloud.")
    clouds = made["clouds"]
    for cloud in clouds.value:
        if cloud in DELIVERED:
            return Choice("cloud", cloud, clouds.because, clouds.lines, clouds.origin)
    if not clouds.value:
        return silent("cloud", None, "The plan asks for Terraform and names no cloud.")
    return Choice(
        "cloud", None, (f"There is no blueprint for {', '.join(clouds.value)} yet.",), clouds.lines, clouds.origin
    )


def region(plan: Plan, _made: Mapping[str, Choice]) -> Choice:
    """The region the plan names in its field, or else anywhere."""
    for statement in (*plan.fields("region"), *plan.statements):
        match = _REGION.search(statement.text)
        if match:
            because = f'The plan names {match.group()}: "{" ".join(statement.text.split())[:120]}".'
            return Choice("region", match.group(), (because,), (statement.line_at(match.start()),), Origin.STATED)
    return silent("region", "eu-west-1", "The plan names no region.")
