"""What a sentence does with a term: builds it, denies it, replaces it, postpones it, or finds it already there.

Each rule looks at the clause around the term and has one sentence of reason; the first that applies wins.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
from functools import cache, lru_cache

from setout.model import Sense

# How much of the text before and after a term the rules look at.
_BEFORE, _AFTER = 140, 160
_WORD, _HEAD, _TAIL = re.compile(r"\w"), re.compile(r"^\w+"), re.compile(r"\w+$")
# The words that the rules look for; where none is near, no rule can apply, and none need be asked.
_SIGNS: list[str] = []


def _words(*words: str) -> str:
    return rf"\b(?:{'|'.join(words)})\b"


def _before(words: str, gap: str) -> re.Pattern[str]:
    """The words, then at most `gap`, then the term."""
    _SIGNS.append(words)
    return re.compile(f"(?:{words})(?P<gap>{gap})$", re.I)


def _after(words: str, gap: str = r"[\s`*\"']*") -> re.Pattern[str]:
    """The term, then at most `gap`, then the words."""
    _SIGNS.append(words)
    return re.compile(f"^{gap}(?:{words})", re.I)


_CLAUSE_END = re.compile(
    r"(?<!\be\.g)(?<!\bi\.e)[.;!?](?=\s|$)|\s[—–]\s|\n\s*\n|\s--\s|[()]|,\s+(?:but|while|whereas|however|and then)\b",
    re.I,
)
_NEGATION = _before(
    _words(
        "no", "not", "non", "without", "never", "neither", "nor", "excluding", "except", "avoid(?:s|ing)?", "isn't",
        "aren't", "don't", "doesn't", "won't", "cannot", "out[- ]of[- ]scope", "removed?", "removing",
        "drop(?:s|ped|ping)?", "rejected", "forbidden", "prohibited", "disallowed",
        "kein(?:e[nmrs]?)?", "ohne", "nicht", "sans", "pas de", "aucune?", "sin", "sem", "nem",
    )
    + "|不(?:使用|采用|需要|用)|无需|無需",
    r"[^,:，、]{0,40}",
)  # fmt: skip
# In Portuguese "no" is no denial: "segredos no Vault" are kept there.
_PORTUGUESE = re.compile(r"[ãõç]|\b(?:em|uma|dos|das|nos|nas|pelo|pela|segredos)\b", re.I)
_ONLY = re.compile(_words("only", "just", "until", "but"), re.I)
_VERDICT = _after(
    r"(?:is|are|was|were|being|stays?)?\s*(?:not\b|n/a|out[- ]of[- ]scope|rejected|unused|no longer|excluded|never\b)|"
    r"(?:は|を)?(?:使わ|使用し)?(?:ない|ず|不要|対象外)|不使用"
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
        "someday", "stretch goal", "follow-up", "upcoming", r"(?:in|until|to|for|by|during) phase [2-9]\+?",
    ),
    re.I,
)  # fmt: skip
_NOW = re.compile(r"[\s`*\"']*(?:now|first|today)\b", re.I)
_EXISTING_BEFORE = _before(
    _words(
        "existing", "already", "pre-?existing", "pre-?installed", "currently", "assumes?", "presumes?",
        "reus(?:e|es|ing)", "unchanged", "provided by", "managed elsewhere", "bestehende[nmrs]?", "vorhandene[nmrs]?",
        "existantes?", "existentes?",
    )
    + "|既存|现有|現有|已有|已部署|已安装",
    r"[^,;:.，；。]{0,50}",
)  # fmt: skip
_EXTERNAL = re.compile(
    r"\b(?:external(?:ly hosted)?|third[- ]party|hosted by)[\s:]+$|"
    r"\bexternal (?:services?|systems?|storage)\s*:[^.;\n]*$",
    re.I,
)
_EXISTING_AFTER = _after(
    r"\b(?:already (?:exists?|running|deployed|installed|provisioned|available|configured|in place)|pre-?installed|"
    r"(?:is|are) (?:already|unchanged)|exists\b|\(existing\)|existing\b|unchanged)",
    gap=r"[^,;.\n]{0,40}?",
)
_EXAMPLE = _before(
    r"\b(?:e\.g\.,?|(?:for example,?|such as|similar to|like|unlike|compatible with|comparable to|compared (?:to|with)|"
    r"portab(?:le|ility) (?:to|across|between)|"
    r"as in|mirror(?:s|ing)?|modell?ed (?:on|after)|inspired by|analogous to|equivalent to)\b)",
    r"\s[^.;]{0,60}",
)

# "Follows existing patterns (vault, consul)": models that are there, in brackets that else would end the clause.
_MODELS = re.compile(r"\b(?:patterns?|conventions?|precedents?)\s*\([^()]*$", re.I)
# "Cloud or on-premises", "any of them": whoever installs it decides.
_EITHER_BEFORE = re.compile(r"\b(?:cloud|either|any)(?:\s+\w+){0,3}?\s*(?:\bor\b|/)\s*$", re.I)
_EITHER_AFTER = re.compile(r"^\s*(?:\bor\b|/)\s*(?:the |any )?cloud\b", re.I)

_SIGNS += [
    _FUTURE.pattern,
    r"\b(?:patterns?|conventions?|precedents?)\s*\(",
    r"\b(?:external|third[- ]party|hosted by|cloud|either|any)\b",
]

Rule = Callable[[str, str], bool]


def _replaced(before: str, after: str) -> bool:
    """What is migrated away from, or stands to the left of an arrow, is on its way out; the target counts."""
    match = _REPLACED_BEFORE.search(before)
    return bool(match and not _TARGET.search(match["gap"])) or bool(_REPLACED_AFTER.match(after))


def _negated(before: str, after: str) -> bool:
    """A denial just before the term, or a verdict on it just after, means that it is not wanted."""
    match = _NEGATION.search(before)
    is_denied = bool(match and not _ONLY.search(match["gap"])) and not _is_in_the(match, before, after)
    return is_denied or bool(_VERDICT.match(after))


def _is_in_the(match: re.Match[str] | None, before: str, after: str) -> bool:
    return bool(match and re.match(r"no\b", match.group(), re.I) and _PORTUGUESE.search(f"{before} {after}"))


def _future(before: str, after: str) -> bool:
    """What is promised for later is not built now; in "this now, that later" only that is."""
    if _NOW.match(after):
        return False
    behind = _FUTURE.search(after)
    return bool(_FUTURE.search(before, max(0, len(before) - 60)) or (behind and behind.end() <= 40))


def _existing(before: str, after: str) -> bool:
    """What is already there need not be built."""
    return bool(_EXISTING_BEFORE.search(before) or _EXISTING_AFTER.match(after))


def _alternative(before: str, after: str) -> bool:
    """What may be one thing or another is not decided by the plan."""
    return bool(_EITHER_BEFORE.search(before) or _EITHER_AFTER.match(after))


def _mentioned(before: str, _after: str) -> bool:
    """An example, a comparison or a service that others run names a thing that is not to be built."""
    return bool(_EXAMPLE.search(before) or _EXTERNAL.search(before))


RULES: tuple[tuple[Sense, Rule], ...] = (
    (Sense.REPLACED, _replaced),
    (Sense.NEGATED, _negated),
    (Sense.FUTURE, _future),
    (Sense.EXISTING, _existing),
    (Sense.ALTERNATIVE, _alternative),
    (Sense.MENTIONED, _mentioned),
)


def sense(text: str, start: int, end: int) -> Sense:
    """What `text` does with its part from `start` to `end`."""
    if not _has_sign(text, start - _BEFORE, end + _AFTER):
        return Sense.ASSERTED
    return judge(text, start, end)


def judge(text: str, start: int, end: int) -> Sense:
    """The same by asking every rule."""
    before, after = _around(text, start, end)
    if _MODELS.search(before):
        return Sense.MENTIONED
    before, after = _CLAUSE_END.split(before)[-1], _CLAUSE_END.split(after, maxsplit=1)[0]
    return next((verdict for verdict, rule in RULES if rule(before, after)), Sense.ASSERTED)


def _around(text: str, start: int, end: int) -> tuple[str, str]:
    """What stands before and after, without the words that the limits cut: the end of "know" is no "now"."""
    first, last = max(0, start - _BEFORE), end + _AFTER
    before, after = text[first:start], text[end:last]
    if _is_inside_word(text, first):
        before = _HEAD.sub("", before)
    if _is_inside_word(text, last):
        after = _TAIL.sub("", after)
    return before, after


def _is_inside_word(text: str, position: int) -> bool:
    return 0 < position < len(text) and bool(_WORD.match(text, position - 1) and _WORD.match(text, position))


def _has_sign(text: str, start: int, end: int) -> bool:
    starts, ends = _signs(text)
    first = bisect_right(ends, start)
    return first < len(starts) and starts[first] < end


@lru_cache(maxsize=16)
def _signs(text: str) -> tuple[list[int], list[int]]:
    """Where the words that rules look for begin and end."""
    spans = [match.span() for match in _any_sign().finditer(text)]
    return [start for start, _ in spans], [end for _, end in spans]


@cache
def _any_sign() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{words})" for words in _SIGNS), re.I)
