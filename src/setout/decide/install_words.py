"""Whether a sentence installs the component that it names: whose object it is, and where it runs."""

from __future__ import annotations

import re

_VERB_BEFORE = re.compile(
    r"\b(?:install|deploy|provision|set(?:ting)? ?up|bootstrap|vendor|introduc|roll(?:ing|s)? ?out|adopt|add|integrat|"
    r"stand(?:ing)? up)(?:s|e|es|ed|ing|ting|ation of|ment of)?\b(?P<gap>[^.;:!?]{0,120})$|"
    r"(?:安装|部署|引入)\s*(?P<none>)$",
    re.I,
)
# After one of these the verb speaks of the place, the means or another thing.
_AWAY = re.compile(
    r"\b(?:via|using|with|on|onto|to|into|through|by|from|for|in|inside|against|behind|under|over|of|that|which|when|so|"
    r"between|as)\b|→",
    re.I,
)
_NOUN_AFTER = re.compile(
    r"^[\s\"'(),\w.-]{0,12}?\b(?:helm (?:chart|release)|helm_release|chart|(?:is|are|will be|gets?) "
    r"(?:installed|deployed|provisioned|added|set up)|install(?:ation|ed|s)?|deployed|deployment|stack|via helm)\b|"
    r"^\s*(?:を|が)?\s*(?:[^\s。]{0,20}に)?\s*(?:デプロイ|インストール|導入|安装)",
    re.I,
)
_HOSTED_BEFORE = re.compile(
    r"\b(?:neon|supabase|upstash|aiven|confluent|rds(?: for)?|aurora|elasticache(?: for)?|msk|cloud sql(?: for)?|"
    r"memorystore(?: for)?|azure (?:cache|database|managed)(?: for)?|amazon(?: mq| managed)?(?: for| service for)?|"
    r"managed(?: service for)?|hosted|external|serverless|in-memory|embedded|shared|local|bundled)\s*$",
    re.I,
)
_HOSTED_AFTER = re.compile(
    r"^\s*(?:cloud\b|atlas|serverless|as a service|-as-a-service|"
    r"\((?:external|managed|existing|hosted|bundled|neon|rds|elasticache|msk|atlas))",
    re.I,
)
_SENTENCE_END = re.compile(r"[.;!?](?=\s|$)|\n\s*\n|。|；")


def is_installed(text: str, start: int, end: int, *, strict: bool) -> bool:
    """Whether the sentence around `start` to `end` installs what stands there.

    Args:
        strict: for databases and the like, a verb is not enough ("add PostgreSQL"): a chart or so must follow.
    """
    before = _SENTENCE_END.split(text[max(0, start - 240) : start])[-1]
    after = _SENTENCE_END.split(text[end : end + 80], maxsplit=1)[0]
    if is_hosted(before, after):
        return False
    is_object = _is_object(before)
    is_subject = bool(_NOUN_AFTER.match(after))
    return is_object and is_subject if strict else is_object or is_subject


def is_hosted(before: str, after: str) -> bool:
    """A service that a vendor runs is not deployed on the cluster."""
    return bool(_HOSTED_BEFORE.search(before) or _HOSTED_AFTER.match(after))


def _is_object(before: str) -> bool:
    """A verb of installing stands before, and nothing between turns to the place, the means or another thing."""
    match = _VERB_BEFORE.search(before)
    if not match:
        return False
    gap = (match["gap"] or "").rsplit(",", 1)[-1]
    return not _AWAY.search(gap)
