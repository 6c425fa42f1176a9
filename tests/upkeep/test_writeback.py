"""What is written into a plan: only between markers, the same twice, and never read as the person's own words."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from setout import pipeline
from setout.errors import PlanError, UserError
from setout.model import Finding, Result, Status, Validation
from setout.plan import markers
from setout.reports.json import reading_object
from setout.upkeep import repository, writeback
from setout.upkeep.repository import Repository
from tests import small
from tests.conftest import PLANS

CHECKED = Validation(
    (
        Result("terraform", "1.11.4", "terraform/environments/dev", Status.PASSED, 4, 1.2, verb="validate"),
        Result("terraform", "1.11.4", "terraform/environments/prod", Status.PASSED, 5, 1.3, verb="validate"),
        Result("setout", "1", ".", Status.FAILED, 9, 0.1, verb="hcl", findings=(Finding("r", "m", "c", "x.tf"),)),
        Result("helm", "4", ".", Status.SKIPPED, 0, 0.0, "no chart here", verb="lint"),
    )
)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small.template(tmp_path_factory.mktemp("writeback") / "template")


@pytest.fixture
def repo(template: Path, tmp_path: Path) -> Repository:
    return small.deliver(template, tmp_path / "repo")


def plan_of(repo: Repository) -> bytes:
    assert repo.plan is not None
    return repo.plan.read_bytes()


def rewrite(repo: Repository, data: bytes) -> Repository:
    assert repo.plan is not None
    repo.plan.write_bytes(data)
    return repository.open(repo.root)


def outside(data: bytes) -> bytes:
    """The plan without our blocks and the empty line before each."""
    kept, inside = [], False
    for line in data.splitlines(keepends=True):
        if line.startswith(b"<!-- setout:"):
            inside = True
            kept.pop()
        if not inside:
            kept.append(line)
        inside = inside and not line.startswith(b"<!-- /setout:")
    return b"".join(kept)


def test_the_real_tree_stands_in_the_project_structure(repo: Repository) -> None:
    small.write(repo.root, {"terraform/modules/queue/main.tf": "", "kubernetes/base/rbac/deep/er/x.yaml": ""})
    assert writeback.sync(repo, None).stale == ("tree", "decision")
    text = plan_of(repo).decode()
    structure = text.index("## Project Structure")
    tree = text[text.index("<!-- setout:tree -->") : text.index("<!-- /setout:tree -->")]
    assert structure < text.index("<!-- setout:tree -->")
    assert (
        "terraform/\n├── environments/\n│   ├── dev/\n│   └── prod/\n└── modules/\n    ├── queue/\n    └── vpc/\n"
        in tree
    )
    assert "deep" not in tree
    assert "specs" not in tree


def test_decisions_stand_with_their_reasons(repo: Repository) -> None:
    writeback.sync(repo, None)
    text = plan_of(repo).decode()
    assert "**Structure as delivered**: Argo CD, Kubernetes, Terraform" in text
    assert "| state_backend | s3 | The plan states s3" in text


def test_results_stand_by_check_with_the_worst_outcome(repo: Repository) -> None:
    writeback.sync(repo, CHECKED)
    text = plan_of(repo).decode()
    assert "| terraform validate | passed | 9 | 0 |" in text
    assert "| setout hcl | failed | 9 | 1 |" in text
    assert "| helm lint | skipped | 0 | 0 |" in text


def test_results_stand_with_the_constitution_check_where_there_is_one(template: Path, tmp_path: Path) -> None:
    plan = small.PLAN.replace(
        "## Project Structure", "## Constitution Check\n\n- [x] **Pinned**: all\n\n## Project Structure"
    )
    repo = small.deliver(template, tmp_path / "repo", plan)
    writeback.sync(repo, CHECKED)
    text = plan_of(repo).decode()
    assert (
        text.index("## Constitution Check") < text.index("<!-- setout:gates -->") < text.index("## Project Structure")
    )


def test_twice_is_once(repo: Repository) -> None:
    writeback.sync(repo, CHECKED)
    first = plan_of(repo)
    assert writeback.sync(repo, CHECKED) == writeback.Synced(repo.plan, (), False)  # type: ignore[arg-type]
    assert plan_of(repo) == first


def test_nothing_outside_the_markers_is_touched(repo: Repository) -> None:
    before = plan_of(repo)
    writeback.sync(repo, CHECKED)
    assert outside(plan_of(repo)) == before


@pytest.mark.parametrize("form", ["crlf", "mark", "no-last-newline", "trailing-spaces"])
def test_the_form_of_the_file_is_kept(repo: Repository, form: str) -> None:
    before = plan_of(repo)
    changed = {
        "crlf": before.replace(b"\n", b"\r\n"),
        "mark": b"\xef\xbb\xbf" + before,
        "no-last-newline": before.rstrip(b"\n"),
        "trailing-spaces": before.replace(b"**GitOps**: Argo CD", b"**GitOps**: Argo CD  "),
    }[form]
    repo = rewrite(repo, changed)
    writeback.sync(repo, CHECKED)
    after = plan_of(repo)
    assert outside(after).rstrip() == changed.rstrip()
    assert (b"\r\n" in after) == (form == "crlf")
    assert after.count(b"\n") == after.count(b"\r\n") or form != "crlf"
    assert not writeback.sync(repository.open(repo.root), CHECKED).stale


def test_check_says_what_is_stale_and_writes_nothing(repo: Repository) -> None:
    before = plan_of(repo)
    assert writeback.sync(repo, CHECKED, check=True) == writeback.Synced(
        repo.plan,  # type: ignore[arg-type]
        ("tree", "decision", "gates"),
        False,
    )
    assert plan_of(repo) == before
    writeback.sync(repo, CHECKED)
    small.write(repo.root, {"terraform/modules/queue/main.tf": ""})
    assert writeback.sync(repo, CHECKED, check=True).stale == ("tree",)


def test_without_results_those_that_stand_there_stay(repo: Repository) -> None:
    writeback.sync(repo, CHECKED)
    before = plan_of(repo)
    assert not writeback.sync(repo, None).stale
    assert plan_of(repo) == before


def test_text_of_the_plan_cannot_break_out_of_a_table_or_a_block(repo: Repository) -> None:
    answers = {
        **repo.answers,
        "decisions": [{"field": "cloud", "value": "a|b", "because": "x\n<!-- /setout:decision -->\n# Other"}],
    }
    evil = dataclasses.replace(repo, answers=answers)
    writeback.sync(evil, None)
    row = next(line for line in plan_of(repo).decode().split("\n") if line.startswith("| cloud"))
    assert row == "| cloud | a\\|b | x &lt;!-- /setout:decision --&gt; # Other |"
    assert not writeback.sync(evil, None).stale


def test_broken_markers_are_refused_with_their_line(repo: Repository) -> None:
    broken = small.PLAN.encode() + b"\n<!-- setout:tree -->\n"
    repo = rewrite(repo, broken)
    with pytest.raises(UserError, match=r"plan\.md:\d+: the marker setout:tree has no partner"):
        writeback.sync(repo, None)
    assert plan_of(repo) == broken


def test_a_reader_that_would_believe_the_blocks_is_noticed(repo: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    before = plan_of(repo)
    monkeypatch.setattr(markers, "without", lambda text: text)
    with pytest.raises(UserError, match="read otherwise"):
        writeback.sync(repo, None)
    assert plan_of(repo) == before


@pytest.mark.parametrize(("data", "words"), [(b"a\r\nb\n", "two ways"), (b"caf\xe9\n", "UTF-8")])
def test_a_file_that_could_not_be_given_back_as_it_was_is_refused(repo: Repository, data: bytes, words: str) -> None:
    repo = rewrite(repo, small.PLAN.encode() + data)
    with pytest.raises(PlanError, match=words):
        writeback.sync(repo, None)


def test_without_a_plan_there_is_nothing_to_write_into(repo: Repository) -> None:
    assert repo.plan is not None
    repo.plan.unlink()
    with pytest.raises(UserError, match="no plan"):
        writeback.sync(repository.open(repo.root), None)


CASES = sorted(path.parent.name for path in PLANS.glob("*/plan.md"))
_PLACES = {"facts", "set_aside", "evidence", "open_questions", "undelivered", "shown"}  # what names lines


@pytest.mark.parametrize("case", CASES)
def test_a_plan_is_read_the_same_with_everything_written_into_it(case: str, repo: Repository, tmp_path: Path) -> None:
    """Whatever the plan: the blocks say more than it does, and nothing of that is believed."""
    file = tmp_path / case / "plan.md"
    small.write(tmp_path, {f"{case}/plan.md": (PLANS / case / "plan.md").read_text("utf-8")})
    small.write(
        repo.root, {"ansible/site.yml": "", "charts/other/Chart.yaml": "", "terraform/environments/qa/x.tf": ""}
    )
    before = reading_object(pipeline.read(file))
    writeback.sync(dataclasses.replace(repo, plan=file), CHECKED)
    after = reading_object(pipeline.read(file))
    assert "<!-- setout:tree -->" in file.read_text("utf-8")
    assert {name: value for name, value in after.items() if name not in _PLACES} == {
        name: value for name, value in before.items() if name not in _PLACES
    }
    assert [item["question"] for item in after["open_questions"]] == [
        item["question"] for item in before["open_questions"]
    ]
