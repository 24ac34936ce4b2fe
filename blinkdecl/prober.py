"""Proves destinations: sends Panther's test alert straight to Blink and says what came of it.

A test alert is sent once and never retried: a repeat runs somebody's automation twice. What a receiver writes in its
answer is left out of the outcome: the status says what to do, and the text could hold anything.
"""

from collections.abc import Callable, Iterable
from concurrent.futures import CancelledError, ThreadPoolExecutor, as_completed
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from blinkdecl import alert
from blinkdecl.client import Client, TransportError
from blinkdecl.results import Delivery
from blinkdecl.secret_value import Secret
from blinkdecl.webhook import host_problem

_KEY = "the key is wrong or was revoked: copy it again from Trigger Setup"
_URL = "the URL is wrong, or the automation is not published and active: compare it with Trigger Setup"
_COPY_URL = "copy the Webhook URL again from Trigger Setup"
_AGAIN = "then run `blinkdecl test {address}`"
_MAYBE = "it may have arrived: look at the automation's runs in Blink, " + _AGAIN

_BY_STATUS = {
    401: _KEY,
    403: _KEY,
    404: _URL,
    410: _URL,
    405: f"this address takes no POST: {_COPY_URL}",
    413: "something on the way takes less than Blink's 5 MB: ask who runs the proxy in between",
    429: f"too many requests at once: wait a minute, {_AGAIN}, with a lower --parallelism",
}
_NO_WAY = f"check that this machine may connect to Blink (firewall, port), {_AGAIN}"
_BY_KIND = {
    "url": _COPY_URL,
    "dns": f"check the sub-domain in the Webhook URL, and this machine's resolver, {_AGAIN}",
    "unreachable": _NO_WAY,
    "tls": "if a proxy inspects TLS here, name its authority in SSL_CERT_FILE; else do not send: it is not Blink",
    "timeout": f"{_MAYBE}; test_alert.timeout gives it longer",
    "reset": _MAYBE,
    "protocol": f"what answers there is not Blink: {_COPY_URL}",
}


@dataclass(frozen=True, slots=True)
class Target:
    """A destination to prove: its address, the URL and key to do it with, and how long it may take (s)."""

    address: str
    url: Secret | str
    key: Secret
    timeout: float = 10.0


def now() -> datetime:
    """Return the time of this machine, in UTC."""
    return datetime.now(UTC)


def probe(
    client: Client, target: Target, webhook_hosts: tuple[str, ...], clock: Callable[[], datetime] = now
) -> Delivery:
    """Send one test alert to one destination, unless its URL leads where `webhook_hosts` does not allow."""
    at = clock().isoformat(timespec="milliseconds").replace("+00:00", "Z")
    url = target.url.reveal() if isinstance(target.url, Secret) else target.url
    problem = host_problem(url, webhook_hosts)
    if problem is not None:
        failure = "url" if problem[0] == "invalid-value" else problem[0]
        way_out = f"nothing was sent: {_COPY_URL}, or list its host in webhook_hosts"
        return _failed(target, at, failure, problem[1], way_out, sent=False)
    sent = alert.body(alert.panther_test_alert(at))
    try:
        reply = client.post(url, sent, alert.key_headers(target.key), target.timeout)
    except TransportError as problem_:
        way_out = _NO_WAY if problem_.kind == "timeout" and not problem_.sent else _BY_KIND[problem_.kind]
        return _failed(target, at, problem_.kind, problem_.detail, way_out, sent=problem_.sent)
    if 200 <= reply.status < 300:
        return Delivery(
            target.address,
            "direct",
            delivered=True,
            status=reply.status,
            latency=reply.latency,
            at=at,
            detail=f"HTTP {reply.status}",
        )
    failure = "redirect" if 300 <= reply.status < 400 else "refused"
    return _failed(target, at, failure, f"HTTP {reply.status}", _advice(reply.status), reply.status, reply.latency)


def probe_all(
    client: Client,
    targets: Iterable[Target],
    webhook_hosts: tuple[str, ...],
    *,
    parallelism: int = 10,
    on_delivery: Callable[[Delivery], None] = lambda _: None,
    cancelled: Callable[[], bool] = lambda: False,
    clock: Callable[[], datetime] = now,
) -> tuple[Delivery, ...]:
    """Prove every target and return the outcomes in their order; what `cancelled` left unsent is not among them.

    `on_delivery` is called in the caller's thread, in the order in which the answers come. Where an exception ends the
    batch, it still hears of what was under way, before the exception is raised.
    """

    def one(target: Target) -> Delivery | None:
        return None if cancelled() else probe(client, target, webhook_hosts, clock)

    with ThreadPoolExecutor(parallelism, thread_name_prefix="probe") as pool:
        futures = [pool.submit(one, target) for target in targets]
        untold = set(futures)
        try:
            for future in as_completed(futures):
                untold.discard(future)
                delivery = future.result()
                if delivery is not None:
                    on_delivery(delivery)
        except BaseException:
            # The caller is being ended: what is not under way yet must not be sent any more.
            pool.shutdown(cancel_futures=True)
            for future in untold:
                with suppress(Exception, CancelledError):
                    if (delivery := future.result()) is not None:
                        on_delivery(delivery)
            raise
    return tuple(delivery for future in futures if (delivery := future.result()) is not None)


def _failed(
    target: Target,
    at: str,
    failure: str,
    detail: str,
    way_out: str,
    status: int | None = None,
    latency: float = 0.0,
    *,
    sent: bool = True,
) -> Delivery:
    return Delivery(
        target.address,
        "direct",
        delivered=False,
        status=status,
        latency=latency,
        at=at,
        failure=failure,
        detail=detail,
        way_out=way_out.format(address=target.address),
        sent=sent,
    )


def _advice(status: int) -> str:
    if 300 <= status < 400:
        return f"redirects are never followed, they would take the key elsewhere: {_COPY_URL}"
    if status >= 500:
        return f"Blink has a problem of its own and may have taken the alert: look at the runs there, {_AGAIN}"
    return _BY_STATUS.get(status, f"Blink does not take the alert in this form: {_COPY_URL}")
