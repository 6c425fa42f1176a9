"""What a sentence does with a term: builds it, denies it, replaces it, postpones it, or finds it already there.

Each rule looks at the clause around the term and has one sentence of reason; the first that applies wins.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from setout.model import Sense


def _words(*words: str) -> str:
    return rf"\b(?:{'|'.join(words)})\b"


def _before(words: str, gap: str) -> re.Pattern[str]:
    """The words, then at most `gap`, then the term."""
    return re.compile(f"{words}(?P<gap>{gap})$", re.I)


def _after(words: str, gap: str = r"[\s`*\"']*") -> re.Pattern[str]:
    """The term, then at most `gap`, then the words."""
    return re.compile(f"^{gap}(?:{words})", re.I)


_CLAUSE_END = re.compile(
    r"[.;!?](?=\s|$)|\s[—–]\s|\n\s*\n|\s--\s|[()]|,\s+(?:but|while|whereas|however|and then)\b",
    re.I,
)
_NEGATION = _before(
    _words(
        "no", "not", "non", "without", "never", "neither", "nor", "excluding", "except", "avoid(?:s|ing)?", "isn't",
        "aren't", "don't", "doesn't", "won't", "cannot", "out[- ]of[- ]scope", "removed?", "removing",
        "drop(?:s|ped|ping)?", "rejected", "forbidden", "prohibited", "disallowed",
    ),
    r"[^,:]{0,40}",
)  # fmt: skip
_ONLY = re.compile(_words("only", "just", "until", "but"), re.I)
_VERDICT = _after(
    r"(?:is|are|was|were|being|stays?)?\s*(?:not\b|n/a|out[- ]of[- ]scope|rejected|unused|no longer|excluded|never\b)"
)
_REPLACED_BEFORE = _before(
    _words(
        "instead of", "rather than", "in place of", "replac(?:e|es|ed|ing)",
        "migrat(?:e|es|ed|ing|ion) (?:away )?from", "moving from", "away from", "legacy",
    ),
    r"[^,.]{0,40}",
)  # fmt: skip
_TARGET = re.compile(_words("to", "with", "by", "in favou?r of"), re.I)
_REPLACED_AFTER = _after("→|->|(?:is |will be |to be |gets )?replaced by|to be replaced|will be replaced|gets replaced")
_FUTURE = re.compile(
    _words(
        "future", "later", "eventually", "deferred", "postponed", "post-mvp", "next phase", "not yet", "roadmap",
        "someday", "stretch goal", "follow-up", "upcoming", r"phase [2-9]\+?",
    ),
    re.I,
)  # fmt: skip
_EXISTING_BEFORE = _before(
    _words(
        "existing", "already", "pre-?existing", "pre-?installed", "currently", "assumes?", "presumes?",
        "reus(?:e|es|ing)", "unchanged", "provided by", "managed elsewhere",
    ),
    r"[^,;:.]{0,50}",
)  # fmt: skip
_EXISTING_AFTER = _after(
    r"\b(?:already (?:exists?|running|deployed|installed|provisioned|available|configured|in place)|pre-?installed|"
    r"(?:is|are) (?:already|unchanged)|exists\b|\(existing\)|existing\b|unchanged)",
    gap=r"[^,;.\n]{0,40}?",
)
_EXAMPLE = _before(
    r"(?:\be\.g\.|\bfor example\b|\bsuch as\b|\bsimilar to\b|\blike\b|\bcompatible with\b|\bcomparable to\b|\bas in\b)",
    r"\s[^.;]{0,60}",
)

Rule = Callable[[str, str], bool]


def _replaced(before: str, after: str) -> bool:
    """What is migrated away from, or stands to the left of an arrow, is on its way out; the target counts."""
    match = _REPLACED_BEFORE.search(before)
    return bool(match and not _TARGET.search(match["gap"])) or bool(_REPLACED_AFTER.match(after))


def _negated(before: str, after: str) -> bool:
    """A denial just before the term, or a verdict on it just after, means that it is not wanted."""
    match = _NEGATION.search(before)
    return bool(match and not _ONLY.search(match["gap"])) or bool(_VERDICT.match(after))


def _future(before: str, after: str) -> bool:
    """What is promised for later is not built now."""
    return bool(_FUTURE.search(before[-60:]) or _FUTURE.search(after[:40]))


def _existing(before: str, after: str) -> bool:
    """What is already there need not be built."""
    return bool(_EXISTING_BEFORE.search(before) or _EXISTING_AFTER.match(after))


def _mentioned(before: str, _after: str) -> bool:
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
    before = _CLAUSE_END.split(text[max(0, start - 240) : start])[-1]
    after = _CLAUSE_END.split(text[end : end + 160], maxsplit=1)[0]
    return next((verdict for verdict, rule in RULES if rule(before, after)), Sense.ASSERTED)
