"""Directory trees in fenced blocks: every path with its line, its comment, and whether it is new, there or gone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import product

from setout.model import Entry, Kind, Mark, Place, Statement

_GLYPHS = " \t│├└─┬┼|`+\\┃┣┗━║╠╚═*-–•"
_NAME = re.compile(r"(?P<name>[^\s#]+(?:\s(?=[^\s#(←→]+\.\w+(?:\s|$))[^\s#]+)*)(?P<rest>.*)$")
_PATH = re.compile(r"^[\w.@~$<\[{(*-][\w.@~$<>\[\]{}(),*/+:-]*$")
_COMMENT = re.compile(r"^\s*(?:#|//|--|←|<-|→|->|—|–|:|\()?\s*(?P<text>.*?)\)?\s*$")
_BRACES = re.compile(r"\{([^{}]*,[^{}]*)\}")
_PROGRAM_TEXT = frozenset(
    [
        "yaml",
        "yml",
        "json",
        "hcl",
        "terraform",
        "tf",
        "python",
        "py",
        "bash",
        "sh",
        "shell",
        "console",
        "javascript",
        "js",
        "typescript",
        "ts",
        "go",
        "sql",
        "toml",
        "mermaid",
        "dockerfile",
        "diff",
        "ini",
        "java",
        "rust",
        "csharp",
        "http",
        "promql",
        "graphql",
        "xml",
        "html",
        "css",
        "make",
        "makefile",
        "powershell",
        "ps1",
    ]
)
_MARKS = (
    (Mark.DELETED, re.compile(r"\b(?:deleted?|removed?|to be removed|dropped)\b", re.I)),
    (Mark.FUTURE, re.compile(r"\b(?:future|later|planned|phase [2-9]|post-mvp|not yet|deferred)\b", re.I)),
    (Mark.NEW, re.compile(r"\b(?:new|add(?:ed)?|create(?:d)?)\b|🆕|✨|^\+", re.I)),
    (Mark.CHANGED, re.compile(r"\b(?:modif(?:y|ied)|updated?|chang(?:e|ed)|extend(?:ed)?|edit(?:ed)?)\b", re.I)),
    (Mark.EXISTING, re.compile(r"\b(?:existing|exists|unchanged|reused?|as[- ]is|no changes?|already)\b", re.I)),
)


def entries(statements: tuple[Statement, ...]) -> tuple[Entry, ...]:
    """Every path of every directory tree in the document, in its order."""
    found: list[Entry] = []
    number = 0
    for statement in statements:
        if statement.kind is Kind.CODE and looks_like_tree(statement):
            number += 1
            found += [replace(entry, tree=number, section=statement.section) for entry in _parse(statement)]
    return tuple(found)


def looks_like_tree(statement: Statement) -> bool:
    """Whether a block is a picture of directories rather than a program or a transcript."""
    if statement.key in _PROGRAM_TEXT:
        return False
    lines = [line for line in statement.text.split("\n") if line.strip() and not line.lstrip().startswith("#")]
    if any("├" in line or "└" in line for line in lines):
        return not any("┌" in line or "┐" in line for line in lines)
    path_like = [line for line in lines if _first_word(line) and ("/" in line or "." in _first_word(line))]
    return bool(lines) and len(path_like) * 3 >= len(lines) * 2 and any("/" in line for line in lines)


def _first_word(line: str) -> str:
    """The path at the head of a line, or nothing if the line goes on like a sentence."""
    match = _NAME.match(line.lstrip(_GLYPHS))
    if not match or not _PATH.match(match["name"]):
        return ""
    rest = match["rest"].strip()
    return match["name"] if not rest or rest[0] in "#(←→-—–/[<:" else ""


def _parse(statement: Statement) -> Iterator[Entry]:
    stack: list[tuple[int, str]] = []
    lines = statement.text.split("\n")
    for number, line in enumerate(lines):
        stripped = line.lstrip(_GLYPHS)
        match = _NAME.match(stripped)
        if not match or stripped.startswith("#") or not _PATH.match(match["name"]):
            continue
        column = len(line) - len(stripped)
        while stack and stack[-1][0] >= column:
            stack.pop()
        parent = stack[-1][1] if stack else ""
        place = Place(statement.place.line + number, column + 1)
        yield from _entries(parent, match["name"], match["rest"], place)
        stack.append((column, _join(parent, match["name"])))


def _entries(parent: str, name: str, rest: str, place: Place) -> Iterator[Entry]:
    comment = _comment(rest)
    mark = _mark(comment)
    for path in expand(_join(parent, name)):
        yield Entry(path.rstrip("/"), place, comment, mark, name.endswith("/"))


def _join(parent: str, name: str) -> str:
    name = name.removeprefix("./").lstrip("/")
    return f"{parent.rstrip('/')}/{name}" if parent and name else name or parent


def _comment(rest: str) -> str:
    match = _COMMENT.match(rest)
    return match["text"] if match else rest.strip()


def _mark(comment: str) -> Mark:
    head = comment[:60]
    return next((mark for mark, pattern in _MARKS if pattern.search(head)), Mark.NONE)


def expand(path: str, limit: int = 200) -> tuple[str, ...]:
    """`a/{b,c}` as `a/b`, `a/c`; nested braces too; at most `limit` paths, so that input stays harmless."""
    results = [path]
    while any(_BRACES.search(item) for item in results) and len(results) < limit:
        results = [part for item in results for part in _expand_once(item)]
    return tuple(dict.fromkeys(results[:limit]))


def _expand_once(path: str) -> list[str]:
    match = _BRACES.search(path)
    if not match:
        return [path]
    choices = [choice.strip() for choice in match[1].split(",")]
    return ["".join(parts) for parts in product([path[: match.start()]], choices, [path[match.end() :]])]
