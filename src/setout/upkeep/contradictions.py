"""Facts of the plan that the repository contradicts, read from the real files: HCL as HCL and YAML as YAML."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from setout import hcl, manifest
from setout.decide import decide
from setout.model import JSON, Choice, Origin
from setout.plan.citation import Document, mentions
from setout.vocabulary import catalogue

# What is planned and applied by itself: the bucket of the states is made before there is a backend, modules have none.
_WITHOUT_BACKEND = frozenset({"bootstrap", "modules", "examples", "tests"})
_BACKENDS = {"s3": "s3", "http": "http", "local": "local", "remote": "terraform-cloud", "cloud": "terraform-cloud"}
_DESTINATIONS = {"terraform/environments": "environment", "kubernetes/overlays": "overlay"}
_NONE = re.compile(r"(?:none|no|n/a)\b", re.I)
_TENANTS = ("terraform/tenants", "kubernetes/tenants")


@dataclass(frozen=True, slots=True, order=True)
class Contradiction:
    """The plan says one thing on `plan_line`, and the repository another at `path`."""

    field: str
    plan_line: int
    path: str
    message: str


class Facts:
    """What the plan itself says; where it is silent, nothing can contradict it."""

    def __init__(self, document: Document) -> None:
        self.document = document
        stated = {Origin.STATED, Origin.INFERRED}
        choices = decide(document.plan).choices
        self.choices: Mapping[str, Choice] = {c.field: c for c in choices if c.origin in stated and c.lines}

    def value(self, field: str) -> Any:
        """The value of the choice, or None where the plan is silent."""
        return self.choices[field].value if field in self.choices else None

    def names(self, field: str) -> tuple[str, ...]:
        return tuple(self.value(field) or ())

    def line(self, field: str, name: str = "") -> int:
        """The line that says it, of a list the one that speaks of `name`."""
        return next(iter(self.document.about(self.choices[field].lines, [name] if name else ())), 1)

    def are_in(self, answers: Mapping[str, JSON]) -> bool:
        """Whether the answers hold everything that a file's contents could contradict."""
        plain = ("state_backend", "kubernetes_version", "region")
        pins = [(pin["name"], pin.get("version")) for pin in self.value("component_pins") or ()]
        held = {item.get("name"): item.get("version") for item in answers.get("components") or ()}
        return all(self.value(field) in {None, answers.get(field)} for field in plain) and all(
            version in {None, held.get(name)} for name, version in pins
        )


class Ground:
    """The files of a repository: their names, and what is in those that have to be read.

    Args:
        files: every file, as sorted paths below the root.
        readable: those whose contents may contradict the plan; None for all.
    """

    def __init__(self, root: Path, files: Iterable[str], readable: Collection[str] | None = None) -> None:
        self.root = root
        self.files = tuple(files)
        self._readable = readable

    def under(self, *folders: str) -> tuple[str, ...]:
        return tuple(path for path in self.files if path.startswith(tuple(f"{folder}/" for folder in folders)))

    def folders(self, parent: str) -> tuple[str, ...]:
        """The names of the directories right below `parent`."""
        rests = (path.removeprefix(f"{parent}/") for path in self.under(parent))
        return tuple(sorted({rest.split("/")[0] for rest in rests if "/" in rest}))

    def contents(self, *suffixes: str) -> tuple[str, ...]:
        """The files with these endings that have to be read."""
        readable = self.files if self._readable is None else [path for path in self.files if path in self._readable]
        return tuple(path for path in readable if path.endswith(suffixes))

    def text(self, path: str) -> str:
        try:
            return (self.root / path).read_bytes().decode("utf-8", "replace")
        except OSError:
            return ""

    def scripts_name(self, name: str) -> bool:
        return any(mentions(self.text(path), name) for path in self.under("kubernetes/scripts"))

    @cached_property
    def settings(self) -> tuple[hcl.Block, ...]:
        """The `terraform` blocks of the roots. Files that only say `terraform` elsewhere are not parsed."""
        paths = [path for path in self.contents(".tf") if not _WITHOUT_BACKEND & set(path.split("/"))]
        worth = [path for path in paths if any(word in self.text(path) for word in ("backend", "cloud"))]
        return hcl.read(self.root, worth).of_type("terraform")

    @cached_property
    def variables(self) -> Mapping[str, Mapping[str, Any]]:
        """The values of every tfvars file of a root, by path and name."""
        paths = [path for path in self.contents(".tfvars") if not _WITHOUT_BACKEND & set(path.split("/"))]
        return hcl.values(self.root, paths)

    @cached_property
    def charts(self) -> tuple[tuple[str, str, str], ...]:
        """Every chart that an Argo CD Application names: path, name of the component, revision."""
        return tuple(
            (path, *found)
            for path in self.contents(".yaml", ".yml")
            if path.startswith("argocd/applications/")
            for document in manifest.read_or_nothing(self.text(path))
            for found in _charts(document)
        )


Rule = Callable[[Facts, Ground], Iterator[Contradiction]]


def find(facts: Facts, ground: Ground) -> tuple[Contradiction, ...]:
    """Every contradiction between the plan and the files, sorted."""
    return tuple(sorted({found for rule in RULES for found in rule(facts, ground)}))


def environments(facts: Facts, ground: Ground) -> Iterator[Contradiction]:
    """Where one environment has a directory or file of its own, every environment of the plan has."""
    planned = facts.names("environments")
    for layer in ("terraform", "kubernetes"):
        places = {word for path in ground.under(layer) for word in _words(path)}
        missing = [name for name in planned if name not in places]
        if len(missing) == len(planned):
            continue
        for name in missing:
            message = f"the plan has the environment {name}, and nothing below {layer}/ is for it"
            yield Contradiction("environments", facts.line("environments", name), f"{layer}/", message)


def unplanned_environments(facts: Facts, ground: Ground) -> Iterator[Contradiction]:
    """A root or an overlay of an environment of which the plan does not speak is nobody's plan."""
    planned = facts.names("environments")
    for folder, what in _DESTINATIONS.items():
        for name in ground.folders(folder) if planned else ():
            if name not in planned:
                message = f"there is an {what} {name}, and the plan has only {', '.join(planned)}"
                yield Contradiction("environments", facts.line("environments"), f"{folder}/{name}/", message)


def tenants(facts: Facts, ground: Ground) -> Iterator[Contradiction]:
    """Every tenant of the plan has a directory where tenants have theirs, and no other tenant has."""
    planned = facts.names("tenants")
    for folder in _TENANTS:
        there = ground.folders(folder)
        for name in planned if ground.under(folder.split("/")[0]) else ():
            if name not in there:
                message = f"the plan has the tenant {name}, and {folder}/ has no directory for it"
                yield Contradiction("tenants", facts.line("tenants", name), f"{folder}/", message)
        for name in there if planned else ():
            if name not in planned:
                message = f"there is a tenant {name}, and the plan has only {', '.join(planned)}"
                yield Contradiction("tenants", facts.line("tenants"), f"{folder}/{name}/", message)


def applications(facts: Facts, ground: Ground) -> Iterator[Contradiction]:
    """Every application of the plan has its directory; tenants bring theirs from repositories of their own."""
    there = ground.folders("kubernetes/apps")
    for name in facts.names("applications") if there and not facts.names("tenants") else ():
        if name not in there:
            message = f"the plan has the application {name}, and kubernetes/apps/ has no directory for it"
            yield Contradiction("applications", facts.line("applications", name), "kubernetes/apps/", message)


def components(facts: Facts, ground: Ground) -> Iterator[Contradiction]:
    """A component that the plan requires is installed: a file or a directory bears its name, or a script names it."""
    planned = facts.names("components")
    contained = {part for name in planned for part in catalogue().get(name, {}).get("provides", ())}
    places = {word for path in ground.under("argocd", "kubernetes") for word in _words(path)}
    for name in planned if places else ():
        if name in catalogue() and name not in contained | places and not ground.scripts_name(name):
            message = f"the plan requires {name}, and neither argocd/ nor kubernetes/ installs it"
            yield Contradiction("components", facts.line("components", name), "kubernetes/platform/", message)


def component_versions(facts: Facts, ground: Ground) -> Iterator[Contradiction]:
    """What Argo CD installs of a chart is the version that the plan pins."""
    pins = {pin["name"]: str(pin["version"]) for pin in facts.value("component_pins") or () if pin.get("version")}
    for path, name, revision in ground.charts:
        wanted = pins.get(name)
        if wanted and wanted.removeprefix("v") != revision.removeprefix("v"):
            message = f"the plan pins {name} to {wanted}, and the Application installs {revision}"
            yield Contradiction("components", facts.line("component_pins", name), path, message)


def state_backend(facts: Facts, ground: Ground) -> Iterator[Contradiction]:
    """Every root keeps its state where the plan says."""
    wanted = facts.value("state_backend")
    for block in ground.settings if wanted in _BACKENDS.values() else ():
        kept = _backend(block.body)
        if kept and _BACKENDS.get(kept, kept) != wanted:
            message = f"the plan keeps the state in {wanted}, and this root in {_BACKENDS.get(kept, kept)}"
            yield Contradiction("state_backend", facts.line("state_backend"), block.path, message)


def kubernetes_version(facts: Facts, ground: Ground) -> Iterator[Contradiction]:
    """Clusters run the minor version of the plan."""
    return _variable(facts, ground, "kubernetes_version", "Kubernetes")


def region(facts: Facts, ground: Ground) -> Iterator[Contradiction]:
    """Roots are applied in the region of the plan."""
    return _variable(facts, ground, "region", "the region")


def gitops(facts: Facts, ground: Ground) -> Iterator[Contradiction]:
    """Argo CD is there where the plan wants it, and not where it does not."""
    there = bool(ground.under("argocd"))
    if facts.value("gitops") == "argocd" and not there and ground.under("kubernetes"):
        message = "the plan delivers with Argo CD, and there is no directory argocd/"
        yield Contradiction("gitops", facts.line("gitops"), "argocd/", message)
    denied = next((s.place.line for s in facts.document.plan.fields("gitops") if _NONE.match(s.text)), 0)
    if denied and there:
        message = "the plan delivers without GitOps, and there is a directory argocd/"
        yield Contradiction("gitops", denied, "argocd/", message)


RULES: tuple[Rule, ...] = (
    environments,
    unplanned_environments,
    tenants,
    applications,
    components,
    component_versions,
    state_backend,
    kubernetes_version,
    region,
    gitops,
)


def _variable(facts: Facts, ground: Ground, field: str, words: str) -> Iterator[Contradiction]:
    wanted = facts.value(field)
    for path, values in ground.variables.items() if wanted else ():
        value = str(values.get(field, wanted))
        if value != str(wanted):
            message = f"the plan says {words} {wanted}, and this root {value}"
            yield Contradiction(field, facts.line(field), path, message)


def _words(path: str) -> Iterator[str]:
    """What the parts of a path may stand for: `values-prod.yaml` and `shop-prod` both for `prod`."""
    for part in path.split("/"):
        stem = part.split(".")[0]
        yield stem
        pieces = stem.split("-")
        yield from ("-".join(pieces[start:]) for start in range(1, len(pieces)))


def _backend(body: Mapping[str, Any]) -> str:
    """The kind of backend of a `terraform` block; "" where it has none."""
    for entry in body.get("backend") or ():
        return next((name for name in entry if not name.startswith("__")), "")
    return "cloud" if body.get("cloud") else ""


def _charts(document: manifest.Document) -> Iterator[tuple[str, str]]:
    content = document.content if isinstance(document.content, Mapping) else {}
    spec = content.get("spec")
    if document.kind != "Application" or not isinstance(spec, Mapping):
        return
    listed = spec.get("sources")
    sources = [*(listed if isinstance(listed, list) else ()), spec.get("source")]
    for source in sources:
        if isinstance(source, Mapping) and source.get("chart") and source.get("targetRevision"):
            name = document.name if document.name in catalogue() else str(source["chart"])
            yield name, str(source["targetRevision"])
