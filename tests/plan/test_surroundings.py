"""A heading, a column or a field says of all it holds whether it is an option, a prospect, or there already."""

from __future__ import annotations

import pytest

from setout.model import Sense
from tests.decide.written import plan


def senses(text: str, value: str) -> set[Sense]:
    return {mention.sense for mention in plan(text).mentions if mention.value == value}


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("Pulumi vs Ansible", Sense.ALTERNATIVE),
        ("Alternatives considered", Sense.ALTERNATIVE),
        ("Future work", Sense.FUTURE),
        ("Next Steps", Sense.FUTURE),
        ("Prerequisites", Sense.EXISTING),
        ("Current state", Sense.EXISTING),
        ("Build", Sense.ASSERTED),
    ],
)
def test_a_heading_speaks_for_its_section(heading: str, expected: Sense) -> None:
    assert senses(f"## {heading}\n\n- the machines with Ansible\n", "ansible") == {expected}


def test_the_next_section_is_another() -> None:
    assert senses("## Future work\n\ntext\n\n## Build\n\n- Ansible\n", "ansible") == {Sense.ASSERTED}


def test_a_field_that_names_the_decision_stands_above_the_comparison() -> None:
    text = "## Ansible vs Pulumi\n\n**Decision**: Ansible\n"
    assert Sense.ASSERTED in senses(text, "ansible")
    assert senses(text, "pulumi") == {Sense.ALTERNATIVE}


def test_a_column_speaks_for_its_cells() -> None:
    text = "| Today | Target |\n|--|--|\n| Flux | Ansible |\n"
    assert senses(text, "flux") == {Sense.EXISTING}
    assert senses(text, "ansible") == {Sense.ASSERTED}


def test_a_field_of_external_services_builds_nothing() -> None:
    assert senses("**External Services**: Cloudflare\n", "cloudflare") == {Sense.MENTIONED}
    assert senses("**Services**: Cloudflare\n", "cloudflare") == {Sense.ASSERTED}
