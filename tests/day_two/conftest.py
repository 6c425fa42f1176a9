"""A small template, a plan, and a repository made from them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from setout import pipeline
from setout.upkeep.intent import Wish
from tests.day_two import workshop
from tests.day_two.workshop import PLAN, Workbench, commit, git


def quiet(_: str) -> None:
    """Nobody listens to the progress."""


@dataclass
class Site:
    """A template and a repository made from it."""

    template: Workbench
    repo: Path

    @property
    def plan(self) -> Path:
        return self.repo / "specs" / "001-demo" / "plan.md"

    def update(self, wish: Wish | None = None, **options: Any) -> pipeline.Update:
        return pipeline.update(self.repo, wish or Wish(), check=False, progress=quiet, **options)

    def edit(self, name: str, old: str, new: str) -> None:
        file = self.repo / name
        text = file.read_text("utf-8")
        assert old in text
        file.write_text(text.replace(old, new), "utf-8")
        commit(self.repo, f"edit {name}")

    def release(self, name: str, old: str, new: str, tag: str = "") -> str:
        assert old in self.template.files[name]
        self.template.files[name] = self.template.files[name].replace(old, new)
        return self.template.release(tag)

    def environments(self, *names: str) -> None:
        self.plan.write_text(workshop.environments(self.plan.read_text("utf-8"), names), "utf-8")

    def tenants(self, **quotas: str) -> None:
        self.plan.write_text(workshop.tenants(self.plan.read_text("utf-8"), quotas), "utf-8")

    def title(self, title: str) -> None:
        self.plan.write_text(re.sub(r"(?m)^# .*$", f"# {title}", self.plan.read_text("utf-8"), count=1), "utf-8")

    def read(self, name: str) -> str:
        return (self.repo / name).read_text("utf-8")


@pytest.fixture(autouse=True)
def _identity(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in workshop.IDENTITY.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def make(tmp_path: Path) -> Callable[..., Site]:
    """A site whose plan has these tenants; with `below`, the repository is a directory of a larger one."""

    def made(tenants: Mapping[str, str] | None = None, *, below: str = "", name: str = "site") -> Site:
        folder = tmp_path / name
        template = Workbench(folder / "template")
        plan = folder / "specs" / "001-demo" / "plan.md"
        plan.parent.mkdir(parents=True)
        plan.write_text(workshop.tenants(PLAN, tenants or {}), "utf-8")
        top = folder / "repository"
        repo = top / below if below else top
        pipeline.scaffold(plan, repo, {}, template=str(template.root), check=False, progress=quiet)
        git(top, "init", "--quiet", "--initial-branch=main")
        commit(top, "scaffold")
        return Site(template, repo)

    return made


@pytest.fixture
def site(make: Callable[..., Site]) -> Site:
    return make({"retail": "small", "shops": "medium"})
