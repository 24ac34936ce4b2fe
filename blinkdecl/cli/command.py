"""The decorator that makes commands of functions, and what becomes of their failures."""

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from blinkdecl.cli.app import CONTEXT, shared_options
from blinkdecl.cli.session import Session, refuse_project_file
from blinkdecl.diagnostics import Diagnostic, Failure, error, exit_code
from blinkdecl.model.invocation import Invocation
from blinkdecl.model.trust import trust_problem

_SHARED = ("chdir", "environment", "variables", "color", "quiet", "verbose")


class SessionCommand(click.Command):
    """A command whose function gets a `Session` first, and whose `Failure` becomes its output and exit code."""

    def invoke(self, ctx: click.Context) -> int:
        """Run the command and return its exit code."""
        session = _session(ctx)
        try:
            _check_output(session)
        except Failure as failure:  # reported on standard output: the file must not be touched
            return report(replace(session, output=None), failure.diagnostics)
        try:
            code: int = ctx.invoke(self.callback, session, **ctx.params)  # type: ignore[arg-type]  # click: never None here
        except Failure as failure:
            return report(session, failure.diagnostics)
        return code


def report(session: Session, diagnostics: Sequence[Diagnostic], code: int | None = None) -> int:
    """Report why nothing could be done, in the command's format, and return the exit code (`code` if it is known)."""
    code = exit_code(diagnostics) if code is None else code
    if session.machine_format:
        from blinkdecl.render.view.plan import failed_plan_view
        from blinkdecl.render.view.results import results_view

        if session.invocation.command in ("plan", "drift", "show"):
            session.show_document(failed_plan_view(diagnostics))
        else:
            session.show_document(results_view(session.invocation.command, code, diagnostics=diagnostics))
    session.problems(diagnostics, count=session.invocation.command == "validate")
    return code


def session_command(
    name: str,
    *parameters: click.Parameter,
    formats: Sequence[str] = (),
    **settings: Any,  # noqa: ANN401 - click's
) -> Callable[[Callable[..., int]], SessionCommand]:
    """Make a click command of a function that takes a `Session` and its options and returns the exit code.

    `formats` other than text add `--format` and `--output`. The function's docstring is the help.
    """

    def make(function: Callable[..., int]) -> SessionCommand:
        params = list(parameters)
        if formats:
            choice = click.Choice(["text", *formats])
            params.append(
                click.Option(["--format"], type=choice, default="text", show_default=True, help="Output format.")
            )
            params.append(
                click.Option(
                    ["--output"], metavar="FILE", type=click.Path(path_type=Path), help="Write the result to FILE."
                )
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
    """Build the session from the options before and after the command's name; those after it win."""
    outer = ctx.find_root().obj or {}
    given = {name: ctx.params.pop(name, None) or outer.get(name) for name in _SHARED}
    root = given["chdir"] or Path()
    if not _is_folder(root):
        raise click.BadParameter(f'"{root}" is not a folder', ctx=ctx, param_hint="--chdir")
    invocation = Invocation(
        command_name(ctx),
        str(root),
        given["environment"],
        _variables(ctx, (*outer.get("variables", ()), *(given["variables"] or ()))),
        os.environ,
        frozenset(name for each in ctx.command.params for name in each.opts),
    )
    if (problem := trust_problem(os.environ)) is not None:
        raise error("usage", problem[0], remedy=problem[1])
    return Session(
        invocation,
        color=given["color"] or "auto",
        quiet=bool(given["quiet"]),
        verbose=bool(given["verbose"]),
        format=ctx.params.pop("format", None) or "text",
        output=ctx.params.pop("output", None),
    )


def command_name(ctx: click.Context) -> str:
    """Return the command's full name, such as ``state list``."""
    names = []
    level: click.Context | None = ctx
    while level is not None and level.parent is not None:
        names.append(level.info_name or "")
        level = level.parent
    return " ".join(reversed(names))


def _check_output(session: Session) -> None:
    """Refuse an `--output` that cannot be written before anything is done."""
    if session.output is None:
        return
    path = session.path(session.output)
    refuse_project_file(path, root=session.root, name=session.output)
    if path.is_dir() or not os.access(path.parent, os.W_OK):
        raise error("unwritable", f"{session.output} cannot be written", remedy="name a file in a folder that exists")


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # the name is too long, or a folder above it may not be entered
        return False


def _variables(ctx: click.Context, pairs: Sequence[str]) -> dict[str, str]:
    found = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name:
            raise click.BadParameter(f'"{pair}" is not NAME=VALUE', ctx=ctx, param_hint="--var")
        found[name] = value
    return found
