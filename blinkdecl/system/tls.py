"""Whom this process trusts over TLS, and what it means when a handshake fails.

SSL_CERT_FILE and SSL_CERT_DIR win, and are then all that is trusted. Otherwise it is the system's own trust store, as
truststore finds it, so that an authority which a company has given its machines is known here as well; and certifi's
authorities only where a system has none, such as a bare container.

All of it is opened late: reading the authorities takes some twenty milliseconds, importing truststore five.
"""

import re
import ssl
import stat
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

from blinkdecl.system.files import memory_file
from blinkdecl.system.transport import TransportError

_NOT_TLS = "the server there does not speak TLS"
_VERSION = "the server there speaks no version of TLS from 1.2 on"
_CLOSED = "the server closed the connection during the TLS handshake"
_REFUSED = "the server refused the TLS handshake"
_NAME = "the server there does not serve this host name"

# What OpenSSL calls it.
_REASONS = {
    "WRONG_VERSION_NUMBER": _NOT_TLS,
    "RECORD_LAYER_FAILURE": _NOT_TLS,  # OpenSSL from 3.2 on
    "PACKET_LENGTH_TOO_LONG": _NOT_TLS,
    "HTTP_REQUEST": _NOT_TLS,
    "UNSUPPORTED_PROTOCOL": _VERSION,
    "TLSV1_ALERT_PROTOCOL_VERSION": _VERSION,
    "UNEXPECTED_EOF_WHILE_READING": _CLOSED,
    "SSLV3_ALERT_HANDSHAKE_FAILURE": _REFUSED,
    "TLSV1_UNRECOGNIZED_NAME": _NAME,
    "TLSV1_ALERT_UNRECOGNIZED_NAME": _NAME,
}
_EXPIRED, _OTHER_HOST, _AUTHORITY = "it has expired", "it is for another host", "its authority is not known"
# OpenSSL's X509_V_ERR_* and, below zero, macOS's errSec*; their messages would name the host.
_CERTIFICATE = {
    2: _AUTHORITY,
    9: "it is not valid yet",
    10: _EXPIRED,
    18: "it is self-signed",
    19: _AUTHORITY,
    20: _AUTHORITY,
    21: _AUTHORITY,
    23: "it was revoked",
    62: _OTHER_HOST,
    64: _OTHER_HOST,
    -67602: _OTHER_HOST,
    -67818: _EXPIRED,
    -67843: _AUTHORITY,
}
# The name under which OpenSSL looks for a certificate in a folder: the hash of its subject.
_PEM = re.compile(r"-----BEGIN [A-Z ]+-----[\s!-~]*?-----END [A-Z ]+-----", re.ASCII)
_HASHED = re.compile(r"[0-9a-f]{8}\.[0-9]+")


@dataclass(frozen=True, slots=True)
class Identity:
    """What one client shows, and whom alone it trusts, as PEM; "" = nothing, and whom every client trusts."""

    certificate: str = ""
    key: str = field(default="", repr=False)
    authority: str = ""


class Authorities:
    """The authorities that one client trusts, read when they are first needed; `identity` = what it shows of itself."""

    def __init__(self, environ: Mapping[str, str], identity: Identity | None = None) -> None:
        self._file, self._folders = environ.get("SSL_CERT_FILE", ""), environ.get("SSL_CERT_DIR", "")
        self._identity = identity or Identity()
        self._lock = Lock()
        self._kept: ssl.SSLContext | None = None

    def context(self) -> ssl.SSLContext:
        """Return the context for a connection; raises a `TransportError` where the authorities cannot be read."""
        with self._lock:
            if self._kept is not None:
                return self._kept
            try:
                context = _only(self._identity.authority) if self._identity.authority else self._trusted()
                if self._identity.certificate:
                    _show(context, self._identity)
            except ValueError as problem:
                raise TransportError("authorities", str(problem)) from None
            # One of truststore's own holds a lock during a handshake: shared, a slow server would stop all others.
            if type(context) is ssl.SSLContext:
                self._kept = context
            return context

    def _trusted(self) -> ssl.SSLContext:
        return _given(self._file, self._folders) if self._file or self._folders else _read_systems()


def authorities_file(environ: Mapping[str, str]) -> str:
    """Return the file of certificate authorities for a library that reads one itself; it need not exist."""
    if file := environ.get("SSL_CERT_FILE"):
        return file
    import certifi

    return ssl.get_default_verify_paths().cafile or certifi.where()


def handshake_failure(problem: OSError | ValueError) -> TransportError:
    """Return the error that says why a handshake failed, in words of ours."""
    if isinstance(problem, ssl.SSLCertVerificationError):
        why = _CERTIFICATE.get(problem.verify_code, f"reason {problem.verify_code}")
        return TransportError("tls", f"the certificate is not trusted: {why}")
    if isinstance(problem, ssl.SSLError):
        closed = isinstance(problem, ssl.SSLEOFError | ssl.SSLZeroReturnError)
        why = _CLOSED if closed else _REASONS.get(problem.reason, "the TLS handshake failed")
        return TransportError("protocol" if why == _NOT_TLS else "tls", why)
    if isinstance(problem, ConnectionError):
        return TransportError("tls", _CLOSED)
    return TransportError("tls", "the TLS handshake failed")


def _given(file: str, folders: str) -> ssl.SSLContext:
    """Return a context with the authorities that SSL_CERT_FILE and SSL_CERT_DIR name, and no others."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    problem = _unread_file(context, file) if file else None
    problem = problem or (_unread_folders(context, folders) if folders else None)
    if problem is not None:
        raise TransportError("authorities", problem)
    return context


def identity_problem(identity: Identity) -> tuple[str, str] | None:
    """Return what cannot be used of an identity (``certificate`` or ``authority``), and why, None where all can."""
    part = "authority"
    try:
        if identity.authority:
            _only(identity.authority)
        part = "certificate"
        if identity.certificate:
            _show(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), identity)
    except ValueError as problem:
        return part, str(problem)
    return None


def _only(authority: str) -> ssl.SSLContext:
    """Return a context that trusts these authorities and no others; raises a `ValueError`.

    Between certificates a bundle may say, in any language, whose they are.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        context.load_verify_locations(cadata="\n".join(_PEM.findall(authority)))
    except (ssl.SSLError, ValueError):
        raise ValueError("the certificate of the authority is not PEM, or a broken one") from None
    return context


def _show(context: ssl.SSLContext, identity: Identity) -> None:
    """Let a context show a certificate; raises a `ValueError`.

    The library reads it from a file, which is in memory where that can be.
    """
    try:
        with memory_file(f"{identity.certificate}\n{identity.key}\n".encode()) as path:
            # With a password there is no prompt for one.
            context.load_cert_chain(path, password=lambda: b"")
    except (ssl.SSLError, ValueError, OSError):
        problem = "the client's certificate and its key are not PEM, do not belong together, or need a password"
        raise ValueError(problem) from None


def _unread_file(context: ssl.SSLContext, file: str) -> str | None:
    """Read the authorities of a file, or return the sentence that says why that cannot be done."""
    try:
        if not stat.S_ISREG(Path(file).stat().st_mode):  # a FIFO would be waited at
            return "what SSL_CERT_FILE names is not a regular file"
        context.load_verify_locations(cafile=file)
    except ssl.SSLError:
        return "the file that SSL_CERT_FILE names holds no certificate, or a broken one"
    except (OSError, ValueError):
        return "the certificate authorities that SSL_CERT_FILE names cannot be read"
    return None


def _unread_folders(context: ssl.SSLContext, folders: str) -> str | None:
    """Have the authorities of folders looked up, or return the sentence that says why there are none."""
    try:
        names = [each.name for folder in folders.split(":") for each in Path(folder).iterdir()]
        context.load_verify_locations(capath=folders)
    except (OSError, ValueError):
        return "the certificate authorities that SSL_CERT_DIR names cannot be read"
    if not any(map(_HASHED.fullmatch, names)) and not context.get_ca_certs():
        return "the folder that SSL_CERT_DIR names holds no certificate under its hash (`openssl rehash` makes them)"
    return None


def _read_systems() -> ssl.SSLContext:
    try:
        return _systems()
    except OSError:
        failure = TransportError("authorities", "the system's certificate authorities cannot be read")
    raise failure


def _systems() -> ssl.SSLContext:
    """Return a context with the system's authorities."""
    import truststore

    found = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if sys.platform == "darwin":
        return found  # macOS itself judges each certificate after the handshake
    # Elsewhere truststore reads the system's files into a context of OpenSSL's, anew for each connection. That context
    # is all that is needed, and can be shared once the sockets that lock it during a handshake are left out.
    context = found.wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO(), server_hostname="localhost").context
    context.sslsocket_class = ssl.SSLSocket
    if not context.cert_store_stats()["x509"] and not _systems_folder():
        import certifi

        context.load_verify_locations(cafile=certifi.where())
    return context


def _systems_folder() -> bool:
    """Say whether the system keeps authorities in a folder, of which OpenSSL reads each when it is needed."""
    folder = ssl.get_default_verify_paths().capath
    return folder is not None and any(_HASHED.fullmatch(each.name) for each in Path(folder).iterdir())
