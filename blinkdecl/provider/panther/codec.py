"""Destinations as Panther answers them, and as it takes them. Pure.

Panther redacts secrets to "" in every answer, and on update an empty secret keeps the stored one. A custom webhook's
URL carries the key (``?apikey=``), so it is never an attribute here, shown or not.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlsplit

from blinkdecl.diagnostics import Failure, error
from blinkdecl.model.live import Capabilities, LiveObject
from blinkdecl.model.resource import Attributes, Value, canonical
from blinkdecl.provider.panther.introspection import CUSTOM_WEBHOOK, Kind, Offer
from blinkdecl.secret.value import Secret

Node = Mapping[str, Any]

_TEXTS = ("createdBy", "creationTime", "lastModifiedBy", "lastModifiedTime")


def objects_of(rows: object, offer: Offer) -> tuple[LiveObject, ...]:
    """Return the objects of a whole list; raises a `Failure` (``invalid-answer``) unless every entry is one."""
    if not isinstance(rows, list):
        raise _odd("there is no list of destinations in it")
    found = {}
    for number, row in enumerate(rows):
        each = object_of(row, offer)
        if each is None:
            raise _odd(f"entry {number} of {len(rows)} is not a destination")
        if each.id in found:
            raise _odd("two destinations have the same id")
        found[each.id] = each
    return tuple(found.values())


def object_of(row: object, offer: Offer) -> LiveObject | None:
    """Return one object, or None where the row is not one."""
    if not isinstance(row, dict):
        return None
    object_id, name, kind = row.get("outputId"), row.get("displayName"), row.get("outputType")
    severities, alert_types = row.get("defaultForSeverity"), row.get("alertTypes")
    if not (_text(object_id) and _text(name) and isinstance(kind, str) and _words(severities) and _words(alert_types)):
        return None
    created_by, created_at, modified_by, modified_at = (_given(row.get(each)) for each in _TEXTS)
    foreign = kind.lower() not in (CUSTOM_WEBHOOK.output_type, offer.kind.output_type, "blinkops")
    url = _url(row, kind)
    return LiveObject(
        str(object_id),
        _attributes(row, offer.capabilities, url if kind.lower() != CUSTOM_WEBHOOK.output_type else ""),
        modified_by,
        modified_at,
        created_by,
        created_at,
        hidden=() if foreign else ("api_key",) if _plain(url) else ("api_key", "webhook_url"),
        kind=kind,
        foreign=foreign,
        webhook_host=_host(url),
    )


def input_of(
    kind: Kind, capabilities: Capabilities, attributes: Attributes, secrets: Mapping[str, Secret], object_id: str | None
) -> dict[str, object]:
    """Return the ``DestinationInput`` of a destination; with an id it is an update, and what is not given is kept."""
    given: dict[str, object] = {
        "displayName": attributes["display_name"],
        "outputType": kind.output_type,
        "outputConfig": {kind.key: _config(kind, attributes, secrets)},
        "defaultForSeverity": _list(attributes["severities"]),
        "alertTypes": _list(attributes["alert_types"]),
    }
    if object_id is not None:
        given["outputId"] = object_id
    if capabilities.log_types:
        given["logTypes"] = _list(attributes["log_types"])
    if capabilities.manual_dispatch:
        given["allowManualDispatch"] = attributes["allow_manual_dispatch"]
    return given


def full_url(url: str, key: str) -> str:
    """Return Blink's Webhook Full URL: the key as a parameter of the query."""
    return f"{url}{'&' if '?' in url else '?'}apikey={quote(key, safe='')}"


def _config(kind: Kind, attributes: Attributes, secrets: Mapping[str, Secret]) -> dict[str, str]:
    literal, secret = attributes.get("webhook_url"), secrets.get("webhook_url")
    url = secret.reveal() if secret is not None else str(literal or "")
    key = secrets["api_key"].reveal() if "api_key" in secrets else ""
    if kind.key_field is not None:
        return {kind.url_field: url, kind.key_field: key}
    return {kind.url_field: full_url(url, key) if url and key else ""}


def _attributes(row: Node, capabilities: Capabilities, url: str) -> dict[str, Value]:
    """Return what can be read, in canonical form: every alert type that the peer knows = all."""
    alert_types = row["alertTypes"]
    given = {
        "display_name": row["displayName"],
        "severities": row["defaultForSeverity"],
        "alert_types": [] if set(alert_types) == set(capabilities.alert_types) else alert_types,
    }
    read = set(given)
    if capabilities.log_types and _words(row.get("logTypes")):
        given["log_types"] = row["logTypes"]
    if capabilities.manual_dispatch and isinstance(row.get("allowManualDispatch"), bool):
        given["allow_manual_dispatch"] = row["allowManualDispatch"]
    if _plain(url):
        given["webhook_url"] = url
    read |= given.keys()
    whole = canonical("destination", given)
    return {name: value for name, value in whole.items() if name in read}


def _url(row: Node, kind: str) -> str:
    """Return the webhook URL if the answer shows it, "" where it is redacted."""
    config = row.get("outputConfig")
    for name, fields in (config if isinstance(config, dict) else {}).items():
        if name.lower() == kind.lower() and isinstance(fields, dict):
            return str(fields.get("webhookURL") or "")
    return ""


def _plain(url: str) -> bool:
    """Whether a URL can be shown: it holds no query and no user, where a key could be."""
    return bool(url) and not any(mark in url for mark in "?#@")


def _host(url: str) -> str | None:
    try:
        return urlsplit(url).hostname if url else None
    except ValueError:
        return None


def _list(value: Value) -> list[str]:
    return list(value) if isinstance(value, tuple) else []


def _text(value: object) -> bool:
    return isinstance(value, str) and bool(value)


def _given(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _words(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def _odd(what: str) -> Failure:
    note = "an incomplete list is never used: what is missing would look deleted"
    return error("invalid-answer", f"Panther's answer cannot be used: {what}", note=note)
