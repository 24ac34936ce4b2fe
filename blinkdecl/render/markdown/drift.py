"""Drift as Markdown, for a comment or an issue: who lost alerts, what is wrong, what was deleted, what was changed."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from blinkdecl.render.markdown import code, code_cell, escaped
from blinkdecl.render.markdown.blocks import (
    at_place,
    broken_rules,
    fenced,
    folded,
    listed_whole,
    losses,
    other_problems,
    place_link,
    problems,
    routing_table,
)
from blinkdecl.render.markdown.page import PageOptions, Section, Whole, page
from blinkdecl.render.markdown.plan import failed_markdown
from blinkdecl.render.text.drift import drift_blocks, not_applied_text, nothing_text, sum_text, unmanaged_text, ways_out
from blinkdecl.render.text.layout import Layout
from blinkdecl.render.text.marks import plain
from blinkdecl.render.text.values import without_value_text
from blinkdecl.render.view.parts import View

# The columns of a text of which Markdown makes lines itself.
_UNBROKEN = 100_000


def drift_markdown(plan: View, options: PageOptions) -> str:
    """Return what was changed outside, of its environment; the full text is folded."""
    options = replace(options, environment=plan["environment"])
    if plan["state"] is None:
        return failed_markdown(plan, options)
    total, told = plan["summary"], "none"
    if plan["resource_drift"]:
        told = f"{total['drift_changed']} changed, {total['drift_deleted']} deleted"
        told += f", {total['drift_waived']} waived" if total["drift_waived"] else ""
    return page(f"Drift{escaped(options.where)}: {told}", _sections(plan, options), options)


def _sections(plan: View, options: PageOptions) -> Iterator[Section | Whole]:
    told = plan["diagnostics"]
    drift = [each for each in plan["resource_drift"] if not each["waived"]]
    waived = [each for each in plan["resource_drift"] if each["waived"]]
    gone = [each for each in drift if each["kind"] == "deleted"]
    changed = [each for each in drift if each["kind"] != "deleted"]
    yield losses(plan["routing"], "Nobody receives any more:")
    yield broken_rules(told, options)
    yield Section(problems(told, options), 3)
    items = [f"{code(each['address'])}{at_place(each['position'], options)}" for each in gone]
    yield listed_whole("WARNING", f"Deleted outside ({len(gone)}):", items, [each["address"] for each in gone])
    yield Section(_table(changed, options), 2)
    yield Section(_sentences(plan, drift, waived, options.layout))
    yield Section(routing_table(plan["routing"], "Recorded", "Live"), 2)
    yield Section(_fold("What has changed", drift, options.layout), 3)
    yield Section(_fold("Waived", waived, options.layout))
    yield Section(_unmanaged(plan, options.layout))
    yield Section(other_problems(told, options))


def _table(changed: Sequence[View], options: PageOptions) -> Iterator[str]:
    if not changed:
        return
    yield from ("", "| Changed outside | What | By | Declared at |", "|---|---|---|---|")
    for each in changed[: options.room.rows]:
        what = escaped(", ".join(found["name"] for found in each["differences"]))
        at = place_link(each["position"], options, cell=True)
        yield f"| {code_cell(each['address'])} | {what} | {escaped(each['by'] or '')} | {at} |"
    if len(changed) > options.room.rows:
        yield from ("", f"and {len(changed) - options.room.rows} more.")


def _sentences(plan: View, drift: list[View], waived: list[View], layout: Layout) -> Iterator[str]:
    unbroken = replace(layout, width=_UNBROKEN)
    told = [] if drift else [nothing_text(plan, waived, unbroken)]
    told += [sum_text(plan, unbroken)] if plan["unverified"] else []
    for text in (*told, *([ways_out(drift, unbroken)] if drift else [])):
        yield from ("", _prose(plain(text)))
    if plan["not_applied"]:
        yield from ("", *fenced("", plain(not_applied_text(plan["not_applied"], layout))))


def _prose(text: str) -> str:
    """Return a sentence of ours, whose commands stand between backticks, with everything else of it as text."""
    parts = text.split("`")
    return "".join(code(part) if number % 2 else escaped(part) for number, part in enumerate(parts))


def _fold(title: str, drift: Sequence[View], layout: Layout) -> Iterator[str]:
    if drift:
        blocks = plain("\n\n".join(drift_blocks(drift, layout)))
        yield from folded(f"{title} ({len(drift)})", fenced("", blocks))


def _unmanaged(plan: View, layout: Layout) -> Iterator[str]:
    if plan["unmanaged"] or plan["summary"]["unmanaged_ignored"]:
        text = plain(unmanaged_text(plan, layout, verbose=True))
        yield from folded(f"Unmanaged ({len(plan['unmanaged'])})", fenced("", text))
    if plan["without_value"]:
        text = plain(without_value_text(plan, layout))
        yield from folded(f"Secrets without a value here ({len(plan['without_value'])})", fenced("", text))
