"""A dispatched alert is repeated where that can help, and never where it cannot; signatures hold for a stranger."""

import hashlib
import hmac
import json
import random
import re
import socket
import struct
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from threading import Lock

import pytest

from blinkdecl.alert.delivery import Outgoing, Target, deliver
from blinkdecl.alert.dispatch import DispatchLimits, dispatch
from blinkdecl.alert.payload import KEYS, Alert, body, title_of
from blinkdecl.model.results import Delivery
from blinkdecl.model.urls import HostRules
from blinkdecl.secret.value import Secret
from blinkdecl.system.http import Client
from tests.support.receiver import Behaviour, answers, hangs, receiver

CANARY = "canary-dispatch-key"
LOOPBACK = HostRules(("127.0.0.1",))
QUICK = DispatchLimits(first=0.01, longest=0.02, limit=20)
ALERT = Outgoing(body(Alert(id="A", title="T")), again=lambda address: f"blinkdecl dispatch a.json --to {address}")


@pytest.fixture
def client() -> Iterator[Client]:
    """A client for a few requests."""
    with Client(10) as opened:
        yield opened


def in_turn(*behaviours: Behaviour) -> Behaviour:
    """Behave in each of these ways, one a request; the last one stays."""
    rest, guard = list(behaviours), Lock()

    def behave(peer: socket.socket) -> None:
        with guard:
            now = rest.pop(0) if len(rest) > 1 else rest[0]
        now(peer)

    return behave


def resets(peer: socket.socket) -> None:
    """End the connection in the middle."""
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    peer.close()


def sent(
    client: Client, url: str, limits: DispatchLimits = QUICK, cancelled: Callable[[], bool] = lambda: False
) -> tuple[Delivery, list[float]]:
    """Dispatch, and return the outcome and the pauses; neither shows the key or the URL."""
    pauses: list[float] = []
    target = Target("destination.soc", url, Secret(CANARY), 0.5)
    outcome = dispatch(client, target, ALERT, LOOPBACK, limits, lambda _, pause: pauses.append(pause), cancelled)
    assert CANARY not in repr(outcome)
    assert "/webhooks/soc" not in repr(outcome)
    return outcome, pauses


def answers_ssh(peer: socket.socket) -> None:
    """Say what no web server says."""
    peer.sendall(b"SSH-2.0-x\r\n")
    peer.shutdown(socket.SHUT_RDWR)


OUTCOMES: dict[str, tuple[Behaviour, int, bool, int | None, str | None]] = {
    "200": (answers(200), 1, True, 200, None),
    "401": (answers(401), 1, False, 401, "refused"),
    "404": (answers(404), 1, False, 404, "refused"),
    "413": (answers(413), 1, False, 413, "refused"),
    "429, then 200": (in_turn(answers(429, "Retry-After: 0"), answers(200)), 2, True, 200, None),
    "500 nine times, then 200": (in_turn(*[answers(500)] * 9, answers(200)), 10, True, 200, None),
    "500 for ever": (answers(500), 10, False, 500, "refused"),
    "resets, then 200": (in_turn(resets, resets, answers(202)), 3, True, 202, None),
    "resets for ever": (resets, 10, False, None, "reset"),
    "hangs, then 200": (in_turn(hangs, answers(200)), 2, True, 200, None),
    "a redirect": (answers(307, "Location: http://127.0.0.1:1/"), 1, False, 307, "redirect"),
    "no HTTP": (answers_ssh, 1, False, None, "protocol"),
}


@pytest.mark.parametrize(("behave", "attempts", "delivered", "status", "failure"), OUTCOMES.values(), ids=OUTCOMES)
def test_outcomes(
    client: Client, behave: Behaviour, attempts: int, *, delivered: bool, status: int | None, failure: str | None
) -> None:
    """What a receiver does decides how often it is asked."""
    with receiver(behave) as peer:
        outcome, pauses = sent(client, peer.url)
    assert (outcome.attempt, outcome.delivered, outcome.status, outcome.failure) == (
        attempts, delivered, status, failure,
    )  # fmt: skip
    assert len(peer.requests) == len(pauses) + 1 == attempts
    assert delivered or outcome.remedy


def test_a_redirect_shows_the_key_to_nobody_else(client: Client) -> None:
    """The host that it names is never even connected to."""
    with receiver(answers(200)) as other, receiver(answers(307, f"Location: {other.url}")) as peer:
        outcome, _ = sent(client, peer.url)
    assert (outcome.failure, other.accepted) == ("redirect", 0)
    assert "never followed" in outcome.remedy


def test_nobody_there(client: Client) -> None:
    """No connection is worth another attempt: nothing was sent."""
    outcome, pauses = sent(client, "http://127.0.0.1:1/webhooks/soc")
    assert (outcome.failure, outcome.sent, len(pauses)) == ("unreachable", False, 9)


def test_pauses_grow_and_differ(client: Client) -> None:
    """Twice as long each time up to the longest, less up to a half by chance; Retry-After goes before."""
    with receiver(answers(500)) as peer:
        _, pauses = sent(client, peer.url, DispatchLimits(attempts=5, first=0.02, longest=0.08, limit=20))
    for pause, most in zip(pauses, (0.02, 0.04, 0.08, 0.08), strict=True):
        assert most / 2 <= pause <= most
    with receiver(in_turn(answers(503, "Retry-After: 1"), answers(200))) as peer:
        begun = time.monotonic()
        _, pauses = sent(client, peer.url)
        assert (pauses, time.monotonic() - begun >= 1) == ([1.0], True)


def test_the_limit(client: Client) -> None:
    """What asks to wait beyond it is given up at once; so is what hangs until then."""
    with receiver(answers(429, "Retry-After: 3600")) as peer:
        assert sent(client, peer.url)[0].attempt == 1
    with receiver(hangs) as peer:
        begun = time.monotonic()
        outcome, _ = sent(client, peer.url, DispatchLimits(first=0.01, longest=0.02, limit=0.8))
        assert (outcome.failure, time.monotonic() - begun < 1.5) == ("timeout", True)


def test_a_signal_ends_the_pause(client: Client) -> None:
    """What is under way ends, and nothing is sent after it."""
    asked = iter([False, False, True, True])
    with receiver(answers(500)) as peer:
        begun = time.monotonic()
        outcome, pauses = sent(client, peer.url, DispatchLimits(first=30), lambda: next(asked))
    assert (len(peer.requests), len(pauses), outcome.attempt, outcome.delivered) == (1, 1, 1, False)
    assert time.monotonic() - begun < 5


def test_a_thousand_signed_alerts(client: Client) -> None:
    """Payload and signature, as they came over the wire, hold for a verifier that knows only the documentation."""
    chance, key = random.Random(5), "s3cret-€"
    with receiver(answers(200)) as peer:
        target = Target("trigger.soc", f"{peer.url}?source=panther", Secret(key), 5, "signature")
        alerts = [an_alert(chance) for _ in range(1000)]
        for alert in alerts:
            assert deliver(client, target, replace(ALERT, body=body(alert)), LOOPBACK).delivered
    for alert, request in zip(alerts, peer.requests, strict=True):
        head, _, raw = request.partition(b"\r\n\r\n")
        headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:])
        path = head.split(b" ", 2)[1].decode()
        stamp, given = re.fullmatch(r"ts=(\d+);sig1=([0-9a-f]{64})", headers["X-BLINK-SIGNATURE"]).groups()  # type: ignore[union-attr]  # None fails the test
        message = f"{stamp}.http://{headers['Host']}{path}.".encode() + raw
        assert given == hmac.new(key.encode(), message, hashlib.sha256).hexdigest()
        assert abs(time.time() - int(stamp)) < 60
        document = json.loads(raw.decode())
        assert set(document) == set(KEYS)
        assert document["alertContext"] == alert.context
        assert (document["title"], document["tags"]) == (title_of(alert), list(alert.tags))
        assert "BLINK-API-KEY" not in headers
        assert key.encode() not in request


def an_alert(chance: random.Random) -> Alert:
    """Return an alert of any kind."""

    def text() -> str:
        return "".join(chance.choices('abé€😀"\\\n\x00 ', k=chance.randint(1, 20)))

    context: dict[str, object] = {
        text(): [text(), {text(): chance.random()}, None] for _ in range(chance.randint(0, 3))
    }
    return Alert(
        id=text(),
        type=chance.choice(("RULE", "RULE_ERROR", "POLICY", None)),
        title=chance.choice((text(), None)),
        name=text(),
        tags=(text(),),
        context=context,
        resent=chance.random() < 0.5,
    )


@pytest.mark.parametrize(
    ("alert", "title"),
    [
        (Alert(type="RULE", title="T", name="N"), "New Alert: T"),
        (Alert(type="SCHEDULED_RULE", name="N"), "New Alert: N"),
        (Alert(type="CORRELATION_RULE", title="", name="N"), "New Alert: N"),
        (Alert(type="RULE_ERROR", title="T"), "New rule error: T"),
        (Alert(type="SCHEDULED_RULE_ERROR", title="T"), "New rule error: T"),
        (Alert(type="POLICY", title="T", name="N"), "Policy Failure: N"),
        (Alert(type="POLICY", title="T"), "Policy Failure: T"),
        (Alert(type="SYSTEM_ERROR", title="T"), "T"),
        (Alert(type="RULE", title="T", resent=True), "[Re-sent]: T"),
        (Alert(type="RULE", title="[Re-sent]: T", resent=True), "[Re-sent]: T"),
        (Alert(type="RULE"), None),
    ],
)
def test_titles(alert: Alert, title: str | None) -> None:
    """What stands before a title tells the alert's kind."""
    assert title_of(alert) == title
