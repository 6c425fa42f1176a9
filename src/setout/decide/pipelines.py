"""Which CI validates the repository: by the files of the tree, else by what the plan calls its pipelines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from setout.decide.because import silent
from setout.model import Choice, Mark, Origin, Plan, Sense, Zone
from setout.plan.sense import sense

DEFAULT = "github"
_FILES = {
    "gitlab": re.compile(r"(?:^|/)\.gitlab(?:-ci\.yml$|/)"),
    "github": re.compile(r"(?:^|/)\.github/workflows(?:/|$)"),
}
_WORDS = {
    "gitlab": re.compile(r"\bgitlab[ -](?:ci(?:/cd)?|pipelines?|runners?)\b|\.gitlab-ci\.yml", re.I),
    "github": re.compile(r"\bgithub actions?\b|\bgithub workflows?\b|\.github/workflows\b", re.I),
}
_USED = frozenset({Sense.ASSERTED, Sense.EXISTING})
_GONE = frozenset({Mark.DELETED, Mark.FUTURE})
_SILENT = frozenset({Zone.DOCUMENTS, Zone.COMPLEXITY})


def decide(plan: Plan, _made: Mapping[str, Choice]) -> Choice:
    """GitHub Actions or GitLab CI; where the plan speaks of both, the one it speaks of first, which is unsure."""
    for source, origin in ((_in_tree, Origin.STATED), (_in_words, Origin.INFERRED)):
        found: dict[str, tuple[int, str]] = {}
        for name, line, text in source(plan):
            found.setdefault(name, (line, text))
        if found:
            name = min(found, key=lambda item: found[item][0])
            line, text = found[name]
            doubts = ("The plan speaks of GitHub and of GitLab.",) if len(found) > 1 else ()
            return Choice("ci", name, (f'The plan speaks of it: "{text}".',), (line,), origin, doubts=doubts)
    return silent("ci", DEFAULT, "The plan names no CI.")


def _in_tree(plan: Plan) -> Iterator[tuple[str, int, str]]:
    for entry in plan.entries:
        if entry.mark not in _GONE:
            yield from (
                (name, entry.place.line, entry.path) for name, files in _FILES.items() if files.search(entry.path)
            )


def _in_words(plan: Plan) -> Iterator[tuple[str, int, str]]:
    for statement in plan.statements:
        if statement.zone in _SILENT:
            continue
        for name, words in _WORDS.items():
            for match in words.finditer(statement.text):
                if sense(statement.text, match.start(), match.end()) in _USED:
                    yield name, statement.line_at(match.start()), match.group()
