"""What of Blink's answers is kept: a door that lets named fields of the right type in, and nothing else. Pure.

An answer may hold the headers of a request, the URL of a webhook or its token. A field that is missing, null or of
another type is not told; what is shown of a text has been through `clean`, which masks secrets and cuts.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from blinkdecl.model.runs import Automation, Event, Run

Clean = Callable[[str], str]
# No run is older than Blink, or from after the year 2100: what looks so is not milliseconds.
_EARLIEST, _LATEST = 1_000_000_000_000, 4_102_444_800_000


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a list: its rows, and what the answer says of how many a page and the whole list have."""

    rows: list[Mapping[str, Any]]
    limit: int | None
    total: int | None

    def ends(self, before: int, asked: int) -> bool:
        """Whether the list ends with this page, after `before` rows; `asked` = how many a page was to have.

        A total that is no more than a full page may be that page's own, and is not believed.
        """
        count = len(self.rows)
        if not count or (self.limit is not None and count < self.limit <= asked):
            return True
        return self.total is not None and count < asked and before + count >= self.total


def workspaces_of(answer: object) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the id and the names of each workspace, the shown one first; the keys of their map mean nothing."""
    for each in _mapping(answer).values():
        identifier = _text(_mapping(each).get("id"))
        if identifier:
            yield identifier, tuple(filter(None, (_text(each.get("display_name")), _text(each.get("name")))))


def automations_of(answer: object) -> tuple[Automation, ...] | None:
    """Return the automations of an answer, those of each pack; None where it is no list of packs."""
    packs = _mapping(answer).get("packs")
    return tuple(_automations(packs)) if isinstance(packs, list) else None


def _automations(packs: list[Any]) -> Iterator[Automation]:
    for pack in map(_mapping, packs):
        for each in map(_mapping, _list(pack.get("automations"))):
            identifier, name = _text(each.get("id")), _text(each.get("name"))
            if identifier and name is not None:
                yield Automation(
                    identifier,
                    name,
                    _text(pack.get("pack_name")) or "",
                    _text(each.get("automation_type")) or "on_demand",
                    _flag(each.get("active")),
                    _flag(each.get("is_published")),
                    _flag(each.get("has_unpublished_changes")),
                )


def playbook_of(answer: object) -> str | None:
    """Return the YAML of an automation."""
    return _text(_mapping(answer).get("playbook"))


def page_of(answer: object) -> Page | None:
    """Return a page, None where the answer is none."""
    found = _mapping(answer)
    rows = found.get("results")
    if not isinstance(rows, list):
        return None
    return Page([_mapping(each) for each in rows], _count(found.get("limit")), _count(found.get("total")))


def run_of(answer: object, clean: Clean) -> Run | None:
    """Return a run, None for what has no id."""
    node = _mapping(answer)
    identifier = _text(node.get("id"))
    if not identifier:
        return None
    return Run(
        identifier,
        clean(_text(node.get("state_ui")) or _text(node.get("state")) or ""),
        _time(node.get("created_at")),
        _time(node.get("started_at")),
        _time(node.get("finished_at")),
        _error(_mapping(node.get("error_details")), clean),
        bool(node.get("test_session_id") or node.get("draft_execution_number")),
    )


def event_of(answer: object, marks: frozenset[str]) -> Event | None:
    """Return which of these tags has what started a run, None where the answer does not tell what that was.

    Tags are compared as they came: masked ones would differ where a secret is a part of them. None of them is kept.
    """
    payload = _mapping(_mapping(_mapping(answer).get("event")).get("payload"))
    # An alert has tags, if only null: a payload of another shape may have them elsewhere.
    tags = payload.get("tags", "")
    if not isinstance(tags, list | None):
        return None
    return Event(marks.intersection(each for each in tags or () if isinstance(each, str)))


def message_of(answer: object) -> str:
    """Return what an error says, not yet fit to be shown."""
    return _text(_mapping(answer).get("message")) or ""


def _error(details: Mapping[str, Any], clean: Clean) -> str:
    code = details.get("error_code")
    said = [str(code) if isinstance(code, int) else _text(code) or "", _text(details.get("message")) or ""]
    return clean(": ".join(filter(None, said)))


def _time(value: object) -> datetime | None:
    """Return a time that is told in milliseconds since 1970; zero means that there is none yet."""
    number = value if isinstance(value, int | float) and not isinstance(value, bool) else 0
    return datetime.fromtimestamp(number / 1000, UTC) if _EARLIEST <= number <= _LATEST else None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _count(value: object) -> int | None:
    """Return a number of things; less than none is how some say that they do not know."""
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def _flag(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
