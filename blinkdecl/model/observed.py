"""Alerts as Panther delivered them: what was raised, and every attempt to deliver it. Frozen data, no I/O."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

# What is known of the detection that raised an alert, beyond its id:
#   known    its log types and OutputIds, which have not changed since the alert
#   dynamic  it has a ``destinations()``, which only the alert's own events can answer
#   changed  it was changed after the alert
#   deleted  it is gone
#   unread   it could not be read, as correlation rules, or was not
Knowledge = Literal["known", "dynamic", "changed", "deleted", "unread"]


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt to deliver an alert. Panther notes each; what the other side answered in words is left out."""

    output_id: str
    at: datetime
    success: bool
    status: int


@dataclass(frozen=True, slots=True)
class ObservedAlert:
    """An alert that Panther raised, with all that it tried in order to deliver it.

    `severity` is what the alert has, whatever its detection says. `detection` = its id, None for system errors.
    `log_types` are those of the detection, of which the alert has at least one; None = not known. `override` are the
    OutputIds of the detection. `unread` = how many attempts Panther listed without saying anything of them. Times are
    in UTC.
    """

    id: str
    created_at: datetime
    severity: str
    type: str
    detection: str | None
    knowledge: Knowledge
    log_types: tuple[str, ...] | None
    override: tuple[str, ...] = ()
    deliveries: tuple[Attempt, ...] = ()
    unread: int = 0
    title: str | None = None


@dataclass(frozen=True, slots=True)
class LastDelivery:
    """When Panther last delivered an alert to an output, and last failed to, with the status of that; None = not seen.

    `until` = up to when it was looked. Times are in UTC.
    """

    output_id: str
    until: datetime
    success: datetime | None = None
    failure: datetime | None = None
    status: int | None = None


@dataclass(frozen=True, slots=True)
class Period:
    """Which alerts are looked at: those created from `begin` (included) to `end` (not included), read at `end`."""

    begin: datetime
    end: datetime
