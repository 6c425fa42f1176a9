"""A repository and the versions of its template: old ones, all on the way, and one that is newer than the tool."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from setout import cli, pipeline
from setout.upkeep import repository
from setout.upkeep.intent import Wish
from tests.day_two import workshop
from tests.day_two.workshop import Workbench, commit

PLAN_PATH = "specs/001-demo/plan.md"
OWNER = "keeper: {type: str, default: nobody}\n"
TEAM = "team: {type: str, default: '{{ keeper | default(\"nobody\") }}'}\n"
CARE = "# Care\n\nOne person looks after it.\n\nAsk {{ keeper }} first.\n\nThen do it.\n"


@pytest.fixture(autouse=True)
def _identity(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in workshop.IDENTITY.items():
        monkeypatch.setenv(name, value)


def quiet(_: str) -> None:
    """Nobody listens to the progress."""


def first(folder: Path) -> Workbench:
    """v1 asks for an keeper and for a colour, and has CARE.md."""
    bench = Workbench(folder, {**workshop.FILES, "CARE.md.jinja": CARE, "colour.txt.jinja": "{{ colour }}\n"})
    bench.questions = workshop.QUESTIONS + OWNER + "colour: {type: str, default: blue}\n"
    bench.release("v1.0.0")
    return bench


def second(bench: Workbench) -> None:
    """v2 calls the keeper a team, and takes over what was answered."""
    bench.questions = workshop.QUESTIONS + TEAM + "colour: {type: str, default: blue}\n"
    bench.files["CARE.md.jinja"] = CARE.replace("keeper", "team")
    bench.release("v2.0.0")


def third(bench: Workbench) -> None:
    """v3 no longer asks for a colour, asks for a region's mood, and has CARE.md below docs/."""
    bench.questions = workshop.QUESTIONS + TEAM + "mood: {type: str, default: calm}\n"
    del bench.files["colour.txt.jinja"]
    bench.files["docs/CARE.md.jinja"] = bench.files.pop("CARE.md.jinja") + "\nBe {{ mood }}.\n"
    bench.release("v3.0.0")


@pytest.fixture
def bench(tmp_path: Path) -> Workbench:
    return first(tmp_path / "template")


@pytest.fixture
def repo(bench: Workbench, tmp_path: Path) -> Path:
    """A repository of v1 whose keeper and colour were answered, with a person's line in README.md."""
    file, root = tmp_path / PLAN_PATH, tmp_path / "repository"
    file.parent.mkdir(parents=True)
    file.write_text(workshop.PLAN, "utf-8")
    pipeline.scaffold(file, root, {}, template=str(bench.root), check=False, progress=quiet)
    answers = root / ".copier-answers.yml"
    answers.write_text(answers.read_text("utf-8").replace("keeper: nobody", "keeper: ann").replace("blue", "green"))
    (root / "CARE.md").write_text(CARE.replace("{{ keeper }}", "ann"))
    (root / "colour.txt").write_text("green\n")
    workshop.git(root, "init", "--quiet", "--initial-branch=main")
    commit(root)
    readme = root / "README.md"
    readme.write_text(readme.read_text("utf-8").replace("What it is.", "What it is, in our words."))
    commit(root, "ours")
    return root


def update(root: Path, version: str) -> pipeline.Update:
    return pipeline.update(root, Wish(version=version), check=False, progress=quiet)


def answers_of(root: Path) -> dict[str, object]:
    return dict(repository.open(root).answers)


def files(root: Path) -> dict[str, object]:
    return {**workshop.snapshot(root)}


def test_one_version_after_the_other_and_straight_to_the_last_come_to_the_same(
    bench: Workbench, repo: Path, tmp_path: Path
) -> None:
    second(bench)
    third(bench)
    straight = Path(shutil.copytree(repo, tmp_path / "straight", symlinks=True))
    assert update(repo, "v2.0.0").outcome == "updated"
    assert repository.open(repo).commit == "v2.0.0"
    assert update(repo, "v3.0.0").outcome == "updated"
    assert update(straight, "").outcome == "updated"
    assert repository.open(straight).commit == "v3.0.0"
    assert files(repo) == files(straight)
    assert "What it is, in our words." in (straight / "README.md").read_text("utf-8")
    assert update(straight, "").outcome == "unchanged"


def test_a_renamed_question_takes_its_answer_along(bench: Workbench, repo: Path) -> None:
    second(bench)
    done = update(repo, "v2.0.0")
    assert done.proposal is not None
    assert answers_of(repo)["team"] == "ann"
    assert "keeper" not in answers_of(repo)
    assert "Ask ann first." in (repo / "CARE.md").read_text("utf-8")
    assert {"keeper is no longer asked for (it was ann)", "team none → ann"} <= set(done.proposal.meaning)


def test_a_dropped_question_is_named_with_the_answer_it_had(bench: Workbench, repo: Path) -> None:
    second(bench)
    third(bench)
    done = update(repo, "v3.0.0")
    assert done.proposal is not None
    assert "colour is no longer asked for (it was green)" in done.proposal.meaning
    assert "template v1.0.0 → v3.0.0" in done.proposal.meaning
    assert "colour.txt" in done.proposal.deleted


def test_a_new_question_takes_its_default_and_says_so(bench: Workbench, repo: Path) -> None:
    second(bench)
    third(bench)
    done = update(repo, "v3.0.0")
    assert done.proposal is not None
    assert answers_of(repo)["mood"] == "calm"
    assert "mood none → calm" in done.proposal.meaning


def edit_care(root: Path) -> None:
    file = root / "CARE.md"
    file.write_text(file.read_text("utf-8").replace("One person", "One careful person"), "utf-8")
    commit(root, "care")


def test_a_file_that_a_version_moves_is_not_taken_from_under_a_persons_edit(bench: Workbench, repo: Path) -> None:
    second(bench)
    third(bench)
    edit_care(repo)
    before = workshop.state(repo)
    done = update(repo, "v3.0.0")
    assert done.outcome == "refused"
    assert done.reasons == (
        "CARE.md: it would go, and one line that people wrote with it; consent with --allow-delete CARE.md"
        "; if it is docs/CARE.md now, say --rename file:CARE.md=docs/CARE.md",
    )
    assert workshop.state(repo) == before
    wish = Wish(version="v3.0.0", renames=("file:CARE.md=docs/CARE.md",))
    assert pipeline.update(repo, wish, check=False, progress=quiet).outcome == "updated"
    text = (repo / "docs" / "CARE.md").read_text("utf-8")
    assert "One careful person" in text
    assert "Be calm." in text


def test_a_stricter_question_refuses_the_answer_and_keeps_everything(bench: Workbench, repo: Path) -> None:
    """Plain Copier takes the default instead, and deletes what rested on the answer."""
    bench.questions = bench.questions.replace(
        OWNER, "keeper: {type: str, default: nobody, validator: \"{% if keeper != 'nobody' %}no{% endif %}\"}\n"
    )
    bench.release("v2.0.0")
    before = workshop.state(repo)
    with pytest.raises(pipeline.UserError, match="keeper"):
        update(repo, "v2.0.0")
    assert workshop.state(repo) == before


@pytest.fixture
def newer(bench: Workbench, repo: Path, tmp_path: Path) -> tuple[Path, Path]:
    """A repository of v3, and the template as a tool of v2 knows it."""
    second(bench)
    known = Path(shutil.copytree(bench.root, tmp_path / "known", symlinks=True))
    third(bench)
    assert update(repo, "v3.0.0").outcome == "updated"
    answers = repo / ".copier-answers.yml"
    answers.write_text(re.sub(r"(?m)^_src_path: .*$", f"_src_path: {known}", answers.read_text("utf-8")))
    commit(repo, "elsewhere")
    return repo, known


@pytest.mark.parametrize("words", [["update"], ["preview", PLAN_PATH]])
def test_a_repository_that_is_newer_than_the_tool_is_refused_in_one_line(
    newer: tuple[Path, Path], words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    root, known = newer
    before = workshop.state(root)
    words = [words[0], *(str(root / word) for word in words[1:])]
    assert cli.main([*words, str(root), "--template", str(known)]) == 2
    error = capsys.readouterr().err.strip().split("\n")
    assert len(error) == 2
    assert "v3.0.0" in error[0]
    assert "a newer setout made it" in error[0]
    assert "install the setout that made this repository" in error[1]
    assert workshop.state(root) == before


def test_going_back_is_refused_in_one_line(bench: Workbench, repo: Path) -> None:
    second(bench)
    third(bench)
    update(repo, "v3.0.0")
    before = workshop.state(repo)
    done = update(repo, "v2.0.0")
    assert done.outcome == "refused"
    assert len(done.reasons) == 1
    assert "v3.0.0 is newer than the version" in done.reasons[0]
    assert workshop.state(repo) == before


@pytest.mark.parametrize("version", [second, third])
def test_an_unknown_version_is_named(bench: Workbench, repo: Path, version: Callable[[Workbench], None]) -> None:
    version(bench)
    with pytest.raises(pipeline.UserError, match=r"no version v9\.9\.9"):
        update(repo, "v9.9.9")
