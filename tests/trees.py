"""Small repositories for the tests of validation: good ones, to be broken in one place each."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from setout.model import Result, Validation
from setout.validation import checks

VERSIONS = """terraform {
  required_version = ">= 1.11.0"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100.0, < 7.0.0"
    }
  }
}
"""
TERRAFORM = {
    "live/main.tf": """module "network" {
  source = "../modules/network"
  cidr   = "10.0.0.0/16"
}

provider "aws" {
  region = "eu-west-1"
}
""",
    "live/versions.tf": VERSIONS,
    "modules/network/main.tf": """resource "aws_vpc" "this" {
  cidr_block = var.cidr
}
""",
    "modules/network/variables.tf": """variable "cidr" {
  description = "Address block of the network."
  type        = string
}
""",
    "modules/network/versions.tf": VERSIONS,
    "modules/network/tests/network.tftest.hcl": """mock_provider "aws" {}

variables {
  cidr = "10.0.0.0/16"
}

run "takes_the_block" {
  command = plan

  assert {
    condition     = aws_vpc.this.cidr_block == "10.0.0.0/16"
    error_message = "The block has to be the one given."
  }
}
""",
}
DEPLOYMENT = """apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 2
  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: web
    spec:
      containers:
        - name: web
          image: registry.k8s.io/pause:3.10
"""
KUSTOMIZE = {
    "base/deployment.yaml": DEPLOYMENT,
    "base/kustomization.yaml": "resources:\n  - deployment.yaml\n",
    "overlays/dev/kustomization.yaml": """namePrefix: dev-
resources:
  - ../../base
patches:
  - path: replicas.yaml
    target:
      kind: Deployment
      name: web
""",
    "overlays/dev/replicas.yaml": """apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 1
""",
}
CHART = {
    "charts/web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 0.1.0\nappVersion: '1.0'\n",
    "charts/web/values.yaml": "replicas: 2\nimage: registry.k8s.io/pause:3.10\n",
    "charts/web/values.schema.json": """{
  "$schema": "http://json-schema.org/draft-07/schema#",
  "type": "object",
  "properties": {"replicas": {"type": "integer"}}
}
""",
    "charts/web/ci/many-values.yaml": "# more of them\nreplicas: 5\n",
    "charts/web/templates/deployment.yaml": DEPLOYMENT.replace(
        "replicas: 2", "replicas: {{ .Values.replicas }}"
    ).replace("registry.k8s.io/pause:3.10", "{{ .Values.image | quote }}"),
}
APPLICATION = """apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: web
  namespace: argocd
spec:
  project: apps
  source:
    repoURL: https://git.example.org/acme/platform.git
    targetRevision: main
    path: overlays/dev
  destination:
    server: https://kubernetes.default.svc
    namespace: web
"""
PROJECT = """apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata:
  name: apps
  namespace: argocd
spec:
  sourceRepos:
    - https://git.example.org/acme/*
  destinations:
    - server: https://kubernetes.default.svc
      namespace: web
"""
ARGOCD = {**KUSTOMIZE, "argocd/web.yaml": APPLICATION, "argocd/apps.yaml": PROJECT}


def write(root: Path, files: Mapping[str, str]) -> Path:
    """Write a tree, and return its root."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def broken(files: Mapping[str, str], name: str, old: str, new: str) -> dict[str, str]:
    """The same files with one passage of one of them changed."""
    assert old in files[name], f"{name} does not have {old!r}"
    return {**files, name: files[name].replace(old, new)}


def validate(root: Path, files: Mapping[str, str], **options: object) -> Validation:
    """Write a tree and look at it. Providers are taken as schemas, so that every machine sees the same."""
    return checks.check(write(root, files), **{"providers": "schema", **options})  # type: ignore[arg-type]


def only(validation: Validation, tool: str, verb: str, target: str | None = None) -> Result:
    """The one result of this tool and verb (and target)."""
    found = [
        result
        for result in validation.results
        if (result.tool, result.verb) == (tool, verb) and target in (None, result.target)
    ]
    assert len(found) == 1, f"{tool} {verb} {target}: {[result.target for result in found]}"
    return found[0]


def spots(result: Result) -> list[tuple[str, str, int]]:
    """Rule, file and line of every finding."""
    return [(finding.rule, finding.path, finding.line) for finding in result.findings]


def fingerprint(root: Path) -> dict[str, tuple[int, bytes]]:
    """Everything below a folder: names, modes and bytes."""
    return {
        path.relative_to(root).as_posix(): (path.lstat().st_mode, b"" if path.is_dir() else path.read_bytes())
        for path in sorted(root.rglob("*"))
        if not path.is_symlink()
    }


def script(path: Path, answer: str, body: str) -> Path:
    """A program that says its version properly and otherwise does what `body` says."""
    path.write_text(f"#!/bin/sh\ncase \"$1\" in version|-v) echo '{answer}'; exit 0;; esac\n{body}\n")
    path.chmod(0o700)
    return path
