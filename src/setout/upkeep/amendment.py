"""Plan to answers for a repository that exists: what the plan leaves unsaid stays as it is recorded."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from setout.decide import decide
from setout.decide.kubernetes_version import SUPPORTED
from setout.decide.neighbours import SILENT
from setout.delivery.answers import answer
from setout.model import JSON, Decision, Origin, Plan
from setout.upkeep import change
from setout.upkeep.change import Rename

# What a repository is called does not follow its plan's wording: state buckets and cloud resources bear the name.
_NAMES = ("project", "repository", "feature")

# A plan that falls silent about these means no change: nobody moves a cluster by leaving a line out.
_LASTING = ("region", "kubernetes_version", "environments", "ci")

# Answers that no plan gives; each stays as recorded unless the name it is built from is set anew.
_UNSAID = {
    "documents": "",
    "owner": "repository",
    "repository_url": "repository",
    "state_bucket": "project",
}
# How a decision records that a person made it on the command line (setout.decide).
_SET = re.compile(r"--set (?P<name>[a-z_]+)=(?P<value>.*) says so\.", re.S)


def amend(plan: Plan, recorded: Mapping[str, JSON], settings: Mapping[str, str]) -> Decision:
    """What `plan` asks for; where it is silent, and where a person set something before, what is `recorded`.

    Args:
        settings: answers given on the command line; they win over both.

    Raises:
        UserError: a setting names no choice.
    """
    names = {name: str(recorded[name]) for name in _NAMES if recorded.get(name)}
    alone = decide(plan, {**names, **settings})
    given = {
        **names,
        **_lasting(alone, recorded),
        **_said_beside(alone, recorded),
        **_set_before(alone, recorded),
        **settings,
    }
    return decide(plan, given)


def answers(
    plan: Plan,
    decision: Decision,
    recorded: Mapping[str, JSON],
    settings: Mapping[str, str],
    renamed: Sequence[Rename] = (),
) -> dict[str, JSON]:
    """The answers of the plan; answers that it does not give are the recorded ones.

    Raises:
        PlanError, OpenQuestions: as `setout.delivery.answers.answer`.
    """
    before = change.rename(recorded, renamed)
    values = answer(plan, decision, recorded=before).values
    unsaid = {key: recorded[key] for key, name in _UNSAID.items() if key in recorded and name not in settings}
    told = [_as_recorded(item, recorded, settings) for item in values["decisions"]]
    return {**recorded, **values, **unsaid, "decisions": told}


def _lasting(alone: Decision, recorded: Mapping[str, JSON]) -> dict[str, str]:
    return {
        name: _text(recorded[name])
        for name in _LASTING
        if recorded.get(name) and alone.choice(name).origin is Origin.DEFAULT and _is_possible(name, recorded[name])
    }


def _said_beside(alone: Decision, recorded: Mapping[str, JSON]) -> dict[str, str]:
    """What documents beside the first plan said where it was silent; they need not lie in the repository."""
    items = [item for item in recorded.get("decisions") or () if isinstance(item, dict)]
    return {
        item["field"]: str(item["value"])
        for item in items
        if _is_said_beside(item)
        and item.get("field") in _choices(alone)
        and alone.choice(item["field"]).origin is Origin.DEFAULT
    }


def _is_said_beside(item: Mapping[str, JSON]) -> bool:
    return str(item.get("because", "")).startswith(SILENT) and bool(item.get("value"))


def _is_possible(name: str, value: JSON) -> bool:
    return name != "kubernetes_version" or value in SUPPORTED


def _set_before(alone: Decision, recorded: Mapping[str, JSON]) -> dict[str, str]:
    """What was set at an earlier run. Where the plan has come to say the same, it is the plan's from then on."""
    found = {}
    for item in recorded.get("decisions") or ():
        match = _SET.fullmatch(str(item.get("because", ""))) if isinstance(item, dict) else None
        if match and match["name"] in _choices(alone) and _text(alone[match["name"]]) != match["value"]:
            found[match["name"]] = match["value"]
    return found


def _as_recorded(item: JSON, recorded: Mapping[str, JSON], settings: Mapping[str, str]) -> JSON:
    """What lasts is explained as it was at first, and not as if somebody had set it now."""
    entries = (entry for entry in recorded.get("decisions") or () if isinstance(entry, dict))
    before = next((entry for entry in entries if entry.get("field") == item["field"]), item)
    lasts = item["field"] in _LASTING or _is_said_beside(before)
    return before if lasts and item["field"] not in settings and _SET.fullmatch(item["because"]) else item


def _choices(decision: Decision) -> set[str]:
    return {choice.field for choice in decision.choices}


def _text(value: JSON) -> str:
    if isinstance(value, list):
        return ",".join(str(item["name"]) if isinstance(item, dict) else str(item) for item in value)
    return str(value)
