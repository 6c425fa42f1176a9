"""Blocks between markers are found in pairs, replaced whole, and never read."""

from __future__ import annotations

import time

import pytest

from setout.plan import markers, reader, source

TEXT = "one\n<!-- setout:tree -->\nold\n<!-- /setout:tree -->\ntwo\n"


def test_a_block_is_left_out_and_the_lines_below_keep_their_number() -> None:
    assert markers.without(TEXT) == "one\n\n\n\ntwo\n"


def test_a_block_is_replaced_and_nothing_around_it() -> None:
    assert markers.replaced(TEXT, "tree", "new\nand newer") == (
        "one\n<!-- setout:tree -->\nnew\nand newer\n<!-- /setout:tree -->\ntwo\n"
    )
    assert markers.replaced(TEXT, "gates", "new") is None


def test_the_reader_does_not_believe_what_a_block_says() -> None:
    plan = "# Implementation Plan: X\n\n**Cloud Provider**: AWS\n\n{}\n\n**Kubernetes**: k3s\n"
    block = markers.block(
        "decision", "**Cloud Provider**: Google Cloud\n\n| Component | Required |\n|---|---|\n| velero | Yes |"
    )
    bare, with_block = (reader.parse(source.decode("p", plan.format(part).encode())) for part in ("", block))
    assert [(s.key, s.text) for s in bare.statements] == [(s.key, s.text) for s in with_block.statements]
    assert with_block.rows == ()


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a\n<!-- setout:tree -->\nb\n", 4),
        ("<!-- /setout:tree -->\n", 1),
        ("<!-- setout:tree -->\n<!-- setout:gates -->\n<!-- /setout:gates -->\n<!-- /setout:tree -->\n", 2),
        (TEXT + TEXT, 7),
    ],
)
def test_markers_without_their_partner_are_broken(text: str, line: int) -> None:
    with pytest.raises(markers.Broken) as caught:
        markers.replaced(text, "tree", "x")
    assert caught.value.line == line


def test_what_is_broken_is_read_like_any_other_text() -> None:
    assert markers.without("a\n<!-- setout:tree -->\nb\n") == "a\n<!-- setout:tree -->\nb\n"


def test_many_markers_take_no_longer_than_their_number() -> None:
    started = time.perf_counter()
    markers.without("<!-- setout:tree -->\n" * 200_000)
    assert time.perf_counter() - started < 5
