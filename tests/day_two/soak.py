"""`python -m tests.day_two.soak --steps 10000`: random histories of so many steps, and what came of them."""

from __future__ import annotations

import argparse
import os
import sys
import time

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.day_two import workshop
from tests.day_two.histories import COUNTS, Histories


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=10_000)
    wanted = parser.parse_args().steps
    os.environ.update(workshop.IDENTITY)
    started = time.monotonic()
    while COUNTS["steps"] < wanted:
        batch(min(10, (wanted - COUNTS["steps"]) // 30 + 1))
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


def _summary(seconds: float) -> str:
    counted = ", ".join(f"{COUNTS[name]} {name}" for name in ("steps", "updated", "refused", "unchanged"))
    return f"{counted}, {seconds:.0f} s"


if __name__ == "__main__":
    main()
