"""What every command has at hand: its folder, its options, its output.

stdout   the result: text, or exactly one JSON document
stderr   diagnostics, prompts, progress; never part of the result
"""

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from blinkdecl.cli.written import append_file, growing_file, write_file
from blinkdecl.diagnostics import Diagnostic, Failure, error
from blinkdecl.model.invocation import Invocation
from blinkdecl.model.trust import PLAN_KEY
from blinkdecl.system.columns import columns

if TYPE_CHECKING:
    from blinkdecl.render.formats import Context
    from blinkdecl.render.text.layout import Layout

View = dict[str, Any]

# What stands beside a line of source: its number and a bar, and the sign that it was cut.
_BESIDE_SOURCE = 8


@dataclass(frozen=True, slots=True)
class Session:
    """One call of one command: how it was called, and how it prints.

    `aside` = standard output is taken by a file that was asked for: what a person reads goes to standard error.
    """

    invocation: Invocation
    color: str = "auto"
    quiet: bool = False
    verbose: bool = False
    format: str = "text"
    output: Path | None = None
    aside: bool = False

    @property
    def machine_format(self) -> bool:
        """Whether stdout must hold nothing but one document."""
        return self.format != "text"

    @property
    def utf8(self) -> bool:
        """Whether standard output takes every character."""
        return sys.stdout.encoding.lower() in ("utf-8", "utf8")

    @property
    def interactive(self) -> bool:
        """Whether a person is there to answer."""
        return sys.stdin.isatty() and sys.stderr.isatty()

    @property
    def root(self) -> Path:
        """The project's folder (`--chdir`)."""
        return Path(self.invocation.root)

    @property
    def layout(self) -> "Layout":
        """How the result is laid out: for the terminal that it goes to, otherwise for a log."""
        return self._layout(sys.stderr if self.machine_format else sys.stdout)

    def path(self, given: Path | str) -> Path:
        """Return a path that the caller named; relative ones start at `--chdir`."""
        return self.root / given

    def result(self, text: str) -> None:
        """Print part of the result, made harmless, or write it to `--output`, which may end in a log as well."""
        if self.output is None:
            self._write(self._told, text + "\n")
        else:
            from blinkdecl.render.safe import safe

            self.save(self.output, f"{safe(text)}\n")

    def rendered(self, text: str) -> None:
        """Print a part of the result that a renderer made, painted, or write it to `--output`, plain."""
        if self.output is None:
            self._write(self._told, text + "\n", marked=True)
        else:
            from blinkdecl.render.text.marks import plain, safe_but_marks

            self.result(plain(safe_but_marks(text)))

    def show(self, view: View, text: Callable[[View], str]) -> None:
        """Print the result: one document in the requested machine format, or for a person what `text` renders."""
        if self.machine_format:
            self.show_document(view)
        else:
            self.rendered(text(view))

    def show_document(self, view: View) -> None:
        """Print the one document, where a person gets the same as text."""
        from blinkdecl.render.formats import document

        text = document(view, self.format, self.context())
        if self.format == "github":
            self._annotate(text)
        else:
            self.result(text)

    def context(self) -> "Context":
        """Return what a document is of, and what it is for."""
        from datetime import UTC, datetime

        from blinkdecl.cli.ci import commit_of, file_links, folder_of, is_job_summary
        from blinkdecl.render.formats import Context

        called, output = self.invocation, self.output and self.path(self.output)
        return Context(
            ascii_only=self.output is None and not self.utf8,
            program=called.command_line(),
            environment=called.environment,
            command="plan" if called.command == "show" else called.command,  # it prints what the plan's would have
            folder=folder_of(self.root, called.environ),
            links=file_links(called.environ),
            summary=is_job_summary(output, called.environ),
            commit=commit_of(called.environ),
            at=datetime.now(UTC).isoformat(timespec="minutes").replace("+00:00", "Z"),
        )

    def _annotate(self, text: str) -> None:
        """Print commands to GitHub's runner, the only ones that leave as such; nothing where there are none."""
        from blinkdecl.render.ci.github import safe_but_annotations

        text = f"{safe_but_annotations(text)}\n" if text else ""
        if self.output is None:
            self._write(self._told, text, harmless=True)
        else:
            self.save(self.output, text)

    def save(self, file: Path, text: str, *, mode: int = 0o644) -> None:
        """Write a file that the caller asked for; `-` is standard output. Raises a `Failure` (``unwritable``)."""
        if str(file) == "-":
            self._write(sys.stdout, text)
        elif self._is_summary(file):
            append_file(self.path(file), text, name=file)
        else:
            write_file(self.path(file), text, root=self.root, name=file, mode=mode)

    @contextmanager
    def saving(self, file: Path) -> Iterator[Callable[[str], None]]:
        """Yield what adds to a file for its owner alone, which is there when the context ends, or not at all.

        `-` is standard output, which has each part at once. Raises a `Failure` (``unwritable``).
        """
        if str(file) == "-":
            yield partial(self._write, sys.stdout)
        else:
            with growing_file(self.path(file), root=self.root, name=file, mode=0o600) as add:
                yield add

    def _is_summary(self, file: Path) -> bool:
        """Whether several commands of one job's step have their results in a file, each below the other."""
        from blinkdecl.cli.ci import is_job_summary

        return is_job_summary(self.path(file), self.invocation.environ)

    @property
    def _told(self) -> TextIO:
        """Where a person reads the result."""
        return sys.stderr if self.aside else sys.stdout

    def progress(self, text: str, *, essential: bool = False) -> None:
        """Print what is being done, as rendered: on stdout for a person, on stderr beside a document or a file.

        `essential` = a person who asked for quiet needs it all the same.
        """
        if not self.quiet or (essential and not self.machine_format):
            self._write(sys.stderr if self.machine_format or self.output else self._told, text + "\n", marked=True)

    def say(self, text: str) -> None:
        """Print a message of one line, that is not part of the result; newlines at its end are kept."""
        if not self.quiet:
            from blinkdecl.render.safe import one_line
            from blinkdecl.render.text.layout import pasteable

            told = text.rstrip("\n")
            line = one_line(pasteable(told, self._layout(sys.stderr)))
            self._write(sys.stderr, line + text[len(told) :] + "\n")

    def ask(self, question: str) -> str:
        """Return what a person answers to a question that may have several lines."""
        self._write(sys.stderr, question)
        answer = sys.stdin.readline()
        if not answer.endswith("\n"):  # Ctrl-D leaves the cursor beside the question
            self._write(sys.stderr, "\n")
        return answer.strip()

    @property
    def names_next(self) -> bool:
        """Whether a person is told the next step; a pipeline has its own."""
        there = self.quiet or self.output or self.aside or self.invocation.environ.get("CI")
        return not (self.machine_format or there)

    def next_step(self, *commands: str) -> None:
        """Name the next step for a person."""
        if self.names_next:
            self._write(sys.stdout, "\nNext: " + ", ".join(f"`{each}`" for each in commands) + "\n")

    def problems(self, diagnostics: Sequence[Diagnostic], *, count: bool = False) -> None:
        """Print diagnostics on stderr; `count` adds the line that counts them."""
        from blinkdecl.render.text.diagnostics import count_text, diagnostics_text
        from blinkdecl.render.view.parts import diagnostics_view

        if diagnostics:
            view = diagnostics_view(diagnostics)
            text = diagnostics_text(view, self._layout(sys.stderr)) + "\n"
            self._write(sys.stderr, f"{text}\n{count_text(view)}\n" if count else text, marked=True)

    def refused(self, diagnostics: Sequence[Diagnostic]) -> None:
        """Print on stderr why a run does not end with 0, beside a document that a program reads; GitHub shows both."""
        if self.machine_format and (self.format != "github" or self.output is not None):
            self.problems([each for each in diagnostics if each.severity == "error"])

    def warn(self, *problems: Diagnostic) -> None:
        """Print on stderr what went wrong beside the result, which does not change the exit code."""
        self.problems([replace(each, severity="warning") for each in problems])

    @contextmanager
    def warning(self) -> Iterator[None]:
        """Do within the context what a run that is done leaves to be tidied up: a `Failure` becomes a warning."""
        try:
            yield
        except Failure as failure:
            self.warn(*failure.diagnostics)

    def complain(self, render: "Callable[[Layout], str]") -> None:
        """Print problems on stderr that a renderer makes a text of."""
        self._write(sys.stderr, render(self._layout(sys.stderr)) + "\n", marked=True)

    def _layout(self, stream: TextIO) -> "Layout":
        from blinkdecl.render.text.layout import Layout

        program = self.invocation.command_line()
        if self.output is not None or not stream.isatty():
            return Layout(program=program)
        width = columns(stream, self.invocation.environ)
        return Layout(width, width - _BESIDE_SOURCE, program)

    def _write(self, stream: TextIO, text: str, *, marked: bool = False, harmless: bool = False) -> None:
        """Write a text, made harmless; `marked` = a renderer's, whose marks become colours where these are wanted.

        `harmless` = it was made so.
        """
        from blinkdecl.render.safe import safe

        if not harmless:
            text = self._painted(stream, text) if marked else safe(text)
        try:
            stream.write(text)
            stream.flush()
        except UnicodeEncodeError:
            stream.write(text.encode(stream.encoding, "backslashreplace").decode(stream.encoding))
            stream.flush()
        except OSError as problem:
            # Discard what is still buffered: a second failure when the interpreter ends would hide this one.
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
            # A reader that has left wants no more output, and the exit code stays; a full disk is an error.
            if stream is sys.stdout and not isinstance(problem, BrokenPipeError):
                raise error("unwritable", f"standard output cannot be written: {problem.strerror}") from None

    def _painted(self, stream: TextIO, text: str) -> str:
        from blinkdecl.render.terminal import paint, use_colour
        from blinkdecl.render.text.marks import safe_and_plain, safe_but_marks

        coloured = use_colour(self.color, self.invocation.environ, is_terminal=stream.isatty())
        return paint(safe_but_marks(text)) if coloured else safe_and_plain(text)


def plan_key(session: Session) -> str | None:
    """Return the operator's key for saved plans, None where there is none."""
    return session.invocation.environ.get(PLAN_KEY)
