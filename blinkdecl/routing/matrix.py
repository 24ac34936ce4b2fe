"""Who receives what: every cell (`blinkdecl.routing.cells`) with its destinations, equal lines joined. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from blinkdecl.model.configuration import Silence
from blinkdecl.model.plan import OTHER
from blinkdecl.model.resource import ALERT_TYPES, SEVERITIES, SYSTEM_ERROR, occurs
from blinkdecl.routing.cells import label_of, masks_of, members
from blinkdecl.routing.receiver import Receiver
from blinkdecl.routing.silence import is_silent, named_logs

# The most severe first.
COLUMNS = tuple(reversed(SEVERITIES))
_CRITICAL = COLUMNS[0]
# Before the label of a destination: which side it is of.
_BEFORE, _AFTER = "-", "+"
# Which log types have which destinations: for each of `COLUMNS` a mask, and whether nobody is meant to have them.
_Vector = tuple[tuple[int, bool], ...]
_Part = tuple[tuple[str, ...] | None, _Vector]


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """Alert types and log types with the same destinations: for each of `COLUMNS` their names, in order.

    `log_types` None = whatever the log type, or none; `OTHER` stands for each that no destination names.
    `silent` are the severities at which these alerts are declared to reach nobody, `broken` those at which a coverage
    rule asks for more (`blinkdecl.routing.gaps.marked`).
    """

    alert_types: tuple[str, ...]
    log_types: tuple[str, ...] | None
    destinations: tuple[tuple[str, ...], ...]
    silent: tuple[str, ...] = ()
    broken: tuple[str, ...] = ()


def matrix(receivers: Sequence[Receiver], silences: Sequence[Silence] = ()) -> tuple[MatrixRow, ...]:
    """Return the lines in the order of Panther's alert types; every cell is in exactly one."""
    names = sorted({label_of(each) for each in receivers})
    logs = (*sorted({log for each in receivers for log in each.log_types} | set(named_logs(silences))), OTHER)
    masks = masks_of(receivers, names, logs)
    alike: dict[tuple[_Part, ...], list[str]] = defaultdict(list)
    for alert_type in ALERT_TYPES:
        columns = [tuple(masks.cells(severity, alert_type)) for severity in COLUMNS]
        parts: dict[_Vector, list[str]] = defaultdict(list)
        for cells in zip(*columns, strict=True):
            log = cells[0][0] or ""
            occurring = [each if occurs(each, alert_type) else _CRITICAL for each in COLUMNS]
            told = [is_silent(silences, each, alert_type, (log,) if log else ()) for each in occurring]
            parts[tuple(zip((mask for _, mask in cells), told, strict=True))].append(log)
        whole = len(parts) == 1
        line = tuple((None if whole else tuple(kept), vector) for vector, kept in parts.items())
        alike[_line_of_system_errors(alike, line) if alert_type == SYSTEM_ERROR else line].append(alert_type)
    return tuple(
        MatrixRow(
            tuple(alert_types),
            kept,
            tuple(members(mask, names) for mask, _ in vector),
            tuple(severity for severity, (_, told) in zip(COLUMNS, vector, strict=True) if told),
        )
        for parts_, alert_types in alike.items()
        for kept, vector in parts_
    )


def _line_of_system_errors(lines: Iterable[tuple[_Part, ...]], own: tuple[_Part, ...]) -> tuple[_Part, ...]:
    """Return the line that system errors are in: one with their destinations in the column of CRITICAL, or their own.

    There are none of other severities, so that a line says nothing of them in its other columns, and their own one has
    the same destinations in each.
    """
    [(_, (critical, *_))] = own
    return next((each for each in lines if len(each) == 1 and each[0][1][0] == critical), own)


def matrix_of_both(
    before: Iterable[Receiver], after: Iterable[Receiver], silences: Sequence[Silence] = ()
) -> tuple[tuple[MatrixRow, ...], tuple[tuple[tuple[str, ...], ...], ...]]:
    """Return the lines of two sides as they are after, and for each the names before: a cell has one line for both."""
    sides = [
        replace(each, address=f"{mark}{label_of(each)}")
        for mark, side in ((_BEFORE, before), (_AFTER, after))
        for each in side
    ]
    rows, had = [], []
    for row in matrix(sides, silences):
        was, becomes = (
            tuple(tuple(name[1:] for name in names if name[0] == mark) for names in row.destinations)
            for mark in (_BEFORE, _AFTER)
        )
        rows.append(replace(row, destinations=becomes))
        had.append(was)
    return tuple(rows), tuple(had)
