"""The client against real sockets on loopback: what it sends, to whom, and over which connections."""

import logging
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from blinkdecl.system.http import Client
from tests.support.receiver import answers, receiver
from tests.support.requests import CANARY, HEADERS


@pytest.mark.parametrize("status", [200, 204, 301, 401, 404, 413, 429, 500, 599])
def test_every_status_is_an_answer(client: Client, status: int) -> None:
    """A status is returned as it came, with the time that it took."""
    with receiver(answers(status, body=b"")) as peer:
        reply = client.post(peer.url, b"{}", HEADERS, 5)
    assert reply.status == status
    assert 0 < reply.latency < 5


def test_the_request_on_the_wire(client: Client) -> None:
    """The exact body, the path with its query, and the headers leave; no compression is offered."""
    with receiver(answers(200)) as peer:
        client.post(peer.url + "?a=b%20c", b'{"x":"\xc3\xa9"}', HEADERS, 5)
    head, _, body = peer.requests[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /webhooks/soc?a=b%20c HTTP/1.1\r\n")
    assert f"BLINK-API-KEY: {CANARY}".encode() in head
    assert b"Accept-Encoding: identity" in head
    assert f"Host: 127.0.0.1:{peer.port}".encode() in head
    assert body == b'{"x":"\xc3\xa9"}'


def test_connections_are_kept(client: Client) -> None:
    """Consecutive requests share a connection."""
    with receiver(answers(200)) as peer:
        for _ in range(5):
            client.post(peer.url, b"{}", HEADERS, 5)
    assert peer.accepted == 1


def test_threads_share_the_client() -> None:
    """`connections` bounds how many are open, whatever the number of threads."""
    with receiver(answers(200)) as peer, Client(3) as client, ThreadPoolExecutor(8) as pool:
        replies = list(pool.map(lambda _: client.post(peer.url, b"{}", HEADERS, 5), range(60)))
    assert {reply.status for reply in replies} == {200}
    assert peer.accepted <= 3


def test_a_connection_that_the_server_closed_is_not_used_again(client: Client) -> None:
    """After `Connection: close` the next request opens another connection."""
    with receiver(answers(200, "Connection: close")) as peer:
        statuses = [client.post(peer.url, b"{}", HEADERS, 5).status for _ in range(3)]
    assert statuses == [200, 200, 200]
    assert peer.accepted == 3


def test_redirects_are_not_followed(client: Client) -> None:
    """The second host never sees a connection, let alone the key."""
    with receiver(answers(200)) as second, receiver(answers(307, f"Location: {second.url}")) as first:
        assert client.post(first.url, b"{}", HEADERS, 5).status == 307
    assert second.accepted == 0


def test_closing_during_a_request_leaves_no_connection() -> None:
    """A request that ends after its client was closed leaves no connection open."""
    client, asked, proceed = Client(2), Event(), Event()

    def behave(peer: socket.socket) -> None:
        asked.set()
        proceed.wait(5)
        answers(200)(peer)

    with receiver(behave) as peer, ThreadPoolExecutor(1) as pool:
        reply = pool.submit(client.post, peer.url, b"{}", HEADERS, 5)
        asked.wait(5)
        client.close()
        proceed.set()
        assert reply.result().status == 200
        until = time.monotonic() + 5
        while peer.peers[0].fileno() >= 0 and time.monotonic() < until:  # open as long as the client's end is
            time.sleep(0.01)
        assert peer.peers[0].fileno() < 0


def test_the_libraries_log_nothing(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    """Even where the whole process logs at DEBUG, no URL and no header is logged."""
    with caplog.at_level(logging.DEBUG), receiver(answers(200)) as peer:
        client.post(peer.url, b"{}", HEADERS, 5)
    assert caplog.text == ""
