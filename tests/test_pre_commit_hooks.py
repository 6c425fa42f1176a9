"""The hooks that other repositories take from here name commands that exist."""

from __future__ import annotations

import shlex

import yaml

from setout import cli
from tests.conftest import PLANS, ROOT


def hooks() -> list[dict[str, object]]:
    return list(yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8")))


def test_every_hook_starts_a_command_of_ours() -> None:
    plan = str(PLANS / "multi-tool" / "plan.md")
    for hook in hooks():
        program, *words = shlex.split(str(hook["entry"]))
        options = cli.parser().parse_args([*words, *([plan] if hook.get("pass_filenames", True) else [])])
        assert (program, callable(options.command)) == ("setout", True)
