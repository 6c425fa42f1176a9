"""What must stand in no file of a repository, and in no YAML file in particular."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

from setout import manifest
from setout.validation.discovery import folder_of, join
from setout.validation.gate import Seen, family, gate
from setout.validation.workbench import Workbench

_YAML = (".yaml", ".yml")
_TEXT = (
    *(
        ".cfg",
        ".conf",
        ".env",
        ".hcl",
        ".ini",
        ".json",
        ".md",
        ".properties",
        ".py",
        ".sh",
        ".tf",
        ".tfvars",
        ".toml",
        ".txt",
    ),
    *(".tpl", ".yaml", ".yml"),
)
# Marks of templates that ought to have been rendered, with the kinds of file in which they mean something else.
_MARKERS = re.compile(
    r"\{%[-+]?\s*(?:if|for|endif|endfor|yield|endyield|set|include|import|from|macro)\b|\{\{[-+]?\s*_copier_"
)
# Marks that only a chart's templates have; others of Go are at home in ApplicationSets, alerts and policies.
_HELM_MARKERS = re.compile(
    r"\{\{-?\s*(?:(?:if|with|range|not|default\s+\S+)\s+)?(?:\$?\.(?:Values|Release|Chart|Capabilities)\.|include\s+\")"
)
_PLACEHOLDERS = re.compile(
    r"\b(?:CHANGE_?ME|FIX_?ME|REPLACE_?ME|TO" r"DO)\b|\[NEEDS CLARIFICATION|\[e\.g\.,|<your-[a-z-]+>"
)
_LINK = re.compile(r"\[[^\]\n]*\]\(\s*<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\s*\)")
_FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)


@gate("yaml/unreadable", "correct the syntax")
def yaml_is_readable(bench: Workbench) -> Iterator[Seen]:
    """A YAML file has to be YAML."""
    for path in _yaml(bench):
        try:
            bench.documents(path)
        except manifest.NotYaml as error:
            lines = bench.survey.text(path).splitlines()[max(error.line - 2, 0) : error.line]
            is_template = any("{{" in line or "{%" in line for line in lines)
            hint = "; a template that was not rendered" if is_template else ""
            yield Seen(path, error.line or 1, error.message + hint)
        else:
            yield Seen(path)


@gate("yaml/duplicate-key", "keep one of them")
def keys_stand_once(bench: Workbench) -> Iterator[Seen]:
    """A key stands once in a mapping: the first value is lost without a word."""
    for path, document in _documents(bench):
        yield Seen(path, document.line)
        for key, line in document.duplicates:
            yield Seen(path, line, key)


@gate("yaml/empty-document", "delete the mark or the file")
def documents_hold_something(bench: Workbench) -> Iterator[Seen]:
    """A YAML document of a manifest holds something: an empty one is what a failed condition leaves behind."""
    manifests = frozenset(bench.survey.manifests)
    for path in _yaml(bench):
        documents = _read(bench, path)
        if path in manifests:
            for document in documents:
                yield Seen(path, document.line or 1, "nothing between the marks" if document.content is None else "")
        elif not bench.survey.text(path).strip():
            yield Seen(path, 1, "the file is empty")


@gate("leftover/template-marker", "render the template, or put the file where templates are kept")
def no_marker_is_left(bench: Workbench) -> Iterator[Seen]:
    """No mark of a template is left over."""
    for path in _delivered(bench):
        text = bench.survey.text(path)
        found = _MARKERS.search(text) or (_HELM_MARKERS.search(text) if _is_applied(bench, path) else None)
        yield Seen(path, _line(text, found.start()), found[0].strip()) if found else Seen(path)


@gate("leftover/placeholder", "decide it, or take it out")
def no_placeholder_is_left(bench: Workbench) -> Iterator[Seen]:
    """No placeholder is left over."""
    for path in _delivered(bench):
        # A plan may speak of what is still open, and the answers quote the plan.
        if not path.startswith("specs/") and path != ".copier-answers.yml":
            text = bench.survey.text(path)
            found = _PLACEHOLDERS.search(text)
            yield Seen(path, _line(text, found.start()), found[0]) if found else Seen(path)


@gate("link/broken", "correct the path")
def links_lead_somewhere(bench: Workbench) -> Iterator[Seen]:
    """A link in a document leads to something in the repository."""
    known = {*bench.survey.files, *(name for name, _ in bench.survey.links)}
    folders = {part for path in known for part in _folders(path)}
    # A plan is its author's document, written beside others that stay where they were.
    ours = (path for path in bench.survey.files if path.endswith(".md") and not path.endswith("/plan.md"))
    for path in ours:
        text = _FENCE.sub(lambda fence: "\n" * fence[0].count("\n"), bench.survey.text(path))
        for link in _LINK.finditer(text):
            target = link[1].partition("#")[0]
            if target and "://" not in target and not target.startswith(("mailto:", "/")):
                there = join(folder_of(path), unquote(target))
                right = there in known or there in folders or there == "."
                yield Seen(path, _line(text, link.start()), "" if right else target)


GATES = (
    yaml_is_readable,
    keys_stand_once,
    documents_hold_something,
    no_marker_is_left,
    no_placeholder_is_left,
    links_lead_somewhere,
)
CHECKS = family("sources", "file", GATES)


def _yaml(bench: Workbench) -> list[str]:
    """YAML files that are not templates of a chart."""
    return [path for path in bench.survey.files if path.endswith(_YAML) and not _is_template(bench, path)]


def _delivered(bench: Workbench) -> list[str]:
    """Text files in which a mark of a template has no business."""
    return [
        path
        for path in bench.survey.files
        if path.endswith(_TEXT) and not _is_template(bench, path) and not path.startswith(".github/")
    ]


def _is_template(bench: Workbench, path: str) -> bool:
    inside = [
        path.removeprefix(f"{chart}/") for chart in bench.survey.charts if chart == "." or path.startswith(f"{chart}/")
    ]
    return any(part.startswith("templates/") or "/templates/" in part for part in inside)


def _is_applied(bench: Workbench, path: str) -> bool:
    """Whether a file is YAML outside of every chart; in one, values may be templates too."""
    charts = bench.survey.charts
    return path.endswith(_YAML) and not any(chart == "." or path.startswith(f"{chart}/") for chart in charts)


def _documents(bench: Workbench) -> Iterator[tuple[str, manifest.Document]]:
    for path in _yaml(bench):
        for document in _read(bench, path):
            yield path, document


def _read(bench: Workbench, path: str) -> tuple[manifest.Document, ...]:
    try:
        return bench.documents(path)
    except manifest.NotYaml:
        return ()


def _line(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


def _folders(path: str) -> list[str]:
    parts = path.split("/")[:-1]
    return ["/".join(parts[:depth]) for depth in range(1, len(parts) + 1)]
