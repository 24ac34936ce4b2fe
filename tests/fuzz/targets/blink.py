"""Blink's answers: an HTTP answer, or what comes after the head of a good one."""

from blinkdecl.alert.delivery import Outgoing, Target, deliver
from blinkdecl.model.urls import HostRules
from blinkdecl.secret.value import Secret
from blinkdecl.system.http import Client
from blinkdecl.system.web_page import is_web_page
from tests.fuzz.surroundings import wire

_HOSTS = HostRules(("127.0.0.1",))
_OUTGOING = Outgoing(b"{}", lambda address: address)


def run(data: bytes) -> None:
    """Send an alert that is answered with these bytes."""
    is_web_page(200, {}, data)
    server = wire()
    server.answer = data
    with Client(1) as client:
        deliver(client, Target("trigger.soc", f"{server.url}/webhooks/soc", Secret("key"), 1.0), _OUTGOING, _HOSTS)
