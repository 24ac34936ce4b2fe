"""What became of a change whose answer was lost: found out by reading, never by repeating a create.

    create   list: an object is ours if it alone has the name, did not before this run, and is as declared or less;
             so it is if the answer was a no, or names another object
    update   read: it is gone, or already as declared; otherwise repeat, which is harmless: it sets every attribute
    delete   read: it is gone; otherwise repeat, which is harmless too

Panther has no idempotency key, so a create whose answer was lost and that is not listed stays open: its intent is kept
in the state, and the next run finds what it made, if anything.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import TypeVar

from blinkdecl.diagnostics import Failure, OutcomeUnknown, error
from blinkdecl.model.live import LiveObject
from blinkdecl.model.plan import Action, Change
from blinkdecl.model.resource import Attributes
from blinkdecl.provider.interface import Provider
from blinkdecl.secret.value import Secret

# How often an update or a delete is tried before its outcome is left to the next run.
_ATTEMPTS = 4

_Answer = TypeVar("_Answer")


def changed(
    provider: Provider,
    change: Change,
    secrets: Mapping[str, Secret],
    before_ids: tuple[str, ...],
    taken: Collection[str] = (),
) -> LiveObject | None:
    """Make one change and return the object as it now is, even if the answer is lost; None for one that is deleted.

    `before_ids` had the display name when this run began, `taken` are the ids of what was recorded then. Raises a
    `Failure` if the change was not made, and `OutcomeUnknown` if that cannot be found out now.
    """
    object_id, wanted = str(change.id), change.after or {}
    match change.action:
        case Action.CREATE:
            return created(provider, wanted, secrets, before_ids, taken)
        case Action.DELETE:
            _deleted(provider, object_id)
            return None
        case _:
            rotated = any(each.status != "same" for each in change.secrets)
            return updated(provider, object_id, wanted, secrets, readable=not rotated)


def created(
    provider: Provider,
    wanted: Attributes,
    secrets: Mapping[str, Secret],
    before_ids: tuple[str, ...],
    taken: Collection[str] = (),
) -> LiveObject:
    """Create a destination, once, and return it as it now is; raises as `changed` does."""
    try:
        made = provider.create(wanted, secrets)
        if made.id not in taken and made.id not in before_ids:
            return made
        reason = OutcomeUnknown("Panther answered with the id of another destination")
    except OutcomeUnknown as lost:
        reason = lost
    new = new_ones(_listed(provider, reason), wanted, before_ids)
    if not new:
        raise reason
    if len(new) == 1 and is_it(new[0], wanted):
        return new[0]
    ids = ", ".join(each.id for each in new)
    raise error(
        "exists", f'"{wanted["display_name"]}" exists in Panther and was not made by this run', note=f"id {ids}"
    )


def by_name(live: Iterable[LiveObject]) -> dict[str, list[LiveObject]]:
    """Return objects by their display names."""
    found: dict[str, list[LiveObject]] = {}
    for each in live:
        found.setdefault(each.display_name, []).append(each)
    return found


def new_ones(live: Iterable[LiveObject], wanted: Attributes, before_ids: Collection[str]) -> list[LiveObject]:
    """Return what has the display name now and did not when this run began.

    What had it then proves nothing: a list that lags shows it even if this run has since deleted it.
    """
    return [each for each in live if each.display_name == wanted["display_name"] and each.id not in before_ids]


def is_it(found: LiveObject, wanted: Attributes) -> bool:
    """Whether an object is what was to be created, as far as it can be read; fewer severities may have been kept."""
    return _agrees(found, wanted, less=True)


def updated(
    provider: Provider, object_id: str, wanted: Attributes, secrets: Mapping[str, Secret], *, readable: bool
) -> LiveObject:
    """Update a destination and return it as it now is.

    `readable` = its attributes show whether that was done, since no secret changes.
    """

    def done() -> LiveObject | None:
        found = find(provider, object_id)
        if found is None:
            raise error("not-found", f"the destination with the id {object_id} no longer exists")
        known = readable and "webhook_url" not in found.hidden and _agrees(found, wanted)
        return found if known else None

    return _until_known(lambda: provider.update(object_id, wanted, secrets), done)


def _deleted(provider: Provider, object_id: str) -> None:
    def delete() -> bool:
        provider.delete(object_id)
        return True

    _until_known(delete, lambda: True if find(provider, object_id) is None else None)


def _until_known(make: Callable[[], _Answer], done: Callable[[], _Answer | None]) -> _Answer:
    """Make a repeatable change until an answer comes, or until reading shows what became of it."""
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            return make()
        except OutcomeUnknown as lost:
            try:
                if (found := done()) is not None:
                    return found
            except Failure as problem:
                if problem.code == "not-found":
                    raise
                raise lost from None
            if attempt == _ATTEMPTS:
                raise
    raise AssertionError("the last attempt returns, or raises")


def _agrees(found: LiveObject, wanted: Attributes, *, less: bool = False) -> bool:
    """Whether an object is as declared, as far as it can be read; `less` = its severities may lack some."""
    shown = dict(found.attributes)
    severities, asked = shown.get("severities"), wanted.get("severities")
    if less and isinstance(severities, tuple) and isinstance(asked, tuple) and set(severities) <= set(asked):
        del shown["severities"]
    return not found.foreign and all(wanted.get(name) == value for name, value in shown.items())


def find(provider: Provider, object_id: str) -> LiveObject | None:
    """Return the object with this id as one list shows it."""
    return next((each for each in provider.list() if each.id == object_id), None)


def _listed(provider: Provider, reason: OutcomeUnknown) -> tuple[LiveObject, ...]:
    try:
        return provider.list()
    except Failure:
        raise reason from None
