"""What really happened, as Markdown: destinations that lose alerts or are not as declared first."""

from collections.abc import Iterator

from blinkdecl.render.markdown import code, code_cell, escaped
from blinkdecl.render.markdown.blocks import Alert, folded, listed_whole, place_link
from blinkdecl.render.markdown.page import PageOptions, Section, Whole, page
from blinkdecl.render.text.observation import (
    counts_text,
    deviation_texts,
    headline,
    last_text,
    not_compared,
    not_observed_text,
    state_of,
    unknown_text,
)
from blinkdecl.render.view.parts import View

_WORST = ("fails", "differs", "not known", "as declared")


def observation_markdown(document: View, options: PageOptions) -> str:
    """Return the page: what is lost and what differs whole, the table of all, what is not known."""
    entries = sorted(document["destinations"], key=lambda each: (_WORST.index(state_of(each)), each["address"]))
    parts: list[Section | Whole] = []
    boxes: tuple[tuple[str, Alert, str], ...] = (
        ("fails", "CAUTION", "Alerts were lost"),
        ("differs", "WARNING", "Not as declared"),
    )
    for state, box, head in boxes:
        some = [each for each in entries if state_of(each) == state]
        items = [f"{code(each['address'])}: {escaped(counts_text(each))}" for each in some]
        parts.append(listed_whole(box, f"{head} ({len(some)}):", items, [each["address"] for each in some]))
    parts += [
        Section(["", escaped(headline(document))]),
        Section(_table(entries, options), 2),
        Section(_unknown(document)),
        Section(_deviations(entries), 3),
        Section(_left_open(document)),
    ]
    states = [state_of(each) for each in entries]
    told = ", ".join(f"{states.count(each)} {each}" for each in _WORST if each in states) or "no destination"
    return page(f"Observed{escaped(options.where)}: {told}", parts, options)


def _deviations(entries: list[View]) -> Iterator[str]:
    lines = [
        f"- {code(entry['address'])}: {escaped(told)}"
        for entry in entries
        for told in deviation_texts(entry, len(entry["deviations"]))
    ]
    if lines:
        yield from folded("What is not as declared", lines)


def _table(entries: list[View], options: PageOptions) -> Iterator[str]:
    if entries:
        yield from ("", "| Destination | State | Alerts | Last | Declared at |", "|---|---|---|---|---|")
    for each in entries[: options.room.rows]:
        cells = (code_cell(each["address"]), state_of(each), escaped(counts_text(each)), escaped(last_text(each)))
        yield f"| {' | '.join(cells)} | {place_link(each['position'], options, cell=True)} |"
    if len(entries) > options.room.rows:
        yield from ("", f"and {len(entries) - options.room.rows} more.")


def _unknown(document: View) -> Iterator[str]:
    if document["unknown"]:
        yield from ("", "Output ids that no record has:", "")
        yield from (f"- {escaped(unknown_text(each))}" for each in document["unknown"])


def _left_open(document: View) -> Iterator[str]:
    lines = [f"- {escaped(each)}" for each in not_compared(document)]
    seen = (each for each in document["destinations"] if each["output_id"] is not None)
    lines += (f"- {code(each['address'])}: {escaped(told)}" for each in seen if (told := not_observed_text(each)))
    if lines:
        yield from folded("What this does not tell", lines)
