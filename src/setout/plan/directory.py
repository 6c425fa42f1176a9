"""Directory trees in fenced blocks: every path with its line, its comment, and whether it is new, there or gone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice, product

from setout.model import Entry, Kind, Mark, Place, Sense, Statement
from setout.plan.marks import inherited, mark_of, mark_of_title
from setout.plan.surroundings import of_titles

_GLYPHS = " \t│├└─┬┼|`+\\┃┣┗━║╠╚═*-–•"
_NAME = re.compile(r"(?P<name>[^\s#]+(?:\s(?=[^\s#(←→]+\.\w+(?:\s|$))[^\s#]+)*)(?P<rest>.*)$")
_PATH = re.compile(r"^[\w.@~$<\[{(*-][\w.@~$<>\[\]{}(),*/+:-]*$")
_COMMENT = re.compile(r"^\s*(?:#|//|--|←|<-|→|->|—|–|:|\()?\s*(?P<text>.*?)\)?\s*$")
# A tree below "Current layout" is there already, one below "Future layout" or "Options considered" is not built now.
_SECTION_MARKS = {Sense.EXISTING: Mark.EXISTING, Sense.FUTURE: Mark.FUTURE, Sense.ALTERNATIVE: Mark.FUTURE}
_LONGEST = 1000  # characters; longer paths are none, and would make time grow with the square of their depth
_DEEPEST = 64  # levels; nobody nests directories so, and every rule looks at each level
_SHORT = 3  # words
_MOST = 20_000  # paths that a plan may draw; braces multiply, and nobody draws as many by hand
_BRACES = re.compile(r"\{([^{}]*,[^{}]*)\}")
_PROGRAM_TEXT = frozenset(
    {
        "yaml", "yml", "json", "hcl", "terraform", "tf", "python", "py", "bash", "sh", "shell", "console",
        "javascript", "js", "typescript", "ts", "go", "sql", "toml", "mermaid", "dockerfile", "diff", "ini", "java",
        "rust", "csharp", "http", "promql", "graphql", "xml", "html", "css", "make", "makefile", "powershell", "ps1",
    }
)  # fmt: skip


def entries(statements: tuple[Statement, ...]) -> tuple[Entry, ...]:
    """Every path of every directory tree in the document, in its order."""
    return tuple(islice(_entries_of(statements), _MOST))


def _entries_of(statements: tuple[Statement, ...]) -> Iterator[Entry]:
    number = 0
    for statement in statements:
        if statement.kind is Kind.CODE and looks_like_tree(statement):
            number += 1
            yield from (replace(entry, tree=number, section=statement.section) for entry in _parse(statement))


def _ground(titles: tuple[str, ...]) -> Mark:
    """What the headings say of a whole tree: that of its files, or that of its section."""
    of_files = mark_of_title(titles[-1]) if titles else Mark.NONE
    return of_files if of_files is not Mark.NONE else _SECTION_MARKS.get(of_titles(titles), Mark.NONE)


def _of_group(title: str) -> Mark:
    """What a comment of its own says of the paths below it; that something is updated, only where it says no more."""
    of_files = mark_of_title(title)
    if of_files is not Mark.NONE:
        return of_files
    mark = mark_of(title)
    return mark if mark is not Mark.CHANGED or len(title.split()) <= _SHORT else Mark.NONE


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
    """The entries of one tree; a comment on a line of its own speaks for what stands below it."""
    stack: list[tuple[int, str, Mark]] = []
    group = ground = _ground(statement.section[1:])
    for number, line in enumerate(statement.text.split("\n")):
        stripped = line.lstrip(_GLYPHS)
        if line.startswith("#"):
            group, stack = inherited(_of_group(stripped.lstrip("# ")), ground), []
        match = _NAME.match(stripped)
        if not match or stripped.startswith("#") or not _PATH.match(match["name"]):
            continue
        name, rest = _split(match["name"], match["rest"])
        if not name or ("[" in name and "]" not in name):
            continue
        column = len(line) - len(stripped)
        while stack and stack[-1][0] >= column:
            stack.pop()
        _, parent, above = stack[-1] if stack else (0, "", group)
        place = Place(statement.place.line + number, column + 1)
        found = [_in_group(entry, group) for entry in _entries(parent, above, name, rest, place)]
        yield from found
        if found:
            stack.append((column, _join(parent, name), found[0].mark))


def _in_group(entry: Entry, group: Mark) -> Entry:
    """Of each path below "Files to modify" it is said that it is modified."""
    return replace(entry, mark=group) if entry.mark is Mark.NONE and group is Mark.CHANGED else entry


def _split(name: str, rest: str) -> tuple[str, str]:
    """A bracket that opens in the name and closes later is a comment glued to it: `api/(existing code)`."""
    if "(" in name and ")" not in name and ")" in rest:
        name, _, comment = name.partition("(")
        return name, f"({comment}{rest}"
    return name, rest


def _entries(parent: str, above: Mark, name: str, rest: str, place: Place) -> Iterator[Entry]:
    comment = _comment(rest)
    mark = inherited(mark_of(comment), above)
    for path in expand(_join(parent, name)):
        if len(path) > _LONGEST or path.count("/") > _DEEPEST:
            continue
        yield Entry(path.rstrip("/"), place, comment, mark, name.endswith("/"))


def _join(parent: str, name: str) -> str:
    name = name.removeprefix("./").lstrip("/")
    return f"{parent.rstrip('/')}/{name}" if parent and name else name or parent


def _comment(rest: str) -> str:
    """What stands behind the path; behind "or another.tf" the comment begins at its own sign."""
    if rest.lstrip().startswith(("or ", "and ", "+ ", "/ ")):
        rest = rest[max(rest.find(" #"), 0) :]
    match = _COMMENT.match(rest)
    return match["text"] if match else rest.strip()


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
