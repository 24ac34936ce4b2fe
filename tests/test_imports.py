"""Who may import whom, read from the source without running it: one table by package, one door a library.

``docs/architecture.md`` draws the same table. What only type checkers read is left out.
"""

import ast
from collections.abc import Iterator, Mapping
from functools import cache

import pytest

from tests.support.paths import PACKAGE

# Each room, and the places of ours that it may import beside `diagnostics` and `model`: packages or modules.
MAY: Mapping[str, str] = {
    "system": "",
    "diagnostics": "",
    "model": "",
    "secret": "system.files system.paths",
    "routing": "",
    "config": "system.paths",
    "config.document": "system.contents system.files system.paths",
    "config.layout": "config.document",
    "detections": "config.document",
    "planner": "routing secret.fingerprints",
    "render": "routing",
    "provider": "secret.value system",
    "history": "provider.panther.endpoint secret.value system.retry system.workers",
    "state": "secret.value system",
    "blink": "secret.value system config.document",
    "alert": "secret.value secret.accidents system provider.interface blink.interface",
    "applier": "planner.dependencies planner.moves planner.needs alert.probe provider.interface state.interface "
    "secret system.workers",
    "project": "config detections history planner routing state provider blink secret alert system.git system.http "
    "system.workers",
    "sandbox": "alert routing secret.value system",
    "cli": "applier alert blink config detections history planner project provider render routing sandbox secret state "
    "system",
}
# Below these there is no model yet, and below the first two nothing at all.
LOWEST, BELOW_MODEL = ("system", "diagnostics"), ("system", "diagnostics", "model", "config.document")

# Each third-party library and the one place that may import it.
DOORS: Mapping[str, str] = {
    "yaml": "config.document.parse",
    "ruamel": "config.layout.blocks",
    "jsonschema_rs": "config.document.schema",
    "jsonschema": "config.document.schema",
    "referencing": "config.document.schema",
    "httpcore": "system.http",
    "httpx": "system.http",
    "truststore": "system.tls",
    "certifi": "system.tls",
    "stamina": "system.retry",
    "deepdiff": "planner.diff",
    "obstore": "state.stores",
    "psycopg": "state.stores",
    "filelock": "state.local",
    "rich": "render.terminal",
    "graphql": "sandbox.panther.schema",
    "click": "cli",
}

# What decides and what describes: it takes values and returns values.
PURE = [
    "model",
    "diagnostics",
    "planner",
    "routing",
    "render",
    "secret.value",
    "secret.fingerprints",
    "secret.accidents",
    "alert.payload",
    "alert.truncation",
    "alert.canonical_json",
    "alert.sizes",
    "alert.envelope",
    "alert.judge",
    "state.codec",
    "state.parser",
    "state.damage",
    "state.versions",
    "history.codec",
    "system.contents",
    "system.web_page",
]
NOT_PURE = ("render.terminal",)
OUTSIDE = [
    "os",
    "io",
    "pathlib",
    "shutil",
    "tempfile",
    "glob",
    "socket",
    "ssl",
    "http",
    "urllib.request",
    "subprocess",
    "sqlite3",
    "threading",
    "multiprocessing",
    "asyncio",
    "time",
    "random",
    "secrets",
    "uuid",
]
OUTSIDE += [
    "blinkdecl.system",
    "blinkdecl.provider",
    "blinkdecl.sandbox",
    "blinkdecl.cli",
    "blinkdecl.project",
    "blinkdecl.applier",
    "blinkdecl.secret.store",
    "blinkdecl.secret.command",
    "blinkdecl.state.local",
    "blinkdecl.alert.probe",
]


@cache
def modules() -> dict[str, str]:
    """Return the source of the modules of the package by name, without "blinkdecl."; a package is its ``__init__``."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path.read_text()
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
    """Return the names that a module imports, at its top or within a function; of ours, whole modules."""
    found: set[str] = set()
    for node in nodes(ast.parse(modules()[module])):
        if isinstance(node, ast.Import):
            found.update(each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}: relative import"
            whole = [f"{node.module}.{each.name}" for each in node.names]
            found.update(each if ours(each) in modules() else str(node.module) for each in whole)
    return frozenset(found)


def ours(name: str) -> str:
    """Return the name of a module of the package without the package's; anything else as it is."""
    return name.removeprefix("blinkdecl.")


def our_imports(module: str) -> set[str]:
    """Return the modules of ours that a module imports; the version, in the package itself, is everybody's."""
    return {ours(name) for name in imports(module) if name.startswith("blinkdecl.")}


def reached(module: str) -> dict[str, str]:
    """Return all that a module imports, also by way of others of ours, with the path that leads there."""
    paths, todo = {f"blinkdecl.{module}": module}, [module]
    while todo:
        here = todo.pop()
        for name in imports(here) - paths.keys():
            paths[name] = f"{paths[f'blinkdecl.{here}']} -> {ours(name)}"
            if name.startswith("blinkdecl."):
                todo.append(ours(name))
    return paths


def within(name: str, place: str) -> bool:
    """Whether a module is the place, or in it."""
    return name == place or name.startswith(f"{place}.")


def room_of(module: str) -> str:
    """Return the room of a module: the longest place of the table that it is in."""
    return max((each for each in MAY if within(module, each)), key=len, default="")


def allowed(room: str) -> list[str]:
    """Return the places that a room may import, itself included."""
    always = [] if room in LOWEST else ["diagnostics"]
    always += [] if room in BELOW_MODEL else ["model"]
    return [room, *always, *MAY[room].split()]


@pytest.mark.parametrize("room", MAY)
def test_a_room_imports_what_the_table_allows(room: str) -> None:
    """Arrows point one way: from the command line down to what knows nothing of us."""
    members = [module for module in modules() if room_of(module) == room]
    assert members
    strangers = {
        f"{module} -> {name}"
        for module in members
        for name in our_imports(module)
        if not any(within(name, place) for place in allowed(room))
    }
    assert not strangers


def test_every_module_has_a_room() -> None:
    """A new folder at the top needs a row of the table."""
    assert {module for module in modules() if not room_of(module)} == {"", "__main__"}


def test_no_circle() -> None:
    """Nobody reaches itself through others: each module can be read after those that it imports."""
    done: set[str] = set()

    def visit(module: str, path: tuple[str, ...]) -> None:
        assert module not in path, " -> ".join((*path, module))
        if module not in done:
            for name in sorted(our_imports(module)):
                # A package's face hands on what its own modules hold; within the package that is no arrow.
                if not within(module, name):
                    visit(name, (*path, module))
            done.add(module)

    for module in modules():
        visit(module, ())


@pytest.mark.parametrize("library", DOORS)
def test_one_door(library: str) -> None:
    """A third-party library is imported in one place, so that it can be exchanged there."""
    users = {module for module in modules() if any(within(name, library) for name in imports(module))}
    assert users
    assert not {each for each in users if not within(each, DOORS[library])}


@pytest.mark.parametrize(
    "module", [name for name in modules() if any(within(name, place) for place in PURE) and name not in NOT_PURE]
)
def test_pure_modules_reach_no_io(module: str) -> None:
    """The core reaches nothing outside itself, neither directly nor through another module."""
    found = {name: path for name, path in reached(module).items() if ours(name) not in PURE}
    ways = {path for name, path in found.items() if any(within(name, each) for each in OUTSIDE)}
    assert not ways


def test_commands_do_not_import_each_other() -> None:
    """What two commands share is not in either of them, and what they share knows none of them."""
    halves = ("cli.commands", "cli.work")
    commands = {module for module in modules() if any(within(module, half) for half in halves)}
    strangers = {
        f"{module} -> {name}"
        for module in modules()
        for name in our_imports(module) & commands
        if not within(name, module)  # the face of a group shows the command that it is when called alone
        and module.replace("cli.commands", "cli.work", 1) != name
    }
    assert not strangers


@pytest.mark.parametrize("module", [each for each in modules() if within(each, "cli.commands")])
def test_what_a_command_is_needs_click_alone(module: str) -> None:
    """Options and help are there before what does the work is imported: by its own module, when it is called."""
    work = module.replace("cli.commands", "cli.work", 1)
    light = ("click", "pathlib", "blinkdecl.cli", "blinkdecl.model.resource")
    found = {name for name in imports(module) if ours(name) != work}
    assert not {name for name in found if not any(within(name, each) for each in light)}
    assert not {name for name in found if "replaying" in name}


def test_inner_walls() -> None:
    """The state knows no engine, and the view no format that is made of it."""
    assert not {
        f"{module} -> {name}"
        for module in modules()
        for name in our_imports(module)
        if (within(module, "state") and within(name, "state.stores") and not within(module, "state.stores"))
        or (within(module, "render.view") and within(name, "render.text"))
    }


def test_the_checks_can_fail() -> None:
    """The applier does reach threads, and the planner the diff: the walk sees what is there."""
    assert "threading" in reached("applier.run")
    assert "deepdiff" in reached("planner.actions")
    assert "render.text.plan" in our_imports("cli.output")


# What opens a file by itself: below the root that would follow whatever a stranger committed there.
_OPENS = {"read_text", "read_bytes", "write_text", "write_bytes", "open", "touch", "mkstemp", "NamedTemporaryFile"}
# What opens nothing of a repository: the package's own data, `/proc`, the null device, the sandbox's own database.
_OWN = (
    *("config.document.schema", "config.rules", "state.lock_info", "cli.errors", "cli.session"),
    *("sandbox", "system.files"),
)


@pytest.mark.parametrize("module", [each for each in modules() if not any(within(each, own) for own in _OWN)])
def test_files_have_one_door(module: str) -> None:
    """Nothing but `system.files` opens what may be in the repository."""
    calls = [each.func for each in ast.walk(ast.parse(modules()[module])) if isinstance(each, ast.Call)]
    methods = {each.attr for each in calls if isinstance(each, ast.Attribute)}
    assert not methods & _OPENS
    assert not any(isinstance(each, ast.Name) and each.id == "open" for each in calls)
