"""A deployment strategy is taken as far as it goes, and what is not taken is said with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from setout import pipeline
from tests.conftest import PLANS


def undelivered(tmp_path: Path, case: str, strategy: str) -> list[tuple[str, int]]:
    text = (PLANS / case / "plan.md").read_text("utf-8")
    old = next(line for line in text.split("\n") if line.startswith("**Deployment Strategy**"))
    plan = tmp_path / "plan.md"
    plan.write_text(text.replace(old, f"**Deployment Strategy**: {strategy}"), "utf-8")
    aside = pipeline.read(plan).decision.undelivered
    return [(item.value, item.place.line) for item in aside if item.field == "deployment_strategy"]


@pytest.mark.parametrize(
    ("case", "strategy", "expected"),
    [
        ("multi-tool", "Helm-first with Kustomize fallback", []),
        ("kubernetes-only", "Kustomize-only", []),
        ("multi-tool", "Kustomize-only", [("kustomize-only", 17)]),
        ("multi-tool", "Raw manifests", [("raw-manifests", 17)]),
    ],
)
def test_what_a_strategy_leaves_out_is_said(
    tmp_path: Path, case: str, strategy: str, expected: list[tuple[str, int]]
) -> None:
    assert undelivered(tmp_path, case, strategy) == expected
