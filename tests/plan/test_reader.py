"""Which template a plan was written with, and what its title is."""

from __future__ import annotations

import pytest

from setout.plan.reader import parse
from setout.plan.source import decode

STOCK = "**Branch**: `7-x` | **Spec**: [s](s.md)\n\n## Technical Context\n\ntext\n\n## Constitution Check\n\ntext\n"


@pytest.mark.parametrize(
    ("text", "dialect"),
    [
        ("**Language/Version**: Go\n", "speckit"),
        (STOCK, "speckit"),
        ("## Technical Context\n\ntext\n", "freeform"),
        ("filled by `/sp.plan`\n", "sp"),
        ("**Cloud Provider**: AWS\n**IaC Tools**: Terraform\n", "specops"),
        ("**Cloud Provider**: AWS\n**IaC Tool**: Terraform\n**Environment Strategy**: two\n", "iac"),
        ("## Principles Check\n\ntext\n", "iac"),
        ("## Execution Flow\n\n1. Load\n", "old"),
        ("## Goals\n\n- one\n", "freeform"),
    ],
)
def test_the_template_is_told_by_its_fields_and_headings(text: str, dialect: str) -> None:
    assert parse(decode("plan.md", f"# Plan: X\n\n{text}".encode())).dialect == dialect


@pytest.mark.parametrize(
    "heading",
    [
        "Implementation Plan: Shop",
        "Feature Implementation Plan — Shop",
        "Shop · Implementation Plan",
        "Architecture Plan: Shop",
    ],
)
def test_the_title_is_what_the_template_leaves_of_the_heading(heading: str) -> None:
    assert parse(decode("plan.md", f"# {heading}\n".encode())).title == "Shop"
