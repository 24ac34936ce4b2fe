"""Which output id is which destination, where no record says so: by what it was sent. Pure.

A destination that was deleted and made anew in the console has a new id, and its recorded one gets nothing any more:
it is looked for like one that has no id yet.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Literal

from blinkdecl.model.resource import ALERT_TYPES, SEVERITIES
from blinkdecl.routing.cells import masks_of
from blinkdecl.routing.receiver import Receiver
from blinkdecl.routing.tally import OutputTally, Tally

# Why the only destination that fits an output id may be another one nevertheless.
Uncertainty = Literal["another-id", "too-new", "not-owed"]
# A log type that no destination names, and what a sentence calls it.
_OTHER = "any other log"


@dataclass(frozen=True, slots=True)
class Unnamed:
    """An output id that no record has, and the declared destinations that fit all that it was sent.

    Those are tried that have no id, or one that was sent nothing although alerts should have come. `evidence` = how
    many alerts say so. `is_certain` = exactly one fits, and nothing makes that uncertain: `uncertainty` = it fits
    another id as well, all alerts are too new for it to count who did not get them, or it need not have got any.
    `would_tell` is an alert that only some of those that fit take, in words; "" = there is none, or nothing to tell
    apart.
    """

    id: str
    counts: OutputTally
    fits: tuple[Receiver, ...]
    evidence: int
    uncertainty: Uncertainty | None = None
    would_tell: str = ""

    @property
    def is_certain(self) -> bool:
        """Whether it is known which destination it is."""
        return len(self.fits) == 1 and self.uncertainty is None


def unnamed_outputs(tally: Tally, recorded: Iterable[str] = ()) -> tuple[Unnamed, ...]:
    """Return the output ids that no destination has, by id, without those that are `recorded` elsewhere."""
    known = {each.id for each in tally.receivers if each.id}.union(recorded)
    wanted = _wanted(tally)
    fits = {each: _fitting(tally, each, wanted) for each in sorted(tally.outputs.keys() - known)}
    taken = [place for places, _ in fits.values() for place in places]
    return tuple(
        Unnamed(
            output,
            tally.outputs[output],
            tuple(tally.receivers[place] for place in places),
            evidence,
            _uncertainty(tally, output, places[0], taken) if len(places) == 1 else None,
            _would_tell([tally.receivers[place] for place in places]),
        )
        for output, (places, evidence) in fits.items()
    )


def _wanted(tally: Tally) -> int:
    """Return which destinations have no id, or one that got nothing although alerts should have come, as a mask."""
    missing = {place for each in tally.kinds.values() for place in each.missing}
    return sum(
        1 << place
        for place, each in enumerate(tally.receivers)
        if not each.id or (each.id not in tally.outputs and place in missing)
    )


def _fitting(tally: Tally, output: str, wanted: int) -> tuple[tuple[int, ...], int]:
    """Return the places of the `wanted` destinations that nothing speaks against, and how many alerts spoke.

    An alert that its detection sends somewhere by name says nothing of a destination's own settings.
    """
    left, evidence = wanted, 0
    for each in tally.kinds.values():
        if not each.expected.by_settings:
            continue
        sent = each.sent.get(output)
        evidence += sent.count if sent else 0
        if sent:
            left &= each.expected.may
        if each.decided > each.decided_sent.get(output, 0):
            left &= ~each.expected.must
    places = tuple(place for place in range(len(tally.receivers)) if left >> place & 1)
    return (places, evidence) if evidence else ((), 0)


def _uncertainty(tally: Tally, output: str, place: int, taken: Sequence[int]) -> Uncertainty | None:
    """Return why the only destination that fits, the one at `place`, may not be the right one; None = it is.

    `taken` = the places of all that fit any output. Alerts that are not decided (as in `KindTally`) say what an output
    takes, and not what it does not; and what a destination may get, any other may get as well.
    """
    if taken.count(place) > 1:
        return "another-id"
    decided = [each for each in tally.kinds.values() if each.expected.by_settings and each.decided_sent.get(output)]
    if not decided:
        return "too-new"
    return None if any(each.expected.must >> place & 1 for each in decided) else "not-owed"


def _would_tell(receivers: Sequence[Receiver]) -> str:
    """Return an alert that some of these take and others do not."""
    if len(receivers) < 2:
        return ""
    return next(_apart(receivers), "")


def _apart(receivers: Sequence[Receiver]) -> Iterator[str]:
    names = [str(each.address) for each in receivers]
    logs = list(dict.fromkeys((*(log for each in receivers for log in each.log_types), _OTHER)))
    masks, everybody = masks_of(receivers, names, logs), (1 << len(names)) - 1
    for severity, alert_type in product(reversed(SEVERITIES), ALERT_TYPES):
        for log, mask in masks.cells(severity, alert_type):
            if 0 < mask < everybody:
                some = [name for place, name in enumerate(names) if mask >> place & 1]
                told = f" from {log}" if log is not None else ""
                yield f"{severity} {alert_type} alert{told}, which of these only {' and '.join(some)} would get"
