"""The stacks below a folder: found in one walk, and, since a commit, those that a change touches."""

import os
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from blinkdecl.config import include
from blinkdecl.config.document.file import Refusal, read_text
from blinkdecl.config.touched import also_called, by_root, patterns_of, touched
from blinkdecl.diagnostics import Diagnostic, Failure, error
from blinkdecl.model.invocation import Invocation
from blinkdecl.model.stack import Root, Stack, Touched
from blinkdecl.system.git import Changed, GitProblem, changed_since

_PASSED_OVER = frozenset(("node_modules",))


@dataclass(frozen=True, slots=True)
class Found:
    """The stacks in order, and what is to be said beside them."""

    stacks: tuple[Stack, ...]
    problems: tuple[Diagnostic, ...]


@dataclass(slots=True)
class _Walk:
    """What lies below a folder, by paths relative to it; `links` with where they lead, `unread` with the reason."""

    roots: list[str] = field(default_factory=list)
    environments: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    links: list[tuple[str, str]] = field(default_factory=list)
    unread: list[tuple[str, str]] = field(default_factory=list)


def find_stacks(base: Path, folder: Path, since: str | None, environ: Mapping[str, str]) -> Found:
    """Return the stacks below `folder`, which is relative to `base` as their paths are.

    `since` = only those that differ from where the working tree left this revision. A project file that cannot be
    read is a warning, and the project is listed: nobody knows what it includes. Raises a `Failure`.
    """
    top = base / folder
    if not top.is_dir():
        raise error("not-found", f"{folder} is not a folder", remedy="name the folder that the projects are in")
    differs = None if since is None else _changed(top, since, environ)
    walk = _walked(top)
    roots = [_root(top, each, walk) for each in sorted(walk.roots)]
    problems = [Diagnostic("unreadable", f"{folder / each} cannot be read: {why}") for each, why in walk.unread]
    changed = None if differs is None else by_root(set(walk.roots), also_called(differs.names, walk.links))
    stacks: list[Stack] = []
    for root in roots:
        patterns, wrong = _patterns(base, folder / root.folder)
        problems += wrong
        said = Touched(whole=True)
        if changed is not None and patterns is not None:
            said = touched(root, changed.get(root.folder, ()), patterns)
        path = os.path.normpath(folder / root.folder)
        stacks += [Stack(path, each) for each in root.environments if said.whole or each in said.environments]
        stacks += [Stack(path)] if said.whole and not root.environments else []
    problems += _gone(folder, roots, differs.deleted if differs is not None else ())
    return Found(tuple(stacks), tuple(problems))


def _walked(top: Path) -> _Walk:
    """Look through a folder once. Links are not followed, but those that stay in it are noted."""
    found, real, waiting = _Walk(), os.path.realpath(top), [""]
    while waiting:
        folder = waiting.pop()
        try:
            with os.scandir(f"{top}/{folder}") as entries:
                below = list(entries)
        except OSError as problem:
            found.unread.append((folder, problem.strerror or ""))
            continue
        prefix = f"{folder}/" if folder else ""
        for entry in below:
            if entry.is_symlink():
                target = os.path.realpath(entry.path)
                if target.startswith(f"{real}/"):
                    found.links.append((f"{prefix}{entry.name}", target[len(real) + 1 :]))
            elif entry.is_dir():
                if not _is_passed_over(entry.name):
                    waiting.append(f"{prefix}{entry.name}")
                continue
            if entry.name == include.ROOT_FILE:
                found.roots.append(folder)
            elif folder == include.ENVIRONMENTS or folder.endswith(f"/{include.ENVIRONMENTS}"):
                found.environments[folder].append(entry.name)
    return found


def _is_passed_over(name: str) -> bool:
    return name.startswith(".") or name in _PASSED_OVER


def _root(top: Path, folder: str, walk: _Walk) -> Root:
    place = Root(folder).below(include.ENVIRONMENTS)
    if any(link == place for link, _ in walk.links):
        return Root(folder, tuple(sorted(include.environments(top / folder))))
    return Root(folder, tuple(sorted(include.environments_among(walk.environments.get(place, ())))))


def _patterns(base: Path, place: Path) -> tuple[tuple[str, ...] | None, list[Diagnostic]]:
    """Return by which patterns the project at `place` includes files, None where nobody knows; and the reason why."""
    file = str(place / include.ROOT_FILE)
    try:
        patterns = patterns_of(file, read_text(base / file, file, base / place))
    except Refusal as refusal:
        return None, [replace(refusal.diagnostic, severity="warning")]
    if patterns is not None:
        return patterns, []
    remedy = f"`{Invocation(root=str(place)).command_line('validate')}` says what is wrong"
    summary = f"the `include` of {file} is no list of paths below its folder"
    return None, [Diagnostic("include", summary, "warning", notes=(("help", remedy),))]


def _gone(folder: Path, roots: Sequence[Root], deleted: Collection[str]) -> list[Diagnostic]:
    """Return a warning for each project and environment that a change removed: nothing plans its destinations."""
    known = {each.folder: each.environments for each in roots}
    found = []
    for name in sorted(deleted):
        place, _, file = name.rpartition("/")
        parent, _, last = place.rpartition("/")
        stem, _, ending = file.rpartition(".")
        if any(map(_is_passed_over, place.split("/"))):
            continue
        if file == include.ROOT_FILE:
            found.append(_left(f"the project {folder / place}"))
        elif last == include.ENVIRONMENTS and ending in ("yaml", "yml") and stem not in known.get(parent, (stem,)):
            found.append(_left(f'the environment "{stem}" of {folder / parent}'))
    return found


def _left(what: str) -> Diagnostic:
    remedy = "run `blinkdecl destroy` where it is still there, or let its destinations go by `removed` first"
    return Diagnostic("stack-gone", f"{what} was removed", "warning", notes=(("help", remedy),))


def _changed(top: Path, since: str, environ: Mapping[str, str]) -> Changed:
    """Return the changed names; raises a `Failure`."""
    try:
        return changed_since(top, since, environ)
    except GitProblem as problem:
        raise _failure(problem, top, since) from None


def _failure(problem: GitProblem, top: Path, since: str) -> Failure:
    fetched = "in GitHub Actions: `fetch-depth: 0` of actions/checkout; in GitLab CI: `GIT_DEPTH: 0`"
    match problem.kind:
        case "outside":
            remedy = "leave --changed-since out, or name a folder of a clone"
            return error("not-a-repository", f"{top} is in no Git repository", remedy=remedy)
        case "revision":
            remedy = f"name a commit, branch or tag that was fetched, such as origin/main; {fetched}"
            return error("unknown-revision", f'Git knows no revision "{since}"', remedy=remedy)
        case "shallow":
            remedy = f"fetch the history: `git fetch --unshallow`; {fetched}"
            return error(
                "shallow-clone", f"where HEAD left {since} was not fetched: the clone is shallow", remedy=remedy
            )
        case "unrelated":
            return error("git-failed", f"HEAD and {since} have no commit in common")
        case "missing":
            return error("git-failed", "there is no `git` on the PATH", remedy="install Git")
        case _:
            return error("git-failed", f"Git does not say what changed: {problem}")
