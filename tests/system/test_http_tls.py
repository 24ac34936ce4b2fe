"""Whom the client trusts over TLS."""

import ssl
from pathlib import Path

import pytest
import trustme

from blinkdecl.system.http import Client
from tests.support.receiver import answers, receiver
from tests.support.requests import HEADERS, failed


def serving(authority: trustme.CA, name: str) -> ssl.SSLContext:
    """A server's TLS context with a certificate for `name`."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    return context


def test_a_private_authority(client: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """SSL_CERT_FILE names a private authority; its certificates are then trusted."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    with receiver(answers(200), serving(authority, "127.0.0.1")) as peer:
        assert client.post(peer.url.replace("http:", "https:"), b"{}", HEADERS, 5).status == 200


@pytest.mark.parametrize(("trusted", "name"), [(False, "127.0.0.1"), (True, "other.example")])
def test_a_certificate_that_proves_nothing(
    client: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, *, trusted: bool, name: str
) -> None:
    """An unknown authority or another host's certificate: nothing is sent, and no host is named."""
    authority = trustme.CA()
    if trusted:
        authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    with receiver(answers(200), serving(authority, name)) as peer:
        problem = failed(client, peer.url.replace("http:", "https:"))
    assert problem.kind == "tls"
    assert problem.detail.startswith("the certificate is not trusted: ")
    assert peer.requests == []


def test_tls_against_a_plain_server(client: Client) -> None:
    """A server that does not speak TLS is reported as such."""
    with receiver(lambda peer: peer.sendall(b"HTTP/1.1 400 X\r\n\r\n")) as peer:
        problem = failed(client, peer.url.replace("http:", "https:"))
    assert (problem.kind, problem.detail) == ("tls", "the TLS handshake failed")


def test_a_missing_authority_file(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """An SSL_CERT_FILE that does not exist is an error of its own, before anything is sent."""
    monkeypatch.setenv("SSL_CERT_FILE", "/nonexistent/ca.pem")
    with receiver(answers(200)) as peer:
        problem = failed(client, peer.url.replace("http:", "https:"))
    assert (problem.kind, "SSL_CERT_FILE" in problem.detail) == ("tls", True)
    assert peer.accepted == 0
