"""Which output id is which destination, where no record says so: by what it was sent. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from blinkdecl.model.resource import ALERT_TYPES, SEVERITIES
from blinkdecl.routing.cells import masks_of
from blinkdecl.routing.receiver import Receiver
from blinkdecl.routing.tally import OutputTally, Tally

# A log type that no destination names, and what a sentence calls it.
_OTHER = "any other log"


@dataclass(frozen=True, slots=True)
class Unnamed:
    """An output id that no record has, and the declared destinations without one that fit all that it was sent.

    `evidence` = how many alerts say so. `is_certain` = exactly one fits, and it fits no other id, by alerts of which
    some are so old that it counts who did not get them, and are such that it must get. `would_tell` is an alert that
    only some of those that fit take, in words; "" = there is none, or nothing to tell apart.
    """

    id: str
    counts: OutputTally
    fits: tuple[Receiver, ...]
    evidence: int
    is_certain: bool = False
    would_tell: str = ""


def unnamed_outputs(tally: Tally, recorded: Iterable[str] = ()) -> tuple[Unnamed, ...]:
    """Return the output ids that no destination has, by id, without those that are `recorded` elsewhere."""
    known = {each.id for each in tally.receivers if each.id}.union(recorded)
    fits = {each: _fitting(tally, each) for each in sorted(tally.outputs.keys() - known)}
    taken = [place for places, _ in fits.values() for place in places]
    return tuple(
        Unnamed(
            output,
            tally.outputs[output],
            tuple(tally.receivers[place] for place in places),
            evidence,
            len(places) == 1 and taken.count(places[0]) == 1 and _is_proved(tally, output, places[0]),
            _would_tell([tally.receivers[place] for place in places]),
        )
        for output, (places, evidence) in fits.items()
    )


def _fitting(tally: Tally, output: str) -> tuple[tuple[int, ...], int]:
    """Return the places of the destinations without an id that nothing speaks against, and how many alerts spoke.

    An alert that its detection sends somewhere by name says nothing of a destination's own settings.
    """
    left = sum(1 << place for place, each in enumerate(tally.receivers) if not each.id)
    evidence = 0
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


def _is_proved(tally: Tally, output: str, place: int) -> bool:
    """Whether an output was sent a decided alert (as in `KindTally`) that the destination at a place must get.

    Others say what it takes, and not what it does not; and what a destination may get, any other may get as well.
    """
    kinds = (each for each in tally.kinds.values() if each.expected.by_settings and each.expected.must >> place & 1)
    return any(each.decided_sent.get(output) for each in kinds)


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
