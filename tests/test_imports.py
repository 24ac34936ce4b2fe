"""What may import what, read from the source without running it: one door a library, and a core that reaches no I/O."""

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "blinkdecl"

# Each third-party library and the one place that may import it; a name that ends with a dot stands for a package.
DOORS: Mapping[str, str] = {
    "yaml": "blinkdecl.config.source",
    "jsonschema_rs": "blinkdecl.config.schema",
    "jsonschema": "blinkdecl.config.schema",
    "httpcore": "blinkdecl.client",
    "httpx": "blinkdecl.client",
    "deepdiff": "blinkdecl.diff",
    "click": "blinkdecl.cli.",
    "rich": "blinkdecl.render.terminal",
    "filelock": "blinkdecl.state.local",
    "stamina": "blinkdecl.retry",
    "obstore": "blinkdecl.state.s3",
    "psycopg": "blinkdecl.state.postgres",
    "graphql": "blinkdecl.sandbox.panther.schema",
}

# What decides and what describes: it takes values and returns values.
PURE: tuple[str, ...] = (
    "planner",
    "ordering",
    "policy",
    "drift",
    "diff",
    "plan",
    "results",
    "model",
    "diagnostics",
    "codes.",
    "alert",
    "routing.",
    "configuration",
)
PURE += (
    "fitting",
    "waiving",
    "guide",
    "fingerprints",
    "secret_value",
    "webhook",
    "state.codec",
    "state.relation",
    "render.",
)

OUTSIDE = {"os", "io", "pathlib", "shutil", "tempfile", "glob", "socket", "ssl", "http", "urllib.request", "subprocess"}
OUTSIDE |= {"sqlite3", "threading", "multiprocessing", "asyncio", "time", "random", "secrets", "uuid"}
OUTSIDE |= {
    "blinkdecl.client",
    "blinkdecl.secret",
    "blinkdecl.secret_command",
    "blinkdecl.provider.",
    "blinkdecl.state.local",
    "blinkdecl.sandbox.",
}
OUTSIDE |= {"blinkdecl.files", "blinkdecl.applier", "blinkdecl.workers", "blinkdecl.prober", "blinkdecl.cli."}


@cache
def modules() -> dict[str, Path]:
    """Return the modules of the package by name; a package is its ``__init__``."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = ("blinkdecl", *path.relative_to(PACKAGE).with_suffix("").parts)
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def nodes(tree: ast.AST) -> Iterator[ast.AST]:
    """Walk the tree, leaving out what only type checkers read."""
    for child in ast.iter_child_nodes(tree):
        if isinstance(child, ast.If) and ast.unparse(child.test).endswith("TYPE_CHECKING"):
            continue
        yield child
        yield from nodes(child)


@cache
def imports(module: str) -> frozenset[str]:
    """Return the names that a module imports, at its top or within a function; of ours, the modules."""
    found: set[str] = set()
    for node in nodes(ast.parse(modules()[module].read_text())):
        if isinstance(node, ast.Import):
            found.update(each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}: relative import"
            whole = [f"{node.module}.{each.name}" for each in node.names]
            found.update(each if each in modules() else str(node.module) for each in whole)
    return frozenset(found)


def reached(module: str) -> dict[str, str]:
    """Return all that a module imports, also by way of others of ours, with the path that leads there."""
    paths, todo = {module: module}, [module]
    while todo:
        here = todo.pop()
        for name in imports(here) - paths.keys():
            paths[name] = f"{paths[here]} -> {name}"
            if name in modules():
                todo.append(name)
    return paths


def within(name: str, place: str) -> bool:
    """Whether a module is the one that is named, or in it."""
    return name == place.rstrip(".") or name.startswith(place.rstrip(".") + ".")


@pytest.mark.parametrize("library", DOORS)
def test_one_door(library: str) -> None:
    """A third-party library is imported in one place, so that it can be exchanged there."""
    users = {module for module in modules() if any(within(name, library) for name in imports(module))}
    strangers = {each for each in users if each != DOORS[library] and not within(each, DOORS[library])}
    assert users
    assert not strangers


@pytest.mark.parametrize(
    "module", [name for name in modules() if any(within(name, f"blinkdecl.{each}") for each in PURE)]
)
def test_pure_modules_reach_no_io(module: str) -> None:
    """The core reaches nothing outside itself, neither directly nor through another module."""
    ways = {path for name, path in reached(module).items() if any(within(name, each) for each in OUTSIDE)}
    assert not ways


def test_only_the_command_line_imports_the_command_line() -> None:
    """Nothing below the command line knows of it."""
    users = {module for module in modules() if any(within(name, "blinkdecl.cli") for name in imports(module))}
    assert {each for each in users if not within(each, "blinkdecl.cli")} <= {"blinkdecl.__main__"}


def test_the_checks_can_fail() -> None:
    """The applier does reach threads, and the planner the diff: the walk sees what is there."""
    assert "threading" in reached("blinkdecl.applier")
    assert "deepdiff" in reached("blinkdecl.planner")
