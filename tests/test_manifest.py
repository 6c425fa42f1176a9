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


def test_aliases_that_blow_up_do_not() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30)]
    (document,) = manifest.read("\n".join(lines))
    assert len(document.content) == 30


def test_a_pointer_becomes_a_path() -> None:
    assert manifest.pointer("/spec/a~1b/0") == ("spec", "a/b", 0)
    assert manifest.pointer("") == ()


def test_a_template_is_searched_for_its_keys_in_order() -> None:
    text = "{{- if .x }}\nmetadata:\n  name: {{ .n }}\nspec:\n  - name: y\n{{- end }}\n"
    assert manifest.line_in_text(text, ("spec", 0, "name")) == 5


def test_tags_of_other_programs_are_read_past() -> None:
    text = "script: !reference [.setup, script]\nname: !Ref Bucket\nrest: !Custom {a: 1}\n"
    assert manifest.mapping(text) == {"script": [".setup", "script"], "name": "Bucket", "rest": {"a": 1}}
