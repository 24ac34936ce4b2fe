"""Bodies of answers: read where they are asked for, left where they are not."""

import socket
import time

import pytest

from blinkdecl.system.http import Client, TransportError
from tests.support.receiver import Behaviour, answers, drips, receiver
from tests.support.requests import HEADERS


def test_a_body_is_read_where_it_is_asked_for(client: Client) -> None:
    """The body comes with its Retry-After, and the connection is kept."""
    with receiver(answers(200, "Retry-After: 3", body=b'{"a": 1}')) as peer:
        replies = [client.post(peer.url, b"{}", HEADERS, 5, limit=100) for _ in range(2)]
    assert {(reply.status, reply.body, reply.headers["retry-after"]) for reply in replies} == {(200, b'{"a": 1}', "3")}
    assert peer.accepted == 1


@pytest.mark.parametrize("head", ["Content-Length: 9999", "Transfer-Encoding: chunked", "X: y"])
def test_a_dripping_body_takes_nothing_from_the_status(client: Client, head: str) -> None:
    """The head is the acknowledgement: a body that follows too slowly is not read, long before the deadline."""
    with receiver(drips(f"HTTP/1.1 200 OK\r\n{head}\r\n\r\n".encode())) as peer:
        started = time.monotonic()
        assert client.post(peer.url, b"{}", HEADERS, 30).status == 200
        assert time.monotonic() - started < 2


def test_a_huge_body_is_left(client: Client) -> None:
    """A body over the cap is not read, and the connection is not used again."""
    with receiver(answers(200, body=b"z" * 20_000_000)) as peer:
        assert client.post(peer.url, b"{}", HEADERS, 5).status == 200
        assert client.post(peer.url, b"{}", HEADERS, 5).status == 200
        assert peer.accepted == 2


@pytest.mark.parametrize(
    ("behave", "kind", "detail"),
    [
        (answers(200, body=b"x" * 101), "too-large", "larger than"),
        (answers(200, "Content-Encoding: gzip", body=b"x"), "protocol", "compressed"),
        (drips(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n"), "timeout", "within 0.5s"),
        (drips(b"HTTP/1.1 200 OK\r\n\r\n"), "too-large", "larger than"),
    ],
)
def test_bodies_that_are_not_taken(client: Client, behave: Behaviour, kind: str, detail: str) -> None:
    """Too long (by its head or as it arrives), compressed, or too slow: the request was sent, its answer is lost."""
    with receiver(behave) as peer, pytest.raises(TransportError) as caught:
        client.post(peer.url, b"{}", HEADERS, 0.5 if kind == "timeout" else 5, limit=100)
    assert (caught.value.kind, caught.value.sent) == (kind, True)
    assert detail in caught.value.detail


def test_a_body_that_is_cut_off(client: Client) -> None:
    """A truncated body is never taken for a whole one."""

    def cut(peer: socket.socket) -> None:
        peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{}")
        peer.shutdown(socket.SHUT_WR)

    with receiver(cut) as peer, pytest.raises(TransportError) as caught:
        client.post(peer.url, b"{}", HEADERS, 5, limit=100)
    assert (caught.value.kind, caught.value.sent) == ("reset", True)
