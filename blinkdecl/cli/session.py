"""What every command has at hand: its folder, its options, its way to speak.

stdout   the result: text, or exactly one JSON document
stderr   diagnostics, prompts, progress; never a part of the result
"""

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

from blinkdecl.diagnostics import Diagnostic, error

View = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Session:
    """One call of one command."""

    command: str
    root: Path = Path()
    environment: str | None = None
    variables: Mapping[str, str] = field(default_factory=dict)
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)
    color: str = "auto"
    quiet: bool = False
    verbose: bool = False
    format: str = "text"
    output: Path | None = None

    @property
    def machine(self) -> bool:
        """Whether stdout must hold nothing but one document."""
        return self.format != "text"

    @property
    def interactive(self) -> bool:
        """Whether a person is there to answer."""
        return sys.stdin.isatty() and sys.stderr.isatty()

    def path(self, given: Path | str) -> Path:
        """Return a path that the caller named; relative ones start at `--chdir`."""
        return self.root / given

    def result(self, text: str) -> None:
        """Print a part of the result, or write it to `--output`."""
        if self.output is None:
            self._write(sys.stdout, text + "\n", coloured=not self.machine)
            return
        from blinkdecl.files import write_atomically

        try:
            write_atomically(self.path(self.output), f"{text}\n".encode(), mode=0o644)
        except OSError as problem:
            raise error("unwritable", f"{self.output} cannot be written: {problem.strerror}") from None

    def document(self, view: View) -> None:
        """Print the one document, in the format that was asked for."""
        match self.format:
            case "junit":
                from blinkdecl.render.junit_text import junit_text

                self.result(junit_text(view))
            case "html":
                from blinkdecl.render.coverage_html import coverage_html

                self.result(coverage_html(view))
            case "markdown":
                from blinkdecl.render.plan_markdown import plan_markdown

                self.result(plan_markdown(view))
            case _:
                self._json(view)

    def _json(self, view: View) -> None:
        from blinkdecl.render.json_text import to_json

        encoding = "utf-8" if self.output is not None else sys.stdout.encoding
        self.result(to_json(view, ascii_only=encoding.lower() not in ("utf-8", "utf8")).rstrip("\n"))

    def progress(self, text: str) -> None:
        """Print what is being done: on stdout for a person, on stderr beside a document."""
        if not self.quiet:
            self._write(sys.stderr if self.machine or self.output else sys.stdout, text + "\n")

    def say(self, text: str) -> None:
        """Print a message that is no part of the result."""
        if not self.quiet:
            self._write(sys.stderr, text + "\n")

    def called(self, *words: str) -> str:
        """Return a command for the same project, environment and variables, to be pasted as it is."""
        from blinkdecl.state.invocation import Invocation

        chosen = [word for name, value in self.variables.items() for word in ("--var", f"{name}={value}")]
        return Invocation(self.root, self.environment).command(*chosen, *words)

    def next_step(self, *commands: str) -> None:
        """Name the next step for a person; a pipeline has its own."""
        if not (self.machine or self.quiet or self.output or self.environ.get("CI")):
            self._write(sys.stdout, "\nNext: " + ", ".join(f"`{each}`" for each in commands) + "\n")

    def problems(self, diagnostics: Sequence[Diagnostic], *, count: bool = False) -> None:
        """Print diagnostics on stderr; `count` adds the line that counts them."""
        from blinkdecl.render.diagnostics_text import count_text, diagnostics_text
        from blinkdecl.render.view_parts import diagnostics_view

        if diagnostics:
            view = diagnostics_view(diagnostics)
            text = diagnostics_text(view) + "\n"
            self._write(sys.stderr, f"{text}\n{count_text(view)}\n" if count else text)

    def _write(self, stream: TextIO, text: str, *, coloured: bool = True) -> None:
        from blinkdecl.render.safe import safe

        text = safe(text)
        if coloured:
            from blinkdecl.render.terminal import paint, use_colour

            if use_colour(self.color, self.environ, is_terminal=stream.isatty()):
                text = paint(text)
        try:
            stream.write(text)
            stream.flush()
        except UnicodeEncodeError:
            stream.write(text.encode(stream.encoding, "backslashreplace").decode(stream.encoding))
            stream.flush()
        except OSError as problem:
            # Whatever is still buffered goes nowhere: a second failure at the interpreter's end would hide this one.
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
            # A reader that has left wants to hear no more, and the exit code stays; a full disk is an error.
            if stream is sys.stdout and not isinstance(problem, BrokenPipeError):
                raise error("unwritable", f"standard output cannot be written: {problem.strerror}") from None


def refuse_project_file(path: Path) -> None:
    """Raise a `Failure` (``unwritable``) for a path that a result must not replace: YAML, or what blinkdecl keeps."""
    if path.suffix in (".yaml", ".yml") or ".blinkdecl" in path.parts:
        way_out = "name another file, e.g. plan.json"
        raise error("unwritable", f"{path.name} is a part of the project and is not overwritten", way_out=way_out)
