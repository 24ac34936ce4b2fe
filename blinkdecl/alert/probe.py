"""Proves destinations: sends Panther's test alert straight to Blink, or has Panther send its own.

A test alert is sent once and never retried: a repeat runs somebody's automation twice.
"""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from blinkdecl.alert.delivery import Outgoing, Target, deliver, now, stamp, unsent
from blinkdecl.alert.payload import body, panther_test_alert
from blinkdecl.diagnostics import Failure, OutcomeUnknown
from blinkdecl.model.invocation import HERE, Invocation
from blinkdecl.model.results import Delivery
from blinkdecl.provider.interface import Provider
from blinkdecl.system.http import Client


def probe(
    client: Client,
    target: Target,
    webhook_hosts: tuple[str, ...],
    called: Invocation,
    clock: Callable[[], datetime] = now,
    tag: str = "",
) -> Delivery:
    """Send one test alert to one destination, unless `webhook_hosts` forbids its URL.

    `called` names the command that repeats it. `tag` is added to the alert's tag "test", so that a person can find it
    in Blink.
    """
    alert = panther_test_alert(stamp(clock()), "", *([tag] if tag else []))
    outgoing = Outgoing(body(alert), lambda address: called.command_line("test", address), tag)
    return deliver(client, target, outgoing, webhook_hosts, clock)


def probe_through(provider: Provider, address: str, object_id: str, called: Invocation = HERE) -> Delivery:
    """Have the provider send its test alert to one destination, and return what came of it.

    `called` names the command that repeats it. The provider's message is left out: it can hold the webhook URL.
    """
    begun = time.monotonic()
    outcome = unsent(address, "panther", stamp(now()))
    remedy = f"look at the automation's runs in Blink, then run `{called.command_line('test', address)}`"
    try:
        answer = provider.send_test_alert(object_id)
    except (Failure, OutcomeUnknown) as problem:
        detail = problem.diagnostics[0].summary if isinstance(problem, Failure) else "Panther did not answer"
        spent = time.monotonic() - begun
        return replace(outcome, latency=spent, failure="unknown", detail=detail, remedy=remedy)
    detail = f"HTTP {answer.status}" if answer.status is not None else "no HTTP answer"
    outcome = replace(outcome, status=answer.status, latency=answer.latency, at=answer.at or outcome.at, detail=detail)
    if not answer.delivered:
        return replace(outcome, failure="refused", remedy=remedy)
    return replace(outcome, delivered=True)
