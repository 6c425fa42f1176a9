"""`python -m tests.day_two.soak --steps 10000`: random histories of so many steps, and what came of them."""

from __future__ import annotations

import argparse
import os
import sys
import time

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import run_state_machine_as_test

from tests.day_two import workshop
from tests.day_two.histories import CHANGES, COUNTS, Change, Histories, check_stops_make_no_difference


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=10_000)
    wanted = parser.parse_args().steps
    os.environ.update(workshop.IDENTITY)
    started = time.monotonic()
    while COUNTS["steps"] < wanted:
        batch(min(10, (wanted - COUNTS["steps"]) // 30 + 1))
        roads()
        sys.stderr.write(f"{_summary(time.monotonic() - started)}\n")
    sys.stdout.write(f"no line lost: {_summary(time.monotonic() - started)}\n")


def batch(examples: int) -> None:
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        Histories,
        settings=settings(
            max_examples=examples,
            stateful_step_count=50,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
            phases=(Phase.generate, Phase.shrink),
        ),
    )


@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(changes=CHANGES, stops=st.sets(st.integers(0, 6), min_size=1))
def roads(changes: list[Change], stops: set[int]) -> None:
    """The same changes with and without stops on the way; they are no steps of the histories."""
    check_stops_make_no_difference(changes, stops)


def _summary(seconds: float) -> str:
    counted = ", ".join(f"{COUNTS[name]} {name}" for name in ("steps", "updated", "refused", "unchanged", "roads"))
    return f"{counted}, {seconds:.0f} s"


if __name__ == "__main__":
    main()
