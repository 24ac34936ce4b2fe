"""Sizes are those of the bytes that are written."""

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blinkdecl.alert.canonical_json import Unrepresentable, canonical
from blinkdecl.alert.sizes import Sizes

TEXT = st.text(max_size=20) | st.sampled_from(("NaN", "\nNaN\n", "Infinity", "\ud800", "€" * 70_000))
LEAF = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT
JSON = st.recursive(LEAF, lambda below: st.lists(below) | st.dictionaries(TEXT, below), max_leaves=20)


@settings(max_examples=60, deadline=None)
@given(JSON, st.sampled_from((1, 3, 40)))
def test_a_size_is_that_of_the_bytes(value: Any, times: int) -> None:  # noqa: ANN401 - JSON
    """Of whatever is measured at once, and of what is too large for that."""
    repeated = {"list": [value] * times, "object": {f"{each}": value for each in range(times)}}
    assert Sizes(repeated).total == len(canonical(repeated))


@pytest.mark.parametrize("wrong", [math.nan, math.inf, -math.inf, {1: 2}, object()])
@pytest.mark.parametrize("beside", [0, 1, 2000])
def test_what_is_no_json_has_no_size(wrong: object, beside: int) -> None:
    """Neither among a few values nor among many, nor deeper inside."""
    for value in ([*range(beside), wrong], {"a": {"b": [wrong]}, "c": list(range(beside))}):
        with pytest.raises(Unrepresentable):
            Sizes(value)


@settings(max_examples=30, deadline=None)
@given(JSON, st.sampled_from((1, 3, 300)))
def test_entries_have_their_sizes(value: Any, times: int) -> None:  # noqa: ANN401 - JSON
    """At each level, in canonical order, with key and comma; an object of many entries is measured in another order."""
    whole = {"list": [value] * times, "object": {f"{each}": value for each in range(times)}}
    sizes = Sizes(whole)
    waiting: list[tuple[Any, int, int]] = [(whole, 0, 0)]
    for inside, depth, place in waiting:
        entries = sizes.entries(inside, depth, place)
        assert list(entries.names) == (sorted(inside) if isinstance(inside, dict) else list(range(len(inside))))
        for name, there, size in zip(*entries, strict=True):
            item = inside[name]
            key = len(canonical(name)) + 1 if isinstance(inside, dict) else 0
            assert size == key + len(canonical(item)) + 1
            waiting += [(item, depth + 1, there)] if isinstance(item, dict | list) and item else []
