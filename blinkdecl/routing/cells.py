"""Which destinations get which alerts, all at once. Pure.

Every alert that the destinations' own settings route falls into one cell: severity x alert type x log type, where the
log types are those that a destination or rule names, and "any other". Policies and system errors have no log type: only
destinations that take every log get them. System errors are always CRITICAL: their other cells do not occur, and hold
the same destinations, whose severities do not matter. What is said of alerts leaves these cells out (`occurs`), so that
nobody reads of system errors that are LOW. For each severity, type and log type, one bit mask says which destinations
accept it; the destinations of a cell are the bits that its three masks have in common. So ten thousand destinations
cost ten thousand steps, and only masks are combined for every cell.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import compress

from blinkdecl.model.resource import ALERT_TYPES, LOGLESS, SEVERITIES, SYSTEM_ERROR
from blinkdecl.routing.receiver import Receiver

_MANY = 32
_AS_FLAGS = bytes.maketrans(b"01", b"\0\1")


def label_of(receiver: Receiver) -> str:
    """Return what a row calls a destination: its address, or its display name if it is not managed here."""
    return receiver.address or f'"{receiver.display_name}"'


@dataclass(frozen=True, slots=True)
class Masks:
    """Which destinations accept each severity, each alert type, each log type, and alerts from any log or none."""

    severity: dict[str, int]
    type: dict[str, int]
    log: dict[str, int]
    every_log: int

    def cells(self, severity: str, alert_type: str) -> Iterator[tuple[str | None, int]]:
        """Yield each log type (None = there is none) with the destinations that get such alerts."""
        both = self.accepting(severity, alert_type)
        if alert_type in LOGLESS:
            yield None, both & self.every_log
            return
        for log, mask in self.log.items():
            yield log, both & mask

    def of(self, severity: str, alert_type: str, log: str | None = None) -> int:
        """Return the destinations of one cell; `log` None = logs that no destination names, or none at all."""
        return self.accepting(severity, alert_type) & (self.every_log if log is None else self.log[log])

    def accepting(self, severity: str, alert_type: str) -> int:
        """Return the destinations that get such alerts from some log at least."""
        mask = self.type[alert_type]
        return mask if alert_type == SYSTEM_ERROR else mask & self.severity[severity]


def masks_of(receivers: Iterable[Receiver], names: Sequence[str], logs: Sequence[str]) -> Masks:
    """Return the masks of these destinations: bit n is the n-th of `names`; `logs` are the log types to tell apart."""
    index = {name: position for position, name in enumerate(names)}
    alike: dict[tuple[tuple[str, ...], ...], list[int]] = defaultdict(list)  # most destinations are like others
    for each in receivers:
        alike[each.severities, each.alert_types, each.log_types].append(index[label_of(each)])
    found: dict[tuple[str, str], list[int]] = defaultdict(list)
    masks: dict[tuple[str, str], int] = defaultdict(int)
    for (severities, alert_types, log_types), numbers in alike.items():
        keys = [("severity", each) for each in severities]
        keys += [("type", each) for each in alert_types or ("",)]
        keys += [("log", each) for each in log_types or ("",)]
        if len(numbers) < _MANY:
            for key in keys:
                found[key] += numbers
        else:  # each bit is set once, and not once for each key, in a third of the time
            together = mask_of(numbers, len(names))
            for key in keys:
                masks[key] |= together
    for key, bits in found.items():
        masks[key] |= mask_of(bits, len(names))
    every_type, every_log = masks.get(("type", ""), 0), masks.get(("log", ""), 0)
    return Masks(
        {each: masks.get(("severity", each), 0) for each in SEVERITIES},
        {each: masks.get(("type", each), 0) | every_type for each in ALERT_TYPES},
        {each: masks.get(("log", each), 0) | every_log for each in logs},
        every_log,
    )


def pairs(old: Masks, new: Masks) -> set[tuple[int, int]]:
    """Return which destinations get a cell before and after, each pair once for all cells that it is the answer of."""
    return {
        (was, becomes)
        for severity in SEVERITIES
        for alert_type in ALERT_TYPES
        for (_, was), (_, becomes) in zip(old.cells(severity, alert_type), new.cells(severity, alert_type), strict=True)
    }


def mask_of(bits: Iterable[int], count: int) -> int:
    """Return the mask, of `count` bits at most, with these bits set."""
    octets = bytearray(count // 8 + 1)
    for bit in bits:
        octets[bit >> 3] |= 1 << (bit & 7)
    return int.from_bytes(octets, "little")


def members(mask: int, names: Sequence[str]) -> tuple[str, ...]:
    """Return the names whose bits are set."""
    return tuple(names[bit] for bit in bits_of(mask))


def bits_of(mask: int) -> Iterator[int]:
    """Yield which bits are set, the lowest first.

    A few are taken from the number one by one; each copies it, which takes 280 ms for 100,000 of 100,000. Many are read
    from all of its digits, which takes 1 ms however many are set.
    """
    if mask.bit_count() >= _MANY:
        digits = f"{mask:b}".encode()[::-1].translate(_AS_FLAGS)
        yield from compress(range(len(digits)), digits)
        return
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest
