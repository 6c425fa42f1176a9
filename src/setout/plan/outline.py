"""Lines to statements: headings, fields, items, cells, prose and code, each with its place and its section."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from markdown_it import MarkdownIt
from markdown_it.token import Token

from setout.model import Kind, Place, Statement
from setout.plan.source import Source

_FIELD = re.compile(
    r"^\s*(?:\*\*|__)(?P<key>[^*_:\n|][^*:\n|]{0,60}?)\s*(?::\s*(?:\*\*|__)|：\s*(?:\*\*|__)|(?:\*\*|__)\s*[:：])\s*(?P<value>.*)$"
)
_BARE_FIELD = re.compile(r"^\s*(?P<key>[A-Z][A-Za-z/ ()-]{2,40}?)\s*[:：]\s+(?P<value>\S.*)$")
_TICK = re.compile(r"^\[(?P<mark>[ xX✓✔])\]\s+")
_SEPARATOR = re.compile(r"(?<=\s)\|\s+(?=\*\*)")
_LINK = re.compile(r"!?\[([^\[\]\n]*)\]\([^)\[\n]*\)")
_MARKS = re.compile(r"\*\*|__|`|~~")
# Nobody writes a paragraph of this length; what is longer is read in pieces, so that time grows with the plan and
# not with its square. A heading or a cell ends there, and on a longer line nobody looks for a column.
_LONGEST = 4000


def plain(text: str) -> str:
    """Text without Markdown's marks; line breaks stay where they are."""
    return _MARKS.sub("", _LINK.sub(r"\1", without_comments(text))).strip(" \t")


def without_comments(text: str) -> str:
    """Text with nothing but the line breaks of its comments; in one pass, whether they end or not."""
    kept, position = [], 0
    while (start := text.find("<!--", position)) >= 0 and (end := text.find("-->", start + 4)) >= 0:
        kept += [text[position:start], "\n" * text.count("\n", start, end)]
        position = end + 3
    return "".join([*kept, text[position:]]) if kept else text


def pieces(text: str, limit: int = _LONGEST) -> Iterator[tuple[int, str]]:
    """The text in parts of at most `limit` characters, cut at white space, each with the line breaks before it."""
    lines, position = 0, 0
    while len(text) - position > limit:
        cut = max(text.rfind("\n", position, position + limit), text.rfind(" ", position, position + limit)) + 1
        end = cut if cut > position else position + limit
        yield lines, text[position:end]
        lines += text.count("\n", position, end)
        position = end
    yield lines, text[position:]


def outline(source: Source) -> tuple[Statement, ...]:
    """Every statement of the document, in its order. Comments, rules and quotes' marks are left out."""
    return tuple(_Walk(source).statements())


def _parser() -> MarkdownIt:
    # Blocks are all we need: with the inline rules left out, parsing is linear and several times faster.
    parser = MarkdownIt("commonmark", {"maxNesting": 50}).enable("table")
    parser.core.ruler.enableOnly(["normalize", "block"])
    return parser


class _Walk:
    """One pass over the token stream; keeps the headings above, and the field a list belongs to."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.tokens = _parser().parse(source.text)
        self.headings: list[tuple[int, str]] = []
        self.open_field = ""
        self.tables = 0

    @property
    def section(self) -> tuple[str, ...]:
        return tuple(title for _, title in self.headings)

    def statements(self) -> Iterator[Statement]:
        position = 0
        while position < len(self.tokens):
            token = self.tokens[position]
            if token.type == "table_open":
                end = self._end(position, "table_close")
                yield from self._table(self.tokens[position:end])
                position = end
            elif token.type == "heading_open":
                yield self._heading(token, self.tokens[position + 1])
                position += 2
            elif token.type in {"fence", "code_block"}:
                yield self._code(token)
            elif token.type == "inline":
                yield from self._inline(token, self.tokens[position - 1])
            position += 1

    def _end(self, position: int, kind: str) -> int:
        while position < len(self.tokens) and self.tokens[position].type != kind:
            position += 1
        return position

    def _heading(self, opening: Token, inline: Token) -> Statement:
        level = int(opening.tag[1])
        self.headings = [(depth, title) for depth, title in self.headings if depth < level]
        text = plain(inline.content)[:_LONGEST]
        statement = Statement(Kind.HEADING, text, self._place(inline), key=opening.tag, section=self.section)
        self.headings.append((level, text))
        self.open_field = ""
        return statement

    def _code(self, token: Token) -> Statement:
        line = (token.map or [0])[0] + (2 if token.type == "fence" else 1)
        field, self.open_field = self.open_field, ""
        info = token.info[:_LONGEST].strip().lower() or field
        return Statement(Kind.CODE, token.content.rstrip("\n"), Place(line), key=info, section=self.section)

    def _inline(self, token: Token, before: Token) -> Iterator[Statement]:
        in_list = before.type == "paragraph_open" and before.level > 0
        tick = _TICK.match(token.content) if in_list else None
        kind = Kind.ITEM if in_list else Kind.PROSE
        if not in_list:
            self.open_field = ""
        first = self._place(token).line
        for statement in self._fields(token, kind):
            if tick and statement.place.line == first:
                yield replace(statement, ticked=tick.group("mark") != " ")
            else:
                yield statement

    def _fields(self, token: Token, kind: Kind) -> Iterator[Statement]:
        """Split a paragraph into its fields; lines that open no field belong to the one before them."""
        first = self._place(token).line
        content = _TICK.sub("", without_comments(token.content))
        open_key, open_line, held = "", first, list[str]()
        for number, raw in enumerate(content.split("\n")):
            for piece in _SEPARATOR.split(raw):
                found = _FIELD.match(piece) or (
                    _BARE_FIELD.match(piece) if kind is Kind.PROSE and _known(piece) else None
                )
                if not found:
                    held.append(piece)
                    continue
                yield from self._flush(kind, open_key, open_line, held)
                open_key, open_line, held = found["key"].strip(), first + number, [found["value"]]
        yield from self._flush(kind, open_key, open_line, held)
        if kind is Kind.PROSE:
            self.open_field = open_key.lower() if open_key and not "".join(held).strip() else ""

    def _flush(self, kind: Kind, key: str, line: int, held: list[str]) -> Iterator[Statement]:
        whole = plain("\n".join(held))
        for lines, text in pieces(whole):
            if key:
                place = self._at(line + lines, text, "" if lines else key)
                yield Statement(Kind.FIELD, text, place, key=key.lower(), section=self.section)
            elif text.strip():
                inherited = self.open_field if kind is Kind.ITEM else ""
                yield Statement(kind, text, self._at(line + lines, text), key=inherited, section=self.section)

    def _table(self, tokens: list[Token]) -> Iterator[Statement]:
        self.tables += 1
        header: list[str] = []
        row, column, line = 0, 0, 0
        for token in tokens:
            if token.type == "tr_open":
                row, column, line = row + 1, 0, (token.map or [0])[0] + 1
            elif token.type == "inline":
                text = plain(token.content)[:_LONGEST]
                if row == 1:
                    header.append(text.lower())
                elif text:
                    key = header[column] if column < len(header) else ""
                    place = self._at(line, text)
                    yield Statement(Kind.CELL, text, place, key, self.section, row=row - 1, table=self.tables)
                column += 1
        self.open_field = ""

    def _place(self, token: Token) -> Place:
        return self._at((token.map or [0])[0] + 1, token.content)

    def _at(self, line: int, text: str, key: str = "") -> Place:
        """The place of `text` (its first line) on `line`, after the field's key where there is one."""
        if not 0 < line <= len(self.source.lines):
            return Place(max(line, 1))
        raw = self.source.lines[line - 1][:_LONGEST]
        start = raw.find(key) + len(key) if key and key in raw else 0
        words = text.split("\n", 1)[0].split()
        column = raw.find(words[0], start) if words else -1
        return Place(line, column + 1 if column >= 0 else 1)


_BARE_KEYS = (
    "language/version", "primary dependencies", "storage", "testing", "target platform", "project type",
    "performance goals", "constraints", "scale/scope", "cloud provider", "iac tools", "iac tool", "kubernetes",
    "gitops", "deployment strategy", "state backend", "secrets management", "validation", "target environment",
    "deployment type", "structure decision", "custom applications", "branch", "date", "spec", "input",
)  # fmt: skip


def _known(piece: str) -> bool:
    return piece.strip().lower().startswith(_BARE_KEYS)
