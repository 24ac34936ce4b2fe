"""The two halves of each command: the options that it has, and what its work takes."""

import inspect
from collections.abc import Callable, Iterator
from typing import get_args

import click
import pytest

from blinkdecl.cli.app import SHARED, cli
from blinkdecl.cli.command import SessionCommand
from blinkdecl.cli.commands.sandbox.serve import command as serve
from blinkdecl.cli.option_help import commands_below

# They make the session, and never reach the work.
OF_THE_SESSION = SHARED | {"format", "output"}


def commands() -> Iterator[SessionCommand]:
    """Yield every command that works; that of `sandbox` is what it is when called alone."""
    yield serve
    for context in commands_below(click.Context(cli, info_name="blinkdecl")):
        if isinstance(context.command, SessionCommand):
            yield context.command


def taken(work: Callable[..., int]) -> Iterator[str]:
    """Yield the names that a work takes, those behind its `**` by the keys of their TypedDict."""
    for name, parameter in inspect.signature(work).parameters.items():
        if parameter.kind is inspect.Parameter.VAR_KEYWORD:
            [keys] = get_args(parameter.annotation)
            yield from inspect.get_annotations(keys)
        elif name != "session":
            yield name


@pytest.mark.parametrize("command", [*commands()], ids=lambda each: each.name)
def test_the_work_takes_what_the_options_give(command: SessionCommand) -> None:
    """One without the other would only be noticed by whoever types the command."""
    given = {str(each.name) for each in command.params} - OF_THE_SESSION
    assert {*taken(command.load())} - OF_THE_SESSION == given
