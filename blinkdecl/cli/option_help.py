"""The options of the command line by their names: which commands take each, and what it does there."""

from collections.abc import Iterator

import click

from blinkdecl.cli.app import SHARED, cli
from blinkdecl.render.text.layout import Layout, wrapped


def commands_below(above: click.Context) -> Iterator[click.Context]:
    """Yield a context for each command below a group, and for what is below that."""
    group = above.command
    if not isinstance(group, click.Group):
        return
    for name in group.list_commands(above):
        if (command := group.get_command(above, name)) is not None:
            context = click.Context(command, parent=above, info_name=name)
            yield context
            yield from commands_below(context)


def option_names() -> list[str]:
    """Return the name of every option, without dashes, each once."""
    return [*dict.fromkeys(name for _, option in _options() for name in _long_names(option))]


def option_text(wanted: str, layout: Layout) -> str | None:
    """Return what an option does, for each command that takes it; None where there is none of this name."""
    places = dict[tuple[str, str], list[str]]()
    for context, option in _options():
        if wanted in _long_names(option) and (record := option.get_help_record(context)) is not None:
            places.setdefault(record, []).append(f"`{context.command_path}`")
    texts = (
        "\n".join(
            [*wrapped(f"{typed} (an option of {', '.join(paths)})", layout=layout), *wrapped(told, "  ", "  ", layout)]
        )
        for (typed, told), paths in places.items()
    )
    return "\n\n".join(texts) or None


def _options() -> Iterator[tuple[click.Context, click.Option]]:
    """Yield every option with the command that takes it; those that all commands take once, of the program."""
    root = click.Context(cli, info_name="blinkdecl")
    for context in (root, *commands_below(root)):
        for each in context.command.params:
            if isinstance(each, click.Option) and (context is root or each.name not in SHARED):
                yield context, each


def _long_names(option: click.Option) -> list[str]:
    return [each[2:] for each in option.opts if each.startswith("--")]
