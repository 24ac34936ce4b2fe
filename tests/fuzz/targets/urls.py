"""URLs of webhooks and of Panther's API."""

from blinkdecl.model.urls import (
    HostRules,
    endpoint_problem,
    host_of,
    host_problem,
    named_hosts,
    path_problem,
    url_problem,
    webhook_of,
)
from blinkdecl.provider.panther import PantherProvider
from blinkdecl.system.http import url_sent

_RULES = (HostRules(("*",)), HostRules(("*.blinkops.com", "127.0.0.1", "[::1]"), ("acme.app.blinkops.com",)))


def run(data: bytes) -> None:
    """Judge the URL in every way, and use it where it is sound."""
    url = data.decode("utf-8", "surrogateescape")
    for rules in (*_RULES, HostRules((url[:255],))):
        url_problem(url, rules)
        host_problem(url, rules)
    path_problem(url)
    host_of(url)
    named_hosts((url,))
    assert webhook_of(webhook_of(url)) is not None
    url_sent(url)
    if endpoint_problem(url) is None:
        with PantherProvider(url, {}) as provider:
            assert provider.host
