"""Which addresses a name may lead to, by themselves and on the way to a connection."""

import socket
from ipaddress import ip_address

import pytest

from blinkdecl.system.addresses import Place, is_local, is_public
from blinkdecl.system.http import Client
from blinkdecl.system.sockets import Backend
from blinkdecl.system.transport import Clock, TransportError
from tests.support.receiver import answers, receiver
from tests.support.requests import HEADERS, failed

FORBIDDEN = """
0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.127.255.254 127.0.0.1 127.255.0.1 168.63.129.16
169.254.0.1 169.254.169.254 169.254.170.2 172.16.0.1 172.31.255.255 192.0.0.8 192.0.0.192 192.0.2.1 192.88.99.1
192.168.0.1 198.18.0.1 198.19.255.255 198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.250 240.0.0.1 255.255.255.255
:: ::1 ::2 ::8.8.8.8 ::127.0.0.1 ::ffff:10.0.0.1 ::ffff:127.0.0.1 ::ffff:169.254.169.254 ::ffff:0:8.8.8.8
64:ff9b::10.0.0.1 64:ff9b::169.254.169.254 64:ff9b:1::8.8.8.8 100::1 100:0:0:1::1
2001::1 2001:0:4136:e378:8000:63bf:3fff:fdd2 2001:2::1 2001:10::1 2001:20::1 2001:db8::1
2002:7f00:1::1 2002:a9fe:a9fe::1 2002:808:808::1 3fff::1 3fff:fff::1 4000::1 5f00::1
2600::5efe:10.0.0.1 2600::200:5efe:169.254.169.254
fc00::1 fd00:ec2::254 fdff::1 fe80::1 fe80::1%eth0 fe80::5efe:8.8.8.8 febf::1 fec0::1 ff02::1 ff0e::1
"""
PUBLIC = """
1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.1 168.63.129.15
168.63.129.17 169.253.255.255 169.255.0.0 172.15.255.255 172.32.0.0 192.0.1.1 192.167.255.255 192.169.0.0
198.17.255.255 198.20.0.0 223.255.255.255 2001:200::1 2001:4860:4860::8888 2600:1f18::1 2606:4700::1111
2a00:1450::1 3ffe::1 ::ffff:8.8.8.8 64:ff9b::8.8.8.8 2600::5efe:8.8.8.8
"""


@pytest.mark.parametrize("address", FORBIDDEN.split())
def test_addresses_that_are_not_public(address: str) -> None:
    """Every network that is not the internet's, and every form that carries an address of one."""
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", PUBLIC.split())
def test_addresses_that_are_public(address: str) -> None:
    """The neighbours of what is forbidden, and the forms that networks without IPv4 need."""
    assert is_public(ip_address(address))


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST.", "a.localhost", "127.0.0.1", "127.9.9.9", "::1"])
def test_this_machine(host: str) -> None:
    """A host that is this machine, by its name or address."""
    assert is_local(host)
    assert not is_local(f"{host}.example")


class Resolver:
    """A resolver that gives every name the same addresses, and counts."""

    def __init__(self, port: int, *addresses: str) -> None:
        self._port, self._addresses, self.asked = port, addresses, list[str]()

    def __call__(self, host: str, port: int) -> list[Place]:
        """Return the addresses, at the port of the receiver."""
        self.asked.append(host)
        family = {each: socket.AF_INET6 if ":" in each else socket.AF_INET for each in self._addresses}
        return [(family[each], (each, self._port)) for each in self._addresses]


def refused(host: str, *addresses: str) -> TransportError:
    """Connect to a host with these addresses, and return why that is refused."""
    clock = Clock()
    clock.start(0, 1e9)
    with pytest.raises(TransportError) as caught:
        Backend(clock, resolve=Resolver(9, *addresses)).connect_tcp(host, 443)
    assert (caught.value.kind, caught.value.sent) == ("forbidden-address", False)
    return caught.value


@pytest.mark.parametrize("host", ["acme.app.blinkops.com", "localhost.example", "127.1", "2130706433", "0x7f.1"])
def test_a_name_that_leads_inside(host: str) -> None:
    """The address is named, and nothing is connected to; what a resolver takes for an address is a name here."""
    told = "the host name resolves to an address that is not public (169.254.169.254)"
    assert refused(host, "169.254.169.254", "10.0.0.1").detail == told


@pytest.mark.parametrize("address", ["93.184.215.14", "10.0.0.1", "::ffff:8.8.8.8", "nonsense"])
def test_localhost_is_this_machine(address: str) -> None:
    """A resolver that lets localhost lead elsewhere is not believed, whatever else it says."""
    assert "is not this machine's" in refused("a.localhost", "127.0.0.1", address).detail


def test_nothing_forbidden_is_connected_to() -> None:
    """A receiver on a forbidden address sees no connection, though the name leads to it."""
    with receiver(answers(200)) as peer, Client(1, resolve=Resolver(peer.port, "127.0.0.1")) as client:
        problem = failed(client, "http://acme.example/webhooks/soc")
    assert (problem.kind, peer.accepted) == ("forbidden-address", 0)


def test_only_what_is_permitted_is_tried() -> None:
    """Of several addresses the forbidden ones are left out, however often a name changes its mind."""
    clock = Clock()
    with receiver(answers(200)) as peer:
        resolver = Resolver(peer.port, "127.0.0.1", "8.8.8.8")
        clock.start(0, 0)  # no time is left, so that nothing leaves this machine
        with pytest.raises(TransportError, match="timeout"):
            Backend(clock, resolve=resolver).connect_tcp("acme.example", 443)
    assert (peer.accepted, resolver.asked) == (0, ["acme.example"])


@pytest.mark.parametrize("host", ["soar.corp.example", "SOAR.corp.example.", "localhost", "a.localhost", "127.0.0.1"])
def test_hosts_that_may_be_inside(host: str) -> None:
    """Listed hosts, this machine and written addresses are connected to; each name is resolved once."""
    with receiver(answers(200)) as peer:
        resolver = Resolver(peer.port, "127.0.0.1")
        with Client(1, private=frozenset(("soar.corp.example",)), resolve=resolver) as client:
            assert client.post(f"http://{host}:{peer.port}/webhooks/soc", b"{}", HEADERS, 5).status == 200
    assert len(resolver.asked) == 1
