from __future__ import annotations

import pytest

from setout import manifest
from tests.trees import DEPLOYMENT


def test_a_path_has_its_line() -> None:
    (document,) = manifest.read("# first\n" + DEPLOYMENT)
    assert document.line_of(("spec", "replicas")) == 7
    assert document.line_of(("spec", "template", "spec", "containers", 0, "image")) == 18


def test_a_path_that_is_not_there_leads_as_deep_as_it_goes() -> None:
    (document,) = manifest.read(DEPLOYMENT)
    assert document.line_of(("spec", "strategy", "type")) == document.line_of(("spec",)) == 5
    assert not document.has(("spec", "strategy"))


def test_duplicate_keys_are_noted_with_their_lines() -> None:
    (document,) = manifest.read("a: 1\nb:\n  - c: 1\n    c: 2\na: 2\n")
    assert document.duplicates == (("c", 4), ("a", 5))


def test_a_merge_overrides_without_being_a_duplicate() -> None:
    (document,) = manifest.read("x: &x {a: 1}\ny:\n  <<: *x\n  a: 2\n")
    assert document.content["y"] == {"a": 2}
    assert document.duplicates == ()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2026-11-21", "2026-11-21"),
        ("1:30", "1:30"),
        ("=", "="),
        ("0644", 0o644),
        ("0x1f", 31),
        ("1e3", 1000.0),
        ("1.5", 1.5),
        ("-7", -7),
        ("1.2.3", "1.2.3"),
        ("yes", True),
        ("~", None),
        (".5", 0.5),
    ],
)
def test_scalars_are_what_kubernetes_takes_them_for(text: str, value: object) -> None:
    (document,) = manifest.read(f"a: {text}\n")
    assert document.content == {"a": value}


def test_empty_documents_are_seen() -> None:
    documents = manifest.read("a: 1\n---\n---\nb: 2\n")
    assert [document.content for document in documents] == [{"a": 1}, None, {"b": 2}]


def test_a_document_keeps_its_text() -> None:
    first, second = manifest.read("kind: A\napiVersion: v1\n---\nkind: B\napiVersion: v1\n")
    assert first.text.strip() == "kind: A\napiVersion: v1"
    assert second.text.strip() == "kind: B\napiVersion: v1"


@pytest.mark.parametrize(
    ("text", "line"), [("a: [1\nb: 2\n", 2), ("a: {{ b }}\n", 1), ("a: b: c\n", 1), ("a: !!x y\n", 1)]
)
def test_what_is_no_yaml_says_where(text: str, line: int) -> None:
    with pytest.raises(manifest.NotYaml) as caught:
        manifest.read(text)
    assert caught.value.line == line


def test_a_pointer_becomes_a_path() -> None:
    assert manifest.pointer("/spec/a~1b/0") == ("spec", "a/b", 0)
    assert manifest.pointer("") == ()


def test_a_template_is_searched_for_its_keys_in_order() -> None:
    text = "{{- if .x }}\nmetadata:\n  name: {{ .n }}\nspec:\n  - name: y\n{{- end }}\n"
    assert manifest.line_in_text(text, ("spec", 0, "name")) == 5


def test_tags_of_other_programs_are_read_past() -> None:
    text = "script: !reference [.setup, script]\nname: !Ref Bucket\nrest: !Custom {a: 1}\n"
    assert manifest.mapping(text) == {"script": [".setup", "script"], "name": "Bucket", "rest": {"a": 1}}


@pytest.mark.parametrize("text", ["[" * 1_000_000, "{a: " * 1_000_000, "- " * 1_000_000, "x: " + "[" * 300 + "]" * 300])
def test_what_nests_too_deeply_is_refused_before_the_parser_dies_of_it(text: str) -> None:
    with pytest.raises(manifest.NotYaml):
        manifest.read(text)
    assert manifest.mapping(text) == {}


def test_a_long_list_in_brackets_is_not_deep() -> None:
    assert len(manifest.read("[" + "[1], " * 1000 + "]")[0].content) == 1000


BOMB = "a0: &a0 [x]\n" + "".join(f"a{n + 1}: &a{n + 1} [{', '.join([f'*a{n}'] * 10)}]\n" for n in range(12))


@pytest.mark.parametrize("text", [BOMB, "a: &a\n  b: *a\n"])
def test_aliases_that_would_make_an_endless_document_are_refused(text: str) -> None:
    with pytest.raises(manifest.NotYaml, match="aliases"):
        manifest.read(text)
    assert manifest.mapping(text) == {}


def test_a_few_aliases_are_welcome() -> None:
    assert manifest.mapping("a: &a {b: 1}\nc: *a\n") == {"a": {"b": 1}, "c": {"b": 1}}
