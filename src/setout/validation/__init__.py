"""A repository held to every check, under the caller's rules. It runs at every save, so it imports nothing of plans."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from setout.errors import UserError
from setout.model import Severity, Validation


def validate(
    root: Path,
    *,
    progress: Callable[[str], None],
    kubernetes_versions: tuple[str, ...] = (),
    providers: str = "",
    exclude: tuple[str, ...] = (),
    required: tuple[str, ...] = (),
    fail_on: Severity = Severity.ERROR,
    remember: bool = True,
) -> Validation:
    """Check a repository with the real programs and with our own gates.

    Args:
        exclude: PATTERN=REASON of what is not to be looked at.
        remember: whether what was found out the last time from the very same files need not be found out again.
        required: tools, or checks such as `terraform test`, that must have looked at something.
        fail_on: the mildest finding that fails a check.

    Raises:
        UserError: an argument is none of its values, or `root` is not a directory.
    """
    from setout.validation import checks, store  # noqa: PLC0415 - `pipeline` imports us, and most of what it does needs neither

    for name in required:
        if name not in checks.names():
            raise UserError(f"{name}: there is no such tool or check", f"one of: {', '.join(checks.names())}")
    done = checks.check(
        root,
        progress=progress,
        kubernetes_versions=kubernetes_versions,
        providers=providers,
        exclude=exclude,
        store=store.default() if remember else None,
    )
    return replace(done, root=str(root)).judged(fail_on, required)
