"""What announces open questions, and which of the things below it asks."""

from __future__ import annotations

import pytest

from setout.plan.open_sections import is_open_title
from tests.plan.test_questions import lines


@pytest.mark.parametrize(
    "title",
    [
        "Open Questions",
        "Open technical questions",
        "Design decisions pending (sprint 2)",
        "Questions still open",
        "Decisions to be made",
        "Unresolved issues",
        "Unknowns (NEEDS CLARIFICATION)",
        "Needs Decision",
        "TBD",
        "Questions for the network team",
        "Offene Punkte",
        "Questions ouvertes",
        "Preguntas pendientes",
        "Decisiones técnicas pendientes",
        "Questões em aberto",
        "Открытые вопросы",
        "未决问题",
        "検討事項",
        "미결 사항",
    ],
)
def test_it_announces_questions(title: str) -> None:
    assert is_open_title(title)


@pytest.mark.parametrize(
    "title",
    [
        "Open Questions (resolved)",
        "Open Source Components",
        "Pending Pods",
        "Resolved unknowns",
        "Offene Fragen (geklärt)",
        "未解决问题(已解决)",
        "Costs (to be confirmed)",
        "Opening hours",
        "Remaining work",
        "Which decisions are pending?",
    ],
)
def test_it_announces_none(title: str) -> None:
    assert not is_open_title(title)


@pytest.mark.parametrize(
    ("below", "expected"),
    [
        ("| # | Question | Status |\n|---|---|---|\n| 1 | Which region? | open |\n| 2 | Who pays? | closed |\n", [7]),
        ("| Question | Answer |\n|---|---|\n| Which region? | Frankfurt |\n| Who pays? | TBD |\n", [8]),
        ("| Part | Cost |\n|---|---|\n| nodes | 20 |\n", []),
        ("### Q1: region\n\nTwo are near.\n\n- Frankfurt\n- Dublin\n\n### Q2: size\n\n**Answer**: small\n", [5]),
        ("### Which region?\n\nTwo are near.\n\n### Background\n\nIt is far.\n", [5]),
        ("### Which region?\n\n**Decision**: Frankfurt\n", []),
        ("Which region is near enough?\n\nWe shall see.\n", [5]),
        ("1. **Region**: two are near\n2. **Resolution**: asked of the customer\n", [5]),
        ("Nothing is open.\n", []),
    ],
)
def test_what_stands_below_a_heading(below: str, expected: list[int]) -> None:
    assert lines(f"# X\n\n## Open Questions\n\n{below}") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("**Open Questions**:\n\n- Which region\n- Which size → small\n", [5]),
        ("**Open Question**: which region is near enough?\n", [3]),
        ("**Unresolved Issues**: None\n", []),
        ("**Open Questions**: all resolved\n", []),
    ],
)
def test_what_stands_in_a_field(text: str, expected: list[int]) -> None:
    assert lines(f"# X\n\n{text}") == expected
