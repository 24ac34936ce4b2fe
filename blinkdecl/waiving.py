"""Drift that the configuration tolerates for a while (``drift.waive``). Pure: the day of today is given.

A waiver covers an address, or some attributes there, up to and including its last day. What it covers is still told,
apart from the rest, and no longer an exit code; apply undoes it as ever (``lifecycle.ignore_changes`` is what keeps a
difference). An expired waiver covers nothing: what it covered is drift again, and is told with it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from blinkdecl.configuration import Waiver
from blinkdecl.plan import Drift


def waive(drift: Iterable[Drift], waivers: tuple[Waiver, ...], today: str) -> tuple[Drift, ...]:
    """Return the drift, what is waived `today` (YYYY-MM-DD) split off into entries of its own."""
    if not waivers:
        return tuple(drift)
    return tuple(part for each in drift for part in _split(each, waivers, today))


def _split(drift: Drift, waivers: tuple[Waiver, ...], today: str) -> Iterator[Drift]:
    """Yield one entry for each waiver that covers something, and one for what none covers."""
    ours = [each for each in waivers if each.address == drift.address]
    rest: Drift | None = drift
    for waiver in ours:
        if rest is not None and waiver.until >= today and (covered := _part(rest, waiver, inside=True)) is not None:
            yield replace(covered, waiver=waiver, waived=True)
            rest = _part(rest, waiver, inside=False)
    if rest is not None:
        expired = [each for each in ours if each.until < today and _part(rest, each, inside=True) is not None]
        yield replace(rest, waiver=max(expired, key=lambda each: each.until)) if expired else rest


def _part(drift: Drift, waiver: Waiver, *, inside: bool) -> Drift | None:
    """Return what a waiver covers of the drift, or what it leaves. A deletion is only covered as a whole."""
    whole = not waiver.attributes
    if drift.kind == "deleted":
        return drift if whole == inside else None
    differences = tuple(each for each in drift.differences if (whole or each.name in waiver.attributes) == inside)
    rotated = tuple(each for each in drift.rotated if (whole or each in waiver.attributes) == inside)
    return replace(drift, differences=differences, rotated=rotated) if differences or rotated else None
