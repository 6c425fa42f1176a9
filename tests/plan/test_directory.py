"""Directory trees become paths with their lines, comments and marks."""

from __future__ import annotations

import pytest

from setout.model import Entry, Mark
from setout.plan.directory import entries, expand
from setout.plan.outline import outline
from setout.plan.source import decode


def paths(tree: str, info: str = "text") -> list[Entry]:
    return list(entries(outline(decode("plan.md", f"# X\n\n```{info}\n{tree}\n```\n".encode()))))


def test_box_drawing_gives_whole_paths() -> None:
    tree = "terraform/\n├── modules/\n│   ├── vpc/\n│   └── eks/\n└── main.tf"
    assert [e.path for e in paths(tree)] == [
        "terraform", "terraform/modules", "terraform/modules/vpc", "terraform/modules/eks", "terraform/main.tf",
    ]  # fmt: skip


def test_plain_indentation_gives_the_same_paths() -> None:
    assert [e.path for e in paths("k8s/\n  base/\n    kustomization.yaml\n  overlays/")] == [
        "k8s", "k8s/base", "k8s/base/kustomization.yaml", "k8s/overlays",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("comment", "mark"),
    [
        ("# NEW", Mark.NEW),
        ("# EXISTING, untouched", Mark.EXISTING),
        ("# MODIFY", Mark.CHANGED),
        ("-> DELETED", Mark.DELETED),
        ("(future)", Mark.FUTURE),
        ("# the network", Mark.NONE),
    ],
)
def test_a_comment_marks_its_entry(comment: str, mark: Mark) -> None:
    assert paths(f"terraform/\n└── vpc.tf   {comment}")[-1].mark is mark


def test_braces_are_expanded() -> None:
    assert expand("apps/{base,overlays/{dev,prod}}/x") == (
        "apps/base/x", "apps/overlays/dev/x", "apps/overlays/prod/x",
    )  # fmt: skip


def test_braces_without_end_stay_harmless() -> None:
    assert len(expand("{a,b}" * 40)) <= 200


def test_lines_count_from_the_document() -> None:
    assert [e.place.line for e in paths("a/\n└── b/")] == [4, 5]


def test_a_program_is_no_tree() -> None:
    assert paths("resource:\n  path: a/b\n", "yaml") == []


def test_headings_inside_a_tree_are_no_entries() -> None:
    assert [e.path for e in paths("# Repo: one\na/b.tf\n# Repo: two\nc/d.tf")] == ["a/b.tf", "c/d.tf"]


def test_a_remark_in_brackets_is_no_path() -> None:
    assert [e.path for e in paths("terraform/\n├── main.tf\n├── (nothing else is needed)\n└── [more as needed]")] == [
        "terraform",
        "terraform/main.tf",
    ]
    assert [e.path for e in paths("app/\n└── [slug]/page.tsx")] == ["app", "app/[slug]/page.tsx"]


def test_behind_a_second_name_the_comment_begins_at_its_sign() -> None:
    assert paths("a/\n└── main.tf or locals.tf   # Add a switch")[-1].comment == "Add a switch"
    assert paths("a/\n└── main.tf   # network or cluster")[-1].comment == "network or cluster"
