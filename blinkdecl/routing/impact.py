"""What a plan changes about who gets which alerts. Pure.

Cells (`blinkdecl.routing.cells`) with the same destinations before and after are one row.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from blinkdecl.model.configuration import Silence
from blinkdecl.model.live import LiveObject, observed
from blinkdecl.model.plan import OTHER, Action, Change, RoutingRow
from blinkdecl.model.resource import SEVERITIES, SYSTEM_ERROR, Attributes, types_at
from blinkdecl.model.state import Recorded, RecordedSecret
from blinkdecl.routing.cells import Masks, label_of, masks_of, members
from blinkdecl.routing.receiver import KnownPaths, Receiver, Secrets, receiver_of, values_of, workspaces_of
from blinkdecl.routing.silence import is_silent, named_logs

# The attributes that decide who gets an alert.
ROUTING = frozenset(("severities", "alert_types", "log_types"))

# The secrets that stand for a URL.
_LEADING = ("url", "webhook_url")

# The destinations before and after.
Sides = tuple[tuple[Receiver, ...], tuple[Receiver, ...]]


def impact(
    before: Sequence[Receiver], after: Sequence[Receiver], silences: Sequence[Silence] = ()
) -> tuple[RoutingRow, ...]:
    """Return who gets which alerts, before and after; nothing if nothing changes.

    In order: alerts that no longer reach anybody, other losses, gains, what nobody gets either way, and what nobody
    is meant to get. Cells with the same answer are one row.
    """
    names = sorted({label_of(each) for each in (*before, *after)})
    logs = (*sorted({log for each in (*before, *after) for log in each.log_types} | set(named_logs(silences))), OTHER)
    old, new = (masks_of(side, names, logs) for side in (before, after))
    if old == new:
        return ()
    rows = [
        RoutingRow(severities, types, kept, members(was, names), members(becomes, names), silent)
        for severities, types, (kept, was, becomes, silent) in _rows(old, new, silences)
        if was != becomes or not was
    ]
    return tuple(sorted(rows, key=_order))


def plan_impact(
    changes: Iterable[Change],
    live: Iterable[LiveObject],
    recorded: Mapping[str, Recorded],
    silences: Sequence[Silence] = (),
) -> tuple[RoutingRow, ...]:
    """Return the impact of a plan's changes on what is live; `recorded` is by the addresses after moves."""
    return impact(*made_sides(changes, live, recorded), silences)


def made_sides(changes: Iterable[Change], live: Iterable[LiveObject], recorded: Mapping[str, Recorded]) -> Sides:
    """Return the sides of what is made of a plan: what is let go receives what it did.

    Both are empty where nothing is made: then nobody is said to receive anything else.
    """
    made = [each for each in changes if each.action is not Action.FORGET]
    return plan_sides(made, live, recorded) if any(each.calls_provider for each in made) else ((), ())


def plan_sides(changes: Iterable[Change], live: Iterable[LiveObject], recorded: Mapping[str, Recorded]) -> Sides:
    """Return every destination as it is, and as it is after these changes, whether managed here or not."""
    changes = tuple(changes)
    adopted = {each.id: each.address for each in changes if each.action is Action.ADOPT}
    was, becomes = _paths(recorded, changes)
    before = _live(live, recorded, adopted, was)
    after = dict(before)
    for each in changes:
        if each.kind != "destination":
            continue
        key = each.id or each.address
        if each.action is Action.DELETE:
            after.pop(key, None)
        elif each.action is Action.FORGET and key in before:  # let go: it stays, and is not managed here
            after[key] = replace(before[key], address=None)
        elif each.after is not None and (each.calls_provider or key in before):
            after[key] = receiver_of(each.address, each.id, each.after, _secrets(each, recorded), becomes)
    return tuple(before.values()), tuple(after.values())


def _paths(recorded: Mapping[str, Recorded], changes: Iterable[Change] = ()) -> tuple[KnownPaths, KnownPaths]:
    """Return where webhooks lead before and after; what is declared now of a trigger says it also of the time before.

    A value that is not recorded is taken for the one that its reference has now, and the other way round.
    """
    changes = tuple(changes)
    held = values_of(each.secrets for each in recorded.values())
    given = values_of({secret.name: secret.after for secret in each.secrets} for each in changes)
    was, becomes = {**given, **held}, {**held, **given}
    triggers: dict[str, tuple[Attributes, Secrets]] = {
        address: (each.attributes, each.secrets) for address, each in recorded.items() if each.kind == "trigger"
    }
    workspaces = workspaces_of(triggers.values(), was)
    for each in changes:
        if each.kind != "trigger":
            continue
        if each.after is not None:
            triggers[each.address] = each.after, _secrets(each, recorded)
        else:
            triggers.pop(each.address, None)
    workspaces |= workspaces_of(triggers.values(), becomes)
    return KnownPaths(was, workspaces), KnownPaths(becomes, workspaces)


def _secrets(change: Change, recorded: Mapping[str, Recorded]) -> dict[str, RecordedSecret]:
    """Return the secrets that an object has after a change and that say where its alerts go."""
    record = recorded.get(change.address)
    known = {name: each for name, each in record.secrets.items() if name in _LEADING} if record is not None else {}
    return known | {each.name: each.after for each in change.secrets if each.name in _LEADING}


def drift_impact(
    was: Sequence[Receiver], is_: Sequence[Receiver], silences: Sequence[Silence] = ()
) -> tuple[RoutingRow, ...]:
    """Return who gets different alerts from what is recorded."""
    return tuple(row for row in impact(was, is_, silences) if row.changed)


def end_sides(
    changes: Iterable[Change],
    before: tuple[Iterable[LiveObject], Mapping[str, Recorded]],
    now: tuple[Iterable[LiveObject], Mapping[str, Recorded]],
    adopted: Mapping[str | None, str],
) -> Sides:
    """Return every destination as it is now, after these changes were tried, and as they were to leave it.

    `before` and `now` are what was, and is, live and recorded; `adopted` = the addresses of objects that are ours and
    not recorded yet, by id.
    """
    changes = tuple(changes)
    found = _live(now[0], now[1], adopted, _paths(now[1], changes)[0])
    return tuple(found.values()), plan_sides(changes, *before)[1]


def shortfall(
    now: Sequence[Receiver], declared: Sequence[Receiver], silences: Sequence[Silence] = ()
) -> tuple[RoutingRow, ...]:
    """Return who gets which alerts now (`before`) and as declared (`after`), in order: what nobody gets, other losses,
    and what somebody still gets."""
    rows = (row for row in impact(declared, now, silences) if row.changed)
    return tuple(replace(row, before=row.after, after=row.before) for row in rows)


def drift_sides(recorded: Mapping[str, Recorded], live: Iterable[LiveObject]) -> Sides:
    """Return every destination as it is recorded and as it is; what is not managed here is in both."""
    paths = _paths(recorded)[0]
    is_ = _live(live, recorded, {}, paths)
    ours = {
        each.id: receiver_of(address, each.id, each.attributes, each.secrets, paths)
        for address, each in recorded.items()
        if each.id
    }
    return tuple({**is_, **ours}.values()), tuple(is_.values())


def live_receivers(recorded: Mapping[str, Recorded], live: Iterable[LiveObject]) -> tuple[Receiver, ...]:
    """Return every destination as it is."""
    return tuple(_live(live, recorded, {}, _paths(recorded)[0]).values())


def _live(
    live: Iterable[LiveObject],
    recorded: Mapping[str, Recorded],
    adopted: Mapping[str | None, str],
    paths: KnownPaths,
) -> dict[str, Receiver]:
    """Return what is live by id; what cannot be read of a recorded destination is taken from the record."""
    addresses = {each.id: address for address, each in recorded.items()}
    found = {}
    for each in live:
        address = addresses.get(each.id)
        if address is None:
            found[each.id] = receiver_of(adopted.get(each.id), each.id, each.attributes, paths=paths)
            continue
        record = recorded[address]
        found[each.id] = receiver_of(address, each.id, observed(record.attributes, each), record.secrets, paths)
    return found


_Logs = tuple[str, ...] | None
# Log types, the destinations before and after, and whether nobody is meant to get these alerts.
_Answer = tuple[_Logs, int, int, bool]


def _rows(
    old: Masks, new: Masks, silences: Sequence[Silence]
) -> Iterator[tuple[tuple[str, ...], tuple[str, ...], _Answer]]:
    """Yield (severities, alert types, answer): equal log types are joined first, then types, then severities.

    System errors occur as CRITICAL alone. A row of theirs and of other types takes in other severities of which these
    other types have the same answer: "every alert type" is as true of them.
    """
    by_answer: dict[tuple[tuple[str, ...], _Answer], list[str]] = defaultdict(list)
    for severity in reversed(SEVERITIES):
        by_split: dict[frozenset[_Answer], list[str]] = defaultdict(list)
        for alert_type in types_at([severity]):
            by_split[_split(old, new, severity, alert_type, silences)].append(alert_type)
        for split, types in by_split.items():
            for answer in split:
                wider = (*types, SYSTEM_ERROR), answer
                by_answer[wider if wider in by_answer else (tuple(types), answer)].append(severity)
    for (alert_types, answer), severities in by_answer.items():
        yield tuple(severities), alert_types, answer


def _split(old: Masks, new: Masks, severity: str, alert_type: str, silences: Sequence[Silence]) -> frozenset[_Answer]:
    """Return which log types of one severity and type have which destinations before and after."""
    found: dict[tuple[int, int, bool], list[str]] = defaultdict(list)
    for (log, was), (_, becomes) in zip(old.cells(severity, alert_type), new.cells(severity, alert_type), strict=True):
        silent = bool(silences) and is_silent(silences, severity, alert_type, (log,) if log else ())
        found[was, becomes, silent].append(log or "")
    return frozenset((tuple(kept) if len(found) > 1 else None, *answer) for answer, kept in found.items())


def _order(row: RoutingRow) -> tuple[int, int, tuple[int, ...], tuple[str, ...]]:
    lost, gained = set(row.before) - set(row.after), set(row.after) - set(row.before)
    rank = 4 if row.silent else 0 if lost and not row.after else 1 if lost else 2 if gained else 3
    gravity = tuple(-SEVERITIES.index(each) for each in row.severities)
    return rank, gravity[0], gravity, (*row.alert_types, *(row.log_types or ()))
