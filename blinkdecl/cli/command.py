"""What a command is before it is called: its options and its help. Imports click alone.

Whoever asks for help, or completes an option, waits for nothing that the command works with.
"""

from collections.abc import Callable, Sequence
from typing import Any

import click

from blinkdecl.cli.app import CONTEXT, GLOBAL_OPTIONS, SHARED, shared_options
from blinkdecl.cli.parsing import UnexpectedWords, WideContext, as_typed, write_examples, write_options
from blinkdecl.cli.types import OneOf, OutputFile

# What does a command's work: it takes a `Session`, then the values of the parameters by their names, and returns the
# exit code. A `Failure` that it raises becomes the command's output and exit code.
Work = Callable[..., int]
# The last line of the help of a command that works on no project.
_ELSEWHERE = "Global options, of which --color, -q and -v count here: `blinkdecl --help`"


class SessionCommand(click.Command):
    """A command that imports what does its work (`load` returns it) when it is called."""

    context_class = WideContext
    allow_extra_args = True  # refused below, in words of ours

    def __init__(
        self,
        name: str,
        load: Callable[[], Work],
        examples: Sequence[str] = (),
        **settings: Any,  # noqa: ANN401 - click's
    ) -> None:
        super().__init__(name, context_settings=dict(CONTEXT), **settings)
        self.load, self.examples = load, tuple(examples)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the words after the command's name; raises a `click.UsageError`."""
        with as_typed(ctx, args):
            rest = super().parse_args(ctx, args)
        if rest and not ctx.resilient_parsing:
            raise UnexpectedWords(rest, ctx)
        return rest

    def invoke(self, ctx: click.Context) -> int:
        """Run the command and return its exit code."""
        from blinkdecl.cli.call import call  # help and completion never come here

        return call(ctx, self.params, self.load)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options of the command itself."""
        write_options(ctx, formatter, SHARED)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples, and where the options are that every command takes."""
        del ctx
        project = any(each.name == "chdir" for each in self.params)
        write_examples(formatter, self.examples, GLOBAL_OPTIONS if project else _ELSEWHERE)


def session_command(
    name: str,
    *parameters: click.Parameter,
    formats: Sequence[str] = (),
    project: bool = True,
    yaml: bool = False,
    **settings: Any,  # noqa: ANN401 - click's
) -> Callable[[Callable[[], Work]], SessionCommand]:
    """Make a click command of a function that imports and returns what does the work.

    `formats` other than text add `--format` and `--output`; `project` = it works on a project, so that folder,
    environment and variables mean something to it; `yaml` = its result may be a new YAML file; `examples` are command
    lines for its help, whose text is the function's docstring.
    """

    def make(load: Callable[[], Work]) -> SessionCommand:
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
            load,
            params=[*params, *shared_options(project=project)],
            help=load.__doc__,
            **settings,
        )

    return make
