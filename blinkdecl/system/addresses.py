"""Which addresses a host name may lead to: public ones, so that a name cannot take a key into a private network.

A name says nothing about where it leads: whoever answers for it can point it at this machine, at the network around
it or at a cloud's metadata service. So the addresses are judged after the name was resolved, and those that were
judged are connected to; the name is not resolved a second time. Not judged are

    an IP address written as such     whoever let that URL in has seen it
    localhost, *.localhost            these must lead to this machine, and nowhere else
    a host that the caller lists      it is meant to be in a private network

The networks are listed here because `ipaddress.is_global` answers differently from one Python to the next. Of IPv6,
only global unicast (2000::/3) is public, less what is listed, and two forms that carry an IPv4 address which is public
itself: IPv4-mapped ones, and 64:ff9b::/96, by which networks without IPv4 reach all of IPv4 (DNS64). The tunnels of
old (6to4, Teredo, IPv4-compatible addresses) and a network's own NAT64 (64:ff9b:1::/48) are refused whatever they hold.
"""

import socket
from collections.abc import Callable, Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Any

from blinkdecl.system.transport import TransportError

Place = tuple[socket.AddressFamily, Any]
Resolve = Callable[[str, int], list[Place]]

_NOT_PUBLIC_4 = tuple(
    map(
        IPv4Network,
        (
            "0.0.0.0/8",  # this network, and the unspecified address
            "10.0.0.0/8",
            "100.64.0.0/10",  # carriers' NAT
            "127.0.0.0/8",
            "168.63.129.16/32",  # Azure's platform, a public address by its number alone
            "169.254.0.0/16",  # link-local, and most clouds' metadata
            "172.16.0.0/12",
            "192.0.0.0/24",  # protocol assignments, and Oracle's metadata
            "192.0.2.0/24",  # documentation
            "192.88.99.0/24",  # 6to4 relays
            "192.168.0.0/16",
            "198.18.0.0/15",  # benchmarks
            "198.51.100.0/24",  # documentation
            "203.0.113.0/24",  # documentation
            "224.0.0.0/4",  # multicast
            "240.0.0.0/4",  # reserved, and broadcast
        ),
    )
)
_GLOBAL_6 = IPv6Network("2000::/3")
_NOT_PUBLIC_6 = tuple(
    map(
        IPv6Network,
        (
            "2001::/23",  # protocol assignments: Teredo, benchmarks, ORCHID
            "2001:db8::/32",  # documentation
            "2002::/16",  # 6to4
            "3fff::/20",  # documentation
        ),
    )
)
_CARRIERS = (IPv6Network("::ffff:0:0/96"), IPv6Network("64:ff9b::/96"))
_ISATAP = (0x00005EFE, 0x02005EFE)


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Say whether an address is one of the internet's, and so is the IPv4 address that it may carry."""
    if isinstance(address, IPv4Address):
        return not any(address in each for each in _NOT_PUBLIC_4)
    carrier = any(address in each for each in _CARRIERS)
    carries = carrier or (int(address) >> 32) & 0xFFFFFFFF in _ISATAP
    if carries and not is_public(IPv4Address(int(address) & 0xFFFFFFFF)):
        return False
    return carrier or (address in _GLOBAL_6 and not any(address in each for each in _NOT_PUBLIC_6))


def is_local(host: str) -> bool:
    """Say whether a host is written as this machine: localhost, a name below it, or a loopback address."""
    literal = _literal(host)
    if literal is None:
        return _is_localhost(plain_name(host))
    return _is_loopback(literal)


def plain_name(host: str) -> str:
    """Return a host name as names are compared: in lower case, without the root's dot."""
    return host.lower().removesuffix(".")


def resolved(host: str, port: int) -> list[Place]:
    """Return what the system's resolver says, in its order; nothing where the name does not resolve."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    return [(family, address) for family, _, _, _, address in found]


def places(host: str, port: int, private: frozenset[str], resolve: Resolve) -> list[Place]:
    """Return the places of a host that may be connected to; raises a `TransportError` where there are none."""
    found = resolve(host, port)
    if not found:
        raise TransportError("dns", "the host name does not resolve")
    name = plain_name(host)
    if _literal(host) is not None or (name in private and not _is_localhost(name)):
        return found
    if _is_localhost(name):
        strangers = [each for each in found if not _judged(each, _is_loopback)]
        _refuse_if(strangers, "localhost resolves to an address that is not this machine's")
        return found
    permitted = [each for each in found if _judged(each, is_public)]
    _refuse_if([] if permitted else found, "the host name resolves to an address that is not public")
    return permitted


def _refuse_if(found: Iterable[Place], why: str) -> None:
    for _, address in found:
        raise TransportError("forbidden-address", f"{why} ({address[0]})")


def _judged(place: Place, judge: Callable[[IPv4Address | IPv6Address], bool]) -> bool:
    address = _literal(str(place[1][0]))
    return address is not None and judge(address)


def _is_localhost(name: str) -> bool:
    return name == "localhost" or name.endswith(".localhost")


def _is_loopback(address: IPv4Address | IPv6Address) -> bool:
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return (mapped or address).is_loopback


def _literal(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None
