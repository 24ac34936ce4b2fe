"""Whom the client trusts over TLS, and what it says of a handshake that fails."""

import os
import ssl
import subprocess
import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import pytest

from blinkdecl.system.http import Client, TransportError
from blinkdecl.system.tls import Authorities, handshake_failure
from tests.support.authority import Authority
from tests.support.receiver import Behaviour, answers, receiver, resets
from tests.support.requests import HEADERS, failed


def refused(environ: Mapping[str, str], serving: ssl.SSLContext | None, behave: Behaviour | None = None) -> str:
    """Send a request to a server that must not get it, and return the reason."""
    with receiver(behave or answers(200), serving) as peer, Client(1, environ=environ) as client:
        problem = failed(client, peer.url.replace("http:", "https:"))
    kind = "protocol" if problem.detail.endswith("does not speak TLS") else "tls"
    assert (problem.kind, problem.sent) == (kind, False)
    assert serving is None or peer.requests == []
    return problem.detail


def test_a_private_authority(tmp_path: Path) -> None:
    """SSL_CERT_FILE names a private authority; its certificates are then trusted."""
    authority = Authority(tmp_path)
    with receiver(answers(200), authority.serving("127.0.0.1")) as peer, Client(environ=authority.environ) as client:
        assert client.post(peer.url.replace("http:", "https:"), b"{}", HEADERS, 5).status == 200


def test_a_private_authority_in_a_folder(tmp_path: Path) -> None:
    """SSL_CERT_DIR names a folder, in which OpenSSL finds authorities by their hash."""
    authority = Authority(tmp_path)
    hashed = subprocess.run(
        ["openssl", "x509", "-hash", "-noout", "-in", str(tmp_path / "ca.pem")], capture_output=True, check=True
    )
    (tmp_path / f"{hashed.stdout.decode().strip()}.0").symlink_to("ca.pem")
    environ = {"SSL_CERT_DIR": str(tmp_path)}
    with receiver(answers(200), authority.serving("127.0.0.1")) as peer, Client(environ=environ) as client:
        assert client.post(peer.url.replace("http:", "https:"), b"{}", HEADERS, 5).status == 200


def test_certificates_that_prove_nothing(tmp_path: Path) -> None:
    """Each reason is told from the others, and no host is named."""
    authority = Authority(tmp_path)
    ours, trusted = authority.serving("127.0.0.1"), authority.environ
    told = "the certificate is not trusted: "
    assert refused({}, ours) == f"{told}its authority is not known"
    assert refused(trusted, authority.serving("127.0.0.2")) == f"{told}it is for another host"
    assert refused(trusted, authority.serving("other.example")) == f"{told}it is for another host"
    expired = authority.serving("127.0.0.1", until=datetime(2021, 1, 1))  # noqa: DTZ001 - trustme wants it naive
    assert refused(trusted, expired) == f"{told}it has expired"


def test_a_self_signed_certificate(tmp_path: Path) -> None:
    """A server that vouches for itself is told from one with an unknown authority."""
    made = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj"]
    key, certificate = tmp_path / "key.pem", tmp_path / "cert.pem"
    subprocess.run([*made, "/CN=x", "-keyout", str(key), "-out", str(certificate)], capture_output=True, check=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    assert refused({}, context) == "the certificate is not trusted: it is self-signed"


@pytest.mark.parametrize(
    "said", [b"HTTP/1.1 400 Bad Request\r\n\r\n", b"SSH-2.0-OpenSSH_9.6\r\n", b"220 mail ESMTP\r\n"]
)
def test_a_server_without_tls(said: bytes) -> None:
    """A server that does not speak TLS is reported as such."""
    assert refused({}, None, lambda peer: peer.sendall(said)) == "the server there does not speak TLS"


@pytest.mark.parametrize("behave", [resets, lambda peer: peer.close()])
def test_a_handshake_that_the_server_ends(behave: Behaviour) -> None:
    """A server that hangs up is told from one that is not trusted."""
    assert refused({}, None, behave) == "the server closed the connection during the TLS handshake"


@pytest.mark.parametrize(
    ("alert", "detail"),
    [
        (40, "the server refused the TLS handshake"),
        (70, "the server there speaks no version of TLS from 1.2 on"),
        (112, "the server there does not serve this host name"),
        (80, "the TLS handshake failed"),
    ],
)
def test_alerts(alert: int, detail: str) -> None:
    """What a server says by an alert of TLS is put into words."""
    assert refused({}, None, lambda peer: peer.sendall(bytes((21, 3, 3, 0, 2, 2, alert)))) == detail


def test_an_unknown_reason() -> None:
    """A reason without words is told by its number, never by a message, which may hold the server's names."""
    problem = ssl.SSLCertVerificationError("certificate of secret.example")
    problem.verify_code = 99
    assert handshake_failure(problem).detail == "the certificate is not trusted: reason 99"


def broken(environ: Mapping[str, str]) -> str:
    """Return why the authorities cannot be used; nothing is connected to."""
    with receiver(answers(200)) as peer, Client(1, environ=environ) as client:
        problem = failed(client, peer.url.replace("http:", "https:"))
    assert (problem.kind, peer.accepted) == ("authorities", 0)
    return problem.detail


def test_authorities_that_cannot_be_read(tmp_path: Path) -> None:
    """Authorities that are missing or none are an error of their own, before anything is sent."""
    (tmp_path / "nothing.pem").touch()
    (tmp_path / "broken.pem").write_text("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
    assert broken({"SSL_CERT_FILE": "/nonexistent/ca.pem"}).endswith("SSL_CERT_FILE names cannot be read")
    os.mkfifo(tmp_path / "fifo")
    for name in ("", "fifo"):
        assert broken({"SSL_CERT_FILE": str(tmp_path / name)}).endswith("SSL_CERT_FILE names is not a regular file")
    for name in ("nothing.pem", "broken.pem"):
        assert "holds no certificate" in broken({"SSL_CERT_FILE": str(tmp_path / name)})
    assert broken({"SSL_CERT_DIR": "/nonexistent"}).endswith("SSL_CERT_DIR names cannot be read")
    assert "holds no certificate under its hash" in broken({"SSL_CERT_DIR": str(tmp_path)})


def test_only_what_the_environment_names_is_trusted(tmp_path: Path) -> None:
    """SSL_CERT_FILE replaces the system's authorities, it does not add to them."""
    assert Authorities(Authority(tmp_path).environ).context().cert_store_stats()["x509"] == 1


def test_the_systems_authorities() -> None:
    """Without it the system's are trusted, read once, and handshakes do not wait for each other."""
    trust = Authorities({})
    context = trust.context()
    assert context is trust.context()
    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)
    assert context.sslsocket_class is ssl.SSLSocket


def test_a_system_without_authorities(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a bare system the well-known authorities are trusted."""
    (tmp_path / "empty.pem").touch()
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "empty.pem"))
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))
    assert Authorities({}).context().cert_store_stats()["x509_ca"] > 50


def test_truststore_is_imported_late() -> None:
    """Who sends nothing over TLS does not pay for it."""
    code = "import sys, blinkdecl.system.http as h; h.Client(); assert not {'truststore', 'certifi'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_url_that_names_no_host_for_tls() -> None:
    """A host name that TLS cannot ask for ends in words of ours."""
    assert isinstance(handshake_failure(ValueError("server_hostname cannot start with a leading dot")), TransportError)
