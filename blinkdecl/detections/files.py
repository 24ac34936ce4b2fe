"""Which files of a folder are detections: those that panther_analysis_tool 1.7 would read. Nothing is opened here.

Names and folders that begin with a dot, and folders that are links, are passed over; so is ``__pycache__``. At the root
of a repository that tool reads some folders alone, so that templates and scenarios for its tests are no detections.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

# A folder that the tool runs in, rather than one that it is pointed at, has one of these.
_ROOTS = (".git", ".pat-root", ".panther_settings.yml")
# What it reads of such a folder, compared with the path from there.
_READ = (
    *("*data_models*", "*/global_helpers", "*lookup_tables*", "*rules*", "*/packs", "*policies*", "*queries*"),
    "*scheduled_prompts*",
)
_ALSO = ("./data_models", "./global_helpers")


@dataclass(frozen=True, slots=True)
class Files:
    """The files of a repository, relative to the root, in the order in which that tool reads them.

    A folder's own come before those of its folders. `outside` are YAML files that are links out of the folder,
    `passed_over` how many there are in folders that the tool does not read.
    """

    yaml: tuple[str, ...]
    python: tuple[str, ...]
    outside: tuple[str, ...]
    passed_over: int


def files_of(root: Path, place: Path) -> Files:
    """Return the files below the folder `place`."""
    top = os.path.realpath(root / place)
    whole = str(place) != "." and not any(os.path.lexists(root / place / each) for each in _ROOTS)
    yaml: list[str] = []
    python: list[str] = []
    outside: list[str] = []
    passed_over = 0
    prefix = "" if str(place) == "." else f"{place}/"
    for below, names in _walk(str(root / place), ""):
        read = whole or not below or _is_read(f"./{below[:-1]}")
        for name, is_link in names:
            if is_link and not os.path.realpath(f"{top}/{below}{name}").startswith(f"{top}/"):
                outside += [f"{prefix}{below}{name}"] if read and _is_yaml(name) else []
            elif name.endswith(".py"):
                python.append(f"{prefix}{below}{name}")
            elif _is_yaml(name):
                passed_over += not read
                yaml += [f"{prefix}{below}{name}"] if read else []
    return Files(tuple(yaml), tuple(python), tuple(outside), passed_over)


def _walk(folder: str, below: str) -> Iterator[tuple[str, list[tuple[str, bool]]]]:
    """Yield each folder, as a prefix of paths, with the names of its files and whether each is a link."""
    waiting = [(folder, below)]
    while waiting:
        folder, below = waiting.pop()
        try:
            with os.scandir(folder) as found:
                entries = sorted((each for each in found if not each.name.startswith(".")), key=lambda each: each.name)
        except OSError:
            continue  # as that tool does
        yield below, [(each.name, each.is_symlink()) for each in entries if not each.is_dir()]
        folders = [each.name for each in entries if each.is_dir(follow_symlinks=False) and each.name != "__pycache__"]
        waiting += [(f"{folder}/{each}", f"{below}{each}/") for each in reversed(folders)]


def _is_yaml(name: str) -> bool:
    return ".y" in name and fnmatchcase(name, "*.y*ml")


def _is_read(path: str) -> bool:
    return any(fnmatchcase(path, each) for each in _READ) or path.startswith(_ALSO)
