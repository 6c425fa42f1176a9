"""Where the template comes from: this checkout, the bundle in an installed package, or what the person points at."""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from setout import process
from setout.errors import TemplateError


@dataclass(frozen=True, slots=True)
class Template:
    """A template that Copier can render.

    `source` is what Copier is given (a path, or a URL) and `ref` the commit or tag; `recorded` is what the
    answers file names, so that `copier update` finds the template again, also on another machine where there
    is a public address. `note` says why an update cannot work, where it cannot.
    """

    source: str
    ref: str
    recorded: str
    note: str = ""


def find(given: str = "", ref: str = "") -> Template:
    """The template to render.

    Args:
        given: a path or URL that the person named; empty for setout's own.
        ref: a tag, branch or commit of it; empty for the newest (of `given`) or the one setout belongs to.

    Raises:
        TemplateError: there is no template there.
    """
    if given:
        return _given(given, ref)
    checkout = Path(__file__).resolve().parents[3]
    if (checkout / "copier.yml").is_file() and (checkout / ".git").exists():
        return _checkout(checkout, ref)
    return _bundle(ref)


def _given(given: str, ref: str) -> Template:
    path = Path(given).expanduser()
    if not path.exists():
        return Template(given, ref, given)
    if path.is_dir() and not (path / "copier.yml").is_file():
        raise TemplateError(f"{given}: there is no copier.yml, so this is no template", "give setout's own repository")
    absolute = str(path.resolve())
    return Template(absolute, ref, absolute)


def _checkout(root: Path, ref: str) -> Template:
    recorded = _public_url(root) or str(root)
    dirty = bool(_git(root, "status", "--porcelain", "--", "copier.yml", "blueprints", "src/setout/catalogue"))
    note = ""
    if dirty and not ref:
        note = "the template has uncommitted changes, so this delivery cannot be updated; commit them and deliver again"
    elif recorded == str(root):
        note = f"the template was taken from {root}, which has no public remote: updates work on this machine only"
    return Template(str(root), ref or "HEAD", recorded, note)


def _bundle(ref: str) -> Template:
    data = files("setout").joinpath("data")
    bundle = Path(str(data.joinpath("template.bundle")))
    if not bundle.is_file():
        raise TemplateError("this installation carries no template", "install a released wheel, or give --template")
    origin = json.loads(data.joinpath("template.json").read_text("utf-8"))
    recorded = origin["url"] or str(bundle)
    note = (
        ""
        if origin["url"]
        else "the template has no public address, so plain `copier update` works on this machine only"
    )
    return Template(str(bundle), ref or origin["commit"], recorded, note)


def _public_url(root: Path) -> str:
    """The address of the checkout's origin, if it means something elsewhere and carries no credentials."""
    url = _git(root, "config", "--get", "remote.origin.url")
    if url.startswith(("https://", "ssh://", "git@")) and "@" not in url.removeprefix("git@").removeprefix(
        "ssh://git@"
    ):
        return url
    return ""


def _git(root: Path, *words: str) -> str:
    try:
        return process.run(["git", *words], cwd=root, timeout=30).out.strip()
    except (process.CannotStart, process.TimedOut) as error:
        raise TemplateError(f"git is needed to read the template: {error}", "install git") from None
