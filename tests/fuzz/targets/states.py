"""States: the fields after the checksum, which is put right, so that the parser is reached."""

import hashlib
import json
from collections.abc import Iterator

from blinkdecl.state.codec import decode, encode
from tests.support.states import small_state

_SAMPLE = encode(small_state())
_DIGITS = 64
_START, _, _REST = _SAMPLE.partition(b'"checksum": "')
_START += b'"checksum": "'


def run(data: bytes) -> None:
    """Read the state; what is read can be written, and is the same then."""
    rest = b'",' + data[1:]
    state = decode(_START + hashlib.sha256(_START + rest).hexdigest().encode() + rest, "state.json")
    assert decode(encode(state), "state.json") == state


def seeds() -> Iterator[bytes]:
    """Yield a state of every feature, and one of none."""
    for state in (small_state(), small_state(resources={}, pending={})):
        fields = json.loads(encode(state))
        del fields["format_version"], fields["checksum"]
        yield json.dumps(fields).encode()
