"""GraphQL errors: which of them prove that nothing was done, and what of their text may be shown. Pure.

Error texts are for people, so a type decides where there is one: `errorType` or `type` of the error or its
extensions, ``extensions.code``, or the type's name at the start of the message. Panther's names are AlreadyExists and
DoesNotExist; the others are those that GraphQL servers use.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from blinkdecl.diagnostics import Diagnostic, Failure, error
from blinkdecl.secret.value import Mask, Secret, scrubbed

_KINDS: tuple[tuple[str, Literal["exists", "not-found", "unauthorised", "rejected"]], ...] = (
    ("alreadyexists", "exists"),
    ("doesnotexist", "not-found"),
    ("notfound", "not-found"),
    ("unauth", "unauthorised"),
    ("forbidden", "unauthorised"),
    ("accessdenied", "unauthorised"),
    ("invalidinput", "rejected"),
    ("badinput", "rejected"),
    ("baduserinput", "rejected"),
    ("badrequest", "rejected"),
    ("validation", "rejected"),
    ("parsefailed", "rejected"),
)


@dataclass(frozen=True, slots=True)
class Refusal:
    """The first error of an answer: what its type proves (None = nothing), and its text, fit to be shown."""

    kind: Literal["exists", "not-found", "unauthorised", "rejected"] | None
    text: str

    @property
    def about_introspection(self) -> bool:
        """Whether the peer refuses to say what it offers; servers share no type for that, so the text has to do."""
        return "ntrospection" in self.text


class ReadRefused(Failure):
    """The answer to a query holds errors; `refusal` is the first."""

    def __init__(self, refusal: Refusal, *diagnostics: Diagnostic) -> None:
        super().__init__(*diagnostics)
        self.refusal = refusal


def refusal_of(document: Mapping[str, Any] | None, secrets: Iterable[Secret], mask: Mask) -> Refusal | None:
    """Return the first of the answer's errors, or None; its text is without `secrets`, and what `mask` knows."""
    errors = (document or {}).get("errors")
    if not errors:
        return None
    first = errors[0] if isinstance(errors, list) and isinstance(errors[0], dict) else {}
    names = "".join(_types(first)).lower()
    kind = next((kind for word, kind in _KINDS if word in names), None)
    return Refusal(kind, scrubbed(str(first.get("message") or "an error without a message"), secrets, mask))


def rest_refusal_of(document: Mapping[str, Any] | None, secrets: Iterable[Secret], mask: Mask) -> Refusal | None:
    """Return what the REST API refuses a request with, or None; its errors have a `message`, some an `error`."""
    told = (document or {}).get("message") or (document or {}).get("error")
    return Refusal(None, scrubbed(told, secrets, mask)) if isinstance(told, str) else None


def failure_of(refusal: Refusal) -> Failure | None:
    """Return the failure of a change that was not made, or None where the error proves nothing."""
    match refusal.kind:
        case "exists":
            return error("exists", "the display name is in use in Panther", note=f"Panther says: {refusal.text}")
        case "not-found":
            return error("not-found", "the destination no longer exists", note=f"Panther says: {refusal.text}")
        case "rejected":
            return error("rejected", f"Panther refused the change: {refusal.text}")
    return None


def _types(first: Mapping[str, Any]) -> Iterator[str]:
    extensions = first.get("extensions")
    places = [first, extensions if isinstance(extensions, dict) else {}]
    for place in places:
        for name in ("errorType", "type", "code", "classification"):
            if isinstance(found := place.get(name), str):
                yield re.sub("[^A-Za-z]", "", found) + " "
    word, colon, _ = str(first.get("message", "")).partition(":")
    if colon and re.fullmatch("[A-Za-z]+", word):
        yield word
