from __future__ import annotations

import os
from pathlib import Path

import pytest

from setout.errors import UserError
from setout.validation import discovery
from tests.trees import ARGOCD, CHART, KUSTOMIZE, TERRAFORM, write


def test_finds_everything_there_is_to_check(tmp_path: Path) -> None:
    seen = discovery.survey(write(tmp_path, {**TERRAFORM, **CHART, **ARGOCD}))
    assert seen.roots == ("live",)
    assert seen.modules == ("modules/network",)
    assert seen.charts == ("charts/web",)
    assert seen.kustomizations == ("base", "overlays/dev")
    assert seen.manifests == ("argocd/apps.yaml", "argocd/web.yaml")


def test_a_directory_that_another_calls_is_a_module_wherever_it_lies(tmp_path: Path) -> None:
    files = {"a/main.tf": 'module "b" {\n  source = "../lib/b"\n}\n', "lib/b/main.tf": ""}
    seen = discovery.survey(write(tmp_path, files))
    assert (seen.roots, seen.modules) == (("a",), ("lib/b",))


def test_an_example_of_a_module_is_a_root(tmp_path: Path) -> None:
    seen = discovery.survey(write(tmp_path, {"modules/b/main.tf": "", "modules/b/examples/full/main.tf": ""}))
    assert (seen.roots, seen.modules) == (("modules/b/examples/full",), ("modules/b",))


def test_a_component_is_not_built_by_itself(tmp_path: Path) -> None:
    seen = discovery.survey(write(tmp_path, {"c/kustomization.yaml": "kind: Component\n"}))
    assert (seen.kustomizations, seen.components) == ((), ("c",))


def test_a_vendored_chart_is_part_of_the_chart_around_it(tmp_path: Path) -> None:
    inner = {"charts/web/charts/cache/Chart.yaml": "name: cache\n"}
    seen = discovery.survey(write(tmp_path, {**CHART, **inner}))
    assert seen.charts == ("charts/web",)
    assert "charts/web/charts/cache/Chart.yaml" in seen.files


@pytest.mark.parametrize("folder", [".terraform/modules/x", "node_modules/x", ".git/hooks", "a/.terragrunt-cache/x"])
def test_what_programs_leave_behind_is_not_part_of_the_tree(tmp_path: Path, folder: str) -> None:
    seen = discovery.survey(write(tmp_path, {f"{folder}/main.tf": "", f"{folder}/Chart.yaml": ""}))
    assert seen.files == ()


def test_a_repository_within_is_left_alone_and_named(tmp_path: Path) -> None:
    seen = discovery.survey(write(tmp_path, {"sub/.git/HEAD": "ref", "sub/main.tf": "", "main.tf": ""}))
    assert seen.roots == (".",)
    assert [(left.path, left.reason) for left in seen.left_alone] == [("sub", "a git repository of its own")]


def test_links_out_of_the_tree_are_left_alone_and_links_within_are_kept(tmp_path: Path) -> None:
    write(tmp_path / "outside", {"secret.yaml": "a: b"})
    root = write(tmp_path / "tree", KUSTOMIZE)
    (root / "out").symlink_to(tmp_path / "outside")
    (root / "secret.yaml").symlink_to(tmp_path / "outside" / "secret.yaml")
    (root / "loop").symlink_to(root)
    (root / "again").symlink_to(root / "base")
    seen = discovery.survey(root)
    assert [left.path for left in seen.left_alone] == ["out", "secret.yaml"]
    assert seen.links == (("again", "base"), ("loop", "."))


def test_names_that_would_write_to_the_terminal_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "a\x1b[31m.tf").write_text("")
    (tmp_path / "b\n.tf").write_text("")
    seen = discovery.survey(tmp_path)
    assert seen.files == ()
    assert [left.path for left in seen.left_alone] == ["a?[31m.tf", "b?.tf"]


def test_pipes_and_large_files_are_left_alone(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.tf")
    with (tmp_path / "big.yaml").open("wb") as file:
        file.truncate(discovery.SIZE_LIMIT + 1)
    seen = discovery.survey(tmp_path)
    assert [left.reason for left in seen.left_alone] == ["larger than 10 MB", "not a regular file"]


@pytest.mark.parametrize(
    "text",
    [
        "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n",
        "apiVersion: kind.x-k8s.io/v1alpha4\nkind: Cluster\n",
        "kind: only\n",
    ],
)
def test_files_that_only_look_like_objects_are_no_manifests(tmp_path: Path, text: str) -> None:
    assert discovery.survey(write(tmp_path, {"x.yaml": text})).manifests == ()


def test_a_file_is_not_a_tree(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="not a directory"):
        discovery.survey(write(tmp_path, {"x": ""}) / "x")


def test_a_home_directory_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(discovery, "FILE_LIMIT", 2)
    with pytest.raises(UserError, match="more than 2 files"):
        discovery.survey(write(tmp_path, {"a": "", "b": "", "c": ""}))
