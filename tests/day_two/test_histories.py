"""A few hundred steps of random histories; `python -m tests.day_two.soak` takes ten thousand."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.day_two import workshop
from tests.day_two.histories import Histories


@pytest.mark.parametrize("part", range(4))
def test_no_line_is_lost_in_any_history(part: int, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in workshop.IDENTITY.items():
        monkeypatch.setenv(name, value)
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        Histories,
        settings=settings(
            max_examples=4,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )
    assert part >= 0
