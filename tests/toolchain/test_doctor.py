from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from setout.toolchain import doctor

Examined = Callable[[], dict[str, doctor.Diagnosis]]


@pytest.fixture
def examined(machine: Path, monkeypatch: pytest.MonkeyPatch) -> Examined:
    """Examine a machine whose PATH and cache are empty until the test puts something there."""
    monkeypatch.setenv("HOME", str(machine))
    monkeypatch.delenv("TF_CLI_CONFIG_FILE", raising=False)
    return lambda: {diagnosis.what: diagnosis for diagnosis in doctor.examine()}


def program(folder: Path, name: str, script: str) -> None:
    (folder / "bin" / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / "bin" / name).chmod(0o755)


def test_everything_fits_on_a_screen_in_a_fixed_order(examined: Examined) -> None:
    assert list(examined()) == [
        *("copier", "template", "git", "git identity"),
        *("terraform", "helm", "kubeconform", "kustomize", "actionlint"),
        *("go", "cache", "terraform settings"),
    ]


def test_an_empty_machine_is_told_the_command_for_each_thing_it_lacks(examined: Examined) -> None:
    found = examined()
    lacking = {what: diagnosis.command for what, diagnosis in found.items() if not diagnosis.works}
    assert lacking == {
        "git": "see https://git-scm.com/downloads",
        "git identity": "git config --global user.name '…'",
        **{name: f"setout tools install {name}" for name in ("terraform", "helm", "kubeconform", "kustomize")},
    }
    assert found["actionlint"].detail == "is not there; only this project's own tests would need it"
    assert "there is no Go" in found["go"].detail


def test_copier_is_held_against_the_range_that_setout_declares(
    examined: Examined, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert examined()["copier"].works
    monkeypatch.setattr(doctor.metadata, "version", lambda _: "9.18.0")
    old = examined()["copier"]
    assert not old.works
    assert old.detail.startswith("9.18.0 is not within ")
    assert old.command.startswith("pip install 'copier")


def test_git_and_its_identity_are_asked_from_git(examined: Examined, tmp_path: Path) -> None:
    program(tmp_path, "git", '[ "$1" = config ] && { [ "$3" = user.name ] && echo A; exit; }; echo git version 2.39.5')
    found = examined()
    assert (found["git"].works, found["git"].detail) == (True, "2.39.5")
    assert (found["git identity"].works, found["git identity"].detail) == (False, "user.email is not set")


def test_a_git_older_than_copier_needs_is_said(examined: Examined, tmp_path: Path) -> None:
    program(tmp_path, "git", "echo git version 2.26.2")
    assert examined()["git"].detail == "2.26.2 is older than 2.27"


def test_the_broken_terraform_is_said(examined: Examined, tmp_path: Path) -> None:
    program(tmp_path, "terraform", "echo Terraform v1.15.0")
    found = examined()["terraform"]
    assert not found.works
    assert "known to be broken" in found.detail


def test_tofu_in_place_of_terraform_is_named(examined: Examined, tmp_path: Path) -> None:
    program(tmp_path, "tofu", "echo OpenTofu v1.12.6")
    found = examined()["terraform"]
    assert found.works
    assert found.detail.startswith("tofu 1.12.6 at ")


def test_settings_of_terraform_that_point_nowhere_are_said(
    examined: Examined, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TF_CLI_CONFIG_FILE", str(tmp_path / "nowhere.tfrc"))
    found = examined()["terraform settings"]
    assert "which is not there" in found.detail
    assert found.command == "unset TF_CLI_CONFIG_FILE"
    (tmp_path / "nowhere.tfrc").touch()
    assert examined()["terraform settings"].command == ""


def test_a_cache_that_cannot_be_written_is_said(
    examined: Examined, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a-file").touch()
    monkeypatch.setenv("SETOUT_CACHE", str(tmp_path / "a-file"))
    found = examined()["cache"]
    assert not found.works
    assert "SETOUT_CACHE" in found.command


def test_a_tampered_file_in_the_cache_is_said(examined: Examined, tmp_path: Path) -> None:
    folder = tmp_path / "cache" / "tools" / "helm" / "4.2.4-00000000"
    folder.mkdir(parents=True)
    (folder / "helm").write_text("evil")
    found = examined()["cache"]
    assert not found.works
    assert found.command == f"rm -r {folder}"


def test_a_checkout_is_its_own_template(examined: Examined) -> None:
    assert examined()["template"].detail.startswith("this checkout, ")


def test_an_installation_without_its_bundle_is_said(
    examined: Examined, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, "__file__", str(tmp_path / "site-packages" / "setout" / "toolchain" / "doctor.py"))
    found = examined()["template"]
    assert not found.works
    assert "template.bundle is missing" in found.detail


def test_a_bundle_that_git_cannot_read_is_said(
    examined: Examined, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "site-packages" / "setout"
    (package / "data").mkdir(parents=True)
    (package / "data" / "template.bundle").write_text("no bundle")
    monkeypatch.setattr(doctor, "__file__", str(package / "toolchain" / "doctor.py"))
    program(tmp_path, "git", "exit 128")
    assert "cannot be read by git" in examined()["template"].detail
    program(tmp_path, "git", "echo 0123456789abcdef0123 HEAD")
    assert examined()["template"].detail == "template.bundle of this installation, at 0123456789ab"


def test_rows_line_up_and_end_with_the_command() -> None:
    found = (doctor.Diagnosis("git", True, "2.39.5"), doctor.Diagnosis("kustomize", False, "gone", "get it"))
    assert doctor.rows(found) == ("ok  git        2.39.5", "!!  kustomize  gone  -> get it")
