"""``docs/commands.md``: every command, as its ``--help`` has it."""

import re
from collections.abc import Iterator

import click

from blinkdecl.cli.app import SHARED, cli
from blinkdecl.cli.option_help import commands_below
from docs.generator.markdown import code, escaped, fence, link, page, table

_GLOBAL = "Global options"
_EXIT_CODES = "Exit codes: "
# One of them, such as `2 = drift`, up to the next.
_EXIT_CODE = re.compile(r"(\d+(?: and \d+)?) = (.*?)(?:, (?=\d+(?: and \d+)? = )|\.?$)")
_INTRODUCTION = """\
What `blinkdecl COMMAND --help` prints, for every command. The [exit codes](exit-codes.md) have a page of their own,
and so have the [codes of errors](troubleshooting.md)."""


def commands_page() -> str:
    """Return the page: the commands in the order of a person's first day."""
    found = list(commands_below(click.Context(cli, info_name="blinkdecl")))
    contents = [f"- {link(_GLOBAL, _GLOBAL)}"]
    contents += [f"- {link(code(each.command_path), each.command_path)}: {_summary(each)}" for each in found]
    return page(
        "The commands",
        _INTRODUCTION,
        "\n".join(contents),
        f"## {_GLOBAL}\n\nThey may come before or after the command's name.",
        _options(click.Context(cli, info_name="blinkdecl"), shared=True),
        *map(_section, found),
    )


def _summary(context: click.Context) -> str:
    return escaped(context.command.get_short_help_str(limit=200).rstrip("."))


def _section(context: click.Context) -> str:
    """Return a command: what it does, how it is called, its options, examples and exit codes."""
    command, path = context.command, context.command_path
    below = [each for each in commands_below(context) if each.parent is context]
    needed = [
        f"{each.opts[0]} {each.metavar}" for each in command.params if isinstance(each, click.Option) and each.required
    ]
    words = [each for each in command.collect_usage_pieces(context) if each != "[OPTIONS]"]
    usage = " ".join([path, *words, *needed])
    examples = getattr(command, "examples", ())
    parts = [
        f"{'#' * (1 + path.count(' '))} {code(path)}",
        "" if below else f"Usage: {code(usage)}",
        *_help(command.help or ""),
        "\n".join(f"- {link(code(each.command_path), each.command_path)}: {_summary(each)}" for each in below),
        _options(context, shared=False),
        fence("sh", "\n".join(examples)) if examples else "",
    ]
    return "\n\n".join(filter(None, parts))


def _help(text: str) -> Iterator[str]:
    """Yield the paragraphs of a help text; exit codes are told one by one."""
    for paragraph in text.split("\n\n"):
        before, mark, codes = " ".join(paragraph.split()).partition(_EXIT_CODES)
        if before:
            yield escaped(before.strip())
        if mark:
            lines = [f"- {number}: {escaped(meaning)}" for number, meaning in _EXIT_CODE.findall(codes)]
            yield "\n".join(["Exit codes:\n", *lines])


def _options(context: click.Context, *, shared: bool) -> str:
    """Return the table of a command's own options, or of those that every command takes."""
    records = [
        record
        for each in context.command.get_params(context)
        if isinstance(each, click.Option) and (shared or each.name not in SHARED) and "--help" not in each.opts
        if (record := each.get_help_record(context)) is not None
    ]
    return table(("option", "what it does"), [_row(*each) for each in records]) if records else ""


def _row(option: str, text: str) -> tuple[str, str]:
    """Return a row; the default is what click writes after two spaces, in brackets."""
    said, mark, default = text.partition("  [default: ")
    return code(option), escaped(said) + (f" Default: {code(default.rstrip(']'))}." if mark else "")
