"""The sandbox over real HTTP: Blink's checks, what it records, its switches, and that it leaves nothing behind."""

import hashlib
import hmac
import http.client
import json
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from blinkdecl.alert import payload
from blinkdecl.diagnostics import Failure
from blinkdecl.sandbox import Faults, Sandbox

BODY = payload.body(payload.panther_test_alert("2026-01-31T09:30:00Z"))
KEY = {"BLINK-API-KEY": "sandbox", "Content-Type": "application/json"}
JSON = {"Content-Type": "application/json"}


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """A sandbox on a free port."""
    with Sandbox() as running:
        yield running


def ask(
    sandbox: Sandbox, method: str, target: str, body: bytes = b"", headers: Mapping[str, str] = KEY
) -> tuple[int, dict[str, object]]:
    """Send one request with the standard library's client."""
    connection = http.client.HTTPConnection(sandbox.url.removeprefix("http://"), timeout=5)
    try:
        connection.request(method, target, body or None, dict(headers))
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read() or b"{}")
    finally:
        connection.close()


def signed(sandbox: Sandbox, target: str, body: bytes, *, key: str = "sandbox", age: int = 0) -> dict[str, str]:
    """Sign as Blink's documentation says, with the standard library alone."""
    timestamp = int(time.time()) - age
    message = f"{timestamp}.{sandbox.url}{target}.".encode() + body
    digest = hmac.new(key.encode(), message, hashlib.sha256).hexdigest()
    return {**JSON, "X-BLINK-SIGNATURE": f"ts={timestamp};sig1={digest}"}


def test_an_alert_is_accepted_and_recorded(sandbox: Sandbox) -> None:
    """What was received can be asked for, without the key."""
    assert ask(sandbox, "POST", "/webhooks/soc", BODY) == (200, {"status": "accepted"})
    status, document = ask(sandbox, "GET", "/_sandbox/received")
    (entry,) = sandbox.received()
    assert (entry.path, entry.status, entry.alert_id, entry.authentication) == (
        "/webhooks/soc", 200, "Test.Alert", "header",
    )  # fmt: skip
    assert (entry.title, entry.size) == ("New Alert: This is a Test Alert", len(BODY))
    assert status == 200
    assert len(document["received"]) == 1  # type: ignore[arg-type]  # whatever JSON holds


@pytest.mark.parametrize(
    ("method", "target", "headers", "body", "status"),
    [
        ("GET", "/webhooks/soc", KEY, b"", 405),
        ("PUT", "/webhooks/soc", KEY, BODY, 405),
        ("BREW", "/webhooks/soc", KEY, b"", 405),
        ("POST", "/", KEY, BODY, 404),
        ("POST", "/webhooks/", KEY, BODY, 404),
        ("POST", "/webhooks/a/b", KEY, BODY, 404),
        ("GET", "/_sandbox/nothing", KEY, b"", 404),
        ("POST", "/webhooks/soc", JSON, BODY, 401),
        ("POST", "/webhooks/soc", {**KEY, "BLINK-API-KEY": "other"}, BODY, 401),
        ("POST", "/webhooks/soc?apikey=other", JSON, BODY, 401),
        ("POST", "/webhooks/soc?apikey=sandbox", JSON, BODY, 200),
        ("POST", "/webhooks/soc", {**KEY, "Content-Type": "text/plain"}, BODY, 415),
        ("POST", "/webhooks/soc", {**KEY, "Content-Type": "application/json; charset=utf-8"}, BODY, 200),
        ("POST", "/webhooks/soc", KEY, b"", 400),
        ("POST", "/webhooks/soc", KEY, b"{", 400),
        ("POST", "/webhooks/soc", KEY, b"[]", 400),
        ("POST", "/webhooks/soc", KEY, b"[" * 100_000, 400),
        ("POST", "/webhooks/soc", KEY, b'{"id": 1}', 400),
        ("POST", "/webhooks/soc", KEY, b"\xff\xfe", 400),
        ("POST", "/webhooks/soc", KEY, BODY[:-1] + b',"added":1}', 200),
    ],
)
def test_blinks_checks(
    sandbox: Sandbox, method: str, target: str, headers: dict[str, str], body: bytes, status: int
) -> None:
    """Method, path, authentication, content type and body are each checked; added keys are fine."""
    assert ask(sandbox, method, target, body, headers)[0] == status


@pytest.mark.parametrize(("age", "status"), [(0, 200), (290, 200), (-290, 200), (310, 401), (-310, 401)])
def test_a_signature_with_clock_skew(sandbox: Sandbox, age: int, status: int) -> None:
    """A signature over time, full URL and body is accepted within five minutes."""
    target = "/webhooks/soc?team=a"
    assert ask(sandbox, "POST", target, BODY, signed(sandbox, target, BODY, age=age))[0] == status
    assert sandbox.received()[0].authentication == "signature"


def test_a_signature_for_something_else(sandbox: Sandbox) -> None:
    """Another body, another URL, another key, or no signature at all is refused."""
    target = "/webhooks/soc"
    for headers in (
        signed(sandbox, target, BODY + b" "),
        signed(sandbox, "/webhooks/other", BODY),
        signed(sandbox, target, BODY, key="other"),
        {**JSON, "X-BLINK-SIGNATURE": "ts=1;sig1=zz"},
    ):
        assert ask(sandbox, "POST", target, BODY, headers)[0] == 401


@pytest.mark.parametrize(("size", "status"), [(4_999_999, 200), (5_000_000, 200), (5_000_001, 413)])
def test_five_megabytes(sandbox: Sandbox, size: int, status: int) -> None:
    """The limit is 5,000,000 bytes of body, exactly."""
    body = BODY + b" " * (size - len(BODY))
    assert ask(sandbox, "POST", "/webhooks/soc", body)[0] == status


def test_a_body_that_is_too_large_is_not_awaited(sandbox: Sandbox) -> None:
    """The answer comes from the declared length, before any of the body is sent."""
    with socket.create_connection(("127.0.0.1", int(sandbox.url.rpartition(":")[2])), timeout=5) as peer:
        peer.sendall(b"POST /webhooks/soc HTTP/1.1\r\nHost: x\r\nContent-Length: 999999999999\r\n\r\n")
        assert peer.recv(100).startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize(("length", "expected"), [("100", b"HTTP/1.1 100 "), ("5000001", b"HTTP/1.1 413 ")])
def test_expect_100_continue(sandbox: Sandbox, length: str, expected: bytes) -> None:
    """A client that asks before it sends is told to go on, or not to."""
    with socket.create_connection(("127.0.0.1", int(sandbox.url.rpartition(":")[2])), timeout=5) as peer:
        head = f"POST /webhooks/soc HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\nExpect: 100-continue\r\n\r\n"
        peer.sendall(head.encode())
        assert peer.recv(100).startswith(expected)


@pytest.mark.parametrize(
    ("header", "status"), [("Transfer-Encoding: chunked", 411), ("Content-Length: x", 400), ("Content-Length: -1", 400)]
)
def test_lengths_that_are_none(sandbox: Sandbox, header: str, status: int) -> None:
    """A body of unknown length is refused, and the connection ends."""
    with socket.create_connection(("127.0.0.1", int(sandbox.url.rpartition(":")[2])), timeout=5) as peer:
        peer.sendall(f"POST /webhooks/soc HTTP/1.1\r\nHost: x\r\n{header}\r\n\r\n".encode())
        assert peer.recv(100).startswith(f"HTTP/1.1 {status} ".encode())


def test_a_rotated_key(sandbox: Sandbox) -> None:
    """From the rotation on, one path takes the new key only; the others keep theirs."""
    wanted = json.dumps({"path": "soc", "key": "n3w"}).encode()
    assert ask(sandbox, "POST", "/_sandbox/rotate", wanted)[0] == 200
    assert ask(sandbox, "POST", "/webhooks/soc", BODY)[0] == 401
    assert ask(sandbox, "POST", "/webhooks/soc", BODY, {**KEY, "BLINK-API-KEY": "n3w"})[0] == 200
    assert ask(sandbox, "POST", "/webhooks/other", BODY)[0] == 200
    assert ask(sandbox, "POST", "/_sandbox/rotate", b"[]")[0] == 400


def test_keys_are_never_recorded(tmp_path: Path) -> None:
    """Neither a header nor a query that holds a key reaches the record or its file."""
    with Sandbox(database=tmp_path / "s.db", api_key="c4n4ry") as sandbox:
        ask(sandbox, "POST", "/webhooks/soc?apikey=c4n4ry", BODY, JSON)
        ask(sandbox, "POST", "/webhooks/soc", BODY, {**KEY, "BLINK-API-KEY": "c4n4ry"})
        assert [each.status for each in sandbox.received()] == [200, 200]
        assert "c4n4ry" not in repr(sandbox.received())
    assert b"c4n4ry" not in b"".join(path.read_bytes() for path in tmp_path.iterdir())


def test_a_database_outlives_the_sandbox(tmp_path: Path) -> None:
    """A file keeps the record for the next sandbox, readable by its owner alone."""
    path = tmp_path / "s.db"
    for expected in (1, 2):
        with Sandbox(database=path) as sandbox:
            ask(sandbox, "POST", "/webhooks/soc", BODY)
            assert len(sandbox.received()) == expected
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_database_that_is_none(tmp_path: Path) -> None:
    """Another file is refused and left as it is."""
    path = tmp_path / "notes.txt"
    path.write_text("not a database, but long enough to be taken for the header of one" * 20)
    for each in (path, tmp_path, tmp_path / "no" / "s.db"):
        with pytest.raises(Failure, match="unwritable"), Sandbox(database=each):
            pass
    assert path.read_text().startswith("not a database")


def test_failures_come_at_the_rate_and_are_the_same_each_time() -> None:
    """The same seed fails the same requests."""
    runs = []
    for _ in range(2):
        with Sandbox(fail_rate=0.3, seed=7) as sandbox:
            runs.append([ask(sandbox, "POST", "/webhooks/soc", BODY)[0] for _ in range(60)])
    assert runs[0] == runs[1]
    assert 8 <= runs[0].count(500) <= 30


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/webhooks/soc"), ("GET", "/webhooks/soc"), ("POST", "/login"), ("POST", "/webhooks/")],
)
def test_a_web_page_answers_in_place_of_blink(method: str, path: str) -> None:
    """200 and HTML, whatever comes and with whichever key; it is recorded as any other answer."""
    with Sandbox(faults=Faults(web_page=True)) as sandbox:
        connection = http.client.HTTPConnection(sandbox.url.removeprefix("http://"), timeout=5)
        connection.request(method, path, BODY if method == "POST" else None, {**KEY, "BLINK-API-KEY": "wrong"})
        answer = connection.getresponse()
        page = answer.read()
        connection.close()
        assert (answer.status, answer.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
        assert page.startswith(b"<!doctype html>")
        assert [each.status for each in sandbox.received()] == [200]


def test_latency() -> None:
    """Webhooks wait; the control pages do not."""
    with Sandbox(latency=0.2) as sandbox:
        started = time.monotonic()
        ask(sandbox, "GET", "/_sandbox/health")
        assert time.monotonic() - started < 0.2
        ask(sandbox, "POST", "/webhooks/soc", BODY)
        assert time.monotonic() - started >= 0.2


def test_many_at_once_are_all_recorded(sandbox: Sandbox) -> None:
    """Fifty connections at a time lose no record."""
    with ThreadPoolExecutor(50) as pool:
        statuses = set(pool.map(lambda n: ask(sandbox, "POST", f"/webhooks/{n}", BODY)[0], range(200)))
    assert statuses == {200}
    assert len({each.path for each in sandbox.received()}) == 200


def test_a_port_that_is_taken(sandbox: Sandbox) -> None:
    """The failure names the way out."""
    with pytest.raises(Failure) as caught, Sandbox(port=int(sandbox.url.rpartition(":")[2])):
        pass
    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.code == "port-in-use"
    assert "--port 0" in dict(diagnostic.notes)["help"]


def test_nothing_is_left_behind() -> None:
    """Idle connections and waiting requests end with the sandbox, quickly, and their threads with them."""
    before = threading.active_count()
    with Sandbox(latency=30) as sandbox:
        address = ("127.0.0.1", int(sandbox.url.rpartition(":")[2]))
        idle = socket.create_connection(address)
        waiting = socket.create_connection(address)
        head = f"POST /webhooks/soc HTTP/1.1\r\nHost: x\r\nContent-Length: {len(BODY)}\r\n\r\n"
        waiting.sendall(head.encode() + BODY)
        time.sleep(0.1)
        started = time.monotonic()
    assert time.monotonic() - started < 2
    assert threading.active_count() == before
    idle.close()
    waiting.close()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(address)


def test_only_this_machine_is_listened_to(sandbox: Sandbox) -> None:
    """The sandbox binds loopback and nothing else."""
    assert sandbox.url.startswith("http://127.0.0.1:")
