"""The command group, its lazily imported commands, and the options that every command takes."""

from collections.abc import Mapping, Sequence
from importlib import import_module
from keyword import iskeyword
from pathlib import Path
from types import MappingProxyType
from typing import Any

import click
from click.shell_completion import CompletionItem

from blinkdecl import __version__
from blinkdecl.cli.complete import complete
from blinkdecl.cli.parsing import UnknownCommand, WideContext, as_typed, write_examples, write_options
from blinkdecl.cli.types import OneOf

# The commands in the order of a person's first day, with the line that `--help` shows. A command `NAME` is the object
# `command` in the module `blinkdecl.cli.commands.NAME` (`NAME_` where Python keeps the name for itself).
COMMANDS: Mapping[str, str] = MappingProxyType(
    {
        "init": "Write a first configuration",
        "validate": "Check the configuration; needs no network and no secret",
        "fmt": "Lay the configuration's files out alike, comments kept",
        "plan": "Show what apply would do",
        "show": "Show a saved plan, or the recorded state",
        "apply": "Make the live destinations match what is declared, and prove them",
        "confirm": "Prove and record what was done by hand in Panther's console",
        "import": "Take live destinations over: into the state, or as YAML",
        "destroy": "Remove every destination that is managed here",
        "drift": "Show what was changed outside blinkdecl",
        "observe": "Show what really became of alerts, against what is declared",
        "test": "Send a test alert to each destination",
        "route": "Say which destinations an alert reaches",
        "coverage": "Print who receives what, and which coverage rules hold",
        "report": "Write a page: who receives what, what changes, what was proved",
        "dispatch": "Send a real alert to destinations by hand",
        "state": "Inspect or repair the recorded state",
        "stacks": "List the projects of a repository, or those that a change touches",
        "schema": "Print a JSON Schema",
        "sandbox": "Serve a Panther and a Blink to try things out, on this machine",
        "demo": "Walk through the whole job against a sandbox",
        "completion": "Print the completion script for a shell",
        "help": "Explain an error code, a command or a topic",
    }
)

CONTEXT: Mapping[str, Any] = MappingProxyType({"help_option_names": ["-h", "--help"]})


# The names of the options that every command takes, as they are kept.
SHARED = frozenset(("chdir", "environment", "variables", "color", "quiet", "verbose"))
# The last line of a command's help.
GLOBAL_OPTIONS = "Global options, such as -C, --env and --var: `blinkdecl --help`"


def shared_options(*, project: bool = True) -> list[click.Parameter]:
    """Return the options that may come before or after the command's name.

    `project` = with those that choose a project, which not every command works on.
    """
    chosen: list[click.Parameter] = [
        click.Option(["-C", "--chdir"], metavar="DIR", type=click.Path(path_type=Path), help="Work in this folder."),
        click.Option(
            ["--env", "environment"],
            metavar="NAME",
            shell_complete=complete("environments"),
            help="Use environments/NAME.yaml and its own state.",
        ),
        click.Option(
            ["--var", "variables"],
            metavar="NAME=VALUE",
            multiple=True,
            shell_complete=complete("variables"),
            help="Set a variable; repeatable.",
        ),
    ]
    return [
        *(chosen if project else []),
        click.Option(["--color"], type=OneOf(["auto", "always", "never"]), help="When to use colour."),
        click.Option(["-q", "--quiet"], is_flag=True, help="Print results and errors only."),
        click.Option(["-v", "--verbose"], is_flag=True, help="Print more."),
    ]


class LazyGroup(click.Group):
    """A group that knows its commands' names and imports the one that is called."""

    context_class = WideContext

    def __init__(
        self,
        package: str,
        commands: Mapping[str, str],
        examples: Sequence[str] = (),
        **settings: Any,  # noqa: ANN401 - click's
    ) -> None:
        super().__init__(context_settings=dict(CONTEXT), **settings)
        self._package, self._summaries, self.examples = package, commands, tuple(examples)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the options before the command's name."""
        with as_typed(ctx, args):
            return super().parse_args(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of the table."""
        del ctx
        return list(self._summaries)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return a command."""
        del ctx
        if cmd_name not in self._summaries:
            return None
        module = f"{cmd_name}_" if iskeyword(cmd_name) else cmd_name
        command: click.Command = import_module(f"{self._package}.{module}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that is called and its arguments; raises `UnknownCommand`."""
        if args[0] not in self._summaries and not ctx.resilient_parsing:
            if args[0].startswith("-"):  # as click does: what looks like an option is taken for one, even after "--"
                self.parse_args(ctx, args)
            raise UnknownCommand(args[0], self.list_commands(ctx), ctx)
        return super().resolve_command(ctx, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Complete a command's name from the table; click's own way imports every command that fits."""
        names = [name for name in self._summaries if name.startswith(incomplete)]
        found = [CompletionItem(name, help=self._summaries[name]) for name in names]
        return found + click.Command.shell_complete(self, ctx, incomplete)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the table of commands without importing one."""
        with formatter.section("Commands"):
            formatter.write_dl(list(self._summaries.items()))

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, of a group within the group its own alone, and the table of commands."""
        write_options(ctx, formatter, frozenset() if self.name == "blinkdecl" else SHARED)
        self.format_commands(ctx, formatter)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples, and where the rest is explained."""
        del ctx
        write_examples(formatter, self.examples, self.epilog or GLOBAL_OPTIONS)


def _remember(ctx: click.Context, **shared: object) -> None:
    """Keep the options that came before the command's name for the command."""
    ctx.obj = shared


cli = LazyGroup(
    "blinkdecl.cli.commands",
    COMMANDS,
    name="blinkdecl",
    help="Panther alert destinations of type Blink Ops, and the Blink triggers they start, as code.",
    examples=(
        "blinkdecl init",
        "blinkdecl plan --out plan.json",
        "blinkdecl apply plan.json",
        "blinkdecl -C alerts --env prod drift",
    ),
    epilog="The options above may come before or after the command's name. `blinkdecl help CODE` explains the [code] "
    "at the end of an error.",
    params=shared_options(),
    callback=click.pass_context(_remember),
)
click.version_option(__version__, prog_name="blinkdecl", message="%(prog)s %(version)s")(cli)
