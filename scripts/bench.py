"""The speed goals as ratios: each pair is measured in one run, in turn, so that a busy machine weighs on both alike."""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from setout import pipeline, toolchain
from setout.decide import decide
from setout.delivery.answers import answer
from setout.plan.reader import parse
from setout.plan.source import decode

ROOT = Path(__file__).resolve().parents[1]
PLAN = ROOT / "tests" / "plans" / "multi-tool" / "plan.md"
_COUNTED, _MINORS = "kubeconform-starts", ("1.34", "1.35", "1.37")
SETOUT = [sys.executable, "-m", "setout"]
Run = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two ways to the same end; `goal` bounds the ratio of ours to theirs from above."""

    name: str
    ours: Run
    theirs: Run
    goal: float
    runs: int = 5
    prepare: Run = lambda: None


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("only", nargs="*", help="names of pairs (default: all)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="setout-bench-") as folder:
        for pair in _pairs(Path(folder)):
            if not options.only or pair.name in options.only:
                _measure(pair)
        if not options.only or _COUNTED in options.only:
            _count(Path(folder))
    return 0


def _measure(pair: Pair) -> None:
    pair.prepare()
    ratios, ours, theirs = [], [], []
    for _ in range(pair.runs):
        theirs.append(_seconds(pair.theirs))
        ours.append(_seconds(pair.ours))
        ratios.append(ours[-1] / theirs[-1])
    ratio = statistics.median(ratios)
    verdict = "met" if ratio <= pair.goal else "missed"
    figures = f"{statistics.median(ours):.3f} s against {statistics.median(theirs):.3f} s"
    print(
        f"{pair.name:<28} ratio {ratio:6.3f}  goal <= {pair.goal:<5.3g} {verdict:<7} {figures}, {pair.runs} runs",
        flush=True,
    )


def _count(folder: Path) -> None:
    """How often kubeconform is started for a repository: a program in its place writes each start down."""
    tree, log, report = folder / "counted", folder / "starts", folder / "counted.json"
    pipeline.scaffold(PLAN, tree, {}, check=False, progress=lambda _: None)
    real = toolchain.find("kubeconform").path
    program = folder / "kubeconform"
    program.write_text(f'#!/bin/sh\n[ "$1" = -v ] || echo "$*" >> "{log}"\nexec "{real}" "$@"\n')
    program.chmod(0o755)
    asked = [word for minor in _MINORS for word in ("--kubernetes-version", minor)]
    os.environ["SETOUT_KUBECONFORM"] = str(program)
    try:
        _call(*SETOUT, "validate", tree, "--providers", "schema", "--no-cache", "--report", f"json={report}", *asked)
    finally:
        del os.environ["SETOUT_KUBECONFORM"]
    results = [item for item in json.loads(report.read_text("utf-8"))["checks"] if item["tool"] == "kubeconform"]
    starts = len(log.read_text("utf-8").splitlines())
    verdict = "met" if starts == len(_MINORS) else "missed"
    looked_at = f"{len(results)} targets, {sum(item['checked'] for item in results)} objects"
    print(f"{_COUNTED:<28} {starts} starts, goal {len(_MINORS)} (one a version) {verdict}: {looked_at}", flush=True)


def _seconds(run: Run) -> float:
    started = time.perf_counter()
    run()
    return time.perf_counter() - started


def _pairs(folder: Path) -> list[Pair]:
    pairs = [_help(), _scaffold(folder), _reading(), _update(folder), _drift(folder), _warm(folder)]
    mirror = os.environ.get("SETOUT_PROVIDER_MIRROR", "")
    if mirror and Path(mirror).is_dir():
        pairs.append(_ten_roots(folder, Path(mirror)))
    else:
        print("ten-aws-roots                left out: SETOUT_PROVIDER_MIRROR names no folder with the real provider")
    return pairs


def _call(*words: str | Path, cwd: Path = ROOT) -> None:
    # Bytecode is cached for every user; a shell that forbids it would make us compile our modules at each start.
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run([str(word) for word in words], cwd=cwd, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(map(str, words))} ended with {done.returncode}:\n{done.stdout}{done.stderr}")


def _help() -> Pair:
    program = Path(sys.executable).with_name("setout")
    return Pair("help", lambda: _call(program, "--help"), lambda: _call(sys.executable, "-c", "pass"), 4.0, runs=15)


def _scaffold(folder: Path) -> Pair:
    reading = pipeline.read(PLAN)
    data = folder / "answers.json"
    data.write_text(json.dumps(dict(answer(reading.plan, reading.decision).values)), "utf-8")
    out = folder / "out"

    def ours() -> None:
        _call(*SETOUT, "scaffold", PLAN, out, "--no-validate")
        shutil.rmtree(out)

    def theirs() -> None:
        _call(
            sys.executable,
            "-m",
            "copier",
            "copy",
            "--quiet",
            "--defaults",
            "--vcs-ref",
            "HEAD",
            "--data-file",
            data,
            ROOT,
            out,
        )
        shutil.rmtree(out)

    return Pair("scaffold", ours, theirs, 1.3)


def _reading() -> Pair:
    text = PLAN.read_text("utf-8")
    small = decode("plan.md", (text * (100_000 // len(text) + 1)).encode())
    large = decode("plan.md", (text * (1_000_000 // len(text) + 1)).encode())
    return Pair("read-1MB-to-100KB", lambda: decide(parse(large)), lambda: decide(parse(small)), 12.0, runs=3)


def _update(folder: Path) -> Pair:
    """A new version of the template in an unedited repository of plan Option 2, ours with its commit."""
    source = folder / "template"
    trees = {name: folder / "update" / name for name in ("ours", "theirs")}

    def prepare() -> None:
        _released(source)
        for tree in trees.values():
            _delivered(PLAN, tree, source)
        page = source / "blueprints" / "SECURITY.md.jinja"
        page.write_text(f"{page.read_text('utf-8')}\nTell us first.\n", "utf-8")
        _git(source, "commit", "--quiet", "--all", "--message", "a release")
        _git(source, "tag", "v1.1.0")

    def ours() -> None:
        _git(trees["ours"], "reset", "--quiet", "--hard", "delivered")
        _call(*SETOUT, "update", trees["ours"], "--template", source, "--to", "v1.1.0", "--no-validate")

    def theirs() -> None:
        _git(trees["theirs"], "reset", "--quiet", "--hard", "delivered")
        words = ("copier", "update", "--quiet", "--defaults", "--vcs-ref", "v1.1.0")
        _call(sys.executable, "-m", *words, cwd=trees["theirs"])

    return Pair("update", ours, theirs, 1.5, runs=3, prepare=prepare)


def _drift(folder: Path) -> Pair:
    """A repository of about a thousand files, compared with what it was made from, against making it once."""
    source, tree, plan, out = (folder / "drift" / name for name in ("template", "tree", "plan.md", "out"))

    def prepare() -> None:
        source.parent.mkdir()
        _released(source)
        text = (PLAN.parents[1] / "multi-tenant" / "plan.md").read_text("utf-8")
        rows = "".join(f"| team{number} | team{number}:developers | small |\n" for number in range(10, 42))
        plan.write_text(re.sub(r"(?m)^(\| finance \|.*\n)", rf"\g<1>{rows}", text), "utf-8")
        _delivered(plan, tree, source)

    def theirs() -> None:
        words = ("copier", "copy", "--quiet", "--defaults", "--vcs-ref", "v1.0.0")
        _call(sys.executable, "-m", *words, "--data-file", tree / ".copier-answers.yml", source, out)
        shutil.rmtree(out)

    return Pair(
        "drift-1000-files",
        lambda: _call(*SETOUT, "drift", tree, "--template", source, "--to", "v1.0.0"),
        theirs,
        2.0,
        runs=3,
        prepare=prepare,
    )


def _released(source: Path) -> None:
    """This checkout's last commit as a template of its own, released as v1.0.0."""
    _call("git", "clone", "--quiet", "--no-tags", ROOT, source)
    _git(source, "tag", "v1.0.0")


def _delivered(plan: Path, tree: Path, source: Path) -> None:
    """A repository from v1.0.0 of that template, committed and tagged `delivered`."""
    template = {"template": str(source), "ref": "v1.0.0"}
    pipeline.scaffold(plan, tree, {}, **template, check=False, progress=lambda _: None)  # type: ignore[arg-type]
    _git(tree, "init", "--quiet")
    _git(tree, "add", "--all")
    _git(tree, "commit", "--quiet", "--message", "delivered")
    _git(tree, "tag", "delivered")


def _git(where: Path, *words: str) -> None:
    _call("git", "-c", "user.name=bench", "-c", "user.email=bench@localhost", *words, cwd=where)


def _warm(folder: Path) -> Pair:
    """A repository of plan Option 2 that has not changed since the last look, against looking at everything anew."""
    tree = folder / "unchanged"
    validate = [*SETOUT, "validate", tree, "--providers", "schema"]

    def prepare() -> None:
        pipeline.scaffold(PLAN, tree, {}, check=False, progress=lambda _: None)
        _call(*validate)

    ours, theirs = (lambda: _call(*validate)), (lambda: _call(*validate, "--no-cache"))
    return Pair("warm-validate", ours, theirs, 1 / 20, runs=3, prepare=prepare)


def _ten_roots(folder: Path, mirror: Path) -> Pair:
    """Ten copies of a root with its modules: ours all at once, theirs `init` and `validate` one after the other."""
    tree = folder / "terraform-only"
    pipeline.scaffold(PLAN.parents[1] / "single-terraform" / "plan.md", tree, {}, check=False, progress=lambda _: None)
    roots = []
    for number in range(10):
        root = folder / "ten" / "environments" / f"env{number}"
        shutil.copytree(tree / "terraform" / "environments" / "dev", root)
        backend = root / "backend.tf"
        backend.write_text(
            backend.read_text("utf-8").replace("environments/dev/", f"environments/{root.name}/"), "utf-8"
        )
        roots.append(root)
    left_out = shutil.ignore_patterns("tests", "examples", "*.md")
    shutil.copytree(tree / "terraform" / "modules", folder / "ten" / "modules", ignore=left_out)

    def theirs() -> None:
        for root in roots:
            _call("terraform", "init", "-backend=false", "-input=false", f"-plugin-dir={mirror}", cwd=root)
            _call("terraform", "validate", cwd=root)
            shutil.rmtree(root / ".terraform")
            (root / ".terraform.lock.hcl").unlink()

    return Pair(
        "ten-aws-roots",
        lambda: _call(*SETOUT, "validate", folder / "ten", "--providers", "schema", "--no-cache"),
        theirs,
        1 / 4,
        runs=3,
    )


if __name__ == "__main__":
    sys.exit(main())
