"""Alerts that were never raised, delivered as Panther would have: by its order of precedence, with retries."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from blinkdecl.model.resource import SEVERITIES
from blinkdecl.routing.receiver import Receiver
from blinkdecl.routing.route import Known, RoutedAlert, route
from blinkdecl.sandbox.panther.catalogue import detections
from blinkdecl.sandbox.panther.destination import Destination
from blinkdecl.sandbox.panther.history import Alert, Delivery, Detection, History

_TYPES = {"/rules": "RULE", "/simple-rules": "RULE", "/scheduled-rules": "SCHEDULED_RULE", "/policies": "POLICY"}
# Alerts of each severity among a hundred.
_SHARES = {"INFO": 34, "LOW": 28, "MEDIUM": 22, "HIGH": 12, "CRITICAL": 4}
_SYSTEM_ERRORS, _RULE_ERRORS, _RETRIED = 0.005, 0.01, 0.02
_SENT_AFTER = timedelta(seconds=2)
_AGAIN_AFTER = timedelta(minutes=15)
_ATTEMPTS = 11
# Answers of a destination that could not take an alert.
_FAILURES = (500, 502, 503, 504)


@dataclass(frozen=True, slots=True)
class Traffic:
    """What is wanted: so many alerts, spread over the last days. `lost` = the share of deliveries that all fail."""

    alerts: int = 1000
    days: int = 30
    seed: int = 0
    lost: float = 0.0


def make_traffic(history: History, destinations: Sequence[Destination], wanted: Traffic, now: datetime) -> None:
    """Have alerts in place of those of these days, delivered to `destinations`; `now` has whole seconds.

    The detections are made with the first alerts and stay, whatever becomes of the destinations that they name.
    """
    known = history.detections or detections([each.id for each in destinations], now)
    since = now - timedelta(days=wanted.days)
    history.replace(since, _Month(wanted, known, destinations, since, now).alerts(), known)


class _Month:
    """One making of alerts."""

    def __init__(
        self,
        wanted: Traffic,
        known: Sequence[Detection],
        destinations: Sequence[Destination],
        since: datetime,
        now: datetime,
    ) -> None:
        self._wanted, self._since, self._now = wanted, since, now
        self._chance = random.Random(wanted.seed)  # noqa: S311 - the same alerts in every run are the point
        self._by_severity = {name: [each for each in known if each.severity == name] for name in SEVERITIES}
        self._receivers = Known(
            [
                Receiver(None, each.id, each.display_name, each.severities, each.alert_types, each.log_types)
                for each in destinations
            ]
        )
        self._routed: dict[RoutedAlert, tuple[str, ...]] = {}

    def alerts(self) -> Iterator[Alert]:
        """Yield them, in no order."""
        length = self._wanted.days * 86_400
        for number in range(self._wanted.alerts):
            at = self._since + timedelta(seconds=self._chance.randrange(length))
            name = uuid5(NAMESPACE_URL, f"{self._wanted.seed} {at.isoformat()} {number}").hex
            yield self._alert(name, at)

    def _alert(self, name: str, at: datetime) -> Alert:
        fate = self._chance.random()
        if fate < _SYSTEM_ERRORS:
            routed = RoutedAlert("CRITICAL", "SYSTEM_ERROR")
            return Alert(name, at, routed.severity, routed.type, None, self._deliveries(routed, at))
        [severity] = self._chance.choices(list(_SHARES), list(_SHARES.values()))
        detection = self._chance.choice(self._by_severity[severity])
        kind = _TYPES[detection.path]
        if kind != "POLICY" and fate < _SYSTEM_ERRORS + _RULE_ERRORS:
            kind += "_ERROR"
        logs = detection.log_types if detection.path in ("/rules", "/simple-rules") else ()
        routed = RoutedAlert(severity, kind, logs, detection.output_ids or None, detection.returned)
        return Alert(name, at, severity, kind, detection, self._deliveries(routed, at))

    def _deliveries(self, routed: RoutedAlert, at: datetime) -> tuple[Delivery, ...]:
        if routed not in self._routed:
            self._routed[routed] = tuple(str(each.id) for each in route(routed, self._receivers).reached)
        attempts = (each for output in self._routed[routed] for each in self._attempts(output, at + _SENT_AFTER))
        return tuple(each for each in attempts if each.at <= self._now)

    def _attempts(self, output_id: str, first: datetime) -> Iterator[Delivery]:
        """Yield every attempt to deliver to one destination, those that are still to come as well."""
        lost, retried = self._chance.random() < self._wanted.lost, self._chance.random() < _RETRIED
        failed = _ATTEMPTS if lost else int(retried)
        for number in range(failed):
            yield Delivery(output_id, first + number * _AGAIN_AFTER, self._chance.choice(_FAILURES))
        if failed < _ATTEMPTS:
            yield Delivery(output_id, first + failed * _AGAIN_AFTER, 200)
