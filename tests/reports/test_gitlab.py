"""GitLab's code quality: the fields it needs, each finding with a fingerprint of its own."""

from __future__ import annotations

import json

import jsonschema

from setout.model import Status
from setout.reports import gitlab
from tests.reports.sample import EVERYTHING, WRONG, result, validation

# After GitLab's documentation, "Code Quality report format".
SCHEMA = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "location", "severity"],
        "properties": {
            "description": {"type": "string", "minLength": 1},
            "check_name": {"type": "string", "minLength": 1},
            "fingerprint": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "properties": {
                    "path": {"type": "string", "pattern": "^[^/]"},
                    "lines": {"required": ["begin"], "properties": {"begin": {"type": "integer", "minimum": 1}}},
                },
            },
        },
    },
}


def test_the_report_has_every_field_that_gitlab_needs() -> None:
    entries = json.loads(gitlab.validation(EVERYTHING))
    jsonschema.validate(entries, SCHEMA)
    assert len({entry["fingerprint"] for entry in entries}) == len(entries) == 5


def test_a_finding_has_its_place_and_cure() -> None:
    (entry,) = json.loads(gitlab.validation(validation(result(Status.FAILED, ".", WRONG), root="infra")))
    assert entry["location"] == {"path": "infra/modules/vpc/main.tf", "lines": {"begin": 2}}
    assert entry["description"] == f"{WRONG.message}. To mend it: {WRONG.remedy}"
    assert (entry["check_name"], entry["severity"]) == (WRONG.rule, "major")


def test_an_empty_report_is_never_written_for_what_was_not_looked_at() -> None:
    (entry,) = json.loads(gitlab.validation(validation(result(Status.MISSING, ".", reason="not there"))))
    assert (entry["check_name"], entry["severity"]) == ("setout/not-looked-at", "critical")
    assert "not there" in entry["description"]
    assert json.loads(gitlab.validation(validation(result(Status.PASSED, ".")))) == []
