"""What people complain about in other tools' updates, and what happens here: docs/explanation names these tests."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from setout import cli
from setout.upkeep import repository
from setout.upkeep.intent import Wish
from tests.conftest import ROOT
from tests.day_two import workshop
from tests.day_two.conftest import Site
from tests.day_two.workshop import commit, git

PAGES = ("update-complaints.md", "plain-copier.md")
_TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


@pytest.fixture
def conflicting(site: Site) -> Site:
    """People and the template have changed the same line of run.sh, and the template another file as well."""
    site.edit("run.sh", "echo two", "echo ours")
    site.template.files["run.sh"] = site.template.files["run.sh"].replace("echo two", "echo theirs")
    site.release("notes.txt", "line 3 of the notes", "line 3, said anew")
    return site


def test_a_conflict_ends_with_4_and_leaves_no_marker(conflicting: Site, capsys: pytest.CaptureFixture[str]) -> None:
    before = workshop.state(conflicting.repo)
    assert cli.main(["update", str(conflicting.repo), "--no-validate"]) == 4
    assert "run.sh" in capsys.readouterr().out
    assert workshop.state(conflicting.repo) == before
    assert not [name for name, (_, data) in workshop.snapshot(conflicting.repo).items() if b"<<<<<<<" in data]


def test_a_second_run_is_refused_for_the_same_reasons(conflicting: Site) -> None:
    first, second = conflicting.update(), conflicting.update()
    assert first.outcome == second.outcome == "refused"
    assert first.reasons == second.reasons


def test_new_files_count_as_a_change(site: Site) -> None:
    site.template.files["extra/new.txt"] = "new\n"
    site.template.release()
    done = site.update()
    assert done.outcome == "updated"
    assert done.proposal is not None
    assert done.proposal.added == ("extra/new.txt",)
    assert git(site.repo, "status", "--porcelain") == ""


def test_a_deleted_file_that_a_person_brings_back_is_updated_again(site: Site) -> None:
    text = site.read("notes.txt")
    (site.repo / "notes.txt").unlink()
    commit(site.repo, "without notes")
    site.release("notes.txt", "line 2 of", "line 2, anew, of")
    assert site.update().outcome == "updated"
    assert not (site.repo / "notes.txt").exists()
    (site.repo / "notes.txt").write_text(text.replace("line 2 of", "line 2, anew, of"), "utf-8")
    commit(site.repo, "notes again")
    site.release("notes.txt", "line 5 of", "line 5, anew, of")
    assert site.update().outcome == "updated"
    assert "line 5, anew, of" in site.read("notes.txt")


def test_work_elsewhere_in_a_monorepo_is_not_in_the_way(make: Callable[..., Site]) -> None:
    site = make({"retail": "small"}, below="platform/orders")
    top = site.repo.parents[1]
    (top / "platform/other").mkdir()
    (top / "platform/other/file.txt").write_text("one\n")
    commit(top, "another project")
    (top / "platform/other/file.txt").write_text("two, not committed\n")
    site.release("notes.txt", "line 3 of", "line 3, anew, of")
    assert site.update().outcome == "updated"
    assert (top / "platform/other/file.txt").read_text() == "two, not committed\n"
    assert "line 3, anew, of" in site.read("notes.txt")


def test_a_refused_update_leaves_the_recorded_version(conflicting: Site) -> None:
    recorded = repository.open(conflicting.repo).commit
    assert conflicting.update().outcome == "refused"
    assert repository.open(conflicting.repo).commit == recorded


def test_one_conflict_does_not_discard_the_rest(conflicting: Site) -> None:
    done = conflicting.update(resolve=True)
    assert done.outcome == "refused"
    assert done.commands
    place = conflicting.repo.with_name(f"{conflicting.repo.name}-setout-update")
    assert "line 3, said anew" in (place / "notes.txt").read_text("utf-8")
    unmerged = {line.split("\t")[1] for line in git(place, "ls-files", "--unmerged").splitlines()}
    assert unmerged == {"run.sh"}


def test_comments_order_and_spacing_of_people_stay(site: Site) -> None:
    path = "tenants/retail/namespace.yaml"
    site.edit(path, "apiVersion: v1\n", "# ours: who to ask\n\napiVersion:   v1   # kept as it is\n")
    site.tenants(retail="large", shops="medium")
    assert site.update().outcome == "updated"
    assert site.read(path) == (
        "# ours: who to ask\n\napiVersion:   v1   # kept as it is\nkind: Namespace\nmetadata:\n  name: retail\n"
        "  labels:\n    quota: large\n"
    )


def test_a_customised_file_is_merged_and_never_overwritten(site: Site) -> None:
    site.edit("environments/dev/main.tf", "copies = 1", "copies = 7")
    name = next(name for name in site.template.files if name.endswith("main.tf.jinja"))
    site.release(name, "locals {", "# What this environment is made of.\nlocals {")
    assert site.update().outcome == "updated"
    text = site.read("environments/dev/main.tf")
    assert text.startswith("# What this environment is made of.\n")
    assert "copies = 7" in text


def test_what_the_plan_drops_leaves_nothing_stale(site: Site) -> None:
    site.tenants(shops="medium")
    assert site.update(Wish(deletions=("retail",))).outcome == "updated"
    assert not (site.repo / "tenants" / "retail").exists()
    pristine = repository.pristine(repository.open(site.repo))
    assert set(repository.read_files(site.repo)) == {*pristine, "specs/001-demo/plan.md"}


def test_files_of_people_are_not_even_reformatted(site: Site) -> None:
    own = site.repo / "environments/dev/own.tf"
    own.write_bytes(b"locals {\r\n      a=1\r\n\r\n\r\n}")
    commit(site.repo, "our own")
    site.environments("dev", "prod", "staging")
    assert site.update().outcome == "updated"
    assert own.read_bytes() == b"locals {\r\n      a=1\r\n\r\n\r\n}"


def test_a_file_of_people_that_looks_like_the_templates_stays(site: Site) -> None:
    copy = site.repo / "tenants/own/namespace.yaml"
    copy.parent.mkdir()
    copy.write_text(site.read("tenants/retail/namespace.yaml"), "utf-8")
    commit(site.repo, "a copy")
    site.tenants(shops="medium")
    assert site.update(Wish(deletions=("retail",))).outcome == "updated"
    assert copy.is_file()
    assert not (site.repo / "tenants/retail").exists()


def _named(page: str) -> list[tuple[str, str]]:
    return _TEST.findall((ROOT / "docs" / "explanation" / page).read_text("utf-8"))


@pytest.mark.parametrize("page", PAGES)
def test_every_test_that_a_page_names_exists(page: str) -> None:
    named = _named(page)
    assert named
    assert not [f"{path}::{name}" for path, name in named if name not in _tests_of(ROOT / path)]


def test_every_complaint_names_its_source_and_a_test() -> None:
    rows = [line for line in (ROOT / "docs/explanation/update-complaints.md").read_text("utf-8").split("\n")
            if re.match(r"\| \d+ \|", line)]  # fmt: skip
    assert [int(row.split("|")[1]) for row in rows] == list(range(1, 16))
    assert not [row for row in rows if "](https://github.com/" not in row or not _TEST.search(row)]


def _tests_of(file: Path) -> set[str]:
    tree = ast.parse(file.read_text("utf-8")) if file.is_file() else ast.Module([], [])
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}
