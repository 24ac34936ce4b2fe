"""One call of a command: the session that its options make, its files, and what becomes of its failures."""

import os
import shlex
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import click

from blinkdecl.cli.app import SHARED
from blinkdecl.cli.files import check_files
from blinkdecl.cli.parsing import BadValue
from blinkdecl.cli.session import Session
from blinkdecl.cli.types import shown
from blinkdecl.diagnostics import Diagnostic, Failure, error, exit_code
from blinkdecl.model.invocation import Invocation
from blinkdecl.model.trust import trust_problem


def call(ctx: click.Context, params: Sequence[click.Parameter], load: Callable[[], Callable[..., int]]) -> int:
    """Do the work of a command, which `load` imports, with the values of its parameters; returns the exit code.

    Raises a `click.UsageError`, or a `Failure` (``usage``) for the environment.
    """
    session = _session(ctx)
    try:
        session = check_files(session, params, ctx.params)
    except Failure as failure:  # reported on standard output: the file must not be touched
        return report(replace(session, output=None), failure.diagnostics)
    try:
        return load()(session, **ctx.params)
    except Failure as failure:
        return report(session, failure.diagnostics)


def report(session: Session, diagnostics: Sequence[Diagnostic], code: int | None = None) -> int:
    """Report why nothing could be done, in the command's format, and return the exit code (`code` if it is known)."""
    code = exit_code(diagnostics) if code is None else code
    if session.machine_format:
        from blinkdecl.render.view.plan import failed_plan_view
        from blinkdecl.render.view.results import results_view

        if session.invocation.command in ("plan", "drift", "show"):
            session.show_document(failed_plan_view(diagnostics, environment=session.invocation.environment))
        else:
            session.show_document(results_view(session.invocation.command, code, diagnostics=diagnostics))
    session.problems(diagnostics, count=session.invocation.command == "validate")
    return code


def _session(ctx: click.Context) -> Session:
    """Build the session from the options before and after the command's name; those after it win."""
    outer = ctx.find_root().obj or {}
    given = {name: ctx.params.pop(name, None) or outer.get(name) for name in SHARED}
    root = given["chdir"] or Path()
    if not _is(Path.is_dir, root):
        remedy = "it names the folder of a project, and there is no such folder"
        if _is(Path.is_file, root):
            remedy = f"it names the folder of a project: `-C {shlex.quote(str(root.parent))}`"
        raise BadValue(f'--chdir: "{root}" is not a folder', remedy, ctx=ctx)
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
        output=ctx.params.get("output"),
    )


def command_name(ctx: click.Context) -> str:
    """Return the command's full name, such as ``state list``."""
    names = []
    level: click.Context | None = ctx
    while level is not None and level.parent is not None:
        names.append(level.info_name or "")
        level = level.parent
    return " ".join(reversed(names))


def _is(asked: Callable[[Path], bool], path: Path) -> bool:
    try:
        return asked(path)
    except OSError:  # the name is too long, or a folder above it may not be entered
        return False


def _variables(ctx: click.Context, pairs: Sequence[str]) -> dict[str, str]:
    found = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name:
            problem = BadValue(f"{shown(pair)} is not NAME=VALUE", "for example `--var region=eu`", ctx=ctx)
            problem.param_hint = "--var"
            raise problem
        found[name] = value
    return found
