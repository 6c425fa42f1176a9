"""Argo CD: what is deployed, from where, to where, and by whose leave."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from setout.validation.discovery import join
from setout.validation.gate import Seen, family, gate
from setout.validation.tools.kubeconform import place
from setout.validation.workbench import Rendered, Stage, Workbench

_GROUP = "argoproj.io/"
_VERSION = re.compile(r"^v?\d+\.\d+\.\d+(?:[-+][0-9A-Za-z.+-]+)?$")
_PART = re.compile(r"\{\{.*?\}\}")


@dataclass(frozen=True, slots=True)
class Application:
    """An Application, or the template of an ApplicationSet; `at` is where its fields stand in the object."""

    thing: Rendered
    at: tuple[str, ...]
    name: str
    spec: Mapping[str, Any]

    @property
    def sources(self) -> list[tuple[tuple[str | int, ...], Mapping[str, Any]]]:
        """Each source with its place in the object."""
        several = self.spec.get("sources")
        if isinstance(several, list):
            return [((*self.at, "sources", n), item) for n, item in enumerate(several) if isinstance(item, Mapping)]
        single = self.spec.get("source")
        return [((*self.at, "source"), single)] if isinstance(single, Mapping) else []


@gate("argocd/default-project", "name the AppProject of the team that owns it")
def no_application_is_in_the_default_project(bench: Workbench) -> Iterator[Seen]:
    """An Application belongs to a project of its own kind: default admits everything from everywhere."""
    for app in _applications(bench):
        is_default = str(app.spec.get("project") or "default") == "default"
        yield _seen(bench, app, (*app.at, "project"), app.name if is_default else "")


@gate("argocd/unknown-project", "deliver the AppProject beside the Application")
def projects_exist(bench: Workbench) -> Iterator[Seen]:
    """The project that an Application names is delivered with it, or Argo CD refuses the Application."""
    names = [_name(project) for project in _projects(bench)]
    for app in _applications(bench) if names else ():  # a tree without any has its projects from elsewhere
        wanted = str(app.spec.get("project") or "default")
        wrong = "" if wanted == "default" or _any_like(wanted, names) else f"{app.name} names {wanted}"
        yield _seen(bench, app, (*app.at, "project"), wrong)


@gate("argocd/open-project", "list the repositories, destinations and kinds that are really needed")
def projects_are_narrow(bench: Workbench) -> Iterator[Seen]:
    """A project lists what it admits: with * it admits whatever anybody thinks of."""
    for project in _projects(bench):
        spec = _mapping(project.content.get("spec"))
        wild = [("sourceRepos", n) for n, repo in enumerate(spec.get("sourceRepos") or ()) if repo == "*"]
        for n, item in enumerate(spec.get("destinations") or ()):
            if "*" in (_mapping(item).get("namespace"), _mapping(item).get("server"), _mapping(item).get("name")):
                wild.append(("destinations", n))
        for n, item in enumerate(spec.get("clusterResourceWhitelist") or ()):
            if _mapping(item).get("group") == "*" and _mapping(item).get("kind") == "*":
                wild.append(("clusterResourceWhitelist", n))
        yield from (Seen(*place(bench, project, ("spec", *where)), f"{_name(project)}: {where[0]}") for where in wild)
        if not wild:
            yield Seen(*place(bench, project, ("spec",)))


@gate("argocd/source-not-permitted", "add the repository to sourceRepos of the project, or take another project")
def repositories_are_permitted(bench: Workbench) -> Iterator[Seen]:
    """The project of an Application admits every repository that it is deployed from."""
    for app, project in _with_project(bench):
        admitted = [str(repo) for repo in project.get("sourceRepos") or ()]
        for where, source in app.sources:
            url = str(source.get("repoURL", ""))
            right = "{{" in url or any(fnmatchcase(url, pattern) for pattern in admitted)
            yield _seen(bench, app, (*where, "repoURL"), "" if right else f"{app.name} takes {url}")


@gate("argocd/destination-not-permitted", "add the destination to the project, or deploy elsewhere")
def destinations_are_permitted(bench: Workbench) -> Iterator[Seen]:
    """The project of an Application admits the place where it is deployed to."""
    for app, project in _with_project(bench):
        wanted = _mapping(app.spec.get("destination"))
        right = any(_admits(_mapping(item), wanted) for item in project.get("destinations") or ())
        wrong = "" if right else f"{app.name} goes to {wanted.get('namespace', 'no namespace')}"
        yield _seen(bench, app, (*app.at, "destination"), wrong)


@gate("argocd/unpinned-revision", "name one version, such as 1.2.3; or a tag or a commit")
def revisions_are_pinned(bench: Workbench) -> Iterator[Seen]:
    """A chart, or what comes from another repository, is pinned, or the cluster changes without a change here."""
    own = _own_repositories(bench)
    for app in _applications(bench):
        for where, source in app.sources:
            revision = str(source.get("targetRevision") or "HEAD")
            is_foreign = str(source.get("repoURL")) not in own and "{{" not in str(source.get("repoURL"))
            loose = not _VERSION.match(revision) if source.get("chart") else is_foreign and revision in ("HEAD", "*")
            wrong = f"{app.name}: {revision}" if loose and "{{" not in revision else ""
            yield _seen(bench, app, (*where, "targetRevision"), wrong)


@gate("argocd/missing-path", "correct the path")
def paths_exist(bench: Workbench) -> Iterator[Seen]:
    """A path that an Application takes from this repository is there."""
    own = _own_repositories(bench)
    folders = _folders(bench.survey.files)
    for app in _applications(bench):
        for where, source in app.sources:
            path = str(source.get("path") or "")
            if path and str(source.get("repoURL")) in own:
                right = _any_like(join(".", path), folders)
                yield _seen(bench, app, (*where, "path"), "" if right else f"{app.name}: {path}")


@gate("argocd/missing-values-file", "correct the path, or set ignoreMissingValueFiles")
def value_files_exist(bench: Workbench) -> Iterator[Seen]:
    """A values file that an Application takes from this repository is there."""
    own = _own_repositories(bench)
    for app in _applications(bench):
        refs = {str(item["ref"]) for _, item in app.sources if _is_own_ref(item, own)}
        for where, source in app.sources:
            helm = _mapping(source.get("helm"))
            for number, name in enumerate(helm.get("valueFiles") or ()):
                path = _values_file(str(name), source, refs, own)
                if path and not helm.get("ignoreMissingValueFiles"):
                    right = _any_like(path, bench.survey.files)
                    place_of = (*where, "helm", "valueFiles", number)
                    yield _seen(bench, app, place_of, "" if right else f"{app.name}: {path}")


GATES = (
    no_application_is_in_the_default_project,
    projects_exist,
    projects_are_narrow,
    repositories_are_permitted,
    destinations_are_permitted,
    revisions_are_pinned,
    paths_exist,
    value_files_exist,
)
CHECKS = family("argocd", "Argo CD object", GATES, Stage.RENDERED)


def _applications(bench: Workbench) -> Iterator[Application]:
    for thing in bench.delivered("Application", _GROUP):
        yield Application(thing, ("spec",), _name(thing), _mapping(thing.content.get("spec")))
    for thing in bench.delivered("ApplicationSet", _GROUP):
        template = _mapping(_mapping(thing.content.get("spec")).get("template"))
        yield Application(thing, ("spec", "template", "spec"), _name(thing), _mapping(template.get("spec")))


def _projects(bench: Workbench) -> tuple[Rendered, ...]:
    return bench.delivered("AppProject", _GROUP)


def _with_project(bench: Workbench) -> Iterator[tuple[Application, Mapping[str, Any]]]:
    """Applications with the spec of their project, where it is delivered and named outright."""
    specs = {_name(project): _mapping(project.content.get("spec")) for project in _projects(bench)}
    for app in _applications(bench):
        if str(app.spec.get("project")) in specs:
            yield app, specs[str(app.spec["project"])]


def _admits(item: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    """Whether one entry of a project's destinations covers what an Application asks for."""
    cluster = "server" if wanted.get("server") else "name"
    there = str(wanted.get(cluster, ""))
    same_cluster = "{{" in there or fnmatchcase(there, str(item.get(cluster, "")))
    namespace = str(wanted.get("namespace", ""))
    return same_cluster and _like(namespace, str(item.get("namespace", "")))


def _like(text: str, pattern: str) -> bool:
    """Whether a pattern covers a text; a templated text is covered if some value of it is."""
    if "{{" in text:
        return _any_like(text, [pattern]) or "*" in pattern
    return fnmatchcase(text, pattern)


def _any_like(text: str, values: Sequence[str]) -> bool:
    """Whether some value is what `text` may become once its templated parts are filled in."""
    pattern = "[^/]*".join(re.escape(part) for part in _PART.split(text))
    if text.lstrip().startswith("{{"):  # the first part of a path may itself be a path
        pattern = pattern.replace("[^/]*", ".*", 1)
    return any(re.fullmatch(pattern, value) for value in values)


def _own_repositories(bench: Workbench) -> frozenset[str]:
    """The addresses of this repository: the answered one, else those from which a path of this tree is taken."""
    stated = str(bench.answers().get("repository_url", ""))
    if stated:
        return frozenset({stated})
    folders = _folders(bench.survey.files)
    found = set()
    for app in _applications(bench):
        for _, source in app.sources:
            if source.get("path") and _any_like(join(".", str(source["path"])), folders):
                found.add(str(source.get("repoURL")))
    return frozenset(found)


def _values_file(name: str, source: Mapping[str, Any], refs: Collection[str], own: Collection[str]) -> str:
    """The path in this tree of a values file: below a source called `$ref`, or beside the chart; "" if elsewhere."""
    ref, _, rest = name.removeprefix("$").partition("/")
    if name.startswith("$"):
        return join(".", rest) if ref in refs else ""
    if "://" in name or "{{" in name or str(source.get("repoURL")) not in own or not source.get("path"):
        return ""
    return join("." if name.startswith("/") else str(source["path"]), name.lstrip("/"))


def _is_own_ref(source: Mapping[str, Any], own: frozenset[str]) -> bool:
    return bool(source.get("ref")) and str(source.get("repoURL")) in own


def _folders(files: Sequence[str]) -> list[str]:
    found = {"."}
    for path in files:
        parts = path.split("/")[:-1]
        found.update("/".join(parts[:depth]) for depth in range(1, len(parts) + 1))
    return sorted(found)


def _seen(bench: Workbench, app: Application, where: Sequence[str | int], wrong: str) -> Seen:
    return Seen(*place(bench, app.thing, where), wrong)


def _name(thing: Rendered) -> str:
    return str(_mapping(thing.content.get("metadata")).get("name", ""))


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
