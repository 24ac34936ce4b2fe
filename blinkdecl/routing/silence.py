"""Alerts that are declared to reach nobody (``nobody: true`` in YAML): which cells these are. Pure.

A declaration covers the cells that it names, as a coverage rule does: without log types, alerts from every log and
those that have none; with log types, policies and system errors only where it names these types.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from blinkdecl.model.configuration import Silence
from blinkdecl.model.resource import ALERT_TYPES, LOGLESS, SEVERITIES, accepts_severity, accepts_type, occurs
from blinkdecl.routing.cells import label_of
from blinkdecl.routing.receiver import Receiver

if TYPE_CHECKING:  # no plan needs it
    from blinkdecl.routing.route import RoutedAlert


def is_silent(silences: Iterable[Silence], severity: str, alert_type: str, logs: Sequence[str]) -> bool:
    """Whether such alerts are declared to reach nobody, whichever of these log types they have; () = any, or none."""
    covering = [each for each in silences if _names(each, severity, alert_type)]
    if any(not each.log_types or (alert_type in LOGLESS and each.alert_types) for each in covering):
        return True
    named = {log for each in covering for log in each.log_types}
    return bool(logs) and alert_type not in LOGLESS and named.issuperset(logs)


def is_silent_alert(silences: Iterable[Silence], facts: "RoutedAlert") -> bool:
    """Whether an alert is declared to reach nobody."""
    return is_silent(silences, facts.severity, facts.type, facts.log_types)


def heard(silences: Iterable[Silence], receivers: Sequence[Receiver]) -> dict[Silence, tuple[str, ...]]:
    """Return for each declaration who receives some of its alerts all the same, in order; mostly nobody."""
    return {
        each: tuple(sorted(label_of(receiver) for receiver in receivers if _reaches(each, receiver)))
        for each in silences
    }


def _reaches(silence: Silence, receiver: Receiver) -> bool:
    return any(
        occurs(severity, each) and accepts_severity(receiver.severities, severity, each)
        for each in silence.alert_types or ALERT_TYPES
        if accepts_type(receiver.alert_types, each) and _shares_log(silence, receiver, each)
        for severity in silence.severities or SEVERITIES
    )


def _shares_log(silence: Silence, receiver: Receiver, alert_type: str) -> bool:
    if alert_type in LOGLESS:
        return not receiver.log_types and (not silence.log_types or bool(silence.alert_types))
    return not silence.log_types or not receiver.log_types or not set(silence.log_types).isdisjoint(receiver.log_types)


def named_logs(silences: Iterable[Silence]) -> Iterator[str]:
    """Yield the log types that are to be told apart."""
    for each in silences:
        yield from each.log_types


def _names(silence: Silence, severity: str, alert_type: str) -> bool:
    return (
        occurs(severity, alert_type)
        and (not silence.severities or severity in silence.severities)
        and (not silence.alert_types or alert_type in silence.alert_types)
    )
