"""What plan, template and people change meets in one tree, and each keeps what is theirs."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from setout.errors import UserError
from setout.upkeep.intent import Wish
from tests.day_two.conftest import Site
from tests.day_two.workshop import commit, git, state


def test_without_a_change_nothing_happens(site: Site) -> None:
    before = state(site.repo)
    assert site.update().outcome == "unchanged"
    assert state(site.repo) == before


def test_a_template_change_and_an_edit_in_one_file_meet(site: Site) -> None:
    site.edit("notes.txt", "line 3 of", "person, line 3 of")
    site.release("notes.txt", "line 9 of", "template, line 9 of", "v1.0.0")
    done = site.update()
    assert done.outcome == "updated"
    assert done.proposal is not None
    assert done.proposal.changed == (".copier-answers.yml", "notes.txt")
    assert done.proposal.meaning[0].endswith("→ v1.0.0")
    assert "person, line 3 of" in site.read("notes.txt")
    assert "template, line 9 of" in site.read("notes.txt")
    assert git(site.repo, "log", "-1", "--format=%an %s").startswith("Tess Update: template ")


def test_plan_and_template_change_together(site: Site) -> None:
    site.edit("environments/prod/main.tf", "copies = 1", "copies = 3")
    site.release("environments/{% yield env from environments %}{{ env.name }}{% endyield %}/main.tf.jinja",
                 "locals {", "# What this environment is.\nlocals {")  # fmt: skip
    site.environments("dev", "prod", "staging")
    done = site.update()
    assert done.outcome == "updated", done.reasons
    assert "+ environment staging" in done.proposal.meaning  # type: ignore[union-attr]
    prod = site.read("environments/prod/main.tf")
    assert prod.startswith("# What this environment is.\n")
    assert "copies = 3" in prod
    assert "10.2.0.0/16" in site.read("environments/staging/main.tf")


def test_the_plan_edited_in_place_goes_along_in_the_same_commit(site: Site) -> None:
    site.title("Another name")
    assert site.update().outcome == "updated"
    assert git(site.repo, "show", "--format=", "--name-only").split() == [
        ".copier-answers.yml", "README.md", "specs/001-demo/plan.md"]  # fmt: skip
    assert git(site.repo, "status", "--porcelain") == ""


def test_an_uncommitted_edit_elsewhere_refuses(site: Site) -> None:
    (site.repo / "notes.txt").write_text("mine\n")
    site.title("Another name")
    before = state(site.repo)
    done = site.update()
    assert done.reasons == ("notes.txt has changes that are not committed; commit, or git stash them",)
    assert state(site.repo) == before


def test_the_same_lines_conflict_and_nothing_is_changed(site: Site) -> None:
    site.edit("notes.txt", "line 3 of", "person, line 3 of")
    site.release("notes.txt", "line 3 of", "template, line 3 of")
    before = state(site.repo)
    done = site.update()
    assert (done.outcome, done.reasons) == (
        "refused",
        ("notes.txt: people and the template have changed the same lines",),
    )
    assert state(site.repo) == before


def test_a_deleted_file_stays_deleted_and_is_named(site: Site) -> None:
    (site.repo / "notes.txt").unlink()
    commit(site.repo)
    site.release("notes.txt", "line 3 of", "template, line 3 of")
    done = site.update()
    assert done.outcome == "updated"
    assert "notes.txt stays deleted" in done.proposal.notes  # type: ignore[union-attr]
    assert not (site.repo / "notes.txt").exists()


def test_a_template_change_follows_a_moved_and_edited_file(site: Site) -> None:
    (site.repo / "docs").mkdir()
    git(site.repo, "mv", "notes.txt", "docs/our-notes.txt")
    commit(site.repo)
    site.edit("docs/our-notes.txt", "line 3 of", "person, line 3 of")
    site.release("notes.txt", "line 9 of", "template, line 9 of")
    assert site.update().outcome == "updated"
    assert not (site.repo / "notes.txt").exists()
    assert "template, line 9 of" in site.read("docs/our-notes.txt")
    assert "person, line 3 of" in site.read("docs/our-notes.txt")


def test_edits_go_along_where_the_template_moves_a_file(site: Site) -> None:
    site.edit("notes.txt", "line 3 of", "person, line 3 of")
    site.template.files["docs/notes.txt"] = site.template.files.pop("notes.txt")
    site.template.files["bin/run.sh"] = site.template.files.pop("run.sh")
    site.template.release()
    done = site.update()
    assert done.outcome == "updated", done.reasons
    assert done.proposal is not None
    assert done.proposal.moved == (("notes.txt", "docs/notes.txt"), ("run.sh", "bin/run.sh"))
    assert "person, line 3 of" in site.read("docs/notes.txt")
    assert not (site.repo / "notes.txt").exists()
    assert (site.repo / "bin" / "run.sh").stat().st_mode & 0o100
    assert site.update().outcome == "unchanged"


def test_what_people_and_template_move_stays_where_people_put_it(site: Site) -> None:
    (site.repo / "ours").mkdir()
    git(site.repo, "mv", "notes.txt", "ours/notes.txt")
    git(site.repo, "rm", "--quiet", "run.sh")
    commit(site.repo)
    for name in ("notes.txt", "run.sh"):
        site.template.files[f"docs/{name}"] = site.template.files.pop(name)
    site.template.release()
    assert site.update().outcome == "updated"
    site.release("docs/notes.txt", "line 9 of", "template, line 9 of")
    assert site.update().outcome == "updated"
    assert "template, line 9 of" in site.read("ours/notes.txt")
    assert not (site.repo / "docs").exists()


def test_a_move_that_is_not_beyond_doubt_is_none(site: Site) -> None:
    text = site.template.files["notes.txt"]
    site.edit("notes.txt", "line 3 of", "person, line 3 of")
    site.template.files |= {"docs/notes.txt": text, "more/notes.txt": text}
    del site.template.files["notes.txt"]
    site.template.release()
    (reason,) = site.update().reasons
    assert reason.startswith("notes.txt: it would go, and one line that people wrote with it")
    assert reason.endswith("if it is docs/notes.txt now, say --rename file:notes.txt=docs/notes.txt")
    assert site.update(Wish(renames=("file:notes.txt=docs/notes.txt",))).outcome == "updated"
    assert "person, line 3 of" in site.read("docs/notes.txt")
    assert "person" not in site.read("more/notes.txt")


def test_the_same_bytes_in_another_environment_are_no_move(site: Site) -> None:
    folder = "environments/{% yield env from environments %}{{ env.name }}{% endyield %}"
    site.template.files[f"{folder}/versions.tf"] = 'terraform {\n  required_version = "~> 1.11"\n}\n'
    site.template.release()
    assert site.update().outcome == "updated"
    site.edit("environments/dev/versions.tf", "~> 1.11", ">= 1.11")
    site.environments("prod", "staging")
    reasons = site.update(Wish(deletions=("dev",))).reasons
    assert any(reason.startswith("environments/dev/versions.tf: it would go") for reason in reasons), reasons


def test_a_file_of_people_is_not_in_the_way_of_what_the_template_moves(site: Site) -> None:
    (site.repo / "docs").mkdir()
    (site.repo / "docs" / "notes.txt").write_text("ours\n")
    commit(site.repo)
    site.edit("notes.txt", "line 3 of", "person, line 3 of")
    site.template.files["docs/notes.txt"] = site.template.files.pop("notes.txt")
    site.template.release()
    for wish in (Wish(), Wish(renames=("file:notes.txt=docs/notes.txt",))):
        refused = site.update(wish).reasons
        assert refused[0] == (
            "docs/notes.txt: it is new in the template, and people have made another file of that name"
        )
        assert refused[1].startswith("notes.txt: it would go")
    assert site.read("docs/notes.txt") == "ours\n"


def test_the_same_bytes_in_another_place_under_another_name_are_no_move(site: Site) -> None:
    site.edit("notes.txt", "line 3 of", "person, line 3 of")
    site.template.files["other/page.txt"] = site.template.files.pop("notes.txt")
    site.template.release()
    assert site.update().reasons[0].startswith("notes.txt: it would go")


@pytest.mark.parametrize("text", ["file:run.sh=docs/run.sh", "file:notes.txt=README.md", "file:nothing=docs/notes.txt"])
def test_a_move_that_the_template_did_not_make_is_refused(site: Site, text: str) -> None:
    site.template.files["docs/notes.txt"] = site.template.files.pop("notes.txt")
    site.template.release()
    with pytest.raises(UserError, match=f"--rename {text}"):
        site.update(Wish(renames=(text,)))


def test_a_file_that_the_template_drops_goes_only_unedited(site: Site) -> None:
    site.edit("notes.txt", "line 3 of", "person, line 3 of")
    del site.template.files["notes.txt"], site.template.files["run.sh"]
    site.template.release()
    done = site.update()
    assert done.reasons == (
        "notes.txt: it would go, and one line that people wrote with it; consent with --allow-delete notes.txt",
    )
    assert (site.repo / "run.sh").exists()
    done = site.update(Wish(deletions=("notes.txt",)))
    assert done.outcome == "updated"
    assert not (site.repo / "notes.txt").exists()
    assert "notes.txt goes with what people wrote in it, by consent" in done.proposal.notes  # type: ignore[union-attr]


def test_a_new_file_of_the_template_does_not_replace_one_of_people(site: Site) -> None:
    (site.repo / "mine.txt").write_text("mine\n")
    commit(site.repo)
    site.template.files["mine.txt"] = "the template's\n"
    site.template.release()
    assert site.update().reasons == (
        "mine.txt: it is new in the template, and people have made another file of that name",
    )


@pytest.mark.parametrize("ignored", [False, True])
def test_a_file_that_git_does_not_know_is_not_overwritten(site: Site, ignored: bool) -> None:
    if ignored:
        (site.repo / ".gitignore").write_text("secret.tfvars\n")
        commit(site.repo)
    (site.repo / "secret.tfvars").write_text('token = "mine"\n')
    site.template.files["secret.tfvars"] = 'token = ""\n'
    site.template.release()
    done = site.update()
    assert done.reasons == ("secret.tfvars is on disk and not in git; commit it or move it away",)
    assert site.read("secret.tfvars") == 'token = "mine"\n'


def test_a_file_in_the_way_of_a_directory_is_not_overwritten(site: Site) -> None:
    (site.repo / "extra").write_text("mine\n")
    site.template.files["extra/one.md"] = "one\n"
    site.template.release()
    assert site.update().reasons == ("extra is on disk and not in git; commit it or move it away",)


def test_modes_and_binary_files_come_through(site: Site) -> None:
    logo = site.template.root / "template" / "logo.bin"
    site.release("run.sh", "echo two", "echo three")
    logo.write_bytes(bytes(range(256)))
    commit(site.template.root)
    assert site.update().outcome == "updated"
    assert (site.repo / "logo.bin").read_bytes() == bytes(range(256))
    assert (site.repo / "run.sh").stat().st_mode & 0o100


def test_left_staged_it_is_not_committed(site: Site) -> None:
    head = git(site.repo, "rev-parse", "HEAD")
    site.release("notes.txt", "line 9 of", "template, line 9 of")
    done = site.update(commit=False)
    assert (done.outcome, done.commit, done.commands) == ("updated", "", ("git commit",))
    assert git(site.repo, "rev-parse", "HEAD") == head
    assert git(site.repo, "status", "--porcelain").splitlines() == ["M  .copier-answers.yml", "M  notes.txt"]


def test_conflicts_are_handed_over_on_a_branch_of_their_own(site: Site) -> None:
    site.edit("notes.txt", "line 3 of", "person, line 3 of")
    site.release("notes.txt", "line 3 of", "template, line 3 of", "v1.0.0")
    before = state(site.repo)[0]
    done = site.update(resolve=True)
    assert done.outcome == "refused"
    assert state(site.repo)[0] == before
    place = site.repo.with_name("repository-setout-update")
    assert git(place, "status", "--porcelain").splitlines() == ["M  .copier-answers.yml", "UU notes.txt"]
    text = (place / "notes.txt").read_text()
    assert "<<<<<<< yours\nperson, line 3" in text
    assert ">>>>>>> template and plan\n" in text
    again = site.update(resolve=True)
    assert "from an earlier update" in again.reasons[0]
    (place / "notes.txt").write_text("both of them\n")
    commit(place, "mended")
    git(site.repo, "merge", "--quiet", "--ff-only", "setout/update")
    git(site.repo, "worktree", "remove", str(place))
    git(site.repo, "branch", "--delete", "--force", "setout/update")
    assert site.update().outcome == "unchanged"
    assert site.read("notes.txt") == "both of them\n"


def test_all_at_once_is_the_same_as_one_after_the_other(make: Callable[..., Site]) -> None:
    def history(site: Site, stops: bool) -> str:
        for change in (
            lambda: site.environments("dev", "prod", "qa"),
            lambda: site.release("notes.txt", "line 2 of", "first, line 2 of"),
            lambda: site.tenants(retail="medium", north="small"),
            lambda: site.release("notes.txt", "first, line 2 of", "second, line 2 of"),
            lambda: site.title("A name at last"),
            lambda: site.environments("dev", "prod", "qa", "load"),
        ):
            change()
            if stops:
                assert site.update(Wish(deletions=("shops",))).outcome == "updated"
        if not stops:
            assert site.update(Wish(deletions=("shops",))).outcome == "updated"
        files = git(site.repo, "ls-files", "--stage", "--", ":!.copier-answers.yml")
        answers = [line for line in site.read(".copier-answers.yml").splitlines() if not line.startswith("_")]
        return files + "\n".join(answers)

    tenants = {"retail": "small", "shops": "medium"}
    assert history(make(tenants, name="one"), True) == history(make(tenants, name="other"), False)
