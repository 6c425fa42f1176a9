"""Every state in which git can be: handled, or refused in one line with the cure, and nothing changed."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from setout import pipeline
from setout.errors import DestinationError, TemplateError, UserError
from setout.upkeep import repository
from setout.upkeep.intent import Wish
from tests.day_two import workshop
from tests.day_two.conftest import Site, quiet
from tests.day_two.workshop import commit, git, state


def refused(site: Site, words: str) -> None:
    before = state(site.repo)
    done = site.update()
    assert done.outcome == "refused", done
    assert any(words in reason for reason in done.reasons), done.reasons
    assert all("\n" not in reason for reason in done.reasons)
    assert state(site.repo) == before


@pytest.fixture
def changed(site: Site) -> Site:
    """A site whose template has moved on."""
    site.release("notes.txt", "line 9 of", "template, line 9 of")
    return site


def test_a_detached_head_is_refused(changed: Site) -> None:
    git(changed.repo, "checkout", "--quiet", "--detach")
    refused(changed, "detached HEAD")


def test_a_merge_under_way_is_refused(changed: Site) -> None:
    git(changed.repo, "switch", "--quiet", "--create", "side")
    changed.edit("run.sh", "echo one", "echo side")
    git(changed.repo, "switch", "--quiet", "main")
    changed.edit("run.sh", "echo one", "echo main")
    subprocess.run(["git", "merge", "side"], cwd=changed.repo, capture_output=True, check=False)
    refused(changed, "a merge is under way; git merge --abort")
    refused(changed, "run.sh is unmerged")


def test_a_rebase_under_way_is_refused(changed: Site) -> None:
    (changed.repo / ".git" / "rebase-merge").mkdir()
    refused(changed, "a rebase is under way")


def test_without_git_it_is_refused(tmp_path: Path) -> None:
    (tmp_path / ".copier-answers.yml").write_text("_commit: v1\n")
    with pytest.raises(DestinationError, match="not in a git repository") as caught:
        repository.open(tmp_path)
    assert caught.value.hint == "git init, add everything and commit"


def test_without_a_commit_it_is_refused(changed: Site) -> None:
    subprocess.run(["rm", "-rf", ".git"], cwd=changed.repo, check=True)
    git(changed.repo, "init", "--quiet")
    assert "there is no commit yet" in changed.update().reasons[0]
    commit_of_something_else = changed.repo / "other"
    commit_of_something_else.write_text("x")
    git(changed.repo, "add", "other")
    git(changed.repo, "commit", "--quiet", "--message", "other")
    assert "not committed yet" in changed.update().reasons[0]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<<<<<<< ours\n_commit: a\n=======\n", "is no YAML|cannot be read|are no answers"),
        ("- a\n", "are no answers"),
        ("a: &x [1]\nb: [*x, *x]\n", "refers to itself"),
        ("\x00", "is no YAML|cannot be read"),
        ("a: " + "x" * 2_000_000, "larger than"),
    ],
)
def test_answers_that_cannot_be_read_are_refused_in_one_line(site: Site, text: str, words: str) -> None:
    (site.repo / ".copier-answers.yml").write_text(text)
    with pytest.raises(DestinationError, match=words):
        repository.open(site.repo)


def test_what_is_no_delivered_repository_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DestinationError, match="not delivered by setout"):
        repository.open(tmp_path)
    with pytest.raises(DestinationError, match="no such directory"):
        repository.open(tmp_path / "nowhere")


def test_a_feature_that_leads_outside_has_no_plan(site: Site) -> None:
    (site.repo.parent / "plan.md").write_text("# outside\n")
    site.edit(".copier-answers.yml", "feature: 001-demo", "feature: ../..")
    assert repository.open(site.repo).plan is None


@pytest.mark.parametrize("below", ["platform/infra", "unser Büro/-infra [1]"])
def test_in_a_larger_repository_only_its_own_directory_counts(make: Callable[..., Site], below: str) -> None:
    site = make({"retail": "small"}, below=below)
    top = site.repo.parents[1]
    (top / "other.txt").write_text("other\n")
    commit(top)
    (top / "other.txt").write_text("dirty, and none of our business\n")
    (site.repo / "notes.txt").write_text(site.read("notes.txt").replace("line 3 of", "person, line 3 of"))
    git(top, "commit", "--quiet", "--message", "edit", "--", site.repo / "notes.txt")
    site.release("notes.txt", "line 9 of", "template, line 9 of")
    site.environments("dev", "prod", "staging")
    done = site.update()
    assert done.outcome == "updated", done.reasons
    assert "person, line 3 of" in site.read("notes.txt")
    assert "template, line 9 of" in site.read("notes.txt")
    assert (site.repo / "environments" / "staging" / "main.tf").exists()
    assert git(top, "status", "--porcelain") == " M other.txt\n"
    shown = git(top, "-c", "core.quotePath=false", "show", "--format=", "--name-only").splitlines()
    assert all(path.startswith(f"{below}/") for path in shown)


def test_a_linked_working_tree_is_updated_and_the_main_one_is_not(changed: Site) -> None:
    linked = changed.repo.with_name("linked")
    git(changed.repo, "worktree", "add", "--quiet", "-b", "work", str(linked))
    before = workshop.snapshot(changed.repo)
    done = pipeline.update(linked, Wish(), check=False, progress=quiet)
    assert done.outcome == "updated", done.reasons
    assert "template, line 9 of" in (linked / "notes.txt").read_text()
    assert workshop.snapshot(changed.repo) == before
    assert git(changed.repo, "log", "-1", "--format=%s", "main").strip() == "scaffold"


def test_a_sparse_checkout_is_updated_and_stays_sparse(changed: Site) -> None:
    changed.release("environments/{% yield env from environments %}{{ env.name }}{% endyield %}/main.tf.jinja",
                    "locals {", "# What this is.\nlocals {")  # fmt: skip
    git(changed.repo, "sparse-checkout", "set", "specs")
    assert not (changed.repo / "environments").exists()
    assert changed.update().outcome == "updated"
    assert git(changed.repo, "show", "HEAD:environments/dev/main.tf").startswith("# What this is.")
    assert not (changed.repo / "environments").exists()
    assert git(changed.repo, "status", "--porcelain") == ""


def test_line_ends_that_git_converts_are_no_edits(changed: Site) -> None:
    clone = changed.repo.with_name("windows")
    git(changed.repo, "-c", "core.autocrlf=true", "clone", "--quiet", str(changed.repo), str(clone))
    git(clone, "config", "core.autocrlf", "true")
    assert b"\r\n" in (clone / "README.md").read_bytes()
    assert pipeline.update(clone, Wish(), check=False, progress=quiet).outcome == "updated"
    assert b"template, line 9 of the notes\r\n" in (clone / "notes.txt").read_bytes()
    assert git(clone, "status", "--porcelain") == ""
    blob = subprocess.run(["git", "show", "HEAD:notes.txt"], cwd=clone, capture_output=True, check=True).stdout
    assert b"\r" not in blob


def test_a_shallow_clone_is_updated(changed: Site) -> None:
    changed.edit("notes.txt", "line 3 of", "person, line 3 of")
    clone = changed.repo.with_name("shallow")
    git(changed.repo, "clone", "--quiet", "--depth", "1", changed.repo.as_uri(), str(clone))
    done = pipeline.update(clone, Wish(), check=False, progress=quiet)
    assert done.outcome == "updated", done.reasons
    assert "person, line 3 of" in (clone / "notes.txt").read_text()


def test_a_submodule_is_updated_and_one_inside_is_left_alone(changed: Site, tmp_path: Path) -> None:
    allow = ("-c", "protocol.file.allow=always")
    git(changed.repo, *allow, "submodule", "--quiet", "add", str(changed.template.root), "vendored")
    commit(changed.repo)
    parent = tmp_path / "parent"
    parent.mkdir()
    git(parent, "init", "--quiet", "--initial-branch=main")
    git(parent, *allow, "submodule", "--quiet", "add", str(changed.repo), "infra")
    commit(parent)
    done = pipeline.update(parent / "infra", Wish(), check=False, progress=quiet)
    assert done.outcome == "updated", done.reasons
    assert "template, line 9 of" in (parent / "infra" / "notes.txt").read_text()
    assert git(parent / "infra", "ls-files", "--stage", "vendored").startswith("160000")


def test_without_a_name_nothing_is_committed(changed: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in workshop.IDENTITY:
        if not name.startswith("GIT_CONFIG"):
            monkeypatch.delenv(name)
    before = state(changed.repo)
    assert "in whose name to commit" in changed.update().reasons[0]
    assert state(changed.repo) == before
    assert changed.update(commit=False).outcome == "updated"


def test_through_every_released_version_answers_are_carried(site: Site) -> None:
    """v2 calls `title` by another name, v3 drops `gitops` and asks something new."""
    site.template.release("v1.0.0")
    assert site.update().outcome == "updated"
    site.template.questions = site.template.questions.replace(
        "title: {type: str, default: Demo}", "heading: {type: str, default: \"{{ title | default('Demo') }}\"}"
    )
    site.template.files["README.md.jinja"] = site.template.files["README.md.jinja"].replace(
        "{{ title }}", "{{ heading }}"
    )
    site.template.release("v2.0.0")
    answered = "{{ heading | default(title | default('Demo')) }}"
    site.template.questions = (
        site.template.questions.replace("gitops: {type: str, default: none}\n", "").replace(
            "{{ title | default('Demo') }}", answered
        )
        + "motto: {type: str, default: onwards}\n"
    )
    site.template.files = {name: text for name, text in site.template.files.items() if "argocd" not in name}
    site.template.files["README.md.jinja"] += "{{ motto }}\n"
    site.template.release("v3.0.0")
    before = site.read("README.md")
    stepwise = site.repo.with_name("stepwise")
    git(site.repo, "clone", "--quiet", str(site.repo), str(stepwise))
    done = site.update()
    assert done.outcome == "updated", done.reasons
    assert site.read("README.md") == f"{before}onwards\n"
    assert "GitOps is no longer asked for (it was none)" in done.proposal.meaning  # type: ignore[union-attr]
    for version in ("2.0.0", "v3.0.0"):
        step = pipeline.update(stepwise, Wish(version=version), check=False, progress=quiet)
        assert step.outcome == "updated", step.reasons
    assert (stepwise / ".copier-answers.yml").read_text() == site.read(".copier-answers.yml")
    assert (stepwise / "README.md").read_text() == site.read("README.md")


def test_a_repository_newer_than_the_template_is_refused(site: Site) -> None:
    older = git(site.template.root, "rev-parse", "HEAD").strip()
    site.release("notes.txt", "line 9 of", "template, line 9 of", "v9.0.0")
    assert site.update().outcome == "updated"
    before = state(site.repo)
    done = site.update(Wish(version=older))
    assert done.outcome == "refused"
    assert "is newer than the version" in done.reasons[0]
    assert "install a newer setout" in done.reasons[0]
    assert state(site.repo) == before


def test_a_version_that_nobody_has_is_refused(site: Site) -> None:
    with pytest.raises(TemplateError, match="has no version 7"):
        site.update(Wish(version="7"))
    site.edit(".copier-answers.yml", "_commit: ", "_commit: feedbeef #")
    with pytest.raises(TemplateError, match="feedbeef is neither in this setout nor at"):
        site.update()


@pytest.mark.parametrize("value", ["--upload-pack=touch /tmp/x", "ext::sh -c id", "-x"])
def test_a_hostile_source_runs_nothing(site: Site, value: str) -> None:
    text = site.read(".copier-answers.yml").splitlines()
    lines = [f"_src_path: {json.dumps(value)}" if line.startswith("_src_path") else line for line in text]
    (site.repo / ".copier-answers.yml").write_text("\n".join(lines) + "\n")
    commit(site.repo)
    with pytest.raises(UserError):
        site.update()


def test_the_template_can_be_pointed_elsewhere(changed: Site) -> None:
    elsewhere = changed.template.root.rename(changed.template.root.with_name("elsewhere"))
    with pytest.raises(TemplateError, match="neither in this setout nor at"):
        changed.update()
    done = changed.update(Wish(template=str(elsewhere)))
    assert done.outcome == "updated", done.reasons
    assert f"_src_path: {elsewhere}" in changed.read(".copier-answers.yml")


def test_an_answer_set_before_stays_set(site: Site) -> None:
    done = pipeline.update(site.repo, Wish(settings={"gitops": "argocd"}), check=False, progress=quiet)
    assert done.outcome in ("updated", "unchanged")
    site.title("Another name")
    assert site.update().outcome == "updated"
    assert "--set gitops=argocd says so." in site.read(".copier-answers.yml")


def cli(*words: str | Path) -> tuple[int, dict[str, object], str]:
    done = subprocess.run(
        [sys.executable, "-m", "setout", *map(str, words)], capture_output=True, text=True, check=False
    )
    return done.returncode, json.loads(done.stdout) if done.stdout else {}, done.stderr


def test_the_contract_for_machines(changed: Site) -> None:
    changed.environments("dev", "prod", "staging")
    lists = {"added", "changed", "deleted", "moved", "conflicts", "meaning"}
    code, preview, _ = cli("preview", changed.plan, changed.repo, "--format", "json")
    assert code == 0
    assert lists <= set(preview)
    code, done, _ = cli("update", changed.repo, "--format", "json", "--no-validate")
    assert (code, done["outcome"], done["reasons"]) == (0, "updated", [])
    assert {key: preview[key] for key in lists} == {key: done[key] for key in lists}
    assert done["added"] == ["environments/staging/backend.tf", "environments/staging/main.tf"]
    code, done, _ = cli("update", changed.repo, "--format", "json", "--no-validate")
    assert (code, done["outcome"]) == (0, "unchanged")
    changed.environments("dev", "prod")
    code, done, _ = cli("update", changed.repo, "--format", "json", "--no-validate")
    assert (code, done["outcome"]) == (4, "refused")
    assert "--allow-delete staging" in str(done["reasons"])
    (changed.repo / ".git" / "HEAD").write_text("ref: refs/heads/unborn\n")
    code, done, err = cli("update", changed.repo, "--format", "json", "--no-validate")
    assert (code, done["outcome"], "Traceback" in err) == (4, "refused", False)


def test_text_shows_the_tree_and_the_difference(changed: Site) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "setout", "preview", str(changed.plan), str(changed.repo)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "0 added, 2 changed, 0 deleted, 0 moved, 0 in conflict" in done.stdout
    assert "+template, line 9 of the notes" in done.stdout
