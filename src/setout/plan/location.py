"""A directory to its plan, as spec-kit finds it: by the environment, by feature.json, by the branch, or the only one.

What lies in a directory is untrusted: a path that leaves it, by its words or through a link, leads to no plan.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from setout.errors import PlanError, SeveralPlans

PLAN = "plan.md"
# What marks the root of a project, and where its features lie below it: spec-kit, and its fork SpecOps.
_MARKERS = (".specify", ".specops")
_FEATURES = ("specs", ".specops/specs")
_NUMBERED = re.compile(r"(?:^|/)(?P<number>\d{3,})-[^/]+$")
_JSON_LIMIT = 64 * 1024
_NO_PLAN = "write it first, or give the path of a plan.md"


@dataclass(frozen=True, slots=True)
class Located:
    """A plan, and what led to it; nothing where the person named the file or the directory it lies in."""

    path: Path
    because: str = ""


def find(path: Path, environment: Mapping[str, str], branch: Callable[[Path], str]) -> Located:
    """The plan that `path` stands for: itself, or where it is a directory, the plan of its current feature.

    Args:
        environment: SPECIFY_FEATURE_DIRECTORY and SPECIFY_FEATURE are looked up here.
        branch: the name of the branch that is checked out in a directory; "" where there is none.

    Raises:
        SeveralPlans: nothing says which of several is meant.
        PlanError: there is none, or what should lead to one leads astray.
    """
    if not path.is_dir():
        return Located(path)
    if _is_plan(path / PLAN, path):
        return Located(path / PLAN)
    root = _root(path)
    if _is_feature(path, root):
        raise PlanError(f"{path}: there is no {PLAN} in this feature directory", _NO_PLAN)
    named = _named(root, environment)
    if named:
        return named
    plans = _plans(root)
    of_branch = _of_feature(plans, environment.get("SPECIFY_FEATURE", "") or branch(root))
    if len(of_branch) == 1:
        return Located(of_branch[0], "the plan of this branch")
    if len(plans) == 1:
        return Located(plans[0], "the only plan here")
    if not plans:
        raise PlanError(f"{path}: there is no plan here: neither {PLAN} nor specs/*/{PLAN}", _NO_PLAN)
    raise SeveralPlans(path, of_branch or plans)


def _root(path: Path) -> Path:
    """The nearest directory above, or the one given, that is a project; else the one given."""
    whole = path.resolve()
    for depth, folder in enumerate((whole, *whole.parents)):
        if any((folder / marker).is_dir() for marker in _MARKERS):
            return _from_here(folder) if depth else path
    return path


def _from_here(folder: Path) -> Path:
    here = Path.cwd()
    return folder.relative_to(here) if folder.is_relative_to(here) else folder


def _is_feature(path: Path, root: Path) -> bool:
    """A directory of one feature stands for that feature, not for whichever happens to be current."""
    return path.resolve().parent in {(root / folder).resolve() for folder in _FEATURES}


def _named(root: Path, environment: Mapping[str, str]) -> Located | None:
    """The plan in the feature directory that spec-kit is told of; what is told and not there is no reason to guess."""
    for source, folder in (
        ("SPECIFY_FEATURE_DIRECTORY", environment.get("SPECIFY_FEATURE_DIRECTORY", "")),
        (".specify/feature.json", _recorded(root)),
    ):
        if folder:
            plan = root / folder / PLAN
            if not _is_plan(plan, root):
                raise PlanError(f"{root}: {source} names {folder}, where there is no {PLAN}", _NO_PLAN)
            return Located(plan, f"{source} names it")
    return None


def _recorded(root: Path) -> str:
    file = root / ".specify" / "feature.json"
    if not file.is_file() or not _is_inside(file, root):
        return ""
    try:
        with file.open("rb") as stream:
            value = json.loads(stream.read(_JSON_LIMIT))
    except (OSError, ValueError, RecursionError):
        raise PlanError(f"{file}: this is not JSON", "mend or delete it, or give the path of a plan.md") from None
    folder = value.get("feature_directory") if isinstance(value, dict) else None
    return folder if isinstance(folder, str) else ""


def _plans(root: Path) -> list[Path]:
    found = [plan for folder in _FEATURES for plan in sorted((root / folder).glob(f"*/{PLAN}"))]
    return [plan for plan in found if _is_plan(plan, root)]


def _of_feature(plans: list[Path], feature: str) -> list[Path]:
    """The plans of a feature or branch: those of its name, else those of its number."""
    exact = [plan for plan in plans if plan.parent.name == feature.rpartition("/")[2]]
    match = _NUMBERED.search(feature)
    if exact or not match:
        return exact
    return [plan for plan in plans if plan.parent.name.startswith(f"{match['number']}-")]


def _is_plan(file: Path, root: Path) -> bool:
    return _is_inside(file, root) and file.is_file()


def _is_inside(file: Path, root: Path) -> bool:
    try:
        return file.resolve().is_relative_to(root.resolve())
    except (OSError, ValueError, RuntimeError):  # a loop of links, a NUL in the name
        return False
