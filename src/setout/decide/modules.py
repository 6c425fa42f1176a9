"""Which Terraform modules are delivered: those of the structure, or those that the plan's tree names among them."""

from __future__ import annotations

from collections.abc import Mapping

from setout.decide.because import silent
from setout.model import Choice, Entry, Mark, Origin, Plan, SetAside

BY_STRUCTURE: Mapping[str | None, tuple[str, ...]] = {
    "single-iac": ("compute", "database", "kms", "vpc"),
    "multi-tool": ("eks", "kms", "rds", "vpc"),
    "multi-tenant": ("eks", "kms", "tenant", "vpc"),
    "helm-chart": (),
    None: (),
}
# Every module encrypts with the key and lives in the network, so these two come with any other.
_FOUNDATION = frozenset({"kms", "vpc"})
_SAME = {"networking": "vpc", "network": "vpc", "rds": "rds", "database": "database", "db": "database"}


def decide(plan: Plan, made: Mapping[str, Choice]) -> Choice:
    """What the structure promises, narrowed to what the tree names."""
    structure = made["structure"].value
    if "terraform" not in made["blueprints"].value or structure not in BY_STRUCTURE:
        return silent("terraform_modules", [], "Without Terraform there are no modules.")
    promised = set(BY_STRUCTURE[structure])
    named = {_SAME.get(name, name): line for name, line in _in_tree(plan).items()}
    chosen = promised & set(named)
    if not chosen or structure == "multi-tenant":
        return silent("terraform_modules", sorted(promised), "These are the modules of the structure.")
    because = (
        f"The tree names {', '.join(sorted(chosen))}; the others of the structure depend on nothing it leaves out."
    )
    lines = tuple(sorted(named[name] for name in chosen))
    return Choice("terraform_modules", sorted(chosen | _FOUNDATION), (because,), lines, Origin.STATED)


def undelivered(plan: Plan, made: Mapping[str, Choice]) -> tuple[SetAside, ...]:
    """Modules that the tree names and no blueprint has."""
    delivered = set(made["terraform_modules"].value)
    found = {entry.parts[_index(entry) + 1]: entry for entry in plan.entries if _names_module(entry)}
    return tuple(
        SetAside(
            "terraform_modules",
            name,
            entry.place,
            "there is no blueprint for this module; add it below terraform/modules/",
        )
        for name, entry in sorted(found.items())
        if _SAME.get(name, name) not in delivered
    )


def _in_tree(plan: Plan) -> dict[str, int]:
    found: dict[str, int] = {}
    for entry in plan.entries:
        if _names_module(entry):
            found.setdefault(entry.parts[_index(entry) + 1], entry.place.line)
    return found


def _names_module(entry: Entry) -> bool:
    if entry.mark in {Mark.DELETED, Mark.FUTURE, Mark.EXISTING} or "modules" not in entry.parts[:-1]:
        return False
    return "." not in entry.parts[_index(entry) + 1] and entry.parts[_index(entry) + 1].isidentifier()


def _index(entry: Entry) -> int:
    return entry.parts.index("modules")
