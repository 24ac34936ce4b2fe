"""What every command has at hand: its folder, its options, its way to speak. And the decorator that makes commands.

stdout   the result: text, or exactly one JSON document
stderr   diagnostics, prompts, progress; never a part of the result
"""

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

import click

from blinkdecl.cli.group import CONTEXT, shared_options
from blinkdecl.diagnostics import Diagnostic, Failure, error, exit_code

View = dict[str, Any]

_SHARED = ("chdir", "environment", "variables", "color", "quiet", "verbose")


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
        """Print the one JSON document."""
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
        except BrokenPipeError:
            # The reader has left: say nothing more, and keep the exit code.
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        except UnicodeEncodeError:
            stream.write(text.encode(stream.encoding, "backslashreplace").decode(stream.encoding))
            stream.flush()


class SessionCommand(click.Command):
    """A command whose function gets a `Session` first, and whose `Failure` becomes its output and exit code."""

    def invoke(self, ctx: click.Context) -> int:
        """Run the command and return its exit code."""
        session = _session(ctx)
        try:
            code: int = ctx.invoke(self.callback, session, **ctx.params)  # type: ignore[arg-type]
        except Failure as failure:
            return report(session, failure.diagnostics)
        return code


def report(session: Session, diagnostics: Sequence[Diagnostic]) -> int:
    """Tell why nothing could be done, in the command's format, and return the exit code."""
    code = exit_code(diagnostics)
    if session.machine:
        from blinkdecl.render.view import failed_plan_view, results_view

        if session.command in ("plan", "drift", "show"):
            session.document(failed_plan_view(diagnostics))
        else:
            session.document(results_view(session.command, code, diagnostics=diagnostics))
    session.problems(diagnostics, count=session.command == "validate")
    return code


def session_command(
    name: str,
    *parameters: click.Parameter,
    formats: Sequence[str] = (),
    **settings: Any,  # noqa: ANN401 - click's
) -> Callable[[Callable[..., int]], SessionCommand]:
    """Make a click command of a function that takes a `Session` and its options and returns the exit code.

    `formats` besides text add `--format` and `--output`. The function's docstring is the help.
    """

    def make(function: Callable[..., int]) -> SessionCommand:
        params = list(parameters)
        if formats:
            choice = click.Choice(["text", *formats])
            params.append(
                click.Option(["--format"], type=choice, default="text", show_default=True, help="How to print.")
            )
            params.append(
                click.Option(["--output"], metavar="FILE", type=click.Path(path_type=Path), help="Write it to a file.")
            )
        return SessionCommand(
            name,
            callback=function,
            params=[*params, *shared_options()],
            help=function.__doc__,
            context_settings=dict(CONTEXT),
            **settings,
        )

    return make


def _session(ctx: click.Context) -> Session:
    """Build the session from the options before and behind the command's name; those behind it win."""
    outer = ctx.find_root().obj or {}
    given = {name: ctx.params.pop(name, None) or outer.get(name) for name in _SHARED}
    names = []
    level: click.Context | None = ctx
    while level is not None and level.parent is not None:
        names.append(level.info_name or "")
        level = level.parent
    root = given["chdir"] or Path()
    if not root.is_dir():
        raise click.BadParameter(f'"{root}" is not a folder', ctx=ctx, param_hint="--chdir")
    return Session(
        command=" ".join(reversed(names)),
        root=root,
        environment=given["environment"],
        variables=_variables(ctx, (*outer.get("variables", ()), *(given["variables"] or ()))),
        color=given["color"] or "auto",
        quiet=bool(given["quiet"]),
        verbose=bool(given["verbose"]),
        format=ctx.params.pop("format", None) or "text",
        output=ctx.params.pop("output", None),
    )


def _variables(ctx: click.Context, pairs: Sequence[str]) -> dict[str, str]:
    found = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name:
            raise click.BadParameter(f'"{pair}" is not NAME=VALUE', ctx=ctx, param_hint="--var")
        found[name] = value
    return found
