"""Which projects changed files belong to, by their names alone: what was deleted counts as well. Pure."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from blinkdecl.config import include
from blinkdecl.config.document.parse import Source, compose
from blinkdecl.model.stack import Root, Touched

_ROUTE_TESTS = "routes.test.yaml"
_SCHEMAS = ".blinkdecl/*.schema.json"
# Links within linked folders, one in the other: more of them lead in a circle.
_MOST_LINKS = 4


def patterns_of(file: str, text: str) -> tuple[str, ...] | None:
    """Return by which patterns a project file includes others, None where it does not say so soundly.

    A variable has its value in an environment only: it may stand for whatever is below the folder before it. Only
    where the file has an `include` of its own is it more than composed: that is half of the time that reading takes.
    Raises a `Refusal`.
    """
    if not any(key.value == "include" for key, _ in compose(file, text).value):
        return include.DEFAULT
    project = Source(Path()).parse(file, text)
    given = project.data.get("include")
    if project.problems or not isinstance(given, list) or not all(isinstance(each, str) for each in given):
        return None
    if any(include.problem_of(each) for each in given):
        return None
    return tuple(map(_widened, given))


def by_root(roots: Collection[str], names: Iterable[str]) -> Mapping[str, list[tuple[str, bool]]]:
    """Return the names below each root's folder, relative to it; the flag = no other root is nearer.

    A name that is a root's folder, or one above it, such as a submodule's, stands for its project file.
    """
    found: dict[str, list[tuple[str, bool]]] = defaultdict(list)
    given = set(names)
    for name in given:
        nearest = True
        for folder in _above(name):
            if folder in roots:
                found[folder].append((name[len(folder) + 1 :] if folder else name, nearest))
                nearest = False
    for folder in roots:
        if folder in given or any(each in given for each in _above(folder) if each):
            found[folder].append((include.ROOT_FILE, True))
    return found


def touched(root: Root, names: Iterable[tuple[str, bool]], patterns: Sequence[str]) -> Touched:
    """Return what changed names mean for a project whose files `patterns` match."""
    environments = set()
    if any(part.startswith(".") for each in patterns for part in each.split("/")):
        return Touched(whole=True)  # hidden folders are not looked through: a link in one may lead to what changed
    for name, nearest in names:
        folder, _, file = name.rpartition("/")
        stem, _, ending = file.rpartition(".")
        if folder == include.ENVIRONMENTS and ending in ("yaml", "yml"):
            if not root.environments:
                return Touched(whole=True)  # it had environments: without one, it is planned by itself
            environments.update({stem}.intersection(root.environments))
        elif _is_whole(name, nearest=nearest) or any(include.matches(each, name) for each in patterns):
            return Touched(whole=True)
    return Touched(environments=frozenset(environments))


def also_called(names: Iterable[str], links: Iterable[tuple[str, str]]) -> set[str]:
    """Return the names of files and those that links, given with where they lead, have them called by as well."""
    by_target = defaultdict(list)
    for link, target in links:
        by_target[target].append(link)
    found = fresh = set(names)
    for _ in range(_MOST_LINKS if by_target else 0):
        more = {
            f"{link}{name[len(target) :]}" for name in fresh for target in (name, *_above(name)) for link in
            by_target.get(target, ())
        }  # fmt: skip
        fresh = more - found
        found = found | fresh
    return found


def _widened(pattern: str) -> str:
    before, variable, _ = pattern.partition("${")
    return f"{before.rpartition('/')[0]}/**".lstrip("/") if variable else pattern


def _is_whole(name: str, *, nearest: bool) -> bool:
    """Whether a file is everybody's in its project, whatever is included."""
    if name == include.ROOT_FILE:
        return True
    is_schema = name.count("/") == 1 and fnmatchcase(name, _SCHEMAS)
    return is_schema or (nearest and name.endswith(_ROUTE_TESTS))


def _above(name: str) -> Iterator[str]:
    """Yield the folders above a name, the nearest first, and "" last."""
    while name:
        name = name.rpartition("/")[0]
        yield name
