"""What click does not tell: the words as they were typed, and the width of the terminal. Imports click alone."""

import os
import sys
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager

import click


class WideContext(click.Context):
    """A context whose help is as wide as the terminal."""

    def make_formatter(self) -> click.HelpFormatter:
        """Return what writes the help."""
        from blinkdecl.system.columns import columns  # `--version` needs none

        return _Formatter(width=columns(sys.stdout, os.environ))


class _Formatter(click.HelpFormatter):
    """Help whose second column has room for words, however narrow the terminal."""

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """Write options beside what they do; as a rule the names have 30 columns, and never more than a third."""
        super().write_dl(rows, min(col_max, self.width // 3 + 4), col_spacing)


class UnknownCommand(click.UsageError):
    """A group has no command called `word`; `known` are those it has. Not every version of click provides the word."""

    def __init__(self, word: str, known: list[str], ctx: click.Context) -> None:
        super().__init__(f"No such command {word!r}.", ctx)
        self.word, self.known = word, known


class UnknownOption(click.UsageError):
    """There is no option `typed`, which stands so among `words`: click knows only that ``-out=x`` is no ``-o``."""

    def __init__(self, typed: str, words: Sequence[str], ctx: click.Context) -> None:
        super().__init__(f"No such option {typed!r}.", ctx)
        self.typed, self.words = typed, tuple(words)


class UnexpectedWords(click.UsageError):
    """More words than the command has arguments."""

    def __init__(self, words: Sequence[str], ctx: click.Context) -> None:
        super().__init__("Too many words.", ctx)
        self.words = tuple(words)


class BadValue(click.BadParameter):
    """A value that an option does not take, with what to write instead."""

    def __init__(
        self,
        message: str,
        remedy: str,
        param: click.Parameter | None = None,
        ctx: click.Context | None = None,
    ) -> None:
        super().__init__(message, ctx, param)
        self.remedy = remedy


@contextmanager
def as_typed(ctx: click.Context, words: Sequence[str]) -> Iterator[None]:
    """Let an unknown option know how it was typed; click uses up the list of `words` while it reads."""
    kept = tuple(words)
    try:
        yield
    except click.NoSuchOption as problem:
        raise UnknownOption(_typed(problem.option_name, kept), kept, ctx) from None
    except click.UsageError as problem:
        problem.ctx = problem.ctx or ctx
        raise


def takes_value(param: click.Parameter | None) -> bool:
    """Whether the word after an option is its value."""
    return isinstance(param, click.Option) and not (param.is_flag or param.count)


def _typed(option: str, words: Sequence[str]) -> str:
    """Return the word in which click found an unknown option, without its value."""
    for word in words:
        if word == "--":
            break
        if word.partition("=")[0] == option:
            return word
        if not option.startswith("--") and word[:1] == "-" and word[1:2] not in ("-", "") and option[1:] in word[1:]:
            return word
    return option


def write_options(ctx: click.Context, formatter: click.HelpFormatter, hidden: Collection[str]) -> None:
    """Write the options of a command, apart from those whose names are `hidden`."""
    own = (each for each in ctx.command.get_params(ctx) if each.name not in hidden and isinstance(each, click.Option))
    with formatter.section("Options"):
        formatter.write_dl([record for each in own if (record := each.get_help_record(ctx)) is not None])


def write_examples(formatter: click.HelpFormatter, examples: Sequence[str], last: str) -> None:
    """Write the end of a command's help: examples, each a line as it is typed, and where the rest is explained."""
    if examples:
        with formatter.section("Examples"):
            for each in examples:
                formatter.write(f"{'':{formatter.current_indent}}{each}\n")
    formatter.write_paragraph()
    formatter.write(f"{click.wrap_text(last, formatter.width)}\n")
