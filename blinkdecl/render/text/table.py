"""The table of who receives what, laid out: four columns, or the names below their row where these are too long."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from blinkdecl.render.text.layout import Layout, cells, wrapped
from blinkdecl.render.text.marks import Mark, marked

# How wide the columns are in 80 columns; and how wide the first two have to be at least.
_SEVERITIES, _ALERTS, _BEFORE, _AFTER = 19, 33, 10, 16
_LEAST_SEVERITIES, _LEAST_ALERTS = 12, 20
_TITLE = "Who receives alerts:"

# A line ends between these, and nowhere else.
Words = Sequence[str]


@dataclass(frozen=True, slots=True)
class Side:
    """Who receives the alerts of a row, on one side; `mark` where a reader must not miss that nobody does."""

    names: Words
    mark: Mark | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """Which alerts, and who receives them before and after."""

    severities: Words
    alerts: Words
    before: Side
    after: Side


def table_lines(rows: Sequence[Row], heads: tuple[str, str], layout: Layout) -> Iterator[str]:
    """Yield the lines of the table; `heads` are what its two sides are called."""
    widths = _widths(rows, layout.width)
    if widths is None:
        yield _TITLE
        for row in rows:
            yield from _stacked(row, heads, layout)
        return
    yield f"{_TITLE:<{2 + widths[0] + widths[1]}}{heads[0]:<{widths[2]}}{heads[1]}" if rows else _TITLE
    for row in rows:
        yield from _beside(row, widths)


def _beside(row: Row, widths: Sequence[int]) -> Iterator[str]:
    """Yield the lines of a row in four columns."""
    texts = (row.severities, row.alerts, row.before.names, row.after.names)
    marks = (None, None, row.before.mark, row.after.mark)
    # All but the last have a blank at their end.
    columns = [_filled(words, width - 1) for words, width in zip(texts[:3], widths, strict=False)]
    columns.append(_filled(texts[3], widths[3]))
    for number in range(max(map(len, columns))):
        parts = [column[number] if number < len(column) else "" for column in columns]
        pads = [" " * (width - cells(part)) for part, width in zip(parts, widths, strict=True)]
        told = (_told(part, mark) + pad for part, mark, pad in zip(parts, marks, pads, strict=True))
        yield f"  {''.join(told)}".rstrip()


def _stacked(row: Row, heads: tuple[str, str], layout: Layout) -> Iterator[str]:
    """Yield the lines of a row with the names below the alerts."""
    yield from wrapped(f"{' '.join(row.severities)}: {' '.join(row.alerts)}", "  ", "    ", layout)
    indent = 6 + max(map(len, heads))
    for head, side in zip(heads, (row.before, row.after), strict=True):
        for number, text in enumerate(_filled(side.names, layout.width - indent)):
            yield f"{'' if number else f'    {head}':<{indent}}{_told(text, side.mark)}"


def _told(text: str, mark: Mark | None) -> str:
    return marked(mark, text) if mark is not None and text else text


def _widths(rows: Sequence[Row], width: int) -> tuple[int, int, int, int] | None:
    """Return how wide the columns are, so that no name is broken; None = in `width` columns they cannot be."""
    room = width - 2
    before = max(_BEFORE, *(cells(each) + 1 for row in rows for each in row.before.names), 0)
    after = max(_AFTER, *(cells(each) for row in rows for each in row.after.names), 0)
    rest = room - before - after
    if rest < _LEAST_SEVERITIES + _LEAST_ALERTS:
        return None
    severities = max(_LEAST_SEVERITIES, min(_SEVERITIES, rest - _LEAST_ALERTS))
    alerts = min(_ALERTS, rest - severities)
    spare = rest - severities - alerts
    for_before = min(spare, max(0, _longest(row.before.names for row in rows) + 1 - before))
    spare -= for_before
    for_after = min(spare, max(0, _longest(row.after.names for row in rows) - after))
    spare -= for_after
    for_alerts = min(spare, max(0, _longest(row.alerts for row in rows) + 1 - alerts))
    return severities, alerts + for_alerts, before + for_before, after + for_after


def _longest(texts: Iterator[Words]) -> int:
    return max((cells(" ".join(words)) for words in texts), default=0)


def _filled(words: Words, width: int) -> list[str]:
    """Return lines of whole words, as many in each as fit."""
    lines: list[str] = []
    for word in words:
        if lines and cells(lines[-1]) + 1 + cells(word) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines
