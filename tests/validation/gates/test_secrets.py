from __future__ import annotations

from pathlib import Path

import pytest

from tests.trees import KUSTOMIZE, only, spots, validate

OBJECT = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: x\ntype: Opaque\n"
KEY = "-----BEGIN RSA " + "PRIVATE KEY-----\nMIIEowIBAAKCAQEAx3f8\n"


def found(tmp_path: Path, files: dict[str, str]) -> list[tuple[str, str, int]]:
    return spots(only(validate(tmp_path, files), "setout", "secrets"))


def test_files_without_secrets_pass(tmp_path: Path) -> None:
    assert found(tmp_path, {"a.yaml": OBJECT, "b.md": "Ask for AKIAIOSFODNN7EXAMPLE.\n"}) == []


@pytest.mark.parametrize(
    "text",
    [
        KEY,
        "key = AKIA" + "ABCDEFGHIJKLMNOP",
        "ghp_" + "a" * 36,
        "glpat-" + "a" * 20,
        "AIza" + "b" * 35,
        "xoxb-" + "1" * 24,
    ],
)
def test_a_secret_in_any_file_is_found(tmp_path: Path, text: str) -> None:
    assert found(tmp_path, {"notes": f"\n{text}\n"}) == [("secret/in-file", "notes", 2)]


@pytest.mark.parametrize("field", ["data", "stringData"])
def test_a_secret_with_its_data_is_found(tmp_path: Path, field: str) -> None:
    assert found(tmp_path, {"a.yaml": OBJECT + f"{field}:\n  a: Yg==\n"}) == [("secret/literal-data", "a.yaml", 6)]


def test_a_secret_that_kustomize_makes_is_found(tmp_path: Path) -> None:
    text = "secretGenerator:\n  - name: x\n    literals:\n      - a=b\n"
    files = {**KUSTOMIZE, "base/kustomization.yaml": KUSTOMIZE["base/kustomization.yaml"] + text}
    assert [spot[0] for spot in found(tmp_path, files)] == ["secret/literal-data"]
