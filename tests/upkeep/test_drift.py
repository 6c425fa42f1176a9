"""Who changed a file: the plan, the template, a person or several of them; and what of it is meant."""

from __future__ import annotations

import datetime
import shutil
from pathlib import Path

import pytest

from setout.errors import UserError
from setout.upkeep import accepted, drift, repository
from setout.upkeep.drift import Drift
from setout.upkeep.intent import Wish
from setout.upkeep.repository import Repository
from tests import small

TODAY = datetime.date(2026, 11, 21)
REASON = "agreed in the design review"
BACKEND = "terraform/environments/dev/backend.tf"


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small.template(tmp_path_factory.mktemp("drift") / "template")


@pytest.fixture
def repo(template: Path, tmp_path: Path) -> Repository:
    return small.deliver(template, tmp_path / "repo")


def measure(repo: Repository, today: datetime.date = TODAY, template: str = "") -> Drift:
    return drift.measure(repository.open(repo.root), Wish(template=template), today, lambda _: None)


def changed(found: Drift) -> dict[str, tuple[str, ...]]:
    return {item.path: item.changed_by for item in found.files}


def append(repo: Repository, path: str, text: str = "ours\n") -> None:
    file = repo.root / path
    file.write_text(file.read_text("utf-8") + text, "utf-8")


def accept(repo: Repository, *paths: str, until: str = "", fields: tuple[str, ...] = ()) -> None:
    drift.accept(repo, measure(repo), paths, fields, REASON, until)


def test_what_was_just_delivered_has_not_drifted(repo: Repository) -> None:
    found = measure(repo)
    assert found.is_none
    assert (found.files, found.contradictions, found.findings) == ((), (), ())


def test_it_takes_one_render_where_plan_and_template_stay(repo: Repository) -> None:
    told: list[str] = []
    drift.measure(repo, Wish(), TODAY, told.append)
    assert told == ["rendering what the repository was made from"]


def test_edited_deleted_and_added_files_are_a_persons(repo: Repository) -> None:
    append(repo, "README.md")
    (repo.root / "LICENSE").unlink()
    small.write(repo.root, {"terraform/environments/dev/extra.tf": "locals {}\n"})
    found = measure(repo)
    assert changed(found) == dict.fromkeys(("LICENSE", "README.md", "terraform/environments/dev/extra.tf"), ("person",))
    reasons = {item.path: item.reason for item in found.files}
    assert "deleted" in reasons["LICENSE"]
    assert "edited" in reasons["README.md"]
    assert "no line of the plan explains it" in reasons["terraform/environments/dev/extra.tf"]
    assert not found.is_none


def test_a_moved_file_is_told_from_one_deleted_and_one_added(repo: Repository) -> None:
    (repo.root / "kubernetes" / "version.yaml").rename(repo.root / "kubernetes" / "release.yaml")
    reasons = {item.path: item.reason for item in measure(repo).files}
    assert reasons == {
        "kubernetes/version.yaml": "a person moved it to kubernetes/release.yaml",
        "kubernetes/release.yaml": "a person moved it here from kubernetes/version.yaml",
    }


def test_a_file_that_was_moved_and_edited_is_told_too_wherever_it_went(repo: Repository) -> None:
    (repo.root / "kubernetes" / "version.yaml").rename(repo.root / "kubernetes" / "release.yaml")
    append(repo, "kubernetes/release.yaml")
    (repo.root / "docs" / "old").mkdir(parents=True)
    (repo.root / "LICENSE").rename(repo.root / "docs" / "old" / "LICENSE")
    reasons = {item.path: item.reason for item in measure(repo).files}
    assert reasons == {
        "LICENSE": "a person moved it to docs/old/LICENSE",
        "kubernetes/version.yaml": "a person moved it to kubernetes/release.yaml",
        "kubernetes/release.yaml": "a person moved it here from kubernetes/version.yaml, and edited it",
    }


def test_a_bit_and_a_link_are_changes_too(repo: Repository) -> None:
    (repo.root / "README.md").chmod(0o755)
    (repo.root / "LICENSE").unlink()
    (repo.root / "LICENSE").symlink_to("README.md")
    assert changed(measure(repo)) == {"LICENSE": ("person",), "README.md": ("person",)}


@pytest.mark.parametrize(
    "path",
    ["notes.md", "src/main.py", "docs/runbooks/ours.md", "specs/008-next/plan.md", ".setout/x", "terraform/x.log"],
)
def test_files_that_no_plan_has_to_explain_are_left_alone(repo: Repository, path: str) -> None:
    small.write(repo.root, {".git/info/exclude": "*.log\n", path: "ours\n"})
    assert measure(repo).is_none


def test_the_plan_itself_is_no_drift_where_it_leads_to_the_same(repo: Repository) -> None:
    small.change_plan(repo, "A shop for paper on one", "A shop for paper on one")
    append(repo, "specs/007-paper-shop/plan.md", "\nTwo words more.\n")
    assert measure(repo).is_none


def test_a_changed_plan_names_the_files_it_would_change(repo: Repository) -> None:
    small.change_plan(repo, "eu-north-1", "eu-west-3")
    found = changed(measure(repo))
    assert found["README.md"] == found[BACKEND] == ("plan",)
    assert "LICENSE" not in found


def test_a_changed_plan_names_the_files_it_asks_for_and_no_longer_asks_for(repo: Repository) -> None:
    small.change_plan(repo, "| metrics-server | Yes | chart 3.13.0 |", "| external-dns | Yes | |")
    reasons = {item.path: item.reason for item in measure(repo).files}
    assert "asks for it now" in reasons["argocd/applications/dev/external-dns.yaml"]
    assert "no longer asks for it" in reasons["argocd/applications/dev/metrics-server.yaml"]


def test_a_newer_template_names_the_files_it_would_change(tmp_path: Path) -> None:
    template = small.template(tmp_path / "template")
    repo = small.deliver(template, tmp_path / "repo")
    small.write(template, {"delivered/LICENSE": "Ask first.\n"})
    small.commit(template)
    small.git(template, "tag", "v2.0.0")
    assert changed(measure(repo, template=str(template))) == {
        ".copier-answers.yml": ("template",),
        "LICENSE": ("template",),
    }


def test_plan_template_and_person_may_all_have_a_hand_in_a_file(tmp_path: Path) -> None:
    template = small.template(tmp_path / "template")
    repo = small.deliver(template, tmp_path / "repo")
    readme = template / "delivered" / "README.md.jinja"
    readme.write_text(readme.read_text("utf-8") + "\nNew words.\n", "utf-8")
    small.commit(template)
    small.git(template, "tag", "v2.0.0")
    small.change_plan(repo, "eu-north-1", "eu-west-3")
    append(repo, "README.md")
    assert changed(measure(repo, template=str(template)))["README.md"] == ("plan", "template", "person")


def test_an_accepted_difference_shows_and_is_no_drift(repo: Repository) -> None:
    append(repo, "README.md")
    (repo.root / "LICENSE").unlink()
    accept(repo, "README.md", "LICENSE")
    found = measure(repo)
    assert [(item.path, item.accepted) for item in found.files] == [("LICENSE", True), ("README.md", True)]
    assert all(REASON in item.reason for item in found.files)
    assert found.is_none
    assert found.findings == ()


def test_another_edit_ends_the_acceptance(repo: Repository) -> None:
    append(repo, "README.md")
    accept(repo, "README.md")
    append(repo, "README.md")
    found = measure(repo)
    assert [item.accepted for item in found.files] == [False]
    assert "has changed since" in found.files[0].reason


def test_an_acceptance_ends_after_its_last_day(repo: Repository) -> None:
    append(repo, "README.md")
    accept(repo, "README.md", until="2026-11-21")
    assert measure(repo, datetime.date(2026, 11, 21)).is_none
    assert not measure(repo, datetime.date(2026, 11, 22)).is_none


def test_an_accepted_edit_does_not_hide_that_the_plan_has_moved_on(repo: Repository) -> None:
    append(repo, "README.md")
    accept(repo, "README.md")
    small.change_plan(repo, "eu-north-1", "eu-west-3")
    readme = next(item for item in measure(repo).files if item.path == "README.md")
    assert (readme.accepted, readme.changed_by, readme.is_drift) == (True, ("plan", "person"), True)


def test_a_directory_stands_for_every_changed_file_in_it(repo: Repository) -> None:
    append(repo, BACKEND, "# ours\n")
    append(repo, "terraform/environments/prod/backend.tf", "# ours\n")
    accept(repo, "terraform/")
    assert measure(repo).is_none


@pytest.mark.parametrize("paths", [("LICENSE",), ("nowhere.txt",)])
def test_what_does_not_differ_cannot_be_accepted(repo: Repository, paths: tuple[str, ...]) -> None:
    with pytest.raises(UserError, match="nothing to accept"):
        accept(repo, *paths)
    assert not (repo.root / accepted.PATH).exists()


@pytest.mark.parametrize("reason", ["", "  ", "because"])
def test_an_acceptance_without_a_reason_is_refused(repo: Repository, reason: str) -> None:
    append(repo, "README.md")
    with pytest.raises(UserError, match="--reason"):
        drift.accept(repo, measure(repo), ["README.md"], [], reason, "")


def test_a_contradiction_is_named_and_can_be_accepted_by_its_field(repo: Repository) -> None:
    (repo.root / BACKEND).write_text('terraform {\n  backend "local" {}\n}\n', "utf-8")
    found = measure(repo)
    assert [item.contradiction.field for item in found.contradictions] == ["state_backend"]
    accept(repo, BACKEND)
    assert not measure(repo).is_none
    accept(repo, fields=("state_backend",))
    found = measure(repo)
    assert found.is_none
    assert [(item.accepted, REASON in item.reason) for item in found.contradictions] == [(True, True)]
    (repo.root / BACKEND).write_text('terraform {\n  backend "http" {}\n}\n', "utf-8")
    assert [item.accepted for item in measure(repo).contradictions] == [False]


def test_a_directory_that_a_person_deleted_is_gone_though_git_still_tracks_it(repo: Repository) -> None:
    shutil.rmtree(repo.root / "terraform" / "environments" / "prod")
    told = [(item.contradiction.field, item.contradiction.path) for item in measure(repo).contradictions]
    assert told == [("environments", "terraform/")]


@pytest.mark.parametrize("committed", [False, True])
def test_a_plan_that_is_gone_is_drift_and_one_that_never_was_is_none(repo: Repository, committed: bool) -> None:
    assert repo.plan is not None
    path = repo.plan.relative_to(repo.root).as_posix()
    repo.plan.unlink()
    if committed:
        small.commit(repo.root)
    found = measure(repository.open(repo.root))
    assert [(item.path, item.changed_by) for item in found.files] == [(path, ("person",))]
    assert "deleted the plan" in found.files[0].reason
    shutil.rmtree(repo.root / ".git")
    small.git(repo.root, "init", "--quiet")
    small.commit(repo.root)
    assert measure(repository.open(repo.root)).is_none


def test_in_a_sparse_checkout_nothing_is_taken_for_deleted(repo: Repository) -> None:
    small.git(repo.root, "sparse-checkout", "set", "specs")
    with pytest.raises(UserError, match="sparse checkout"):
        measure(repo)


def test_a_field_that_nothing_contradicts_cannot_be_accepted(repo: Repository) -> None:
    with pytest.raises(UserError, match="--field region"):
        accept(repo, fields=("region",))


def test_what_a_person_set_against_the_plan_contradicts_it(template: Path, tmp_path: Path) -> None:
    """The plan still says prod, and nothing is for it: the plan has to be corrected, or the difference accepted."""
    repo = small.deliver(template, tmp_path / "repo", settings={"environments": "dev,qa"})
    found = measure(repo)
    assert found.files == ()
    told = [(item.contradiction.field, item.contradiction.plan_line) for item in found.contradictions]
    assert ("environments", small.line_of(small.PLAN, "└── prod/")) in told


def test_findings_carry_what_to_do(repo: Repository) -> None:
    append(repo, "README.md")
    (repo.root / BACKEND).write_text('terraform {\n  backend "local" {}\n}\n', "utf-8")
    found = {finding.path: finding for finding in measure(repo).findings if finding.rule == "drift/person"}
    assert "setout accept README.md" in found["README.md"].remedy
    facts = [finding for finding in measure(repo).findings if finding.rule == "drift/state-backend"]
    assert len(facts) == 1
    assert facts[0].fingerprint


def test_below_the_top_of_a_monorepo_only_the_repository_counts(template: Path, tmp_path: Path) -> None:
    repo = small.deliver(template, tmp_path / "mono" / "infra")
    (repo.root / ".git").rename(tmp_path / "mono" / ".git")
    small.write(tmp_path / "mono", {"terraform/elsewhere.tf": "locals {}\n"})
    small.commit(tmp_path / "mono")
    found = repository.open(repo.root)
    assert found.prefix == "infra/"
    assert measure(found).is_none


def test_what_has_not_drifted_costs_one_render(template: Path, tmp_path: Path) -> None:
    """The goal is twice one plain render; counted in renders, since clocks differ."""
    repo = small.deliver(template, tmp_path / "repo")
    repository._rendered.cache_clear()
    measure(repo)
    assert repository._rendered.cache_info().misses == 1


def test_an_environment_that_only_lasts_is_no_change_of_the_plan(template: Path, tmp_path: Path) -> None:
    """The plan names none: the three that were delivered stay, and are told as they were."""
    quiet = small.PLAN.replace("**Target Environment**: dev, prod\n", "")
    quiet = quiet.replace("└── environments/\n    ├── dev/\n    └── prod/\n", "└── environments/\n")
    assert measure(small.deliver(template, tmp_path / "repo", quiet)).is_none
