"""Small templates, plans and repositories with a history: what a day-two test needs, made in milliseconds."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

IDENTITY = {
    **{f"GIT_{who}_{what}": value for who in ("AUTHOR", "COMMITTER")
       for what, value in (("NAME", "Tess"), ("EMAIL", "tess@example.org"), ("DATE", "@1700000000 +0000"))},
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
}  # fmt: skip

QUESTIONS = """\
_min_copier_version: "9.19.0"
_subdirectory: template
_envops: {undefined: jinja2.StrictUndefined, trim_blocks: true, lstrip_blocks: true}
---
project: {type: str, default: demo}
title: {type: str, default: Demo}
feature: {type: str, default: 001-demo}
gitops: {type: str, default: none}
environments: {type: yaml, ask: false, default: []}
tenants: {type: yaml, ask: false, default: []}
decisions: {type: yaml, ask: false, default: []}
"""

_ENVIRONMENT = "environments/{% yield env from environments %}{{ env.name }}{% endyield %}"
_TENANT = "{{ 'tenants' if tenants else '' }}/{% yield tenant from tenants %}{{ tenant.name }}{% endyield %}"
_ANSWERS = "{{ dict(_copier_answers | dictsort) | to_nice_yaml(sort_keys=False, width=4096) -}}\n"
_README = """\
# {{ title }}

What it is.

How it is used.

Who looks after it.

{% for env in environments %}
- {{ env.name }} in {{ env.cidr }}
{% endfor %}

The end of {{ project }}.
"""
_MAIN = """\
locals {
  environment = "{{ env.name }}"
  cidr        = "{{ env.cidr }}"

  size   = "small"
  copies = 1
}
"""
_BACKEND = """\
terraform {
  backend "s3" {
    bucket = "{{ project }}-tfstate"
    key    = "{{ env.name }}/terraform.tfstate"
  }
}
"""
_NAMESPACE = """\
apiVersion: v1
kind: Namespace
metadata:
  name: {{ tenant.name }}
  labels:
    quota: {{ tenant.quota }}
"""
FILES = {
    "{{ _copier_conf.answers_file }}.jinja": _ANSWERS,
    "README.md.jinja": _README,
    "notes.txt": "".join(f"line {number} of the notes\n" for number in range(1, 13)),
    "run.sh": "#!/bin/sh\nset -eu\necho one\necho two\n",
    f"{_ENVIRONMENT}/main.tf.jinja": _MAIN,
    f"{_ENVIRONMENT}/backend.tf.jinja": _BACKEND,
    f"{_TENANT}/namespace.yaml.jinja": _NAMESPACE,
    "{{ 'argocd' if gitops == 'argocd' else '' }}/root.yaml.jinja": "kind: Application\nmetadata:\n  name: root\n",
}

PLAN = """\
# Implementation Plan: Demo platform

**Branch**: `001-demo` | **Date**: 2026-01-05

## Summary

One cluster on AWS.

## Technical Context

**IaC Tool**: Terraform 1.11
**Cloud Provider**: AWS
**Region**: eu-west-1
**Environments**: dev, prod
**State Backend**: S3
"""


def git(where: Path, *words: str | Path) -> str:
    done = subprocess.run(
        ["git", *map(str, words)], cwd=where, capture_output=True, text=True, check=False, env={**_clean(), **IDENTITY}
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def _clean() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}


def commit(where: Path, message: str = "work") -> str:
    git(where, "add", "--all")
    git(where, "commit", "--quiet", "--allow-empty", "--message", message)
    return git(where, "rev-parse", "HEAD").strip()


@dataclass
class Workbench:
    """A template in git that can be changed, and the plan."""

    root: Path
    files: dict[str, str] = field(default_factory=lambda: dict(FILES))
    questions: str = QUESTIONS

    def __post_init__(self) -> None:
        self.root.mkdir(parents=True)
        git(self.root, "init", "--quiet", "--initial-branch=main")
        self.release()

    def release(self, tag: str = "") -> str:
        """Commit the template as `files` and `questions` have it now."""
        shutil.rmtree(self.root / "template", ignore_errors=True)
        (self.root / "copier.yml").write_text(self.questions, "utf-8")
        for name, text in self.files.items():
            file = self.root / "template" / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8")
            file.chmod(0o755 if name.endswith(".sh") else 0o644)
        made = commit(self.root, "template")
        if tag:
            git(self.root, "tag", tag)
        return made


def environments(plan: str, names: Sequence[str]) -> str:
    return re.sub(r"(?m)^\*\*Environments\*\*:.*$", f"**Environments**: {', '.join(names)}", plan)


def tenants(plan: str, quotas: Mapping[str, str]) -> str:
    """The plan with a table of tenants, or without."""
    plan = plan.split("\n## Tenants\n", maxsplit=1)[0]
    if not quotas:
        return plan
    rows = "".join(f"| {name} | {quota} |\n" for name, quota in quotas.items())
    return f"{plan}\n## Tenants\n\n| Tenant | Quota |\n|---|---|\n{rows}"


def snapshot(where: Path) -> dict[str, tuple[str, bytes]]:
    """Every file and link of a working tree with its mode; nothing below .git."""
    found = {}
    for path in sorted(where.rglob("*")):
        name = path.relative_to(where).as_posix()
        if name.split("/")[0] == ".git" or (path.is_dir() and not path.is_symlink()):
            continue
        data = str(path.readlink()).encode() if path.is_symlink() else path.read_bytes()
        found[name] = (oct(path.lstat().st_mode), data)
    return found


def state(where: Path) -> tuple[object, ...]:
    """Everything about a repository that must be as it was: files, index, branches, what git has under way."""
    own = {"setout-update.lock", "index", "FETCH_HEAD", "ORIG_HEAD", "packed-refs"}
    folder = Path(git(where, "rev-parse", "--absolute-git-dir").strip())
    inside = sorted(p.name for p in folder.iterdir() if p.name not in own)
    linked = sorted(p.name for p in folder.glob("worktrees/*"))
    head = (folder / "HEAD").read_text("utf-8")
    return (snapshot(where), inside, linked, head, git(where, "ls-files", "--stage"), git(where, "for-each-ref"))
