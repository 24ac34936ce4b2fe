"""What Panther's REST API says of detections: log types, OutputIds, and whether they decide for themselves."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from urllib.parse import quote

from blinkdecl.diagnostics import Failure, error
from blinkdecl.model.moments import moment_of
from blinkdecl.model.observed import ObservedAlert
from blinkdecl.provider.panther.endpoint import Endpoint

# Where detections are, and whether they have a Python body of their own; rules in YAML have no destinations().
_LISTS: Mapping[str, bool] = {"/rules": True, "/scheduled-rules": True, "/simple-rules": False, "/policies": True}
# What is kept of a detection; its code is only looked into.
_KEPT = ("id", "logTypes", "outputIDs", "lastModified")
_PAGE = 100
# More pages than any Panther has: a list that never ends is no list.
_MOST_PAGES = 10_000
# Where the word is, or may come in by an import, the code may decide when the alert is raised.
_DECIDES = re.compile(r"\bdestinations\b|\bimport\s+\*")
# Alert types whose detections' log types are the alerts' own.
_BY_LOG = ("RULE", "RULE_ERROR")


@dataclass(frozen=True, slots=True)
class DetectionFacts:
    """What alerts of a detection are routed by. `changed_at` = when it was last changed, None where nobody says."""

    log_types: tuple[str, ...]
    override: tuple[str, ...]
    dynamic: bool
    changed_at: datetime | None


@dataclass(frozen=True, slots=True)
class ListPage:
    """One page of one list of detections; the first is number 1, and has no cursor."""

    path: str
    cursor: str = ""
    number: int = field(default=1, compare=False)


@dataclass(frozen=True, slots=True)
class ListAnswer:
    """The facts by detection id that are on a page, and the page that follows."""

    facts: Mapping[str, DetectionFacts]
    following: ListPage | None


FIRST_PAGES = tuple(map(ListPage, _LISTS))


def read_list_page(endpoint: Endpoint, page: ListPage) -> ListAnswer:
    """Return a page; raises a `Failure` as `Endpoint.get` does, and for a list that cannot be one."""
    after = f"&cursor={quote(page.cursor, safe='')}" if page.cursor else ""
    answer = endpoint.get(f"{page.path}?limit={_PAGE}{after}")
    if not isinstance(results := answer.get("results"), list):
        raise _odd(page.path, "it has no list of results")
    found: dict[str, DetectionFacts] = {}
    rows = [each for each in results if isinstance(each, dict)]
    kept = endpoint.clean([{name: each.get(name) for name in _KEPT} for each in rows])
    for row, each in zip(rows, kept, strict=True):
        facts = _facts(each, row.get("body"), has_body=_LISTS[page.path])
        if facts is not None and isinstance(name := each["id"], str):
            found[name] = facts
    following = answer.get("next") or ""
    if not isinstance(following, str):
        raise _odd(page.path, "its next page is none")
    if following and page.number == _MOST_PAGES:
        raise _odd(page.path, "it does not end")
    return ListAnswer(found, ListPage(page.path, following, page.number + 1) if following else None)


def with_facts(alert: ObservedAlert, known: Mapping[str, DetectionFacts]) -> ObservedAlert:
    """Return an alert whose detection is ``unread`` with what the lists say of that, if they say anything."""
    facts = known.get(alert.detection or "") if alert.knowledge == "unread" else None
    if facts is None or facts.changed_at is None:
        return alert
    if facts.dynamic:
        return replace(alert, knowledge="dynamic")
    if facts.changed_at > alert.created_at:
        return replace(alert, knowledge="changed")
    log_types = (facts.log_types or None) if alert.type in _BY_LOG else None
    return replace(alert, knowledge="known", log_types=log_types, override=facts.override)


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
