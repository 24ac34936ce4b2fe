"""A page that fits where it is shown: what hurts is whole, and of the rest what there is room for.

Whole     losses and deletions: in a shorter form if need be, and only then cut, with the number of the others
Section   everything else: shares what those leave, and says where it is cut
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from blinkdecl.model.resource import NAME_PATTERN
from blinkdecl.render.safe import safe
from blinkdecl.render.text.layout import PLAIN, Layout

_MARK, _NO_MARK = "<!-- blinkdecl:", "<!-- blinkdecl\\:"
_NAME = re.compile(NAME_PATTERN)
_END = "</details>"
# What a section has in any case: room to say that it was cut.
_LEAST = 250


@dataclass(frozen=True, slots=True)
class Room:
    """How long a page may be: `most` characters or, where that is what counts, bytes; `rows` of a table."""

    most: int
    rows: int
    name: str
    in_bytes: bool = False

    def size(self, lines: Iterable[str]) -> int:
        """Return what lines take, each with its newline, as they leave."""
        told = (safe(each).replace(_MARK, _NO_MARK) for each in lines)
        return sum((len(each.encode(errors="replace")) if self.in_bytes else len(each)) + 1 for each in told)


# A comment on GitHub takes 65,536 characters, a job's summary 1 MiB: whoever posts a page may add to it.
COMMENT = Room(59_900, 100, "a comment")
SUMMARY = Room(999_900, 2_000, "a job's summary", in_bytes=True)


@dataclass(frozen=True, slots=True)
class PageOptions:
    """What a page is of, and for.

    `links` = what the URL of a file of the repository begins with, None where that is not known; `folder` = the
    project's within the repository.
    """

    command: str = "plan"
    environment: str | None = None
    layout: Layout = PLAIN
    links: str | None = None
    room: Room = COMMENT
    folder: str = ""

    @property
    def where(self) -> str:
        """The environment, as a title goes on with it."""
        return f" for {self.environment}" if self.environment else ""


# Where nothing else is known.
DEFAULT = PageOptions()


@dataclass(frozen=True)
class Section:
    """Lines that are cut where the page is too long; `share` = the weight by which sections share what there is."""

    text: Iterable[str]
    share: int = 1

    @cached_property
    def lines(self) -> list[str]:
        """The lines, made once."""
        return list(self.text)


@dataclass(frozen=True)
class Whole:
    """Entries of which none is left out as long as there is any room for them.

    `full` has all of them as they read best. `short` returns the lines for some, and for how many there are besides.
    """

    full: Sequence[str]
    entries: Sequence[str]
    short: Callable[[Sequence[str], int], list[str]]

    def within(self, room: Room, most: int) -> list[str]:
        """Return the shorter form, of as many entries as there is room for."""
        low, high = 0, len(self.entries)
        while low < high:
            middle = (low + high + 1) // 2
            fits = room.size(self.short(self.entries[:middle], len(self.entries) - middle)) <= most
            low, high = (middle, high) if fits else (low, middle - 1)
        return self.short(self.entries[:low], len(self.entries) - low)


def page(title: str, sections: Iterable[Section | Whole], options: PageOptions) -> str:
    """Return a page: the mark by which a bot finds the comment that it is to replace, the title, the sections.

    The mark is ``<!-- blinkdecl:plan:dev -->``: no name within the page can pass for that of another one.
    """
    room, parts = options.room, list(sections)
    name = options.environment
    known = f":{name}" if name and _NAME.fullmatch(name) else ""
    head = [f"{_MARK}{options.command}{known} -->", f"## {title}"]
    least = _LEAST * sum(isinstance(each, Section) for each in parts)
    left = room.most - room.size(head)
    whole = _whole([each for each in parts if isinstance(each, Whole)], room, left - least)
    left -= sum(map(room.size, whole))
    cuttable = [each for each in parts if isinstance(each, Section)]
    rest = _cut_all(cuttable, room, left)
    body = [line for each in parts for line in (whole if isinstance(each, Whole) else rest).pop(0)]
    text = "\n".join([head[1], *body]).replace(_MARK, _NO_MARK)
    return f"{head[0]}\n{text}"


def _whole(parts: Sequence[Whole], room: Room, most: int) -> list[list[str]]:
    """Return what is not to be cut: the longest in its shorter form first, and cut where even that is too long."""
    found = [list(each.full) for each in parts]
    long = sorted(range(len(parts)), key=lambda index: -room.size(found[index]))
    for index in long:
        if sum(map(room.size, found)) <= most:
            return found
        found[index] = parts[index].within(room, most)
    if sum(map(room.size, found)) <= most:
        return found
    rooms = _shared([room.size(each) for each in found], [1] * len(found), most)
    return [each.within(room, allowed) for each, allowed in zip(parts, rooms, strict=True)]


def _cut_all(parts: Sequence[Section], room: Room, most: int) -> list[list[str]]:
    rooms = _shared([room.size(each.lines) for each in parts], [each.share for each in parts], most)
    return [cut(each.lines, allowed, room) for each, allowed in zip(parts, rooms, strict=True)]


def _shared(needs: Sequence[int], weights: Sequence[int], most: int) -> list[int]:
    """Return how much room each gets: what it needs if its share allows that, and its share of what those leave."""
    given: dict[int, int] = {}
    while len(given) < len(needs):
        open_ = [index for index in range(len(needs)) if index not in given]
        left, total = most - sum(given.values()), sum(weights[index] for index in open_)
        shares = {index: left * weights[index] // total for index in open_}
        modest = [index for index in open_ if needs[index] <= shares[index]]
        given |= {index: needs[index] for index in modest} if modest else shares
    return [given[index] for index in range(len(needs))]


def cut(lines: list[str], most: int, room: Room = COMMENT) -> list[str]:
    """Return lines that take no more than `most` in all; a block that is cut is closed."""
    if room.size(lines) <= most:
        return lines
    told = f"*Cut here, since {room.name} takes no more: the log has all of it.*"
    size, fence, details = 0, "", 0
    for number, line in enumerate(lines):
        size += room.size([line])
        # A fence that ends a block is no longer than the line that began it; the others are the newlines.
        if size > most - len(told) - len(_END) - len(fence) - 5:
            return [*_closed(lines[:number], fence, folded=details > 0), "", told]
        if fence:
            fence = "" if line == fence else fence
        elif line.startswith("```"):
            fence = line[: len(line) - len(line.lstrip("`"))]
        details += line.startswith("<details>") - line.startswith("</details>")
    return lines


def _closed(lines: list[str], fence: str, *, folded: bool) -> list[str]:
    """Return the beginning of a section with its blocks closed, and without those in which nothing is left."""
    if fence and lines[-1].startswith(fence):
        lines, fence = lines[:-1], ""
    end = [fence] * bool(fence)
    if not fence:
        while lines and not lines[-1]:
            lines = lines[:-1]
        if folded and lines[-1].startswith("<details>"):
            return _closed(lines[:-1], "", folded=False)
    return [*lines, *end, *([_END] if folded else [])]
