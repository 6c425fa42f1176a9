"""HCL files as plain data, parsed beside this process under a time limit: some small files take the parser seconds."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from setout import process

# 162 KB/s is the parser's pace on 4,312 public files; its worst one took 2.3 s for 3.4 KB.
SECONDS_TOGETHER = 120.0
SECONDS_ALONE = 20.0

_HEREDOC = re.compile(r"^<<-?\w+\n(.*?)\s*\w+$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Block:
    """One block: `resource "aws_vpc" "this" {…}` has type `resource` and labels `aws_vpc`, `this`.

    Expressions in `body` are text such as `${var.name}`; nested blocks are lists of mappings.
    """

    type: str
    labels: tuple[str, ...]
    body: Mapping[str, Any]
    path: str
    line: int

    def line_of(self, text: str, name: str) -> int:
        """The line of the attribute or nested block `name` in the text of the file; else the block's own."""
        pattern = re.compile(rf"^\s*{re.escape(name)}\b")
        lines = text.splitlines()
        return next((n + 1 for n in range(self.line - 1, len(lines)) if pattern.match(lines[n])), self.line)

    def text_of(self, name: str) -> str:
        """The attribute `name` as text, without heredoc marks; "" if it is not there."""
        value = self.body.get(name, "")
        text = value if isinstance(value, str) else json.dumps(value)
        heredoc = _HEREDOC.match(text)
        return heredoc[1].strip() if heredoc else text


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file that could not be parsed, with the reason and the line where there is one."""

    path: str
    reason: str
    line: int


@dataclass(frozen=True, slots=True)
class Reading:
    """The blocks of several files, and the files that have none because they could not be read."""

    blocks: tuple[Block, ...]
    unreadable: tuple[Unreadable, ...]

    def of_type(self, *types: str) -> tuple[Block, ...]:
        return tuple(block for block in self.blocks if block.type in types)


Known = Callable[[str], Any]
Learn = Callable[[str, Any], None]


def read(
    root: Path, paths: Sequence[str], known: Known = lambda _path: None, learn: Learn = lambda _path, _answer: None
) -> Reading:
    """Parse the files `paths` below `root`, within a time limit for all and one for each of a slow lot.

    Args:
        known: what the parser said of a file the last time, if it is the same file; else None.
        learn: told what the parser says of a file, unless it said nothing in time.
    """
    parsed = {path: answer for path in paths if (answer := known(path)) is not None}
    fresh = _parse_all(root, [path for path in paths if path not in parsed])
    for path, answer in fresh.items():
        if "body" in answer:
            text = (root / path).read_text("utf-8", "replace")
            answer["blocks"] = [list(block) for block in _blocks(answer.pop("body"), text)]
        if not answer.get("slow"):
            learn(path, answer)
    parsed |= fresh
    blocks: list[Block] = []
    unreadable: list[Unreadable] = []
    for path in paths:
        found = parsed.get(path, {"error": "the parser did not answer"})
        if "error" in found:
            unreadable.append(Unreadable(path, found["error"], found.get("line", 0)))
        else:
            blocks += (Block(kind, tuple(labels), body, path, line) for kind, labels, body, line in found["blocks"])
    return Reading(tuple(blocks), tuple(unreadable))


def values(root: Path, paths: Sequence[str]) -> dict[str, Mapping[str, Any]]:
    """The top-level attributes of files such as terraform.tfvars; none of a file that cannot be read."""
    parsed = _parse_all(root, paths)
    return {path: parsed.get(path, {}).get("body", {}) for path in paths}


def _parse_all(root: Path, paths: Sequence[str]) -> dict[str, Any]:
    together = _parse(root, paths, SECONDS_TOGETHER)
    if together is not None:
        return together
    answers: dict[str, Any] = {}
    for path in paths:
        alone = _parse(root, [path], SECONDS_ALONE)
        slow = {path: {"error": f"takes longer than {SECONDS_ALONE:.0f} s to read", "slow": True}}
        answers |= slow if alone is None else alone
    return answers


def _parse(root: Path, paths: Sequence[str], seconds: float) -> dict[str, Any] | None:
    """What the child process says about each file, or None if it did not end in time."""
    if not paths:
        return {}
    command = [sys.executable, "-P", "-c", _CHILD]
    try:
        ran = process.run(command, cwd=root, timeout=seconds, stdin=json.dumps(list(paths)))
        answer: dict[str, Any] = json.loads(ran.out)
    except process.TimedOut:
        return None
    except (process.CannotStart, ValueError):
        return {}
    return answer


# The child gets names on stdin and answers with one object. `-P` keeps the repository, its working directory, off the
# module path: nothing in it is ever imported.
_CHILD = """
import json, sys
import hcl2
options = hcl2.SerializationOptions(strip_string_quotes=True, explicit_blocks=True, with_comments=False)
sys.setrecursionlimit(5000)
answer = {}
for path in json.load(sys.stdin):
    try:
        with open(path, encoding="utf-8") as file:
            answer[path] = {"body": hcl2.loads(file.read(), serialization_options=options)}
    except Exception as error:
        lines = str(error).strip().splitlines() or [type(error).__name__]
        answer[path] = {"error": lines[0][:200], "line": getattr(error, "line", None) or 0}
json.dump(answer, sys.stdout)
"""


def _blocks(body: Mapping[str, Any], text: str) -> Iterator[tuple[str, list[str], Mapping[str, Any], int]]:
    """Type, labels, body and line of every block, as plain data."""
    for kind, items in body.items():
        for item in items if isinstance(items, list) else ():
            labels, content = _unwrap(item)
            if content is not None:
                yield kind, list(labels), content, _line(text, kind, labels)


def _unwrap(item: Any) -> tuple[tuple[str, ...], Mapping[str, Any] | None]:
    """Follow the labels, each a mapping with one key, down to the block's content."""
    labels: list[str] = []
    while isinstance(item, dict) and "__is_block__" not in item and len(item) == 1:
        label, item = next(iter(item.items()))
        labels.append(label)
    return tuple(labels), item if isinstance(item, dict) and "__is_block__" in item else None


def _line(text: str, kind: str, labels: Sequence[str]) -> int:
    words = r"\s+".join([re.escape(kind), *(f'"?{re.escape(label)}"?' for label in labels)])
    found = re.search(rf"^[ \t]*{words}\s*\{{", text, re.MULTILINE)
    return text.count("\n", 0, found.start()) + 1 if found else 1
