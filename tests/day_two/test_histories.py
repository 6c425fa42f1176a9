"""A few hundred steps of random histories; `python -m tests.day_two.soak` takes ten thousand."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import run_state_machine_as_test

from tests.day_two import workshop
from tests.day_two.histories import CHANGES, Change, Histories, check_stops_make_no_difference


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


def test_all_at_once_or_with_stops_on_the_way_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in workshop.IDENTITY.items():
        monkeypatch.setenv(name, value)

    @settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(changes=CHANGES, stops=st.sets(st.integers(0, 6), min_size=1))
    def holds(changes: list[Change], stops: set[int]) -> None:
        check_stops_make_no_difference(changes, stops)

    holds()
