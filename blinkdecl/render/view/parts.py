"""The pieces that views are made of: places, references, attributes, problems, test alerts, resources."""

import posixpath
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from blinkdecl import __version__
from blinkdecl.diagnostics import Diagnostic, Position
from blinkdecl.model.resource import DEFAULTS, Attributes, Resource, SecretReference, Value, kind_of
from blinkdecl.model.state import LastTest, Recorded, RecordedSecret

if TYPE_CHECKING:  # no plan needs it
    from blinkdecl.model.observed import LastDelivery
    from blinkdecl.model.results import AlertRun, Delivery

View = dict[str, Any]

FORMAT_VERSION = "1.0"


def versions() -> View:
    """Return what every document begins with: the version of its format, and of the program."""
    return {"format_version": FORMAT_VERSION, "blinkdecl_version": __version__}


def location(file: str, folder: str) -> str:
    """Return a file of the project's folder relative to the repository; "" where it is none of the repository's.

    `folder` = the project's within the repository.
    """
    path = posixpath.normpath(posixpath.join(folder, file)) if file else ""
    return "" if path.startswith(("/", "../")) or path in (".", "..") else path


def diagnostics_view(diagnostics: Iterable[Diagnostic]) -> list[View]:
    """Return one dict per problem, in the given order."""
    return [diagnostic_view(each) for each in diagnostics]


def diagnostic_view(diagnostic: Diagnostic) -> View:
    """Return one problem; the excerpt's secrets are masked already by whoever cut it."""
    excerpt = diagnostic.excerpt
    return {
        "code": diagnostic.code,
        "severity": diagnostic.severity,
        "summary": diagnostic.summary,
        "position": position_view(diagnostic.position),
        "excerpt": excerpt
        and {
            "lines": [{"number": number, "text": text} for number, text in excerpt.lines],
            "width": excerpt.width,
            "label": excerpt.label,
        },
        "notes": [{"label": label, "text": text} for label, text in diagnostic.notes],
    }


def delivery_view(delivery: "Delivery") -> View:
    """Return the outcome of one alert."""
    return {
        "address": delivery.address,
        "via": delivery.via,
        "sent": delivery.sent,
        "delivered": delivery.delivered,
        "status": delivery.status,
        "latency": round(delivery.latency, 6),
        "at": delivery.at,
        "attempt": delivery.attempt,
        "failure": delivery.failure,
        "detail": delivery.detail,
        "way_out": delivery.remedy,
        "tag": delivery.tag or None,
        "shared_with": delivery.shared_with,
        "run": delivery.run and _run_view(delivery.run),
    }


def _run_view(run: "AlertRun") -> View:
    return {
        "outcome": run.outcome,
        "execution_id": run.execution_id,
        "severity": run.severity,
        "state": run.state,
        "started_at": run.started_at,
        "duration": None if run.duration is None else round(run.duration, 6),
        "reason": run.reason,
        "way_out": run.remedy,
    }


def resource_view(resource: Recorded | Resource, seen: "LastDelivery | None" = None) -> View:
    """Return a recorded or declared resource: where its secrets are, not their fingerprints. `seen` = of its alerts."""
    recorded = resource if isinstance(resource, Recorded) else None
    return {
        **named(resource.address),
        "id": recorded.id if recorded else None,
        "attributes": side(resource.address, resource.attributes, resource.secrets),
        "secrets": [
            {"name": name, "reference": reference_view(each.reference if isinstance(each, RecordedSecret) else each)}
            for name, each in resource.secrets.items()
        ],
        "prevent_destroy": resource.prevent_destroy,
        **proof_view(recorded.last_test if recorded else None, seen),
        "position": None if isinstance(resource, Recorded) else position_view(resource.position),
    }


def proof_view(last: LastTest | None, seen: "LastDelivery | None") -> View:
    """Return how a destination was last proved: by a test alert, and by the alerts that were observed."""
    return {
        "last_test": last
        and {"at": last.at, "delivered": last.delivered, "status": last.status, "latency": round(last.latency, 6)},
        "last_delivery": seen
        and {
            "success": instant(seen.success),
            "failure": instant(seen.failure),
            "status": seen.status,
            "until": instant(seen.until),
        },
    }


def instant(moment: datetime | None) -> str | None:
    """Return a time as documents have it, to the second: ``2026-11-07T12:30:00Z``; null where there is none."""
    if moment is None:
        return None
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def side(address: str, attributes: Attributes | None, secrets: Iterable[str]) -> View | None:
    """Return the attributes with every secret null, including those that are not attributes of the kind."""
    if attributes is None:
        return None
    known: Attributes = DEFAULTS.get(kind_of(address), {})
    shown: View = {name: list(value) if isinstance(value, tuple) else value for name, value in attributes.items()}
    for name in sorted(secrets):
        if name in shown or name not in known:
            shown[name] = None
    return shown


def sensitive(attributes: Attributes | None, secrets: Iterable[str]) -> View | bool:
    """As Terraform: False where there is no object, otherwise the names of what is sensitive."""
    return False if attributes is None else dict.fromkeys(sorted(secrets), True)


def reference_view(reference: SecretReference) -> View:
    """As YAML spells it: ``{"env": "NAME"}``."""
    return {reference.source: plain(reference.argument)}


def named(address: str) -> View:
    """Return an address and its two halves."""
    kind, _, name = address.partition(".")
    return {"address": address, "type": kind, "name": name}


def position_view(position: Position | None) -> View | None:
    """Return a place in a file, or None."""
    if position is None:
        return None
    return {"file": position.file, "line": position.line, "column": position.column}


def plain(value: Value) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Return an attribute's value as JSON holds it."""
    return list(value) if isinstance(value, tuple) else value
