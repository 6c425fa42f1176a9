"""What the comment beside a path says of it: new, changed, there already, gone, or for later."""

from __future__ import annotations

import re

from setout.model import Mark

# A word is a label where a label stands: at the head of the comment, in brackets, or after a dash, colon or comma.
_HEAD = r"(?:^[^\w(\[]*|[(\[]\s*|[—–:;,-]\s+|\s→\s*)"
_END = r"(?![\w-])"
_BARE = r"(?=\s*(?:$|[:;,.)\]/])|\s+[—–-])"


def _label(mark: Mark, words: str, bare: str, shouted: str, anywhere: str = r"(?!)") -> tuple[Mark, re.Pattern[str]]:
    """`words` are labels by their form, `bare` are verbs that are labels alone, `shouted` only in capitals."""
    head = rf"(?i:{_HEAD}(?:(?:{words}){_END}|(?:{bare}){_BARE}))"
    return mark, re.compile(rf"{head}|(?<![\w-])(?:{shouted}){_END}|(?i:(?<![\w-])(?:{anywhere}){_END})")


_LABELS = (
    _label(
        Mark.DELETED,
        "deleted|removed|dropped|retired|obsolete|to be removed|❌|🗑️?|削除|删除|eliminad[oa]|supprimé|entfernt",
        "delete|remove|drop", "DELETED?|REMOVED?",
    ),
    _label(
        Mark.FUTURE, "future|later|planned|deferred|postponed|not yet|out of scope|将来|未来|futuro|futur|später",
        "(?!)", "FUTURE|LATER|DEFERRED",
        r"in (?:the )?future|(?:future|later) (?:phase|story|feature|release|iteration)s?|post-mvp|out of scope",
    ),
    _label(
        Mark.NEW, r"new|added|created|🆕|✨|新規|新增|新建|nuev[oa]|nouve(?:au|lle)|neu|novo", "add|create",
        "NEW|ADD(?:ED)?|CREATED?",
    ),
    # "Add the output" beside a file tells what changes in it; "Create the bucket" tells what the file is for.
    _label(
        Mark.CHANGED,
        r"modif(?:y|ie[ds]|ication)s?|updat(?:es?|ed)|chang(?:es?|ed)|extend(?:s|ed)?|edit(?:s|ed)?|refactor(?:s|ed)?|"
        r"adjust(?:s|ed)?|enhanced?|adds?(?= \w)|rename[ds]?|replace(?= \w)|変更|修改|更新|modificado|modifié|geändert",
        "mod|bump", "MOD(?:IFY|IFIED|IFICATION)?|UPDATED?|CHANGED?|EXTEND(?:ED)?|EDIT(?:ED)?|REFACTOR(?:ED)?",
    ),
    _label(
        Mark.EXISTING,
        r"✅(?!\W*(?:new|add|create)\b)|☑️?|existing|exists|unchanged|"
        r"untouched|reused?|as[- ]is|no changes?|kept|keep as is|current(?= \w)|"
        r"既存|现有|現有|已有|기존|existentes?|existante?s?|bestehend|vorhanden",
        "already|there|reference", "EXISTING|EXISTS|UNCHANGED|REUSED?",
        r"unchanged|untouched|unmodified|not (?:modified|touched|changed)|already (?:exists?|there|present|in place)",
    ),
)  # fmt: skip
# "Files to modify", "New files:", "Source Code (affected files)": what a title says of each file below it.
_FILES = r"(?:files?|paths?|manifests?|modules?)"
_OF_TITLES = tuple(
    (mark, re.compile(rf"\b(?:{words})\b", re.I))
    for mark, words in (
        (Mark.DELETED, "deleted?|removed?"),
        (Mark.CHANGED, "modif(?:y|ied)|changed?|updated?|edit(?:ed)?|affected|touched"),
        (Mark.EXISTING, "existing|unchanged"),
        (Mark.NEW, "new|created?|add(?:ed)?"),
    )
)
_TITLE = re.compile(
    rf"^\w+$|^(?:source )?{_FILES} to be \w+$|\b{_FILES} (?:to (?:be )?|that will be )?"
    rf"(?:\w+ed|modify|change|update|edit|create|add|delete|remove)\b|(?<!no )\b\w+ {_FILES}(?:\s*[)(]|$)",
    re.I,
)
_INHERITED = frozenset({Mark.NEW, Mark.EXISTING, Mark.DELETED, Mark.FUTURE})


def mark_of(comment: str) -> Mark:
    """The mark whose label comes first near the head of the comment."""
    found = [(match.start(), mark) for mark, pattern in _LABELS if (match := pattern.search(comment[:80]))]
    return min(found, key=lambda pair: pair[0])[1] if found else Mark.NONE


def inherited(own: Mark, parent: Mark) -> Mark:
    """What a directory is, its content is, unless it says otherwise; a changed directory says nothing of each file."""
    return parent if own is Mark.NONE and parent in _INHERITED else own


def mark_of_title(title: str) -> Mark:
    """What a heading, a field or a comment of its own says of every file in the list below it; of two, nothing."""
    bare = title.strip(" :*`()")
    if not _TITLE.search(bare):
        return Mark.NONE
    found = [mark for mark, pattern in _OF_TITLES if pattern.search(bare)]
    return found[0] if len(found) == 1 else Mark.NONE
