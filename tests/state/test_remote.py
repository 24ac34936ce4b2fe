"""The backends elsewhere keep the same contract, against real engines."""

import subprocess
import sys
import traceback
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from blinkdecl.diagnostics import Diagnostic, Failure, OutcomeUnknown
from blinkdecl.secret.value import Secret, forms_of, masked
from blinkdecl.state.codec import decode
from blinkdecl.state.lease import LeaseTimes
from blinkdecl.state.lock_info import lock_info
from blinkdecl.state.remote import RemoteBackend
from blinkdecl.state.store import Store
from blinkdecl.state.stores.http import Endpoints, HttpStore, Login
from blinkdecl.state.stores.postgres import PostgresStore
from blinkdecl.state.stores.s3 import S3Store
from blinkdecl.system.retry import RetryLimits
from tests.state.common import INFO
from tests.state.contract import StateContract, code_of
from tests.support import servers
from tests.support.receiver import answers, receiver
from tests.support.states import small_state

QUICK = LeaseTimes(length=0.6, beat=0.1, poll=0.05)
KEYS = {"access_key_id": Secret("canary-access"), "secret_access_key": Secret("canary-secret")}
# Nothing listens on this port of loopback, which is reserved.
GONE = "http://127.0.0.1:1/states/blink"
Stores = Callable[[], Store]


@pytest.fixture(scope="session")
def s3_url() -> Iterator[str]:
    """One S3 for all tests of this process."""
    with servers.s3() as url:
        yield url


@pytest.fixture(scope="session")
def dsn() -> Iterator[str]:
    """One PostgreSQL for all tests of this process."""
    with servers.postgres() as dsn:
        yield dsn


@pytest.fixture(params=["http", "gitlab", "s3", "postgres"])
def stores(request: pytest.FixtureRequest) -> Iterator[Stores]:
    """Return what opens clients of one empty place, for each engine."""
    name = f"test-{uuid.uuid4()}"
    if request.param == "s3":
        url = request.getfixturevalue("s3_url")
        yield lambda: S3Store(f"s3://states/{name}/state.json", {"endpoint": url, "region": "eu-central-1"}, KEYS)
    elif request.param == "postgres":
        dsn = request.getfixturevalue("dsn")
        yield lambda: PostgresStore(dsn, None, name)
    else:
        with servers.http_state(gitlab=request.param == "gitlab") as server:
            user, _, password = server.login.partition(":")
            lock = server.url + ("/lock" if server.gitlab else "")
            methods = ("POST", "DELETE") if server.gitlab else ("LOCK", "UNLOCK")
            endpoints = Endpoints(server.url, lock, lock, *methods)
            yield lambda: HttpStore(endpoints, Login(user, Secret(password)))


@pytest.fixture
def backend(stores: Stores) -> RemoteBackend:
    """Return a client."""
    return RemoteBackend(stores(), times=QUICK, pause=0.05)


@pytest.fixture
def other(stores: Stores) -> RemoteBackend:
    """Return another client of the same place."""
    return RemoteBackend(stores(), times=QUICK, pause=0.05)


class TestRemote(StateContract):
    """Every engine keeps the contract of states."""


def test_a_store_that_ignores_conditions_is_refused(s3_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Found out by trying, when the lock is taken: two runs could overwrite each other there."""
    import obstore

    put = obstore.put
    monkeypatch.setattr(obstore, "put", lambda store, key, data, **_: put(store, key, data))
    store = S3Store(f"s3://states/{uuid.uuid4()}.json", {"endpoint": s3_url, "region": "eu-central-1"}, KEYS)
    with pytest.raises(Failure) as caught, RemoteBackend(store).lock(lock_info("blinkdecl apply", {}), 0):
        pytest.fail("it was locked")
    assert code_of(caught) == "unsupported"


def test_what_cannot_be_stored_is_rescued(
    stores: Stores, backend: RemoteBackend, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The engine fails after the first write: a rescue file without a secret, and the next run insists on it."""
    monkeypatch.chdir(tmp_path)
    first = backend.write(small_state(), None)
    with monkeypatch.context() as patched:
        patched.setattr(backend._store, "put", fails)
        with pytest.raises(Failure) as caught:
            backend.write(small_state(pending={}), first)
    assert code_of(caught) == "state-unwritable"
    [rescued] = tmp_path.glob("*.rescue.json")
    assert rescued.stat().st_mode & 0o777 == 0o600
    with pytest.raises(Failure) as caught:
        RemoteBackend(stores()).read()
    assert code_of(caught) == "rescue-pending"
    later = RemoteBackend(stores())
    later.write(replace(decode(rescued.read_bytes(), ""), serial=0), later.read(despite_rescue=True))
    assert not rescued.exists()


def fails(*_: object) -> str:
    """Stand for an engine that does not answer."""
    raise OutcomeUnknown("no answer")


@pytest.mark.parametrize(
    "dsn",
    [
        "postgresql://blink:p@canary-pw@host/db",
        "postgresql://blink:p@ss:canary-pw/db",
        "host=x canary-pw",
        "canary-pw",
        "postgresql://h/db?canary-pw=1",
        "host=h password=canary-pw\0",
        "host=h password=canary-pw\udcff",
        "postgresql://h/db?password=canary-pw%99",
    ],
)
def test_a_connection_string_that_is_none_is_not_quoted(dsn: str) -> None:
    """It can come from a reference, and hold a password: neither the failure nor its context says a part of it."""
    with pytest.raises(Failure) as caught:
        PostgresStore(dsn, None, "default")
    assert code_of(caught) == "invalid-value"
    assert "canary" not in "".join(traceback.format_exception(caught.value)) + repr(caught.value.diagnostics)


@pytest.mark.parametrize("password", ["canary-pw\0", "canary-pw\udcff"])
def test_a_password_that_is_none_is_not_quoted(password: str) -> None:
    """What libpq cannot be given is refused before it is cut off at a NUL."""
    with pytest.raises(Failure) as caught:
        PostgresStore("host=h", Secret(password), "default")
    assert code_of(caught) == "invalid-value"
    assert "canary" not in "".join(traceback.format_exception(caught.value)) + repr(caught.value.diagnostics)


def test_a_holder_that_no_text_can_say() -> None:
    """A lock whose information holds half a character is somebody's lock, and no bug."""
    told = b'{"ID": "1", "Who": "jo", "Info": "\\ud800"}'
    with receiver(answers(423, body=told)) as peer:
        store = HttpStore(Endpoints(peer.url, peer.url, peer.url), None)
        assert store.acquire(lock_info("blinkdecl apply", {}), None).info.who == "jo"


def test_who_cannot_be_asked_for_the_lock() -> None:
    """A server that does not answer is said to be that, also by `state unlock`."""
    store = HttpStore(
        Endpoints(GONE, GONE, GONE), None, RetryLimits(attempts=2, first=0.01, most=0.01, budget=1, timeout=1)
    )
    for ask in (RemoteBackend(store).holder, lambda: RemoteBackend(store).unlock("0f1e2d3c")):
        with pytest.raises(Failure) as caught:
            ask()
        assert code_of(caught) == "unreachable"


def test_a_lost_session_stays_lost(dsn: str) -> None:
    """Who was overtaken stores nothing, however often it tries."""
    name = f"test-{uuid.uuid4()}"
    overtaken, other = (RemoteBackend(PostgresStore(dsn, None, name), pause=0.05) for _ in range(2))
    with overtaken.lock(lock_info("blinkdecl apply", {}), 0):
        first = overtaken.write(small_state(), None)
        held = other.holder()
        assert held is not None
        other.unlock(held.id)
        with other.lock(lock_info("blinkdecl apply", {}), 0):
            for _ in range(2):
                with pytest.raises(Failure) as caught:
                    overtaken.write(small_state(pending={}), first)
                assert code_of(caught) == "lock-lost"
            assert other.read(despite_rescue=True) == first


def test_a_session_that_this_user_may_not_end(dsn: str) -> None:
    """The lock in a database is freed by its session's end; who may do that is said."""
    holder = RemoteBackend(PostgresStore(dsn, None, "kept"))
    with psycopg.connect(dsn, autocommit=True) as connection, holder.lock(INFO, 0):
        connection.execute("create role plain login")
        connection.execute("grant select on blinkdecl_state to plain")
        plain = RemoteBackend(PostgresStore(dsn.replace("//postgres@", "//plain@"), None, "kept"))
        with pytest.raises(Failure, match="could not be freed") as caught:
            plain.unlock(INFO.id)
    assert "pg_signal_backend" in str(caught.value.diagnostics[0].notes)


def test_the_first_runs_in_a_database(dsn: str) -> None:
    """Reading makes nothing there; two environments that start at once both find their table."""
    name = f"first_{uuid.uuid4().hex}"
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(f"create database {name}".encode())
    fresh = make_conninfo(dsn, dbname=name)
    assert RemoteBackend(PostgresStore(fresh, None, "a")).read() is None
    assert RemoteBackend(PostgresStore(fresh, None, "a")).holder() is None
    with psycopg.connect(fresh) as connection:
        assert connection.execute("select to_regclass('blinkdecl_state')").fetchone() == (None,)
    stores = [PostgresStore(fresh, None, f"environment-{number}") for number in range(8)]
    infos = [lock_info("blinkdecl apply", {}) for _ in stores]
    with ThreadPoolExecutor(len(stores)) as pool:
        held = list(pool.map(lambda store, info: store.acquire(info, None), stores, infos))
    assert [each.info for each in held] == infos
    for store, info in zip(stores, infos, strict=True):
        store.release(info, "")


def test_a_bucket_that_is_not_there(s3_url: str) -> None:
    """It is no empty state, which a plan would take for a first one."""
    store = S3Store("s3://nowhere/state.json", {"endpoint": s3_url, "region": "eu-central-1"}, KEYS)
    for call in (store.get, store.lock_holder, lambda: store.put(b"{}", small_state(), None)):
        with pytest.raises(Failure, match="nowhere") as caught:
            call()
        assert code_of(caught) == "unreachable"


def test_an_engine_that_breaks_down(s3_url: str) -> None:
    """Without a file descriptor to spare the library panics, which is no `Exception`: it is an error of ours."""
    script = f"""if True:
        import resource
        from pathlib import Path
        from blinkdecl.diagnostics import Failure
        from blinkdecl.state.stores.s3 import S3Store
        import obstore.exceptions
        store = S3Store("s3://states/x.json", {{"endpoint": "{s3_url}", "region": "eu-central-1"}}, {{}})
        resource.setrlimit(resource.RLIMIT_NOFILE, (len(list(Path("/dev/fd").iterdir())) - 1,) * 2)
        try:
            store.get()
        except Failure as problem:
            print(problem.diagnostics[0].code, problem.diagnostics[0].notes[0])
    """
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout.partition(" ")[0]) == (0, "unreachable"), done.stderr
    assert "open files" in done.stdout


def test_who_holds_the_lock_is_told_without_secrets(stores: Stores) -> None:
    """A store that repeats a secret of this run in its lock's record: masked wherever the holder is shown."""
    mask = partial(masked, forms=forms_of([Secret("canary-of-this-run")]))
    backend = RemoteBackend(stores(), times=QUICK, mask=mask)
    other = replace(lock_info("blinkdecl apply", {}), who="canary-of-this-run", run="http://ci/canary-of-this-run")
    with RemoteBackend(stores(), times=QUICK).lock(other, 0):
        with pytest.raises(Failure) as caught, backend.lock(lock_info("blinkdecl plan", {}), 0):
            pytest.fail("it was locked")
        assert "canary" not in repr(caught.value.diagnostics)
        assert "canary" not in repr(backend.holder())
        with pytest.raises(Failure) as caught:
            backend.unlock("0f1e2d3c")
        assert "canary" not in repr(caught.value.diagnostics)


def test_what_the_database_says_is_told_without_secrets(dsn: str) -> None:
    """The server's words may hold the password, or any other secret of this run."""
    mask = partial(masked, forms=forms_of([Secret("canary-of-this-run")]))
    given = make_conninfo(dsn, dbname="canary-of-this-run", password="canary-password")
    store = PostgresStore(given, None, "default", mask)
    said = [*store_problem(store).notes]
    assert "canary" not in repr(said)
    assert store._said(ValueError("canary-password, Y2FuYXJ5LXBhc3N3b3Jk and canary-of-this-run")) == "***, *** and ***"


def store_problem(store: Store) -> Diagnostic:
    """Return why the store cannot be read."""
    with pytest.raises(Failure) as caught:
        store.get()
    return caught.value.diagnostics[0]
