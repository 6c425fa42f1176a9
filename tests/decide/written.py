"""Plans for tests, written as people write them."""

from __future__ import annotations

from setout.decide import decide
from setout.model import Decision, Plan
from setout.plan.reader import parse
from setout.plan.source import decode


def plan(text: str, title: str = "Platform") -> Plan:
    return parse(decode("plan.md", f"# Implementation Plan: {title}\n\n{text}\n".encode()))


def decision(text: str, title: str = "Platform") -> Decision:
    return decide(plan(text, title))


def tree(*lines: str) -> str:
    """A source tree as the plan's own section has it."""
    return "## Project Structure\n\n### Source Code (repository root)\n\n```text\n" + "\n".join(lines) + "\n```\n"


def context(**fields: str) -> str:
    """The fields of the technical context: `target_platform="EKS"` is **Target Platform**: EKS."""
    lines = [f"**{name.replace('_', ' ').title()}**: {value}" for name, value in fields.items()]
    return "## Technical Context\n\n" + "\n".join(lines) + "\n\n"
