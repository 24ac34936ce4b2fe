"""What there is to complete, from local files alone: names, never a value, and quickly rather than all of it.

YAML is not parsed, which would take longer than a person waits after a key: lines tell the names in it. At most a few
hundred files and some megabytes are read, for a third of a second.
"""

import os
import re
import time
from collections.abc import Iterator
from pathlib import Path

from blinkdecl.system.files import read_bounded

_MOST_FILES, _LONGEST, _SECONDS = 300, 2**20, 0.3
_LONGEST_STATE = 32 * 2**20
_SKIPPED = frozenset(("environments", "node_modules", "venv", "__pycache__"))
_NAME = r"[a-z][a-z0-9_-]{0,62}"
# A key at the margin, or an indented one; a section ends with the next key at the margin.
_KEY = re.compile(
    rf"""^(?:(?P<section>[^\s#"'-][^:\n]*):|(?P<indent>[ ]+)["']?(?P<name>{_NAME})["']?:)""", re.MULTILINE
)
_RECORD = re.compile(rf'\{{"address": "((?:trigger|destination)\.{_NAME})", "id"')
_KINDS = {"triggers": "trigger.", "destinations": "destination.", "variables": ""}


def addresses(root: Path, environment: str | None) -> list[str]:
    """Return the addresses that are declared or recorded."""
    declared = (f"{_KINDS[section]}{name}" for section, name in _declared(root) if section != "variables")
    return sorted({*declared, *_recorded(root, environment)})


def recorded(root: Path, environment: str | None) -> list[str]:
    """Return the addresses that are recorded in a local file; those that are declared where there is none."""
    return sorted(_recorded(root, environment)) or addresses(root, environment)


def triggers(root: Path, environment: str | None) -> list[str]:
    """Return the addresses of triggers."""
    return [each for each in addresses(root, environment) if each.startswith("trigger.")]


def environments(root: Path, environment: str | None) -> list[str]:
    """Return the names of environments."""
    del environment
    found = os.listdir(root / "environments")  # noqa: PTH208 - names are all that is needed
    named = {Path(each).stem for each in found if each.endswith((".yaml", ".yml"))}
    return sorted(each for each in named if re.fullmatch(_NAME, each))


def variables(root: Path, environment: str | None) -> list[str]:
    """Return the names of variables, each up to its value."""
    del environment
    return sorted({f"{name}=" for section, name in _names(_text(root, root / "blinkdecl.yaml")) if not _KINDS[section]})


def topics(root: Path, environment: str | None) -> list[str]:
    """Return what `blinkdecl help` explains."""
    del root, environment
    from blinkdecl.cli.app import COMMANDS
    from blinkdecl.cli.properties import property_names
    from blinkdecl.cli.topics import TOPICS
    from blinkdecl.diagnostics.codes import CODES

    return sorted({*TOPICS, *COMMANDS, *CODES, *property_names()})


def _declared(root: Path) -> Iterator[tuple[str, str]]:
    """Yield section and name of what is declared, as far as the time allows."""
    until = time.monotonic() + _SECONDS
    for count, path in enumerate(_files(root, until)):
        if count >= _MOST_FILES or time.monotonic() > until:
            return
        yield from _names(_text(root, path))


def _files(root: Path, until: float) -> Iterator[Path]:
    for folder, folders, names in os.walk(root):
        if time.monotonic() > until:
            return
        folders[:] = sorted(each for each in folders if not each.startswith(".") and each not in _SKIPPED)
        yield from (Path(folder, name) for name in sorted(names) if name.endswith((".yaml", ".yml")))


def _names(text: str) -> Iterator[tuple[str, str]]:
    section, indent = "", ""
    for match in _KEY.finditer(text):
        if match["section"] is not None:
            section, indent = match["section"].strip(), ""
        elif section in _KINDS:
            indent = indent or match["indent"]
            if match["indent"] == indent:
                yield section, match["name"]


def _text(root: Path, path: Path) -> str:
    try:
        return read_bounded(path, _LONGEST, root=root).decode(errors="replace")
    except (OSError, ValueError):
        return ""


def _recorded(root: Path, environment: str | None) -> list[str]:
    place = root / ".blinkdecl" / (environment or "") / "state.json"
    try:
        return _RECORD.findall(read_bounded(place, _LONGEST_STATE, root=root).decode(errors="replace"))
    except (OSError, ValueError):
        return []
