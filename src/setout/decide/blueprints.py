"""Which blueprints the plan asks to be built, and which structure they make together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from setout.decide.evidence import tally
from setout.decide.trees import Built, built
from setout.model import Choice, Origin, Plan, Sense, Zone
from setout.plan.sense import sense
from setout.vocabulary import family

_ASKED = 4
# Helm installs other people's charts, too, and Argo CD may be there already: only these words ask to be built.
_BY_WORDS = frozenset({"terraform", "kubernetes-manifests"})


_WRITES_CHART = re.compile(
    r"\b(?:creat|writ|author|develop|packag|provid|build)\w*\s+(?:(?!(?:from|with|using|via|by|through)\b)[\w-]+\s+){0,8}"
    r"(?P<chart>helm charts?)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class _Signal:
    """One thing in the plan that speaks for a blueprint."""

    sentence: str
    lines: tuple[int, ...]
    origin: Origin


def decide(plan: Plan, made: Mapping[str, Choice]) -> Choice:
    """The tree builds what it shows; the fields that ask for a tool count where the tree does not show it."""
    shown = built(plan)
    found = {name: _signals(plan, name, shown[name]) for name in _IN_FIELDS}
    chosen = sorted(name for name, signals in found.items() if signals)
    if not chosen and not plan.entries:
        found["helm-chart"] = _promised_chart(plan)
        chosen = ["helm-chart"] if found["helm-chart"] else []
    if chosen:
        found |= {name: _from_fields(plan, name) for name in shown if name not in chosen and shown[name].edited}
        chosen = sorted(name for name, signals in found.items() if signals)
    if "kubernetes" not in chosen and "argocd" in chosen and made["tenants"].value:
        chosen = sorted([*chosen, "kubernetes"])
    because = tuple(f"{name}: {signal.sentence}" for name in chosen for signal in found[name][:2])
    lines = tuple(sorted({line for name in chosen for signal in found[name] for line in signal.lines}))
    stated = all(any(s.origin is Origin.STATED for s in found[name]) for name in chosen)
    origin = Origin.STATED if stated else Origin.INFERRED
    doubts = _doubts(plan, chosen, shown)
    return Choice(
        "blueprints",
        chosen,
        (*because, *doubts) or ("Nothing in the plan asks for one of them.",),
        lines,
        origin,
        doubts=doubts,
    )


def _doubts(plan: Plan, chosen: list[str], shown: Mapping[str, Built]) -> tuple[str, ...]:
    """What makes the choice thin: each a sentence of its own."""
    found = [sentence for name in chosen for sentence in _of_one(name, chosen, shown)]
    if chosen:
        found += [
            f"{name} is only edited, not built anew." for name in shown if name not in chosen and shown[name].edited
        ]
        asked = {item.value: item for item in tally(plan, "tools", "tools") if item.weight >= _ASKED}
        rows = family("tools").rows
        found += [
            f'The words ask for {value} and no tree shows it: "{item.text[:80]}".'
            for value, item in asked.items()
            if value in _BY_WORDS and rows[value]["blueprint"] not in chosen
        ]
    if {"kubernetes", "helm-chart"} & set(chosen) and not _names_cluster(plan):
        found.append("Neither title, summary nor context names a cluster.")
    return tuple(found)


def _of_one(name: str, chosen: list[str], shown: Mapping[str, Built]) -> Iterator[str]:
    if shown[name].extended:
        yield f"{name}: the new files lie in what is there already, so they may be mere edits."
    if name == "kubernetes" and shown["helm-chart"].new and not shown[name].has_workload:
        yield "kubernetes: the manifests stand beside a chart and may be part of what it installs."
    if name == "helm-chart" and not shown[name].seen:
        yield "helm-chart: no tree shows the charts."
    if name == "argocd" and not {"kubernetes", "helm-chart"} & set(chosen):
        yield "argocd: no tree shows the manifests that it would apply."


def _names_cluster(plan: Plan) -> bool:
    return any(
        mention.statement.zone in {Zone.TITLE, Zone.SUMMARY, Zone.CONTEXT}
        for mention in plan.mentions
        if mention.family == "distributions" and mention.sense in {Sense.ASSERTED, Sense.EXISTING}
    )


def structure(plan: Plan, made: Mapping[str, Choice]) -> Choice:
    """Tenants make it multi-tenant; else the set of blueprints decides."""
    chosen = set(made["blueprints"].value)
    tenants, source = made["tenants"], made["blueprints"]
    if tenants.value and chosen & {"terraform", "kubernetes"}:
        count = len(tenants.value)
        because = f"The plan names {count} tenants that get infrastructure of their own: {', '.join(tenants.value)}."
        return Choice("structure", "multi-tenant", (because,), tenants.lines, tenants.origin, flips="no tenants named")
    if chosen == {"helm-chart", "kubernetes"}:
        return _chart_and_manifests(plan, source)
    value, because, flips = _by_blueprints(chosen)
    doubts = () if source.sure else ("It follows from the blueprints, which are unsure.",)
    return Choice("structure", value, (because,), source.lines, source.origin, flips, doubts=doubts)


def _chart_and_manifests(plan: Plan, source: Choice) -> Choice:
    """Manifests that hold the application itself repeat the chart; others are a layer of their own beside it."""
    if built(plan)["kubernetes"].has_workload:
        value, because = (
            "helm-chart",
            "The manifests hold the same application as the chart, which is what it delivers.",
        )
    else:
        value, because = "multi-tool", "The plan builds a chart, and manifests of other things beside it."
    doubts = ("It builds a chart and manifests, and one of them may be part of the other.",)
    flips = "only one of the two"
    return Choice("structure", value, (because,), source.lines, source.origin, flips=flips, doubts=doubts)


def _by_blueprints(chosen: set[str]) -> tuple[str | None, str, str]:
    if not chosen:
        return None, "No blueprint is asked for, so there is no structure.", "any of the blueprints"
    if chosen == {"terraform"}:
        return "single-iac", "Terraform is the only tool that the plan builds with.", "Kubernetes manifests or Argo CD"
    if chosen == {"helm-chart"}:
        return "helm-chart", "A Helm chart is what the plan delivers.", "Terraform or Argo CD beside it"
    return "multi-tool", f"The plan builds with {_listed(sorted(chosen))}.", "one tool alone, or named tenants"


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " and " + words[-1]


def _signals(plan: Plan, name: str, shown: Built) -> tuple[_Signal, ...]:
    """What the trees show decides; a field speaks only where they show nothing of the blueprint."""
    if shown.seen:
        return _from_tree(shown)
    return _from_fields(plan, name)


def _from_tree(shown: Built) -> tuple[_Signal, ...]:
    if not shown.new:
        return ()
    paths = ", ".join(entry.path for entry in shown.new[:3])
    lines = tuple(sorted({entry.place.line for entry in shown.new}))
    return (_Signal(f"the tree shows {paths}.", lines, Origin.STATED),)


def _from_fields(plan: Plan, name: str) -> tuple[_Signal, ...]:
    words, value, fields = _IN_FIELDS[name]
    found = [
        mention
        for mention in plan.mentions
        if mention.sense is Sense.ASSERTED
        and mention.family == words
        and value in {"", mention.value}
        and mention.statement.zone in {Zone.CONTEXT, Zone.COMPONENTS}
        and mention.statement.key in fields
    ]
    if not found:
        return ()
    text = " ".join(found[0].statement.text.split())[:120]
    lines = tuple(sorted({mention.place.line for mention in found}))
    return (_Signal(f'{found[0].statement.key} says "{text}".', lines, Origin.STATED),)


def _promised_chart(plan: Plan) -> tuple[_Signal, ...]:
    """Without any tree, a summary that says charts are written asks for them; to install one is no writing."""
    for statement in plan.statements:
        match = _WRITES_CHART.search(statement.text) if statement.zone is Zone.SUMMARY else None
        if match and sense(statement.text, match.start("chart"), match.end("chart")) is Sense.ASSERTED:
            quote = " ".join(statement.text.split())[:120]
            return (_Signal(f'the summary says "{quote}".', (statement.line_at(match.start()),), Origin.INFERRED),)
    return ()


# Which family of terms, which of its values (none: any), in which fields, asks for a blueprint.
_IN_FIELDS: Mapping[str, tuple[str, str, frozenset[str]]] = {
    "argocd": ("tools", "argocd", frozenset({"gitops"})),
    "helm-chart": ("tools", "helm", frozenset({"project_type"})),
    "kubernetes": ("distributions", "", frozenset({"kubernetes"})),
    "terraform": ("tools", "terraform", frozenset({"tools", "language"})),
}
