"""Where it is built: the clouds of the plan, the one that Terraform builds on, and its region."""

from __future__ import annotations

import re
from collections.abc import Mapping

from setout.decide.because import lines_of, silent
from setout.decide.evidence import stated, tally
from setout.model import Choice, Origin, Plan
from setout.vocabulary import family

DELIVERED = ("aws",)
_THRESHOLD = 4
_REGION = re.compile(
    r"(?<![\w-])(?:af|ap|ca|eu|il|me|mx|sa|us)(?:-gov)?-(?:central|north|south|east|west|northeast|northwest|southeast|southwest)-\d(?![\w-])"
)


def decide(plan: Plan, made: Mapping[str, Choice]) -> Choice:
    """The field that asks for it; else what carries weight; a managed cluster implies its cloud."""
    found = stated(plan, "clouds", "cloud") or tuple(
        item for item in tally(plan, "clouds", "cloud") if item.weight >= _THRESHOLD
    )
    implied = family("distributions").rows.get(made["kubernetes"].value or "", {}).get("cloud")
    values = [item.value for item in found]
    because = [f'{item.value}: "{item.text}".' for item in found]
    if implied and implied not in values:
        values.append(implied)
        because.append(f"{implied}: {made['kubernetes'].value} runs there.")
    if not values:
        return silent("clouds", [], "The plan names no cloud.")
    origin = found[0].origin if found else Origin.INFERRED
    lines = lines_of(found) or made["kubernetes"].lines
    return Choice("clouds", sorted(set(values)), tuple(because), lines, origin)


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
