"""A command line that cannot be understood, in our words: what was typed, and what to type instead."""

from pathlib import Path

import click

from blinkdecl.cli.habits import COMMANDS
from blinkdecl.cli.misplaced import masked_word, moved_line, options_of, ours_for, read_option, typed_line
from blinkdecl.cli.parsing import BadValue, UnexpectedWords, UnknownCommand, UnknownOption, takes_value
from blinkdecl.config.document.schema_errors import quoted
from blinkdecl.diagnostics import Diagnostic, closest, did_you_mean
from blinkdecl.model.resource import is_address


def usage_diagnostic(problem: click.UsageError) -> Diagnostic:
    """Return the usage error, with what was probably meant."""
    match problem:
        case UnknownOption():
            summary, remedy = f"no such option {_quoted(problem.typed)}", _option_remedy(problem)
        case UnknownCommand():
            summary, remedy = f"no such command {_quoted(problem.word)}", _command_remedy(problem)
        case UnexpectedWords():
            summary, remedy = f"unexpected {_quoted(problem.words[0])}", _unexpected_remedy(problem)
        case click.BadOptionUsage():
            summary, remedy = _misused(problem)
        case click.MissingParameter():
            summary, remedy = _missing(problem)
        case click.BadParameter():
            where = problem.param_hint or (_name_of(problem.param) if problem.param is not None else "")
            summary = f"{where}: {problem.message}" if where else problem.message
            remedy = problem.remedy if isinstance(problem, BadValue) else ""
        case _:
            told = problem.format_message().rstrip(".")
            summary, remedy = told[:1].lower() + told[1:], ""
    return Diagnostic("usage", summary, notes=(("help", remedy or _look_it_up(problem.ctx)),))


def _quoted(word: str) -> str:
    """Return a word as it was typed, with escapes for what no terminal and no JSON can carry, a secret masked."""
    return quoted(repr(masked_word(word))[1:-1])


def habit_of(word: str, group: str) -> str:
    """Return what to write in place of another tool's command, "" where nothing is known; `group` = below which."""
    habit = COMMANDS.get(group, {}).get(word.lower())
    return "" if habit is None else " ".join(filter(None, (habit.ours and f"`{habit.ours}`", habit.why)))


def _look_it_up(ctx: click.Context | None) -> str:
    return f"`{ctx.command_path if ctx else 'blinkdecl'} --help` lists what is available"


def _command_remedy(problem: UnknownCommand) -> str:
    path = problem.ctx.command_path if problem.ctx else "blinkdecl"
    if habit := habit_of(problem.word, path.removeprefix("blinkdecl").strip()):
        return habit
    return did_you_mean(closest(problem.word, problem.known), quoted=False)


def _option_remedy(problem: UnknownOption) -> str:
    ctx = problem.ctx
    if ctx is None:
        return ""
    typed = read_option(problem.typed, problem.words)
    ours = ours_for(ctx, typed)
    here = ours is not None and ours.ours.partition("=")[0].partition(" ")[0] in options_of(ctx)
    moved = moved_line(ctx, ctx.command, problem.words) if isinstance(ctx.command, click.Group) and not here else None
    if moved is not None:
        return f"an option of a command is written after its name: `{moved}`"
    if ours is not None:
        written = f"write `{ours.ours}`" if ours.ours.startswith("-") else f"`{ours.ours}`" if ours.ours else ""
        return f"{written}: {ours.why}" if ours.ours.startswith("-") and ours.why else f"{written} {ours.why}".strip()
    # Without their dashes, which every option has in common.
    bare = {name.lstrip("-"): name for name in options_of(ctx) if name.startswith("--")}
    return did_you_mean(bare.get(closest(typed.name, bare) or ""), _elsewhere(ctx, typed.name), quoted=False)


def _elsewhere(ctx: click.Context, name: str) -> str:
    """Return how to learn which other commands have an option; "" where none has."""
    from blinkdecl.cli.option_help import option_names  # it imports every command

    return f"{_look_it_up(ctx)}, `blinkdecl help {name}` which commands have it" if name in option_names() else ""


def _unexpected_remedy(problem: UnexpectedWords) -> str:
    word, ctx = problem.words[0], problem.ctx
    options = options_of(ctx) if ctx is not None else {}
    if is_address(word) and "--target" in options:
        return f"one address alone is selected by `--target {word}`"
    if word.startswith("=") and "--var" in options:
        return "a variable is set by `--var NAME=VALUE`, without spaces"
    if "=" in word and "--var" in options and ctx is not None:
        return f"a variable is set by `{typed_line(['--var', word])}`"
    if ctx is not None and "--env" in options and word in _environments(ctx):
        return f"an environment is chosen by `--env {word}`"
    if "--chdir" in options and ("/" in word or word.endswith((".", ".yaml", ".yml"))):
        return "it works on blinkdecl.yaml in this folder, and what that includes; `-C DIR` names another folder"
    return ""


def _environments(ctx: click.Context) -> list[str]:
    from blinkdecl.cli.known import environments

    try:
        return environments(ctx.params.get("chdir") or (ctx.find_root().obj or {}).get("chdir") or Path(), None)
    except OSError:
        return []


def _misused(problem: click.BadOptionUsage) -> tuple[str, str]:
    """Return what is wrong with an option that lacks its value, or has one, and what to write."""
    name, ctx = problem.option_name, problem.ctx
    param = options_of(ctx).get(name) if ctx is not None else None
    if ctx is None or param is None or not takes_value(param):
        return f'option "{name}" takes no value', f"write `{name}` alone"
    return f'option "{name}" needs a value', f"write `{name} {param.make_metavar(ctx)}`"


def _missing(problem: click.MissingParameter) -> tuple[str, str]:
    """Return what is missing, with an example that has it."""
    param, ctx = problem.param, problem.ctx
    kind = "argument" if isinstance(param, click.Argument) else "option"
    summary = f"missing {kind} {_name_of(param)}" if param is not None else "something is missing"
    examples: tuple[str, ...] = getattr(ctx.command, "examples", ()) if ctx is not None else ()
    return summary, f"for example `{examples[0].partition('  #')[0]}`" if examples else ""


def _name_of(param: click.Parameter) -> str:
    """Return what a parameter is called in help."""
    if isinstance(param, click.Option):
        return max(param.opts, key=len)
    return (param.metavar or param.name or "").strip("[].").upper()
