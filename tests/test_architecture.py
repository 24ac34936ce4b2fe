"""``docs/architecture.md`` says what is there, and the modules stay as small as it promises."""

import ast
import re
from pathlib import Path

import pytest

from blinkdecl.model.trust import FILLED
from tests.support.paths import PACKAGE, ROOT
from tests.test_imports import MAY

PAGE = (ROOT / "docs" / "architecture.md").read_text()


def test_the_tree_is_the_folders() -> None:
    """Every package is drawn, at its depth, and nothing else is."""
    tree = PAGE.split("```")[1]
    drawn, above = set(), ["blinkdecl"]
    for indent, name in re.findall(r"^( *)(\w+)/  ", tree, re.MULTILINE):
        above[len(indent) // 2 :] = [name]
        drawn.add("/".join(above))
    shown_elsewhere = {
        f"blinkdecl/cli/{half}/{group}" for half in ("commands", "work") for group in ("state", "sandbox")
    }
    there = {str(each.parent.relative_to(ROOT)) for each in PACKAGE.rglob("__init__.py")}
    assert drawn == there - shown_elsewhere - {"blinkdecl"}


def test_the_table_is_the_one_that_is_held() -> None:
    """Row by row, but for the command line's, which may import everything."""
    rows = re.findall(r"^\| (`.*`) \| (.*) \|$", PAGE, re.MULTILINE)
    told = {
        room: set(re.findall(r"`([\w.]+)`", may)) for rooms, may in rows for room in re.findall(r"`([\w.]+)`", rooms)
    }
    told.pop("cli")
    assert told == {room: set(may.split()) for room, may in MAY.items() if room != "cli"}


def test_modules_that_are_named_exist() -> None:
    """The walk and the list of places lead to files that are there."""
    for name in re.findall(r"`([a-z_]+(?:\.[a-z_]+)+)`", PAGE):
        path = PACKAGE / name.replace(".", "/")
        if path.parent.with_suffix(".py").exists():  # a function or class of a module
            path = path.parent
        assert path.is_dir() or path.with_suffix(".py").exists(), name


def test_the_root_of_the_package_has_rooms_only() -> None:
    """No module beside the rooms but what Python and its type checkers look for."""
    files = {each.name for each in PACKAGE.iterdir() if each.is_file()}
    assert files == {"__init__.py", "__main__.py", "py.typed"}
    for room in PACKAGE.iterdir():
        if room.is_dir() and room.name != "__pycache__":
            text = (room / "__init__.py").read_text()
            assert text.startswith('"""'), room.name
            assert "belongs" in text, room.name


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_modules_and_functions_stay_small(path: Path) -> None:
    """At most 300 lines a module and 50 a function: what is larger has two duties."""
    text = path.read_text()
    functions = [each for each in ast.walk(ast.parse(text)) if isinstance(each, ast.FunctionDef)]
    assert text.count("\n") <= 300
    assert not [each.name for each in functions if (each.end_lineno or 0) - each.lineno + 1 > 50]


def test_the_security_page_names_tests_that_exist() -> None:
    """A defence without a test that holds it is a claim."""
    text = (ROOT / "docs" / "security.md").read_text().split("## Threats and defences")[1]
    rows = [line for line in text.splitlines() if line.startswith("| ") and line.count("|") == 4]
    named = [name for line in rows for name in re.findall(r"`([\w/.*-]+)`", line.rsplit("|", 2)[1])]
    there = [name.replace("...", "config/cases/invalid") for name in named if "/" in name]
    assert len(there) > 20
    assert [name for name in there if not list((ROOT / "tests").glob(name.rstrip("/")))] == []


def test_the_security_page_names_variables_that_are_listed() -> None:
    """What it says of variables that no trigger may name is what the list holds."""
    text = (ROOT / "docs" / "security.md").read_text()
    said = re.findall(r"`([A-Z]+_?)`", text[text.index("Variables that no trigger") : text.index("The whole list")])
    assert len(said) > 15
    assert [each for each in said if f"{each}*" not in FILLED and each != "BLINKDECL_SECRET_ENV"] == []
