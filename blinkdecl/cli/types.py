"""The kinds of values that options take: what each is called in help, and what is said of a value that does not fit."""

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem

from blinkdecl.cli.parsing import BadValue

if TYPE_CHECKING:
    _FloatType = click.ParamType[float]
    _IntType = click.ParamType[int]
    _ObjectType = click.ParamType[object]
    _Choice = click.Choice[str]
else:  # generic from click 8.4 on only
    _FloatType = _IntType = _ObjectType = click.ParamType
    _Choice = click.Choice

_DURATION = re.compile(r"[0-9]{1,12}(?:\.[0-9]{1,9})?(?:ms|s|m|h|d)|0+(?:\.0+)?", re.ASCII)
_BARE = re.compile(r"[0-9]{1,12}(?:\.[0-9]{1,9})?", re.ASCII)
_SHOWN = 60


class Seconds(_FloatType):
    """A duration such as ``30s``, ``5m``, ``1h`` or ``7d``; only 0 needs no unit."""

    name = "duration"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Return seconds."""
        if isinstance(value, float | int):
            return float(value)
        text = str(value).strip()
        if _DURATION.fullmatch(text):
            from blinkdecl.model.duration import seconds_of  # `--version` and `--help` import click alone

            return seconds_of(text)
        if _BARE.fullmatch(text):
            known = ", ".join(text + unit for unit in ("ms", "s", "m", "h"))
            raise BadValue(f"{shown(text)} has no unit", f"write {known} or {text}d", param, ctx)
        remedy = "a number and one unit, ms, s, m, h or d: 500ms, 30s, 5m, 1h, 7d"
        raise BadValue(f"{shown(text)} is not a duration", remedy, param, ctx)


class Number(_IntType):
    """A whole number within bounds."""

    name = "number"

    def __init__(self, least: int = 0, most: int | None = None) -> None:
        self._least, self._most = least, most

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return the number."""
        if isinstance(value, int):
            return value
        text = str(value).strip()
        bounds = f"{self._least} to {self._most}" if self._most is not None else f"{self._least} or more"
        if not re.fullmatch(r"[+-]?[0-9]{1,18}", text, re.ASCII):
            raise BadValue(f"{shown(text)} is not a whole number", bounds, param, ctx)
        number = int(text)
        if number < self._least or (self._most is not None and number > self._most):
            raise BadValue(f"{text} is out of range", bounds, param, ctx)
        return number


class Share(_FloatType):
    """A number from 0 to 1."""

    name = "share"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Return the share."""
        try:
            share = float(str(value))
        except ValueError:
            share = -1.0
        if not 0 <= share <= 1:
            raise BadValue(f"{shown(str(value))} is not a share", "a number from 0 to 1, such as 0.25", param, ctx)
        return share


class Part(_ObjectType):
    """One of several parts, such as ``2/3``."""

    name = "part"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> object:
        """Return its number, from 1, and how many there are."""
        found = re.fullmatch("([0-9]{1,6})/([0-9]{1,6})", str(value), re.ASCII)
        if found is None or not 1 <= int(found[1]) <= int(found[2]):
            raise BadValue(f"{shown(str(value))} is no part of a whole", "1/3 is the first of three", param, ctx)
        return int(found[1]), int(found[2])


class OneOf(_Choice):
    """One of a few words; `any_case` = however it is written."""

    def __init__(self, words: Sequence[str], *, any_case: bool = False) -> None:
        super().__init__(list(words), case_sensitive=not any_case)
        self._words = tuple(words)

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """Return the words as they are written."""
        told = "|".join(self._words)
        return f"{{{told}}}" if param.required and isinstance(param, click.Argument) else f"[{told}]"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """Return the words as they are written, however their beginning is."""
        del ctx, param
        begun = incomplete if self.case_sensitive else incomplete.casefold()
        words = [(each, each if self.case_sensitive else each.casefold()) for each in self._words]
        return [CompletionItem(each) for each, text in words if text.startswith(begun)]

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the word as it is known."""
        given = str(value)
        for word in self._words:
            if given == word or (not self.case_sensitive and given.casefold() == word.casefold()):
                return word
        from blinkdecl.diagnostics import closest, did_you_mean  # only ever needed on the way to an error

        known = f"one of {', '.join(self._words)}"
        meant = did_you_mean(closest(given, self._words), quoted=False)
        raise BadValue(f"{shown(given)} is not known", f"{meant} {known}".strip(), param, ctx)


class Identifier(_ObjectType):
    """A UUID."""

    name = "uuid"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> object:
        """Return the UUID."""
        from uuid import UUID

        try:
            return UUID(str(value))
        except ValueError:
            remedy = "it has 32 hexadecimal digits; Panther's console shows it in the address of the destination"
            raise BadValue(f"{shown(str(value))} is not a UUID", remedy, param, ctx) from None


class Digest(_ObjectType):
    """A review digest, as a plan prints it."""

    name = "digest"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> object:
        """Return it in its parts."""
        from blinkdecl.planner.review import read_digest  # `--version` and `--help` import click alone

        try:
            return read_digest(str(value))
        except ValueError as problem:
            told, remedy = problem.args
            raise BadValue(f"the digest is {told}", remedy, param, ctx) from None


class _File(click.Path):
    """A file by its name."""

    def __init__(self) -> None:
        super().__init__(path_type=Path)

    def convert(
        self, value: "str | os.PathLike[str]", param: click.Parameter | None, ctx: click.Context | None
    ) -> "str | bytes | os.PathLike[str]":
        """Return the path."""
        if not os.fspath(value):  # a variable of the shell that is not set; as a path it would be the folder
            raise BadValue("the name of the file is empty", "is the variable set that should hold it?", param, ctx)
        return super().convert(value, param, ctx)


class InputFile(_File):
    """A file that is read; ``-`` is standard input."""


class FileOrSeconds(_ObjectType):
    """A file that is read, ``-`` for standard input, or a duration as `Seconds` has it; ``./7d`` is a file.

    So is ``./7``: a number alone is a duration without its unit.
    """

    name = "source"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> object:
        """Return a path, or seconds."""
        if isinstance(value, str) and not any(each.fullmatch(value.strip()) for each in (_DURATION, _BARE)):
            return InputFile().convert(value, param, ctx)
        return Seconds().convert(value, param, ctx)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """Return files."""
        return InputFile().shell_complete(ctx, param, incomplete)


class OutputFile(_File):
    """A file that is written; ``-`` is standard output, unless it `needs_name`; `yaml` = it may be a new YAML file."""

    def __init__(self, *, needs_name: bool = False, yaml: bool = False) -> None:
        super().__init__()
        self.needs_name = needs_name
        self.yaml = yaml


def shown(text: str) -> str:
    """Return a value as a message quotes it: with escapes for what no terminal can carry, and not too long."""
    text = repr(text)[1:-1]
    return f'"{text[:_SHOWN]}…"' if len(text) > _SHOWN else f'"{text}"'
