"""A web page is no webhook, whatever its status: known by its content type or by its beginning."""

import socket

import pytest

from blinkdecl.alert.delivery import Outgoing, Target, deliver
from blinkdecl.alert.dispatch import DispatchLimits, dispatch
from blinkdecl.model.results import Delivery
from blinkdecl.model.urls import HostRules
from blinkdecl.secret.value import Secret
from blinkdecl.system.http import Client
from blinkdecl.system.web_page import is_web_page
from tests.support.receiver import answers, receiver

LOOPBACK = HostRules(("127.0.0.1",))
PAGE = b"<!doctype html><title>Sign in</title>"


@pytest.mark.parametrize(
    "body",
    [
        PAGE,
        b"<!DOCTYPE HTML PUBLIC '-//W3C//DTD HTML 4.01//EN'>",
        b"<html>",
        b"<HtMl lang=en>",
        b"\xef\xbb\xbf<html>",
        b" \r\n\t <html>",
        b"<!-- built 2026 --> <!-- again\n --><html>",
        b"<!-- " + b"x" * 4091,
        b'<?xml version="1.0"?>\n<!DOCTYPE html>',
        b"<head><title>",
        b"<script>location='/login'</script>",
        b"<body/>",
        b"<h1>Welcome</h1>",
        "\ufeff<html>".encode("utf-16-le"),
        "\ufeff<!doctype html>".encode("utf-16-be"),
        b"<html",
    ],
)
def test_pages_by_their_beginning(body: bytes) -> None:
    """As browsers know them, whatever comes before the first tag."""
    assert is_web_page(200, {}, body)
    assert is_web_page(200, {"content-type": "application/json"}, body)


@pytest.mark.parametrize("kind", ["text/html", "TEXT/HTML; charset=utf-8", " text/html ;x", "application/xhtml+xml"])
def test_pages_by_their_content_type(kind: str) -> None:
    """The type is enough, unless there is no body at all."""
    assert is_web_page(200, {"content-type": kind}, b"Welcome")
    assert is_web_page(201, {"content-type": kind}, b"")
    assert not is_web_page(204, {"content-type": kind}, b"")
    assert not is_web_page(200, {"content-type": kind, "content-length": "0"}, b"")


@pytest.mark.parametrize(
    "body", [b"", b"{}", b'{"page": "<html>"}', b"OK <html>", b"<htmlx>", b"<status>ok</status>", b"<", b"\xff\xfe\x00"]
)
def test_what_is_no_page(body: bytes) -> None:
    """JSON, text, other markup, nothing."""
    assert not is_web_page(200, {"content-type": "application/json"}, body)


def sent(url: str) -> Delivery:
    """Send one alert."""
    with Client(1) as client:
        return deliver(client, Target("destination.soc", url, Secret("k")), Outgoing(b"{}", str), LOOPBACK)


@pytest.mark.parametrize(
    "head",
    [
        "Content-Length: {}\r\nContent-Type: text/html",
        "Content-Length: {}",
        "Content-Length: 9000000",  # the rest never comes
        "X: until the connection ends",
    ],
)
def test_a_page_over_http(head: str) -> None:
    """It is not delivered, and the remedy says what to check; the page itself is not shown."""

    def behave(peer: socket.socket) -> None:
        peer.sendall(f"HTTP/1.1 200 OK\r\n{head.format(len(PAGE))}\r\n\r\n".encode() + PAGE)

    with receiver(behave) as peer:
        outcome = sent(peer.url)
    assert (outcome.delivered, outcome.status, outcome.failure) == (False, 200, "web-page")
    assert "copy the Webhook URL again" in outcome.remedy
    assert "Sign in" not in repr(outcome)


def test_a_chunked_page() -> None:
    """A page that is made as it is sent is one too."""
    body = b"%x\r\n%s\r\n0\r\n\r\n" % (len(PAGE), PAGE)
    with receiver(lambda peer: peer.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + body)) as peer:
        assert sent(peer.url).failure == "web-page"


def test_a_page_with_another_status_says_what_the_status_says() -> None:
    """An error page is an error: its key, its URL."""
    with receiver(answers(401, "Content-Type: text/html", body=PAGE)) as peer:
        assert sent(peer.url).failure == "refused"


def test_a_page_is_not_tried_again() -> None:
    """A repetition cannot change it."""
    with receiver(answers(200, "Content-Type: text/html", body=PAGE)) as peer, Client(1) as client:
        target = Target("destination.soc", peer.url, Secret("k"))
        outcome = dispatch(client, target, Outgoing(b"{}", str), LOOPBACK, DispatchLimits(first=0.01), lambda *_: None)
    assert (outcome.failure, outcome.attempt, len(peer.requests)) == ("web-page", 1, 1)
