"""What each rule of a foreign program requires, in one sentence: programs say what is wrong, not what is asked for."""

from __future__ import annotations

from collections.abc import Mapping

ABOUT: Mapping[str, str] = {
    "exclude/idle": "An exclusion excludes something, or nobody knows what it was for",
    "helm/empty": "A chart that can be installed renders at least one object",
    "helm/lint": "A chart lints strictly with its defaults and with each values file that ships with it",
    "helm/template": "A chart renders with its defaults and with each values file that ships with it",
    "kubeconform/invalid": "Every field of an object is one that its kind has, of the type it takes",
    "kubeconform/missing-schema": "Every custom resource has a schema that it can be held to",
    "kubeconform/removed-api": "Every object is of an apiVersion that the targeted Kubernetes still serves",
    "kubeconform/unknown-kind": "Every custom resource is of a kind and version that its group has",
    "kustomize/build": "A kustomization builds, from files that are in this tree",
    "kustomize/empty": "A kustomization builds at least one object",
    "kustomize/idle-patch": "A patch selects an object, for kustomize passes over one that does not without a word",
    "terraform/fmt": "A configuration has the canonical format, so that a difference shows what was changed",
    "terraform/init": "A configuration can be initialised: its modules are there, its providers well-formed",
    "terraform/syntax": "A configuration can be parsed",
    "terraform/test": "The tests of a configuration pass, with every provider mocked",
    "terraform/validate": "A configuration is valid: names, types and references are those that its providers have",
}
