"""What several tests need: the checkout, the programs, and repositories delivered from our own plans."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock

from setout import pipeline, toolchain

ROOT = Path(__file__).resolve().parents[1]
PLANS = ROOT / "tests" / "plans"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write what comes out beside each golden plan")


@pytest.fixture
def update_golden(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--update-golden"))


@pytest.fixture(scope="session")
def program() -> Callable[[str], toolchain.Program]:
    """A program by name; a missing one fails the test and names the command that gets it (never a skip)."""
    return toolchain.find


@pytest.fixture(scope="session")
def delivered(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Callable[[str], Path]:
    """The repository delivered from `tests/plans/<case>/plan.md`, rendered once for all workers; read only."""
    own = tmp_path_factory.getbasetemp()
    shared = (own if worker_id == "master" else own.parent) / "delivered"
    shared.mkdir(exist_ok=True)

    def deliver(case: str) -> Path:
        with FileLock(shared / f"{case}.lock"):
            if not (shared / case).exists():
                pipeline.scaffold(PLANS / case / "plan.md", shared / case, {}, check=False, progress=lambda _: None)
        return shared / case

    return deliver


@pytest.fixture
def copy_of(delivered: Callable[[str], Path], tmp_path: Path) -> Callable[[str], Path]:
    """A copy of a delivered repository that a test may break."""

    def copy(case: str) -> Path:
        return Path(shutil.copytree(delivered(case), tmp_path / case, symlinks=True))

    return copy
