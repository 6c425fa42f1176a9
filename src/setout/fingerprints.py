"""Names for findings that stay when lines move: made of the rule, the file and the text of the line, not its number."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace

from setout.model import Finding, Result


def marked(results: Iterable[Result], files: Iterable[str], text_of: Callable[[str], str]) -> tuple[Result, ...]:
    """The results with a fingerprint on every finding.

    The same finding seen from two targets gets the same one; two that differ in nothing but their line get a count.

    Args:
        files: the files of the tree; a program may name others, and those are not opened.
        text_of: the text of a file by its path; may raise OSError.
    """
    lines = _Lines(frozenset(files), text_of)
    seen = Counter[str]()
    known: dict[Finding, Finding] = {}

    def mark(finding: Finding) -> Finding:
        if finding not in known:
            known[finding] = replace(
                finding, fingerprint=_next(seen, finding.rule, finding.path, lines.at(finding.path, finding.line))
            )
        return known[finding]

    return tuple(replace(result, findings=tuple(map(mark, result.findings))) for result in results)


def named(findings: Iterable[tuple[Finding, str]]) -> tuple[Finding, ...]:
    """Findings, each given with the text it is about, with a fingerprint on every one."""
    seen = Counter[str]()
    return tuple(
        replace(finding, fingerprint=_next(seen, finding.rule, finding.path, text)) for finding, text in findings
    )


def _next(seen: Counter[str], rule: str, path: str, text: str) -> str:
    base = "\0".join((rule, path, " ".join(text.split())))
    seen[base] += 1
    return fingerprint(base, str(seen[base]))


def fingerprint(*parts: str) -> str:
    """128 bits of SHA-256 as hexadecimal digits: as much as GitLab and GitHub show and compare."""
    return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()[:32]


class _Lines:
    """Lines of files, each file read once. What cannot be read, or is not there, is empty."""

    def __init__(self, files: frozenset[str], text_of: Callable[[str], str]) -> None:
        self._known = files
        self._text_of = text_of
        self._files: dict[str, list[str]] = {}

    def at(self, path: str, number: int) -> str:
        if path not in self._files:
            self._files[path] = self._read(path)
        lines = self._files[path]
        return lines[number - 1] if 0 < number <= len(lines) else ""

    def _read(self, path: str) -> list[str]:
        try:
            return self._text_of(path).splitlines() if path in self._known else []
        except OSError:
            return []
