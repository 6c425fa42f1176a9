"""What a plan leaves open: marks for clarification, lists of questions, unfilled placeholders, left-over labels."""

from __future__ import annotations

import re
from collections.abc import Iterator

from setout.model import Kind, Place, Question, Statement, Zone

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
    r"\bto be (?:decided|determined|defined|confirmed)\b"
)
_UNFILLED_VALUE = re.compile(
    r"[:=]\s*[\"']?(?:\[[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\]|[\w.-]*\byour-?domain\.[a-z]+|CHANGE_?ME|REPLACE_?ME|"
    r"<?YOUR[-_][A-Z0-9_-]+>?|<your[-_ ][^>\n]+>|TBD)[\"']?\s*(?:[#,].*)?$|(?:#|//)\s*(?:TODO|FIXME|TBD)\b",
    re.M,
)
_SETTLED_TITLE = re.compile(r"\b(?:resolved|answered|closed|settled|none|decided)\b|✅", re.I)
_OPEN_TITLE = re.compile(
    r"\b(?:open|outstanding|unresolved|pending|remaining) (?:\w+ )?(?:questions?|issues?|points?|decisions?|items?|"
    r"clarifications?)\b|\bunknowns?\b|\bto be (?:clarified|decided)\b|\bclarifications? needed\b|"
    r"未決|未解決|待确认|待定",
    re.I,
)
_RISKS = re.compile(r"\brisks?\b|\bconcerns?\b|\bassumptions?\b", re.I)
_ASKS = re.compile(
    r"\?|\b(?:not yet (?:chosen|decided|defined|known|selected|agreed)|undecided|unclear|unknown|pending decision|"
    r"awaiting|to be (?:decided|determined|confirmed|defined))\b|？",
    re.I,
)
_ANSWERED = re.compile(
    r"→|->|=>|✅|☑|\b(?:resolved|answer(?:ed)?|decision|decided|resolution|recommendation|default)\s*[:：]|"
    r"\*\*?(?:answer|decision)|\bresolved\b|^~~",
    re.I,
)


def questions(statements: tuple[Statement, ...]) -> tuple[Question, ...]:
    """Every open question of the document, in its order; none has a default yet."""
    listed = _titles_with_items(statements)
    headed = _with_heads(statements, listed)
    of_lists = [s for s in statements if s.kind is not Kind.ITEM or s.section not in headed]
    heads = frozenset(id(statement) for statement in of_lists)
    return tuple(question for s in statements for question in _of(s, listed if id(s) in heads else listed - headed))


def is_placeholder(text: str) -> bool:
    """Whether a value is what the template had there, not what a person wrote."""
    return bool(_PLACEHOLDER.match(text.strip()))


def _titles_with_items(statements: tuple[Statement, ...]) -> frozenset[tuple[str, ...]]:
    """Headings that announce open questions and hold a list of them; where the list marks some, only those are open."""
    items = [statement for statement in statements if statement.kind in {Kind.ITEM, Kind.CELL, Kind.FIELD}]
    marked = {item.section for item in items if _CLARIFY.search(item.text)}
    return frozenset(i.section for i in items if i.section and i.section not in marked and _announces(i.section[-1]))


def _with_heads(statements: tuple[Statement, ...], listed: frozenset[tuple[str, ...]]) -> frozenset[tuple[str, ...]]:
    """Lists whose questions are heads in bold; what stands below a head are its options."""
    return frozenset(s.section for s in statements if s.kind is Kind.FIELD and s.section in listed)


def _announces(title: str) -> bool:
    return bool(_OPEN_TITLE.search(title) or _CLARIFY.search(title)) and not _SETTLED_TITLE.search(title)


def _of(statement: Statement, listed: frozenset[tuple[str, ...]]) -> Iterator[Question]:
    if statement.kind is Kind.CODE:
        yield from _options(statement)
        yield from _unfilled(statement, _UNFILLED_VALUE)
    elif statement.zone is Zone.COMPLEXITY:
        return  # the template says to fill it only if there is something to justify
    elif statement.zone is Zone.TITLE and _TITLE.search(statement.text):
        yield Question(_field(statement), statement.place, f"{_name(statement)} still holds the template's placeholder")
    elif is_placeholder(statement.text):
        is_example = statement.kind is Kind.CELL and statement.zone is not Zone.COMPONENTS
        if not is_example and not _LINK.match(statement.text):
            text = f"{_name(statement)} still holds the template's placeholder"
            yield Question(_field(statement), statement.place, text)
    elif statement.kind is Kind.HEADING and (*statement.section, statement.text) in listed:
        return  # its items are the questions
    else:
        marked = list(_clarifications(statement))
        yield from marked or _in_list(statement, listed) or _unfilled(statement, _UNFILLED)


def _clarifications(statement: Statement) -> Iterator[Question]:
    if statement.zone is Zone.GATES and statement.kind is not Kind.FIELD:
        return  # "no NEEDS CLARIFICATION left" is what gates are about
    for number, line in enumerate(statement.text.split("\n")):
        match = next((match for match in _CLARIFY.finditer(line) if _is_open(line, match)), None)
        if match:
            what = (match["what"] or "").strip() or f"{_name(statement)} needs clarification"
            yield Question(_field(statement), Place(statement.place.line + number), what)


def _is_open(line: str, match: re.Match[str]) -> bool:
    end = match.end("what") if match["what"] else match.end()
    before, after = line[max(0, match.start() - 80) : match.start()], line[end : end + 160]
    return not (_NO_MARK.search(before) or _SETTLED.match(f"{(match['what'] or '')[:160]}{after}"))


def _in_list(statement: Statement, listed: frozenset[tuple[str, ...]]) -> list[Question]:
    """An item below a heading of open questions; below one that names risks too, only what asks something."""
    if statement.section not in listed or statement.kind not in {Kind.ITEM, Kind.FIELD} or statement.ticked:
        return []
    text = f"{statement.key} {statement.text}" if statement.kind is Kind.FIELD else statement.text
    if _ANSWERED.search(text) or (_RISKS.search(statement.section[-1]) and not _ASKS.search(text)):
        return []
    return [Question("plan", statement.place, " ".join(text.split())[:160])]


def _unfilled(statement: Statement, pattern: re.Pattern[str]) -> Iterator[Question]:
    if statement.zone in {Zone.GATES, Zone.DOCUMENTS} or statement.kind is Kind.HEADING:
        return
    for match in pattern.finditer(statement.text):
        place = Place(statement.line_at(match.start()))
        yield Question(_field(statement), place, f"{_name(statement)} is not filled in: {match.group().strip(' :=')}")


def _options(statement: Statement) -> Iterator[Question]:
    for number, line in enumerate(statement.text.split("\n")):
        if _OPTION.match(line.strip()):
            place = Place(statement.place.line + number)
            yield Question("structure", place, f"a label of the template is left over: {line.strip().lstrip('# ')}")


def _field(statement: Statement) -> str:
    return statement.key if statement.kind in {Kind.FIELD, Kind.ITEM, Kind.CELL} and statement.key else "plan"


def _name(statement: Statement) -> str:
    if statement.kind in {Kind.FIELD, Kind.CELL} and statement.key:
        return f"'{statement.key}'"
    return f"'{statement.section[-1]}'" if statement.section else "this line"
