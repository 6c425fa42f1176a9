"""What counts as left open, and what only speaks of openness."""

from __future__ import annotations

import pytest

from setout.plan.outline import outline
from setout.plan.questions import questions
from setout.plan.source import decode
from setout.plan.zones import place_all


def lines(text: str) -> list[int]:
    statements = place_all(outline(decode("plan.md", text.encode())))
    return sorted({question.place.line for question in questions(statements)})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# X\n\n## Technical Context\n\n**Storage**: NEEDS CLARIFICATION: which volume?\n", [5]),
        ("# X\n\n- All NEEDS CLARIFICATION items are gone\n", []),
        ("# X\n\n- For each NEEDS CLARIFICATION write a research task\n", []),
        ("# X\n\n- NEEDS CLARIFICATION markers have been resolved\n", []),
        ("# X\n\n## Constitution Check\n\n- no NEEDS CLARIFICATION left\n", []),
        ("# X\n\n## Open Questions\n\n- Which region?\n- Who is on call?\n", [5, 6]),
        ("# X\n\n## Open Questions (resolved)\n\n- Which region?\n", []),
        ("# X\n\n## Open Questions\n\n- Which region? → Frankfurt\n- Which size?\n", [6]),
        ("# X\n\n## Open Questions\n\n- [x] Which region?\n- [ ] Which size?\n", [6]),
        ("# X\n\n## Unknowns (NEEDS CLARIFICATION)\n\n- sizes of the nodes\n- who pays\n", [5, 6]),
        ("# X\n\n## Unknowns\n\n1. Cluster\n   - NEEDS CLARIFICATION: its size\n   - read about it\n", [6]),
        ("# X\n\n## Open Questions\n\n- **Which region?**: two are left\n  - Frankfurt\n  - Dublin\n", [5]),
        ("# X\n\n## Risks and open questions\n\n- Disks may fail\n- The domain is not yet chosen\n", [6]),
        ("# X\n\n## Risks\n\n- The domain is not yet known to all\n- It is unclear who pays\n", []),
        ("# X\n\n## Choices\n\n**Decision**: a queue on disk or in memory. It is fast.\n", [5]),
        ("# X\n\n## Choices\n\n**Decision**: a queue on disk, not in memory or elsewhere\n", []),
        ("# X\n\n## Choices\n\n**Decision**: PostgreSQL 15 or later\n", []),
        ("# X\n\n## Technical Context\n\n**Storage**: a volume on each node?\n", [5]),
        ("# X\n\n## Background\n\nWhy a volume on each node?\n", []),
        ("# X\n\n## Choices\n\n**Rationale**: it runs on disk or in memory\n", []),
    ],
)
def test_marks_and_lists(text: str, expected: list[int]) -> None:
    assert lines(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# Implementation Plan: [FEATURE]\n", [1]),
        ("# X\n\n**Branch**: `[###-feature-name]` | **Spec**: [link]\n", [3]),
        ("# X\n\n**Spec**: [link to spec.md]\n", []),
        ("# X\n\n## Summary\n\n[Extract from feature spec: primary requirement]\n", [5]),
        ("# X\n\n## Technical Context\n\n**Testing**: [e.g., pytest]\n", [5]),
        (
            "# X\n\n## Complexity Tracking\n\n| Violation | Why |\n|---|---|\n| [e.g., 4th one] | [current need] |\n",
            [],
        ),
        ("# Implementation Plan: [FEATURE]\n\n### Documentation\n\n```text\nspecs/[###-feature]/\n```\n", [1, 6]),
        ("# Implementation Plan: Clusters\n\n### Documentation\n\n```text\nspecs/[###-feature]/\n```\n", []),
        ("# X\n\n## Sizes\n\n- the domain is not yet chosen\n- the size is not yet measured\n", [5]),
        ("# X\n\n## Sizes\n\n- Region: 待定\n- 未定义的行为不处理\n- Disco (por definir)\n", [5, 7]),
        ("# X\n\n- the list of tasks in tasks.md (TBD)\n", []),
        ("# X\n\n## Sizes\n\n- nodes: TBD\n- disks: 20 GB\n", [5]),
        ("# X\n\n## Steps\n\nPeople who write TODO lists use it.\n", []),
        ("# X\n\n```yaml\nhost: [INGRESS_HOST_NAME]\nname: [a, b]\n```\n", [4]),
        ("# X\n\n```yaml\ntext: replace the REPLACE_ME of the sample\n```\n", []),
        ("# X\n\n```text\n# Option 1: Single project\nsrc/\n```\n", [4]),
    ],
)
def test_what_is_not_filled_in(text: str, expected: list[int]) -> None:
    assert lines(text) == expected
