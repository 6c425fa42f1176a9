"""The rules of the house that a reader relies on, held by the code's own imports."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from setout import decide, pipeline, reports
from setout.commands import COMMANDS
from setout.model import Severity
from tests.conftest import PLANS, ROOT

SOURCE = ROOT / "src" / "setout"
MODULES = sorted(SOURCE.rglob("*.py"))


def imports(module: Path, *, top_level_only: bool = False) -> Iterator[str]:
    tree = ast.parse(module.read_text("utf-8"))
    nodes = tree.body if top_level_only else ast.walk(tree)
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def calls(module: Path, *names: str) -> list[int]:
    found = []
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            if called in names:
                found.append(node.lineno)
    return found


def others(*own: str) -> list[Path]:
    return [module for module in MODULES if module.relative_to(SOURCE).as_posix() not in own]


def test_the_nouns_import_nothing_of_ours() -> None:
    assert not [name for name in imports(SOURCE / "model.py") if name.startswith("setout")]


@pytest.mark.parametrize("module", others("process.py"), ids=lambda m: m.relative_to(SOURCE).as_posix())
def test_only_one_module_starts_programs(module: Path) -> None:
    assert "subprocess" not in set(imports(module))
    assert not calls(module, "os.system", "os.popen", "os.execv", "os.spawnv")


@pytest.mark.parametrize("module", others("console.py"), ids=lambda m: m.relative_to(SOURCE).as_posix())
def test_only_one_module_prints(module: Path) -> None:
    assert not calls(module, "print", "input", "sys.stdout.write", "sys.stderr.write")


@pytest.mark.parametrize("module", others("__main__.py"), ids=lambda m: m.relative_to(SOURCE).as_posix())
def test_only_the_program_itself_exits(module: Path) -> None:
    assert not calls(module, "sys.exit", "exit")


def test_the_table_of_commands_is_the_folder() -> None:
    names = [command.__name__.rpartition(".")[2] for command in COMMANDS]
    assert sorted(names) == sorted(f.stem for f in (SOURCE / "commands").glob("*.py") if f.stem != "__init__")


@pytest.mark.parametrize("module", others("delivery/copying.py"), ids=lambda m: m.relative_to(SOURCE).as_posix())
def test_only_one_module_knows_copier(module: Path) -> None:
    assert not [name for name in imports(module) if name.split(".")[0] == "copier"]


def test_the_table_of_formats_is_the_folder() -> None:
    assert sorted(reports.FORMATS) == sorted(f.stem for f in (SOURCE / "reports").glob("*.py") if f.stem != "__init__")


@pytest.mark.parametrize("name", reports.FORMATS)
def test_every_format_offers_what_the_table_says_and_nothing_else(name: str) -> None:
    views = {view for views in reports.FORMATS.values() for view in views}
    assert {view for view in views if hasattr(reports.load(name), view)} == set(reports.FORMATS[name])


def test_people_and_machines_can_see_everything() -> None:
    views = {name for name in vars(reports.Format) if not name.startswith("_")}
    assert set(reports.FORMATS["text"]) == set(reports.FORMATS["json"]) == views


def test_severities_are_those_of_the_model() -> None:
    assert list(reports.SEVERITIES) == [severity.value for severity in Severity]


def test_every_rule_makes_the_choice_it_is_listed_under() -> None:
    decision = pipeline.read(PLANS / "multi-tool" / "plan.md").decision
    verdict = {"outcome", "none_reason"}
    assert [choice.field for choice in decision.choices if choice.field not in verdict] == list(decide.RULES)


@pytest.mark.parametrize("module", MODULES, ids=lambda m: m.relative_to(SOURCE).as_posix())
def test_every_module_says_what_it_is_for(module: Path) -> None:
    assert ast.get_docstring(ast.parse(module.read_text("utf-8")))


def test_the_map_shows_every_room() -> None:
    page = (ROOT / "docs" / "explanation" / "pipeline.md").read_text("utf-8")
    rooms = {f"{path.name}/" for path in SOURCE.iterdir() if (path / "__init__.py").is_file()}
    rooms |= {path.name for path in SOURCE.glob("*.py") if not path.name.startswith("__")}
    assert not [room for room in sorted(rooms) if f"`{room}`" not in page]


def test_a_room_uses_only_those_below_it() -> None:
    floors = [
        *(("model", "errors"), ("process", "scratch", "vocabulary"), ("git", "hcl", "manifest", "fingerprints")),
        *(("plan", "toolchain", "outputs"), ("decide", "validation"), ("delivery",)),
        *(("upkeep",), ("provenance", "pipeline"), ("reports",), ("console",), ("arguments",), ("commands",), ("cli",)),
    ]
    heights = {room: height for height, rooms in enumerate(floors) for room in rooms}
    climbs = {
        f"{room} uses {used}"
        for module in MODULES
        if (room := module.relative_to(SOURCE).parts[0].removesuffix(".py")) in heights
        for used in rooms_used(module)
        if used != room and heights.get(used, -1) >= heights[room]
    }
    assert not climbs


def rooms_used(module: Path) -> set[str]:
    """The rooms whose names a module uses; what it imports for annotations alone is no use."""
    tree = ast.parse(module.read_text("utf-8"))
    typed = {
        id(node)
        for block in ast.walk(tree)
        if isinstance(block, ast.If) and ast.unparse(block.test) == "TYPE_CHECKING"
        for node in ast.walk(block)
    }
    used = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and id(node) not in typed:
            parts = node.module.split(".")
            if parts[0] == "setout":
                used |= {parts[1]} if len(parts) > 1 else {alias.name for alias in node.names}
    return used
