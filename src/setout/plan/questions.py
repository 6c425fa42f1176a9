"""What a plan leaves open: marks for clarification, lists of questions, unfilled placeholders, left-over labels."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from setout.model import Kind, Place, Question, Statement, Zone
from setout.plan import open_sections

_CLARIFY = re.compile(
    r"NEEDS?[ _-](?:(?:USER|FURTHER|TEAM)[ _-])?(?:CLARIFICATION|INPUT|DECISION)(?:\s*:\s*(?P<what>[^\]\n]*))?", re.I
)
# Denied, settled, or told to do with the mark: the templates themselves speak of it so.
_NO_MARK = re.compile(
    r"\b(?:no|none|zero|without|all|resolve[sd]?|0|any|each|every|scan for|if|where|mark(?:ed|er)?s?(?: as| with)?|"
    r"extract|remaining|former(?:ly)?|previous(?:ly)?|until)\b[^.\n]{0,40}$",
    re.I,
)
_SETTLED = re.compile(
    r"^[\])\s:]*(?:items?|markers?|entries|tags?|points?)?\s*(?:(?:have|has|are|were|was|is|all|been|now)\s+)*"
    r"(?:resolved|addressed|removed|answered|cleared|settled|→|->|=>|✅)|^[^.\n]{0,80}\bresolved\b",
    re.I,
)
_PLACEHOLDER = re.compile(
    r"^\[(?:e\.g\.|if applicable|domain-specific|feature|date|link|###|extract|list |notes?\]|component\]|document |"
    r"gates |single/web|single-region/|helm-first with|current need|specific |why )[^\]]*\]?",
    re.I,
)
_LINK = re.compile(r"^\[(?:link|spec)\b[^\]]*\]$", re.I)
_TITLE = re.compile(r"\[(?:FEATURE(?: NAME)?|DATE|###[^\]]*|PROJECT(?: NAME)?|YYYY-MM-DD|BRANCH(?: NAME)?)\]", re.I)
_OPTION = re.compile(r"^#?\s*\[?(?:REMOVE IF UNUSED\]?\s*)?Option\s+\d+\s*:", re.I)
# A value that somebody meant to fill in; in programs only what stands as a whole value, for they are full of examples.
_UNFILLED = re.compile(
    r"\b(?:TBD|TBC|FIXME)\b|\bTODO\s*[:(]|\?{3}|\bYOUR_[A-Z][A-Z0-9_]+\b|"
    r"\[[A-Z][A-Z0-9]*_[A-Z0-9_]+\]|<(?:your|insert|fill)[-_ ][\w -]+>|"
    r"\bto be (?:decided|determined|defined|confirmed)\b|"
    r"(?i:\bnot yet (?:chosen|decided|selected|determined|agreed)\b|\bundecided\b|\bneeds a decision\b|"
    r"\b(?:decision|choice) (?:is )?(?:pending|outstanding)\b|\bpending (?:a )?decision\b|"
    r"(?:^|[(:：（])\s*(?:待定|待确认|待確認|未定|미정|noch offen|noch zu (?:klären|entscheiden)|por definir|à définir)"
    r"\s*(?:$|[)）。.,;]))"
)
_UNFILLED_VALUE = re.compile(
    r"[:=]\s*[\"']?(?:\[[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\]|[\w.-]*\byour-?domain\.[a-z]+|CHANGE_?ME|REPLACE_?ME|"
    r"<?YOUR[-_][A-Z0-9_-]+>?|<your[-_ ][^>\n]+>|TBD)[\"']?\s*(?:[#,].*)?$|(?:#|//)\s*(?:TODO|FIXME|TBD)\b",
    re.M,
)
# Where values are asked for, a value that ends in a question mark is none yet.
_FILLED = frozenset({Zone.CONTEXT, Zone.COMPONENTS})
# A decision that names two things with "or" between them has decided nothing.
_VERDICT = re.compile(r"^(?:final )?(?:decision|choice|chosen|selected|selection|verdict)\b", re.I)
_EITHER = re.compile(r"\w,? or (?!later|newer|higher|above|greater|more|less|fewer|so\b|equal)\w", re.I)
_DECIDED = re.compile(
    r"\b(?:no|not|never|without|instead of|rather than|over|if|when(?:ever)?|unless|whether|any|in case)\b", re.I
)
_BRACKETS = re.compile(r"\([^()]*\)")


def questions(statements: tuple[Statement, ...]) -> tuple[Question, ...]:
    """Every open question of the document, in its order; none has a default yet."""
    items = [s for s in statements if s.kind in {Kind.ITEM, Kind.CELL, Kind.FIELD}]
    marked = frozenset(item.section for item in items if _CLARIFY.search(item.text))
    listed = open_sections.below_titles(statements, marked)
    untouched = any(_is_untouched(s) for s in statements)
    return tuple(question for s in statements for question in _of(s, listed, untouched=untouched))


def is_placeholder(text: str) -> bool:
    """Whether a value is what the template had there, not what a person wrote."""
    return bool(_PLACEHOLDER.match(text.strip()))


def _is_untouched(statement: Statement) -> bool:
    return statement.kind is Kind.HEADING and statement.zone is Zone.TITLE and bool(_TITLE.search(statement.text))


def _of(statement: Statement, listed: Mapping[int, Question], *, untouched: bool) -> Iterator[Question]:
    if statement.kind is Kind.CODE:
        yield from _options(statement)
        yield from _unfilled(statement, _UNFILLED_VALUE)
        if untouched and statement.zone is Zone.DOCUMENTS:
            yield from _folder(statement)
    elif statement.zone is Zone.COMPLEXITY:
        return  # the template says to fill it only if there is something to justify
    elif statement.zone is Zone.TITLE and _TITLE.search(statement.text):
        yield Question(_field(statement), statement.place, f"{_name(statement)} still holds the template's placeholder")
    elif is_placeholder(statement.text):
        is_example = statement.kind is Kind.CELL and statement.zone is not Zone.COMPONENTS
        if not is_example and not _LINK.match(statement.text):
            text = f"{_name(statement)} still holds the template's placeholder"
            yield Question(_field(statement), statement.place, text)
    elif statement.kind is Kind.HEADING and open_sections.is_open_title(statement.text):
        return  # what stands below are the questions
    else:
        yield from list(_clarifications(statement)) or _asked(statement, listed) or _unfilled(statement, _UNFILLED)


def _asked(statement: Statement, listed: Mapping[int, Question]) -> list[Question]:
    """What stands where questions are announced, or is a decision that decides nothing."""
    if id(statement) in listed:
        return [listed[id(statement)]]
    words = " ".join(statement.text.split())
    if open_sections.is_asked(statement):
        return [Question("plan", statement.place, words[:160])]
    if statement.zone in _FILLED and statement.kind is not Kind.HEADING and words.endswith(("?", "？")):
        return [Question(_field(statement), statement.place, f"{_name(statement)} is a question: {words[:120]}")]
    if statement.kind is Kind.FIELD and _VERDICT.match(statement.key) and _is_either(words):
        return [Question("plan", statement.place, f"the decision leaves two ways open: {words[:120]}")]
    return []


def _is_either(words: str) -> bool:
    """Whether the first sentence names two ways; what is said of a condition or a denial is not a choice."""
    first = re.split(r"[.;:](?:\s|$)", _BRACKETS.sub("", words), maxsplit=1)[0]
    match = _EITHER.search(first)
    return bool(match) and not _DECIDED.search(first, 0, match.start() if match else 0)


def _clarifications(statement: Statement) -> Iterator[Question]:
    if statement.zone is Zone.GATES and statement.kind is not Kind.FIELD:
        return  # "no NEEDS CLARIFICATION left" is what gates are about
    for number, line in enumerate(statement.text.split("\n")):
        match = next((match for match in _CLARIFY.finditer(line) if _is_open(line, match)), None)
        if match:
            what = _inside(match["what"] or "") or f"{_name(statement)} needs clarification"
            yield Question(_field(statement), Place(statement.place.line + number), what)


def _inside(words: str) -> str:
    """What is asked, without the bracket that closes around the mark."""
    bare = words.strip()
    return bare[:-1].rstrip() if bare.endswith(")") and bare.count("(") < bare.count(")") else bare


def _is_open(line: str, match: re.Match[str]) -> bool:
    end = match.end("what") if match["what"] else match.end()
    before, after = line[max(0, match.start() - 80) : match.start()], line[end : end + 160]
    return not (_NO_MARK.search(before) or _SETTLED.match(f"{(match['what'] or '')[:160]}{after}"))


def _unfilled(statement: Statement, pattern: re.Pattern[str]) -> Iterator[Question]:
    if statement.zone in {Zone.GATES, Zone.DOCUMENTS} or statement.kind is Kind.HEADING:
        return
    for match in pattern.finditer(statement.text):
        if statement.text[: match.start()].endswith((".md (", ".md: ", ".md ")):
            continue  # a document of the planning itself, which is written later
        place = Place(statement.line_at(match.start()))
        yield Question(_field(statement), place, f"{_name(statement)} is not filled in: {match.group().strip(' :=')}")


def _options(statement: Statement) -> Iterator[Question]:
    for number, line in enumerate(statement.text.split("\n")):
        if _OPTION.match(line.strip()):
            place = Place(statement.place.line + number)
            yield Question("structure", place, f"a label of the template is left over: {line.strip().lstrip('# ')}")


def _folder(statement: Statement) -> Iterator[Question]:
    """The name of the feature in the tree of its documents; the planning tool fills it in with the title."""
    for number, line in enumerate(statement.text.split("\n")):
        if _TITLE.search(line):
            yield Question("plan", Place(statement.place.line + number), "the feature directory is not named")


def _field(statement: Statement) -> str:
    return statement.key if statement.kind in {Kind.FIELD, Kind.ITEM, Kind.CELL} and statement.key else "plan"


def _name(statement: Statement) -> str:
    if statement.kind in {Kind.FIELD, Kind.CELL} and statement.key:
        return f"'{statement.key}'"
    return f"'{statement.section[-1]}'" if statement.section else "this line"
