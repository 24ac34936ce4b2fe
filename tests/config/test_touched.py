"""Which names touch a project: those that it reads, whether they are still there or not."""

import pytest

from blinkdecl.config.document.file import Refusal
from blinkdecl.config.touched import also_called, by_root, patterns_of, touched
from blinkdecl.model.stack import Root, Touched

PATTERNS = ("triggers/**/*.yaml", "destinations/**/*.yaml")
ROOT = Root("", ("dev", "prod"))


@pytest.mark.parametrize(
    "name",
    ["blinkdecl.yaml", "destinations/soc.yaml", "triggers/a/b/gone.yml", "tests/a.routes.test.yaml",
     "routes.test.yaml", ".blinkdecl/config.schema.json"],
)  # fmt: skip
def test_all_of_a_project(name: str) -> None:
    """Whatever every environment reads."""
    assert touched(ROOT, [(name, True)], PATTERNS) == Touched(whole=True)


@pytest.mark.parametrize(
    "name",
    ["README.md", "destinations/notes.txt", "other/soc.yaml", ".blinkdecl/state.json", "environments/README.md",
     "environments/old.yaml", "destinations/.hidden.yaml", ".github/workflows/plan.yaml"],
)  # fmt: skip
def test_nothing_of_a_project(name: str) -> None:
    """What no environment reads."""
    assert touched(ROOT, [(name, True)], PATTERNS) == Touched()


def test_one_environment() -> None:
    """By its file, with either ending."""
    names = [("environments/dev.yaml", True), ("README.md", True)]
    assert touched(ROOT, names, PATTERNS) == Touched(environments=frozenset({"dev"}))
    assert touched(ROOT, [("environments/prod.yml", True)], PATTERNS) == Touched(environments=frozenset({"prod"}))


def test_what_is_planned_otherwise_than_before() -> None:
    """Without its last environment a project is planned by itself; what hidden folders hold is not looked through."""
    assert touched(Root("a"), [("environments/prod.yaml", True)], PATTERNS).whole
    assert touched(Root("a"), [], (".shared/*.yaml",)).whole
    assert not touched(Root("a"), [], PATTERNS).whole


def test_a_nested_project_is_its_own() -> None:
    """Its files are the outer one's only as far as that includes them."""
    names = by_root({"", "in"}, ["in/blinkdecl.yaml", "in/a.routes.test.yaml", "in/destinations/a.yaml"])
    assert touched(Root(""), names[""], PATTERNS) == Touched()
    assert touched(Root(""), names[""], ("**/*.yaml",)) == Touched(whole=True)
    assert touched(Root("in"), names["in"], PATTERNS) == Touched(whole=True)


def test_a_submodule_is_all_that_is_in_it() -> None:
    """Git names the folder alone."""
    assert by_root({"a/b", "c"}, ["a"]) == {"a/b": [("blinkdecl.yaml", True)]}
    assert by_root({"a/b", "c"}, ["c"]) == {"c": [("blinkdecl.yaml", True)]}


def test_links_give_files_other_names() -> None:
    """Of a file, of a folder, one within the other, and in a circle."""
    links = [("a/all.yaml", "shared/all.yaml"), ("b/destinations", "shared"), ("shared/up", "shared")]
    found = also_called(["shared/all.yaml"], links)
    assert {"a/all.yaml", "b/destinations/all.yaml", "shared/all.yaml"} <= found
    assert len(found) < 50


@pytest.mark.parametrize(
    ("text", "patterns"),
    [
        ("version: 1\n", PATTERNS),
        ("include: [a/*.yaml]\n", ("a/*.yaml",)),
        ('"inc\\x6cude": [a/*.yaml]\n', ("a/*.yaml",)),
        ("include: ['a/${var.x}/b.yaml', '${var.x}.yaml']\n", ("a/**", "**")),
        ("include: ['../a.yaml']\n", None),
        ("include: a.yaml\n", None),
        ("include: [1]\n", None),
        ("include: [a.yaml]\ninclude: [b.yaml]\n", None),
    ],
)
def test_patterns(text: str, patterns: tuple[str, ...] | None) -> None:
    """As they are written, the usual ones, or none that could be relied on."""
    assert patterns_of("blinkdecl.yaml", text) == patterns


def test_a_file_that_is_no_yaml() -> None:
    """Its patterns are nobody's guess."""
    with pytest.raises(Refusal):
        patterns_of("blinkdecl.yaml", "a: [\n")
