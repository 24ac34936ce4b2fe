"""The 5 MB rule: what does not fit loses a part of its context, and nothing else."""

import hashlib
import json
import random
import time
import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from blinkdecl.alert.canonical_json import Unrepresentable, canonical
from blinkdecl.alert.payload import Alert, body, payload
from blinkdecl.alert.truncation import MARK, TooLarge, fitted

ALERT = Alert(id="AWS.Root", title="Root login", type="RULE", severity="HIGH", tags=("a", "é😀"), added={"added": [1]})
# Text that takes one byte a character, and text that takes up to six.
TEXT = st.text(max_size=40) | st.text(alphabet='\x00\n"\\é€😀\ud800', max_size=40)
LEAF = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT
JSON = st.recursive(LEAF, lambda below: st.lists(below) | st.dictionaries(TEXT, below), max_leaves=12)


def alert_with(context: dict[str, Any]) -> Alert:
    """Return an alert with this context."""
    return Alert(id=ALERT.id, title=ALERT.title, type="RULE", tags=ALERT.tags, context=context, added=ALERT.added)


def check(context: dict[str, Any], limit: int) -> dict[str, Any]:
    """Truncate, hold what must hold of every body, and return the context that is left."""
    alert = alert_with(context)
    sent = body(alert, limit)
    assert len(sent) <= limit
    assert sent == body(alert, limit)
    document = json.loads(sent.decode())
    left: dict[str, Any] = document.pop("alertContext")
    whole = payload(alert)
    whole.pop("alertContext")
    assert document == whole
    if mark := left.pop(MARK, None):
        assert mark["originalSize"] == len(canonical(payload(alert)))
        assert mark["cutCount"] >= len(mark["cut"])
    assert is_part(left, context)
    return left


def is_part(left: Any, whole: Any) -> bool:  # noqa: ANN401 - JSON
    """Whether a value is what is left of another: beginnings of strings, some of the entries."""
    if isinstance(whole, dict) and isinstance(left, dict):
        return all(key in whole and is_part(value, whole[key]) for key, value in left.items())
    if isinstance(whole, list) and isinstance(left, list):
        rest = iter(whole)
        return all(any(is_part(each, one) for one in rest) for each in left)
    if isinstance(whole, str) and isinstance(left, str) and left.endswith("…"):
        return whole.startswith(left[:-1])
    return type(left) is type(whole) and left == whole


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.dictionaries(TEXT, JSON, min_size=1, max_size=6), st.floats(0, 1))
def test_contexts_that_are_too_large(context: dict[str, Any], share: float) -> None:
    """Each fits, parses, is a part of what it was, and loses nothing outside its context."""
    too_large(context, share)


@settings(max_examples=3_000, deadline=None, database=None)
@given(st.integers(0, 2**32))
def test_thousands_more(seed: int) -> None:
    """As above, of contexts that are larger and made faster."""
    chance = random.Random(seed)
    context = {f"{each}{text(chance, 9)}": made(chance, 4) for each in range(chance.randint(1, 9))}
    too_large(context, chance.random())


def test_cuts_are_what_they_were() -> None:
    """An alert that is cut again after an upgrade has the same bytes: the digest is that of an earlier version."""
    digest = hashlib.sha256()
    for seed in range(300):
        chance = random.Random(seed)
        context = {f"{each}{text(chance, 9)}": made(chance, 5) for each in range(chance.randint(1, 9))}
        whole, shell = len(body(alert_with(context))), len(body(alert_with({})))
        digest.update(body(alert_with(context), shell + int((whole - shell) * chance.random())))
    assert digest.hexdigest() == "0a45d0fb5fa1fad3e526b052a09c8b2c73304f504da6995763687da94f9f13b4"


def text(chance: random.Random, longest: int) -> str:
    """Return characters of one to six bytes."""
    return "".join(chance.choices('ab\x00\n"\\é€😀\ud800', k=chance.randint(0, longest)))


def made(chance: random.Random, depth: int) -> Any:  # noqa: ANN401 - JSON
    """Return a JSON value of so many levels at most."""
    kind = chance.randint(0, 5 if depth else 2)
    if kind < 3:
        return (text(chance, 300), chance.randint(0, 10**12), None)[kind]
    if kind == 3:
        return {f"{each}{text(chance, 9)}": made(chance, depth - 1) for each in range(chance.randint(0, 5))}
    return [made(chance, depth - 1) for _ in range(chance.randint(0, 5))]


def too_large(context: dict[str, Any], share: float) -> None:
    """Check a context under a limit between the alert without it and, but for a byte, with it."""
    whole, shell = len(body(alert_with(context))), len(body(alert_with({})))
    check(context, shell + int((whole - 1 - shell) * share))


def chain(depth: int, bottom: object) -> dict[str, Any]:
    """Return objects in objects."""
    for _ in range(depth):
        bottom = {"n": bottom, "s": 1}
    return {"chain": bottom}


LARGE: dict[str, Callable[[int], dict[str, Any]]] = {
    "one huge string": lambda n: {"a": "x" * n, "b": 1},
    "multi-byte characters": lambda n: {"a": "€" * (n // 6), "b": "😀" * (n // 8)},
    "one emoji": lambda n: {"a": "x" * n + "😀"},
    "escapes": lambda n: {"a": '\n"\\\x01' * (n // 6)},
    "tiny keys": lambda n: {f"k{each:x}": each for each in range(n // 15)},
    "one huge key": lambda n: {"k" * n: 1, "other": "x"},
    "huge keys": lambda n: {f"{each}" * 1000: each for each in range(1000, 1000 + n // 4000)},
    "a list of numbers": lambda n: {"l": list(range(10)) * (n // 20)},
    "empty lists": lambda n: {"l": [[]] * (n // 3)},
    "many events": lambda n: {"events": [{"id": each, "raw": "r" * (each % 90)} for each in range(n // 60)]},
    "nested deeply": lambda n: chain(90, "y" * n),
}


@pytest.mark.parametrize("make", LARGE.values(), ids=LARGE)
def test_around_the_limit(make: Callable[[int], dict[str, Any]]) -> None:
    """From two bytes below the limit to two above: what fits is whole, what does not is cut and marked."""
    context = make(20_000)
    size = len(body(alert_with(context)))
    for limit in range(size - 2, size + 3):
        left = check(context, limit)
        assert (left == context) == (limit >= size)


@pytest.mark.parametrize("name", LARGE)
def test_as_much_as_fits(name: str) -> None:
    """The room is used, but for what is told of the cuts and what cannot be divided."""
    left = check(LARGE[name](100_000), 50_000)
    used = len(canonical(left))
    assert used > (0 if name == "one huge key" else 0.93 * 50_000), used


@pytest.mark.parametrize("name", LARGE)
def test_memory(name: str) -> None:
    """At most three times the body beside what the caller holds."""
    alert = payload(alert_with(LARGE[name](600_000)))
    whole = len(canonical(alert))
    tracemalloc.start()
    fitted(alert, "alertContext", 200_000)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak <= 3 * whole, peak / whole


@pytest.mark.parametrize("name", LARGE)
def test_time_is_linear(name: str) -> None:
    """Four times the body takes about four times as long."""
    once, again = (_timed(payload(alert_with(LARGE[name](size)))) for size in (100_000, 400_000))
    assert again < 10 * once + 0.02


def _timed(alert: dict[str, object]) -> float:
    seconds = []
    for _ in range(3):
        begun = time.perf_counter()
        fitted(alert, "alertContext", 50_000)
        seconds.append(time.perf_counter() - begun)
    return min(seconds)


def test_the_largest_are_shortened_first() -> None:
    """What is small stays whole, also deep inside; what was cut is told by its place."""
    context = {"event": {"user": "alice", "raw": "r" * 9000, "ip": "10.0.0.1"}, "note": "n" * 3000, "count": 7}
    alert = alert_with(context)
    sent = json.loads(body(alert, len(body(alert)) - 4000))["alertContext"]
    mark = sent.pop(MARK)
    assert (mark["cut"], mark["cutCount"]) == (["/event/raw"], 1)
    assert sent["event"].pop("raw").startswith("r" * 1000)
    assert sent == {"event": {"user": "alice", "ip": "10.0.0.1"}, "note": "n" * 3000, "count": 7}


def test_an_alert_that_was_truncated_before() -> None:
    """It is marked once, with the size that it has now."""
    context = {MARK: {"originalSize": 9}, "a": "x" * 5000}
    sent = json.loads(body(alert_with(context), 3000))["alertContext"]
    assert sent[MARK]["cut"] == ["/a"]
    assert sent[MARK]["originalSize"] > 5000


def test_a_pointer_is_escaped_and_bounded() -> None:
    """RFC 6901; a key of any length leaves room."""
    sent = json.loads(body(alert_with({"a/b~c": "x" * 5000, "k" * 4000: 1}), 4000))["alertContext"]
    assert sorted(sent[MARK]["cut"])[0] == "/a~1b~0c"
    assert max(map(len, sent[MARK]["cut"])) <= 121


def test_an_alert_that_no_cut_makes_fit() -> None:
    """Without its context it is too large: an error with its size, and no body."""
    alert = Alert(title="t" * 500, context={"a": 1})
    smallest = len(body(Alert(title="t" * 500)))
    assert json.loads(body(alert, smallest))["alertContext"] == {}
    with pytest.raises(TooLarge) as caught:
        body(alert, smallest - 1)
    assert caught.value.size == smallest


@pytest.mark.parametrize("wrong", [float("inf"), object(), {1: 2}, {1: 2, "a": 3}, {(1,): 2}])
def test_what_is_no_json_is_refused(wrong: object) -> None:
    """Never a broken body; the text quotes nothing."""
    with pytest.raises(Unrepresentable):
        body(alert_with({"x": wrong}))


def test_what_is_nested_beyond_reason_is_refused() -> None:
    """An error of ours, not the interpreter's."""
    with pytest.raises(Unrepresentable, match="too deep"):
        body(alert_with(chain(5000, 1)))


def test_six_hundred_levels_are_sent() -> None:
    """As deep as a JSON parser reads them back."""
    context = chain(600, "bottom")
    assert json.loads(body(alert_with(context)))["alertContext"] == context
