"""Which files belong to the configuration: globs below the root, that never lead out of it.

A segment ``**`` stands for any folders, ``*`` and ``?`` for text within a name. Hidden names and `environments/` are
left out. Folders that are links are followed as long as they stay below the root; each file comes once.
"""

import os
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path

ROOT_FILE = "blinkdecl.yaml"
ENVIRONMENTS = "environments"


class Leaves(Exception):
    """A link on the way leads out of the root; the argument is its path, relative to the root."""


def problem_of(pattern: str) -> str | None:
    """Return what is wrong with a pattern by itself, or None."""
    if pattern.startswith(("/", "~")) or "\\" in pattern or "\0" in pattern:
        return "an include is a path below the root"
    if ".." in pattern.split("/"):
        return "an include cannot leave the root by '..'"
    return None


def expand(root: Path, pattern: str) -> list[str]:
    """Return the files that a pattern matches, relative to the root; raises `Leaves`, or an `OSError` of a folder."""
    segments = tuple(part for part in pattern.split("/") if part not in ("", "."))
    real = os.path.realpath(root)
    found = set(_Expansion(real).files(real, "", segments, (real,)))
    return sorted(each for each in found if each != ROOT_FILE and not each.startswith(f"{ENVIRONMENTS}/"))


def environments(root: Path) -> list[str]:
    """Return the names of the environments that have a file."""
    folder = root / ENVIRONMENTS
    try:
        return sorted(path.stem for path in folder.glob("*.yaml")) if folder.is_dir() else []
    except OSError:
        return []


def distinct(root: Path, files: list[str]) -> list[str]:
    """Return the files in order, each once, whatever links lead to it."""
    by_real = {os.path.realpath(root / ROOT_FILE): ROOT_FILE}
    for file in sorted(set(files)):
        by_real.setdefault(os.path.realpath(root / file), file)
    return sorted(each for each in by_real.values() if each != ROOT_FILE)


class _Expansion:
    def __init__(self, root: str) -> None:
        self._root = root

    def files(self, folder: str, prefix: str, segments: tuple[str, ...], above: tuple[str, ...]) -> Iterator[str]:
        """Yield the files below `folder`, a real path, called `prefix` from the root; `above` are its parents."""
        first, rest = segments[0], segments[1:]
        any_depth = first == "**"
        if any_depth and rest:
            yield from self.files(folder, prefix, rest, above)
        with os.scandir(folder) as entries:
            for entry in sorted(entries, key=lambda each: each.name):
                matches = any_depth or fnmatchcase(entry.name, first)
                if not matches or (entry.name.startswith(".") and not first.startswith(".")):
                    continue
                name = f"{prefix}{entry.name}"
                if not entry.is_dir():
                    if not rest:
                        self._real(folder, entry, name)
                        yield name
                elif below := segments if any_depth else rest:
                    real = self._real(folder, entry, name)
                    if real not in above:
                        yield from self.files(real, f"{name}/", below, (*above, real))

    def _real(self, folder: str, entry: "os.DirEntry[str]", name: str) -> str:
        if not entry.is_symlink():
            return f"{folder}/{entry.name}"
        real = os.path.realpath(entry.path)
        if not real.startswith(f"{self._root}/") and real != self._root:
            raise Leaves(name)
        return real
