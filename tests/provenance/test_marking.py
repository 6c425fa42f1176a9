"""Which answers wrote which line: exact for expressions and conditions, loose for what a macro wrote at once."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from setout.delivery import copying
from setout.delivery.copying import Workshop
from setout.delivery.render import ANSWERS_FILE
from setout.provenance import marking
from setout.provenance.lineage import Library, Use
from setout.provenance.marking import Origin

QUESTIONS = """\
_subdirectory: delivered
_envops: {trim_blocks: true, lstrip_blocks: true, keep_trailing_newline: true}
name: {type: str, default: shop}
tier: {type: str, default: big}
teams: {type: yaml, default: [{name: red}, {name: blue}]}
parts: {type: yaml, default: [web, api]}
"""
ANSWERS = "{{ _copier_answers | to_nice_yaml -}}\n"


def origins(folder: Path, text: str, others: Mapping[str, str] | None = None) -> dict[str, Origin]:
    """What wrote each line of a template's result, by the line."""
    files = {
        "copier.yml": QUESTIONS,
        "delivered/{{ _copier_conf.answers_file }}.jinja": ANSWERS,
        "delivered/file.txt.jinja": text,
        **(others or {}),
    }
    for name, content in files.items():
        (folder / "template" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "template" / name).write_text(content, "utf-8")

    def look(workshop: Workshop) -> dict[str, Origin]:
        delivered = (folder / "out" / "file.txt").read_text("utf-8")
        found = marking.lines_of(Library(workshop), workshop.made["file.txt"], delivered)
        assert found is not None
        return dict(zip(delivered.split("\n"), found, strict=True))

    return copying.watch(str(folder / "template"), "", {}, folder / "out", ANSWERS_FILE, look)


def exact(found: Origin) -> dict[str, tuple[object, ...]]:
    assert found.loose == ()
    return {use.question: use.items for use in found.exact}


def test_an_expression_counts_on_its_line_alone(tmp_path: Path) -> None:
    found = origins(tmp_path, "first\nname {{ name }}\nlast\n")
    assert [exact(found[line]) for line in ("first", "name shop", "last")] == [{}, {"name": ()}, {}]


def test_a_condition_counts_on_every_line_under_it_and_its_failures_on_the_others(tmp_path: Path) -> None:
    text = "{% if tier == 'small' %}\na\n{% elif name == 'shop' %}\nb\n{% else %}\nc\n{% endif %}\nd\n"
    found = origins(tmp_path, text)
    assert exact(found["b"]) == {"name": (), "tier": ()}
    assert exact(found["d"]) == {}


def test_what_is_left_over_rests_on_every_test_that_failed(tmp_path: Path) -> None:
    found = origins(tmp_path, "{% if tier == 'small' %}\na\n{% elif name == 'x' %}\nb\n{% else %}\nc\nd\n{% endif %}\n")
    assert exact(found["c"]) == exact(found["d"]) == {"name": (), "tier": ()}


def test_a_macro_rests_on_what_decides_from_where_it_comes(tmp_path: Path) -> None:
    macro = "{% macro size() %}very large{% endmacro %}\n"
    text = "{% from 'macros-' ~ tier ~ '.jinja' import size with context %}\n{{ size() }}\n"
    assert exact(origins(tmp_path, text, {"macros-big.jinja": macro})["very large"]) == {"tier": ()}


def test_a_question_for_one_item_counts_with_that_item(tmp_path: Path) -> None:
    assert exact(origins(tmp_path, "{% if 'api' in parts %}\nx\n{% endif %}\n")["x"]) == {"parts": ("api",)}


def test_a_loop_counts_on_its_lines(tmp_path: Path) -> None:
    found = origins(tmp_path, "{% for team in teams %}\n- {{ team.name }}\n{% endfor %}\nend\n")
    assert exact(found["- red"]) == exact(found["- blue"]) == {"teams": ()}
    assert exact(found["end"]) == {}


def test_a_variable_counts_for_what_it_was_made_of(tmp_path: Path) -> None:
    assert exact(origins(tmp_path, "{% set label = name ~ '-x' %}\n{{ label }}\n")["shop-x"]) == {"name": ()}


def test_what_a_macro_writes_at_once_is_loose_and_what_it_writes_in_a_line_is_exact(tmp_path: Path) -> None:
    long = "{% macro long() %}\none {{ name }}\ntwo {{ tier }}\n{% endmacro %}\n"
    macros = f"{long}{{% macro short() %}}{{{{ tier }}}}{{% endmacro %}}\n"
    text = "{% from 'macros.jinja' import long, short with context %}\n{{ long() -}}\nthree {{ short() }}\n"
    found = origins(tmp_path, text, {"macros.jinja": macros})
    assert found["one shop"] == Origin((), (Use("name"), Use("tier")))
    assert exact(found["three big"]) == {"tier": ()}


def test_what_is_included_is_looked_into(tmp_path: Path) -> None:
    found = origins(tmp_path, "{% include 'part.txt' %}\nend\n", {"part.txt": "fixed\nname {{ name }}\n"})
    assert exact(found["fixed"]) == {}
    assert exact(found["name shop"]) == {"name": ()}


def test_an_included_text_may_use_what_the_includer_set(tmp_path: Path) -> None:
    found = origins(tmp_path, "{% set label = tier %}\n{% include 'part.txt' %}\n", {"part.txt": "is {{ label }}\n"})
    assert exact(found["is big"]) == {"tier": ()}


def test_what_goes_through_a_filter_as_a_whole_is_not_the_templates_alone(tmp_path: Path) -> None:
    found = origins(tmp_path, "{% filter upper %}\nname {{ name }}\nend\n{% endfilter %}\n")
    assert found["NAME SHOP"] == found["END"] == Origin((), (Use("name"),))


def test_a_text_with_marks_of_its_own_claims_nothing(tmp_path: Path) -> None:
    with pytest.raises(AssertionError):
        origins(tmp_path, "{{ '\ue0001\ue002' }}\n")


def test_a_file_that_is_no_template_has_no_origins(tmp_path: Path) -> None:
    (tmp_path / "template" / "delivered").mkdir(parents=True)
    (tmp_path / "template" / "copier.yml").write_text(QUESTIONS)
    (tmp_path / "template" / "delivered" / "{{ _copier_conf.answers_file }}.jinja").write_text(ANSWERS)
    (tmp_path / "template" / "delivered" / "plain.txt").write_text("a\nb\n")

    def look(workshop: Workshop) -> object:
        return marking.lines_of(Library(workshop), workshop.made["plain.txt"], "a\nb\n")

    found = copying.watch(str(tmp_path / "template"), "", {}, tmp_path / "out", ANSWERS_FILE, look)
    assert found == [Origin()] * 3


def test_another_text_than_was_delivered_claims_nothing(tmp_path: Path) -> None:
    with pytest.raises(AssertionError):
        origins(
            tmp_path,
            "{{ name }}\n",
            {"delivered/file.txt.jinja": "{{ range(9) | random }}{{ range(99999) | random }}\n"},
        )
