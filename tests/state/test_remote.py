"""The backends elsewhere keep the same contract, against real engines."""

import uuid
from collections.abc import Callable, Iterator

import pytest

from blinkdecl.secret_value import Secret
from blinkdecl.state.http import Endpoints, HttpStore, Login
from blinkdecl.state.lease import Terms
from blinkdecl.state.postgres import PostgresStore
from blinkdecl.state.remote import RemoteBackend
from blinkdecl.state.s3 import S3Store
from blinkdecl.state.store import Store
from tests.state import servers
from tests.state_contract import StateContract

QUICK = Terms(length=0.6, beat=0.1, poll=0.05)
KEYS = {"access_key_id": Secret("canary-access"), "secret_access_key": Secret("canary-secret")}
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
    return RemoteBackend(stores(), terms=QUICK, pause=0.05)


@pytest.fixture
def other(stores: Stores) -> RemoteBackend:
    """Return another client of the same place."""
    return RemoteBackend(stores(), terms=QUICK, pause=0.05)


class TestRemote(StateContract):
    """Every engine keeps the contract of states."""
