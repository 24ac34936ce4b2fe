"""Blocks that several pages of Markdown have: a fence around text, the table of who receives which alerts."""

import re
from collections.abc import Iterable, Iterator, Sequence

from blinkdecl.model.resource import NAME_PATTERN
from blinkdecl.render.markdown import escaped
from blinkdecl.render.text.impact import LEGEND, MOST_ROWS, sides_text, unchanged_apart, unchanged_text, with_unmanaged
from blinkdecl.render.view.parts import View
from blinkdecl.render.view.routing import alerts_text

# Characters; a comment on GitHub takes 65,536.
MOST = 59_800
_CUT = "*Cut here, since a comment takes no more: the log has all of it.*"
_END = "</details>"
_MARK, _NO_MARK = "<!-- blinkdecl:", "<!-- blinkdecl\\:"
_NAME = re.compile(NAME_PATTERN)


def fenced(language: str, text: str) -> list[str]:
    """Return a code block; no line of it can end it."""
    longest = max((len(line) - len(line.lstrip("`")) for line in map(str.lstrip, text.split("\n"))), default=0)
    fence = "`" * max(3, longest + 1)
    return [f"{fence}{language}", *text.split("\n"), fence]


def page(head: Iterable[str], *sections: tuple[Iterable[str], int], rest: Iterable[str] = ()) -> str:
    """Return a page that a comment can hold, which takes 65,536 characters: what is too long is cut, and says so.

    Each of `sections` has its most characters; what they leave is for `rest`, which is put after the first of them.
    """
    top = cut(list(head), MOST // 4)
    parts = [cut(list(lines), most) for lines, most in sections]
    used = sum(len(line) + 1 for part in (top, *parts) for line in part)
    parts[1:1] = [cut(list(rest), MOST - used)]
    return "\n".join(line for part in (top, *parts) for line in part)


def identified(text: str, kind: str, environment: str | None) -> str:
    """Return a page with the mark by which a bot finds the comment that it is to replace.

    ``<!-- blinkdecl:plan:dev -->``: no name within the page can pass for that of another one.
    """
    known = f":{environment}" if environment and _NAME.fullmatch(environment) else ""
    return f"{text.replace(_MARK, _NO_MARK)}\n\n{_MARK}{kind}{known} -->"


def cut(lines: list[str], most: int) -> list[str]:
    """Return lines of no more than `most` characters in all; a block that is cut is closed."""
    size, fence, details = 0, "", 0
    for number, line in enumerate(lines):
        size += len(line) + 1
        if size > most - len(_CUT) - len(_END) * 2:
            end = [fence] if fence else []
            end += [_END] if details else []
            return [*lines[:number], *end, "", _CUT]
        if fence:
            fence = "" if line == fence else fence
        elif line.startswith("```"):
            fence = line[: len(line) - len(line.lstrip("`"))]
        details += line.startswith("<details>") - line.startswith("</details>")
    return lines


def routing_table(rows: Sequence[View], before: str, after: str) -> Iterator[str]:
    """Yield the table of who receives which alerts; `before` and `after` head its two sides."""
    yield from ("", "### Who receives alerts", "", f"| Severity | Alerts | {before} | {after} |", "|---|---|---|---|")
    told, same = unchanged_apart(rows)
    for each in told[:MOST_ROWS]:
        sides = (f"**{text}**" if text == "nobody" else escaped(text) for text in sides_text(each))
        yield f"| {escaped(', '.join(each['severities']))} | {escaped(alerts_text(each))} | {' | '.join(sides)} |"
    if len(told) > MOST_ROWS:
        yield from ("", f"and {len(told) - MOST_ROWS} more rows.")
    if same:
        yield from ("", escaped(f"Unchanged: {unchanged_text(same)}."))
    if with_unmanaged(told[:MOST_ROWS]):
        yield from ("", LEGEND)
