"""Any bytes at all end in a report or in one clear line, and in time that grows with their length."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from setout.cli import main
from setout.decide import decide
from setout.errors import UserError
from setout.model import Sense
from setout.pipeline import Reading
from setout.plan.reader import parse
from setout.plan.sense import judge, sense
from setout.plan.source import decode
from setout.reports import github, json, sarif, text

QUIET = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
# What a plan is made of, whole and broken; the rest is what people and editors leave behind.
PIECES = (
    "# Implementation Plan: Shop", "## Open Questions", "### Q1: which region?", "## Technical Context", "Title", "---",
    "## Project Structure", "## Constitution Check", "####### too deep", "#", "- [ ] which size?", "- [x] done",
    "1. **Region**: two are near", "**Decision**: S3 or GCS", "**State Backend**: S3", "**Disk**: NEEDS CLARIFICATION",
    "**unclosed: bold", "| Question | Status |", "|---|---|", "| which AWS region | open", "| only one cell |", "|||",
    "```text", "````yaml", "~~~", "```", "````", "    indented code", "terraform/", "├── main.tf  # NEW",
    "│   └── a/{b,c}", "└── k8s/  ✅", "charts/{a,{b,c}}/Chart.yaml", "> quoted", ">> twice", "* item", "  - deeper",
    "<!-- open", "-->",
    "[link](", "[FEATURE]", "[###-feature-name]", "<details>", "helm upgrade --install shop ./charts/shop \\", "",
    "environments dev, staging and prod", "no Key Vault", "from Flux to Argo CD", "on the existing EKS cluster",
    "Тerraform on АWS", "\u202eTerraform\u202c", "\u200fKubernetes\u200e", "EK\u200bS", "\ufeffAWS", "\u2028",
    "é\u0301", "Offene Fragen", "未决问题", "\U0001f680", "&amp;", "\t\ttabs", "\v\f", "a" * 300,
)  # fmt: skip


def end(data: bytes) -> None:
    """Read the bytes through to every report; the only other way out is one line for the person."""
    told = ""
    try:
        plan = parse(decode("plan.md", data))
    except UserError as error:
        told = str(error)
    if told:
        assert len(told.splitlines()) == 1
        return
    reading = Reading(plan, decide(plan))
    lines = data.decode("utf-8", "replace").count("\n") + data.count(b"\r") + 2
    assert all(1 <= statement.place.line <= lines for statement in plan.statements)
    assert all(1 <= question.place.line <= lines for question in reading.decision.questions)
    for report in (text, json, sarif, github):
        assert report.readings([reading])


@QUIET
@given(st.binary(max_size=400))
@example(b"")
@example(b"\x00")
@example(b"\xff\xfe")
@example(b"\xff\xfe#\x00 \x00A")
@example(b"\xef\xbb\xbf# A\r\r\n")
@example("# Größe ".encode() + "Größe".encode("latin-1") + b"\xed\xa0\x80")
def test_any_bytes(data: bytes) -> None:
    end(data)


@QUIET
@given(st.lists(st.sampled_from(PIECES), max_size=40), st.sampled_from(["\n", "\r\n", "\r", "\n\n"]))
def test_pieces_of_plans_in_any_order(pieces: list[str], line_end: str) -> None:
    end(line_end.join(pieces).encode())


@QUIET
@given(st.lists(st.sampled_from(PIECES), max_size=20), st.binary(max_size=12), st.integers(0, 400))
def test_plans_with_foreign_bytes_in_them(pieces: list[str], foreign: bytes, position: int) -> None:
    data = "\n".join(pieces).encode()
    end(data[:position] + foreign + data[position:])


@QUIET
@given(st.text(max_size=300))
def test_any_text(words: str) -> None:
    end(words.encode("utf-8", "surrogatepass"))


SHAPES = {
    "10,000 headings": "".join(f"## Part {number}\n" for number in range(10_000)),
    "10,000 questions": "## Open Questions\n\n" + "### Which?\n" * 10_000,
    "a line of 1 MB": "Terraform on AWS, no Vault; " * 37_500,
    "a word of 1 MB": "x" * 1_000_000,
    "quotes in quotes": ">" * 20_000 + " AWS\n",
    "lists in lists": "".join("  " * depth + "- AWS\n" for depth in range(400)),
    "fences in fences": "".join("`" * (3 + depth % 60) + "text\na/b.tf\n" for depth in range(5_000)),
    "a table without an end": "| a | b\n|---|---\n" + "| NEEDS CLARIFICATION | x\n" * 10_000,
    "a table of 10,000 columns": "|" + "a|" * 10_000 + "\n|" + "-|" * 10_000 + "\n|" + "b|" * 10_000 + "\n",
    "open comments": "<!-- " * 50_000,
    "open brackets": "**Decision**: " + "[(" * 50_000,
    "commands on one line": "```bash\n" + "helm install x " * 20_000 + "\n```\n",
    "braces in braces": "```text\n" + "{a,b}/" * 200 + "x.tf\n```\n",
    "a tree in a tree": "```text\n" + "".join("│   " * depth + "├── d/\n" for depth in range(500)) + "```\n",
}


@pytest.mark.parametrize("shape", SHAPES)
def test_long_and_deep_plans_end_too(shape: str) -> None:
    started = time.process_time()
    end(f"# Implementation Plan: X\n\n{SHAPES[shape]}".encode())
    assert time.process_time() - started < 60  # what grows with the square of the length takes an hour


@pytest.mark.parametrize(
    ("data", "words"),
    [(b"", "empty"), (b" \n\t\r\n", "empty"), (b"# A\x00", "binary"), (b"\xff\xfe", "empty")],
)
def test_what_is_no_plan_is_told_in_one_line(
    data: bytes, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "plan.md").write_bytes(data)
    assert main(["read", str(tmp_path / "plan.md")]) != 0
    told = capsys.readouterr()
    assert words in told.err
    assert "Traceback" not in told.err
    assert told.out == ""


def test_no_word_of_a_plan_steers_the_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plan = tmp_path / "plan.md"
    plan.write_text("# Plan: \x1b[31m\u202eA\u2066\n\n## Open Questions\n\n- [red]which\x07 region?\u202e\n", "utf-8")
    main(["read", str(plan)])
    shown = capsys.readouterr().out
    assert "which region?" in shown
    assert not set(shown) & set("\x1b\x07\u202e\u2066")


# A term among words that deny, replace, postpone and the like, and fillers that end them at any distance.
_WORDS = st.sampled_from(
    ["no", "not", "only", "without", "from", "to", "instead of", "replacing", "later", "now", "existing", "already",
     "exists", "e.g.", "such as", "external", "external services:", "cloud or", "or cloud", "not yet", "in phase 2",
     "is not", "→", "->", "(", ")", ",", ".", ";", ":", "\n", "ohne", "既存", "不使用", "segredos", "portable to",
     "cannot", "know", "flater", "laterally", "Velero"]
)  # fmt: skip
_FILLER = st.integers(0, 170).map(lambda length: "x" * length)
_TEXTS = st.lists(st.one_of(_WORDS, _FILLER), max_size=8).flatmap(
    lambda words: st.lists(st.sampled_from([" ", "", "  "]), min_size=len(words), max_size=len(words)).map(
        lambda gaps: "".join(word + gap for word, gap in zip(words, gaps, strict=True))
    )
)


@settings(deadline=None, max_examples=500)
@given(_TEXTS, _TEXTS)
@example("later" + " " * 56, "")
@example("f" + "later" + " " * 55, "")
@example("", " " + "x" * 35 + "laterally")
@example("xexternal services: " + "a" * 122, "")
def test_a_sense_found_by_its_signs_is_that_of_every_rule(before: str, after: str) -> None:
    ahead = before + " " * before[-1:].isalnum()  # a term is a whole word
    whole = f"{ahead}Terraform{' ' * after[:1].isalnum()}{after}"
    assert sense(whole, len(ahead), len(ahead) + 9) is judge(whole, len(ahead), len(ahead) + 9)


def test_words_that_are_cut_off_are_no_signs() -> None:
    filler = "f" + "later" + " " * 55
    assert judge(f"{filler}Terraform", len(filler), len(filler) + 9) is Sense.ASSERTED
