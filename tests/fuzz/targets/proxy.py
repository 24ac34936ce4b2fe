"""Values of HTTPS_PROXY and NO_PROXY, and a host: three lines."""

from contextlib import suppress

from blinkdecl.system.proxy import proxy_for
from blinkdecl.system.transport import TransportError


def run(data: bytes) -> None:
    """Look for the proxy on the way to the host."""
    proxy, excepted, host = (*data.decode("utf-8", "surrogateescape").split("\n", 2), "", "")[:3]
    environ = {"HTTPS_PROXY": proxy, "NO_PROXY": excepted}
    with suppress(TransportError):  # as it documents
        proxy_for(environ, host or "api.example.com", 443)
