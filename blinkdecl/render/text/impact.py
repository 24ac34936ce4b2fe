"""Who receives which alerts, before and after: the table, and what has to be said beside it."""

from collections.abc import Sequence
from typing import Literal

from blinkdecl.render.text.layout import PLAIN, Layout, paragraph, wrapped
from blinkdecl.render.text.marks import Mark, marked
from blinkdecl.render.text.table import Row, Side, table_lines
from blinkdecl.render.view.parts import View
from blinkdecl.render.view.routing import alerts_text, joined, restored_alerts

Watched = Literal["before", "after"]

MOST_ROWS = 20
_MOST_NAMES, _MOST_LOSSES, _MOST_UNCHANGED = 3, 2, 6
_END_HEADS = {"destroy": "as planned"}
# What a row says where the backend was not asked.
_NOT_KNOWN = ["?"]
LEGEND = "In quotes: destinations that are not managed here, by their display names."


def routing_text(
    rows: Sequence[View],
    before: str = "now",
    after: str = "after",
    *,
    verbose: bool = False,
    watched: Watched = "after",
    layout: Layout = PLAIN,
) -> str:
    """Return the table; `before` and `after` head its two sides, `verbose` shows every row and name.

    `watched` = the side on which it is an alarm that nobody receives what somebody does on the other.
    """
    told, same = (rows, []) if verbose else unchanged_apart(rows)
    shown = told if verbose else told[:MOST_ROWS]
    table = [_row(each, watched, verbose=verbose) for each in shown]
    lines = [*table_lines(table, (before, after), layout)]
    if len(shown) < len(told):
        lines.append(f"  and {len(told) - len(shown)} more rows, which -v lists")
    if same:
        text = unchanged_text(same)
        if not all(each["silent"] for each in same):  # it begins with those that nobody declared
            text = f"{marked(Mark.NOBODY, 'nobody')}{text.removeprefix('nobody')}"
        lines += wrapped(f"unchanged: {text}", "  ", "    ", layout)
    if with_unmanaged(shown):
        lines += wrapped(LEGEND, "  ", "  ", layout)
    return "\n".join(lines)


def _row(row: View, watched: Watched, *, verbose: bool) -> Row:
    other: Watched = "before" if watched == "after" else "after"
    lost = bool(row[other]) and row[other] != _NOT_KNOWN and not (row[watched] or row["silent"])
    sides: tuple[Watched, Watched] = ("before", "after")
    before, after = (
        Side(_words(row, side, verbose=verbose), Mark.LOSS if lost and side == watched else _mark(row, side))
        for side in sides
    )
    return Row(joined(row["severities"]).split(), alerts_text(row).split(), before, after)


def _mark(row: View, side: Watched) -> Mark | None:
    return None if row[side] or row["silent"] else Mark.NOBODY


def unchanged_apart(rows: Sequence[View]) -> tuple[list[View], list[View]]:
    """Return the rows for the table, and those that only say that nobody receives something, as before.

    A single one of these stays in the table, where it takes no more room than a sentence.
    """
    same = [each for each in rows if not (each["before"] or each["after"])]
    if len(same) < 2:
        return list(rows), []
    return [each for each in rows if each["before"] or each["after"]], same


def unchanged_text(rows: Sequence[View]) -> str:
    """Return ``nobody receives INFO (every alert type, every log); LOW (RULE; every log)``."""
    declared, others = [each for each in rows if each["silent"]], [each for each in rows if not each["silent"]]
    begun = ((others, "nobody receives"), (declared, "nobody, as declared, receives"))
    return "; ".join(f"{begin} {_alerts(found)}" for found, begin in begun if found)


def _alerts(rows: Sequence[View]) -> str:
    told = [f"{joined(each['severities'])} ({alerts_text(each)})" for each in rows[:_MOST_UNCHANGED]]
    return "; ".join(told) + (f"; and {len(rows) - len(told)} more" if len(told) < len(rows) else "")


def with_unmanaged(rows: Sequence[View]) -> bool:
    """Whether a row names a destination that is not managed here: by its display name, in quotes."""
    return any(name.startswith('"') for each in rows for side in ("before", "after") for name in each[side])


def routing_blocks(
    rows: Sequence[View],
    before: str = "now",
    after: str = "after",
    *,
    verbose: bool = False,
    layout: Layout = PLAIN,
) -> list[str]:
    """Return the table, and a note of what is heard although it is declared to be silent; [] without rows."""
    heard = heard_text(rows)
    return [
        *([routing_text(rows, before, after, verbose=verbose, layout=layout)] if rows else []),
        *([paragraph(f"{marked(Mark.LABEL, 'Note:')} {heard}", layout)] if heard else []),
    ]


def losses_text(lost: Sequence[str], *, drift: bool = False) -> str:
    """Return a sentence that names what nobody receives after the plan, or since the `drift`; "" = that is nothing."""
    return _nobody("Nobody receives any more" if drift else "After this plan nobody receives", lost)


def outage_text(plan: View) -> str:
    """Return a sentence that names what nobody receives now, since a destination was changed outside; "" = nothing."""
    return _nobody("Nobody receives now, because of a change outside that this plan undoes", restored_alerts(plan))


def missed_text(missed: Sequence[str]) -> str:
    """Return a sentence that names what nobody receives now although it is declared; "" where that is nothing."""
    return _nobody("Declared, but received by nobody now", missed)


def end_heads(document: View) -> tuple[str, str]:
    """Return what heads the two sides of the table after a run that was not complete."""
    return "recorded" if document["routing_recorded"] else "now", _END_HEADS.get(document["command"], "as declared")


def alarm_text(sentence: str, layout: Layout) -> str:
    """Return a sentence of `losses_text` or `missed_text` as nobody can overlook it."""
    return "\n".join(marked(Mark.LOSS, line) for line in wrapped(sentence, layout=layout))


def _nobody(begin: str, alerts: Sequence[str]) -> str:
    if not alerts:
        return ""
    more = "; and more, below" if len(alerts) > _MOST_LOSSES else ""
    return f"{begin}: {'; '.join(alerts[:_MOST_LOSSES])}{more}."


def sides_text(row: View) -> list[str]:
    """Return who receives the alerts of a row before, and after."""
    return [" ".join(_words(row, side, verbose=False)) for side in ("before", "after")]


def heard_text(rows: Sequence[View]) -> str:
    """Return a note of what is declared to reach nobody and reaches somebody all the same; "" where nothing does."""
    told = [
        f"{joined(each['severities'])} ({alerts_text(each)}) reaches {' '.join(_names(each['after'], verbose=False))}"
        for each in rows
        if each["silent"] and each["after"]
    ]
    more = f"; and {len(told) - _MOST_LOSSES} more" if len(told) > _MOST_LOSSES else ""
    return f"though declared to reach nobody, {'; '.join(told[:_MOST_LOSSES])}{more}." if told else ""


def _words(row: View, side: Watched, *, verbose: bool) -> list[str]:
    """Return who receives the alerts on one side, in words between which a line may end."""
    if row[side]:
        return _names(row[side], verbose=verbose)
    return ["nobody,", "as", "declared"] if row["silent"] else ["nobody"]


def _names(names: Sequence[str], *, verbose: bool) -> list[str]:
    shown = names if verbose else names[:_MOST_NAMES]
    words = [f"{joined([each.removeprefix('destination.')])}," for each in shown]
    if len(shown) < len(names):
        return [*words, "and", str(len(names) - len(shown)), "more"]
    return [*words[:-1], words[-1][:-1]]
