"""A small template and a plan for it: the questions are those of the real one, the files are few, a render is quick."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from setout import pipeline
from setout.upkeep import repository
from setout.upkeep.repository import Repository

ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if not name.startswith("GIT_")},
    "GIT_AUTHOR_NAME": "T", "GIT_AUTHOR_EMAIL": "t@example.org",
    "GIT_COMMITTER_NAME": "T", "GIT_COMMITTER_EMAIL": "t@example.org",
    "GIT_CONFIG_GLOBAL": os.devnull,
}  # fmt: skip

PLAN = """\
# Implementation Plan: Paper Shop

**Branch**: `007-paper-shop` | **Date**: 2026-11-02

## Summary

A shop for paper on one cluster per environment.

## Technical Context

**Cloud Provider**: AWS (eu-north-1)
**IaC Tools**: Terraform
**Kubernetes**: EKS 1.35
**GitOps**: Argo CD
**State Backend**: S3
**Secrets Management**: AWS Secrets Manager
**Target Environment**: dev, prod

## Deployment Components

| Component | Required | Notes |
|-----------|----------|-------|
| cert-manager | Yes | chart v1.20.0 |
| metrics-server | Yes | chart 3.13.0 |

## Project Structure

### Infrastructure Code (repository root)

```text
terraform/
├── modules/
│   └── vpc/
└── environments/
    ├── dev/
    └── prod/

kubernetes/
└── base/

argocd/
└── applications/
```

**Structure Decision**: Terraform, Kubernetes and Argo CD, as above.
"""

FILES: Mapping[str, str] = {
    "copier.yml": """\
_subdirectory: delivered
_envops: {trim_blocks: true, lstrip_blocks: true, keep_trailing_newline: true}
_exclude:
  - /_macros
  - "{% if 'argocd' not in blueprints %}/argocd{% endif %}"
project: {type: str}
title: {type: str}
summary: {type: str, default: ""}
feature: {type: str, default: 001-x}
blueprints: {type: yaml, default: []}
environments: {type: yaml, default: []}
region: {type: str, default: eu-west-1}
state_backend: {type: str, default: s3}
kubernetes_version: {type: str, default: "1.35"}
components: {type: yaml, default: []}
terraform_modules: {type: yaml, default: []}
decisions: {type: yaml, default: []}
catalogue:
  type: yaml
  when: false
  default: {cert-manager: {chart: cert-manager}}
platform:
  type: yaml
  when: false
  default: "[{% for item in components %}{{ catalogue.get(item.name, {}) | combine(item) | to_json }},{% endfor %}]"
""",
    "delivered/{{ _copier_conf.answers_file }}.jinja": (
        "{{ dict(_copier_answers | dictsort) | to_nice_yaml(sort_keys=False, width=4096) -}}\n"
    ),
    "delivered/_macros/names.jinja": """\
{% set bucket = project ~ '-tfstate' %}
{% set unused = components %}
{% macro path_of(env) -%}
{{ env.name if environments | length }}
{%- endmacro %}
""",
    "delivered/_macros/state/s3.jinja": """\
{% macro backend(env) %}
{% from 'delivered/_macros/names.jinja' import bucket with context %}
terraform {
  backend "s3" {
    bucket = "{{ bucket }}"
    key    = "{{ env.name }}/terraform.tfstate"
    region = "{{ region }}"
  }
}
{% endmacro %}
""",
    "delivered/_macros/state/local.jinja": (
        "{% macro backend(env) %}\nterraform {\n  backend \"local\" {}\n}\n{% endmacro %}\n"
    ),
    "delivered/_macros/notice.md.jinja": "The region is {{ region }}.\n",
    "delivered/README.md.jinja": """\
# {{ title }}

{{ summary }}

{% for env in environments %}
- {{ env.name }}: {{ env.cidr }}
{% endfor %}

Ask before you change anything.
{% include 'delivered/_macros/notice.md.jinja' %}
{% if 'argocd' in blueprints %}
Argo CD applies it.
{% endif %}
""",
    "delivered/LICENSE": "Do as you like.\n",
    "delivered/docs/guide.md": "Begin at the beginning.\n",
    (
        "delivered/terraform/environments/"
        "{% from pathjoin('delivered', '_macros', 'names.jinja') import path_of with context %}"
        "{% yield env from environments %}{{ path_of(env) }}{% endyield %}/backend.tf.jinja"
    ): (
        "{% from 'delivered/_macros/state/' ~ state_backend ~ '.jinja' import backend with context %}\n"
        "{{ backend(env) -}}\n"
    ),
    (
        "delivered/terraform/environments/{% yield env from environments %}{{ env.name }}{% endyield %}/main.tf.jinja"
    ): 'module "vpc" {\n  source = "../../modules/vpc"\n  cidr   = "{{ env.cidr }}"\n}\n',
    "delivered/terraform/modules/{{ 'vpc' if 'vpc' in terraform_modules else '' }}/main.tf": (
        'variable "cidr" {\n  type = string\n}\n'
    ),
    "delivered/kubernetes/version.yaml.jinja": 'version: "{{ kubernetes_version }}"\n',
    (
        "delivered/argocd/applications/{% yield env from environments %}{{ env.name }}{% endyield %}/"
        "{% yield component from platform %}{{ component.name }}{% endyield %}.yaml.jinja"
    ): """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: {{ component.name }}
spec:
  source:
    chart: {{ component.name }}
    targetRevision: {{ component.version }}
""",
}  # fmt: skip


def git(root: Path, *words: str | Path) -> str:
    done = subprocess.run(
        ["git", *map(str, words)], cwd=root, capture_output=True, text=True, env=ENVIRONMENT, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def commit(root: Path, message: str = "a step") -> str:
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--allow-empty", "--message", message)
    return git(root, "rev-parse", "HEAD").strip()


def write(root: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8")


def template(root: Path, files: Mapping[str, str] = FILES) -> Path:
    """A git repository that holds the small template, tagged v1.0.0."""
    root.mkdir(parents=True)
    git(root, "init", "--quiet", "--initial-branch", "main")
    write(root, files)
    commit(root)
    git(root, "tag", "v1.0.0")
    return root


def deliver(source: Path, root: Path, plan: str = PLAN, settings: Mapping[str, str] | None = None) -> Repository:
    """A repository delivered from the plan and committed."""
    file = root.parent / "plan" / "plan.md"
    write(file.parent, {"plan.md": plan})
    pipeline.scaffold(file, root, settings or {}, template=str(source), check=False, progress=lambda _: None)
    git(root, "init", "--quiet", "--initial-branch", "main")
    commit(root)
    return repository.open(root)


def change_plan(repo: Repository, old: str, new: str) -> Repository:
    """The repository once its plan says `new` where it said `old`."""
    assert repo.plan is not None
    text = repo.plan.read_text("utf-8")
    assert old in text
    repo.plan.write_text(text.replace(old, new), "utf-8")
    return repository.open(repo.root)


def line_of(text: str, words: str) -> int:
    """The number of the one line that holds the words."""
    found = [number for number, line in enumerate(text.split("\n"), 1) if words in line]
    assert len(found) == 1, found
    return found[0]
