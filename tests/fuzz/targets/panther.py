"""What Panther answers: a line with the operation, then the answer, whole or its body."""

from collections.abc import Callable, Mapping
from contextlib import suppress

from blinkdecl.diagnostics import OutcomeUnknown
from blinkdecl.model.live import Capabilities
from blinkdecl.model.resource import canonical
from blinkdecl.provider.panther import PantherProvider
from blinkdecl.secret.value import Secret
from blinkdecl.system.retry import RetryLimits
from tests.fuzz.surroundings import wire

_LIMITS = RetryLimits(attempts=1, timeout=1.0)
_OFFERED = Capabilities("custom_webhook", ("RULE", "POLICY"), log_types=True, manual_dispatch=True, test_alert=True)
_ATTRIBUTES = canonical("destination", {"display_name": "A", "trigger": "soc", "severities": ["HIGH"]})
_SECRETS = {"api_key": Secret("key"), "webhook_url": Secret("https://acme.app.blinkops.com/webhooks/soc")}
_OPERATIONS: Mapping[bytes, Callable[[PantherProvider], object]] = {
    b"list": lambda provider: provider.list(),
    b"add": lambda provider: provider.create(_ATTRIBUTES, _SECRETS),
    b"update": lambda provider: provider.update("id-1", _ATTRIBUTES, _SECRETS),
    b"delete": lambda provider: provider.delete("id-1"),
    b"test": lambda provider: provider.send_test_alert("id-1"),
}


def run(data: bytes) -> None:
    """Do one thing with a provider that is answered with these bytes."""
    name, _, answer = data.partition(b"\n")
    server = wire()
    server.answer = answer
    token = {"X-API-Key": Secret("token")}
    url, offered = f"{server.url}/public/graphql", None if name == b"asked" else _OFFERED
    with PantherProvider(url, token, offered, limits=_LIMITS) as provider, suppress(OutcomeUnknown):
        _OPERATIONS.get(name, _OPERATIONS[b"list"])(provider)
