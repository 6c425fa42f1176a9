"""Delivered scripts can be run as they are: executable, without a word for ShellCheck, and they say what they are for."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import testinfra

CASES = ("helm-chart", "kubernetes-only", "multi-tenant", "multi-tool", "single-terraform")
HOST = testinfra.get_host("local://")


def scripts(root: Path) -> list[Path]:
    return sorted(path for path in root.rglob("*.sh") if path.is_file())


@pytest.mark.parametrize("case", CASES)
def test_every_script_is_executable_or_sourced(case: str, delivered: Callable[[str], Path]) -> None:
    root = delivered(case)
    sourced = {"lib.sh", "cloud.sh"}
    wrong = [s.relative_to(root).as_posix() for s in scripts(root) if HOST.file(str(s)).mode & 0o111 == 0]
    assert [name for name in wrong if Path(name).name not in sourced] == []


@pytest.mark.parametrize("case", CASES)
def test_shellcheck_has_nothing_to_say(case: str, delivered: Callable[[str], Path]) -> None:
    found = scripts(delivered(case))
    assert found
    program = Path(sys.executable).with_name("shellcheck")
    done = HOST.run(" ".join([str(program), "--external-sources", *(f"'{path}'" for path in found)]))
    assert (done.rc, done.stdout) == (0, "")


@pytest.mark.parametrize("case", CASES)
def test_every_script_stops_at_the_first_error(case: str, delivered: Callable[[str], Path]) -> None:
    root = delivered(case)
    lax = [s.relative_to(root).as_posix() for s in scripts(root) if "set -euo pipefail" not in s.read_text("utf-8")]
    assert [name for name in lax if Path(name).name not in {"lib.sh", "cloud.sh"}] == []
