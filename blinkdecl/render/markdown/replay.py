"""The alerts of a time over a plan, as parts of its page."""

from collections.abc import Iterator

from blinkdecl.render.markdown import code_cell, escaped
from blinkdecl.render.markdown.blocks import alert
from blinkdecl.render.markdown.page import PageOptions
from blinkdecl.render.text.replay import (
    amount_text,
    changing,
    detections_text,
    headline,
    possible_text,
    rate,
    remarks,
    unheard_text,
)
from blinkdecl.render.view.parts import View


def unheard_box(plan: View) -> list[str]:
    """Return which alerts nobody would have received, as nobody can overlook it."""
    text = unheard_text(plan["replay"]) if "replay" in plan else ""
    return alert("CAUTION", text) if text else []


def replay_table(plan: View, options: PageOptions) -> Iterator[str]:
    """Yield the destinations that would have got other alerts, and what is not known."""
    if "replay" not in plan:
        return
    found, rows = plan["replay"], changing(plan["replay"])
    yield from ("", escaped(f"Replayed: {headline(found)}"))
    if rows:
        yield from ("", "| Alerts a day | Now | After | No longer gets | Gets in addition |", "|---|---|---|---|---|")
    for each in rows[: options.room.rows]:
        rates = [escaped(f"{rate(each[side])}{possible_text(each[side])}") for side in ("before", "after")]
        differences = [_difference(each[side]) for side in ("leaving", "reaching")]
        yield f"| {' | '.join((code_cell(each['name']), *rates, *differences))} |"
    if len(rows) > options.room.rows:
        yield from ("", f"and {len(rows) - options.room.rows} more.")
    if told := [f"- {escaped(each)}" for each in remarks(found)]:
        yield from ("", *told)


def _difference(share: View) -> str:
    amount = amount_text(share)
    return escaped(f"{amount}: {detections_text(share)}") if amount else ""
