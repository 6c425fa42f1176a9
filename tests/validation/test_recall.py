"""What is remembered between two validations, and what must never be."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from setout import process, toolchain
from setout.model import Result, Status, Validation
from setout.validation import checks, recall
from setout.validation.store import Store
from setout.validation.workbench import Workbench
from tests.trees import ARGOCD, CHART, KUSTOMIZE, TERRAFORM, broken, only, script, spots, write

EVERYTHING = {**TERRAFORM, **CHART, **ARGOCD}
UMBRELLA = {
    **CHART,
    "charts/all/Chart.yaml": """apiVersion: v2
name: all
version: 0.1.0
dependencies:
  - name: web
    version: 0.1.0
    repository: file://../web
""",
}


@pytest.fixture
def validate(tmp_path: Path) -> Callable[..., Validation]:
    """Write a tree over the one that is there, and look at it with the store of this test."""

    def look(files: Mapping[str, str], **options: object) -> Validation:
        root = write(tmp_path / "tree", files)
        given = {"providers": "schema", "store": Store(tmp_path / "results"), **options}
        return checks.check(root, **given)  # type: ignore[arg-type]

    return look


def fresh(validation: Validation) -> set[str]:
    """The checks, with their targets, that really looked; those that had nothing to look at left out."""
    return {
        f"{result.title} {result.target}"
        for result in validation.results
        if not result.cached and result.status is not Status.SKIPPED
    }


def outcome(result: Result) -> tuple[object, ...]:
    return (result.tool, result.verb, result.target, result.status, result.checked, result.version, result.findings)


def test_nothing_is_looked_at_twice_and_the_report_is_the_same(validate: Callable[..., Validation]) -> None:
    files = broken(EVERYTHING, "base/deployment.yaml", "image:", "imge:")
    first, second = validate(files), validate(files)
    assert not any(result.cached for result in first.results)
    assert fresh(second) == set()
    assert [outcome(result) for result in first.results] == [outcome(result) for result in second.results]
    assert first.exit_code == second.exit_code == 1


def test_no_program_is_started_when_nothing_has_changed(
    validate: Callable[..., Validation], monkeypatch: pytest.MonkeyPatch
) -> None:
    validate(EVERYTHING)

    def started(*_words: object, **_options: object) -> None:
        raise AssertionError("a program was started")

    monkeypatch.setattr(process, "run", started)
    assert validate(EVERYTHING).exit_code == 0


GATES = {f"setout {name} ." for name in ("argocd", "hcl", "secrets", "sources")}
CHANGES = {
    "a module": (
        "modules/network/main.tf",
        {
            *("terraform fmt .", "terraform validate live", "terraform validate modules/network"),
            "terraform test modules/network",
        },
    ),
    "a root": ("live/main.tf", {"terraform fmt .", "terraform validate live"}),
    "a test": (
        "modules/network/tests/network.tftest.hcl",
        # a test is read with the folder above it, and what validate does not read costs it one look too many
        {
            *("terraform fmt .", "terraform validate live", "terraform validate modules/network"),
            "terraform test modules/network",
        },
    ),
    "values of a chart": (
        "charts/web/ci/many-values.yaml",
        {"helm lint charts/web", "helm template charts/web", "kubeconform validate charts/web @ 1.35"},
    ),
    "a base": (
        "base/deployment.yaml",
        {"kustomize build base", "kustomize build overlays/dev", "kubeconform validate overlays/dev @ 1.35"},
    ),
    "a patch": (
        "overlays/dev/replicas.yaml",
        {"kustomize build overlays/dev", "kubeconform validate overlays/dev @ 1.35"},
    ),
    "a manifest": ("argocd/apps.yaml", {"kubeconform validate argocd/apps.yaml @ 1.35"}),
    "a text": ("README.md", set()),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_costs_a_look_at_what_it_reaches_and_no_other(name: str, validate: Callable[..., Validation]) -> None:
    path, reached = CHANGES[name]
    files = {**EVERYTHING, "README.md": "A repository.\n"}
    validate(files)
    again = validate({**files, path: f"# changed\n{files[path]}"})
    assert fresh(again) == reached | GATES
    assert again.exit_code == 0


def test_a_fault_is_seen_and_its_mending_too(validate: Callable[..., Validation]) -> None:
    bad = broken(EVERYTHING, "modules/network/main.tf", "var.cidr", "var.cidrs")
    assert [validate(files).exit_code for files in (EVERYTHING, bad, bad, EVERYTHING)] == [0, 1, 1, 0]


def test_a_chart_depends_on_the_local_charts_it_takes(validate: Callable[..., Validation]) -> None:
    validate(UMBRELLA)
    again = validate(broken(UMBRELLA, "charts/web/values.yaml", "replicas: 2", "replicas: 3"))
    assert "helm template charts/all" in fresh(again)


def test_an_overlay_depends_on_what_its_base_takes(validate: Callable[..., Validation]) -> None:
    common = {
        "base/kustomization.yaml": "resources:\n  - deployment.yaml\n  - ../common\n",
        "common/kustomization.yaml": "configMapGenerator:\n  - name: settings\n    files:\n      - words=words.txt\n",
        "common/words.txt": "one\n",
    }
    validate({**KUSTOMIZE, **common})
    again = validate({**KUSTOMIZE, **common, "common/words.txt": "two\n"})
    assert {"kustomize build overlays/dev", "kubeconform validate overlays/dev @ 1.35"} <= fresh(again)


@pytest.mark.parametrize(
    ("expression", "looked_again"),
    [
        ('file("${path.module}/words.txt")', True),  # inside: the folder is part of the key
        ('file("${path.module}/../../words.txt")', True),  # outside of the folder: the whole tree is
        ('"unrelated"', False),
    ],
)
def test_a_configuration_depends_on_the_files_it_reads(
    validate: Callable[..., Validation], expression: str, looked_again: bool
) -> None:
    text = f'output "words" {{\n  description = "Words."\n  value       = {expression}\n}}\n'
    files = {**TERRAFORM, "live/outputs.tf": text, "words.txt": "one", "live/words.txt": "one"}
    validate(files)
    changed = "live/words.txt" if "path.module}/words" in expression else "words.txt"
    again = validate({**files, changed: "two"})
    assert ("terraform validate live" in fresh(again)) is looked_again


def test_a_file_outside_of_the_tree_can_be_vouched_for_by_nobody(
    validate: Callable[..., Validation], tmp_path: Path
) -> None:
    (tmp_path / "words.txt").write_text("one")
    text = f'output "words" {{\n  description = "Words."\n  value       = file("{tmp_path}/words.txt")\n}}\n'
    files = {**TERRAFORM, "live/outputs.tf": text}
    validate(files)
    assert "terraform validate live" in fresh(validate(files))


def test_links_within_the_tree_are_followed(validate: Callable[..., Validation], tmp_path: Path) -> None:
    files = broken(KUSTOMIZE, "overlays/dev/kustomization.yaml", "../../base", "../../linked")
    write(tmp_path / "tree", files)
    (tmp_path / "tree" / "linked").symlink_to("base")
    assert validate(files).exit_code == 0
    again = validate(broken(files, "base/deployment.yaml", "replicas: 2", "replicas: 3"))
    assert "kustomize build overlays/dev" in fresh(again)


@pytest.mark.parametrize(
    "options", [{"kubernetes_versions": ("1.36",)}, {"exclude": ("charts/**=somebody else looks after it",)}]
)
def test_other_options_are_another_question(validate: Callable[..., Validation], options: dict[str, object]) -> None:
    validate(KUSTOMIZE | CHART)
    assert fresh(validate(KUSTOMIZE | CHART, **options))


def test_another_program_is_another_question(
    validate: Callable[..., Validation], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    validate(KUSTOMIZE)
    found = shutil.copy(toolchain.find("kustomize").path, tmp_path / "kustomize")
    with Path(found).open("ab") as file:
        file.write(b"\0")
    monkeypatch.setenv("SETOUT_KUSTOMIZE", str(found))
    assert "kustomize build base" in fresh(validate(KUSTOMIZE))


def test_another_setout_is_another_question(
    validate: Callable[..., Validation], monkeypatch: pytest.MonkeyPatch
) -> None:
    validate(KUSTOMIZE)
    monkeypatch.setattr(recall, "ourselves", lambda: ["another"])
    assert "kustomize build base" in fresh(validate(KUSTOMIZE))


def test_what_could_not_be_looked_at_is_tried_again(validate: Callable[..., Validation]) -> None:
    files = broken(TERRAFORM, "live/main.tf", "../modules/network", "example/network/aws")
    first, second = validate(files), validate(files)
    assert only(first, "terraform", "validate", "live").status is Status.MISSING
    again = only(second, "terraform", "validate", "live")
    assert (again.status, again.cached) == (Status.MISSING, False)


def test_a_program_that_hung_is_tried_again(
    validate: Callable[..., Validation], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = script(tmp_path / "slow", "v5.8.1", f"test -e {tmp_path}/awake || exec /bin/sleep 30\necho 'kind: X'")
    monkeypatch.setenv("SETOUT_KUSTOMIZE", str(slow))
    assert only(validate(KUSTOMIZE, timeout=1.0), "kustomize", "build", "base").status is Status.FAILED
    (tmp_path / "awake").write_text("")
    assert not only(validate(KUSTOMIZE, timeout=1.0), "kustomize", "build", "base").cached


def test_a_file_that_changes_while_it_is_looked_at_is_not_remembered(
    validate: Callable[..., Validation], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The key is taken before the look: what somebody saves in between must not be taken for what was looked at."""
    copy = Workbench.copy
    good = KUSTOMIZE["base/deployment.yaml"]

    def edited(bench: Workbench, purpose: str) -> Path:
        (tmp_path / "tree" / "base" / "deployment.yaml").write_text(good.replace("replicas: 2", "replicas: ["))
        return copy(bench, purpose)

    monkeypatch.setattr(Workbench, "copy", edited)
    assert only(validate(KUSTOMIZE), "kustomize", "build", "base").status is Status.FAILED
    monkeypatch.undo()
    again = only(validate(KUSTOMIZE), "kustomize", "build", "base")
    assert (again.status, again.cached) == (Status.PASSED, False)


def test_every_entry_may_be_damaged_and_nothing_but_time_is_lost(
    validate: Callable[..., Validation], tmp_path: Path
) -> None:
    files = broken(EVERYTHING, "base/deployment.yaml", "image:", "imge:")
    first = validate(files)
    for number, path in enumerate(sorted((tmp_path / "results").glob("??/*"))):
        data = path.read_bytes()
        path.write_bytes((data[: len(data) // 2], b"", data.replace(b'"checked":', b'"checked":9'))[number % 3])
    again = validate(files)
    assert [outcome(result) for result in first.results] == [outcome(result) for result in again.results]


def test_a_store_that_cannot_be_written_is_in_the_notes(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    root = write(tmp_path / "tree", KUSTOMIZE)
    notes = checks.check(root, store=Store(tmp_path / "file" / "results")).notes
    assert any("nothing could be remembered" in note for note in notes)


def test_the_same_repository_elsewhere_is_the_same_question(tmp_path: Path) -> None:
    kept = Store(tmp_path / "results")
    checks.check(write(tmp_path / "a", EVERYTHING), providers="schema", store=kept)
    again = checks.check(write(tmp_path / "b" / "c", EVERYTHING), providers="schema", store=kept)
    assert fresh(again) == set()


def test_findings_keep_their_lines_when_they_are_remembered(validate: Callable[..., Validation]) -> None:
    files = broken(KUSTOMIZE, "base/deployment.yaml", "image:", "imge:")
    for _ in range(2):
        found = spots(only(validate(files), "kubeconform", "validate"))
        assert found == [("kubeconform/invalid", "base/deployment.yaml", 17)]


def test_every_file_of_ours_counts() -> None:
    names = [name for name, _, _ in recall.ourselves()[1]]
    assert {
        "data/schemas/index.json",
        "validation/checks.py",
        "validation/gates/sources.py",
        "validation/tools/helm.py",
    } <= set(names)
    assert not any("__pycache__" in name for name in names)
