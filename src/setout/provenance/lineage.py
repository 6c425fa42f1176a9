"""Which template file made a delivered file, and which answers it used: read from the templates' own syntax trees."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath
from typing import cast

import jinja2
from jinja2 import meta, nodes

from setout.delivery.copying import Made, Workshop
from setout.model import JSON

SUFFIX = ".jinja"


@dataclass(frozen=True, slots=True)
class Use:
    """An answer that was used: whole, or (with `items`) only these of its list: this environment, this tenant."""

    question: str
    items: tuple[JSON, ...] = ()


@dataclass(frozen=True, slots=True)
class Lineage:
    """What made a file: the template file, what its path used, and what its contents used."""

    template: str
    by_path: tuple[Use, ...]
    by_content: tuple[Use, ...]

    @property
    def uses(self) -> tuple[Use, ...]:
        return merge((*self.by_path, *self.by_content))


def trace(workshop: Workshop) -> dict[str, Lineage]:
    """The lineage of every file that was made in the workshop."""
    library = Library(workshop)
    return {path: library.lineage(path, made) for path, made in workshop.made.items()}


def merge(uses: Iterable[Use]) -> tuple[Use, ...]:
    """One use for each question; whole wins over some of its items."""
    found: dict[str, Use] = {}
    for use in uses:
        known = found.get(use.question)
        if known is None:
            found[use.question] = use
        elif not (known.items and use.items):
            found[use.question] = Use(use.question)
        else:
            fresh = tuple(item for item in use.items if item not in known.items)
            found[use.question] = Use(use.question, known.items + fresh)
    return tuple(found[name] for name in sorted(found))


class Library:
    """The templates of one workshop, each parsed once, and the answers that their names stand for."""

    def __init__(self, workshop: Workshop) -> None:
        self.workshop = workshop
        self.environment = workshop.environment
        self._files: dict[str, Text] = {}
        self._strings: dict[str, Text] = {}
        self._answers: dict[frozenset[str], frozenset[str]] = {}

    def lineage(self, path: str, made: Made) -> Lineage:
        """The lineage of the delivered file `path`. What a path loops over counts only with the item it stopped at."""
        segments = self.segments(made)
        items = self.items(made)
        chosen = merge((*items.values(), *(use for text in segments for use in text.members())))
        narrowed = {use.question for use in chosen}
        names = {name for text in segments for name in text.conditions}
        rest = [use for use in self.uses(names, {}) if use.question not in narrowed]
        contents = self.file(made.template).names if made.template.endswith(SUFFIX) else frozenset()
        by_path = merge((*chosen, *rest, *self._exclusions(path)))
        return Lineage(made.template, by_path, self.uses(contents, items))

    def segments(self, made: Made) -> tuple[Text, ...]:
        """The segments of the template's path, below what is the root of a delivered repository."""
        path = PurePosixPath(made.template).relative_to(self.workshop.subdirectory)
        return tuple(self.string(part) for part in (*path.parts[:-1], path.name.removesuffix(SUFFIX)))

    def items(self, made: Made) -> dict[str, Use]:
        """Which item of which answer each loop variable of the file's path stands for."""
        found: dict[str, Use] = {}
        for text in self.segments(made):
            for variable, names in text.loops():
                if variable in made.items:
                    parent = next((found[name] for name in names if name in found), None)
                    use = parent or self._item(self.answers(names), made.items[variable])
                    if use:
                        found[variable] = use
        return found

    def uses(self, names: Iterable[str], items: Mapping[str, Use]) -> tuple[Use, ...]:
        """The answers behind names of the context, of which `items` are loop variables."""
        names = set(names)
        whole = self.answers(frozenset(names - set(items)))
        return merge((*(items[name] for name in names if name in items), *(Use(name) for name in whole)))

    def answers(self, names: frozenset[str]) -> frozenset[str]:
        """The recorded questions behind the names; a computed one stands for what its default is computed from."""
        if names not in self._answers:
            self._answers[names] = frozenset()  # what is computed from itself rests on nothing else
            self._answers[names] = frozenset(answer for name in names for answer in self._recorded(name))
        return self._answers[names]

    def _recorded(self, name: str) -> Iterable[str]:
        questions = self.workshop.questions
        if name == "_copier_answers":
            return [question for question in questions if not self._is_computed(question)]
        if name not in questions:
            return ()
        if not self._is_computed(name):
            return (name,)
        default = questions[name].get("default", "")
        return self.answers(self.string(default).names) if isinstance(default, str) else ()

    def _is_computed(self, question: str) -> bool:
        return self.workshop.questions[question].get("when", True) is False

    def _item(self, questions: Iterable[str], item: JSON) -> Use | None:
        """The recorded item that `item` is or was computed from; the whole list where it is not among the recorded."""
        name = item.get("name") if isinstance(item, dict) else item
        for question in sorted(questions):
            recorded = self.workshop.context.get(question)
            for candidate in recorded if isinstance(recorded, list) else ():
                if candidate == item or (isinstance(candidate, dict) and candidate.get("name") == name):
                    return Use(question, (candidate,))
        return next((Use(question) for question in sorted(questions)), None)

    def _exclusions(self, path: str) -> Iterator[Use]:
        """What keeps a path in the repository that the template's `_exclude` would otherwise leave out."""
        for pattern in self.workshop.exclude:
            for place, uses in self.string(pattern).branches():
                if f"{path}/".startswith(f"{place.lstrip('/')}/"):
                    yield from uses

    def file(self, template: str) -> Text:
        """The template file called `template`, below the template's root; an empty one where there is none."""
        if template not in self._files:
            try:
                source, _, _ = self.environment.loader.get_source(self.environment, template)  # type: ignore[union-attr]
            except jinja2.TemplateNotFound:
                source = ""
            self._files[template] = Text(self, self.environment.parse(source, template))
        return self._files[template]

    def string(self, text: str) -> Text:
        if text not in self._strings:
            self._strings[text] = Text(self, self.environment.parse(text))
        return self._strings[text]

    def evaluate(self, expression: nodes.Expr) -> str:
        """What an expression comes to with the answers; "" where it needs something that is not there."""
        if isinstance(expression, nodes.Const):
            return str(expression.value)
        try:
            tree = wrap([output(expression)], self.environment)
            return self.environment.from_string(tree).render(self.workshop.context)
        except jinja2.TemplateError:
            return ""


class Text:
    """One parsed template (a file, or a segment of a path): which names of the context each part of it needs."""

    def __init__(self, library: Library, tree: nodes.Template) -> None:
        self.library = library
        self.tree = tree
        self._needs: dict[str, frozenset[str]] = {}
        self._definitions: dict[str, list[nodes.Node]] = {}
        for name, node in _definitions(tree):
            self._definitions.setdefault(name, []).append(node)

    @cached_property
    def names(self) -> frozenset[str]:
        """Every name of the context that the whole text needs, through imports and includes."""
        self.__dict__["names"] = frozenset()  # for a text that includes itself
        return self.resolve(self._free(self.tree.body))

    @cached_property
    def conditions(self) -> frozenset[str]:
        """The same for a segment of a path, without the lists that it loops over and is compared with."""
        loops = {name for block in self.tree.find_all(nodes.CallBlock) for name in self._variables(block)}
        tests = [output(node.test) for node in self.tree.find_all(nodes.If)]
        return self.needed_by([*self.tree.find_all(nodes.Output), *tests]) - loops

    def loops(self) -> Iterator[tuple[str, frozenset[str]]]:
        """The loop variables of a segment, each with the names that its list is made from."""
        for block in self.tree.find_all(nodes.CallBlock):
            for variable in self._variables(block):
                yield variable, self.needed_by([output(block.call.args[1])])

    def members(self, part: nodes.Node | None = None) -> Iterator[Use]:
        """The answers of which only one item is asked for: `'vpc' in terraform_modules`."""
        for node in (part or self.tree).find_all(nodes.Compare):
            operand, value = node.ops[0], node.expr
            listed = operand.expr.name if isinstance(operand.expr, nodes.Name) else ""
            is_membership = isinstance(value, nodes.Const) and operand.op in {"in", "notin"}
            if is_membership and listed in self.library.workshop.questions:
                yield Use(listed, (value.as_const(),))

    def branches(self) -> Iterator[tuple[str, tuple[Use, ...]]]:
        """The words that stand or fall with a condition, each with the answers that decide."""
        for node in self.tree.find_all(nodes.If):
            test = output(node.test)
            members = tuple(self.members(test))
            rest = (
                use
                for use in self.library.uses(self.needed_by([test]), {})
                if use.question not in {m.question for m in members}
            )
            uses = (*members, *rest)
            for data in node.find_all(nodes.TemplateData):
                yield from ((word, uses) for word in data.data.split())

    def needed_by(self, parts: Iterable[nodes.Node]) -> frozenset[str]:
        """The names of the context that these parts of the text need."""
        return self.resolve(self._free(parts))

    def resolve(self, names: Iterable[str]) -> frozenset[str]:
        """Names of this text's scope, followed through its definitions to names of the context."""
        waiting, seen, found = set(names), set[str](), set[str]()
        while waiting:
            name = waiting.pop()
            if name in seen:
                continue
            seen.add(name)
            if name in self._definitions:
                waiting |= self._behind(name)
            else:
                found.add(name)
        return frozenset(found)

    def needs(self, name: str) -> frozenset[str]:
        """The names of the context behind one name that this text defines: a variable, a macro, an import."""
        if name not in self._needs:
            self._needs[name] = frozenset()  # for modules that import each other
            self._needs[name] = self.resolve({name})
        return self._needs[name]

    def _behind(self, name: str) -> frozenset[str]:
        """What the definitions of a name use; they see other names of this text, but not themselves."""
        found: set[str] = set()
        for node in self._definitions[name]:
            if isinstance(node, nodes.FromImport):
                found |= self._imported(node, name)
            else:
                found |= self._free([node])
        return frozenset(found)

    def _free(self, parts: Iterable[nodes.Node]) -> set[str]:
        """The names that parts of the text take from outside, and those that what they import or include takes."""
        found: set[str] = set()
        for part in parts:
            found |= meta.find_undeclared_variables(wrap([part], self.library.environment))
            for node in (part, *part.find_all((nodes.FromImport, nodes.Include))):
                if isinstance(node, nodes.Include):
                    found |= self.library.file(self.library.evaluate(node.template)).names
                elif isinstance(node, nodes.FromImport):
                    found |= self._imported(node)
        return found

    def _imported(self, node: nodes.FromImport, name: str = "") -> set[str]:
        """What is behind the imported `name` (or all of them), and what decides from where it is imported."""
        module = self.library.file(self.library.evaluate(node.template))
        wanted = [original for own, original in _pairs(node) if name in {"", own}]
        return {need for original in wanted for need in module.needs(original)} | self._free([output(node.template)])

    @staticmethod
    def _variables(block: nodes.CallBlock) -> Iterator[str]:
        """The loop variable, where the block is what Copier's tag `yield` is parsed to."""
        if getattr(block.call.node, "name", "") == "_yield_support":
            yield block.call.args[0].as_const()


def wrap(body: list[nodes.Node], environment: jinja2.Environment) -> nodes.Template:
    """A template that consists of these nodes."""
    tree = nodes.Template(body, lineno=1)
    tree.set_environment(environment)
    return tree


def output(expression: nodes.Node) -> nodes.Output:
    """The statement that writes what the expression comes to."""
    return nodes.Output([cast(nodes.Expr, expression)], lineno=1)


def _definitions(tree: nodes.Node) -> Iterator[tuple[str, nodes.Node]]:
    """Every name that a text defines outside macros, with what it is made from; where in the text does not matter."""
    for node in tree.iter_child_nodes():
        if isinstance(node, nodes.Macro):
            yield node.name, node
            continue
        if isinstance(node, nodes.FromImport):
            yield from ((own, node) for own, _ in _pairs(node))
        elif isinstance(node, nodes.Assign):
            yield from ((name, output(node.node)) for name in _targets(node.target))
        elif isinstance(node, nodes.AssignBlock):
            yield from ((name, part) for name in _targets(node.target) for part in node.body)
        elif isinstance(node, nodes.For):
            yield from ((name, output(node.iter)) for name in _targets(node.target))
        yield from _definitions(node)


def _targets(target: nodes.Node) -> Iterator[str]:
    if isinstance(target, (nodes.Name, nodes.NSRef)):
        yield target.name
    yield from (name.name for name in target.find_all((nodes.Name, nodes.NSRef)))  # type: ignore[attr-defined]


def _pairs(node: nodes.FromImport) -> Iterator[tuple[str, str]]:
    """Own name and original name of everything that is imported."""
    for name in node.names:
        yield (name[1], name[0]) if isinstance(name, tuple) else (name, name)
