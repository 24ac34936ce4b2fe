"""The proxy between this machine and the internet, where the environment names one: a tunnel, and nothing more.

HTTPS_PROXY is used for https alone, by CONNECT: TLS is spoken with the target, so the proxy sees the target's name and
port, but neither a path nor a key. Plain http, which only ever goes to this machine, never passes a proxy, and neither
does any other host of this machine's. HTTP_PROXY and ALL_PROXY mean nothing here.

The proxy's own address is the operator's choice and is not judged. Behind a proxy it is the proxy that resolves the
target's name, so what `blinkdecl.system.addresses` forbids cannot be checked here: that is then the proxy's to forbid.

No error quotes HTTPS_PROXY, which may hold a password, or what a proxy says in words.
"""

import base64
import re
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network
from urllib.parse import SplitResult, unquote_to_bytes, urlsplit

from blinkdecl.system.addresses import is_local, plain_name
from blinkdecl.system.transport import Clock, TransportError

_MAX_HEAD = 64 * 1024
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_STATUS = re.compile(rb"HTTP/1\.[01] (\d{3})[ \r\n]")


@dataclass(frozen=True, slots=True)
class Proxy:
    """Where the proxy listens, and the value of Proxy-Authorization, empty where it wants none."""

    host: str
    port: int
    authorization: str = field(default="", repr=False)


def proxy_for(environ: Mapping[str, str], host: str, port: int) -> Proxy | None:
    """Return the proxy on the way to an https host, None where there is none; raises a `TransportError`.

    The spelling in lower case wins, as it does for curl; an empty one means no proxy.
    """
    url = environ.get("https_proxy", environ.get("HTTPS_PROXY", "")).strip()
    excepted = environ.get("no_proxy", environ.get("NO_PROXY", ""))
    if not url or is_local(host) or _is_excepted(excepted, plain_name(host), port):
        return None
    found = _parsed(url)
    if isinstance(found, str):
        raise TransportError("proxy", found)
    return found


def open_tunnel(connected: socket.socket, proxy: Proxy, host: str, port: int, clock: Clock) -> None:
    """Have the proxy connect to a host; raises a `TransportError` where it does not, within the clock's time."""
    try:
        connected.settimeout(clock.left())
        connected.sendall(_request(proxy, host, port))
        head = _head(connected, clock)
    except TimeoutError:
        raise clock.expired() from None
    except OSError:
        raise TransportError("proxy", "the proxy closed the connection without an answer") from None
    status = _STATUS.match(head)
    if status is None:
        raise TransportError("proxy", "the proxy's answer to CONNECT is not HTTP")
    if not status[1].startswith(b"2"):
        raise TransportError("proxy", f"the proxy answered CONNECT with HTTP {status[1].decode()}")
    end = _HEAD_END.search(head)
    if end is None or end.end() != len(head):
        # The target speaks only after the client: what follows the head is the proxy's, and would be taken for TLS.
        raise TransportError("proxy", "the proxy's answer to CONNECT cannot be understood")


def _request(proxy: Proxy, host: str, port: int) -> bytes:
    target = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    lines = [f"CONNECT {target} HTTP/1.1", f"Host: {target}"]
    if proxy.authorization:
        lines.append(f"Proxy-Authorization: {proxy.authorization}")
    return "\r\n".join((*lines, "", "")).encode()


def _head(connected: socket.socket, clock: Clock) -> bytes:
    """Return the head of the proxy's answer, with what came in the same packets."""
    head = b""
    while not _HEAD_END.search(head[-_MAX_HEAD:]):
        if len(head) > _MAX_HEAD:
            raise TransportError("proxy", f"the head of the proxy's answer is larger than {_MAX_HEAD // 1024} KiB")
        connected.settimeout(clock.left())
        received = connected.recv(4096)
        if not received:
            raise TransportError("proxy", "the proxy closed the connection without an answer")
        head += received
    return head


def _parsed(url: str) -> Proxy | str:
    """Return the proxy that a value of HTTPS_PROXY names, or the sentence that says why it names none."""
    parts, port = _split(url if "://" in url else f"http://{url}")
    if parts is None or parts.hostname is None or parts.path not in ("", "/") or parts.query or parts.fragment:
        return "HTTPS_PROXY is not a proxy URL"
    if parts.scheme.startswith("socks"):
        return "HTTPS_PROXY names a SOCKS proxy, which is not supported"
    if parts.scheme == "https":
        return "HTTPS_PROXY names a proxy that speaks TLS itself, which is not supported"
    if parts.scheme != "http" or port == 0:
        return "HTTPS_PROXY is not a proxy URL"
    login = parts.netloc.rpartition("@")[0]
    authorization = f"Basic {base64.b64encode(unquote_to_bytes(login)).decode()}" if login else ""
    return Proxy(parts.hostname, 80 if port is None else port, authorization)


def _split(url: str) -> tuple[SplitResult | None, int | None]:
    if not (url.isprintable() and " " not in url):
        return None, None
    try:
        parts = urlsplit(url)
        return parts, parts.port
    except ValueError:
        return None, None


def _is_excepted(excepted: str, host: str, port: int) -> bool:
    """Say whether a value of NO_PROXY lists a host: by name or suffix, as an IP address or network, with a port."""
    return any(_matches(entry.lower(), host, port) for entry in excepted.replace(",", " ").split())


def _matches(entry: str, host: str, port: int) -> bool:
    if entry == "*" or _covers(entry, host):
        return True
    name, colon, digits = entry.rpartition(":")
    # More colons than one are an IPv6 address, unless brackets say where it ends.
    if colon and digits.isascii() and digits.isdecimal() and (":" not in name or name.endswith("]")):
        if (digits.lstrip("0") or "0") != str(port):  # as text: of very many digits Python makes no number
            return False
        entry = name
    if _covers(entry.strip("[]"), host):
        return True
    suffix = plain_name(entry).removeprefix("*").removeprefix(".")
    return bool(suffix) and f".{host}".endswith(f".{suffix}")


def _covers(entry: str, host: str) -> bool:
    """Say whether an entry is an IP address or a network that holds the host, which is written as an address."""
    try:
        return ip_address(host) in ip_network(entry, strict=False)
    except ValueError:
        return False
