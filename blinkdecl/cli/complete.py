"""What a shell may complete beside commands and options: a function for each kind of word. Imports click alone."""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Literal

import click

Kind = Literal["addresses", "recorded", "triggers", "environments", "variables", "topics"]
Completer = Callable[[click.Context, click.Parameter, str], list[str]]


def complete(kind: Kind) -> Completer:
    """Return the function that completes a word of this kind; it says nothing rather than that something is wrong."""

    def words(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
        del param
        try:
            known: Callable[[Path, str | None], list[str]] = getattr(import_module("blinkdecl.cli.known"), kind)
            folder, environment = _chosen(ctx, "chdir"), _chosen(ctx, "environment")
            found = known(Path(str(folder or ".")).expanduser(), str(environment) if environment else None)
        except Exception:  # noqa: BLE001 - whoever presses a key wants no message
            return []
        return [each for each in found if each.startswith(incomplete)]

    return words


def _chosen(ctx: click.Context, name: str) -> object:
    """Return the value of an option after the command's name, or else before it."""
    return ctx.params.get(name) or ctx.find_root().params.get(name)
