"""What the text formats share: how wide a line is, values as a person reads them, durations, moments."""

import re
import shlex
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from blinkdecl.render.safe import one_line, quoted
from blinkdecl.render.text.marks import Mark, marked, plain, signed
from blinkdecl.render.view.parts import View

# Where the place in a file begins, to the right of an address.
_PLACE_COLUMN = 59
# Between spaces; a command between backticks is one word, so that it can be pasted.
_WORD = re.compile(r"(?:`[^`]*`|[^ ])+")
_BARE = re.compile(r"[\w.:/@*+-]+", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)", re.ASCII)
# What the local provider's plan and apply say once.
LOCAL = "The local provider only records: nothing in Panther is changed."
_URLS = frozenset(("url", "webhook_url"))
_EMPTY = {"severities": "none (overrides, manual dispatch, system errors)"}
# A command that is written without the options that select a project, apart from those that need none.
_BARE_COMMAND = re.compile(r"`blinkdecl (?!-|(?:help|schema|sandbox|demo|completion)\b)")


# An attribute: what is done to it (``+``, ``~``, ``-``), its name, its value as text.
Row = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Layout:
    """What a text is laid out for: the columns of a line, and how a command that it names is begun.

    `source` = after how many characters a line of a file is cut. `program` is ``blinkdecl`` with the options that
    select the project, environment and variables, for a shell.
    """

    width: int = 80
    source: int = 160
    program: str = "blinkdecl"


# For logs and files, in the project's own folder.
PLAIN = Layout()


def pasteable(text: str, layout: Layout) -> str:
    """Return `text` with every command between backticks as it can be typed where blinkdecl was called."""
    if layout.program == PLAIN.program or "`blinkdecl " not in text:
        return text
    return _BARE_COMMAND.sub(lambda _: f"`{layout.program} ", text)


def cells(text: str) -> int:
    """Return how many columns a terminal needs for `text`; marks need none."""
    if text.isascii():
        return len(text)
    text = plain(text)
    if text.isascii():  # most of what is not ASCII is a mark
        return len(text)
    wide = sum(unicodedata.east_asian_width(each) in "WF" for each in text)
    return len(text) + wide - sum(unicodedata.combining(each) > 0 for each in text)


def wrapped(text: str, first: str = "", rest: str = "", layout: Layout = PLAIN) -> list[str]:
    """Return `text` as lines that fit, `first` before the first of them and `rest` before the others.

    A newline in `text` breaks there; a word, or a command between backticks, is never broken. Commands can be pasted.
    """
    text, width = pasteable(text, layout), layout.width
    lines: list[str] = []
    for part in text.split("\n"):
        prefix = rest if lines else first
        if cells(prefix) + cells(part) <= width:
            lines.append((prefix + part).rstrip())
            continue
        current, used = "", cells(prefix)
        for word in _WORD.findall(part):
            if current and used + 1 + cells(word) > width:
                lines.append(prefix + current)
                prefix, current, used = rest, "", cells(rest)
            used += cells(word) + (1 if current else 0)
            current += f" {word}" if current else word
        lines.append((prefix + current).rstrip())
    return lines


def paragraph(text: str, layout: Layout = PLAIN) -> str:
    """Return `text` wrapped, without indentation."""
    return "\n".join(wrapped(text, layout=layout))


def value_text(name: str, value: object) -> str:
    """Return the value of the attribute `name`: free text quoted, URLs and enums bare, an empty list in words."""
    if isinstance(value, str):
        return one_line(value) if name in _URLS and " " not in value else quoted(value)
    if isinstance(value, list):
        return _members(tuple(value)) if value else _EMPTY.get(name, "all")
    if value is None:
        return "(sensitive)" if name in _URLS else "null"
    return one_line(str(value).lower() if isinstance(value, bool) else str(value))


def reference_text(reference: View, *, whole: bool = False) -> str:
    """Return where a secret is: ``env NAME``, ``file PATH``, ``command PROGRAM``; `whole` = with its arguments."""
    ((source, argument),) = reference.items()
    words = [argument] if isinstance(argument, str) else argument
    return one_line(f"{source} {shlex.join(words) if whole and source == 'command' else words[0]}")


def heading(text: str) -> str:
    """Return ``  # trigger.soc will be created``, the line above the `header` of a block."""
    return f"  {marked(Mark.HEADING, f'# {text}')}"


def aside(text: str, layout: Layout) -> list[str]:
    """Return ``  # (moved from trigger.old)``, what is said below a `heading`."""
    return [f"{line[:2]}{marked(Mark.HEADING, line[2:])}" for line in wrapped(f"({text})", "  # ", "  #  ", layout)]


def header(symbol: str, address: str, position: View | None, layout: Layout = PLAIN) -> str:
    """Return ``  + trigger.soc      (blinkdecl.yaml:5)``: the place ends within the line where it can."""
    sign, name = f"  {signed(symbol)} ", one_line(address)
    if position is None:
        return sign + name
    right, start = f"({place(position)})", len(f"  {symbol} ")
    return sign + name.ljust(max(cells(name) + 2, min(_PLACE_COLUMN, layout.width - cells(right)) - start)) + right


def place(position: View) -> str:
    """Return ``file:line``."""
    return one_line(f"{position['file']}:{position['line']}")


def attribute_lines(rows: Sequence[Row], layout: Layout = PLAIN, *, least: int = 0) -> list[str]:
    """Return the lines of a resource's attributes, one below the other; a long list goes on in further lines.

    Names are padded to the longest of them, and to `least`.
    """
    width = max([least, *[len(name) for _, name, _ in rows]])
    lines = []
    for symbol, name, value in rows:
        rest = f" {name.ljust(width)} = "
        if value[:1] != "[" or (value.isascii() and len(rest) + len(value) + 7 <= layout.width):
            lines.append(f"      {signed(symbol)}{rest}{value}")
            continue
        first = f"      {symbol}{rest}"
        start, *more = wrapped(value, first, " " * len(first), layout)
        # Marked last: a mark has no width to be counted.
        lines += [f"      {signed(symbol)}{start[7:]}", *more]
    return lines


def listed(words: Iterable[str], most: int = 3) -> str:
    """Return the first words, and how many more there are."""
    every = [one_line(each) for each in words]
    more = f" and {len(every) - most} more" if len(every) > most else ""
    return ", ".join(every[:most]) + more


def elapsed(seconds: float) -> str:
    """Return how long something took: ``38ms``, ``1.5s``, ``12s``, ``2m 3s``, ``1h 2m``; nothing takes no time."""
    milliseconds = round(max(seconds, 0) * 1000)
    if milliseconds < 1000:
        return f"{max(milliseconds, 1)}ms"
    whole = round(seconds)
    if seconds < 9.95:
        return f"{seconds:.1f}s"
    if whole < 60:
        return f"{whole}s"
    minutes, rest = divmod(whole, 60)
    return f"{minutes}m {rest}s" if minutes < 60 else f"{minutes // 60}h {minutes % 60}m"


def moment(text: str) -> str:
    """Return an RFC 3339 time as ``2026-11-23 10:04:11 UTC``; anything else as it is."""
    if not _MOMENT.fullmatch(text):
        return one_line(text)
    try:
        return datetime.fromisoformat(text).astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    except (ValueError, OverflowError):
        return one_line(text)


def short_id(identifier: str) -> str:
    """Return the first four characters of an id, enough to recognise it by; a name in place of one as it is."""
    if ":" in identifier:
        return one_line(identifier)
    return one_line(identifier[:4]) + ("…" if len(identifier) > 4 else "")


@lru_cache(maxsize=4096)
def _members(members: tuple[object, ...]) -> str:
    """Return the members of a list, which is kept: most destinations have the lists of others."""
    return "[" + ", ".join(_bare(str(each)) for each in members) + "]"


def _bare(member: str) -> str:
    is_word = member.isidentifier() and member.isascii()  # nearly every one is, and needs no pattern
    return member if is_word or _BARE.fullmatch(member) else quoted(member)
