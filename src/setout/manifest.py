"""YAML documents that remember their lines: what stands where, and where a path in a document is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import yaml

from setout.errors import UserError

Path = Sequence[str | int]


class NotYaml(UserError):
    """A text that is not YAML; `line` is where it stops being so."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True, slots=True)
class Document:
    """One document of a YAML stream. `content` and `node` are None when it is empty.

    Attributes:
        text: the document as it stands in the stream, without the marks around it.
        duplicates: keys that stand twice in one mapping, each with the line of the second.
    """

    content: Any
    node: yaml.Node | None
    line: int
    text: str = ""
    duplicates: tuple[tuple[str, int], ...] = ()

    def line_of(self, path: Path) -> int:
        """The line of the deepest part of `path` that is there."""
        return _descend(self.node, path)[0] if self.node else self.line

    def has(self, path: Path) -> bool:
        """Whether all of `path` is there."""
        return self.node is not None and _descend(self.node, path)[1] == len(path)

    @property
    def is_object(self) -> bool:
        """Whether it is a Kubernetes object."""
        return isinstance(self.content, Mapping) and "kind" in self.content and "apiVersion" in self.content

    @property
    def kind(self) -> str:
        return str(self.content.get("kind", "")) if isinstance(self.content, Mapping) else ""

    @property
    def name(self) -> str:
        metadata = self.content.get("metadata") if isinstance(self.content, Mapping) else None
        return str(metadata.get("name", "")) if isinstance(metadata, Mapping) else ""


# The same loader on libyaml where PyYAML was built with it: ten times as fast.
_Fast: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Fast):  # type: ignore[misc]
    """YAML as Kubernetes reads it: dates, times such as 1:30 and a bare `=` are text, and 1e3 is a number."""


_OURS = ("timestamp", "value", "int", "float")
_Loader.yaml_implicit_resolvers = {
    first: [resolver for resolver in resolvers if resolver[0].rpartition(":")[2] not in _OURS]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:int",
    re.compile(r"^[-+]?(?:0b[01_]+|0x[0-9a-fA-F_]+|0o?[0-7_]+|0|[1-9][0-9_]*)$"),
    list("-+0123456789"),
)
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:float",
    re.compile(
        r"^(?:[-+]?(?:\.[0-9]+|[0-9][0-9_]*(?:\.[0-9_]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$"
    ),
    list("-+.0123456789"),
)


def _tagged(loader: Any, _suffix: str, node: yaml.Node) -> Any:
    """What stands behind a tag of another program (`!reference` of GitLab, `!Ref` of CloudFormation), without it."""
    if isinstance(node, yaml.MappingNode):
        return loader.construct_mapping(node, deep=True)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    return loader.construct_scalar(node)


_Loader.add_multi_constructor("!", _tagged)


# Nobody writes YAML that deep; the parser's stack ends at some 20,000 levels, and the whole process with it.
DEPTH = 200
# What aliases may make of a document: they double it with each, and what goes through it would never end.
SIZE = 200_000

_MARGIN = re.compile(r"^[ \t:?-]*", re.MULTILINE)


def read(text: str) -> tuple[Document, ...]:
    """The documents of a stream, in order. Raises NotYaml, also for one that is too deep or too large to go through."""
    loader = _Loader(text)
    documents: list[Document] = []
    try:
        _insist_on_depth(text)
        while loader.check_node():
            node = loader.get_node()
            documents.append(_document(loader, node, text))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise NotYaml(error.problem or "not YAML", mark.line + 1 if mark else 0) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise NotYaml(str(error) or "nested too deeply", 0) from error
    finally:
        loader.dispose()
    return tuple(documents)


def read_or_nothing(text: str) -> tuple[Document, ...]:
    """The documents of a stream; none if it is not YAML, for those who only want to point into it."""
    try:
        return read(text)
    except NotYaml:
        return ()


def objects(text: str) -> tuple[Document, ...]:
    """The documents of a stream that are Kubernetes objects. Raises NotYaml."""
    return tuple(document for document in read(text) if document.is_object)


@lru_cache(maxsize=4096)
def mapping(text: str) -> Mapping[str, Any]:
    """The first document as plain data; nothing if it is no mapping, for those who leave it to others to complain."""
    document = next(iter(read_or_nothing(text)), None)
    return document.content if document and isinstance(document.content, Mapping) else {}


def pointer(text: str) -> tuple[str | int, ...]:
    """A JSON pointer such as `/spec/containers/0/image` as a path."""
    parts = [part.replace("~1", "/").replace("~0", "~") for part in text.split("/")[1:]]
    return tuple(int(part) if part.isdigit() else part for part in parts)


def line_in_text(text: str, path: Path) -> int:
    """A guess at the line of `path` in text that is not YAML yet, such as a template of a chart: its keys in order."""
    line, lines = 0, text.splitlines()
    for key in path:
        pattern = re.compile(rf"^\s*(?:-\s+)?[\"']?{re.escape(str(key))}[\"']?\s*:")
        following = next((n for n in range(line, len(lines)) if pattern.match(lines[n])), None)
        if following is not None:
            line = following + 1
    return line


def _insist_on_depth(text: str) -> None:
    """Raise NotYaml if the text nests too deeply. Counting is enough for nearly every text; else its events tell."""
    margin = max(map(len, _MARGIN.findall(text)), default=0)
    if text.count("[") + text.count("{") + 2 * margin <= DEPTH:
        return
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEPTH:
            raise NotYaml("nested too deeply", event.start_mark.line + 1 if event.start_mark else 0)


def _insist_on_size(node: yaml.Node) -> None:
    """Raise NotYaml if the aliases of a document make too much of it, or lead back to where they stand."""
    weights: dict[int, int] = {}

    def weigh(here: yaml.Node) -> int:
        if id(here) not in weights:
            weights[id(here)] = SIZE + 1  # found again before it is weighed: it contains itself
            weights[id(here)] = 1 + sum(map(weigh, _parts(here)))
        return weights[id(here)]

    if weigh(node) > SIZE:
        raise NotYaml("its aliases make it too large to go through", node.start_mark.line + 1)


def _parts(node: yaml.Node) -> Iterator[yaml.Node]:
    if isinstance(node, yaml.SequenceNode):
        yield from node.value
    elif isinstance(node, yaml.MappingNode):
        yield from (value for _, value in node.value)


def _document(loader: _Loader, node: yaml.Node | None, text: str) -> Document:
    if node is None or (node.tag.endswith(":null") and node.start_mark.index == node.end_mark.index):
        return Document(None, None, node.start_mark.line + 1 if node else 0)
    if "*" in text and "&" in text:
        _insist_on_size(node)
    duplicates = _duplicates(node)  # before construction, which copies merged keys into the node
    content = loader.construct_document(node)
    here = " " * node.start_mark.column + text[node.start_mark.index : node.end_mark.index]
    return Document(content, node, node.start_mark.line + 1, here, duplicates)


def _duplicates(root: yaml.Node) -> tuple[tuple[str, int], ...]:
    found: list[tuple[str, int]] = []
    pending, visited = [root], set[int]()
    while pending:
        node = pending.pop()
        if id(node) in visited:  # an alias may lead back to where it stands
            continue
        visited.add(id(node))
        pending.extend(_parts(node))
        if isinstance(node, yaml.MappingNode):
            found.extend(_repeated(node))
    return tuple(sorted(found, key=lambda item: item[1]))


def _repeated(mapping: yaml.MappingNode) -> Iterator[tuple[str, int]]:
    keys = set[str]()
    for key, _ in mapping.value:
        if isinstance(key, yaml.ScalarNode):
            if key.value in keys and key.value != "<<":
                yield key.value, key.start_mark.line + 1
            keys.add(key.value)


def _descend(node: yaml.Node, path: Path) -> tuple[int, int]:
    """The line where following `path` ends, and how many of its steps could be followed."""
    line, here = node.start_mark.line + 1, node
    for depth, step in enumerate(path):
        entry = _entry(here, step)
        if entry is None:
            return line, depth
        line, here = entry
    return line, len(path)


def _entry(node: yaml.Node, step: str | int) -> tuple[int, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value == str(step):
                return key.start_mark.line + 1, value
    elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        item: yaml.Node = node.value[step]
        return item.start_mark.line + 1, item
    return None
