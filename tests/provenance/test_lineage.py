"""Which template and which answers made a file: told from the templates, item by item where a path loops."""

from __future__ import annotations

from pathlib import Path

import pytest

from setout.delivery import copying
from setout.delivery.copying import Workshop
from setout.delivery.render import ANSWERS_FILE
from setout.provenance import lineage
from setout.provenance.lineage import Lineage, Use
from setout.upkeep.repository import Repository
from tests import small


def traced(repo: Repository, template: Path, into: Path) -> dict[str, Lineage]:
    def look(workshop: Workshop) -> dict[str, Lineage]:
        return lineage.trace(workshop)

    return copying.watch(str(template), "HEAD", dict(repo.answers), into, ANSWERS_FILE, look)


@pytest.fixture(scope="module")
def lineages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Lineage]:
    folder = tmp_path_factory.mktemp("lineage")
    template = small.template(folder / "template")
    return traced(small.deliver(template, folder / "repo"), template, folder / "again")


def names(uses: tuple[Use, ...]) -> dict[str, list[str]]:
    """The questions, each with the names of its items where it was narrowed."""
    return {use.question: [item["name"] if isinstance(item, dict) else item for item in use.items] for use in uses}


def test_every_delivered_file_has_its_template(lineages: dict[str, Lineage]) -> None:
    assert lineages["LICENSE"].template == "delivered/LICENSE"
    assert lineages["terraform/environments/prod/main.tf"].template == (
        "delivered/terraform/environments/{% yield env from environments %}{{ env.name }}{% endyield %}/main.tf.jinja"
    )


def test_a_file_without_answers_rests_on_none(lineages: dict[str, Lineage]) -> None:
    assert lineages["LICENSE"].uses == ()


def test_a_loop_in_the_path_counts_with_its_item_alone(lineages: dict[str, Lineage]) -> None:
    assert names(lineages["terraform/environments/prod/main.tf"].uses) == {"environments": ["prod"]}


def test_a_computed_list_stands_for_the_recorded_one_it_is_made_of(lineages: dict[str, Lineage]) -> None:
    found = names(lineages["argocd/applications/dev/metrics-server.yaml"].by_path)
    assert (found["components"], found["environments"]) == (["metrics-server"], ["dev"])


def test_a_condition_on_one_item_counts_with_that_item(lineages: dict[str, Lineage]) -> None:
    assert names(lineages["terraform/modules/vpc/main.tf"].uses) == {"terraform_modules": ["vpc"]}


def test_what_the_template_would_exclude_rests_on_the_answer_that_keeps_it(lineages: dict[str, Lineage]) -> None:
    assert names(lineages["argocd/applications/dev/metrics-server.yaml"].by_path)["blueprints"] == ["argocd"]
    assert "blueprints" not in names(lineages["kubernetes/version.yaml"].uses)


def test_macros_bring_their_answers_along_and_only_those_that_are_imported(lineages: dict[str, Lineage]) -> None:
    found = names(lineages["terraform/environments/dev/backend.tf"].by_content)
    assert found == {"environments": ["dev"], "project": [], "region": [], "state_backend": []}


def test_a_macro_in_the_path_does_not_widen_the_item(lineages: dict[str, Lineage]) -> None:
    assert names(lineages["terraform/environments/dev/backend.tf"].by_path) == {"environments": ["dev"]}


def test_includes_and_loops_in_the_text_count_whole(lineages: dict[str, Lineage]) -> None:
    found = names(lineages["README.md"].uses)
    assert found == {"blueprints": [], "environments": [], "region": [], "summary": [], "title": []}


def test_the_answers_file_rests_on_every_recorded_answer(lineages: dict[str, Lineage]) -> None:
    found = names(lineages[ANSWERS_FILE].uses)
    assert "catalogue" not in found
    assert {"project", "components", "terraform_modules"} <= set(found)


def test_templates_that_import_and_include_themselves_come_to_an_end(tmp_path: Path) -> None:
    files = {
        **small.FILES,
        "delivered/_macros/a.jinja": (
            "{% from 'delivered/_macros/b.jinja' import far with context %}\n"
            "{% macro near() %}{{ far() if region == 'x' }}{% endmacro %}\n"
        ),
        "delivered/_macros/b.jinja": (
            "{% macro far() %}\n{% from 'delivered/_macros/a.jinja' import near with context %}\n"
            "{{ near() }}{{ project if title == 'x' }}{% endmacro %}\n"
        ),
        "delivered/round.txt.jinja": (
            "{% from 'delivered/_macros/a.jinja' import near with context %}\n{{ near() }}\n"
            "{% if summary == 'x' %}{% include 'delivered/round.txt.jinja' %}{% endif %}\n"
        ),
    }
    template = small.template(tmp_path / "template", files)
    found = traced(small.deliver(template, tmp_path / "repo"), template, tmp_path / "again")
    assert set(names(found["round.txt"].uses)) == {"project", "region", "summary", "title"}


def test_whole_wins_over_items_and_items_add_up() -> None:
    merged = lineage.merge([Use("b", ("x",)), Use("a", ("x",)), Use("a", ("y", "x")), Use("b")])
    assert merged == (Use("a", ("x", "y")), Use("b"))
