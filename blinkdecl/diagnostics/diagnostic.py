"""Problems as data: what, where, which object, what to do. Nothing here prints; nothing here ends the process.

Diagnostic       one problem, with everything that a renderer needs
Failure          not done: the one exception that carries diagnostics to the command line
OutcomeUnknown   nobody knows whether it was done: the caller has to find out
codes            the catalogue: what each code means, and the exit code it leads to
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from blinkdecl.diagnostics.codes import CODES


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a file of the repository; `file` is relative to the root, line and column count from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


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
    `subject` = the address and the attribute that it is about: whoever has the files can point at their line.
    """

    code: str
    summary: str
    severity: Literal["error", "warning"] = "error"
    position: Position | None = None
    excerpt: Excerpt | None = None
    notes: tuple[tuple[str, str], ...] = ()
    subject: tuple[str, str] | None = field(default=None, compare=False)

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
    def code(self) -> str:
        """The code of the first problem: what an except clause decides by."""
        return self.diagnostics[0].code

    @property
    def exit_code(self) -> int:
        """The process's exit code, by the codes of the errors."""
        return exit_code(self.diagnostics)


class OutcomeUnknown(Exception):
    """The answer to a change was lost, or makes no sense: whether it was made has to be found out by reading.

    The text says why. A `Failure` says that the change was not made; this says that nobody knows. `wait` is how many
    seconds the peer asked to wait.
    """

    def __init__(self, text: str = "", wait: float | None = None) -> None:
        super().__init__(f"{text}; it asks to wait {wait:.0f}s" if wait else text)
        self.wait = wait


def exit_code(diagnostics: Iterable[Diagnostic]) -> int:
    """Return 0 without errors, 1 if any error leads to 1, otherwise what the first error leads to."""
    found = [CODES[each.code].exit_code for each in diagnostics if each.severity == "error"]
    if not found:
        return 0
    return 1 if 1 in found else found[0]


def error(
    code: str, summary: str, *, at: str | None = None, note: str | None = None, remedy: str | None = None
) -> Failure:
    """Return a `Failure` of one diagnostic without a place in a file."""
    notes = tuple((label, text) for label, text in (("at", at), ("note", note), ("help", remedy)) if text)
    return Failure(Diagnostic(code, summary, notes=notes))
