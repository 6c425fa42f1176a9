"""What a repository says about its own validation: `.setout.toml`, and what is excluded from it, with the reason."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from setout.errors import UserError

FILE = ".setout.toml"
REASON = 10  # characters below which a reason gives none

_KEYS = ("exclude", "kubernetes_versions", "providers", "terraform")
_EXCLUDE_KEYS = ("paths", "reason", "rules")
_AT_LINE = re.compile(r"\(at line (\d+)")


class SettingsError(UserError):
    """The settings of a repository, or an exclusion on the command line, cannot be understood."""


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Paths that are not looked at, with the reason and where that is said (line 0: on the command line).

    With `rules` they are looked at all the same, and only what these rules find there is left out.
    """

    pattern: str
    reason: str
    line: int = 0
    rules: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.pattern} ({', '.join(self.rules)})" if self.rules else self.pattern

    def spares(self, rule: str, path: str) -> bool:
        """Whether a finding is left out of the report, all but the number of its kind."""
        return rule in self.rules and bool(self.covers((path,)))

    def covers(self, paths: Iterable[str]) -> frozenset[str]:
        """Those of `paths` that are excluded: `*` stands for a part of a name, `**` for any number of folders."""
        whole = re.compile(_expression(self.pattern))
        return frozenset(path for path in paths if whole.fullmatch(path))


@dataclass(frozen=True, slots=True)
class Settings:
    """What the file says; a field that it leaves out is empty."""

    exclusions: tuple[Exclusion, ...] = ()
    kubernetes_versions: tuple[str, ...] = ()
    providers: str = ""
    terraform: str = ""


def read(text: str) -> Settings:
    """The settings in the text of a `.setout.toml`. Raises SettingsError with the line."""
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        at = _AT_LINE.search(str(error))
        raise _wrong(int(at[1]) if at else text.count("\n") + 1, f"not TOML: {error}") from error
    for name in content:
        if name not in _KEYS:
            raise _wrong(_line(text, name), f"{name} is not a setting", f"one of: {', '.join(_KEYS)}")
    return Settings(
        tuple(_exclusions(content.get("exclude", []), text)),
        _strings(content.get("kubernetes_versions", []), "kubernetes_versions", _line(text, "kubernetes_versions")),
        _string(content.get("providers", ""), "providers", _line(text, "providers")),
        _string(content.get("terraform", ""), "terraform", _line(text, "terraform")),
    )


def exclusion(text: str) -> Exclusion:
    """The exclusion in `PATTERN=REASON`. Raises SettingsError."""
    pattern, _, reason = text.partition("=")
    if not pattern.strip() or len(reason.strip()) < REASON:
        raise SettingsError(
            f"--exclude {text}: a pattern and a reason of {REASON} characters or more are needed",
            "for example --exclude 'legacy/**=replaced by live/ in March'",
        )
    return Exclusion(_relative(pattern), reason.strip())


def _exclusions(tables: Any, text: str) -> Iterable[Exclusion]:
    if not isinstance(tables, list) or not all(isinstance(table, Mapping) for table in tables):
        raise _wrong(_line(text, "exclude"), "exclude is not a list of tables", "write [[exclude]]")
    starts = [
        text.count("\n", 0, found.start()) + 1 for found in re.finditer(r"^[ \t]*\[\[\s*exclude\s*\]\]", text, re.M)
    ]
    for number, table in enumerate(tables):
        line = starts[number] if number < len(starts) else _line(text, "exclude")
        for name in table:
            if name not in _EXCLUDE_KEYS:
                known = f"one of: {', '.join(_EXCLUDE_KEYS)}"
                raise _wrong(_line(text, name, line), f"{name} is not a part of an exclusion", known)
        rules = _strings(table.get("rules", []), "rules", _line(text, "rules", line))
        paths = _strings(table.get("paths", ["**"] if rules else []), "paths", _line(text, "paths", line))
        reason = _string(table.get("reason", ""), "reason", _line(text, "reason", line)).strip()
        if not paths:
            raise _wrong(line, "an exclusion without paths excludes nothing", 'add paths = ["FOLDER/**"]')
        if len(reason) < REASON:
            raise _wrong(
                line, f"an exclusion needs a reason of {REASON} characters or more", "say why, in one sentence"
            )
        at = _line(text, "paths", line)
        yield from (Exclusion(_relative(path), reason, _line_of_value(text, path, at), rules) for path in paths)


def _strings(value: Any, name: str, line: int) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
        raise _wrong(line, f"{name} is not a list of strings")
    return tuple(value)


def _string(value: Any, name: str, line: int) -> str:
    if not isinstance(value, str):
        raise _wrong(line, f"{name} is not a string")
    return value


def _relative(pattern: str) -> str:
    return pattern.strip().removeprefix("./").rstrip("/")


def _line(text: str, name: str, after: int = 1) -> int:
    """The line on which a key is set, at or after a line; else that line."""
    key = re.compile(rf"^\s*(?:\[+\s*)?[\"']?{re.escape(name)}[\"']?\s*[=.\]]")
    lines: Sequence[str] = text.splitlines()
    return next((n + 1 for n in range(after - 1, len(lines)) if key.match(lines[n])), after)


def _line_of_value(text: str, value: str, after: int) -> int:
    lines = text.splitlines()
    return next((n + 1 for n in range(after - 1, len(lines)) if value in lines[n]), after)


def _wrong(line: int, message: str, hint: str = "") -> SettingsError:
    return SettingsError(f"{FILE}:{line}: {message}", hint)


def _expression(pattern: str) -> str:
    """The pattern as a regular expression. What names a folder means everything in it."""
    parts = []
    for part in pattern.split("/"):
        if part == "**":
            parts.append("(?:[^/]+/)*")
        else:
            name = "".join({"*": "[^/]*", "?": "[^/]"}.get(c) or re.escape(c) for c in part)
            parts.append(f"{name}/")
    whole = "".join(parts)
    return f"{whole}[^/]+" if whole.endswith("*") else f"{whole.removesuffix('/')}(?:/.*)?"
