"""Blocks that several pages of Markdown have: a fence around text, the table of who receives which alerts."""

from collections.abc import Iterator, Sequence

from blinkdecl.render.markdown import escaped
from blinkdecl.render.text.impact import MOST_ROWS, sides_text
from blinkdecl.render.view.parts import View
from blinkdecl.render.view.routing import alerts_text


def fenced(language: str, text: str) -> list[str]:
    """Return a code block; no line of it can end it."""
    longest = max((len(line) - len(line.lstrip("`")) for line in map(str.lstrip, text.split("\n"))), default=0)
    fence = "`" * max(3, longest + 1)
    return [f"{fence}{language}", *text.split("\n"), fence]


def routing_table(rows: Sequence[View], before: str, after: str) -> Iterator[str]:
    """Yield the table of who receives which alerts; `before` and `after` head its two sides."""
    yield from ("", "### Who receives alerts", "", f"| Severity | Alerts | {before} | {after} |", "|---|---|---|---|")
    for each in rows[:MOST_ROWS]:
        sides = (f"**{text}**" if text == "nobody" else escaped(text) for text in sides_text(each))
        yield f"| {escaped(', '.join(each['severities']))} | {escaped(alerts_text(each))} | {' | '.join(sides)} |"
    if len(rows) > MOST_ROWS:
        yield from ("", f"and {len(rows) - MOST_ROWS} more rows.")
