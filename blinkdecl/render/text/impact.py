"""Who receives which alerts, before and after, as a table that fits a terminal."""

from collections.abc import Sequence
from textwrap import wrap

from blinkdecl.render.text.layout import paragraph
from blinkdecl.render.text.marks import Mark, marked
from blinkdecl.render.view.parts import View
from blinkdecl.render.view.routing import alerts_text, joined

_SEVERITIES, _ALERTS, _BEFORE, _AFTER = 19, 33, 10, 16
MOST_ROWS = 20
_MOST_NAMES, _MOST_LOSSES = 3, 2
_END_HEADS = {"destroy": "as planned"}


def routing_text(rows: Sequence[View], before: str = "now", after: str = "after", *, verbose: bool = False) -> str:
    """Return the table; `before` and `after` head its two sides, `verbose` shows every row and name."""
    shown = rows if verbose else rows[:MOST_ROWS]
    cells = [[joined(each["severities"]), alerts_text(each), *sides_text(each, verbose=verbose)] for each in shown]
    longest = max((len(word) for cell in cells for word in cell[2].split()), default=0)
    widths = (_SEVERITIES, _ALERTS, max(_BEFORE, longest + 1), _AFTER)
    lines = [f"{'Who receives alerts:':<{2 + _SEVERITIES + _ALERTS}}{before:<{widths[2]}}{after}"]
    for cell in cells:
        columns = [wrap(text, width - 1, break_long_words=False) for text, width in zip(cell, widths, strict=True)]
        for number in range(max(map(len, columns))):
            parts = [column[number] if number < len(column) else "" for column in columns]
            padded = "".join(f"{part:<{width}}" for part, width in zip(parts, widths, strict=True))
            lines.append(f"  {padded}".rstrip())
    if len(shown) < len(rows):
        lines.append(f"  and {len(rows) - len(shown)} more rows, which -v lists")
    return "\n".join(lines)


def routing_blocks(
    rows: Sequence[View], before: str = "now", after: str = "after", *, verbose: bool = False
) -> list[str]:
    """Return the table, and a note of what is heard although it is declared to be silent; [] without rows."""
    heard = heard_text(rows)
    return [
        *([routing_text(rows, before, after, verbose=verbose)] if rows else []),
        *([paragraph(f"{marked(Mark.LABEL, 'Note:')} {heard}")] if heard else []),
    ]


def losses_text(lost: Sequence[str]) -> str:
    """Return a sentence that names what nobody receives after the plan; "" where that is nothing."""
    return _nobody("After this plan nobody receives", lost)


def missed_text(missed: Sequence[str]) -> str:
    """Return a sentence that names what nobody receives now although it is declared; "" where that is nothing."""
    return _nobody("Declared, but received by nobody now", missed)


def end_heads(document: View) -> tuple[str, str]:
    """Return what heads the two sides of the table after a run that was not complete."""
    return "recorded" if document["routing_recorded"] else "now", _END_HEADS.get(document["command"], "as declared")


def _nobody(begin: str, alerts: Sequence[str]) -> str:
    if not alerts:
        return ""
    more = "; and more, below" if len(alerts) > _MOST_LOSSES else ""
    return f"{begin}: {'; '.join(alerts[:_MOST_LOSSES])}{more}."


def sides_text(row: View, *, verbose: bool = False) -> list[str]:
    """Return who receives the alerts of a row before, and after."""
    nobody = "nobody, as declared" if row["silent"] else "nobody"
    return [_names(row[side], verbose=verbose) if row[side] else nobody for side in ("before", "after")]


def heard_text(rows: Sequence[View]) -> str:
    """Return a note of what is declared to reach nobody and reaches somebody all the same; "" where nothing does."""
    told = [
        f"{joined(each['severities'])} ({alerts_text(each)}) reaches {_names(each['after'], verbose=False)}"
        for each in rows
        if each["silent"] and each["after"]
    ]
    more = f"; and {len(told) - _MOST_LOSSES} more" if len(told) > _MOST_LOSSES else ""
    return f"though declared to reach nobody, {'; '.join(told[:_MOST_LOSSES])}{more}." if told else ""


def _names(names: Sequence[str], *, verbose: bool) -> str:
    shown = names if verbose else names[:_MOST_NAMES]
    more = [f"and {len(names) - len(shown)} more"] if len(shown) < len(names) else []
    return joined([*(each.removeprefix("destination.") for each in shown), *more])
