"""How well the reader reads: its decisions against labelled plans, field by field.

Runs over the project's own plan cases always, and over a folder of labelled plans where there is one
(`--plans`, default ../shared/plans). Two independent readings of a plan may differ; then either counts.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from setout import pipeline
from setout.reports.json import reading_object

ROOT = Path(__file__).resolve().parents[1]
EXACT = ("outcome", "none_reason", "blueprints", "structure")
SETS = (
    "clouds",
    "kubernetes",
    "gitops",
    "state_backend",
    "secrets",
    "environments",
    "tenants",
    "components",
    "applications",
)
Recorded = dict[str, dict[str, dict[str, float]]]  # by suite, field and figure

_INTRODUCTION = """\
# How well the reader reads

Written by `scripts/score.py --record`; `make score` shows what has changed since, with `--misses` every miss and its
lines. Each plan was judged twice, and where the judgements differ either counts. *Exact* is the share of plans in which
a field is right as a whole; *wrong but sure* are those in which it is wrong and the reader did not say that it was
unsure. The fields below `structure` are counted over the plans from which there is something to scaffold.

"""
RECORD = ROOT / "docs" / "reference" / "score.json"
PAGE = ROOT / "docs" / "reference" / "score.md"


@dataclass
class Score:
    """Counts for one field: plans right, values found, values missed, values invented, and wrong ones called sure."""

    plans: int = 0
    right: int = 0
    found: int = 0
    missed: int = 0
    invented: int = 0
    wrong_but_sure: int = 0
    misses: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        return self.found / max(self.found + self.invented, 1)

    @property
    def recall(self) -> float:
        return self.found / max(self.found + self.missed, 1)

    @property
    def f1(self) -> float:
        return 2 * self.precision * self.recall / max(self.precision + self.recall, 1e-9)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--plans", type=Path, default=ROOT.parent / "shared" / "plans")
    parser.add_argument(
        "--misses", metavar="FIELD", nargs="*", help="list what was read wrongly, for these fields or for all"
    )
    parser.add_argument("--compare", action="store_true", help="show what changed against the recorded score")
    parser.add_argument("--record", action="store_true", help="write the table to docs/")
    options = parser.parse_args()
    scores = {name: score(cases) for name, cases in _suites(options.plans).items()}
    for name, fields in scores.items():
        print(f"\n{name}\n{table(fields)}")
        if options.misses is not None:
            _print_misses(fields, options.misses)
    if options.compare:
        _print_changes(scores)
    if options.record:
        _record(scores)
    return 0


def _suites(plans: Path) -> dict[str, list[tuple[Path, list[Mapping[str, Any]]]]]:
    own = [
        (file.with_name("plan.md"), [json.loads(file.read_text("utf-8"))])
        for file in sorted((ROOT / "tests" / "plans").glob("*/reading.json"))
    ]
    suites = {"own plan cases": own}
    if (plans / "labels.jsonl").is_file():
        readings: dict[str, list[Mapping[str, Any]]] = {}
        for name in ("labels.jsonl", "labels-second.jsonl"):
            for line in (plans / name).read_text("utf-8").splitlines():
                label = json.loads(line)
                readings.setdefault(label["id"], []).append(label)
        suites["labelled plans"] = [(plans / f"{name}.md", labels) for name, labels in sorted(readings.items())]
    return suites


def score(cases: Iterable[tuple[Path, list[Mapping[str, Any]]]]) -> dict[str, Score]:
    """The score of each field over `cases` (a plan and its labels)."""
    fields = {name: Score() for name in (*EXACT, *SETS, "open_questions")}
    for plan, labels in cases:
        actual = reading_object(pipeline.read(plan))
        for name in EXACT:
            _count_exact(fields[name], name, plan, actual, labels)
        if any(label["outcome"] == "scaffold" for label in labels):
            for name in SETS:
                _count_set(fields[name], name, plan, actual, labels)
        _count_set(fields["open_questions"], "open_questions", plan, actual, labels)
    return fields


def _count_exact(
    total: Score, name: str, plan: Path, actual: Mapping[str, Any], labels: list[Mapping[str, Any]]
) -> None:
    total.plans += 1
    expected = [label.get(name) for label in labels]
    if actual.get(name) in expected:
        total.right += 1
        return
    sure = name not in actual.get("unsure", ())
    total.wrong_but_sure += sure
    lines = actual["evidence"].get(name, [])[:6]
    wanted = " or ".join(sorted({json.dumps(value) for value in expected}))
    total.misses.append(
        f"{plan}: {name} is {json.dumps(actual.get(name))}, label {wanted}, lines {lines}{'' if sure else ' (unsure)'}"
    )


def _count_set(total: Score, name: str, plan: Path, actual: Mapping[str, Any], labels: list[Mapping[str, Any]]) -> None:
    got = _values(name, actual)
    wanted = min((_values(name, label) for label in labels), key=lambda values: (len(values ^ got), len(values)))
    total.plans += 1
    total.right += got == wanted
    total.found += len(got & wanted)
    total.missed += len(wanted - got)
    total.invented += len(got - wanted)
    if got != wanted:
        sure = name not in actual.get("unsure", ())
        total.wrong_but_sure += sure
        missed, invented = sorted(wanted - got), sorted(got - wanted)
        total.misses.append(f"{plan}: {name}: missed {missed}, invented {invented}{'' if sure else ' (unsure)'}")


def _values(name: str, reading: Mapping[str, Any]) -> frozenset[str]:
    value = reading.get(name)
    if name == "open_questions":
        return frozenset(str(q["line"] if isinstance(q, dict) else q) for q in value or ())
    if isinstance(value, list):
        return frozenset(str(item).lower() for item in value)
    return frozenset() if value is None else frozenset({str(value)})


def table(fields: Mapping[str, Score]) -> str:
    """The scores as a Markdown table."""
    lines = ["| field | plans | exact | precision | recall | F1 | wrong but sure |", "|---|--:|--:|--:|--:|--:|--:|"]
    for name, total in fields.items():
        counts = f"{total.plans} | {total.right / max(total.plans, 1):.1%}"
        ratios = "| | |" if name in EXACT else f"{total.precision:.2f} | {total.recall:.2f} | {total.f1:.2f} |"
        lines.append(f"| {name} | {counts} | {ratios} {total.wrong_but_sure} |")
    return "\n".join(lines)


def _print_misses(fields: Mapping[str, Score], chosen: list[str]) -> None:
    for name, total in fields.items():
        if not chosen or name in chosen:
            print(*(f"  {miss}" for miss in total.misses), sep="\n")


def plain(scores: Mapping[str, Mapping[str, Score]]) -> Recorded:
    """What is recorded: of each field the share of right plans or F1, precision and recall, and the wrong ones sure."""
    return {suite: {name: _figures(name, total) for name, total in fields.items()} for suite, fields in scores.items()}


def _figures(name: str, total: Score) -> dict[str, float]:
    exact = {"exact": round(total.right / max(total.plans, 1), 4)}
    ratios = {"precision": round(total.precision, 4), "recall": round(total.recall, 4), "f1": round(total.f1, 4)}
    return {"plans": total.plans, **exact, **({} if name in EXACT else ratios), "wrong_but_sure": total.wrong_but_sure}


def changes(now: Recorded, before: Recorded) -> list[str]:
    """Every figure that is another than the recorded one, a line each."""
    return [
        f"{suite}: {name}: {figure} {before[suite][name][figure]:g} -> {value:g}"
        for suite, fields in now.items()
        for name, figures in fields.items()
        for figure, value in figures.items()
        if figure in before.get(suite, {}).get(name, {}) and before[suite][name][figure] != value
    ]


def _print_changes(scores: Mapping[str, Mapping[str, Score]]) -> None:
    if not RECORD.is_file():
        print(f"\nnothing is recorded yet to compare with: {Path(__file__).name} --record")
        return
    found = changes(plain(scores), json.loads(RECORD.read_text("utf-8")))
    print("", *(found or ["nothing has changed against the recorded score"]), sep="\n")


def _record(scores: Mapping[str, Mapping[str, Score]]) -> None:
    RECORD.parent.mkdir(parents=True, exist_ok=True)
    RECORD.write_text(json.dumps(plain(scores), indent=2) + "\n", "utf-8")
    parts = [f"## {suite.capitalize()}\n\n{table(fields)}\n" for suite, fields in scores.items()]
    PAGE.write_text(_INTRODUCTION + "\n".join(parts), "utf-8")


if __name__ == "__main__":
    sys.exit(main())
