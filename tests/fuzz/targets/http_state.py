"""What an HTTP state server answers: a line with the operation, then the answer, whole or its body."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress

from blinkdecl.diagnostics import OutcomeUnknown
from blinkdecl.state.codec import encode
from blinkdecl.state.lock_info import lock_info, locked
from blinkdecl.state.store import Conflict, Version
from blinkdecl.state.stores.http import Endpoints, HttpStore
from blinkdecl.system.retry import RetryLimits
from tests.fuzz.surroundings import wire
from tests.support.states import small_state

_LIMITS = RetryLimits(attempts=1, timeout=1.0)
_INFO = lock_info("blinkdecl apply", {})


def _holder(store: HttpStore) -> object:
    held = store.lock_holder()
    return locked(held.info if held is not None else None)


_OPERATIONS: Mapping[bytes, Callable[[HttpStore], object]] = {
    b"get": lambda store: store.get(),
    b"put": lambda store: store.put(b"{}", small_state(), Version(b"{}")),
    b"holder": _holder,
    b"acquire": lambda store: locked(store.acquire(_INFO, None).info),
    b"renew": lambda store: store.renew(_INFO, ""),
    b"release": lambda store: store.release(_INFO, ""),
}


def run(data: bytes) -> None:
    """Do one thing with a store that is answered with these bytes."""
    name, _, answer = data.partition(b"\n")
    server = wire()
    server.answer = answer
    url = f"{server.url}/states/blink"
    with suppress(OutcomeUnknown, Conflict):  # as `blinkdecl.state.store` documents
        _OPERATIONS.get(name, _OPERATIONS[b"acquire"])(HttpStore(Endpoints(url, url, url), None, _LIMITS))


def seeds() -> Iterator[bytes]:
    """Yield each operation with a state, and with the answers that are for it."""
    state = encode(small_state())
    for name in _OPERATIONS:
        yield name + b"\n" + state
        yield name + b"\nHTTP/1.1 204 No Content\r\n\r\n"
        yield name + b"\nHTTP/1.1 503 Busy\r\nRetry-After: 3\r\nContent-Length: 0\r\n\r\n"
