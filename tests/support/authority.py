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

    @property
    def pem(self) -> str:
        """The certificate of the authority."""
        return self._made.cert_pem.bytes().decode()

    def shown_by(self, name: str) -> tuple[str, str]:
        """Return a certificate that a client shows, and its key."""
        made = self._made.issue_cert(name)
        return "".join(each.bytes().decode() for each in made.cert_chain_pems), made.private_key_pem.bytes().decode()

    def asking(self, name: str) -> ssl.SSLContext:
        """Return a server's TLS context that takes only clients with a certificate of this authority."""
        context = self.serving(name)
        self._made.configure_trust(context)
        context.verify_mode = ssl.CERT_REQUIRED
        return context

    def serving(self, name: str, until: datetime | None = None) -> ssl.SSLContext:
        """Return a server's TLS context with a certificate for `name`."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        since = datetime(2020, 1, 1) if until else None  # noqa: DTZ001 - trustme wants it naive, in UTC
        self._made.issue_cert(name, not_before=since, not_after=until).configure_cert(context)
        return context
