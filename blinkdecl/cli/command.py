"""The decorator that makes commands of functions, and what becomes of their failures."""

import os
import shlex
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from blinkdecl.cli.app import CONTEXT, GLOBAL_OPTIONS, SHARED, shared_options
from blinkdecl.cli.files import check_files
from blinkdecl.cli.parsing import BadValue, UnexpectedWords, WideContext, as_typed, write_examples, write_options
from blinkdecl.cli.session import Session
from blinkdecl.cli.types import OneOf, OutputFile, shown
from blinkdecl.diagnostics import Diagnostic, Failure, error, exit_code
from blinkdecl.model.invocation import Invocation
from blinkdecl.model.trust import trust_problem

# The last line of the help of a command that works on no project.
_ELSEWHERE = "Global options, of which --color, -q and -v count here: `blinkdecl --help`"


class SessionCommand(click.Command):
    """A command whose function gets a `Session` first, and whose `Failure` becomes its output and exit code."""

    context_class = WideContext
    allow_extra_args = True  # refused below, in words of ours

    def __init__(self, *arguments: Any, examples: Sequence[str] = (), **settings: Any) -> None:  # noqa: ANN401 - click's
        super().__init__(*arguments, **settings)
        self.examples = tuple(examples)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the words after the command's name; raises a `click.UsageError`."""
        with as_typed(ctx, args):
            rest = super().parse_args(ctx, args)
        if rest and not ctx.resilient_parsing:
            raise UnexpectedWords(rest, ctx)
        return rest

    def invoke(self, ctx: click.Context) -> int:
        """Run the command and return its exit code."""
        session = _session(ctx)
        try:
            session = check_files(session, self.params, ctx.params)
        except Failure as failure:  # reported on standard output: the file must not be touched
            return report(replace(session, output=None), failure.diagnostics)
        try:
            code: int = ctx.invoke(self.callback, session, **ctx.params)  # type: ignore[arg-type]  # click: never None here
        except Failure as failure:
            return report(session, failure.diagnostics)
        return code

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options of the command itself."""
        write_options(ctx, formatter, SHARED)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples, and where the options are that every command takes."""
        del ctx
        project = any(each.name == "chdir" for each in self.params)
        write_examples(formatter, self.examples, GLOBAL_OPTIONS if project else _ELSEWHERE)


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


def session_command(
    name: str,
    *parameters: click.Parameter,
    formats: Sequence[str] = (),
    project: bool = True,
    yaml: bool = False,
    **settings: Any,  # noqa: ANN401 - click's
) -> Callable[[Callable[..., int]], SessionCommand]:
    """Make a click command of a function that takes a `Session` and its options and returns the exit code.

    `formats` other than text add `--format` and `--output`; `project` = it works on a project, so that folder,
    environment and variables mean something to it; `yaml` = its result may be a new YAML file; `examples` are command
    lines for its help, whose text is the function's docstring.
    """

    def make(function: Callable[..., int]) -> SessionCommand:
        params = list(parameters)
        if formats:
            kinds = OneOf(["text", *formats])
            params.append(
                click.Option(["--format"], type=kinds, default="text", show_default=True, help="Output format.")
            )
            params.append(
                click.Option(
                    ["--output"],
                    metavar="FILE",
                    type=OutputFile(yaml=yaml),
                    help="Write the result to FILE.",
                )
            )
        return SessionCommand(
            name,
            callback=function,
            params=[*params, *shared_options(project=project)],
            help=function.__doc__,
            context_settings=dict(CONTEXT),
            **settings,
        )

    return make


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
