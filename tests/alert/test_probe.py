"""Test alerts against real receivers: each outcome explained, each alert sent once, no key in any of them."""

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from threading import Event, current_thread
from typing import cast

import pytest

from blinkdecl.alert.delivery import Target, given_up, send_all
from blinkdecl.alert.probe import probe, probe_through
from blinkdecl.diagnostics import Failure, OutcomeUnknown, error
from blinkdecl.model.invocation import Invocation
from blinkdecl.model.results import Delivery
from blinkdecl.model.urls import HostRules
from blinkdecl.provider.interface import DeliveryResponse, Provider
from blinkdecl.sandbox import Sandbox
from blinkdecl.secret.value import Secret
from blinkdecl.system.http import Client
from tests.support.receiver import Behaviour, answers, hangs, receiver, resets

AGAIN = "blinkdecl test {}".format
CANARY = "c4n4ry-0f-the-key"
LOOPBACK = HostRules(("127.0.0.1",))
NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)


@pytest.fixture
def client() -> Iterator[Client]:
    """A client for a few requests."""
    with Client(10) as opened:
        yield opened


def probed(client: Client, url: str | Secret, timeout: float = 5.0, hosts: HostRules = LOOPBACK) -> Delivery:
    """Probe one destination, and check that the outcome shows neither the key nor the URL."""
    delivery = probe(client, Target("destination.soc", url, Secret(CANARY), timeout), hosts, AGAIN, lambda: NOON)
    assert CANARY not in repr(delivery)
    assert "/webhooks/soc" not in repr(delivery)
    return delivery


def test_an_accepted_alert(client: Client) -> None:
    """The receiver gets Panther's test alert once, with the key in its header."""
    with receiver(answers(200)) as peer:
        delivery = probed(client, peer.url)
    head, _, body = peer.requests[0].partition(b"\r\n\r\n")
    assert (delivery.delivered, delivery.status, delivery.detail) == (True, 200, "HTTP 200")
    assert (delivery.at, delivery.via, delivery.attempt, delivery.failure) == (
        "2026-01-31T12:00:00.000Z", "direct", 1, None,
    )  # fmt: skip
    assert delivery.latency > 0
    assert json.loads(body)["createdAt"] == delivery.at
    assert f"BLINK-API-KEY: {CANARY}".encode() in head


@pytest.mark.parametrize(
    ("status", "advice"),
    [
        (400, "does not take the alert in this form"),
        (401, "the key is wrong or was revoked: copy it again from Trigger Setup"),
        (403, "the key is wrong or was revoked"),
        (404, "the automation is not published and active"),
        (405, "takes no POST"),
        (413, "5 MB"),
        (429, "wait a minute, then run `blinkdecl test destination.soc`"),
        (500, "a problem of its own"),
        (503, "a problem of its own"),
    ],
)
def test_a_refusal_is_explained_and_not_repeated(client: Client, status: int, advice: str) -> None:
    """Every status that is not 2xx says what to do; the server's own text is left out."""
    with receiver(answers(status, "Retry-After: 0", body=f"you sent {CANARY}\x1b[31m".encode())) as peer:
        delivery = probed(client, peer.url)
    assert (delivery.delivered, delivery.status, delivery.failure) == (False, status, "refused")
    assert delivery.detail == f"HTTP {status}"
    assert advice in delivery.remedy
    assert len(peer.requests) == 1


@pytest.mark.parametrize(("status", "asked"), [(429, "90"), (503, "90")])
def test_the_time_that_the_receiver_asks_for_is_told(client: Client, status: int, asked: str) -> None:
    """Rather than a time of our own."""
    with receiver(answers(status, f"Retry-After: {asked}")) as peer:
        assert "wait 90s, as it asks" in probed(client, peer.url).remedy


def test_a_redirect_is_not_followed(client: Client) -> None:
    """The second host never sees the key."""
    with receiver(answers(200)) as second, receiver(answers(302, f"Location: {second.url}")) as first:
        delivery = probed(client, first.url)
    assert (delivery.failure, delivery.status, second.accepted) == ("redirect", 302, 0)
    assert "never followed" in delivery.remedy


@pytest.mark.parametrize(("behave", "failure"), [(hangs, "timeout"), (resets, "reset")])
def test_a_lost_answer_is_not_repeated(client: Client, behave: Behaviour, failure: str) -> None:
    """Nobody knows whether it arrived: the advice says so, and nothing is sent again."""
    with receiver(behave) as peer:
        delivery = probed(client, peer.url, timeout=0.2)
    assert (delivery.failure, delivery.status, delivery.delivered) == (failure, None, False)
    assert "may have arrived" in delivery.remedy
    assert delivery.sent
    assert len(peer.requests) == 1


def test_nobody_listens(client: Client) -> None:
    """A refused connection tells the system's reason."""
    with receiver(hangs) as peer:
        url = peer.url
    delivery = probed(client, url)
    assert (delivery.failure, delivery.detail, delivery.sent) == ("unreachable", "connection refused", False)


def test_a_handshake_that_takes_too_long(client: Client) -> None:
    """A timeout before the connection stands does not send anybody to look for the alert."""
    with receiver(hangs) as peer:
        delivery = probed(client, peer.url.replace("http:", "https:"), timeout=0.2)
    assert (delivery.failure, delivery.sent) == ("timeout", False)
    assert "may have arrived" not in delivery.remedy


def test_a_name_that_does_not_resolve(client: Client) -> None:
    """DNS failures point to the sub-domain; the name is too long to be asked for on the network."""
    host = ".".join(["a" * 60] * 4 + ["invalid"])
    assert probed(client, f"https://{host}/webhooks/x", hosts=HostRules(("*.invalid",))).failure == "dns"


@pytest.mark.parametrize("listed", [("*.blinkops.com",), ("*",), ()])
def test_a_host_that_is_not_listed_gets_nothing(client: Client, listed: tuple[str, ...]) -> None:
    """A URL out of a secret reference was never validated: it is checked when it is used."""
    with receiver(answers(200)) as peer:
        delivery = probed(client, Secret(peer.url), hosts=HostRules(listed))
    assert (delivery.failure, delivery.status, delivery.sent, peer.accepted) == ("forbidden-host", None, False, 0)
    assert "nothing was sent" in delivery.remedy


def test_a_secret_that_is_no_url(client: Client) -> None:
    """A key in the place of the URL is refused without being shown."""
    assert probed(client, Secret(CANARY)).failure == "url"


def lost(target: Target) -> Delivery:
    """Return the outcome of what is given up."""
    return given_up(target.address, "direct", AGAIN(target.address))


def test_all_in_order_and_told_as_they_come() -> None:
    """Outcomes stand in the order of the targets; progress is told in the caller's thread."""
    told: list[tuple[str, str]] = []
    with Sandbox() as sandbox, Client(8) as client:
        targets = [Target(f"destination.d{n}", f"{sandbox.url}/webhooks/d{n}", Secret("sandbox")) for n in range(40)]
        found = send_all(
            targets, lambda each: probe(client, each, LOOPBACK, AGAIN), parallelism=8, lost=lost,
            on_delivery=lambda each: told.append((each.address, current_thread().name)),
        )  # fmt: skip
        received = sandbox.received()
    assert [each.address for each in found] == [target.address for target in targets]
    assert all(each.delivered for each in found)
    assert {name for _, name in told} == {"MainThread"}
    assert len(told) == len(received) == 40


def test_one_failure_leaves_the_others_alone() -> None:
    """A rotated key is the failure of one destination."""
    with Sandbox() as sandbox, Client(4) as client:
        sandbox.rotate("d1", "other")
        targets = [Target(f"destination.d{n}", f"{sandbox.url}/webhooks/d{n}", Secret("sandbox")) for n in range(4)]
        found = send_all(targets, lambda each: probe(client, each, LOOPBACK, AGAIN), parallelism=4, lost=lost)
    assert [each.status for each in found] == [200, 401, 200, 200]


def test_what_is_cancelled_is_neither_sent_nor_listed() -> None:
    """After a signal what is under way ends, and nothing else begins."""
    stopped = Event()
    with receiver(answers(200)) as peer, Client(2) as client:
        targets = [Target(f"destination.d{n}", peer.url, Secret("k")) for n in range(50)]
        found = send_all(
            targets, lambda each: probe(client, each, LOOPBACK, AGAIN), parallelism=2, lost=lost,
            on_delivery=lambda _: stopped.set(), cancelled=stopped.is_set,
        )  # fmt: skip
        assert 1 <= len(found) == len(peer.requests) < 50


def test_who_is_in_a_hurry_waits_for_no_answer() -> None:
    """After a second signal what is under way is given up: it may have arrived, and is not told as it comes."""
    hurry, told = Event(), list[str]()
    with Client(2) as client, receiver(hangs) as silent, receiver(answers(200)) as peer:
        peers = (peer, silent, silent)
        targets = [Target(f"destination.d{n}", each.url, Secret("k")) for n, each in enumerate(peers)]

        def tell(delivery: Delivery) -> None:
            told.append(delivery.address)
            hurry.set()

        begun = time.monotonic()
        found = send_all(
            targets, lambda each: probe(client, each, LOOPBACK, AGAIN), parallelism=2, lost=lost,
            on_delivery=tell, cancelled=hurry.is_set, hurried=hurry.is_set,
        )  # fmt: skip
        assert time.monotonic() - begun < 5
    assert told == ["destination.d0"]
    assert [(each.address, each.failure) for each in found][:2] == [
        ("destination.d0", None),
        ("destination.d1", "unknown"),
    ]
    assert "may have arrived" in found[1].remedy


def test_a_caller_that_fails_stops_the_rest() -> None:
    """An exception out of the progress display does not leave test alerts being sent behind it."""

    def broken(delivery: Delivery) -> None:
        raise BrokenPipeError(delivery.address)

    with Sandbox(latency=0.02) as sandbox, Client(2) as client:
        targets = [Target("destination.d", f"{sandbox.url}/webhooks/d", Secret("sandbox"))] * 50
        with pytest.raises(BrokenPipeError):
            send_all(
                targets, lambda each: probe(client, each, LOOPBACK, AGAIN), parallelism=2, lost=lost, on_delivery=broken
            )
        assert len(sandbox.received()) < 10


def test_a_failure_still_tells_what_was_under_way() -> None:
    """What was sent when an exception ends the batch is told before the exception is raised."""
    told: list[str] = []

    def broken(delivery: Delivery) -> None:
        told.append(delivery.address)
        raise BrokenPipeError

    with Sandbox(latency=0.05) as sandbox, Client(4) as client:
        targets = [Target(f"destination.d{n}", f"{sandbox.url}/webhooks/d", Secret("sandbox")) for n in range(50)]
        with pytest.raises(BrokenPipeError):
            send_all(
                targets, lambda each: probe(client, each, LOOPBACK, AGAIN), parallelism=4, lost=lost, on_delivery=broken
            )
        assert len(told) == len(set(told)) == len(sandbox.received()) >= 4


class Panther:
    """Answers a request for its test alert as it is told to."""

    def __init__(self, answer: int | Exception | None) -> None:
        self._answer = answer

    def send_test_alert(self, object_id: str) -> DeliveryResponse:
        """Give the status that the receiver had, None where it had none."""
        del object_id
        if isinstance(self._answer, Exception):
            raise self._answer
        return DeliveryResponse(delivered=False, status=self._answer, latency=0.1, at="2026-01-31T12:00:00Z")


@pytest.mark.parametrize(
    ("answer", "held", "looked"),
    [
        (401, True, True),
        (None, True, False),
        (error("unsupported", "no"), False, False),
        (OutcomeUnknown(), False, True),
    ],
)
def test_through_panther(answer: int | Exception | None, *, held: bool, looked: bool) -> None:
    """What failed is what Panther holds, and Blink has a run only where it was reached, or may have been."""
    called = Invocation(environment="prod")
    delivery = probe_through(cast("Provider", Panther(answer)), "destination.soc", "id", called)
    assert "then run `blinkdecl --env prod test --via panther destination.soc`" in delivery.remedy
    assert ("that Panther holds" in delivery.remedy, "runs in Blink" in delivery.remedy) == (held, looked)
    assert delivery.failure == ("refused" if answer == 401 else "unknown")
    assert delivery.sent == (not isinstance(answer, Failure))
