"""Requests without an answer: deadlines, broken connections, other protocols, and what cannot be sent at all."""

import time

import pytest

from blinkdecl.system.http import Client, TransportError
from tests.support.receiver import Behaviour, answers, drips, hangs, receiver, resets
from tests.support.requests import CANARY, failed


@pytest.mark.parametrize("behave", [hangs, drips(b""), drips(b"HTTP/1.1 200 OK\r\nX: ")])
def test_no_answer_within_the_deadline(client: Client, behave: Behaviour) -> None:
    """The deadline is one for the whole request: bytes that drip in do not extend it."""
    started = time.monotonic()
    with receiver(behave) as peer:
        problem = failed(client, peer.url, timeout=0.3)
    assert (problem.kind, problem.detail) == ("timeout", "no answer within 0.3s")
    assert time.monotonic() - started < 1.5


def test_what_was_sent_is_known(client: Client) -> None:
    """Once a peer has accepted the connection it may have the request; before that nothing was sent."""
    with receiver(hangs) as peer:
        assert failed(client, peer.url, timeout=0.3).sent
        assert not failed(client, peer.url.replace("http:", "https:"), timeout=0.1).sent
        assert not failed(client, peer.url, {"X": "\n"}).sent
    assert not failed(client, peer.url).sent


def test_a_slow_reader_is_bounded_too(client: Client) -> None:
    """Sending a large body that the receiver does not read ends at the deadline."""
    with receiver(hangs) as peer:
        with pytest.raises(TransportError) as caught:
            client.post(peer.url.replace("127.0.0.1", "localhost"), b"x" * 50_000_000, {}, 0.3)
        assert caught.value.kind == "timeout"


def test_a_reset(client: Client) -> None:
    """A request whose connection is reset is not tried again."""
    with receiver(resets) as peer:
        assert failed(client, peer.url).kind == "reset"
    assert len(peer.requests) == 1


def test_a_connection_closed_without_an_answer(client: Client) -> None:
    """A receiver that only hangs up counts as a reset."""
    with receiver(lambda peer: peer.close()) as peer:
        assert failed(client, peer.url).detail == "the connection was closed without an answer"


def test_connection_refused(client: Client) -> None:
    """Where nobody listens, the system's reason is given."""
    with receiver(hangs) as peer:
        url = peer.url
    problem = failed(client, url)
    assert (problem.kind, problem.detail) == ("unreachable", "connection refused")


def test_a_name_that_does_not_resolve(client: Client) -> None:
    """A name longer than DNS allows fails in the resolver without a packet being sent."""
    problem = failed(client, f"http://{'a' * 64}.invalid/webhooks/soc")
    assert (problem.kind, problem.detail) == ("dns", "the host name does not resolve")


@pytest.mark.parametrize("garbage", [b"SSH-2.0-x\r\n\r\n", b"HTTP/1.1 abc\r\n\r\n", f"\x00{CANARY}\r\n\r\n".encode()])
def test_what_is_not_http(client: Client, garbage: bytes) -> None:
    """An answer in another protocol is not quoted."""
    with receiver(lambda peer: peer.sendall(garbage)) as peer:
        assert failed(client, peer.url).kind == "protocol"


@pytest.mark.parametrize("value", [f"{CANARY}\n", f"{CANARY}\r\nX: y", f"{CANARY}é", f" {CANARY}", f"{CANARY}\x00"])
def test_a_header_that_cannot_be_sent(client: Client, value: str) -> None:
    """The header is refused by name, its value is not echoed, and nothing is sent."""
    with receiver(answers(200)) as peer:
        problem = failed(client, peer.url, {"BLINK-API-KEY": value})
    assert (problem.kind, "BLINK-API-KEY" in problem.detail) == ("protocol", True)
    assert peer.accepted == 0


@pytest.mark.parametrize(
    "url",
    ["", "x", "ftp://127.0.0.1/webhooks", "http://[::1/webhooks", "http://h:x/webhooks", "http:///webhooks"],
)
def test_what_is_not_a_url(client: Client, url: str) -> None:
    """A URL that cannot be used is not quoted."""
    assert failed(client, url).kind == "url"


def test_a_host_that_does_not_decode(client: Client) -> None:
    """An invalid internationalised name is looked up as it is, and raises no exception of the libraries'."""
    with pytest.raises(TransportError) as caught:
        client.post(f"http://xn--evil.{'a' * 64}.invalid/webhooks", b"{}", {}, 5)
    assert caught.value.kind == "dns"
