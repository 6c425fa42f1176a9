"""Answers to a plan's open questions, written into the lines that ask them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from setout.decide import decide
from setout.decide.questions import choice_of
from setout.errors import UserError
from setout.model import Question
from setout.plan.page import Page
from setout.plan.questions import is_placeholder
from setout.vocabulary import keys

# A mark in brackets goes with its brackets, one without them with what it says it wants to know.
_MARK = r"NEEDS?[ _-](?:USER[ _-])?(?:CLARIFICATION|INPUT|DECISION)\b"
_CLARIFY = re.compile(rf"\[\s*{_MARK}[^\]\r\n|]*\]", re.I)
_CLARIFY_BARE = re.compile(rf"{_MARK}(?:\s*:\s*[^\]\r\n|]*[^\]\r\n|\s])?", re.I)
_PLACEHOLDER = re.compile(r"\[[^\]]*\]")


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer written into a plan: the line, as it was and as it is."""

    plan: Path
    line: int
    before: str
    after: str


def answer(plan_file: Path, key: str, value: str) -> Answered:
    """Write the answer to an open question into the line of the plan that asks it.

    Args:
        key: the choice or the field it is about, as FIELD or FIELD:LINE.

    Raises:
        UserError: nothing asks for it, several lines do, or the line would still ask.
    """
    page = Page.open(plan_file)
    question = _asked(page, key)
    clean = " ".join(value.split())
    if not clean or not clean.isprintable() or "-->" in clean:
        raise UserError(f"{key}={value!r}: this is no answer that fits into a line", "give a word or a short list")
    text = _filled(page, question, clean)
    if any((left.place.line, left.field) == (question.place.line, question.field) for left in _open(page, text)):
        raise UserError(
            f"{plan_file}:{question.place.line}: the line would still ask after this answer", "mend it by hand"
        )
    page.write(text)
    lines = (page.text.split("\n"), text.split("\n"))
    before, after = (part[question.place.line - 1].strip() for part in lines)
    return Answered(plan_file, question.place.line, before, after)


def _open(page: Page, text: str) -> tuple[Question, ...]:
    return decide(page.parse(text)).questions


def _asked(page: Page, key: str) -> Question:
    """The one open question that `key` is about."""
    name, _, number = key.partition(":")
    wanted = name.strip().lower().replace("_", " ")
    fields = {wanted.replace(" ", "_"), keys().get(wanted, "")}
    open_ones = _open(page, page.text)
    found = [q for q in open_ones if fields & {q.field, choice_of(q.field)} and number in {"", str(q.place.line)}]
    if len(found) == 1:
        return found[0]
    if found:
        lines = ", ".join(str(question.place.line) for question in found)
        raise UserError(f"{page.file}: lines {lines} ask for {name}", f"say which: {name}:{found[0].place.line}=…")
    asking = ", ".join(dict.fromkeys(choice_of(question.field) for question in open_ones))
    raise UserError(f"{page.file}: nothing asks for {key}", f"what is open: {asking or 'nothing'}")


def _filled(page: Page, question: Question, value: str) -> str:
    """The text with the value for what asks on the question's line: a mark for clarification, or a placeholder."""
    lines = page.text.split("\n")
    start = sum(len(line) + 1 for line in lines[: question.place.line - 1])
    end = start + len(lines[question.place.line - 1])
    asking = next((match for match in _asking(page.text, start) if match.start() < end), None)
    if asking:
        written = value.replace("|", "\\|") if lines[question.place.line - 1].lstrip().startswith("|") else value
        return page.text[: asking.start()] + written + page.text[asking.end() :]
    raise UserError(
        f"{page.file}:{question.place.line}: {question.text}", "this is asked by what the line says; change it there"
    )


def _asking(text: str, start: int) -> Iterator[re.Match[str]]:
    """What asks from `start` on: first marks in brackets, then the template's placeholders, then bare marks."""
    yield from _CLARIFY.finditer(text, start)
    yield from (match for match in _PLACEHOLDER.finditer(text, start) if is_placeholder(match.group()))
    yield from _CLARIFY_BARE.finditer(text, start)
