from __future__ import annotations

from pathlib import Path

import pytest

from setout import hcl
from tests.trees import TERRAFORM, write


def test_blocks_have_type_labels_body_and_line(tmp_path: Path) -> None:
    write(
        tmp_path,
        {"a.tf": '\nresource "aws_vpc" "x" {\n  cidr_block = "10.0.0.0/8"\n  timeouts {\n    create = "1m"\n  }\n}\n'},
    )
    (block,) = hcl.read(tmp_path, ["a.tf"]).blocks
    assert (block.type, block.labels, block.path, block.line) == ("resource", ("aws_vpc", "x"), "a.tf", 2)
    assert block.body["cidr_block"] == "10.0.0.0/8"
    assert block.line_of((tmp_path / "a.tf").read_text(), "timeouts") == 4


def test_a_heredoc_is_its_text(tmp_path: Path) -> None:
    write(tmp_path, {"a.tf": 'variable "a" {\n  description = <<-EOT\n    two words\n  EOT\n}\n'})
    (block,) = hcl.read(tmp_path, ["a.tf"]).blocks
    assert block.text_of("description") == "two words"


def test_what_cannot_be_read_is_named_and_the_rest_is_read(tmp_path: Path) -> None:
    write(tmp_path, {**TERRAFORM, "bad.tf": 'variable "x" {\n  type = \n}\n'})
    reading = hcl.read(tmp_path, ["bad.tf", "live/main.tf"])
    assert [(item.path, item.line) for item in reading.unreadable] == [("bad.tf", 2)]
    assert [block.type for block in reading.blocks] == ["module", "provider"]


def test_a_file_that_takes_too_long_is_named_and_the_rest_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hcl, "SECONDS_TOGETHER", 0.001)
    monkeypatch.setattr(hcl, "SECONDS_ALONE", 10.0)
    deep = "a = " + "[" * 400 + "]" * 400
    write(tmp_path, {**TERRAFORM, "deep.tf": deep})
    monkeypatch.setattr(
        hcl,
        "_CHILD",
        hcl._CHILD.replace(
            "        with open", "        if path == 'deep.tf': __import__('time').sleep(60)\n        with open"
        ),
    )
    monkeypatch.setattr(hcl, "SECONDS_ALONE", 3.0)
    reading = hcl.read(tmp_path, ["deep.tf", "live/main.tf"])
    assert [(item.path, item.reason) for item in reading.unreadable] == [("deep.tf", "takes longer than 3 s to read")]
    assert [block.type for block in reading.blocks] == ["module", "provider"]


def test_nothing_of_the_tree_is_imported(tmp_path: Path) -> None:
    write(
        tmp_path,
        {"hcl2.py": "raise SystemExit(9)\n", "json.py": "raise SystemExit(9)\n", "a.tf": "locals {\n  a = 1\n}\n"},
    )
    assert hcl.read(tmp_path, ["a.tf"]).unreadable == ()


def test_the_values_of_a_variables_file_are_read_and_a_broken_one_has_none(tmp_path: Path) -> None:
    (tmp_path / "a.tfvars").write_text('region = "eu-west-1"\ncount = 2\n')
    (tmp_path / "b.tfvars").write_text("region = \n")
    found = hcl.values(tmp_path, ["a.tfvars", "b.tfvars"])
    assert (found["a.tfvars"]["region"], found["a.tfvars"]["count"]) == ("eu-west-1", 2)
    assert found["b.tfvars"] == {}
