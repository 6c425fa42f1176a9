"""The request, in order. A newcomer who reads only this file knows the product."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from setout import answers as answering
from setout import plan as planning
from setout import render as rendering
from setout import template as templates
from setout.decide import decide
from setout.errors import OpenQuestions, PlanError
from setout.model import Answers, Decision, Outcome, Plan, Tree, Validation

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a plan says and what follows from it."""

    plan: Plan
    decision: Decision


@dataclass(frozen=True, slots=True)
class Preview:
    """What a delivery would write: every path, and the size of each in bytes."""

    reading: Reading
    answers: Answers
    added: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Delivery:
    """What was written, from which template, and what the checks say of it."""

    reading: Reading
    answers: Answers
    tree: Tree
    template_note: str
    validation: Validation | None


def read(plan_file: Path, settings: Mapping[str, str] | None = None) -> Reading:
    """Read a plan and decide what it asks for. Raises PlanError or UserError."""
    plan = planning.read(plan_file)
    return Reading(plan, decide(plan, settings))


def preview(
    plan_file: Path,
    destination: Path,
    settings: Mapping[str, str],
    *,
    template: str = "",
    ref: str = "",
    strict: bool = False,
) -> Preview:
    """Everything `scaffold` would write, without writing it."""
    reading = _deliverable(read(plan_file, settings), strict=strict)
    with rendering.staged(destination) as folder:
        answers, tree = _materialise(reading, folder / "tree", templates.find(template, ref))
        return Preview(reading, answers, tree.files)


def scaffold(
    plan_file: Path,
    destination: Path,
    settings: Mapping[str, str],
    *,
    template: str = "",
    ref: str = "",
    strict: bool = False,
    check: bool = True,
    progress: Progress,
) -> Delivery:
    """Carry a plan onto the ground: read, decide, answer, render beside the destination, move into place, check.

    Raises:
        PlanError: the plan cannot be read, or asks for nothing that can be delivered.
        OpenQuestions: the plan leaves something open that stops delivery.
        DestinationError, TemplateError: nothing was written.
    """
    rendering.check_destination(destination)
    reading = _deliverable(read(plan_file, settings), strict=strict)
    source = templates.find(template, ref)
    progress("rendering the repository")
    with rendering.staged(destination) as folder:
        answers, _ = _materialise(reading, folder / "tree", source)
        rendering.move_into_place(folder / "tree", destination)
    tree = rendering.tree(destination)
    validation = validate(destination, progress=progress) if check else None
    return Delivery(reading, answers, tree, source.note, validation)


def validate(
    root: Path, *, progress: Progress, kubernetes_versions: tuple[str, ...] = (), providers: str = "auto"
) -> Validation:
    """Check a repository with the real programs and with our own gates."""
    from setout import checks  # noqa: PLC0415 - brings the schema server along, which reading a plan does not need

    return checks.check(root, progress=progress, kubernetes_versions=kubernetes_versions, providers=providers)


def _deliverable(reading: Reading, *, strict: bool) -> Reading:
    decision, path = reading.decision, reading.plan.path
    if decision.outcome is Outcome.NONE:
        raise PlanError(f"{path}: nothing to deliver: {decision.reason}", f"`setout read {path}` shows what was seen")
    open_ones = [question for question in decision.questions if strict or question.stops]
    if open_ones:
        listed = "; ".join(f"{path}:{q.place.line}: {q.text}" for q in open_ones)
        raise OpenQuestions(listed, "answer them in the plan, or with --set FIELD=VALUE")
    return reading


def _materialise(reading: Reading, into: Path, template: templates.Template) -> tuple[Answers, Tree]:
    """Render, and put the plan and the documents beside it into their feature directory."""
    plan_file = Path(reading.plan.path)
    own = _neighbours(plan_file)
    documents = [name for name in answering.DOCUMENTS if name not in own]
    answers = answering.answer(reading.plan, reading.decision, documents=documents)
    rendering.render(template, answers, into)
    feature = into / "specs" / str(answers.values["feature"])
    feature.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(plan_file, feature / "plan.md")
    for source in own.values():
        _copy_document(source, feature / source.name)
    return answers, rendering.tree(into)


def _neighbours(plan_file: Path) -> dict[str, Path]:
    """Documents that lie beside the plan: they are the person's, and the template's stay away."""
    candidates = {"contracts": "contracts", "quickstart": "quickstart.md", "research": "research.md"}
    if plan_file.name != "plan.md":
        return {}
    found = {name: plan_file.parent / file for name, file in candidates.items()}
    return {name: path for name, path in found.items() if path.exists() and not path.is_symlink()}


def _copy_document(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, ignore=_unwanted)
    else:
        shutil.copyfile(source, target)


def _unwanted(folder: str, names: list[str]) -> list[str]:
    """Hidden files, and links that could lead out of the plan's directory."""
    return [name for name in names if name.startswith(".") or (Path(folder) / name).is_symlink()]
