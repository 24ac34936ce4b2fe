"""Which files of a folder are detections: those that panther_analysis_tool 1.7 would read. Nothing is opened here.

Names and folders that begin with a dot, and folders that are links, are passed over; so is ``__pycache__``. At the root
of a repository that tool reads some folders alone, so that templates and scenarios for its tests are no detections.
"""

import os
from collections.abc import Iterator
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


def files_of(root: Path, place: Path) -> Iterator[tuple[str, bool]]:
    """Yield the YAML files below the folder `place`, relative to `root`, and whether each lies outside by a link.

    In the order in which that tool reads them: a folder's own before those of its folders.
    """
    yield from _walk(root, place, yaml=True)


def python_files_of(root: Path, place: Path) -> Iterator[str]:
    """Yield the Python files below the folder `place` that no link leads out of it, relative to `root`."""
    yield from (file for file, outside in _walk(root, place, yaml=False) if not outside)


def _walk(root: Path, place: Path, *, yaml: bool) -> Iterator[tuple[str, bool]]:
    top = os.path.realpath(root / place)
    whole = not yaml or (str(place) != "." and not any(os.path.lexists(root / place / each) for each in _ROOTS))
    for folder, folders, names in os.walk(root / place):
        folders[:] = sorted(each for each in folders if not each.startswith(".") and each != "__pycache__")
        relative = os.path.relpath(folder, root / place)
        if not whole and relative != "." and not _is_read(f"./{relative}"):
            continue
        for name in sorted(names):
            if name.startswith(".") or not (fnmatchcase(name, "*.y*ml") if yaml else name.endswith(".py")):
                continue
            outside = not os.path.realpath(f"{folder}/{name}").startswith(f"{top}/")
            yield os.path.normpath(place / relative / name), outside


def _is_read(path: str) -> bool:
    return any(fnmatchcase(path, each) for each in _READ) or path.startswith(_ALSO)
