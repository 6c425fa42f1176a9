"""Fingerprints stay when lines move, and differ when findings do."""

from __future__ import annotations

from pathlib import Path

from setout import fingerprints
from setout.model import Finding, Result, Status

FILES = ("main.tf", "other.tf")


def result(*findings: Finding, target: str = ".") -> Result:
    return Result("terraform", "1.11.4", target, Status.FAILED, 1, 0.1, findings=findings)


def of(text: str, *findings: Finding) -> list[str]:
    (marked,) = fingerprints.marked([result(*findings)], FILES, lambda _: text)
    return [finding.fingerprint for finding in marked.findings]


def at(line: int, rule: str = "a/b", message: str = "wrong") -> Finding:
    return Finding(rule, message, "mend it", "main.tf", line)


def test_a_finding_keeps_its_fingerprint_when_lines_move_and_spaces_change() -> None:
    assert of("x = 1\n", at(1)) == of("# new\n\n  x  =  1\n", at(3))


def test_another_rule_file_or_line_text_is_another_fingerprint() -> None:
    elsewhere = Finding("a/b", "wrong", "mend it", "other.tf", 1)
    marks = of("x = 1\ny = 2\n", at(1), at(2), at(1, rule="a/c"), elsewhere)
    assert len(set(marks)) == 4


def test_equal_lines_are_counted() -> None:
    first, second = of("x = 1\nx = 1\n", at(1), at(2))
    assert first != second
    assert of("x = 1\nz = 3\nx = 1\n", at(1), at(3)) == [first, second]


def test_one_finding_seen_from_two_targets_is_one() -> None:
    both = fingerprints.marked([result(at(1)), result(at(1), target="live")], FILES, lambda _: "x = 1\n")
    assert both[0].findings == both[1].findings


def test_a_file_that_cannot_be_read_still_gets_a_fingerprint(tmp_path: Path) -> None:
    (marked,) = fingerprints.marked([result(at(1))], FILES, lambda path: (tmp_path / path).read_text())
    assert len(marked.findings[0].fingerprint) == 32


def test_no_file_is_opened_that_is_not_of_the_tree() -> None:
    opened: list[str] = []
    outside = Finding("a/b", "wrong", "mend it", "../../etc/passwd", 1)
    fingerprints.marked([result(outside)], FILES, lambda path: opened.append(path) or "")
    assert opened == []
