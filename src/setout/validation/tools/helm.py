"""helm: every chart lints strictly and renders, with its defaults and with each values file that ships with it."""

from __future__ import annotations

import posixpath
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from setout import manifest
from setout.model import Finding
from setout.process import Ran
from setout.validation.discovery import join
from setout.validation.workbench import Basis, CannotLook, Check, Look, Rendered, Workbench

PROGRAM = "helm"

# Where values files stand that a chart must work with: chart-testing's folder, and the one of the chart constitution.
_VALUES = ("ci/*-values.yaml", "ci/*-values.yml", "platforms/*.yaml", "platforms/*.yml")
_LINTED = re.compile(r"^1 chart\(s\) linted, ", re.MULTILINE)
_LINT = re.compile(r"^\[(ERROR|WARNING)\] (.*?)$", re.MULTILINE)
_TEMPLATE = re.compile(r"([\w.-]+/(?:charts/[\w./-]+/)?(?:templates|crds)/[\w./-]+?)(?::(\d+)(?::\d+)?)?(?=[\s:)\]]|$)")
_SCHEMA = re.compile(r"^\s*- at '([^']*)': (.*)$", re.MULTILINE)
_SOURCE = re.compile(r"^# Source: (\S+)$", re.MULTILINE)
_APPLICATION = re.compile(r"^kind:[ \t]*[\"']?Application[\"']?[ \t]*$", re.MULTILINE)
_NOISE = ("Use --debug flag", "level=WARN")


@dataclass(frozen=True, slots=True)
class Case:
    """A chart with values files of which later ones override earlier ones; with none, it is there with its defaults."""

    chart: str
    values: tuple[str, ...] = ()

    @property
    def words(self) -> list[str]:
        """Options for helm, which takes several files with commas between them: a quoted one is one."""
        quoted = (path.replace('"', '""') for path in self.values)
        return [f'--values="{path}"' for path in quoted]

    def __str__(self) -> str:
        names = ", ".join(path.removeprefix(self.chart + "/") for path in self.values)
        return f"with {names or 'its defaults'}"


def targets(bench: Workbench) -> tuple[str, ...]:
    """Every chart that is not vendored in another."""
    return bench.survey.charts


def templates(bench: Workbench) -> tuple[str, ...]:
    """Every chart that can be installed; library charts cannot."""
    return tuple(chart for chart in bench.survey.charts if _metadata(bench, chart).get("type") != "library")


def lint(bench: Workbench, chart: str) -> Look:
    """`helm lint --strict` for every case of a chart."""
    copy = _ready(bench, chart)
    findings: list[Finding] = []
    cases = _cases(bench, chart)
    for case in cases:
        ran = _helm(bench, copy, ["lint", "--strict", "--kube-version", _minor(bench), *case.words, "--", chart])
        if not ran.code and not _LINTED.search(ran.out):
            raise CannotLook(f"helm lint did not say that it linted: {ran.out[:200]}")
        findings += _lint_findings(bench, case, ran)
    return Look(len(cases), tuple(dict.fromkeys(findings)))


def template(bench: Workbench, chart: str) -> Look:
    """`helm template` for every case of a chart, and what it rendered."""
    copy = _ready(bench, chart)
    findings: list[Finding] = []
    rendered: list[Rendered] = []
    cases = _cases(bench, chart)
    for case in cases:
        # Nothing after "--" is an option, whatever a folder of the tree is called.
        words = ["template", "--include-crds", "--kube-version", _minor(bench), *case.words, "--", "release", chart]
        ran = _helm(bench, copy, words)
        if ran.code:
            findings.append(_finding(bench, case, "helm/template", ran.err))
        else:
            rendered += _rendered(case, ran.out)
    if not rendered and not findings:
        findings.append(
            Finding("helm/empty", "the chart renders nothing", "add templates, or delete it", f"{chart}/Chart.yaml")
        )
    return Look(len(cases), tuple(dict.fromkeys(findings)), tuple(rendered))


def basis(bench: Workbench, chart: str) -> Basis:
    """The files of a chart and of the local charts it depends on, and the Kubernetes it is rendered for."""
    charts, pending = list[str](), [chart]
    while pending:
        here = pending.pop()
        if here not in charts:
            charts.append(here)
            pending += [local for local in _local_dependencies(bench, here) if local in bench.survey.charts]
    cases = [list(case.values) for case in _cases(bench, chart)]
    files = {*bench.reach(charts), *(path for values in cases for path in values)}
    return Basis(tuple(sorted(files)), [_minor(bench), sorted(charts), cases])


CHECKS = (
    Check("lint", PROGRAM, "chart", targets, lint, basis=basis),
    Check("template", PROGRAM, "chart to install", templates, template, renders=templates, basis=basis),
)


def _local_dependencies(bench: Workbench, chart: str) -> Iterator[str]:
    for dependency in _metadata(bench, chart).get("dependencies") or ():
        repository = str(dependency.get("repository", "")) if isinstance(dependency, Mapping) else ""
        if repository.startswith("file://"):
            yield join(chart, repository.removeprefix("file://"))


def _helm(bench: Workbench, copy: Path, words: list[str]) -> Ran:
    """Run helm with homes of its own, so that no plugin, repository or registry login of the user plays a part."""
    homes = {f"HELM_{name}_HOME": str(bench.folder("helm", name.lower())) for name in ("CACHE", "CONFIG", "DATA")}
    plugins = {"HELM_PLUGINS": str(bench.folder("helm", "plugins"))}
    return bench.run(PROGRAM, words, cwd=copy, env={**homes, **plugins})


def _minor(bench: Workbench) -> str:
    return f"{bench.options.kubernetes[0]}.0"


def _cases(bench: Workbench, chart: str) -> tuple[Case, ...]:
    prefix = "" if chart == "." else f"{chart}/"
    inside = [path.removeprefix(prefix) for path in bench.survey.below(chart)]
    values = sorted(path for path in inside if any(fnmatchcase(path, pattern) for pattern in _VALUES))
    found = (Case(chart), *(Case(chart, (join(chart, path),)) for path in values))
    return tuple(dict.fromkeys((*found, *(Case(chart, files) for files in _deployed(bench).get(chart, ())))))


def _deployed(bench: Workbench) -> Mapping[str, Sequence[tuple[str, ...]]]:
    """With which values files of this tree each chart is deployed, as the Argo CD Applications in it say."""
    return bench.once("deployed", lambda: _read_deployed(bench))


def _read_deployed(bench: Workbench) -> Mapping[str, Sequence[tuple[str, ...]]]:
    found: dict[str, list[tuple[str, ...]]] = {}
    for path in bench.survey.files:
        is_candidate = path.endswith((".yaml", ".yml")) and _APPLICATION.search(bench.survey.text(path))
        for document in manifest.read_or_nothing(bench.survey.text(path)) if is_candidate else ():
            spec = document.content.get("spec") if isinstance(document.content, Mapping) else None
            for source in _sources(spec) if document.kind == "Application" else ():
                chart = join(".", str(source.get("path") or ""))
                helm = source.get("helm")
                names = helm.get("valueFiles") if isinstance(helm, Mapping) else None
                files = [_values_path(chart, str(name)) for name in names or ()]
                if chart in bench.survey.charts and files and {*files}.issubset(bench.survey.files):
                    found.setdefault(chart, []).append(tuple(files))
    return found


def _sources(spec: Any) -> list[Mapping[str, Any]]:
    several = [spec.get("source"), *(spec.get("sources") or ())] if isinstance(spec, Mapping) else []
    return [source for source in several if isinstance(source, Mapping)]


def _values_path(chart: str, name: str) -> str:
    """Where a values file lies that an Application names: $ref/PATH and /PATH are seen from the root."""
    if name.startswith(("$", "/")):
        return join(".", name.partition("/")[2])
    return join(chart, name)


def _ready(bench: Workbench, chart: str) -> Path:
    """A copy in which the chart has its dependencies. Raises CannotLook if one would have to be fetched."""
    copy = bench.copy("helm")
    bench.once(("vendor", chart), lambda: _vendor(bench, chart, copy))
    return copy


def _vendor(bench: Workbench, chart: str, copy: Path) -> None:
    for dependency in _metadata(bench, chart).get("dependencies") or ():
        if not isinstance(dependency, Mapping) or _is_vendored(bench, chart, str(dependency.get("name"))):
            continue
        repository = str(dependency.get("repository", ""))
        local = join(chart, repository.removeprefix("file://")) if repository.startswith("file://") else ""
        if local in bench.survey.charts:
            shutil.copytree(copy / local, copy / chart / "charts" / posixpath.basename(local), dirs_exist_ok=True)
            continue
        raise CannotLook(
            f"{chart}/Chart.yaml depends on {dependency.get('name')} from {repository or 'nowhere'}, "
            "which is not in charts/ and is not fetched; run helm dependency build"
        )


def _is_vendored(bench: Workbench, chart: str, name: str) -> bool:
    folder = join(chart, "charts")
    inside = (path.removeprefix(f"{folder}/") for path in bench.survey.below(folder))
    return any(
        path.startswith(f"{name}/") or re.fullmatch(rf"{re.escape(name)}-[0-9][^/]*\.tgz", path) for path in inside
    )


def _metadata(bench: Workbench, chart: str) -> Mapping[str, Any]:
    return manifest.mapping(bench.survey.text(join(chart, "Chart.yaml")))


def _lint_findings(bench: Workbench, case: Case, ran: Ran) -> Iterator[Finding]:
    said = list(_LINT.finditer(ran.out))
    if ran.code and not said:
        yield _finding(bench, case, "helm/lint", ran.err or ran.out)
    if not ran.code:
        return
    for number, match in enumerate(said):
        end = said[number + 1].start() if number + 1 < len(said) else len(ran.out)
        yield _finding(bench, case, "helm/lint", ran.out[match.start(2) : end])


def _finding(bench: Workbench, case: Case, rule: str, text: str) -> Finding:
    """What helm says, at the template, the values file or the metadata that it speaks of."""
    lines = [line for line in text.splitlines() if not line.startswith(_NOISE)]
    message = " ".join(" ".join(lines).removeprefix("Error: ").split())
    path, line = _place(bench, case, "\n".join(lines))
    return Finding(rule, f"{case}: {message}", f"helm {rule.partition('/')[2]} shows it again", path, line)


def _place(bench: Workbench, case: Case, text: str) -> tuple[str, int]:
    template = _TEMPLATE.search(text)
    if template:
        inside = template[1].partition("/")[2]  # helm writes the chart's name, not its folder
        return join(case.chart, inside), int(template[2] or 1)
    schema = _SCHEMA.search(text)
    if schema:
        return _value(bench, case, manifest.pointer(schema[1]))
    named = re.match(r"(?:Error: failed to parse )?([\w./-]+\.(?:ya?ml|txt|tpl|json))\b", text)
    known = [name for name in (named[1], join(case.chart, named[1])) if name in bench.survey.files] if named else []
    metadata = join(case.chart, "Chart.yaml")
    if known and known[-1] != metadata:
        return known[-1], _unknown_key(bench, known[-1], text)
    line = _unknown_key(bench, metadata, text) if known else 1
    return metadata, line if line > 1 else _metadata_line(bench.survey.text(metadata), text)


def _metadata_line(metadata: str, text: str) -> int:
    """The line of Chart.yaml that helm complains about: it names the field, or quotes what is in it."""
    for key, value in manifest.mapping(metadata).items():
        if re.search(rf"\bmetadata\.{re.escape(str(key))}\b", text) or (value and f"'{value}'" in text):
            return manifest.line_in_text(metadata, [str(key)]) or 1
    return 1


def _value(bench: Workbench, case: Case, path: tuple[str | int, ...]) -> tuple[str, int]:
    """The values file that sets a value, looked for in the order in which helm lets one override the other."""
    for values in (*reversed(case.values), join(case.chart, "values.yaml")):
        if values in bench.survey.files:
            document = next(iter(manifest.read_or_nothing(bench.survey.text(values))), None)
            if document and document.has(path):
                return values, document.line_of(path)
    return (*case.values, join(case.chart, "values.yaml"))[0], 1


def _unknown_key(bench: Workbench, path: str, text: str) -> int:
    named = re.search(r'unknown field "([^"]+)"', text) or re.search(r"line (\d+)", text) or re.search(r": (\w+)", text)
    if not named:
        return 1
    if named[1].isdigit():
        return int(named[1])
    return manifest.line_in_text(bench.survey.text(path), [named[1]]) or 1


def _rendered(case: Case, out: str) -> Iterator[Rendered]:
    for part in re.split(r"^---\s*$", out, flags=re.MULTILINE):
        source = _SOURCE.search(part)
        try:
            documents = manifest.objects(part)
        except manifest.NotYaml as error:
            raise CannotLook(f"helm did not write YAML: {error.message}") from error
        for document in documents:
            inside = source[1].partition("/")[2] if source else ""
            yield Rendered(case.chart, join(case.chart, inside) if inside else "", document.content, document.text)
