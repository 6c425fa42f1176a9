"""Secrets that stand where everybody who can read the repository can read them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from setout.validation.gate import Seen, family, gate
from setout.validation.tools.kubeconform import place
from setout.validation.workbench import Stage, Workbench

_PATTERNS = {
    "a private key": re.compile(r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----\s+[A-Za-z0-9+/=]{20}"),
    "an AWS access key": re.compile(r"\b(?:AKIA|ASIA)(?![A-Z0-9]*EXAMPLE)[A-Z0-9]{16}\b"),
    "a GitHub token": re.compile(r"\b(?:ghp|gho|ghs|ghu)_[A-Za-z0-9]{36}\b|\bgithub_pat_[A-Za-z0-9_]{60,}"),
    "a GitLab token": re.compile(r"\bglpat-[A-Za-z0-9_-]{20}\b"),
    "a Google API key": re.compile(r"\bAIza[A-Za-z0-9_-]{35}\b"),
    "a Slack token": re.compile(r"\bxox[abpr]-[A-Za-z0-9-]{20,}"),
}


@gate("secret/in-file", "revoke it, then keep it in the secret store and refer to it")
def no_file_holds_a_secret(bench: Workbench) -> Iterator[Seen]:
    """No file holds a secret: whoever can read the repository has it, for ever."""
    for path in bench.survey.files:
        text = bench.survey.text(path)
        matches = [(name, pattern.search(text)) for name, pattern in _PATTERNS.items()]
        hits = [(name, text.count("\n", 0, match.start()) + 1) for name, match in matches if match]
        yield from (Seen(path, line, name) for name, line in hits)
        if not hits:
            yield Seen(path)


@gate("secret/literal-data", "let External Secrets, Sealed Secrets or SOPS make it")
def no_object_holds_a_secret(bench: Workbench) -> Iterator[Seen]:
    """No Secret is rendered with its data in it: base64 hides nothing."""
    for thing in bench.rendered:
        if thing.content["kind"] == "Secret":
            fields = [name for name in ("data", "stringData") if thing.content.get(name)]
            path, line = place(bench, thing, fields[:1] or ["kind"])
            metadata = thing.content.get("metadata")
            name = metadata.get("name", "") if isinstance(metadata, Mapping) else ""
            yield Seen(path, line, f"{name} has {fields[0]}" if fields else "")


GATES = (no_file_holds_a_secret, no_object_holds_a_secret)
CHECKS = family("secrets", "file", GATES, Stage.RENDERED)
