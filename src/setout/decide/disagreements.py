"""Where a plan disagrees with its own tree: an environment without its directory, a command on a chart elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator

from setout.decide import environments
from setout.decide.trees import charts
from setout.model import Place, Plan, Question

_COMMAND = re.compile(
    r"\bhelm\s+(?:install|upgrade|template|lint|package|dep(?:endency)? \w+)\b(?:\\\n|[^\n;&|`]){0,200}?"
    r"(?<![\w./=-])\./(?P<path>[\w.-]+(?:/[\w.-]+)*)"
)
_AS_DRAWN = "as the tree draws it"


def decide(plan: Plan) -> Iterator[Question]:
    """Every disagreement as a question at the line that the tree does not bear out."""
    yield from _environments(plan)
    yield from _charts(plan)


def _environments(plan: Plan) -> Iterator[Question]:
    """The field names an environment, and the tree draws directories for the others only: which of both holds?"""
    lacking = environments.undrawn(plan)
    if lacking:
        text = f"the plan names {', '.join(lacking)}, for which its tree draws no directory beside the others"
        yield Question("environments", Place(min(lacking.values())), text, default=_AS_DRAWN)


def _charts(plan: Plan) -> Iterator[Question]:
    """A command installs a chart from a path, and the only charts of the tree lie elsewhere: where is it to be?"""
    drawn = charts(plan)
    if not drawn:
        return
    for statement in plan.statements:
        for match in _COMMAND.finditer(statement.text) if "helm" in statement.text else ():
            path = match["path"]
            if not path.endswith((".yaml", ".yml", ".tgz")) and not any(_is_same(path, chart) for chart in drawn):
                line = statement.line_at(match.start())
                text = f"this installs ./{path}, and the tree draws its chart at {', '.join(sorted(drawn)[:3])}"
                yield Question("charts", Place(line), text, default=_AS_DRAWN)
                return


def _is_same(one: str, other: str) -> bool:
    """The same folder, as seen from different roots; what lies in a chart, or holds charts, is no contradiction."""
    first, second = one.split("/"), other.split("/")
    short, long = sorted((first, second), key=len)
    return long[-len(short) :] == short or long[: len(short)] == short
