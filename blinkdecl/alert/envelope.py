"""An alert inside of something else: a queue's message, an event, the answer of an API, a list. Pure.

Nobody's format is known by heart: what holds more of an alert's keys than the document itself does is taken for the
alert, in JSON within a string as well. So Amazon's SNS, SQS and EventBridge are found, and what nobody named.
"""

import json
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from blinkdecl.alert.payload import KEYS

# Without a value at one of these nobody could tell what happened, or to whom to turn.
TELLING = ("id", "alertId", "title", "severity")
# An alert has at least so many of them; an event that is no alert has an `id` too.
_FEWEST = 2
# How many values are looked at, how deep, and how long a text may be to be looked into.
_MOST_VALUES, _DEEPEST, _LONGEST_TEXT = 5000, 12, 16 * 2**20

_KINDS: tuple[tuple[str, frozenset[str]], ...] = (
    ("an SNS notification", frozenset({"TopicArn", "Message"})),
    ("an EventBridge event", frozenset({"detail-type", "detail"})),
    ("a list of records, as a queue or a topic delivers them", frozenset({"Records"})),
    ("a list of messages, as SQS answers", frozenset({"Messages"})),
    ("an SQS message", frozenset({"ReceiptHandle", "Body"})),
    ("a CloudEvent", frozenset({"specversion", "data"})),
    ("an answer of a GraphQL API", frozenset({"data"})),
    ("an answer of an API, with its results", frozenset({"results"})),
)


@dataclass(frozen=True, slots=True)
class Envelope:
    """What a document is instead of an alert. `filter` is jq's, for the first alert inside; "" where none was found."""

    kind: str
    filter: str = ""


def envelope_of(document: object) -> Envelope | None:
    """Return what a JSON document is, if that is not one alert that tells something; None for an alert."""
    own = _score(document)
    for path, value in _inside(document):
        if _telling(value) >= _FEWEST and _score(value) > own:
            return Envelope(_kind(document), path)
    if isinstance(document, dict) and _telling(document):
        return None
    return Envelope(_kind(document))


def _score(value: object, keys: Sequence[str] = KEYS) -> int:
    """Return how many of the keys have a value."""
    return sum(value.get(key) not in (None, "") for key in keys) if isinstance(value, dict) else 0


def _telling(value: object) -> int:
    return _score(value, TELLING)


def _kind(document: object) -> str:
    if isinstance(document, list):
        return f"a list of {len(document)}"
    if isinstance(document, str):
        return "JSON within a string"
    if not isinstance(document, dict):
        return "not a JSON object"
    return next((kind for kind, keys in _KINDS if keys <= document.keys()), "")


def _inside(document: object) -> Iterator[tuple[str, object]]:
    """Yield what is inside of a document with its jq filter, the outer before the inner; within bounds.

    The context of an alert may hold anything, other alerts too.
    """
    waiting: deque[tuple[str, object, int]] = deque([("", document, 0)])
    seen = 0
    while waiting and seen < _MOST_VALUES:
        path, value, depth = waiting.popleft()
        seen += 1
        if depth:
            yield path, value
        if depth >= _DEEPEST:
            continue
        for step, each in _children(value, _MOST_VALUES - len(waiting)):
            waiting.append((_joined(path, step), each, depth + 1))


def _children(value: object, most: int) -> Iterator[tuple[str, object]]:
    if isinstance(value, dict):
        for count, (key, each) in enumerate(value.items()):
            if key != "alertContext" and count < most:
                yield _key(key), each
    elif isinstance(value, list):
        yield from ((f"[{index}]", each) for index, each in enumerate(value[:most]))
    elif isinstance(value, str) and len(value) <= _LONGEST_TEXT and value.lstrip()[:1] in ("{", "[", '"'):
        try:
            yield " | fromjson", json.loads(value)
        except (ValueError, RecursionError):
            return


def _key(key: str) -> str:
    plain = key.isascii() and key.replace("_", "a").isalnum() and not key[:1].isdigit()
    return f".{key}" if plain else f"[{json.dumps(key)}]"


def _joined(path: str, step: str) -> str:
    """Return a longer jq filter; after `fromjson` a new one begins, and one that begins with a step needs its dot."""
    if step == " | fromjson":
        return f"{path} | fromjson" if path else "fromjson"
    if path.endswith("fromjson"):
        return f"{path} | {step if step.startswith('.') else f'.{step}'}"
    return f"{path}{step}" if path else (step if step.startswith(".") else f".{step}")
