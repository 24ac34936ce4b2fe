"""What an endpoint says that it offers. Pure: from the answer to `operations.INTROSPECTION` to an `Offer`.

Names are those of Panther's open-source API. It has no native Blink Ops kind, no log types and no manual dispatch, and
no specification says how they are named where they exist. This is what is recognised:

    native kind      a field of DestinationConfigInput with "blink" in its name, whose input has one field with "url"
                     and one with "key" in its name; its outputType is the field's name in lower case
    its URL          read back where the answer has ``blinkOps { webhookURL }``
    log types        DestinationInput.logTypes
    manual dispatch  DestinationInput.allowManualDispatch
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from blinkdecl.diagnostics import error
from blinkdecl.model.live import Capabilities
from blinkdecl.provider.panther.operations import Documents, documents

_NEEDED = {
    "queryType": ("destinations",),
    "mutationType": ("addDestination", "updateDestination", "deleteDestination"),
}

Node = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Kind:
    """How a kind of destination is sent: its key in ``outputConfig``, and the fields of URL and API key.

    Without a field for the key, the key is a part of the URL.
    """

    key: str
    url_field: str
    key_field: str | None

    @property
    def output_type(self) -> str:
        """The kind as ``outputType`` names it."""
        return self.key.lower()


CUSTOM_WEBHOOK = Kind("customWebhook", "webhookURL", None)
_NATIVE = Kind("blinkOps", "webhookURL", "apiKey")


@dataclass(frozen=True, slots=True)
class Offer:
    """What the peer can do, the kind that new destinations get, and the documents to send to it."""

    capabilities: Capabilities
    kind: Kind
    documents: Documents


def declared_offer(capabilities: Capabilities) -> Offer:
    """Return the offer of an endpoint that cannot be asked, as ``provider.capabilities`` says."""
    native = capabilities.kind == "blink_ops"
    return _offer(capabilities, _NATIVE if native else CUSTOM_WEBHOOK, native_url=native)


def found_offer(data: Node) -> Offer:
    """Return what the introspection found.

    Raises a `Failure`: ``not-offered`` where operations are missing, ``invalid-answer`` for what is no introspection.
    """
    try:
        return _found(data)
    except (AttributeError, KeyError, TypeError):
        summary = "Panther's answer cannot be used: what it says that it offers makes no sense"
        remedy = "declare it in `provider.capabilities`, for example {kind: custom_webhook, alert_types: [RULE]}"
    raise error("invalid-answer", summary, note="nothing was changed", remedy=remedy)


def _found(data: Node) -> Offer:
    schema = data.get("__schema") or {}
    operations = {place: _names(schema.get(place), "fields") for place in _NEEDED}
    missing = [name for place, names in _NEEDED.items() for name in names if name not in operations[place]]
    if missing:
        raise _not_offered(missing)
    native = next(_native_kinds(data), None)
    inputs = _names(data.get("input"), "inputFields")
    capabilities = Capabilities(
        kind="blink_ops" if native else "custom_webhook",
        alert_types=tuple(_names(data.get("alertTypes"), "enumValues")),
        log_types="logTypes" in inputs,
        manual_dispatch="allowManualDispatch" in inputs,
        test_alert="sendTestAlert" in operations["queryType"],
    )
    return _offer(capabilities, native or CUSTOM_WEBHOOK, native_url=_answers_url(data))


def _offer(capabilities: Capabilities, kind: Kind, *, native_url: bool) -> Offer:
    sent = documents(
        log_types=capabilities.log_types, manual_dispatch=capabilities.manual_dispatch, native_url=native_url
    )
    return Offer(capabilities, kind, sent)


def _native_kinds(data: Node) -> Iterator[Kind]:
    for field in (data.get("config") or {}).get("inputFields") or ():
        names = _names(_unwrapped(field), "inputFields")
        urls = [name for name in names if "url" in name.lower()]
        keys = [name for name in names if "key" in name.lower()]
        if "blink" in field["name"].lower() and len(urls) == len(keys) == 1:
            yield Kind(field["name"], urls[0], keys[0])


def _answers_url(data: Node) -> bool:
    fields = (data.get("answered") or {}).get("fields") or ()
    return any(each["name"] == "blinkOps" and "webhookURL" in _names(_unwrapped(each), "fields") for each in fields)


def _unwrapped(field: Node) -> Node:
    """Return the type of a field, out of its non-null."""
    found = field.get("type") or {}
    return found.get("ofType") or found


def _names(node: Node | None, key: str) -> list[str]:
    names = [each["name"] for each in (node or {}).get(key) or ()]
    if not all(isinstance(name, str) for name in names):
        raise TypeError("a name is not a text")
    return names


def _not_offered(missing: list[str]) -> Exception:
    return error(
        "not-offered",
        "this endpoint does not offer Panther's operations on destinations",
        note=f"missing: {', '.join(missing)}; hosted Panther offers none of them so far",
        remedy="write `provider: {type: console}`: apply then writes the steps for a person",
    )
