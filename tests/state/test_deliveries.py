"""What was observed of deliveries, as it is kept with a state."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from blinkdecl.model.observed import LastDelivery
from blinkdecl.state.deliveries import decode_deliveries, encode_deliveries, merged

NOON = datetime(2026, 11, 8, 12, tzinfo=UTC)
KNOWN = LastDelivery("id-1", NOON, NOON - timedelta(hours=1), NOON - timedelta(hours=3), 502)
MOMENTS = st.integers(0, 10**9).map(lambda seconds: NOON + timedelta(seconds=seconds))
FAILED = st.tuples(MOMENTS, st.integers(100, 599)) | st.just((None, None))
LASTS = st.builds(
    lambda output, until, success, failed: LastDelivery(output, until, success, *failed),
    st.sampled_from(["id-1", "id-2"]),
    MOMENTS,
    st.none() | MOMENTS,
    FAILED,
)
ALL = st.dictionaries(st.sampled_from(["destination.a", "destination.b", "destination.c"]), LASTS)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ALL)
def test_it_reads_what_it_wrote(found: dict[str, LastDelivery]) -> None:
    """Nothing is lost on the way, and equal content is equal bytes."""
    assert decode_deliveries(encode_deliveries(found)) == found
    assert encode_deliveries(dict(reversed(found.items()))) == encode_deliveries(found)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b"[]",
        b"null",
        b"7",
        b"\xff",
        b"[" * 100_000,
        encode_deliveries({"a": KNOWN}).replace(b": 1,", b": 2,"),
    ],
)
def test_what_is_none(data: bytes) -> None:
    """Anything else is no such document."""
    assert decode_deliveries(data) is None


@pytest.mark.parametrize(
    ("field", "value"),
    [("until", '"yesterday"'), ("until", '"2026-11-08T12:00:00"'), ("status", '"x"'), ("success", "7")],
)
def test_a_field_that_is_none(field: str, value: str) -> None:
    """A time needs a zone, and a status is a number."""
    text = encode_deliveries({"a": KNOWN}).decode()
    lines = [f'      "{field}": {value},' if f'"{field}"' in each else each for each in text.splitlines()]
    wrong = "\n".join(lines).replace(",\n    }", "\n    }")
    assert wrong != text
    assert decode_deliveries(wrong.encode()) is None


@given(ALL, ALL)
def test_merging_keeps_the_later_times(kept: dict[str, LastDelivery], found: dict[str, LastDelivery]) -> None:
    """Of one output the later of both; of another output, and of what is gone, nothing."""
    both = merged(kept, found)
    assert both.keys() == found.keys()
    for address, each in both.items():
        old = kept.get(address)
        same = [found[address], *([old] if old is not None and old.output_id == each.output_id else [])]
        assert each.output_id == found[address].output_id
        assert each.until == max(known.until for known in same)
        assert each.success == max((known.success for known in same if known.success), default=None)
        assert each.failure == max((known.failure for known in same if known.failure), default=None)
        assert (each.failure, each.status) in [(known.failure, known.status) for known in same]


def test_a_quiet_week_forgets_nothing() -> None:
    """What was seen earlier stands where nothing came since."""
    quiet = LastDelivery("id-1", NOON + timedelta(days=7))
    assert merged({"a": KNOWN}, {"a": quiet}) == {"a": replace(KNOWN, until=quiet.until)}
