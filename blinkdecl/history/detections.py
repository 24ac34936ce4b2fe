"""What Panther's REST API says of detections: log types, OutputIds, and whether they decide for themselves."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from blinkdecl.diagnostics import Failure, error
from blinkdecl.history.codec import moment_of
from blinkdecl.provider.panther.endpoint import Endpoint
from blinkdecl.system.workers import Workers

# Where detections are, and whether they have a Python body of their own; rules in YAML have no destinations().
_LISTS: Mapping[str, bool] = {"/rules": True, "/scheduled-rules": True, "/simple-rules": False, "/policies": True}
# What is kept of a detection; its code is only looked into.
_KEPT = ("id", "logTypes", "outputIDs", "lastModified")
_PAGE = 100
# More pages than any Panther has: a list that never ends is no list.
_MOST_PAGES = 10_000
# Where the word is, or may come in by an import, the code may decide when the alert is raised.
_DECIDES = re.compile(r"\bdestinations\b|\bimport\s+\*")


@dataclass(frozen=True, slots=True)
class DetectionFacts:
    """What alerts of a detection are routed by. `changed_at` = when it was last changed, None where nobody says."""

    log_types: tuple[str, ...]
    override: tuple[str, ...]
    dynamic: bool
    changed_at: datetime | None


def read_detections(endpoint: Endpoint, parallelism: int) -> dict[str, DetectionFacts]:
    """Return the facts by detection id; raises a `Failure` as `Endpoint.get` does."""
    found: dict[str, DetectionFacts] = {}

    def read(path: str) -> dict[str, DetectionFacts]:
        return dict(_list(endpoint, path))

    with Workers(min(parallelism, len(_LISTS)), read) as workers:
        workers.submit_all(_LISTS)
        while workers.busy:
            if (some := workers.next()) is not None:
                found |= some
    return found


def _list(endpoint: Endpoint, path: str) -> Iterator[tuple[str, DetectionFacts]]:
    cursor = ""
    for _ in range(_MOST_PAGES):
        after = f"&cursor={quote(cursor, safe='')}" if cursor else ""
        answer = endpoint.get(f"{path}?limit={_PAGE}{after}")
        if not isinstance(results := answer.get("results"), list):
            raise _odd(path, "it has no list of results")
        rows = [each for each in results if isinstance(each, dict)]
        kept = endpoint.clean([{name: each.get(name) for name in _KEPT} for each in rows])
        for row, each in zip(rows, kept, strict=True):
            facts = _facts(each, row.get("body"), has_body=_LISTS[path])
            if facts is not None and isinstance(name := each["id"], str):
                yield name, facts
        following = answer.get("next") or ""
        if not isinstance(following, str) or (following and following == cursor):
            raise _odd(path, "its next page is itself")
        if not following:
            return
        cursor = following
    raise _odd(path, "it does not end")


def _facts(given: Mapping[str, Any], body: object, *, has_body: bool) -> DetectionFacts | None:
    """Return the facts of a detection, None where its code, which might decide, is not shown."""
    if has_body and not isinstance(body, str):
        return None
    dynamic = has_body and bool(_DECIDES.search(str(body)))
    return DetectionFacts(
        _texts(given.get("logTypes")), _texts(given.get("outputIDs")), dynamic, moment_of(given.get("lastModified"))
    )


def _texts(given: object) -> tuple[str, ...]:
    return tuple(each for each in given if isinstance(each, str)) if isinstance(given, list) else ()


def _odd(path: str, what: str) -> Failure:
    return error("invalid-answer", f"Panther's answer for {path} cannot be used: {what}")
