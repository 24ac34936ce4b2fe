"""A reference to a secret, resolved; what is wrong says where that is: ``provider.token, from env NAME (FILE:3)``."""

from dataclasses import replace

from blinkdecl.diagnostics import Failure, Position
from blinkdecl.model.resource import SecretReference
from blinkdecl.secret.store import SecretStore
from blinkdecl.secret.value import Secret


def place_of(owner: str, reference: SecretReference | None, position: Position | None) -> str:
    """Return where a reference is written; `owner` is what it belongs to, as it reads before "from"."""
    return f"{owner} from {reference}" + (f" ({position.file}:{position.line})" if position else "")


def resolved(store: SecretStore, reference: SecretReference, owner: str, position: Position | None) -> Secret:
    """Return the value behind a reference; raises the store's `Failure`, which then says where that is written."""
    try:
        return store.resolve(reference)
    except Failure as failure:
        raise placed(failure, place_of(owner, reference, position)) from None


def placed(failure: Failure, place: str) -> Failure:
    """Return the failure with `place` before its other notes."""
    return Failure(*(replace(each, notes=(("at", place), *each.notes)) for each in failure.diagnostics))
