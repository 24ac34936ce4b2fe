"""Which files belong to the configuration: globs below the root, which never lead out of it.

A segment ``**`` stands for any folders, ``*`` and ``?`` for text within a name; a .yml is as good as a .yaml. Hidden
names and `environments/` are left out. Folders that are links are followed as long as they stay below the root; each
file is read once.
"""

import os
import re
from collections import deque
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from pathlib import Path

from blinkdecl.model.resource import NAME_PATTERN
from blinkdecl.system.paths import landed

ROOT_FILE = "blinkdecl.yaml"
ENVIRONMENTS = "environments"
DEFAULT = ("triggers/**/*.yaml", "destinations/**/*.yaml")
# How often each folder may be looked through for one pattern grows with these.
_MOST_STARS = 3
# Looks into a folder, for all patterns of a project: a second of them, on a slow machine.
MOST_LOOKS = 20_000


class LeavesRoot(Exception):
    """A link on the way leads out of the root; the argument is its path, relative to the root."""


class TooManyFolders(Exception):
    """The patterns of a project look into folders more often than anybody needs."""


def problem_of(pattern: str) -> str | None:
    """Return what is wrong with a pattern by itself, or None."""
    if pattern.startswith(("/", "~")) or "\\" in pattern or "\0" in pattern:
        return "an include is a path below the root"
    if ".." in pattern.split("/"):
        return "an include cannot leave the root by '..'"
    if not _segments(pattern):
        return "an include names files"
    if _segments(pattern).count("**") > _MOST_STARS:
        return f"an include has at most {_MOST_STARS} segments '**'"
    return None


def matches(pattern: str, file: str) -> bool:
    """Whether a pattern would match a file that is not there yet, below folders that are no links."""
    return file != ROOT_FILE and _leads_to(_segments(pattern), tuple(file.split("/")), "")


def _leads_to(segments: tuple[str, ...], names: tuple[str, ...], folder: str) -> bool:
    """Whether segments match the names that lead from `folder`, "" or with a slash at its end, to a file."""
    first, rest = segments[0], segments[1:]
    if first == "**" and rest and _leads_to(rest, names, folder):
        return True
    name, further = names[0], names[1:]
    if not _fits(name, first):
        return False
    if not further:
        return not rest
    below = segments if first == "**" else rest
    here = f"{folder}{name}"
    return bool(below) and here != ENVIRONMENTS and _leads_to(below, further, f"{here}/")


class Expansion:
    """Expands the patterns of one project: together they may look into `MOST_LOOKS` folders."""

    def __init__(self, root: Path) -> None:
        self._root = os.path.realpath(root)
        self._looks = 0

    def expand(self, pattern: str) -> list[str]:
        """Return the files that a pattern matches, relative to the root.

        Raises `LeavesRoot`, `TooManyFolders`, or a folder's `OSError`.
        """
        return sorted(set(self._files(_segments(pattern))) - {ROOT_FILE})

    def _files(self, segments: tuple[str, ...]) -> Iterator[str]:
        """Yield the files that match, relative to the root.

        Each folder is searched once for the same segments, on the shortest way: links may lead in circles.
        """
        waiting = deque([(self._root, "", segments)])
        seen = set()
        while waiting:
            folder, prefix, segments = waiting.popleft()
            if (folder, len(segments)) in seen:
                continue
            seen.add((folder, len(segments)))
            first, rest = segments[0], segments[1:]
            if first == "**" and rest:
                waiting.append((folder, prefix, rest))
            below = segments if first == "**" else rest
            self._looks += 1
            if self._looks > MOST_LOOKS:
                raise TooManyFolders
            for entry in _matching(folder, first):
                name = f"{prefix}{entry.name}"
                if not entry.is_dir():
                    if not rest:
                        self._real(folder, entry, name)
                        yield name
                elif below and name != ENVIRONMENTS:
                    waiting.append((self._real(folder, entry, name), f"{name}/", below))

    def _real(self, folder: str, entry: "os.DirEntry[str]", name: str) -> str:
        if not entry.is_symlink():
            return f"{folder}/{entry.name}"
        real = os.path.realpath(entry.path)
        if not real.startswith(f"{self._root}/") and real != self._root:
            raise LeavesRoot(name)
        return real


def environments(root: Path) -> dict[str, str]:
    """Return the names of the environments that have a file, and what it is called; of two, the .yaml."""
    return environments_among(path.name for path in _environment_files(root))


def environments_among(files: Iterable[str]) -> dict[str, str]:
    """Return the same as `environments`, by the names of the files in the folder."""
    # The .yml come first, so that a .yaml replaces one.
    named = [(*each.rpartition("."), each) for each in sorted(files, reverse=True)]
    return {
        stem: file for stem, _, ending, file in named if ending in ("yaml", "yml") and re.fullmatch(NAME_PATTERN, stem)
    }


def unused_environments(root: Path) -> dict[str, str]:
    """Return the files in `environments/` that no ``--env`` can name, and the name that each might have instead.

    It is "" where another file has that name already.
    """
    files = _environment_files(root)
    known = environments(root)
    unused = [path for path in files if known.get(path.stem) != path.name and not path.name.startswith(".")]
    meant = ((path.name, re.sub(r"[^a-z0-9_-]+", "-", path.stem.lower())) for path in unused)
    return {name: "" if better in known or not re.fullmatch(NAME_PATTERN, better) else better for name, better in meant}


def _environment_files(root: Path) -> list[Path]:
    folder = root / ENVIRONMENTS
    try:
        landed(folder, root)  # otherwise a link would have the names of another folder's files listed
        files = sorted(folder.glob("*.y*ml"), reverse=True) if folder.is_dir() else []
    except OSError:
        return []
    return [path for path in files if path.suffix in (".yaml", ".yml")]


def distinct(root: Path, files: list[str]) -> list[str]:
    """Return the files in order, each once, however many links lead to it."""
    by_real = {os.path.realpath(root / ROOT_FILE): ROOT_FILE}
    for file in sorted(set(files)):
        by_real.setdefault(os.path.realpath(root / file), file)
    return sorted(each for each in by_real.values() if each != ROOT_FILE)


def _segments(pattern: str) -> tuple[str, ...]:
    """Return the parts of a pattern; a run of ``**`` means no more than one."""
    parts = [part for part in pattern.split("/") if part not in ("", ".")]
    return tuple(part for part, before in zip(parts, [None, *parts], strict=False) if not part == before == "**")


def _matching(folder: str, segment: str) -> "list[os.DirEntry[str]]":
    """Return the entries that a segment matches, in order."""
    with os.scandir(folder) as entries:
        return sorted((each for each in entries if _fits(each.name, segment)), key=lambda each: each.name)


def _fits(name: str, segment: str) -> bool:
    """Whether a segment matches a name; a hidden one only where it says so, Git's own never."""
    if (name.startswith(".") and not segment.startswith(".")) or name.lower() == ".git":
        return False
    other = f"{segment[:-5]}.yml" if segment.endswith(".yaml") else ""
    return segment == "**" or fnmatchcase(name, segment) or (other != "" and fnmatchcase(name, other))
