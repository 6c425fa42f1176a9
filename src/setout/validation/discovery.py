"""What there is to check in any repository: root modules, charts, kustomizations, manifests; and what is left alone."""

from __future__ import annotations

import os
import posixpath
import re
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from setout import manifest
from setout.errors import UserError
from setout.validation.settings import Exclusion

# Two orders of magnitude above any infrastructure repository we know of; beyond it somebody named a home directory.
FILE_LIMIT = 50_000
SIZE_LIMIT = 10 * 1024 * 1024

_IGNORED = frozenset(
    {
        ".git",
        ".hg",
        ".svn",
        ".terraform",
        ".terragrunt-cache",
        "node_modules",
        "__pycache__",
        ".venv",
        ".tox",
        ".direnv",
    }
)
_KUSTOMIZATION = frozenset({"kustomization.yaml", "kustomization.yml", "Kustomization"})
_CONFIGURATION = (".tf", ".tofu", ".tf.json")
_MODULE_SOURCE = re.compile(r'^\s*source\s*=\s*"(\.{1,2}/[^"$]*)"', re.MULTILINE)
_OBJECT = (re.compile(r"^apiVersion:[ \t]*\S", re.MULTILINE), re.compile(r"^kind:[ \t]*\S", re.MULTILINE))
# Formats of programs that look like objects but are never sent to a cluster.
_NOT_OBJECTS = re.compile(
    r"^apiVersion:[ \t]*[\"']?(kustomize\.config\.k8s\.io|kind\.x-k8s\.io|kubeadm\.k8s\.io|kubelet\.config\.k8s\.io|"
    r"audit\.k8s\.io|apiserver\.config\.k8s\.io|skaffold|config\.kio\.kpt\.dev|v[12][\"']?[ \t]*\n(?:name|entries):)",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class LeftAlone:
    """Something in the tree that is not looked at, with the reason."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Survey:
    """What was found in a tree. Every path is relative to `root`, POSIX, and sorted.

    Attributes:
        files: regular files that belong to the tree, vendored charts included; what a scratch copy consists of.
        links: symbolic links that stay in the tree, with what they point to (relative to the root).
        roots: directories of Terraform that somebody applies.
        modules: directories of Terraform that other directories call.
        charts: Helm charts, but not those vendored in another chart.
        kustomizations: directories with a kustomization that can be built.
        components: directories with a kustomize Component, which is only built as part of a kustomization.
        manifests: YAML files with objects that no chart and no kustomization uses.
        exclusions: what is not to be looked at, each with its reason.
        excluded: the files that they cover, and each root, module, chart and kustomization that such a file makes.
            They stay in the lists above, because others may build on them.
    """

    root: Path
    files: tuple[str, ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    roots: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()
    charts: tuple[str, ...] = ()
    kustomizations: tuple[str, ...] = ()
    components: tuple[str, ...] = ()
    manifests: tuple[str, ...] = ()
    left_alone: tuple[LeftAlone, ...] = field(default=())
    exclusions: tuple[Exclusion, ...] = ()
    excluded: frozenset[str] = frozenset()

    def below(self, folder: str) -> tuple[str, ...]:
        """The files in `folder` and its folders."""
        prefix = "" if folder == "." else f"{folder}/"
        return tuple(path for path in self.files if path.startswith(prefix))

    def directly_in(self, folder: str) -> tuple[str, ...]:
        """The files in `folder` itself."""
        return tuple(path for path in self.below(folder) if folder_of(path) == folder)

    def text(self, path: str) -> str:
        """The text of a file of this tree. Bytes that are not UTF-8 become replacement characters."""
        return (self.root / path).read_text("utf-8", "replace")


def survey(root: Path, exclusions: Sequence[Exclusion] = ()) -> Survey:
    """Look through the tree at `root` without following anything out of it.

    Args:
        exclusions: what is not to be looked at.

    Raises:
        UserError: `root` is not a directory, or holds more files than any infrastructure repository does.
    """
    root = root.resolve()
    if not root.is_dir():
        raise UserError(f"{root} is not a directory", "name the directory of a repository")
    walk = _Walk(root)
    walk.run()
    files = tuple(sorted(walk.files))
    seen = Survey(root=root, files=files, links=tuple(sorted(walk.links)))
    roots, modules = _terraform(seen)
    charts = _charts(files)
    kustomizations, components, used = _kustomizations(seen, charts)
    excluded = frozenset[str]().union(*(item.covers(files) for item in exclusions if not item.rules))
    folders = (*roots, *modules, *charts, *kustomizations)
    return Survey(
        root=root,
        files=files,
        links=seen.links,
        roots=roots,
        modules=modules,
        charts=charts,
        kustomizations=kustomizations,
        components=components,
        manifests=_manifests(seen, charts, used),
        left_alone=tuple(sorted(walk.left_alone, key=lambda left: left.path)),
        exclusions=tuple(exclusions),
        excluded=excluded.union(folder for folder in folders if _is_excluded(seen, folder, excluded)),
    )


def folder_of(path: str) -> str:
    """The folder of a relative path, with `.` for the root."""
    return posixpath.dirname(path) or "."


def join(folder: str, path: str) -> str:
    """`path` as seen from `folder`, normalised; starts with `..` if it leaves the tree."""
    return posixpath.normpath(posixpath.join(folder, path))


def strings(value: object) -> Iterator[str]:
    """Every string in a parsed document, keys left out."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)


class _Walk:
    """One pass over the directories, deciding for each entry whether it belongs to the tree."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.files: list[str] = []
        self.links: list[tuple[str, str]] = []
        self.left_alone: list[LeftAlone] = []

    def run(self) -> None:
        for folder, folders, names in os.walk(self.root, followlinks=False, onerror=self._unreadable):
            here = Path(folder)
            folders[:] = sorted(name for name in folders if self._enters(here / name))
            for name in names:
                self._file(here / name)
            if len(self.files) > FILE_LIMIT:
                raise UserError(
                    f"{self.root} holds more than {FILE_LIMIT} files",
                    "name the directory of one infrastructure repository",
                )

    def _enters(self, path: Path) -> bool:
        if path.name in _IGNORED or not self._is_sane(path):
            return False
        if path.is_symlink():
            self._link(path)
            return False
        if (path / ".git").exists():
            self._leave(path, "a git repository of its own")
            return False
        return True

    def _file(self, path: Path) -> None:
        if path.name == ".git" or not self._is_sane(path):
            return
        if path.is_symlink():
            self._link(path)
            return
        try:
            entry = path.lstat()
        except OSError as error:
            self._leave(path, f"cannot be read ({error.strerror})")
            return
        if not stat.S_ISREG(entry.st_mode):
            self._leave(path, "not a regular file")
        elif entry.st_size > SIZE_LIMIT:
            self._leave(path, f"larger than {SIZE_LIMIT // 1024 // 1024} MB")
        elif not os.access(path, os.R_OK):
            self._leave(path, "cannot be read (no permission)")
        else:
            self.files.append(self._relative(path))

    def _link(self, path: Path) -> None:
        target = Path(os.path.realpath(path))
        if target.is_relative_to(self.root) and target.exists():
            self.links.append((self._relative(path), self._relative(target)))
        else:
            self._leave(path, "a symbolic link that leaves the tree or points to nothing")

    def _is_sane(self, path: Path) -> bool:
        if path.name.isprintable() and "\\" not in path.name:
            return True
        self._leave(path, "its name holds characters that no terminal should be shown")
        return False

    def _relative(self, path: Path) -> str:
        return path.relative_to(self.root).as_posix()

    def _leave(self, path: Path, reason: str) -> None:
        shown = "".join(c if c.isprintable() else "?" for c in self._relative(path))
        self.left_alone.append(LeftAlone(shown, reason))

    def _unreadable(self, error: OSError) -> None:
        self._leave(Path(error.filename), f"cannot be read ({error.strerror})")


def _is_excluded(seen: Survey, folder: str, excluded: frozenset[str]) -> bool:
    """Whether every file is excluded that makes a folder a configuration, a chart or a kustomization."""
    made_by = [path for path in seen.directly_in(folder) if _makes(posixpath.basename(path))]
    return excluded.issuperset(made_by)


def _makes(name: str) -> bool:
    return name.endswith(_CONFIGURATION) or name == "Chart.yaml" or name in _KUSTOMIZATION


def _terraform(seen: Survey) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Directories of Terraform, apart: those that are applied and those that are called.

    A directory is a module when another one calls it, or when it lies below a folder called `modules`, where
    people keep modules that nobody calls yet. An example of a module is applied, not called.
    """
    sources: dict[str, list[str]] = {}
    for path in (*seen.files, *(name for name, target in seen.links if target in seen.files)):
        if path.endswith(_CONFIGURATION):
            sources.setdefault(folder_of(path), []).append(path)
    called = {
        join(folder, source)
        for folder, paths in sources.items()
        for path in paths
        for source in _MODULE_SOURCE.findall(seen.text(path))
    }
    modules = {folder for folder in sources if folder in called or _is_kept_as_module(folder.split("/"))}
    return tuple(sorted(set(sources) - modules)), tuple(sorted(modules))


def _is_kept_as_module(parts: list[str]) -> bool:
    return "modules" in parts[:-1] and not {"examples", "tests"}.intersection(parts)


def _charts(files: Sequence[str]) -> tuple[str, ...]:
    """Chart directories. A chart below another chart's `charts/` is vendored: it is rendered as a part of that one."""
    folders = sorted(folder_of(path) for path in files if posixpath.basename(path) == "Chart.yaml")
    kept: list[str] = []
    for folder in folders:
        if not any(_is_below(folder, join(outer, "charts")) for outer in kept):
            kept.append(folder)
    return tuple(kept)


def _kustomizations(seen: Survey, charts: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...], frozenset[str]]:
    """Folders to build, folders of Components, and every file that one of them uses."""
    build: list[str] = []
    components: list[str] = []
    used: set[str] = set()
    for path in seen.files:
        if posixpath.basename(path) not in _KUSTOMIZATION or _in_chart(path, charts):
            continue
        folder = folder_of(path)
        content = manifest.mapping(seen.text(path))
        (components if content.get("kind") == "Component" else build).append(folder)
        used.add(path)
        used.update(join(folder, text) for text in strings(content) if "\n" not in text)
    return tuple(build), tuple(components), frozenset(used)


def _manifests(seen: Survey, charts: Sequence[str], used: frozenset[str]) -> tuple[str, ...]:
    return tuple(
        path
        for path in seen.files
        if path.endswith((".yaml", ".yml"))
        and path not in used
        and not _in_chart(path, charts)
        and not path.startswith((".github/", ".gitlab/"))
        and _is_object(seen.text(path))
    )


def _is_object(text: str) -> bool:
    return all(pattern.search(text) for pattern in _OBJECT) and not _NOT_OBJECTS.search(text)


def _in_chart(path: str, charts: Sequence[str]) -> bool:
    return any(_is_below(path, chart) for chart in charts if chart != ".") or "." in charts


def _is_below(path: str, folder: str) -> bool:
    return path.startswith(f"{folder}/")
