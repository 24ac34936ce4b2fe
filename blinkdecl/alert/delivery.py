"""One alert, one request, one outcome: how an alert goes straight to Blink, and what each answer means.

The body of the receiver's answer is left out of the outcome: the status says what to do, and the text could hold
anything. It is only looked at for whether it is a web page, which proves nothing.
"""

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal, TypeVar

from blinkdecl.alert.payload import key_headers, signed_headers
from blinkdecl.model.results import Delivery
from blinkdecl.model.urls import HostRules, host_problem
from blinkdecl.secret.accidents import accident_of
from blinkdecl.secret.value import Secret
from blinkdecl.system.http import Client, TransportError, url_sent
from blinkdecl.system.retry import seconds_asked
from blinkdecl.system.web_page import is_web_page
from blinkdecl.system.workers import Workers

_T = TypeVar("_T")
# Seconds in which an answer that is there already, or a send that was cancelled, is still taken.
_LAST_MOMENT = 0.2
_KEY = "the key is wrong or was revoked: copy it again from Trigger Setup"
_URL = "the URL is wrong, or the automation is not published and active: compare it with Trigger Setup"
_COPY_URL = "copy the Webhook URL again from Trigger Setup"
_PAGE = f"a login page, a proxy or an application that serves every path answers like this: {_COPY_URL}"
_AGAIN = "then run `{again}`"
_MAYBE = "it may have arrived: look at the automation's runs in Blink, " + _AGAIN

_BY_STATUS = {
    401: _KEY,
    403: _KEY,
    404: _URL,
    410: _URL,
    405: f"this address takes no POST: {_COPY_URL}",
    413: "something on the way takes less than Blink's 5 MB: ask whoever runs the proxy in between",
    429: f"too many requests at once: wait {{wait}}, {_AGAIN}{{fewer}}",
}
_NO_WAY = f"check that this machine may connect to Blink (firewall, port), {_AGAIN}"
_BY_KIND = {
    "url": _COPY_URL,
    "dns": f"check the sub-domain in the Webhook URL, and this machine's resolver, {_AGAIN}",
    "forbidden-address": "compare the sub-domain in the Webhook URL with Trigger Setup, and look at this machine's "
    f"resolver; a receiver in a private network is allowed by its full host name in webhook_hosts, {_AGAIN}",
    "proxy": f"check HTTPS_PROXY and NO_PROXY, and whether the proxy lets this machine connect to Blink, {_AGAIN}",
    "unreachable": _NO_WAY,
    "authorities": "correct SSL_CERT_FILE and SSL_CERT_DIR where blinkdecl runs; without them, the system's count, "
    f"{_AGAIN}",
    "tls": "if a proxy inspects TLS here, name its CA in SSL_CERT_FILE; otherwise do not send: this is not Blink",
    "timeout": f"{_MAYBE}; test_alert.timeout gives it longer",
    "reset": _MAYBE,
    "protocol": f"the server there is not Blink: {_COPY_URL}",
    "too-large": f"the server there is not Blink: {_COPY_URL}",
}


@dataclass(frozen=True, slots=True)
class Target:
    """Where an alert goes: the address, the URL and key to send with, and how long it may take (s)."""

    address: str
    url: Secret | str
    key: Secret
    timeout: float = 10.0
    authentication: Literal["api_key", "signature"] = "api_key"

    @property
    def webhook(self) -> tuple[Secret, Secret, str]:
        """What a test alert proves: targets with the same URL, key and authentication are one webhook. Never shown."""
        url = self.url if isinstance(self.url, Secret) else Secret(self.url)
        return url, self.key, self.authentication


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What is sent, and how to refer to it: the body, and the tag to find it by in Blink.

    `again` returns the command that sends it to an address once more; `parallel` = it takes ``--parallelism``.
    """

    body: bytes
    again: Callable[[str], str]
    tag: str = ""
    parallel: bool = False


def now() -> datetime:
    """Return this machine's time, in UTC."""
    return datetime.now(UTC)


def stamp(at: datetime) -> str:
    """Return a time as RFC 3339 with milliseconds."""
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def unsent(address: str, via: Literal["direct", "panther"], at: str, attempt: int = 1, tag: str = "") -> Delivery:
    """Return the outcome of an alert that has not been sent yet."""
    return Delivery(address, via, delivered=False, status=None, latency=0.0, at=at, attempt=attempt, tag=tag)


def given_up(address: str, via: Literal["direct", "panther"], again: str, tag: str = "") -> Delivery:
    """Return the outcome of an alert whose answer nobody waits for any more; `again` = the command that repeats it."""
    outcome = unsent(address, via, stamp(now()), tag=tag)
    return replace(
        outcome, failure="unknown", detail="given up before it was answered", remedy=_MAYBE.replace("{again}", again)
    )


def deliver(
    client: Client,
    target: Target,
    outgoing: Outgoing,
    hosts: HostRules,
    clock: Callable[[], datetime] = now,
    attempt: int = 1,
) -> Delivery:
    """Send one alert once, unless `hosts` forbid the target's URL."""
    at = clock()
    outcome = unsent(target.address, "direct", stamp(at), attempt, outgoing.tag)
    url = target.url.reveal() if isinstance(target.url, Secret) else target.url
    problem = host_problem(url, hosts)
    if problem is not None:
        failure = "url" if problem[0] == "invalid-value" else problem[0]
        where = "BLINKDECL_TRUSTED_HOSTS" if failure == "untrusted-host" else "webhook_hosts"
        remedy = f"nothing was sent: {_COPY_URL}, or list its host in {where}"
        return replace(outcome, failure=failure, detail=problem[1], remedy=remedy, sent=False)
    try:
        reply = client.post(url, outgoing.body, _headers(target, url, outgoing.body, at), target.timeout)
    except TransportError as failed:
        remedy = _NO_WAY if failed.kind == "timeout" and not failed.sent else _BY_KIND[failed.kind]
        remedy = _filled(remedy, target, outgoing)
        return replace(outcome, failure=failed.kind, detail=failed.detail, remedy=remedy, sent=failed.sent)
    outcome = replace(outcome, status=reply.status, latency=reply.latency, detail=f"HTTP {reply.status}")
    if 200 <= reply.status < 300:
        if is_web_page(reply.status, reply.headers, reply.body):
            detail = f"HTTP {reply.status} with a web page"
            return replace(outcome, failure="web-page", detail=detail, remedy=_PAGE)
        return replace(outcome, delivered=True)
    failure = "redirect" if 300 <= reply.status < 400 else "refused"
    wait = seconds_asked(reply.headers.get("retry-after"))
    remedy = _filled(_advice(reply.status, wait), target, outgoing, wait)
    if reply.status in (401, 403) and (odd := accident_of(target.key)) is not None:
        remedy = f"look at the value first: {odd}; otherwise {remedy}"
    return replace(outcome, failure=failure, remedy=remedy, retry_after=wait)


def send_all(
    targets: Iterable[_T],
    send: Callable[[_T], Delivery],
    *,
    parallelism: int = 10,
    on_delivery: Callable[[Delivery], None] = lambda _: None,
    cancelled: Callable[[], bool] = lambda: False,
    hurried: Callable[[], bool] = lambda: False,
    lost: Callable[[_T], Delivery],
    idle: Callable[[], None] = lambda: None,
) -> tuple[Delivery, ...]:
    """Send to every target and return the outcomes in their order, without those that `cancelled` left unsent.

    Once `hurried`, what is under way is not waited for: its outcome is what `lost` returns, which proves nothing.
    `on_delivery` is called in the caller's thread, in the order in which the answers come, and `idle` when none has
    come for a moment. If an exception ends the batch, `on_delivery` is still called with what was under way before the
    exception is raised; never with what is lost.
    """
    tasks = list(enumerate(targets))
    found: dict[int, Delivery] = {}

    def one(task: tuple[int, _T]) -> tuple[int, Delivery | None]:
        return task[0], None if cancelled() else send(task[1])

    def settle(number: int, delivery: Delivery | None) -> None:
        if delivery is not None:
            found[number] = delivery
            on_delivery(delivery)

    with Workers[tuple[int, _T], tuple[int, Delivery | None]](min(parallelism, len(tasks)), one) as workers:
        workers.submit_all(tasks)
        try:
            while workers.busy and not hurried():
                if (done := workers.next()) is None:
                    idle()
                else:
                    settle(*done)
            workers.withdraw()
            workers.drain(lambda done: settle(*done), _LAST_MOMENT)
            found.update((number, lost(target)) for number, target in workers.under_way)
        except BaseException:
            # The caller is being ended: what is not yet under way must not be sent.
            workers.withdraw()
            while workers.busy:
                with suppress(Exception):
                    if (done := workers.next()) is not None:
                        settle(*done)
            raise
    return tuple(delivery for _, delivery in sorted(found.items()))


def _headers(target: Target, url: str, body: bytes, at: datetime) -> dict[str, str]:
    if target.authentication == "signature":
        return signed_headers(target.key, int(at.timestamp()), url_sent(url), body)
    return key_headers(target.key)


def _filled(remedy: str, target: Target, outgoing: Outgoing, wait: float | None = None) -> str:
    """Return the advice with the command that sends it again, and the time that the receiver asked for."""
    asked = f"{wait:.0f}s, as it asks" if wait else "a minute"
    fewer = ", with a lower --parallelism" if outgoing.parallel else ""
    filled = remedy.replace("{wait}", asked).replace("{fewer}", fewer)
    return filled.replace("{again}", outgoing.again(target.address))


def _advice(status: int, wait: float | None) -> str:
    if 300 <= status < 400:
        return f"redirects are never followed, since they would take the key elsewhere: {_COPY_URL}"
    if status >= 500:
        asked = "wait {wait}, " if wait else ""
        return f"Blink has a problem of its own and may have taken the alert: {asked}look at the runs there, {_AGAIN}"
    return _BY_STATUS.get(status, f"Blink does not take the alert in this form: {_COPY_URL}")
