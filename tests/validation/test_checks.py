"""The whole of validation on small repositories: what passes, what cannot, and what a program may do to us."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from setout.errors import UserError
from setout.model import Status
from setout.validation import checks
from tests.trees import (
    ARGOCD,
    CHART,
    DEPLOYMENT,
    KUSTOMIZE,
    TERRAFORM,
    broken,
    fingerprint,
    only,
    script,
    spots,
    validate,
    write,
)

EVERYTHING = {**TERRAFORM, **CHART, **ARGOCD}
SOURCE = Path(checks.__file__).parent


@pytest.mark.parametrize(("table", "folder"), [(checks.TOOLS, "tools"), (checks.GATES, "gates")])
def test_the_table_is_the_folder(table: tuple[object, ...], folder: str) -> None:
    names = [getattr(module, "__name__", "").rpartition(".")[2] for module in table]
    assert sorted(names) == sorted(path.stem for path in (SOURCE / folder).glob("*.py") if path.stem != "__init__")


def test_no_two_checks_share_a_name() -> None:
    names = [(item.program, item.verb) for plugin in (*checks.TOOLS, *checks.GATES) for item in plugin.CHECKS]
    assert len(names) == len(set(names))


def test_a_good_repository_passes_and_says_what_was_looked_at(tmp_path: Path) -> None:
    validation = validate(tmp_path, EVERYTHING)
    assert validation.findings == ()
    assert {(r.tool, r.verb, r.target): (r.status.value, r.checked) for r in validation.results} == {
        ("terraform", "fmt", "."): ("passed", 6),
        ("terraform", "validate", "live"): ("passed", 1),
        ("terraform", "validate", "modules/network"): ("passed", 1),
        ("terraform", "test", "modules/network"): ("passed", 1),
        ("helm", "lint", "charts/web"): ("passed", 2),
        ("helm", "template", "charts/web"): ("passed", 2),
        ("kustomize", "build", "base"): ("passed", 1),
        ("kustomize", "build", "overlays/dev"): ("passed", 1),
        ("kubeconform", "validate", "argocd/apps.yaml @ 1.35"): ("passed", 1),
        ("kubeconform", "validate", "argocd/web.yaml @ 1.35"): ("passed", 1),
        ("kubeconform", "validate", "charts/web @ 1.35"): ("passed", 2),
        ("kubeconform", "validate", "overlays/dev @ 1.35"): ("passed", 1),
        ("setout", "hcl", "."): ("passed", only(validation, "setout", "hcl").checked),
        ("setout", "sources", "."): ("passed", only(validation, "setout", "sources").checked),
        ("setout", "secrets", "."): ("passed", len(EVERYTHING)),
        ("setout", "argocd", "."): ("passed", only(validation, "setout", "argocd").checked),
        ("setout", "tenancy", "."): ("skipped", 0),
    }
    assert validation.exit_code == 0


def test_the_order_does_not_depend_on_who_is_first(tmp_path: Path) -> None:
    write(tmp_path, EVERYTHING)
    orders = [
        [(r.tool, r.verb, r.target) for r in checks.check(tmp_path, providers="schema", jobs=jobs).results]
        for jobs in (1, 8)
    ]
    assert orders[0] == orders[1]


def test_the_tree_is_left_as_it_was(tmp_path: Path) -> None:
    write(tmp_path, EVERYTHING)
    before = fingerprint(tmp_path)
    checks.check(tmp_path, providers="schema")
    assert fingerprint(tmp_path) == before


def test_an_empty_repository_never_passes(tmp_path: Path) -> None:
    validation = checks.check(tmp_path)
    assert {result.status for result in validation.results} == {Status.SKIPPED}
    assert all(result.reason for result in validation.results)
    assert validation.exit_code == 6


def test_progress_names_what_is_looked_at(tmp_path: Path) -> None:
    said: list[str] = []
    validate(tmp_path, KUSTOMIZE, progress=said.append)
    assert "kustomize build overlays/dev" in said


@pytest.mark.parametrize("options", [{"kubernetes_versions": ("1.12",)}, {"providers": "imaginary"}])
def test_an_argument_that_is_none_of_its_values_is_refused(tmp_path: Path, options: dict[str, object]) -> None:
    with pytest.raises(UserError, match="not known here") as caught:
        validate(tmp_path, {}, **options)
    assert caught.value.hint.startswith("one of: ")


def test_every_minor_that_is_asked_for_is_looked_at(tmp_path: Path) -> None:
    validation = validate(tmp_path, KUSTOMIZE, kubernetes_versions=("1.33", "1.37"))
    targets = [result.target for result in validation.results if result.tool == "kubeconform"]
    assert targets == ["overlays/dev @ 1.33", "overlays/dev @ 1.37"]


def test_the_answers_say_which_minor_it_is(tmp_path: Path) -> None:
    validation = validate(tmp_path, {**KUSTOMIZE, ".copier-answers.yml": 'kubernetes_version: "1.36"\n'})
    assert only(validation, "kubeconform", "validate").target == "overlays/dev @ 1.36"


@pytest.fixture
def nothing_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("SETOUT_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("SETOUT_CACHE", str(tmp_path / "cache"))


@pytest.mark.usefixtures("nothing_installed")
def test_without_programs_everything_else_is_done_and_nothing_passes_for_them(tmp_path: Path) -> None:
    validation = validate(tmp_path / "tree", EVERYTHING)
    outcomes = {(r.tool, r.verb): r for r in validation.results}
    for key in (("terraform", "validate"), ("helm", "template"), ("kustomize", "build"), ("kubeconform", "validate")):
        assert outcomes[key].status is Status.MISSING
        assert f"setout tools install {key[0]}" in outcomes[key].reason
    assert outcomes["setout", "hcl"].status is Status.PASSED
    assert validation.exit_code == 6


@pytest.fixture
def instead(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str, str], None]:
    """Put a program in the place of another that says its version and then does something else."""

    def put(name: str, answer: str, body: str) -> None:
        monkeypatch.setenv(f"SETOUT_{name.upper()}", str(script(tmp_path / f"fake-{name}", answer, body)))

    return put


BAD_PROGRAMS = {
    "hangs": ("/bin/sleep 30", Status.FAILED, "did not end within"),
    "is killed": ("kill -9 $$", Status.MISSING, "ended by signal 9"),
    "floods": ("/usr/bin/yes | /usr/bin/head -c 20000000", Status.MISSING, "said more than 16 MB"),
}


@pytest.mark.parametrize("body,status,reason", BAD_PROGRAMS.values(), ids=BAD_PROGRAMS)  # noqa: PT006
def test_a_bad_program_is_said_to_be_one(
    tmp_path: Path, instead: Callable[[str, str, str], None], body: str, status: Status, reason: str
) -> None:
    instead("kustomize", "v5.8.1", body)
    result = only(validate(tmp_path / "tree", KUSTOMIZE, timeout=5.0), "kustomize", "build", "overlays/dev")
    assert result.status is status
    assert reason in result.reason


def test_a_program_that_speaks_another_language_has_not_looked(
    tmp_path: Path, instead: Callable[[str, str, str], None]
) -> None:
    instead("kubeconform", "v0.7.0", "echo nonsense")
    result = only(validate(tmp_path / "tree", KUSTOMIZE), "kubeconform", "validate")
    assert (result.status, result.checked) == (Status.MISSING, 0)
    assert "did not answer in JSON" in result.reason


def test_a_program_that_leaves_objects_out_has_not_looked(
    tmp_path: Path, instead: Callable[[str, str, str], None]
) -> None:
    instead("kubeconform", "v0.7.0", """echo '{"resources": []}'""")
    result = only(validate(tmp_path / "tree", KUSTOMIZE), "kubeconform", "validate")
    assert result.status is Status.MISSING
    assert "0 of 1 objects" in result.reason


def test_what_was_not_rendered_is_not_passed(tmp_path: Path) -> None:
    files = broken(KUSTOMIZE, "overlays/dev/kustomization.yaml", "../../base", "../../elsewhere")
    validation = validate(tmp_path, files)
    assert only(validation, "kustomize", "build", "overlays/dev").status is Status.FAILED
    result = only(validation, "kubeconform", "validate", "overlays/dev @ 1.35")
    assert (result.status, result.reason) == (Status.MISSING, "not rendered: kustomize build failed")


def test_what_is_left_alone_is_in_the_notes(tmp_path: Path) -> None:
    write(tmp_path, KUSTOMIZE)
    (tmp_path / "out").symlink_to("/etc")
    notes = checks.check(tmp_path).notes
    assert notes == ("out: left alone, a symbolic link that leaves the tree or points to nothing",)


def test_links_within_the_tree_can_be_built_on(tmp_path: Path) -> None:
    write(tmp_path, broken(KUSTOMIZE, "overlays/dev/kustomization.yaml", "../../base", "../../linked"))
    (tmp_path / "linked").symlink_to("base")
    assert only(checks.check(tmp_path), "kustomize", "build", "overlays/dev").status is Status.PASSED


def test_the_blindness_of_schema_mode_is_said_once(tmp_path: Path) -> None:
    assert validate(tmp_path, TERRAFORM).notes == (checks.SCHEMA_NOTE,)


def test_findings_stand_in_a_fixed_order_and_point_into_the_tree(tmp_path: Path) -> None:
    files = {
        "b.yaml": DEPLOYMENT.replace("replicas", "replica"),
        "a.yaml": DEPLOYMENT.replace("replicas: 2", "replicas: x"),
    }
    validation = validate(tmp_path, files)
    found = [spot for result in validation.results if result.tool == "kubeconform" for spot in spots(result)]
    assert found == [("kubeconform/invalid", "a.yaml", 6), ("kubeconform/invalid", "b.yaml", 6)]
    assert all(finding.remedy for finding in validation.findings)
