"""The parts of an application that a sentence lists in brackets, and the images of one's own that it names."""

from __future__ import annotations

import re
from collections.abc import Iterator

from setout.decide import application_words, workloads
from setout.model import Kind, Place, Plan, Sense, Zone
from setout.plan.sense import sense

_TOLD = frozenset({Zone.TITLE, Zone.SUMMARY, Zone.CONTEXT})
_IMAGES = re.compile(r"\b(?:container |docker )?images?\s*[:(]\s*(?P<list>[^():;\n]{0,4}[^();\n]{3,200})", re.I)
_TAGGED = re.compile(r"(?<![\w./-])(?P<name>[a-z][a-z0-9-]{1,60}):(?:latest|dev|local|v?\d[\w.-]*)(?![\w/])")
_LISTS = re.compile(
    r"\b(?:application|app|services|microservices|stack|system|platform|components)\s*\((?P<list>[^()\n]{5,160})\)",
    re.I,
)
_AND = re.compile(r"\s*(?:,\s*(?:and\s+)?|\band\b|&|\s\+\s|/)\s*")
_PART = re.compile(
    r"^(?P<head>[\w.+-]+ )?(?P<role>frontend|front-end|backend|back-end|web ?ui|ui|api|server|service|worker|gateway|"
    r"bot|chatbot|portal|scheduler)$",
    re.I,
)
_SIDES = ("frontend", "backend")  # of which there is one each, whatever it is written in


def images(plan: Plan) -> Iterator[tuple[str, Place]]:
    """ "Images (shop-web:latest, shop-api:latest)": what has no registry before it is built here."""
    for statement in plan.statements:
        if statement.zone not in _TOLD or statement.kind is Kind.CODE:
            continue
        for listed in _IMAGES.finditer(statement.text):
            for match in _TAGGED.finditer(listed["list"]):
                if workloads.is_own(match["name"]):
                    yield match["name"], Place(statement.line_at(listed.start()))


def parts(plan: Plan) -> Iterator[tuple[str, Place]]:
    """ "The shop application (frontend, API and mail worker)": where every word of the list is a part that runs."""
    for statement in plan.statements:
        if statement.zone not in _TOLD or statement.kind is Kind.CODE:
            continue
        for match in _LISTS.finditer(statement.text):
            names = [_name(piece) for piece in _AND.split(match["list"]) if piece.strip()]
            is_asserted = sense(statement.text, match.start(), match.start("list")) is Sense.ASSERTED
            if is_asserted and len(names) > 1 and all(names):
                yield from ((name, Place(statement.line_at(match.start()))) for name in names if workloads.is_own(name))


def _name(piece: str) -> str:
    """ "Next.js frontend" is the frontend, and "FastAPI API" the API; a "mail worker" is named by both words."""
    match = _PART.match(piece.strip())
    if not match:
        return ""
    role = match["role"].lower().replace("front-end", "frontend").replace("back-end", "backend").replace(" ", "-")
    head = (match["head"] or "").strip().lower()
    is_language = not head or "." in head or head in application_words.TECHNOLOGIES
    return role if role in _SIDES or is_language else f"{head}-{role}"
