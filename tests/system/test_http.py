"""The client against real sockets on loopback: every way in which a receiver can answer, or fail to."""

import logging
import socket
import ssl
import time
import traceback
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest
import trustme

from blinkdecl.system.http import Client, TransportError
from tests.support.receiver import Behaviour, answers, drips, hangs, receiver, resets

CANARY = "c4n4ry-0f-the-key"
HEADERS = {"BLINK-API-KEY": CANARY}


@pytest.fixture
def client() -> Iterator[Client]:
    """A client for a few requests."""
    with Client(4) as opened:
        yield opened


def failed(client: Client, url: str, headers: dict[str, str] = HEADERS, timeout: float = 5.0) -> TransportError:
    """Send one request that must fail, and check that nothing of it shows in the exception."""
    with pytest.raises(TransportError) as caught:
        client.post(url, b"{}", headers, timeout)
    told = "".join(traceback.format_exception(caught.value)) + repr(caught.value.args)
    assert CANARY not in told
    assert "/webhooks" not in told
    assert caught.value.__context__ is None
    assert caught.value.__cause__ is None
    return caught.value


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
    """Requests one after the other share a connection."""
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


def test_proxies_of_the_environment_are_not_used(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """A key goes to the host that it belongs to, or nowhere."""
    with receiver(answers(200)) as proxy, receiver(answers(204, body=b"")) as peer:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("ALL_PROXY", proxy.url)
        assert client.post(peer.url, b"{}", HEADERS, 5).status == 204
    assert proxy.accepted == 0


@pytest.mark.parametrize("behave", [hangs, drips(b""), drips(b"HTTP/1.1 200 OK\r\nX: ")])
def test_no_answer_within_the_deadline(client: Client, behave: Behaviour) -> None:
    """The deadline is one for the whole request: bytes that drip in do not extend it."""
    started = time.monotonic()
    with receiver(behave) as peer:
        problem = failed(client, peer.url, timeout=0.3)
    assert (problem.kind, problem.detail) == ("timeout", "no answer within 0.3s")
    assert time.monotonic() - started < 1.5


@pytest.mark.parametrize("head", ["Content-Length: 9999", "Transfer-Encoding: chunked", "X: y"])
def test_a_dripping_body_takes_nothing_from_the_status(client: Client, head: str) -> None:
    """The head is the acknowledgement: what follows it too slowly is left, long before the deadline."""
    with receiver(drips(f"HTTP/1.1 200 OK\r\n{head}\r\n\r\n".encode())) as peer:
        started = time.monotonic()
        assert client.post(peer.url, b"{}", HEADERS, 30).status == 200
        assert time.monotonic() - started < 2


def test_what_was_sent_is_known(client: Client) -> None:
    """Whoever took the connection may have the request; before that nothing left."""
    with receiver(hangs) as peer:
        assert failed(client, peer.url, timeout=0.3).sent
        assert not failed(client, peer.url.replace("http:", "https:"), timeout=0.1).sent
        assert not failed(client, peer.url, {"X": "\n"}).sent
    assert not failed(client, peer.url).sent


def test_closing_during_a_request_leaves_no_connection() -> None:
    """A request that ends after its client keeps nothing open behind it."""
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


def test_a_slow_reader_is_bounded_too(client: Client) -> None:
    """A large body that the receiver does not take ends at the deadline."""
    with receiver(hangs) as peer:
        with pytest.raises(TransportError) as caught:
            client.post(peer.url.replace("127.0.0.1", "localhost"), b"x" * 50_000_000, {}, 0.3)
        assert caught.value.kind == "timeout"


def test_a_reset(client: Client) -> None:
    """A connection that is reset is not tried again."""
    with receiver(resets) as peer:
        assert failed(client, peer.url).kind == "reset"
    assert len(peer.requests) == 1


def test_a_connection_closed_without_an_answer(client: Client) -> None:
    """A receiver that only hangs up counts as a reset."""
    with receiver(lambda peer: peer.close()) as peer:
        assert failed(client, peer.url).detail == "the connection was closed without an answer"


def test_connection_refused(client: Client) -> None:
    """Nobody listens: the system's reason is given."""
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
    """It is refused by name, the value is not echoed, and nothing is sent."""
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
    """An internationalised name that stands for none is asked for as it is, and raises nothing of the libraries."""
    with pytest.raises(TransportError) as caught:
        client.post(f"http://xn--evil.{'a' * 64}.invalid/webhooks", b"{}", {}, 5)
    assert caught.value.kind == "dns"


def test_a_huge_body_is_left(client: Client) -> None:
    """A body over the cap is not read, and the connection is not used again."""
    with receiver(answers(200, body=b"z" * 20_000_000)) as peer:
        assert client.post(peer.url, b"{}", HEADERS, 5).status == 200
        assert client.post(peer.url, b"{}", HEADERS, 5).status == 200
        assert peer.accepted == 2


def test_the_libraries_log_nothing(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    """Even where the whole process logs at DEBUG, no URL and no header is logged."""
    with caplog.at_level(logging.DEBUG), receiver(answers(200)) as peer:
        client.post(peer.url, b"{}", HEADERS, 5)
    assert caplog.text == ""


def serving(authority: trustme.CA, name: str) -> ssl.SSLContext:
    """A server's TLS context with a certificate for `name`."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    return context


def test_a_private_authority(client: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """SSL_CERT_FILE names a private authority; its certificates are then trusted."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    with receiver(answers(200), serving(authority, "127.0.0.1")) as peer:
        assert client.post(peer.url.replace("http:", "https:"), b"{}", HEADERS, 5).status == 200


@pytest.mark.parametrize(("trusted", "name"), [(False, "127.0.0.1"), (True, "other.example")])
def test_a_certificate_that_proves_nothing(
    client: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, *, trusted: bool, name: str
) -> None:
    """An unknown authority or another host's certificate: nothing is sent, and no host is named."""
    authority = trustme.CA()
    if trusted:
        authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    with receiver(answers(200), serving(authority, name)) as peer:
        problem = failed(client, peer.url.replace("http:", "https:"))
    assert problem.kind == "tls"
    assert problem.detail.startswith("the certificate is not trusted: ")
    assert peer.requests == []


def test_tls_against_a_plain_server(client: Client) -> None:
    """A server that does not speak TLS is said so."""
    with receiver(lambda peer: peer.sendall(b"HTTP/1.1 400 X\r\n\r\n")) as peer:
        problem = failed(client, peer.url.replace("http:", "https:"))
    assert (problem.kind, problem.detail) == ("tls", "the TLS handshake failed")


def test_a_missing_authority_file(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """SSL_CERT_FILE that names nothing is an error of its own, before anything is sent."""
    monkeypatch.setenv("SSL_CERT_FILE", "/nonexistent/ca.pem")
    with receiver(answers(200)) as peer:
        problem = failed(client, peer.url.replace("http:", "https:"))
    assert (problem.kind, "SSL_CERT_FILE" in problem.detail) == ("tls", True)
    assert peer.accepted == 0


def test_a_body_is_read_where_it_is_asked_for(client: Client) -> None:
    """With its Retry-After; the connection is kept."""
    with receiver(answers(200, "Retry-After: 3", body=b'{"a": 1}')) as peer:
        replies = [client.post(peer.url, b"{}", HEADERS, 5, limit=100) for _ in range(2)]
    assert {(reply.status, reply.body, reply.headers["retry-after"]) for reply in replies} == {(200, b'{"a": 1}', "3")}
    assert peer.accepted == 1


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
    """Too long by its head or by what comes, compressed, or too slow: the request was sent, and is lost."""
    with receiver(behave) as peer, pytest.raises(TransportError) as caught:
        client.post(peer.url, b"{}", HEADERS, 0.5 if kind == "timeout" else 5, limit=100)
    assert (caught.value.kind, caught.value.sent) == (kind, True)
    assert detail in caught.value.detail


def test_a_body_that_is_cut_off(client: Client) -> None:
    """A short body is never taken for a whole one."""

    def cut(peer: socket.socket) -> None:
        peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{}")
        peer.shutdown(socket.SHUT_WR)

    with receiver(cut) as peer, pytest.raises(TransportError) as caught:
        client.post(peer.url, b"{}", HEADERS, 5, limit=100)
    assert (caught.value.kind, caught.value.sent) == ("reset", True)
