"""JSON for machines: one object, keys in a fixed order; of plans one object a line, however many there are."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from setout.model import Choice, Citation, Mention, Sense, Status, Validation

if TYPE_CHECKING:
    from setout.pipeline import Delivery, Preview, Reading, Update
    from setout.provenance.why import Resting, Why
    from setout.upkeep.accepted import Acceptance
    from setout.upkeep.drift import Drift
    from setout.upkeep.reply import Answered
    from setout.upkeep.update import Proposal
    from setout.upkeep.writeback import Synced

_CONTRACT = (
    "structure", "blueprints", "other_tools", "clouds", "kubernetes", "kubernetes_also", "kubernetes_version",
    "gitops", "deployment_strategy", "state_backend", "secrets", "environments", "tenants", "components",
    "applications", "charts",
)  # fmt: skip

_PROPOSAL = ("meaning", "added", "changed", "deleted", "moved", "conflicts")


def readings(values: Sequence[Reading], *, color: bool = False) -> str:  # noqa: ARG001 - every format takes it
    return "\n".join(json.dumps(reading_object(value), ensure_ascii=False) for value in values)


def preview(value: Preview, *, color: bool = False) -> str:  # noqa: ARG001
    meaning = [
        f"{choice.field}: {_words(choice)}" for choice in value.reading.decision.choices if choice.field in _CONTRACT
    ]
    lists = {"added": list(value.added), "changed": [], "deleted": [], "moved": [], "conflicts": []}
    return _dump({"meaning": meaning, **lists})


def delivery(value: Delivery, *, color: bool = False) -> str:  # noqa: ARG001
    checked = validation_object(value.validation) if value.validation else None
    return _dump(
        {
            "read": reading_object(value.reading),
            "files": list(value.tree.files),
            "note": value.template_note,
            "validation": checked,
        }
    )


def proposal(value: Proposal, *, color: bool = False) -> str:  # noqa: ARG001
    return _dump(proposal_object(value))


def update(value: Update, *, color: bool = False) -> str:  # noqa: ARG001
    made = proposal_object(value.proposal) if value.proposal else {key: [] for key in (*_PROPOSAL, "notes")}
    return _dump(
        {
            **made,
            "outcome": value.outcome,
            "reasons": list(value.reasons),
            "commit": value.commit,
            "commands": list(value.commands),
            "recovered": value.recovered,
            "validation": validation_object(value.validation) if value.validation else None,
        }
    )


def drift(value: Drift, *, color: bool = False) -> str:  # noqa: ARG001
    files = [
        {"path": item.path, "changed_by": list(item.changed_by), "accepted": item.accepted, "reason": item.reason}
        for item in value.files
    ]
    contradictions = [
        {
            "field": item.contradiction.field,
            "plan_line": item.contradiction.plan_line,
            "path": item.contradiction.path,
            "message": item.contradiction.message,
            "accepted": item.accepted,
            "reason": item.reason,
        }
        for item in value.contradictions
    ]
    return _dump({"plan": value.plan, "drifted": not value.is_none, "files": files, "contradictions": contradictions})


def acceptances(values: Sequence[Acceptance], *, color: bool = False) -> str:  # noqa: ARG001
    return _dump(
        {
            "accepted": [
                {
                    "path": item.path,
                    "field": item.field,
                    "state": item.state,
                    "reason": item.reason,
                    "until": item.until,
                }
                for item in values
            ]
        }
    )


def why(value: Why, *, color: bool = False) -> str:  # noqa: ARG001
    return _dump(
        {
            "path": value.path,
            "line": value.line or None,
            "plan": value.plan,
            "plan_lines": list(value.quotes),
            "answers": {ground.answer: ground.value for ground in value.grounds},
            "blueprint": value.blueprint,
            "because": list(value.because),
            "grounds": [
                {"answer": ground.answer, "plan_lines": list(ground.lines), "because": list(ground.because)}
                for ground in value.grounds
            ],
            "notes": list(value.notes),
        }
    )


def resting(value: Resting, *, color: bool = False) -> str:  # noqa: ARG001
    return _dump(
        {
            "plan": value.plan,
            "line": value.line,
            "text": value.text,
            "fields": list(value.fields),
            "files": [{"path": path, "answers": list(answers)} for path, answers in value.files.items()],
        }
    )


def synced(value: Synced, *, color: bool = False) -> str:  # noqa: ARG001
    return _dump({"plan": str(value.plan), "stale": list(value.stale), "written": value.written})


def answered(value: Answered, *, color: bool = False) -> str:  # noqa: ARG001
    return _dump({"plan": str(value.plan), "line": value.line, "before": value.before, "after": value.after})


def proposal_object(value: Proposal) -> dict[str, Any]:
    """The contract of `setout preview --format json` on a repository."""
    return {
        "meaning": list(value.meaning),
        "added": list(value.added),
        "changed": list(value.changed),
        "deleted": list(value.deleted),
        "moved": [list(pair) for pair in value.moved],
        "conflicts": [{"path": path, "reason": reason} for path, reason in value.conflicts],
        "reasons": list(value.reasons),
        "notes": list(value.notes),
    }


def validation(value: Validation, *, color: bool = False) -> str:  # noqa: ARG001
    return _dump(validation_object(value))


def reading_object(value: Reading) -> dict[str, Any]:
    """The contract of `setout read --format json`."""
    plan, decision = value.plan, value.decision
    choices = {choice.field: choice for choice in decision.choices}
    return {
        "plan": plan.path,
        "dialect": plan.dialect,
        "title": plan.title,
        "outcome": decision.outcome.value,
        "none_reason": choices["none_reason"].value,
        "reason": decision.reason,
        **{name: choices[name].value for name in _CONTRACT},
        "open_questions": [
            {
                "line": question.place.line,
                "field": question.field,
                "question": question.text,
                "answers": list(question.answers),
                "default": question.default,
            }
            for question in decision.questions
        ],
        "evidence": {choice.field: list(choice.lines) for choice in decision.choices if choice.lines},
        "because": {choice.field: list(choice.because) for choice in decision.choices},
        "unsure": [choice.field for choice in decision.choices if not choice.sure],
        "undelivered": [
            {"field": item.field, "value": item.value, "line": item.place.line, "reason": item.reason}
            for item in decision.undelivered
        ],
        "facts": [
            *(_fact(mention) for mention in plan.mentions if mention.sense is Sense.ASSERTED),
            *(_cited(choice, citation) for choice in decision.choices for citation in choice.beside),
        ],
        "set_aside": [
            {"value": mention.value, "line": mention.place.line, "reason": mention.sense.value}
            for mention in plan.mentions
            if mention.sense is not Sense.ASSERTED
        ],
    }


def validation_object(value: Validation) -> dict[str, Any]:
    """The contract of `setout validate --format json`."""
    return {
        "summary": {status.value: value.count(status) for status in Status},
        "checks": [
            {
                "tool": result.tool,
                "check": result.verb,
                "version": result.version,
                "target": result.target,
                "outcome": result.status.value,
                "checked": result.checked,
                "seconds": round(result.seconds, 3),
                "cached": result.cached,
                "reason": result.reason,
            }
            for result in value.results
        ],
        "findings": [
            {
                "rule": finding.rule,
                "severity": finding.severity.value,
                "message": finding.message,
                "remedy": finding.remedy,
                "path": finding.path,
                "line": finding.line,
                "fingerprint": finding.fingerprint,
            }
            for finding in value.findings
        ],
        "notes": list(value.notes),
    }


def _fact(mention: Mention) -> dict[str, Any]:
    return {
        "field": mention.family,
        "value": mention.value,
        "line": mention.place.line,
        "column": mention.place.column,
        "origin": "stated" if mention.statement.key else "inferred",
        "text": " ".join(mention.statement.text.split())[:200],
    }


def _cited(choice: Choice, citation: Citation) -> dict[str, Any]:
    """What another document says where the plan is silent; `path` tells which, below the root of the project."""
    place = {"path": citation.path, "line": citation.line, "column": 1}
    return {"field": choice.field, "value": _words(choice), **place, "origin": "inferred", "text": citation.text}


def _words(choice: Choice) -> str:
    return ", ".join(map(str, choice.value)) if isinstance(choice.value, list) else str(choice.value)


def _dump(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)
