"""When a destination was last proved: by the alerts that Panther delivered to it, and by its last test alert. Pure."""

from collections.abc import Iterator, Sequence

from blinkdecl.render.safe import one_line
from blinkdecl.render.text.layout import Layout, moment, wrapped
from blinkdecl.render.view.parts import View

_MOST = 10


def last_delivery_text(last: View) -> str:
    """Return when an alert was last delivered, and when one last was not."""
    told = []
    if last["success"]:
        told.append(f"delivered {moment(last['success'])}")
    if last["failure"]:
        told.append(f"failed {moment(last['failure'])} with HTTP {last['status']}")
    return ", ".join(told) or f"none observed until {moment(last['until'])}"


def last_test_text(last: View) -> str:
    """Return what became of the last test alert."""
    return f"{'delivered' if last['delivered'] else 'failed'} {moment(last['at'])}"


def fails(entry: View) -> bool:
    """Whether the last that is known of a destination is a failure, of an alert or of a test alert."""
    last, test = entry["last_delivery"], entry["last_test"]
    if test is not None and not test["delivered"]:
        return True
    return last is not None and last["failure"] is not None and last["failure"] > (last["success"] or "")


def proof_words(entry: View) -> str:
    """Return what is known of one destination: its alerts, its last test alert, or that there was none."""
    told = []
    if entry["last_delivery"] is not None:
        told.append(f"alerts: {last_delivery_text(entry['last_delivery'])}")
    if entry["last_test"] is not None:
        told.append(f"test alert: {last_test_text(entry['last_test'])}")
    return "; ".join(told) or "never tested, and never observed"


def proofs_text(entries: Sequence[View], *, verbose: bool, layout: Layout) -> str:
    """Return when destinations were last proved, those that fail first; a few of them unless `verbose`."""
    return "\n".join(_lines(entries, layout, most=len(entries) if verbose else _MOST))


def in_order(entries: Sequence[View]) -> list[View]:
    """Return them as they are shown: those that fail, those of which nothing is known, and the others."""
    return sorted(entries, key=lambda each: (not fails(each), bool(each["last_test"] or each["last_delivery"])))


def _lines(entries: Sequence[View], layout: Layout, most: int) -> Iterator[str]:
    yield "When each was last proved:"
    for each in in_order(entries)[:most]:
        name = one_line(each["address"].removeprefix("destination."))
        yield from wrapped(f"{name}: {proof_words(each)}", "  ", "    ", layout)
    if len(entries) > most:
        yield f"  and {len(entries) - most} more, with -v"
