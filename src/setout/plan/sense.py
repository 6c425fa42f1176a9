"""What a sentence does with a term: builds it, denies it, replaces it, postpones it, or finds it already there.

Each rule looks at the clause around the term and has one sentence of reason; the first that applies wins.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from setout.model import Sense

_CLAUSE_END = re.compile(
    r"[.;!?](?=\s|$)|\s[—–]\s|\n\s*\n|\s--\s|[()]|,\s+(?:but|while|whereas|however|and then)\b", re.I
)
_SENTENCE_END = re.compile(r"[.!?。](?=\s|$)|\n\s*\n|[；;]")

_NEGATION = re.compile(
    r"\b(?:no|not|non|without|never|neither|nor|excluding|except|avoid(?:s|ing)?|isn't|aren't|don't|doesn't|won't|cannot|"
    r"out[- ]of[- ]scope|removed?|removing|drop(?:s|ped|ping)?|rejected|forbidden|prohibited|disallowed)\b(?P<gap>[^,:]{0,40})$",
    re.I,
)
_NEGATED_AFTER = re.compile(
    r"^[\s`*\"']*(?:is|are|was|were|being|stays?)?\s*(?:not\b|n/a|out[- ]of[- ]scope|rejected|unused|no longer|excluded|never\b)",
    re.I,
)
_REPLACED_BEFORE = re.compile(
    r"\b(?:instead of|rather than|in place of|replac(?:e|es|ed|ing)|migrat(?:e|es|ed|ing|ion) (?:away )?from|moving from|away from|legacy)\b[^,.]{0,40}$",
    re.I,
)
_REPLACED_AFTER = re.compile(
    r"^[\s`*\"']*(?:→|->|is replaced by|replaced by|will be replaced|to be replaced|gets replaced)", re.I
)
_FUTURE = re.compile(
    r"\b(?:future|later|eventually|deferred|postponed|post-mvp|next phase|not yet|roadmap|someday|stretch goal|in a follow-up|follow-up feature|upcoming|phase [2-9]\+?)\b",
    re.I,
)
_EXISTING_BEFORE = re.compile(
    r"\b(?:existing|already|pre-?existing|pre-?installed|currently|assumes?|presumes?|reus(?:e|es|ing)|unchanged|provided by|managed elsewhere)\b[^,;:.]{0,50}$",
    re.I,
)
_EXISTING_AFTER = re.compile(
    r"^[^,;.\n]{0,40}?\b(?:already (?:exists?|running|deployed|installed|provisioned|available|configured|in place)|pre-?installed|(?:is|are) (?:already|unchanged)|exists\b|\(existing\)|existing\b|unchanged)",
    re.I,
)
_EXAMPLE = re.compile(
    r"(?:e\.g\.|for example|such as|similar to|like|compatible with|comparable to|\bas in)\s[^.;]{0,60}$", re.I
)

Rule = Callable[[str, str, str], bool]


def _negated(before: str, after: str, _sentence: str) -> bool:
    """A denial just before the term, or a verdict on it just after, means that it is not wanted."""
    match = _NEGATION.search(before)
    reversed_again = bool(match and re.search(r"\b(?:only|just|until|but)\b", match["gap"], re.I))
    return bool(match and not reversed_again) or bool(_NEGATED_AFTER.match(after))


def _replaced(before: str, after: str, _sentence: str) -> bool:
    """What is migrated away from, or stands to the left of an arrow, is on its way out; the target counts."""
    return bool(_REPLACED_BEFORE.search(before) or _REPLACED_AFTER.match(after))


def _future(before: str, after: str, _sentence: str) -> bool:
    """What is promised for later is not built now."""
    return bool(_FUTURE.search(before[-60:]) or _FUTURE.search(after[:40]))


def _existing(before: str, after: str, _sentence: str) -> bool:
    """What is already there need not be built."""
    return bool(_EXISTING_BEFORE.search(before) or _EXISTING_AFTER.match(after))


def _mentioned(before: str, _after: str, _sentence: str) -> bool:
    """An example or a comparison names a thing without wanting it."""
    return bool(_EXAMPLE.search(before))


RULES: tuple[tuple[Sense, Rule], ...] = (
    (Sense.REPLACED, _replaced),
    (Sense.NEGATED, _negated),
    (Sense.FUTURE, _future),
    (Sense.EXISTING, _existing),
    (Sense.MENTIONED, _mentioned),
)


def sense(text: str, start: int, end: int) -> Sense:
    """What `text` does with its part from `start` to `end`."""
    before = _last_piece(text[:start])
    after = _first_piece(text[end:])
    sentence = before + text[start:end] + after
    return next((verdict for verdict, rule in RULES if rule(before, after, sentence)), Sense.ASSERTED)


def _last_piece(text: str) -> str:
    pieces = _CLAUSE_END.split(text[-240:])
    return pieces[-1] if pieces else ""


def _first_piece(text: str) -> str:
    return _CLAUSE_END.split(text[:160], maxsplit=1)[0]
