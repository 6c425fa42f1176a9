"""What things are called: the project, its title, its feature directory, its repository."""

from __future__ import annotations

import re
from collections.abc import Mapping

from setout.decide.because import silent
from setout.model import Choice, Origin, Plan

_LIMIT = 20
_FILLER = frozenset({"the", "a", "an", "for", "of", "and", "with", "to", "on", "in", "plan", "implementation", "setup"})


def project(plan: Plan, _made: Mapping[str, Choice]) -> Choice:
    """A short slug of the feature's name: 3 to 20 characters, since cloud names built from it have limits."""
    text = re.sub(r"^\d+-", "", plan.feature) or plan.title
    slug = slugify(text) or "platform"
    because = "It is cut from the feature's name." if text else "The plan has no name."
    return Choice("project", slug, (because,), (), Origin.INFERRED if text else Origin.DEFAULT)


def title(plan: Plan, made: Mapping[str, Choice]) -> Choice:
    line = next((s.place.line for s in plan.statements), 1)
    if not plan.title:
        return silent("title", made["project"].value, "The plan has no title.")
    return Choice("title", plan.title, ("It is the plan's first heading.",), (line,), Origin.STATED)


def feature(plan: Plan, made: Mapping[str, Choice]) -> Choice:
    """The directory below specs/ that holds the plan."""
    if plan.feature:
        return Choice("feature", plan.feature, ("The branch or the documentation tree names it.",), (), Origin.STATED)
    return silent(
        "feature", f"001-{made['project'].value}", "The plan does not say in which feature directory it lies."
    )


def repository(_plan: Plan, made: Mapping[str, Choice]) -> Choice:
    return silent(
        "repository", f"your-org/{made['project'].value}", "A plan does not say where the repository will live."
    )


def slugify(text: str) -> str:
    """Words of `text` as a DNS label of at most 20 characters, cut between words; empty if too short."""
    words = [word for word in re.findall(r"[a-z0-9]+", text.lower()) if word not in _FILLER]
    slug = ""
    for word in words:
        longer = f"{slug}-{word}" if slug else word[:_LIMIT]
        if len(longer) > _LIMIT:
            break
        slug = longer
    slug = slug.lstrip("0123456789-")
    return slug if len(slug) >= 3 else ""
