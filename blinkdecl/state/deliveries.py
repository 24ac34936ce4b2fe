"""The last deliveries that were observed, as they are kept with the state (`blinkdecl.state.sidecar`). Pure.

    {"format": "blinkdecl-deliveries", "version": 1, "destinations": {"destination.soc": {"output_id": "...",
     "until": "2026-11-08T00:00:00Z", "success": "2026-11-07T12:30:00Z", "failure": null, "status": null}}}

It holds no secret, and no run depends on it: what cannot be read counts as nothing, and is replaced by the next
observation.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from blinkdecl.model.moments import instant, moment_of
from blinkdecl.model.observed import LastDelivery

_FORMAT, _VERSION = "blinkdecl-deliveries", 1


def encode_deliveries(found: Mapping[str, LastDelivery]) -> bytes:
    """Return the document: by address, sorted, so that equal content is equal bytes."""
    destinations = {address: _document(found[address]) for address in sorted(found)}
    document = {"format": _FORMAT, "version": _VERSION, "destinations": destinations}
    return f"{json.dumps(document, indent=2)}\n".encode()


def decode_deliveries(data: bytes) -> dict[str, LastDelivery] | None:
    """Return what is known, by address, None for anything but such a document."""
    try:
        document = json.loads(data)
        if (document["format"], document["version"]) != (_FORMAT, _VERSION):
            return None
        return {str(address): _last(given) for address, given in document["destinations"].items()}
    except (AttributeError, KeyError, TypeError, ValueError, OverflowError, RecursionError):
        return None


def merged(kept: Mapping[str, LastDelivery], found: Mapping[str, LastDelivery]) -> dict[str, LastDelivery]:
    """Return what was kept with what was found since: of one output the later times, whichever of the two has them.

    An address that is not found any more is forgotten, as is what was known of another output.
    """
    return {address: _later(kept.get(address), each) for address, each in found.items()}


def _later(kept: LastDelivery | None, found: LastDelivery) -> LastDelivery:
    if kept is None or kept.output_id != found.output_id:
        return found
    failed = max((kept, found), key=lambda each: (each.failure is not None, each.failure or each.until))
    return replace(
        found,
        until=max(kept.until, found.until),
        success=max(filter(None, (kept.success, found.success)), default=None),
        failure=failed.failure,
        status=failed.status,
    )


def _document(last: LastDelivery) -> Mapping[str, Any]:
    return {
        "output_id": last.output_id,
        "until": instant(last.until),
        "success": last.success and instant(last.success),
        "failure": last.failure and instant(last.failure),
        "status": last.status,
    }


def _last(given: Mapping[str, Any]) -> LastDelivery:
    status = given["status"]
    return LastDelivery(
        str(given["output_id"]),
        _moment(given["until"]),
        given["success"] and _moment(given["success"]),
        given["failure"] and _moment(given["failure"]),
        None if status is None else int(status),
    )


def _moment(text: object) -> datetime:
    found = moment_of(text)
    if found is None:
        raise ValueError("not a time with its zone")
    return found
