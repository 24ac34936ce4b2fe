"""YAML files that look like a part of the configuration, and are not: nobody should find out by a plan that deletes
what they declare, nor by one without the settings of an environment.
"""

import os
import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from blinkdecl.config.document.file import Refusal, read_text
from blinkdecl.config.document.finding import listed
from blinkdecl.config.include import ENVIRONMENTS, ROOT_FILE, unused_environments
from blinkdecl.diagnostics import Diagnostic, Position, only_in
from blinkdecl.model.resource import NAME_PATTERN

_SECTION = re.compile(r"^(destinations|triggers):", re.MULTILINE)
# Looked at are so many folders and files at most: beside the configuration may be anything.
_MOST_FOLDERS, _MOST_FILES = 1000, 300
_REMEDY = "move it below destinations/ or triggers/, or add it to `include` in blinkdecl.yaml"


def left_out(root: Path, included: Collection[str]) -> Iterator[Diagnostic]:
    """Yield a warning (``left-out``) for each file with destinations or triggers that is not `included`.

    Likewise for each file in `environments/` that no environment has.
    """
    for name, better in unused_environments(root).items():
        yield _unused_environment(name, better)
    for file in _others(root, included):
        try:
            text = read_text(root / file, file, root)
        except Refusal:
            continue
        if (found := _SECTION.search(text)) is not None:
            place = Position(file, text.count("\n", 0, found.start()) + 1, 1)
            summary = f"{file} has {found[1]}, and is no part of the configuration: no pattern includes it"
            yield Diagnostic("left-out", summary, "warning", place, notes=(("help", _REMEDY),))


def nothing_declared(patterns: Collection[str], elsewhere: Mapping[str, Collection[str]]) -> Diagnostic:
    """Return the warning (``nothing-declared``) of a configuration without a resource: where they were looked for.

    `elsewhere` are the addresses that only other environments have, each with their names.
    """
    if elsewhere:
        address, names = next(iter(elsewhere.items()))
        summary, first = "nothing is declared for this environment", f"{address} is {only_in(names)}"
        notes = (("note", first), ("help", f"pass --env {min(names)}, or change its `environments`"))
        return Diagnostic("nothing-declared", summary, "warning", notes=notes)
    summary = f"nothing is declared: no destinations or triggers in {listed([ROOT_FILE, *patterns])}"
    return Diagnostic("nothing-declared", summary, "warning", notes=(("help", "check the folder, and `include`"),))


def _unused_environment(name: str, better: str) -> Diagnostic:
    file, stem = f"{ENVIRONMENTS}/{name}", name.rpartition(".")[0]
    if re.fullmatch(NAME_PATTERN, stem):
        summary, remedy = f"{file} is not read: {ENVIRONMENTS}/{stem}.yaml is", "remove one of the two"
    else:
        summary = f"{file} is never read: no environment can have that name"
        remedy = f"rename it to {ENVIRONMENTS}/{better}.yaml" if better else f"names match {NAME_PATTERN}"
    return Diagnostic("left-out", summary, "warning", Position(file, 1, 1), notes=(("help", remedy),))


def _others(root: Path, included: Collection[str]) -> Iterator[str]:
    """Yield the YAML files below the root that are not included, but for environments and other projects."""
    waiting, folders, files = [""], 0, 0
    while waiting and folders < _MOST_FOLDERS:
        below, folders = waiting.pop(0), folders + 1
        try:
            with os.scandir(root / below) as found:
                entries = sorted((each for each in found if not each.name.startswith(".")), key=lambda each: each.name)
        except OSError:
            continue
        if below and any(each.name == ROOT_FILE for each in entries):
            continue
        for each in entries:
            name = f"{below}{each.name}"
            if each.is_dir(follow_symlinks=False):
                waiting += [] if name == ENVIRONMENTS else [f"{name}/"]
            elif _may_be_meant(each) and name != ROOT_FILE and name not in included:
                files += 1
                if files > _MOST_FILES:
                    return
                yield name


def _may_be_meant(entry: "os.DirEntry[str]") -> bool:
    return entry.name.endswith((".yaml", ".yml")) and entry.is_file(follow_symlinks=False)
