"""The published schemas: what every command really prints is valid, and what differs from it is not."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import referencing
from jsonschema import Draft202012Validator

from setout import pipeline
from setout.cli import main, parser
from setout.reports import json as reports_json
from tests import small, trees
from tests.conftest import PLANS, ROOT
from tests.reports.sample import EVERYTHING

FOLDER = ROOT / "src" / "setout" / "data" / "json"
SCHEMAS = {path.name.removesuffix(".schema.json"): json.loads(path.read_text("utf-8")) for path in FOLDER.iterdir()}
REGISTRY: referencing.Registry[Any] = referencing.Registry().with_resources(
    (f"{name}.schema.json", referencing.Resource.from_contents(schema)) for name, schema in SCHEMAS.items()
)
MULTI_TOOL = PLANS / "multi-tool" / "plan.md"


def validator(command: str) -> Draft202012Validator:
    return Draft202012Validator(SCHEMAS[command], registry=REGISTRY)


def altered(value: Any) -> Iterator[Any]:
    """The same document with one thing wrong: a key more, and for each key that key gone or of no known type."""
    yield {**value, "surprise": 1}
    for key in value:
        yield {name: item for name, item in value.items() if name != key}
        yield {**value, key: object}


def printed(capsys: pytest.CaptureFixture[str], *words: str | Path) -> Any:
    main([*map(str, words), "--format", "json"])
    return json.loads(capsys.readouterr().out)


def commands_with_json(command: argparse.ArgumentParser, name: str = "") -> Iterator[str]:
    for action in command._actions:
        if isinstance(action, argparse._SubParsersAction):
            for word, child in action.choices.items():
                yield from commands_with_json(child, f"{name}-{word}" if name else word)
        elif "--format" in action.option_strings and "json" in (action.choices or ()):
            yield name


def test_every_command_that_prints_json_has_a_schema_and_the_documentation_links_it() -> None:
    assert sorted(commands_with_json(parser())) == sorted(SCHEMAS)
    page = (ROOT / "docs" / "reference" / "machines.md").read_text("utf-8")
    assert not [name for name in SCHEMAS if f"src/setout/data/json/{name}.schema.json" not in page]


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_is_one(name: str) -> None:
    Draft202012Validator.check_schema(SCHEMAS[name])
    assert SCHEMAS[name]["$schema"] == "https://json-schema.org/draft/2020-12/schema"


@pytest.mark.parametrize("case", sorted(path.parent.name for path in PLANS.glob("*/plan.md")))
def test_read_prints_what_its_schema_says(case: str, capsys: pytest.CaptureFixture[str]) -> None:
    validator("read").validate(printed(capsys, "read", PLANS / case / "plan.md"))


def test_preview_prints_what_its_schema_says(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    validator("preview").validate(printed(capsys, "preview", MULTI_TOOL, tmp_path / "out"))


def test_scaffold_prints_what_its_schema_says(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    validator("scaffold").validate(printed(capsys, "scaffold", MULTI_TOOL, tmp_path / "out", "--no-validate"))


def test_scaffold_with_checks_prints_what_its_schema_says() -> None:
    document = {"read": reading(), "files": [], "note": "", "validation": reports_json.validation_object(EVERYTHING)}
    validator("scaffold").validate(document)
    document["validation"]["findings"][0]["line"] = -1  # type: ignore[index]
    assert not validator("scaffold").is_valid(document)


def test_validate_prints_what_its_schema_says(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    broken = trees.broken(trees.KUSTOMIZE, "base/deployment.yaml", "selector:", "selektor:")
    value = printed(capsys, "validate", trees.write(tmp_path, broken), "--no-cache")
    validator("validate").validate(value)
    assert "kubeconform" in {finding["rule"].partition("/")[0] for finding in value["findings"]}
    assert "kustomize build" in {f"{check['tool']} {check['check']}" for check in value["checks"]}


@pytest.mark.parametrize("change", [None, ("dev, prod", "dev, staging, prod"), ("dev, prod", "prod")])
def test_update_and_its_preview_print_what_their_schemas_say(
    change: tuple[str, str] | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    repo = small.deliver(small.template(tmp_path / "template"), tmp_path / "repo")
    if change:
        small.change_plan(repo, *change)
    plan = repo.top / "specs" / "007-paper-shop" / "plan.md"
    preview = printed(capsys, "preview", plan, repo.top)
    validator("preview").validate(preview)
    value = printed(capsys, "update", repo.top, "--no-validate")
    validator("update").validate(value)
    assert (preview["added"], preview["deleted"]) == (value["added"], value["deleted"])
    assert not [other for other in altered(value) if validator("update").is_valid(other)]


def test_the_commands_of_day_two_print_what_their_schemas_say(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    repo = small.deliver(small.template(tmp_path / "template"), tmp_path / "repo")
    small.write(repo.root, {"terraform/environments/dev/backend.tf": 'terraform {\n  backend "local" {}\n}\n'})
    reason = ("--reason", "agreed in the review")
    backend, plan = "terraform/environments/dev/backend.tf", repo.root / "specs" / "007-paper-shop" / "plan.md"
    documents = [
        ("drift", printed(capsys, "drift", repo.root)),
        ("accept", printed(capsys, "accept", backend, "--in", repo.root, *reason)),
        ("why", printed(capsys, "why", "README.md", "--in", repo.root)),
        ("why", printed(capsys, "why", f"{backend}:1", "--in", repo.root)),
        ("why", printed(capsys, "why", "--plan", "15", "--in", repo.root)),
        ("plan-sync", printed(capsys, "plan", "sync", repo.root, "--no-validate")),
    ]
    small.change_plan(repo, "**State Backend**: S3", "**State Backend**: NEEDS CLARIFICATION")
    documents.append(("plan-answer", printed(capsys, "plan", "answer", "state_backend=S3", "--plan", plan)))
    for name, document in documents:
        validator(name).validate(document)
        assert not [other for other in altered(document) if validator(name).is_valid(other)]
    assert documents[0][1]["files"][0]["changed_by"] == ["person"]
    assert documents[0][1]["contradictions"][0]["field"] == "state_backend"


def reading() -> dict[str, Any]:
    return reports_json.reading_object(pipeline.read(MULTI_TOOL))


def questions() -> dict[str, Any]:
    return reports_json.reading_object(pipeline.read(PLANS / "unfilled" / "plan.md"))


DOCUMENTS: dict[str, Callable[[], dict[str, Any]]] = {
    "read": questions,
    "validate": lambda: reports_json.validation_object(EVERYTHING),
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_no_altered_document_is_valid(name: str) -> None:
    document = DOCUMENTS[name]()
    validator(name).validate(document)
    assert not [other for other in altered(document) if validator(name).is_valid(other)]


@pytest.mark.parametrize(
    ("command", "document", "place"),
    [
        ("read", questions, "open_questions"),
        ("read", reading, "facts"),
        ("read", reading, "undelivered"),
        ("validate", DOCUMENTS["validate"], "checks"),
        ("validate", DOCUMENTS["validate"], "findings"),
    ],
)
def test_no_altered_row_is_valid(command: str, document: Callable[[], dict[str, Any]], place: str) -> None:
    whole = document()
    rows = list(altered(whole[place][0]))
    assert len(rows) > 6
    assert not [row for row in rows if validator(command).is_valid({**whole, place: [row]})]


def test_several_plans_are_one_object_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    plans = [PLANS / case / "plan.md" for case in ("multi-tool", "unfilled")]
    assert main(["read", *map(str, plans), "--format", "json"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [json.loads(line)["plan"] for line in lines] == [str(plan) for plan in plans]
