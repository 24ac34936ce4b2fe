"""Lock information, which any other program may have written."""

from collections.abc import Iterator
from datetime import UTC, datetime

from blinkdecl.state.lock_info import age, decode_info, encode_info, is_dead, lock_info, locked, same_lock

_NOW = datetime(2026, 11, 23, tzinfo=UTC)


def run(data: bytes) -> None:
    """Read it, and ask and tell everything about the holder."""
    info = decode_info(data)
    locked(info)
    if info is not None:
        assert decode_info(encode_info(info)) == info
        age(info.created, _NOW)
        is_dead(info)
        same_lock("", info)


def seeds() -> Iterator[bytes]:
    """Yield our own."""
    yield encode_info(lock_info("blinkdecl apply", {"USER": "ci", "CI_JOB_URL": "https://gitlab.example.com/1"}))
