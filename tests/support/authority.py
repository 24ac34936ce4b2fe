"""A certificate authority that only a test trusts, and servers with its certificates."""

import ssl
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import trustme


class Authority:
    """An authority; its certificate is a file in `folder`."""

    def __init__(self, folder: Path) -> None:
        self._made = trustme.CA()
        self._file = folder / "ca.pem"
        self._made.cert_pem.write_to_path(str(self._file))

    @property
    def environ(self) -> Mapping[str, str]:
        """The environment of a client that trusts it."""
        return {"SSL_CERT_FILE": str(self._file)}

    def serving(self, name: str, until: datetime | None = None) -> ssl.SSLContext:
        """Return a server's TLS context with a certificate for `name`."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        since = datetime(2020, 1, 1) if until else None  # noqa: DTZ001 - trustme wants it naive, in UTC
        self._made.issue_cert(name, not_before=since, not_after=until).configure_cert(context)
        return context
