"""Options of a command that stand before its name, and options of other tools: what to write instead."""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass

import click

from blinkdecl.cli.habits import OPTIONS, Habit
from blinkdecl.cli.parsing import takes_value
from blinkdecl.cli.types import OneOf
from blinkdecl.config.document.masking import is_secret_key


@dataclass(frozen=True, slots=True)
class Typed:
    """An option that is not known: its name without dashes, its value if that was joined by ``=``, the next word."""

    name: str
    value: str | None
    following: str | None


def typed_line(words: Sequence[str]) -> str:
    """Return words as a command line, for a message: what may be a secret among them is masked."""
    told: list[str] = []
    hidden = False
    for word in words:
        masked = "***" if hidden and not word.startswith("-") else masked_word(word)
        told.append(shlex.quote(word) if masked == word else masked)
        hidden = word.startswith("-") and "=" not in word and is_secret_key(word.strip("-"))
    return " ".join(told)


def masked_word(word: str) -> str:
    """Return a word as it was typed, the value of a name that may be a secret's masked: ``--var=api_key=***``."""
    name, equals, value = word.partition("=")
    if not equals:
        return word
    return f"{name}=***" if is_secret_key(name.strip("-")) else f"{name}={masked_word(value)}"


def read_option(typed: str, words: Sequence[str]) -> Typed:
    """Return what is known of an option as it was typed among `words`."""
    word, equals, value = typed.partition("=")
    at = words.index(typed) + 1 if typed in words else len(words)
    following = words[at] if at < len(words) and not words[at].startswith("-") else None
    return Typed(word.lstrip("-"), value if equals else None, following)


def options_of(ctx: click.Context) -> dict[str, click.Option]:
    """Return the options of a command by each of their names."""
    params = ctx.command.get_params(ctx)
    return {name: each for each in params if isinstance(each, click.Option) for name in each.opts}


def ours_for(ctx: click.Context, typed: Typed) -> Habit | None:
    """Return what to write in place of an option, with the value that was typed; None where nothing is known."""
    options = options_of(ctx)
    if (param := options.get(f"--{typed.name}")) is not None:  # with a single dash, as Terraform has it
        joined = "" if typed.value is None else f"={typed.value}"
        value = [typed.following or param.make_metavar(ctx)] if takes_value(param) and not joined else []
        return Habit(typed_line([f"--{typed.name}{joined}", *value]), "options have two dashes here")
    formats = options["--format"].type if "--format" in options else None
    if typed.name == "o" and isinstance(formats, OneOf) and (kind := typed.value or typed.following) in formats.choices:
        return Habit(f"--format {kind}")
    for habit in OPTIONS.get(typed.name, OPTIONS.get(typed.name.lower(), ())):
        *words, last = habit.ours.split(" ")
        if not habit.ours or words[:1] == ["blinkdecl"]:
            return habit
        if (words or [last])[0] in options:
            value = [(typed.value or typed.following or last) if last.isupper() else last]
            return Habit(typed_line([*words, *value]), habit.why)
    return None


def moved_line(ctx: click.Context, group: click.Group, words: Sequence[str]) -> str | None:
    """Return the command line with the options that stand before a command's name after it.

    None where no command of the group is named, or where one of the options is not the command's either.
    """
    own, rest = options_of(ctx), list(words)
    kept: list[str] = []
    strays: list[str] = []
    while rest and rest[0] not in group.list_commands(ctx):
        word = rest.pop(0)
        param = own.get(word.partition("=")[0]) if word.startswith("-") else None
        (strays if param is None else kept).append(word)
        if takes_value(param) and "=" not in word and rest:
            kept.append(rest.pop(0))
    called, path = ctx, []
    command: click.Command = group
    while isinstance(command, click.Group) and rest and (found := command.get_command(called, rest[0])) is not None:
        called, command = click.Context(found, info_name=rest[0], parent=called), found
        path.append(rest.pop(0))
    moved = _as_options(called, strays) if path else None
    return typed_line([*ctx.command_path.split(), *kept, *path, *rest, *moved]) if moved else None


def _as_options(ctx: click.Context, strays: Sequence[str]) -> list[str] | None:
    """Return the words as options of a command, None where the command does not have one of them."""
    options, rest = options_of(ctx), list(strays)
    written: list[str] = []
    while rest:
        word = rest.pop(0)
        param = options.get(word.partition("=")[0])
        if param is not None:
            written += [word, *([rest.pop(0)] if takes_value(param) and "=" not in word and rest else [])]
            continue
        ours = ours_for(ctx, read_option(word, [word, *rest])) if word.startswith("-") else None
        if ours is None or not ours.ours.startswith("-"):
            return None
        written += (taken := shlex.split(ours.ours))
        if rest and rest[0] == taken[-1]:
            rest.pop(0)
    return written
