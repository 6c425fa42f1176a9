"""Headings and fields that announce open questions, in the languages plans are written in, and what stands below them.

A list, a table, sub-headings or sentences: people write their questions in all four. What carries its answer is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby

from setout.model import Kind, Question, Statement, Zone

_OPEN = r"(?:open|outstanding|unresolved|unanswered|undecided|pending|remaining)"
_THING = r"(?:questions?|issues?|points?|decisions?|items?|topics?|choices|clarifications?)"
_TO_DO = (
    r"(?:(?:still )?(?:pending|outstanding|open|unresolved|undecided|needed|required)|"
    r"to (?:be )?(?:ma[dk]e|taken?|resolved?|decided?|confirm(?:ed)?|clarif(?:y|ied)))"
)
_OPEN_TITLE = re.compile(
    rf"\b{_OPEN} (?:\w+ ){{0,2}}{_THING}\b|\b(?:questions?|decisions?|choices|clarifications?) {_TO_DO}\b|"
    r"\bunknowns?\b|\bTBD\b|\bto be (?:clarified|decided|determined|defined|confirmed)\b|"
    r"\bneeds? (?:\w+ )?(?:decision|clarification|input)\b|\bquestions (?:for|to) (?:the )?\w+|"
    # German, Dutch, Swedish, French, Spanish, Portuguese, Italian
    r"\boffene (?:fragen|punkte|entscheidungen|themen)\b|\bzu klären\b|\bklärungsbedarf\b|\bungeklärte?s?\b|"
    r"\b(?:open|openstaande) (?:vragen|punten)\b|\böppna frågor\b|"
    r"\b(?:questions?|points?|décisions?) (?:ouvert(?:e?s)?|en suspens|en attente|à (?:trancher|prendre|clarifier))\b|"
    r"\b(?:preguntas|cuestiones|decisiones|puntos|temas|dudas) (?:\w+ ){0,2}(?:abiert[ao]s|pendientes|sin resolver)\b|"
    r"\bpor (?:definir|decidir|aclarar)\b|"
    r"\b(?:questões|perguntas|decisões|pontos|dúvidas) (?:\w+ ){0,2}(?:em aberto|abert[ao]s|pendentes)\b|"
    r"\bpendências\b|"
    r"\b(?:domande|questioni|decisioni|punti) (?:apert[ei]|in sospeso|da prendere)\b|"
    # Polish, Czech, Russian, Ukrainian, Turkish, Hungarian
    r"\botwarte (?:pytania|kwestie)\b|\botevřené otázky\b|\bоткрыты[ей] вопрос|\bнереш[её]нны[ей] вопрос|"
    r"\bвідкриті питання|\baçık (?:sorular|konular)|\bnyitott kérdés|"
    # Chinese, Japanese, Korean
    r"未[决決]|未解[决決]|待确认|待確認|待定|待[决決]|待讨论|待討論|待澄清|开放问题|開放問題|遗留问题|"
    r"未確定|検討事項|要検討|要確認|残課題|미결|미정|미해결|열린 질문",
    re.I,
)
_SETTLED_TITLE = re.compile(
    r"\b(?:resolved|answered|closed|settled|none|decided(?<!be decided))\b|✅|\bgelöst|\bgeklärt|\brésolu|\bresuelt|"
    r"\bresolvid|已(?:解[决決]|确认|確認|[决決]定)|[决決]定済|解決済|해결 ?(?:됨|완료)",
    re.I,
)
_RISKS = re.compile(
    r"\b(?:risks?|concerns?|assumptions?|risiken|risques?|riesgos?|riscos?|rischi)\b|风险|風險|リスク|위험", re.I
)
_ASKS = re.compile(
    r"[?？]|\b(?:not yet (?:chosen|decided|defined|known|selected|agreed)|undecided|unclear|unknown|pending decision|"
    r"awaiting|to be (?:decided|determined|confirmed|defined))\b",
    re.I,
)
_ANSWERED = re.compile(
    r"→|->|=>|✅|☑|\b(?:resolved|answer(?:ed)?|decision|decided|resolution|recommendation|default)\s*[:：]|"
    r"\*\*?(?:answer|decision)|\bresolved\b|^~~",
    re.I,
)
_ANSWER = re.compile(r"^(?:answer|resolution|decision|decided|outcome|conclusion|resolved)\b", re.I)
_CLOSED = re.compile(r"^(?:✅|☑|(?:resolved|closed|done|answered|decided|settled)\b)", re.I)
_NOTHING = re.compile(r"^(?:none|nothing|n/?a|no|keine?|aucune?|ningun[ao]|nenhum[a]?|无|無|なし|없음|[-–—.])\b", re.I)
_STILL_OPEN = re.compile(r"^(?:[-–—?？]*|tbd|tbc|open|pending|unknown|to be \w+)$", re.I)
_REMARK = re.compile(r"\((?![^()]*clarif)[^()]*\)", re.I)  # "Costs (to be confirmed)" announces costs
_COLUMN = re.compile(
    r"question|issue|decision|unknown|clarif|\btopic|status|owner|frage|pregunta|quest[ãi]o|domand|问题|問題|質問|課題|질문",
    re.I,
)
_NUMBERED = re.compile(r"(?:Q|OQ)[-\s]?\d")


def is_open_title(title: str) -> bool:
    """Whether a heading or the name of a field announces questions, and does not say that they are settled."""
    is_open = bool(_OPEN_TITLE.search(_REMARK.sub("", title)))
    return is_open and not _SETTLED_TITLE.search(title) and not title.endswith(("?", "？"))


def below_titles(statements: tuple[Statement, ...], marked: frozenset[tuple[str, ...]]) -> dict[int, Question]:
    """The questions below headings that announce them, by the `id` of the statement that asks.

    Args:
        marked: sections in which single lines are marked as open; only those are.
    """
    found: dict[int, Question] = {}
    for section, group in groupby(statements, key=_announced):
        if section and section not in marked:
            found |= {id(asking): _question(asking) for asking in _asking(section, list(group))}
    return found


def is_asked(statement: Statement) -> bool:
    """A field that is called an open question, or an item of the list that such a field opens."""
    if statement.kind not in {Kind.FIELD, Kind.ITEM} or not statement.key or statement.zone is Zone.GATES:
        return False
    text = statement.text.strip()
    return is_open_title(statement.key) and bool(text) and not _NOTHING.match(text) and not _is_answered(statement)


def _announced(statement: Statement) -> tuple[str, ...]:
    """The nearest section above the statement whose heading announces questions; the heading itself stands in it."""
    heading = (statement.text,) if statement.kind is Kind.HEADING else ()
    return _of_titles((*statement.section, *heading))


@lru_cache(maxsize=256)
def _of_titles(titles: tuple[str, ...]) -> tuple[str, ...]:
    depths = (depth for depth in range(len(titles), 0, -1) if is_open_title(titles[depth - 1]))
    return titles[: next(depths, 0)]


def _asking(section: tuple[str, ...], group: list[Statement]) -> Iterator[Statement]:
    """The heads below the heading; else the heads in bold of its list; else its items, rows, or sentences."""
    heads = [s for s in group if s.kind is Kind.HEADING and s.section == section]
    own = [s for s in group if s.section == section]
    listed = [s for s in own if s.kind in {Kind.ITEM, Kind.FIELD}]
    fields = [s for s in listed if s.kind is Kind.FIELD and not _ANSWER.match(s.key)]
    needs_words = bool(_RISKS.search(section[-1]))
    if heads:
        answered = _answered_heads(section, group)
        yield from (head for head in heads if _is_question(head) and head.text not in answered)
    elif listed:
        yield from (s for s in fields or listed if not _is_answered(s) and (not needs_words or _asks(s)))
    elif any(s.kind is Kind.CELL for s in own):
        yield from _rows(own, needs_words=needs_words)
    else:
        yield from (s for s in own if s.kind is Kind.PROSE and _asks(s) and not _is_answered(s))


def _answered_heads(section: tuple[str, ...], group: list[Statement]) -> frozenset[str]:
    """The sub-headings below which an answer stands."""
    depth = len(section)
    below = (s for s in group if len(s.section) > depth)
    return frozenset(s.section[depth] for s in below if _ANSWER.match(s.key) or _is_answered(s))


def _is_question(head: Statement) -> bool:
    """A sub-heading asks where it has a question mark or the number of a question."""
    return not _SETTLED_TITLE.search(head.text) and bool(_asks(head) or _NUMBERED.match(head.text))


def _rows(cells: list[Statement], *, needs_words: bool) -> Iterator[Statement]:
    """The first cell of every row that asks, by its column or its words, and that no cell closes, no column answers."""
    for _, group in groupby((s for s in cells if s.kind is Kind.CELL), key=lambda s: (s.table, s.row)):
        row = list(group)
        closed = any(_CLOSED.match(s.text) or _is_answered(s) for s in row)
        answered = any(_ANSWER.match(s.key) and not _STILL_OPEN.match(s.text) for s in row)
        is_asking = any(map(_asks, row)) or (not needs_words and any(_COLUMN.search(s.key) for s in row))
        if is_asking and not closed and not answered:
            yield row[0]


def _asks(statement: Statement) -> bool:
    return bool(_ASKS.search(_words(statement)))


def _is_answered(statement: Statement) -> bool:
    return bool(statement.ticked) or bool(_ANSWERED.search(_words(statement)))


def _words(statement: Statement) -> str:
    return f"{statement.key} {statement.text}" if statement.kind is Kind.FIELD else statement.text


def _question(statement: Statement) -> Question:
    head = f"{statement.key}: " if statement.kind is Kind.FIELD and statement.text else ""
    return Question("plan", statement.place, " ".join(f"{head}{statement.text or statement.key}".split())[:160])
