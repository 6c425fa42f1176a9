"""Which answers wrote which line: a template rendered once more, with marks around each of its expressions.

The marks never leave this module. A rendering that is not, without its marks, exactly the file that was delivered
is thrown away: then nothing is claimed about single lines.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import jinja2
from jinja2 import nodes

from setout.delivery.copying import Made
from setout.provenance.lineage import SUFFIX, Library, Text, Use, merge, output, wrap

# Private characters of Unicode, which no template of text has a use for: opening, closing, end of the number.
_OPEN, _CLOSE, _END = "\ue000", "\ue001", "\ue002"
_MARK = re.compile(f"([{_OPEN}{_CLOSE}])([0-9]+){_END}")

# Statements that write nothing where they stand.
_SILENT = (nodes.Macro, nodes.Assign, nodes.AssignBlock, nodes.Import, nodes.FromImport, nodes.ExprStmt)
_Stretch = tuple[int, int]
Resolve = Callable[[Iterable[str]], frozenset[str]]


@dataclass(frozen=True, slots=True)
class Origin:
    """What wrote a line: `exact` for it alone or as a condition of it, `loose` as a part of something longer."""

    exact: tuple[Use, ...] = ()
    loose: tuple[Use, ...] = ()


def lines_of(library: Library, made: Made, delivered: str) -> Sequence[Origin] | None:
    """For each line of the delivered text what wrote it.

    None where it cannot be told: the marked rendering differs from what was delivered.
    """
    if not made.template.endswith(SUFFIX):
        return [Origin()] * len(delivered.split("\n"))
    items = library.items(made)
    marking = _Marking(library, items)
    text = library.file(made.template)
    body = marking.statements(text, text.tree.body, text.resolve)
    try:
        tree = wrap(body, library.environment)
        marked = library.environment.from_string(tree).render({**library.workshop.context, **made.items})
    except jinja2.TemplateError:
        return None
    if _MARK.sub("", marked) != delivered:
        return None
    return _origins(_lines(marked), marking)


def _origins(lines: Sequence[set[_Stretch]], marking: _Marking) -> list[Origin]:
    """An expression that wrote several lines at once, as a macro does, is no exact origin of any of them."""
    counts = Counter(stretch for stretches in lines for stretch in stretches)
    loose = {stretch for stretch, count in counts.items() if count > 1 and stretch[0] in marking.expressions}
    return [
        Origin(
            merge(use for number, _ in stretches - loose for use in marking.uses[number]),
            merge(use for number, _ in stretches & loose for use in marking.uses[number]),
        )
        for stretches in lines
    ]


def _lines(marked: str) -> list[set[_Stretch]]:
    """The stretches between marks in which something of each line stands: number, and where it was opened."""
    lines: list[set[_Stretch]] = [set()]
    active: dict[int, int] = {}
    position = 0
    for match in _MARK.finditer(marked):
        _spread(marked[position : match.start()], active.items(), lines)
        position = match.end()
        if match[1] == _OPEN:
            active[int(match[2])] = match.start()
        else:
            active.pop(int(match[2]), None)
    _spread(marked[position:], active.items(), lines)
    return lines


def _spread(text: str, active: Iterable[_Stretch], lines: list[set[_Stretch]]) -> None:
    for number, piece in enumerate(text.split("\n")):
        if number:
            lines.append(set())
        if piece:
            lines[-1].update(active)


class _Marking:
    """The statements of a template once more, with numbered marks; and what stands behind each number."""

    def __init__(self, library: Library, items: Mapping[str, Use]) -> None:
        self.library = library
        self.items = items
        self.uses: list[tuple[Use, ...]] = []
        self.expressions: set[int] = set()

    def statements(self, text: Text, body: Iterable[nodes.Node], resolve: Resolve) -> list[nodes.Node]:
        """The statements of `text` with marks; `resolve` follows names to the context, also out of an include."""
        marked: list[nodes.Node] = []
        for node in body:
            if isinstance(node, nodes.Output):
                marked.append(nodes.Output(list(self._output(text, node, resolve)), lineno=node.lineno))
            elif isinstance(node, nodes.If):
                marked.append(self._if(text, node, resolve, []))
            elif isinstance(node, nodes.For) and not node.recursive:
                marked.append(self._for(text, node, resolve))
            elif isinstance(node, nodes.Include):
                marked += self._include(node, resolve)
            elif isinstance(node, _SILENT):
                marked.append(node)
            else:
                marked += self._whole(text, node, resolve)
        return marked

    def _whole(self, text: Text, node: nodes.Node, resolve: Resolve) -> list[nodes.Node]:
        """A block that is written as one, such as what goes through a filter: marked around it."""
        number = self._count(text, [node], resolve)
        self.expressions.add(number)
        opening, closing = (nodes.Output([_mark(kind, number)], lineno=1) for kind in (_OPEN, _CLOSE))
        return [opening, node, closing]

    def _output(self, text: Text, node: nodes.Output, resolve: Resolve) -> Iterator[nodes.Expr]:
        for part in node.nodes:
            if isinstance(part, nodes.TemplateData):
                yield part
            else:
                number = self._number(text, [part], resolve)
                self.expressions.add(number)
                yield from (_mark(_OPEN, number), part, _mark(_CLOSE, number))

    def _if(self, text: Text, node: nodes.If, resolve: Resolve, tests: list[nodes.Node]) -> nodes.If:
        """A branch stands because of its own test and of those before it, which failed."""
        tests = [*tests, node.test]
        body = self._region(text, node.body, tests, resolve)
        others = []
        for branch in node.elif_:
            others.append(self._if(text, branch, resolve, tests))
            tests = [*tests, branch.test]
        last = self._region(text, node.else_, tests, resolve)
        return nodes.If(node.test, body, others, last, lineno=node.lineno)

    def _for(self, text: Text, node: nodes.For, resolve: Resolve) -> nodes.For:
        parts: list[nodes.Node] = [node.iter, *([node.test] if node.test else [])]
        body = self._region(text, node.body, [node.iter], resolve)
        otherwise = self._region(text, node.else_, parts, resolve)
        return nodes.For(node.target, node.iter, body, otherwise, node.test, False, lineno=node.lineno)

    def _region(
        self, text: Text, body: list[nodes.Node], because: Sequence[nodes.Node], resolve: Resolve
    ) -> list[nodes.Node]:
        if not body:
            return []
        number = self._number(text, because, resolve)
        opening, closing = (nodes.Output([_mark(kind, number)], lineno=1) for kind in (_OPEN, _CLOSE))
        return [opening, *self.statements(text, body, resolve), closing]

    def _include(self, node: nodes.Include, resolve: Resolve) -> list[nodes.Node]:
        """What is included, in its place and in a scope of its own: its names may be those of the includer."""
        name = self.library.evaluate(node.template)
        text = self.library.file(name)
        inner = self.statements(text, text.tree.body, lambda names: resolve(text.resolve(names)))
        return [nodes.Scope(inner, lineno=node.lineno)]

    def _number(self, text: Text, parts: Sequence[nodes.Node], resolve: Resolve) -> int:
        return self._count(text, [output(part) for part in parts], resolve)

    def _count(self, text: Text, statements: Sequence[nodes.Node], resolve: Resolve) -> int:
        members = tuple(use for part in statements for use in text.members(part))
        narrowed = {use.question for use in members}
        names = resolve(text.needed_by(statements))
        rest = (use for use in self.library.uses(names, self.items) if use.question not in narrowed)
        self.uses.append(merge((*members, *rest)))
        return len(self.uses) - 1


def _mark(kind: str, number: int) -> nodes.TemplateData:
    return nodes.TemplateData(f"{kind}{number}{_END}", lineno=1)
