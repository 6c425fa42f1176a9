"""Views of what a command found; one module per format, each with the same four functions."""

from __future__ import annotations

from importlib import import_module
from typing import Protocol, cast

from setout.model import Validation
from setout.pipeline import Delivery, Preview, Reading

# The formats, by the name of their module. A test holds this equal to the folder.
FORMATS = ("json", "text")


class Format(Protocol):
    """What every module of this package offers: a value in, the whole report as text out."""

    def reading(self, value: Reading, *, color: bool = False) -> str: ...
    def preview(self, value: Preview, *, color: bool = False) -> str: ...
    def delivery(self, value: Delivery, *, color: bool = False) -> str: ...
    def validation(self, value: Validation, *, color: bool = False) -> str: ...


def load(name: str) -> Format:
    """The format called `name` (one of FORMATS)."""
    if name not in FORMATS:
        raise KeyError(name)
    return cast(Format, import_module(f"{__name__}.{name}"))
