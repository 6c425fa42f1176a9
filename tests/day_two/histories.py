"""Random histories of a repository: plans, templates and people change; nothing that a person wrote may be lost."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from setout import pipeline
from setout.upkeep import repository
from setout.upkeep.intent import Wish
from tests.day_two import workshop
from tests.day_two.workshop import PLAN, Workbench, commit, git

COUNTS: Counter[str] = Counter()

ENVIRONMENTS = ("dev", "test", "staging", "prod")
TENANTS = ("retail", "shops", "north", "south")
CONSENT = (*ENVIRONMENTS, *TENANTS)
PLAN_PATH = "specs/001-demo/plan.md"
OWN = {PLAN_PATH, ".copier-answers.yml"}
BUSY = {"notes.txt", "README.md", "extra/one.md"}
PERSON = re.compile(rb"person-\d+")


def quiet(_: str) -> None:
    """Nobody listens to the progress."""


def deliver(folder: Path, template: Workbench, repo: Path, plan: str) -> None:
    """Make the repository that the plan asks for, and commit it."""
    file = folder / PLAN_PATH
    file.parent.mkdir(parents=True)
    file.write_text(plan, "utf-8")
    ref = git(template.root, "rev-parse", "HEAD").strip()
    pipeline.scaffold(file, repo, {}, template=str(template.root), ref=ref, check=False, progress=quiet)
    git(repo, "init", "--quiet", "--initial-branch=main")
    commit(repo)


Change = tuple[str, Any]

# What plan and template may come to say while nobody edits. Environments are only added: one that goes and comes back
# may be given another address range, and rightly so.
CHANGES: st.SearchStrategy[list[Change]] = st.lists(
    st.one_of(
        st.tuples(st.just("environment"), st.sampled_from(("test", "staging", "qa"))),
        st.tuples(st.just("tenants"), st.dictionaries(st.sampled_from(TENANTS), st.sampled_from(("small", "medium")))),
        st.tuples(st.just("title"), st.sampled_from(("One", "Two", "Three"))),
        st.tuples(st.just("line"), st.tuples(st.sampled_from(("notes.txt", "run.sh")), st.integers(0, 11))),
        st.tuples(st.just("file"), st.sampled_from(("extra/one.md", "three.txt"))),
        st.tuples(st.just("move"), st.sampled_from(("notes.txt", "run.sh"))),
    ),
    min_size=2,
    max_size=7,
)


def check_stops_make_no_difference(changes: list[Change], stops: set[int]) -> None:
    """From A to C is from A to B to C, where nobody edited."""
    ends = [_end_of(changes, chosen) for chosen in (stops, set[int]())]
    COUNTS["roads"] += 1
    assert ends[0] == ends[1], (changes, stops)


def _end_of(changes: list[Change], stops: set[int]) -> str:
    """What a repository comes to with an update after each of `stops` and one at the end."""
    folder = Path(tempfile.mkdtemp(prefix="setout-road-"))
    try:
        template, repo = Workbench(folder / "template"), folder / "repository"
        deliver(folder, template, repo, workshop.tenants(PLAN, {"retail": "small"}))
        for number, change in enumerate(changes):
            _apply(change, template, repo / PLAN_PATH, number)
            if number in stops:
                _go_along(repo)
        _go_along(repo)
        answers = (repo / ".copier-answers.yml").read_text("utf-8").split("\n")
        files = git(repo, "ls-files", "--stage", "--", ":!.copier-answers.yml")
        return "\n".join([files, *(line for line in answers if not line.startswith("_"))])
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _go_along(repo: Path) -> None:
    done = pipeline.update(repo, Wish(deletions=CONSENT), check=False, progress=quiet)
    assert done.outcome != "refused", done.reasons


def _apply(change: Change, template: Workbench, plan: Path, number: int) -> None:
    kind, what = change
    text = plan.read_text("utf-8")
    if kind == "environment":
        known = re.findall(r"(?m)^\*\*Environments\*\*: (.*)$", text)[0].split(", ")
        plan.write_text(workshop.environments(text, [*dict.fromkeys((*known, what))]), "utf-8")
    elif kind == "tenants":
        plan.write_text(workshop.tenants(text, what), "utf-8")
    elif kind == "title":
        plan.write_text(re.sub(r"(?m)^# .*$", f"# {what}", text, count=1), "utf-8")
    else:
        _apply_to_template(kind, what, template.files, number)
        template.release()


def _apply_to_template(kind: str, what: Any, files: dict[str, str], number: int) -> None:
    if kind == "file":
        if files.pop(what, None) is None:
            files[what] = f"new in the template {number}\n"
        return
    name = what[0] if kind == "line" else what
    place = name if name in files else f"guide/{name}"
    if kind == "move":
        files[name if place != name else f"guide/{name}"] = files.pop(place)
        return
    lines = files[place].splitlines(keepends=True)
    lines.insert(what[1] % len(lines), f"# the template says {number}\n")
    files[place] = "".join(lines)


class Histories(RuleBasedStateMachine):
    """One repository, its template and its plan, through any sequence of changes."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="setout-history-"))
        self.template = Workbench(self.folder / "template")
        self.repo = self.folder / "repository"
        self.marks = 0

    def teardown(self) -> None:
        try:
            if (self.repo / ".git").exists():
                self._update(consents=True)
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)

    @initialize(environments=st.lists(st.sampled_from(ENVIRONMENTS), min_size=1, max_size=3, unique=True),
                tenants=st.lists(st.sampled_from(TENANTS), max_size=2, unique=True))  # fmt: skip
    def scaffold(self, environments: list[str], tenants: list[str]) -> None:
        plan = workshop.tenants(workshop.environments(PLAN, environments), dict.fromkeys(tenants, "small"))
        deliver(self.folder, self.template, self.repo, plan)

    # What happens to the plan

    def _write_plan(self, change: Callable[[str], str]) -> None:
        COUNTS["steps"] += 1
        file = self.repo / PLAN_PATH
        file.write_text(change(file.read_text("utf-8")), "utf-8")

    @rule(names=st.lists(st.sampled_from(ENVIRONMENTS), min_size=1, max_size=4, unique=True), committed=st.booleans())
    def plan_environments(self, names: list[str], committed: bool) -> None:
        self._write_plan(lambda plan: workshop.environments(plan, names))
        if committed:
            commit(self.repo)

    @rule(quotas=st.dictionaries(st.sampled_from(TENANTS), st.sampled_from(("small", "medium")), max_size=3))
    def plan_tenants(self, quotas: dict[str, str]) -> None:
        self._write_plan(lambda plan: workshop.tenants(plan, quotas))

    @rule(title=st.sampled_from(("Demo platform", "Our platform", "The platform of everybody")))
    def plan_title(self, title: str) -> None:
        self._write_plan(lambda plan: re.sub(r"(?m)^# .*$", f"# Implementation Plan: {title}", plan))

    # What happens to the template

    def _release(self) -> None:
        COUNTS["steps"] += 1
        self.template.release()

    @rule(name=st.sampled_from(sorted(workshop.FILES)[:-1]), line=st.integers(0, 5), inserts=st.booleans())
    def template_line(self, name: str, line: int, inserts: bool) -> None:
        text = self.template.files.get(name, "")
        lines = text.splitlines(keepends=True)
        if "answers_file" in name or not lines or "{%" in lines[line % len(lines)]:
            return
        position = line % len(lines)
        self.marks += 1
        if inserts:
            lines.insert(position, f"# the template says {self.marks}\n")
        else:
            lines[position] = lines[position].rstrip("\n") + f" # template {self.marks}\n"
        self.template.files[name] = "".join(lines)
        self._release()

    @rule(name=st.sampled_from(("extra/one.md", "extra/two.md", "three.txt", "mine.txt")))
    def template_file(self, name: str) -> None:
        if name in self.template.files:
            del self.template.files[name]
        else:
            self.marks += 1
            self.template.files[name] = f"new in the template {self.marks}\nand more of it\nand the end\n"
        self._release()

    @rule(name=st.sampled_from(("notes.txt", "run.sh", "extra/one.md")), folder=st.sampled_from(("guide/", "tools/")))
    def template_moves(self, name: str, folder: str) -> None:
        """What lies where it lay at first goes into a directory, and comes back from there."""
        place = f"{folder}{name.rsplit('/', maxsplit=1)[-1]}"
        one, other = (name, place) if name in self.template.files else (place, name)
        if one in self.template.files and other not in self.template.files:
            self.template.files[other] = self.template.files.pop(one)
            self._release()

    # What people do

    def _delivered(self) -> list[str]:
        listed = git(self.repo, "ls-files", "-z").split("\0")
        return [path for path in listed if path and path not in OWN and (self.repo / path).is_file()]

    def _pick(self, number: int) -> Path | None:
        """A file; more often than not one of those that the template changes as well."""
        paths = self._delivered()
        if number % 3:
            paths = [path for path in paths if path in BUSY or path.endswith("dev/main.tf")] or paths
        return self.repo / paths[number % len(paths)] if paths else None

    def _mark(self) -> str:
        self.marks += 1
        return f"person-{self.marks}"

    def _done(self) -> None:
        COUNTS["steps"] += 1
        commit(self.repo, "a person")

    @rule(file=st.integers(0, 50), line=st.integers(0, 7), kind=st.sampled_from(("insert", "change", "append", "cut")))
    def person_edits(self, file: int, line: int, kind: str) -> None:
        path = self._pick(file)
        if path is None:
            return
        lines = path.read_text("utf-8").splitlines(keepends=True) or [""]
        position = line % len(lines)
        if kind == "insert":
            lines.insert(position, f"# {self._mark()}\n")
        elif kind == "change":
            lines[position] = lines[position].rstrip("\n") + f" # {self._mark()}\n"
        elif kind == "append":
            lines.append(f"# {self._mark()}")
        else:
            del lines[position]
        path.write_text("".join(lines), "utf-8")
        self._done()

    @rule(file=st.integers(0, 50), kind=st.sampled_from(("indent", "blank lines", "endings", "run")))
    def person_reformats(self, file: int, kind: str) -> None:
        path = self._pick(file)
        if path is None:
            return
        data = path.read_bytes()
        if kind == "indent":
            path.write_bytes(re.sub(rb"(?m)^  ", b"    ", data))
        elif kind == "blank lines":
            path.write_bytes(re.sub(rb"\n\n+", b"\n\n\n", data))
        elif kind == "endings":
            path.write_bytes(data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))
        else:
            path.chmod(0o755)
        self._done()

    @rule(file=st.integers(0, 50))
    def person_deletes(self, file: int) -> None:
        path = self._pick(file)
        if path:
            path.unlink()
            self._done()

    @rule(
        file=st.integers(0, 50),
        folder=st.sampled_from(("ours", "ours/deeper", "environments", "")),
        edits=st.booleans(),
    )
    def person_moves(self, file: int, folder: str, edits: bool) -> None:
        path = self._pick(file)
        target = self.repo / folder / f"moved-{path.name}" if path else self.repo
        if path is None or target.exists():
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        path.rename(target)
        if edits:
            target.write_bytes(target.read_bytes() + f"# {self._mark()}\n".encode())
        self._done()

    @rule(name=st.sampled_from(("mine.txt", "extra/one.md", "tenants/retail/mine.yaml", "environments/prod/mine.tf")),
          committed=st.booleans())  # fmt: skip
    def person_adds(self, name: str, committed: bool) -> None:
        file = self.repo / name
        if file.exists() or any(parent.is_file() for parent in file.parents):
            return
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"{self._mark()}\n", "utf-8")
        if committed:
            self._done()

    @rule()
    def person_commits(self) -> None:
        self._done()

    # What setout does

    # Several rules, since hypothesis leaves some out of each history.

    @rule()
    def update(self) -> None:
        self._update()

    @rule()
    def update_with_consent(self) -> None:
        self._update(consents=True)

    @rule()
    def update_staged(self) -> None:
        self._update(consents=True, commits=False)

    @rule(title=st.sampled_from(("One", "Two", "Three")), name=st.sampled_from(("notes.txt", "README.md.jinja")))
    def update_after_changes(self, title: str, name: str) -> None:
        self.plan_title(title)
        self.template_line(name, 3, True)
        self._update(consents=True)

    @rule(
        kind=st.sampled_from(("drop", "same line", "same name")),
        name=st.sampled_from(("notes.txt", "run.sh", "three.txt")),
    )
    def update_where_both_have_a_say(self, kind: str, name: str) -> None:
        """The template drops what a person edited, changes the line that they changed, or brings a name of theirs."""
        file, mark = self.repo / name, f"# {self._mark()}\n"
        if kind == "same name":
            self.template.files[name] = f"from the template {mark.replace('person', 'not-a-p')}"
        elif name not in self.template.files:
            return
        elif kind == "drop":
            del self.template.files[name]
        else:
            first, _, rest = self.template.files[name].partition("\n")
            self.template.files[name] = f"{first} template {self.marks}\n{rest}"
        if file.is_file():
            file.write_bytes(mark.encode() + file.read_bytes())
        elif kind == "same name":
            file.write_text(mark, "utf-8")
        self._release()
        self._done()
        self._update(consents=True)

    def _update(self, *, consents: bool = False, commits: bool = True) -> None:
        COUNTS["steps"] += 1
        wish = Wish(deletions=CONSENT if consents else ())
        before, written, deleted = workshop.state(self.repo), self._written(), self._deleted()
        foreseen = pipeline.preview_update(self.repo, wish, progress=quiet)
        assert workshop.state(self.repo) == before, "a preview has changed something"
        head = git(self.repo, "rev-parse", "HEAD").strip()
        done = pipeline.update(self.repo, wish, check=False, commit=commits, progress=quiet)
        COUNTS[done.outcome] += 1
        assert (done.outcome == "refused") == bool(foreseen.reasons), (done, foreseen)
        if done.outcome == "refused":
            assert workshop.state(self.repo) == before, f"refused, and yet changed: {done.reasons}"
            self._give_in(done)
            return
        self._compare(foreseen, head, done.outcome)
        assert not (lost := written - self._written()), f"lost: {lost}"
        assert not (back := [path for path in deleted if (self.repo / path).exists()]), f"came back: {back}"
        if not commits:
            commit(self.repo, "what was staged")
        self._nothing_left()

    def _compare(self, foreseen: Any, head: str, outcome: str) -> None:
        """What the preview said is what has happened, byte for byte."""
        if outcome == "unchanged":
            assert foreseen.paths == ()
            return
        assert git(self.repo, "write-tree").strip() == foreseen.tree
        listed = git(self.repo, "diff", "--cached", "--no-renames", "--name-status", head).split("\n")
        letters = {line.split("\t")[1]: line[0] for line in listed if line}
        moved = dict(foreseen.moved)
        assert {p for p, letter in letters.items() if letter == "A"} == {*foreseen.added, *moved.values()}
        assert {p for p, letter in letters.items() if letter == "D"} == {*foreseen.deleted, *moved}
        assert {p for p, letter in letters.items() if letter in "MT"} == set(foreseen.changed)
        assert git(self.repo, "diff", "--name-only") == "", "the working tree is not what was committed"

    def _nothing_left(self) -> None:
        """The same update again finds nothing to do."""
        head = git(self.repo, "rev-parse", "HEAD")
        again = pipeline.update(self.repo, Wish(deletions=CONSENT), check=False, progress=quiet)
        assert again.outcome == "unchanged", again
        assert git(self.repo, "rev-parse", "HEAD") == head

    def _give_in(self, done: pipeline.Update) -> None:
        """A person takes back what is in the way, so that the history goes on."""
        if done.proposal is None:
            return
        old = repository.pristine(repository.open(self.repo))
        for path, _ in done.proposal.conflicts:
            file = self.repo / path
            if path in old:
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(old[path].data)
                file.chmod(0o755 if old[path].mode == "100755" else 0o644)
            elif file.is_file():
                file.unlink()
        if any("on disk" in reason for reason in done.reasons) or done.proposal.conflicts:
            commit(self.repo, "a person gives in")

    def _deleted(self) -> list[str]:
        """What the template delivered and people have deleted, or moved."""
        return [path for path in repository.pristine(repository.open(self.repo)) if not (self.repo / path).exists()]

    def _written(self) -> set[bytes]:
        """Every line that people have written and that is there, whether git knows it or not."""
        found: set[bytes] = set()
        for _, data in workshop.snapshot(self.repo).values():
            found.update(PERSON.findall(data))
        return found

    @invariant()
    def nothing_is_left_over(self) -> None:
        folder = self.repo / ".git"
        if folder.exists():
            assert not [
                p.name
                for p in folder.iterdir()
                if p.name in {"index.lock", "setout-update.json", "setout-update.index"}
            ]
