"""Proxies of the environment: what they are shown, when they are passed, and what is said where they refuse."""

import base64
import time
from pathlib import Path

import pytest

from blinkdecl.system.http import Client, TransportError
from blinkdecl.system.proxy import Proxy, proxy_for
from tests.support.authority import Authority
from tests.support.receiver import Behaviour, answers, drips, hangs, receiver, resets
from tests.support.requests import CANARY, HEADERS, failed
from tests.support.tunnel import tunnels

HOST = "acme.app.blinkops.com"
URL = f"https://{HOST}/webhooks/soc"
PASSWORD = "p4ssw0rd-0f-the-proxy"


def behind(behave: Behaviour, timeout: float = 5.0) -> TransportError:
    """Send one request by way of a proxy that behaves so, and return why it failed."""
    with receiver(behave) as proxy, Client(1, environ={"HTTPS_PROXY": f"127.0.0.1:{proxy.port}"}) as client:
        problem = failed(client, URL, timeout=timeout)
    assert not problem.sent
    return problem


def test_the_proxy_sees_the_target_alone(tmp_path: Path) -> None:
    """TLS is spoken with the target: the proxy learns its name and port, and neither the path nor the key."""
    authority, seen = Authority(tmp_path), list[bytes]()
    with receiver(answers(200), authority.serving(HOST)) as peer, receiver(tunnels(peer.port, seen)) as proxy:
        environ = {**authority.environ, "https_proxy": f"http://127.0.0.1:{proxy.port}"}
        with Client(1, environ=environ) as client:
            statuses = [client.post(URL, b"{}", HEADERS, 5).status for _ in range(2)]
    assert (statuses, len(peer.requests), proxy.accepted) == ([200, 200], 2, 1)
    assert proxy.requests == [f"CONNECT {HOST}:443 HTTP/1.1\r\nHost: {HOST}:443\r\n\r\n".encode()]
    assert CANARY.encode() in peer.requests[0]
    assert not any(secret in b"".join(seen) for secret in (CANARY.encode(), b"/webhooks", b"BLINK-API-KEY"))


def test_the_target_has_to_prove_its_name_through_a_proxy(tmp_path: Path) -> None:
    """A proxy that leads elsewhere is found out before anything is sent."""
    authority = Authority(tmp_path)
    with receiver(answers(200), authority.serving("other.example")) as peer, receiver(tunnels(peer.port, [])) as proxy:
        environ = {**authority.environ, "HTTPS_PROXY": f"127.0.0.1:{proxy.port}"}
        with Client(1, environ=environ) as client:
            problem = failed(client, URL)
    assert (problem.kind, problem.sent, peer.requests) == ("tls", False, [])


def test_the_proxy_is_given_its_login() -> None:
    """A name and password, decoded, go to the proxy, and into no error."""
    with receiver(answers(407)) as proxy:
        environ = {"HTTPS_PROXY": f"http://us%40er:{PASSWORD}%3A@127.0.0.1:{proxy.port}/"}
        with Client(1, environ=environ) as client:
            problem = failed(client, URL)
    login = base64.b64encode(f"us@er:{PASSWORD}:".encode())
    assert b"\r\nProxy-Authorization: Basic " + login + b"\r\n" in proxy.requests[0]
    assert problem.detail == "the proxy answered CONNECT with HTTP 407"
    assert PASSWORD not in repr(proxy_for(environ, HOST, 443))


@pytest.mark.parametrize("status", [100, 302, 403, 407, 502])
def test_a_proxy_that_refuses(status: int) -> None:
    """The status is told, and nothing of the proxy's text."""
    problem = behind(answers(status, f"X-Reason: {CANARY}", body=CANARY.encode()))
    assert (problem.kind, problem.detail) == ("proxy", f"the proxy answered CONNECT with HTTP {status}")


@pytest.mark.parametrize(
    ("behave", "detail"),
    [
        (resets, "the proxy closed the connection without an answer"),
        (lambda peer: peer.close(), "the proxy closed the connection without an answer"),
        (lambda peer: peer.sendall(b"SSH-2.0-x\r\n\r\n"), "the proxy's answer to CONNECT is not HTTP"),
        (answers(200, body=b"{}"), "the proxy's answer to CONNECT cannot be understood"),
        (lambda peer: peer.sendall(b"x" * 200_000), "the head of the proxy's answer is larger than 64 KiB"),
    ],
)
def test_a_proxy_that_is_none(behave: Behaviour, detail: str) -> None:
    """What cannot be the answer to a CONNECT is not taken for one, and is read up to a bound."""
    problem = behind(behave)
    assert (problem.kind, problem.detail) == ("proxy", detail)


@pytest.mark.parametrize("behave", [hangs, drips(b"HTTP/1.1 200 OK\r\nX: ")])
def test_a_slow_proxy_is_bounded_by_the_deadline(behave: Behaviour) -> None:
    """The request's one deadline holds for the proxy's answer too."""
    started = time.monotonic()
    problem = behind(behave, timeout=0.3)
    assert (problem.kind, problem.detail) == ("timeout", "no answer within 0.3s")
    assert time.monotonic() - started < 1.5


def test_a_proxy_that_cannot_be_reached() -> None:
    """Where nobody listens, or the name leads nowhere, it is said to be the proxy's fault."""
    with receiver(hangs) as gone:
        port = gone.port
    with Client(1, environ={"HTTPS_PROXY": f"127.0.0.1:{port}"}) as client:
        assert failed(client, URL).detail == "the proxy cannot be reached: connection refused"
    with Client(1, environ={"HTTPS_PROXY": f"{'a' * 64}.invalid:8080"}) as client:
        problem = failed(client, URL)
    assert (problem.kind, problem.detail) == ("proxy", "the proxy cannot be reached: the host name does not resolve")


@pytest.mark.parametrize(
    ("url", "proxy"),
    [
        ("http://proxy:3128", Proxy("proxy", 3128)),
        ("proxy:3128", Proxy("proxy", 3128)),
        ("http://proxy/", Proxy("proxy", 80)),
        ("HTTP://Proxy:1", Proxy("proxy", 1)),
        ("http://[::1]:3128", Proxy("::1", 3128)),
        ("u:p@proxy:3128", Proxy("proxy", 3128, "Basic dTpw")),
        ("", None),
        ("  ", None),
    ],
)
def test_how_a_proxy_is_written(url: str, proxy: Proxy | None) -> None:
    """A URL, or only the host and port; an empty value names none."""
    assert proxy_for({"HTTPS_PROXY": url}, HOST, 443) == proxy


@pytest.mark.parametrize(
    "url", ["http://", "http://x:y", "http://x:0", "http://x:1/path", "ftp://x:1", "http://[::1:3", "a b:1", "x:1\n.y"]
)
def test_what_is_not_a_proxy(url: str) -> None:
    """A malformed value is an error, without being shown."""
    with Client(1, environ={"HTTPS_PROXY": url}) as client:
        problem = failed(client, URL)
    assert (problem.kind, problem.detail) == ("proxy", "HTTPS_PROXY is not a proxy URL")


@pytest.mark.parametrize("url", ["socks5://x:1080", "socks5h://u:p@x:1", "https://x:443"])
def test_proxies_that_are_not_supported(url: str) -> None:
    """Another kind of proxy is refused, rather than left out on the way."""
    with pytest.raises(TransportError, match="which is not supported") as caught:
        proxy_for({"HTTPS_PROXY": url}, HOST, 443)
    assert caught.value.kind == "proxy"


@pytest.mark.parametrize(
    ("excepted", "host", "port"),
    [
        ("*", HOST, 443),
        (HOST, HOST.upper(), 443),
        ("x, blinkops.com", HOST, 443),
        (".blinkops.com", HOST, 443),
        ("*.blinkops.com", HOST, 443),
        ("BlinkOps.com.", f"{HOST}.", 443),
        (".blinkops.com", "blinkops.com", 443),
        (f"{HOST}:8443", HOST, 8443),
        ("192.0.2.7", "192.0.2.7", 443),
        ("192.0.2.0/24", "192.0.2.7", 443),
        ("192.0.2.7:8443", "192.0.2.7", 8443),
        ("2001:db8::/32", "2001:db8::7", 443),
        ("[2001:db8::7]:443", "2001:db8::7", 443),
        ("", "localhost", 443),
        ("", "acme.localhost", 443),
        ("", "127.0.0.9", 443),
        ("", "::1", 443),
    ],
)
def test_hosts_without_a_proxy(excepted: str, host: str, port: int) -> None:
    """NO_PROXY lists hosts as other programs read it; this machine never needs a proxy."""
    assert proxy_for({"HTTPS_PROXY": "proxy:1", "NO_PROXY": excepted}, host, port) is None


@pytest.mark.parametrize(
    "excepted", ["", "ops.com", f"{HOST}:80", "x.acme.app.blinkops.com", "192.0.2.0/24", ".", ":", "[", "192.0.2.0/99"]
)
def test_hosts_with_a_proxy(excepted: str) -> None:
    """A part of a label is no suffix, another port is another server, and nonsense excepts nothing."""
    assert proxy_for({"HTTPS_PROXY": "proxy:1", "no_proxy": excepted}, HOST, 443) == Proxy("proxy", 1)


def test_the_spelling_in_lower_case_wins() -> None:
    """An empty `https_proxy` switches the other off, as it does for other programs."""
    assert proxy_for({"HTTPS_PROXY": "a:1", "https_proxy": "b:2"}, HOST, 443) == Proxy("b", 2)
    assert proxy_for({"HTTPS_PROXY": "a:1", "https_proxy": ""}, HOST, 443) is None


def test_plain_http_never_passes_a_proxy() -> None:
    """What is not encrypted stays on this machine, and the other variables mean nothing."""
    with receiver(answers(200)) as proxy, receiver(answers(204, body=b"")) as peer:
        names = ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY")
        with Client(1, environ=dict.fromkeys(names, proxy.url)) as client:
            assert client.post(peer.url, b"{}", HEADERS, 5).status == 204
    assert proxy.accepted == 0


@pytest.mark.parametrize("port", ["9" * 5000, "\u0664\u0664\u0663", "0" * 5000])
def test_odd_ports_of_excepted_hosts(port: str) -> None:
    """A port that no number holds, or that is not ASCII, is just another port."""
    assert proxy_for({"HTTPS_PROXY": "proxy:1", "NO_PROXY": f"example.com:{port}"}, "example.com", 443) is not None
    assert proxy_for({"HTTPS_PROXY": "proxy:1", "NO_PROXY": "example.com:0443"}, "example.com", 443) is None
