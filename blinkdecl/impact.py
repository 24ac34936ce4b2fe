"""What a plan changes about who gets which alerts. Pure.

Every alert that destinations' own settings route falls into one cell: severity x alert type x log type, where the log
types are those that some destination names, and "any other". Policies and system errors have no log type: only
destinations that take every log get them. For each severity, type and log type one bit mask says which destinations
accept it; the destinations of a cell are the three masks' common bits. So ten thousand destinations cost as many
steps, and the product of all is only walked over masks.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from blinkdecl.drift import observed
from blinkdecl.model import ALERT_TYPES, SEVERITIES, LiveObject, Recorded
from blinkdecl.plan import OTHER, Action, Change, Row, made_outside
from blinkdecl.routing import Receiver, receiver_of

# Alert types of things that have no log type.
LOGLESS = frozenset(("POLICY", "POLICY_ERROR", "SYSTEM_ERROR"))
_ROUTING = frozenset(("severities", "alert_types", "log_types"))


def impact(before: Sequence[Receiver], after: Sequence[Receiver]) -> tuple[Row, ...]:
    """Return who gets which alerts, before and after: what reaches nobody any more, other losses, gains, and what
    nobody gets either way. Cells with the same answer are one row. Nothing where nothing changes."""
    names = sorted({name_of(each) for each in (*before, *after)})
    logs = (*sorted({log for each in (*before, *after) for log in each.log_types}), OTHER)
    old, new = (_masks(side, names, logs) for side in (before, after))
    if old == new:
        return ()
    rows = [
        Row(severities, types, kept, _listed(was, names), _listed(becomes, names))
        for severities, types, (kept, was, becomes) in _rows(old, new)
        if was != becomes or not was
    ]
    return tuple(sorted(rows, key=_order))


def plan_impact(
    changes: Iterable[Change], live: Iterable[LiveObject], recorded: Mapping[str, Recorded]
) -> tuple[Row, ...]:
    """Return the impact of a plan's changes on what is live; `recorded` stands under the addresses after moves."""
    made = [each for each in changes if made_outside(each) and _matters(each)]
    if not made:
        return ()
    adopted = {each.id: each.address for each in made if each.action is Action.ADOPT}
    before = _live(live, recorded, adopted)
    after = dict(before)
    for each in made:
        key = each.id or each.address
        if each.action is Action.DELETE:
            after.pop(key, None)
        elif each.after is not None:
            after[key] = receiver_of(each.address, each.id, each.after)
    return impact(tuple(before.values()), tuple(after.values()))


def drift_impact(recorded: Mapping[str, Recorded], live: Iterable[LiveObject]) -> tuple[Row, ...]:
    """Return who gets which alerts by what is recorded, and by what is live; what nothing manages counts in both."""
    is_ = _live(live, recorded, {})
    ours = {each.id: receiver_of(address, each.id, each.attributes) for address, each in recorded.items() if each.id}
    was = {**is_, **ours}
    return tuple(row for row in impact(tuple(was.values()), tuple(is_.values())) if row.changed)


def _live(
    live: Iterable[LiveObject], recorded: Mapping[str, Recorded], adopted: Mapping[str | None, str]
) -> dict[str, Receiver]:
    """Return what is live by id; what cannot be read of a recorded one is as recorded."""
    addresses = {each.id: address for address, each in recorded.items()}
    found = {}
    for each in live:
        address = addresses.get(each.id)
        attributes = observed(recorded[address].attributes, each) if address is not None else each.attributes
        found[each.id] = receiver_of(address or adopted.get(each.id), each.id, attributes)
    return found


def _matters(change: Change) -> bool:
    """Whether a change may give other alerts to its destination."""
    return change.action is not Action.UPDATE or any(each.name in _ROUTING for each in change.differences)


def name_of(receiver: Receiver) -> str:
    """Return what a row calls a destination: its address, or its display name where nothing here manages it."""
    return receiver.address or f'"{receiver.display_name}"'


@dataclass(frozen=True, slots=True)
class _Masks:
    """Which destinations accept each severity, each alert type, each log type, and whatever log there is or is not."""

    severity: dict[str, int]
    type: dict[str, int]
    log: dict[str, int]
    every_log: int

    def cells(self, severity: str, alert_type: str) -> Iterator[tuple[str | None, int]]:
        """Yield each log type (None = there is none) with the destinations that get such alerts."""
        both = self.severity[severity] & self.type[alert_type]
        if alert_type in LOGLESS:
            yield None, both & self.every_log
            return
        for log, mask in self.log.items():
            yield log, both & mask


def _masks(receivers: Iterable[Receiver], names: Sequence[str], logs: Sequence[str]) -> _Masks:
    index = {name: position for position, name in enumerate(names)}
    found: dict[tuple[str, str], list[int]] = defaultdict(list)
    for each in receivers:
        bit = index[name_of(each)]
        for severity in each.severities:
            found["severity", severity].append(bit)
        for alert_type in each.alert_types or ("",):
            found["type", alert_type].append(bit)
        for log in each.log_types or ("",):
            found["log", log].append(bit)
    masks = {key: _mask(bits, len(names)) for key, bits in found.items()}
    every_type, every_log = masks.get(("type", ""), 0), masks.get(("log", ""), 0)
    return _Masks(
        {each: masks.get(("severity", each), 0) for each in SEVERITIES},
        {each: masks.get(("type", each), 0) | every_type for each in ALERT_TYPES},
        {each: masks.get(("log", each), 0) | every_log for each in logs},
        every_log,
    )


def _mask(bits: Iterable[int], count: int) -> int:
    octets = bytearray(count // 8 + 1)
    for bit in bits:
        octets[bit >> 3] |= 1 << (bit & 7)
    return int.from_bytes(octets, "little")


_Logs = tuple[str, ...] | None
# Log types, and the destinations before and after.
_Answer = tuple[_Logs, int, int]


def _rows(old: _Masks, new: _Masks) -> Iterator[tuple[tuple[str, ...], tuple[str, ...], _Answer]]:
    """Yield (severities, alert types, answer): equal log types are joined first, then types, then severities."""
    by_answer: dict[tuple[tuple[str, ...], _Answer], list[str]] = defaultdict(list)
    for severity in reversed(SEVERITIES):
        by_split: dict[frozenset[_Answer], list[str]] = defaultdict(list)
        for alert_type in ALERT_TYPES:
            by_split[_split(old, new, severity, alert_type)].append(alert_type)
        for split, types in by_split.items():
            for answer in split:
                by_answer[tuple(types), answer].append(severity)
    for (alert_types, answer), severities in by_answer.items():
        yield tuple(severities), alert_types, answer


def _split(old: _Masks, new: _Masks, severity: str, alert_type: str) -> frozenset[_Answer]:
    """Return which log types of one severity and type have which destinations before and after."""
    found: dict[tuple[int, int], list[str]] = defaultdict(list)
    for (log, was), (_, becomes) in zip(old.cells(severity, alert_type), new.cells(severity, alert_type), strict=True):
        found[was, becomes].append(log or "")
    return frozenset((tuple(kept) if len(found) > 1 else None, *masks) for masks, kept in found.items())


def _listed(mask: int, names: Sequence[str]) -> tuple[str, ...]:
    found = []
    while mask:
        lowest = mask & -mask
        found.append(names[lowest.bit_length() - 1])
        mask ^= lowest
    return tuple(found)


def _order(row: Row) -> tuple[int, int, tuple[int, ...], tuple[str, ...]]:
    lost, gained = set(row.before) - set(row.after), set(row.after) - set(row.before)
    rank = 0 if lost and not row.after else 1 if lost else 2 if gained else 3
    gravity = tuple(-SEVERITIES.index(each) for each in row.severities)
    return rank, gravity[0], gravity, (*row.alert_types, *(row.log_types or ()))
