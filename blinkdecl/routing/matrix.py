"""Who receives what: every cell (`blinkdecl.routing.cells`) with its destinations, equal lines joined. Pure."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from blinkdecl.model.plan import OTHER
from blinkdecl.model.resource import ALERT_TYPES, SEVERITIES
from blinkdecl.routing.cells import label_of, masks_of, members
from blinkdecl.routing.route import Receiver

# The most severe first.
COLUMNS = tuple(reversed(SEVERITIES))
# Which log types have which destinations, one mask for each of `COLUMNS`.
_Part = tuple[tuple[str, ...] | None, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """Alert types and log types with the same destinations: for each of `COLUMNS` their names, in order.

    `log_types` None = whatever the log type, or none; `OTHER` stands for each that no destination names.
    """

    alert_types: tuple[str, ...]
    log_types: tuple[str, ...] | None
    destinations: tuple[tuple[str, ...], ...]


def matrix(receivers: Sequence[Receiver]) -> tuple[MatrixRow, ...]:
    """Return the lines in the order of Panther's alert types; every cell is in exactly one."""
    names = sorted({label_of(each) for each in receivers})
    logs = (*sorted({log for each in receivers for log in each.log_types}), OTHER)
    masks = masks_of(receivers, names, logs)
    alike: dict[tuple[_Part, ...], list[str]] = defaultdict(list)
    for alert_type in ALERT_TYPES:
        columns = [tuple(masks.cells(severity, alert_type)) for severity in COLUMNS]
        parts: dict[tuple[int, ...], list[str]] = defaultdict(list)
        for cells in zip(*columns, strict=True):
            parts[tuple(mask for _, mask in cells)].append(cells[0][0] or "")
        whole = len(parts) == 1
        alike[tuple((None if whole else tuple(kept), vector) for vector, kept in parts.items())].append(alert_type)
    return tuple(
        MatrixRow(tuple(alert_types), kept, tuple(members(mask, names) for mask in vector))
        for parts_, alert_types in alike.items()
        for kept, vector in parts_
    )
