"""Commands, manifests and Terraform of the plan that install a chart, whether the vocabulary knows it or not."""

from __future__ import annotations

import re
from collections.abc import Iterator

from setout.decide import third_party
from setout.decide.install_lists import SILENT, Install
from setout.model import Plan

# `chart` is taken as it is where `remote` shows that it comes from a repository of charts.
_COMMANDS = (
    re.compile(
        r"\bhelm\s+(?:upgrade|install)\b(?:\s+--?[\w-]+(?:=\S+)?){0,12}\s+(?P<release>[\w.-]+)\s+(?P<chart>[\w./:-]+)"
    ),
    re.compile(r"\bminikube\s+addons\s+enable\s+(?P<release>[\w-]+)"),
    re.compile(r"\b(?P<release>dapr)\s+init\s+(?:\S+\s+){0,6}?(?:-k|--kubernetes)\b"),
    re.compile(r"\b(?P<release>istio|cilium|linkerd|velero|consul-k8s)(?:ctl)?\s+install\b"),
    re.compile(
        r"\bkubectl\s+(?:apply|create)\s[^\n|;&]{0,200}?https?://\S{0,200}?/(?P<release>[\w-]+)/(?:releases|archive|v?\d)"
    ),
    re.compile(r"^(?P<release>[\w-]+):\s*(?:#.*)?\n\s+enabled:\s*true", re.M),
    re.compile(r"^\s*enable_(?P<release>[a-z]\w+)\s*=\s*true\b", re.M),
    re.compile(r"resource\s+\"helm_release\"\s+\"(?P<release>[\w-]+)\""),
    re.compile(r"^\s*chart:\s*[\"']?(?P<release>[A-Za-z][\w./-]*)", re.M),
)
_REMOTE = (
    # Argo CD and Flux: the chart and its repository in one source.
    re.compile(
        r"^(?P<indent>[ \t]*)(?:- )?chart:[ \t]*[\"']?(?P<chart>[a-z][\w-]*)[\"']?[ \t]*\n(?:(?P=indent).*\n){0,6}?"
        r"(?P=indent)[ \t]*repoURL:[ \t]*[\"']?(?:https?|oci)://",
        re.M,
    ),
    re.compile(
        r"repoURL:[ \t]*[\"']?(?:https?://|oci://)\S+\n(?:[ \t]+(?!repoURL).*\n){0,4}?[ \t]+chart:[ \t]*[\"']?"
        r"(?P<chart>[a-z][\w-]*)",
        re.M,
    ),
    # The dependencies of a chart.
    re.compile(
        r"^\s*-\s+name:\s*[\"']?(?P<chart>[a-z][\w-]*)[\"']?\s*(?:#.*)?\n(?:\s+\w+:.*\n){0,3}?\s+repo(?:sitory)?:\s*[\"']?"
        r"(?:https?|oci)://",
        re.M,
    ),
    re.compile(
        r"\bchart\s*=\s*\"(?P<chart>[a-z][\w-]*)\"[^}]{0,300}?repository\s*=\s*\"(?:https?|oci)://|"
        r"repository\s*=\s*\"(?:https?|oci)://[^}]{0,300}?\bchart\s*=\s*\"(?P<after>[a-z][\w-]*)\"",
    ),
)
_REPOSITORY = re.compile(r"\bhelm\s+repo\s+add\s+(?P<name>[\w.-]+)\s+https?://")


def from_commands(plan: Plan) -> Iterator[tuple[str, Install]]:
    """What commands and objects install: by the chart's usual name, or by its own where the vocabulary has none."""
    statements = [statement for statement in plan.statements if statement.zone not in SILENT]
    added = {match["name"] for s in statements for match in _REPOSITORY.finditer(s.text)}
    for statement in statements:
        for pattern in (*_COMMANDS, *_REMOTE):
            for match in pattern.finditer(statement.text):
                name = _remote(match) if pattern in _REMOTE else _local(match, added)
                if name:
                    shown = " ".join(match.group().split())[:100]
                    yield name, Install(f'"{shown}".', (statement.line_at(match.start()),), True)


def _remote(match: re.Match[str]) -> str:
    groups = match.groupdict()
    chart = str(groups.get("chart") or groups.get("after"))
    return third_party.of_name(chart) or chart


def _local(match: re.Match[str], added: set[str]) -> str:
    """The chart of a command; one's own chart on disk is no component, whatever the release is called."""
    groups = match.groupdict()
    chart = str(groups.get("chart") or "")
    repository, _, name = chart.rpartition("/")
    if chart.startswith((".", "/")):
        return ""
    known = third_party.of_name(name) or third_party.of_name(groups["release"].rsplit("/", 1)[-1])
    return known or (name if repository in added else "")
