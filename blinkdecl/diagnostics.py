"""Problems as data: what, where, which object, what to do. Nothing here prints; nothing here ends the process.

Diagnostic       one problem, with everything that a renderer needs
Failure          the one exception that carries diagnostics to the command line
blinkdecl.codes  the catalogue: what each code means, and the exit code it leads to
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from blinkdecl.codes import CODES
from blinkdecl.model import Position


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The lines of source around a problem, secrets masked already, and what the caret underlines.

    `lines` are (number, text); `width` counts the underlined characters from the position's column.
    """

    lines: tuple[tuple[int, str], ...]
    width: int = 1
    label: str = ""


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One problem. `notes` are (label, text) pairs in the order in which they are read.

    Labels in use: ``at`` (which object), ``note`` (a fact), ``help`` (an action), ``who`` and ``run`` (of a lock).
    """

    code: str
    summary: str
    severity: Literal["error", "warning"] = "error"
    position: Position | None = None
    excerpt: Excerpt | None = None
    notes: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        if self.code not in CODES:
            raise KeyError(self.code)


class Failure(Exception):
    """The work cannot go on: `diagnostics` say why, the first error's code decides the exit code.

    An error whose exit code is 1 outranks the others: a refused policy is only worth its own code when the plan
    itself could be made.
    """

    def __init__(self, *diagnostics: Diagnostic) -> None:
        super().__init__("; ".join(f"{each.summary} [{each.code}]" for each in diagnostics))
        self.diagnostics = diagnostics

    @property
    def exit_code(self) -> int:
        """The process's exit code, by the codes of the errors."""
        return exit_code(self.diagnostics)


def exit_code(diagnostics: Iterable[Diagnostic]) -> int:
    """Return 0 without errors, 1 if any error leads to 1, else what the first error leads to."""
    found = [CODES[each.code].exit_code for each in diagnostics if each.severity == "error"]
    if not found:
        return 0
    return 1 if 1 in found else found[0]


def error(
    code: str, summary: str, *, at: str | None = None, note: str | None = None, way_out: str | None = None
) -> Failure:
    """Return a `Failure` of one diagnostic without a place in a file."""
    notes = tuple((label, text) for label, text in (("at", at), ("note", note), ("help", way_out)) if text)
    return Failure(Diagnostic(code, summary, notes=notes))


def closest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that `word` most likely stands for, or None: for "did you mean"."""
    from difflib import get_close_matches  # only ever needed on the way to an error

    by_folded = {each.casefold(): each for each in known}
    found = get_close_matches(word.casefold(), by_folded, n=1, cutoff=0.6)
    return by_folded[found[0]] if found else None
