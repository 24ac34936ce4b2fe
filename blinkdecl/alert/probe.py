"""Proves destinations: sends Panther's test alert straight to Blink, or has Panther send its own.

A test alert is sent once and never retried: a repeat runs somebody's automation twice. For the same reason `Proofs`
sends one to each webhook, however many destinations are behind it.
"""

import time
from collections.abc import Callable, Hashable, Iterable
from concurrent.futures import Future
from dataclasses import replace
from datetime import datetime
from threading import Lock

from blinkdecl.alert.canonical_json import canonical
from blinkdecl.alert.delivery import Outgoing, Target, deliver, now, stamp, unsent
from blinkdecl.alert.payload import panther_test_alert, payload
from blinkdecl.diagnostics import Failure, OutcomeUnknown
from blinkdecl.model.invocation import Invocation
from blinkdecl.model.results import Delivery
from blinkdecl.model.urls import HostRules
from blinkdecl.provider.interface import Provider
from blinkdecl.system.http import Client

_LOOK = "look at the automation's runs in Blink"
_MAYBE = f"it may have arrived: {_LOOK}"
_HELD = (
    "it was sent with the URL and the key that Panther holds: any change of the destination sends Panther those that "
    "are declared"
)


def probe(
    client: Client,
    target: Target,
    hosts: HostRules,
    again: Callable[[str], str],
    clock: Callable[[], datetime] = now,
    tag: str = "",
    mark: str = "",
    *,
    parallel: bool = False,
) -> Delivery:
    """Send one test alert to one destination, unless `hosts` forbid its URL.

    `again` returns the command that repeats it for an address, and `parallel` is whether that takes ``--parallelism``.
    `tag` is added to the alert's tag "test", so that a person can find it in Blink, and so is `mark`, which no other
    alert has.
    """
    alert = panther_test_alert(stamp(clock()), "", *filter(None, (tag, mark)))
    # Nothing of it has to be cut: to measure it took a quarter of the time of sending it.
    outgoing = Outgoing(canonical(payload(alert)), again, tag, parallel)
    return deliver(client, target, outgoing, hosts, clock)


class Proofs:
    """One test alert for each webhook, its outcome shared by every target behind it; for any number of threads.

    A thread that asks for a webhook while the alert is under way waits for that alert's outcome.
    """

    def __init__(self, send: Callable[[Target], Delivery], targets: Iterable[Target] = ()) -> None:
        """`targets` are those that may share: the alert may take as long as the most patient of them allows."""
        self._send = send
        self._timeouts: dict[Hashable, float] = {}
        for each in targets:
            self._timeouts[each.webhook] = max(each.timeout, self._timeouts.get(each.webhook, 0.0))
        self._lock = Lock()
        self._sent: dict[Hashable, Future[Delivery]] = {}

    def of(self, target: Target) -> Delivery:
        """Return the outcome for one target, sending the alert if nobody has."""
        with self._lock:
            known = self._sent.get(target.webhook)
            outcome = known or self._sent.setdefault(target.webhook, Future())
        if known is None:
            timeout = max(target.timeout, self._timeouts.get(target.webhook, 0.0))
            try:
                outcome.set_result(self._send(replace(target, timeout=timeout)))
            except BaseException as problem:
                outcome.set_exception(problem)
                raise
        return shared(outcome.result(), target.address)


def shared(delivery: Delivery, address: str) -> Delivery:
    """Return the outcome of an alert as that of another address with the same webhook."""
    if delivery.address == address:
        return delivery
    return replace(delivery, address=address, shared_with=delivery.shared_with or delivery.address)


def probe_through(provider: Provider, address: str, object_id: str, called: Invocation) -> Delivery:
    """Have the provider send its test alert to one destination, and return what came of it.

    `called` names the command that repeats it. The provider's message is left out: it can hold the webhook URL.
    """
    begun = time.monotonic()
    outcome = unsent(address, "panther", stamp(now()))
    again = f"then run `{called.command_line('test', '--via', 'panther', address)}`"
    try:
        answer = provider.send_test_alert(object_id)
    except (Failure, OutcomeUnknown) as problem:
        spent = time.monotonic() - begun
        detail, remedy = "Panther did not answer", f"{_MAYBE}, {again}"
        if isinstance(problem, Failure):
            detail, remedy = problem.diagnostics[0].summary, f"fix that, {again}"
        sent = not isinstance(problem, Failure)  # which says that it was not done
        return replace(outcome, latency=spent, failure="unknown", detail=detail, remedy=remedy, sent=sent)
    reached = answer.status is not None
    detail = f"HTTP {answer.status}" if reached else "no HTTP answer"
    outcome = replace(outcome, status=answer.status, latency=answer.latency, at=answer.at or outcome.at, detail=detail)
    if not answer.delivered:
        remedy = f"{_HELD}; {_LOOK + ', ' if reached else ''}{again}"
        return replace(outcome, failure="refused" if reached else "unknown", remedy=remedy)
    return replace(outcome, delivered=True)
