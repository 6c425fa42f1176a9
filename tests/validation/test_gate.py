from __future__ import annotations

import pytest

from setout.validation import checks
from setout.validation.gate import Gate

GATES = [gate for plugin in checks.GATES for gate in plugin.GATES]  # type: ignore[attr-defined]


def test_no_two_gates_share_a_rule() -> None:
    assert len({gate.rule for gate in GATES}) == len(GATES)


@pytest.mark.parametrize("gate", GATES, ids=lambda gate: gate.rule)
def test_a_gate_says_what_is_wanted_and_what_to_do(gate: Gate) -> None:
    assert len(gate.message.split()) > 4
    assert gate.remedy


@pytest.mark.parametrize("plugin", checks.GATES, ids=lambda plugin: plugin.__name__)
def test_every_gate_of_a_family_is_in_its_table(plugin: object) -> None:
    defined = [value for value in vars(plugin).values() if isinstance(value, Gate)]
    assert sorted(gate.rule for gate in defined) == sorted(gate.rule for gate in plugin.GATES)  # type: ignore[attr-defined]
