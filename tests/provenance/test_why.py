"""Why a file or a line is as it is, from what the repository records; and where no answer is behind it, says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from setout.delivery import copying
from setout.delivery.answers import RESTS_ON
from setout.delivery.copying import Workshop
from setout.delivery.render import ANSWERS_FILE
from setout.errors import UserError
from setout.provenance import marking, why
from setout.provenance.lineage import Library
from setout.provenance.why import Why
from setout.upkeep import repository
from setout.upkeep.repository import Repository
from tests import small
from tests.conftest import PLANS, ROOT
from tests.delivery.test_answers import recorded_questions

BACKEND = "terraform/environments/dev/backend.tf"


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    folder = tmp_path_factory.mktemp("why")
    return small.deliver(small.template(folder / "template"), folder / "repo")


@pytest.fixture
def edited(tmp_path: Path) -> Repository:
    return small.deliver(small.template(tmp_path / "template"), tmp_path / "repo")


def plan_line(words: str) -> int:
    return small.line_of(small.PLAN, words)


def answers(found: Why) -> dict[str, object]:
    return {ground.answer: ground.value for ground in found.grounds}


def line_in(repo: Repository, path: str, words: str) -> Why:
    return why.of_file(repo, path, small.line_of((repo.root / path).read_text("utf-8"), words))


def test_a_file_names_blueprint_answers_reasons_and_plan_lines(repo: Repository) -> None:
    found = why.of_file(repo, "argocd/applications/prod/cert-manager.yaml")
    assert found.blueprint.startswith("delivered/argocd/applications/")
    assert answers(found)["components"] == [{"name": "cert-manager", "version": "v1.20.0"}]
    assert "cert-manager: version as the plan has it." in found.because
    row = plan_line("| cert-manager |")
    assert found.quotes[row] == "| cert-manager | Yes | chart v1.20.0 |"


def test_an_item_rests_on_its_own_line_of_the_plan(repo: Repository) -> None:
    found = why.of_file(repo, "terraform/environments/prod/main.tf")
    assert list(found.quotes) == [plan_line("└── prod/")]


def test_a_file_without_answers_is_the_templates_alone(repo: Repository) -> None:
    found = why.of_file(repo, "LICENSE")
    assert (found.blueprint, found.grounds) == ("delivered/LICENSE", ())
    assert "the template alone" in found.notes[0]


def test_a_line_rests_on_the_answers_of_its_expression(repo: Repository) -> None:
    found = line_in(repo, "README.md", "- prod:")
    assert set(answers(found)) == {"environments"}
    assert [item["name"] for item in answers(found)["environments"]] == ["prod"]  # type: ignore[attr-defined]


def test_a_line_rests_on_the_condition_it_stands_under(repo: Repository) -> None:
    assert answers(line_in(repo, "README.md", "Argo CD applies it")) == {"blueprints": ["argocd"]}


def test_a_line_of_an_included_file_rests_on_what_it_uses(repo: Repository) -> None:
    assert answers(line_in(repo, "README.md", "The region is")) == {"region": "eu-north-1"}


def test_a_line_that_a_macro_wrote_rests_on_the_values_in_it(repo: Repository) -> None:
    assert answers(line_in(repo, BACKEND, "bucket =")) == {"project": "paper-shop"}
    assert answers(line_in(repo, BACKEND, "region =")) == {"region": "eu-north-1"}


def test_a_line_without_answers_is_the_templates_alone(repo: Repository) -> None:
    found = line_in(repo, "README.md", "Ask before")
    assert (found.grounds, found.blueprint) == ((), "delivered/README.md.jinja")
    assert "the template alone wrote this line" in found.notes[0]


def test_lines_are_found_again_below_what_a_person_inserted(edited: Repository) -> None:
    readme = edited.root / "README.md"
    readme.write_text("<!-- ours -->\n" + readme.read_text("utf-8"), "utf-8")
    assert answers(line_in(edited, "README.md", "The region is")) == {"region": "eu-north-1"}
    own = why.of_file(edited, "README.md", 1)
    assert own.grounds == ()
    assert "a person wrote this line" in own.notes[0]
    assert "a person edited this file" in why.of_file(edited, "README.md").notes


def test_a_file_of_a_person_is_said_to_be_one(edited: Repository) -> None:
    (edited.root / "notes.md").write_text("mine\n", "utf-8")
    found = why.of_file(edited, "notes.md")
    assert (found.blueprint, found.grounds) == ("", ())
    assert "a person put this file here" in found.notes[0]


def test_a_moved_file_is_explained_by_what_it_was_made_from(edited: Repository) -> None:
    place = edited.root / "docs" / "about.md"
    place.parent.mkdir(exist_ok=True)
    text = (edited.root / "README.md").read_text("utf-8")
    (edited.root / "README.md").unlink()
    place.write_text(f"Ours.\n{text}", "utf-8")
    found = why.of_file(edited, "docs/about.md")
    assert found.blueprint == "delivered/README.md.jinja"
    assert found.notes[:2] == ("a person moved this file here from README.md", "a person edited this file")
    line = text.split("\n").index("# Paper Shop") + 2
    assert [ground.answer for ground in why.of_file(edited, "docs/about.md", line).grounds] == ["title"]
    assert "a person wrote this line" in why.of_file(edited, "docs/about.md", 1).notes[1]


def test_a_deleted_file_is_still_explained(edited: Repository) -> None:
    (edited.root / BACKEND).unlink()
    found = why.of_file(edited, BACKEND)
    assert "a person deleted this file" in found.notes
    assert "region" in answers(found)


def test_the_plan_is_the_plan(repo: Repository) -> None:
    assert why.of_file(repo, "specs/007-paper-shop/plan.md").notes == ("this is the plan itself",)


def test_a_plan_that_has_moved_on_is_pointed_out_and_claims_nothing_of_today(edited: Repository) -> None:
    changed = small.change_plan(edited, "AWS (eu-north-1)", "AWS (eu-west-3)")
    found = line_in(changed, BACKEND, "region =")
    assert answers(found) == {"region": "eu-north-1"}
    assert found.because == ()
    assert "setout preview" in found.notes[0]


def test_without_a_plan_there_are_answers_and_no_lines(edited: Repository) -> None:
    assert edited.plan is not None
    edited.plan.unlink()
    found = why.of_file(repository.open(edited.root), BACKEND)
    assert set(answers(found)) == {"environments", "project", "region", "state_backend"}
    assert (found.plan, dict(found.quotes)) == ("", {})


@pytest.mark.parametrize(("path", "line"), [("nowhere.tf", 0), ("README.md", 999)])
def test_what_is_not_there_is_refused(repo: Repository, path: str, line: int) -> None:
    with pytest.raises(UserError, match=path):
        why.of_file(repo, path, line)


def test_a_line_of_the_plan_names_every_file_that_rests_on_it(repo: Repository) -> None:
    found = why.of_plan_line(repo, plan_line("| cert-manager |"))
    assert found.text == "| cert-manager | Yes | chart v1.20.0 |"
    assert {"components", "component_pins"} <= set(found.fields)
    assert set(found.files) == {
        ".copier-answers.yml",
        "argocd/applications/dev/cert-manager.yaml",
        "argocd/applications/prod/cert-manager.yaml",
    }


def test_a_line_of_an_environment_does_not_name_the_files_of_another(repo: Repository) -> None:
    found = why.of_plan_line(repo, plan_line("└── prod/"))
    assert BACKEND not in found.files
    assert "terraform/environments/prod/backend.tf" in found.files


@pytest.mark.parametrize("line", [0, 500])
def test_a_line_that_the_plan_does_not_have_is_refused(repo: Repository, line: int) -> None:
    with pytest.raises(UserError, match=f"no line {line}"):
        why.of_plan_line(repo, line)


@pytest.mark.parametrize(
    ("typed", "inside", "expected"),
    [
        ("README.md", True, ("README.md", 0)),
        ("README.md:3", True, ("README.md", 3)),
        ("terraform/environments/dev/backend.tf:3", False, (BACKEND, 3)),
        ("./terraform/../README.md", False, ("README.md", 0)),
    ],
)
def test_files_are_named_below_the_repository_or_from_where_one_stands(
    repo: Repository, monkeypatch: pytest.MonkeyPatch, typed: str, inside: bool, expected: tuple[str, int]
) -> None:
    monkeypatch.chdir(repo.root.parent if inside else repo.root)
    root, *found = why.locate(typed, repo.root if inside else None)
    assert root == repo.root
    assert tuple(found) == expected


def test_a_file_outside_any_repository_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no delivered repository"):
        why.locate(str(tmp_path / "x.tf"))


def test_a_name_with_a_colon_and_a_number_is_a_name_where_there_is_such_a_file(edited: Repository) -> None:
    (edited.root / "odd:7").write_text("mine\n", "utf-8")
    assert why.locate("odd:7", edited.root)[1:] == ("odd:7", 0)


def test_every_recorded_question_says_on_which_choices_it_rests() -> None:
    assert set(RESTS_ON) == recorded_questions()


@pytest.mark.parametrize("case", ["multi-tool"])
def test_every_line_of_the_real_template_can_be_traced(case: str, tmp_path: Path) -> None:
    """From a clone of the template: the checkout itself may have changes that no commit holds."""
    template = tmp_path / "template"
    small.git(tmp_path, "clone", "--quiet", ROOT, template)
    repo = small.deliver(template, tmp_path / "repo", (PLANS / case / "plan.md").read_text("utf-8"))

    def untold(workshop: Workshop) -> list[str]:
        library = Library(workshop)
        texts = {path: (tmp_path / "again" / path).read_bytes().decode() for path in workshop.made}
        return [path for path, made in workshop.made.items() if marking.lines_of(library, made, texts[path]) is None]

    assert copying.watch(str(template), "HEAD", dict(repo.answers), tmp_path / "again", ANSWERS_FILE, untold) == []
    found = why.of_file(repo, "terraform/environments/staging/terraform.tfvars", 2)
    assert answers(found) == {"region": "eu-central-1"}
    assert list(found.quotes.values()) == ["**Cloud Provider**: AWS (eu-central-1)"]
