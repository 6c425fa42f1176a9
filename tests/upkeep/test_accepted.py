"""The register of what is meant: sorted, readable, and refused in one line where it is not ours."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
import yaml

from setout.errors import UserError
from setout.model import File
from setout.upkeep import accepted
from setout.upkeep.accepted import Acceptance, Register
from setout.upkeep.contradictions import Contradiction

TODAY = datetime.date(2026, 11, 21)
DIGEST = accepted.state_of(File(b"x"))
ALL = (
    Acceptance("z.tf", "", DIGEST, "a reason: with a colon"),
    Acceptance("a.tf", "", "absent", "gone on purpose", "2027-01-31"),
    Acceptance("terraform/", "environments", "the plan has the environment qa", "it is later"),
)


def test_what_is_written_is_read_again_sorted(tmp_path: Path) -> None:
    accepted.save(tmp_path, ALL)
    assert accepted.load(tmp_path) == tuple(sorted(ALL))


def test_the_file_is_for_people_to_read(tmp_path: Path) -> None:
    accepted.save(tmp_path, ALL)
    text = (tmp_path / accepted.PATH).read_text("utf-8")
    assert text.startswith("# Differences that are meant")
    assert yaml.safe_load(text)[0] == {
        "path": "a.tf", "absent": True, "reason": "gone on purpose", "until": "2027-01-31"
    }  # fmt: skip


def test_the_newest_word_on_a_file_counts(tmp_path: Path) -> None:
    accepted.save(tmp_path, [ALL[0], Acceptance("z.tf", "", "absent", "it went")])
    assert [item.state for item in accepted.load(tmp_path)] == ["absent"]


def test_without_a_register_nothing_is_accepted(tmp_path: Path) -> None:
    assert accepted.load(tmp_path) == ()
    assert Register((), TODAY).of_file("z.tf", File(b"x")) == (False, "")


def test_a_file_is_accepted_as_it_was_and_only_so() -> None:
    register = Register(ALL, TODAY)
    assert register.of_file("z.tf", File(b"x"))[0]
    assert register.of_file("a.tf", None) == (True, "accepted until 2027-01-31: gone on purpose")
    assert not register.of_file("z.tf", File(b"y"))[0]
    assert not register.of_file("a.tf", File(b""))[0]
    assert not register.of_file("b.tf", None)[0]


def test_a_contradiction_is_accepted_with_its_words() -> None:
    register = Register(ALL, TODAY)
    found = Contradiction("environments", 7, "terraform/", "the plan has the environment qa")
    assert register.of_contradiction(found)[0]
    assert not register.of_contradiction(Contradiction("environments", 7, "terraform/", "another"))[0]
    assert not register.of_contradiction(Contradiction("tenants", 7, "terraform/", found.message))[0]


@pytest.mark.parametrize(
    "text",
    [
        "{", "- 1", "text", "- {path: a}", "- {path: a, sha256: zz, reason: b}", "\x00",
        "- {path: a, absent: true, reason: b, until: soon}", "a: &x [*x]",
    ],
)  # fmt: skip
def test_a_register_of_somebody_else_is_refused_in_one_line(tmp_path: Path, text: str) -> None:
    (tmp_path / ".setout").mkdir()
    (tmp_path / accepted.PATH).write_text(text, "utf-8")
    with pytest.raises(UserError, match=r"accepted\.yml"):
        accepted.load(tmp_path)


def test_a_register_that_is_far_too_large_is_refused(tmp_path: Path) -> None:
    (tmp_path / ".setout").mkdir()
    (tmp_path / accepted.PATH).write_text("#" * (1024 * 1024 + 1), "utf-8")
    with pytest.raises(UserError, match="larger"):
        accepted.load(tmp_path)


def test_dates_are_written_one_way() -> None:
    assert accepted.parse_date("2027-01-31") == "2027-01-31"
    assert accepted.parse_date("") == ""
    with pytest.raises(UserError, match="no date"):
        accepted.parse_date("31.01.2027")
