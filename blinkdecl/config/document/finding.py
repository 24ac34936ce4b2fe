"""What the checks find: a problem at a path of a document. Where that path is in the text is looked up later.

("destinations", "blink-soc", "alert_types", 1)    the path of a key or of a value, from the top of its file
"""

from dataclasses import dataclass
from typing import Final, Literal

Path = tuple[str | int, ...]
Notes = tuple[tuple[str, str], ...]

_KINDS = {"destinations": "destination", "triggers": "trigger"}
_LISTED = 12
_LONGEST_NAME = 200


class Refused:
    """The type of `REFUSED`."""

    def __repr__(self) -> str:
        return "REFUSED"


# Takes the place of a value that was refused and reported already: nothing else is said about it.
REFUSED: Final = Refused()
# The merge key, refused; whether a mapping that has one lacks anything is unknown.
MERGE: Final = "<<"
# What the reference to a secret has: one of these, with where it is.
REFERENCE_KEYS: Final = ("env", "file", "command")


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem at `path`; `on_key` = the key is wrong, not its value. `at` = say which object it is in."""

    code: str
    summary: str
    path: Path
    on_key: bool = False
    label: str = ""
    notes: Notes = ()
    severity: Literal["error", "warning"] = "error"
    at: bool = True

    @property
    def all_notes(self) -> Notes:
        """The notes, with the object in front."""
        place = place_of(self.path, on_key=self.on_key) if self.at else ""
        return (("at", place), *self.notes) if place else self.notes


def place_of(path: Path, *, on_key: bool = False) -> str:
    """Return how people call the object that holds the path: an address, ``limits.max_deletes``, or ""."""
    if len(path) > 1 and path[0] in _KINDS:
        return f"{_KINDS[str(path[0])]}.{path[1]}"
    shown = path[:-1] if on_key and isinstance(path[-1], str) else path
    if len(shown) < (1 if on_key else 2):
        return ""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in shown)[1:]


def named(word: str) -> str:
    """Return a word of the document in quotes, the end of a long one left out: an alias repeats it at no cost."""
    return f'"{word[:_LONGEST_NAME]}…"' if len(word) > _LONGEST_NAME else f'"{word}"'


def listed(words: "tuple[str, ...] | list[str]") -> str:
    """Return the words as a list, the end of a long one as a number."""
    if len(words) <= _LISTED:
        return ", ".join(words)
    return f"{', '.join(words[:_LISTED])} and {len(words) - _LISTED} more"


def remedy_note(text: str) -> Notes:
    """Return the notes that say what to do."""
    return (("help", text),)
