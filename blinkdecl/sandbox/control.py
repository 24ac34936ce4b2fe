"""The sandbox's own API, below /_sandbox/: what it received, and the person who clicks in the console.

    GET  health                 {"status": "ok"}
    GET  received               {"received": [...]}
    GET  destinations           {"destinations": [...]}, secrets redacted
    GET  timeline               {"timeline": [...]}: what Panther held after each change; /timeline is the same
    POST rotate                 {"path", "key"}: gives a webhook another API key
    POST faults                 the fields of `Faults`
    POST blink                  the fields of `BlinkFaults`
    POST automations            {"path", "workspace", "pack", "automation", "event_name"}: what a webhook triggers
    POST traffic                {"alerts", "days", "seed", "lost"}: the fields of `Traffic`
    POST edit                   {"name", "fields", "by", "create", "delete"}: plays a person in Panther's console

Fields are named as in blinkdecl's YAML; lists are lists, or words separated by commas.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from itertools import islice
from typing import Any

from blinkdecl.diagnostics import closest, did_you_mean
from blinkdecl.model.resource import ALERT_TYPES, SEVERITIES
from blinkdecl.sandbox.blink import Answer, refused
from blinkdecl.sandbox.panther.destination import Destination
from blinkdecl.sandbox.panther.side import Panther
from blinkdecl.sandbox.panther.tenant import Refused, Tenant
from blinkdecl.sandbox.panther.timeline import Timeline
from blinkdecl.sandbox.panther.traffic import Traffic, make_traffic
from blinkdecl.sandbox.runs import BlinkFaults, Declared, Runs
from blinkdecl.sandbox.switches import switched

_LISTS = {"severities": SEVERITIES, "alert_types": ALERT_TYPES, "log_types": None}
_CONFIG = {"webhook_url": "webhookURL", "api_key": "apiKey"}
# Each moment lists all destinations: an answer holds no more of them than can be read.
_MOMENTS = 1000
_MOST_ALERTS, _MOST_DAYS = 200_000, 365
FIELDS = ("display_name", *_LISTS, "allow_manual_dispatch", *_CONFIG)


def timeline(all_moments: Timeline) -> list[dict[str, object]]:
    """Return what was stored after each change, oldest first; of very many the last."""
    skipped = max(0, len(all_moments) - _MOMENTS)
    return [each.shown() for each in islice(all_moments, skipped, None)]


def traffic(panther: Panther, wanted: Mapping[str, object], now: datetime) -> Answer:
    """Have alerts of the days before `now`, delivered to the destinations as they are."""
    try:
        asked = switched(Traffic, wanted)
    except ValueError as problem:
        return refused(400, str(problem))
    if not (1 <= asked.alerts <= _MOST_ALERTS and 1 <= asked.days <= _MOST_DAYS and 0 <= asked.lost <= 1):
        return refused(400, f"alerts are from 1 to {_MOST_ALERTS}, days from 1 to {_MOST_DAYS}, lost is a share")
    destinations = panther.tenant.all()
    make_traffic(panther.history, destinations, asked, now)
    return Answer(200, {"alerts": asked.alerts, "destinations": len(destinations)})


def edit(tenant: Tenant, kind: str, wanted: Mapping[str, object]) -> Answer:
    """Change, create or delete a destination by its display name, as a person does; `kind` is for new ones."""
    name, by, fields = wanted.get("name"), str(wanted.get("by") or "jo@example.com"), wanted.get("fields") or {}
    if not (isinstance(name, str) and name and isinstance(fields, dict)):
        return refused(400, 'needs {"name": "...", "fields": {...}}')
    found = next((each for each in tenant.all() if each.display_name == name), None)
    try:
        if found is None and not wanted.get("create"):
            meant = closest(name, [each.display_name for each in tenant.all()])
            return refused(404, f'there is no destination "{name}"' + (f'; did you mean "{meant}"?' if meant else ""))
        if wanted.get("delete") and found is not None:
            tenant.delete(found.id, by)
            return Answer(200, {"id": found.id, "done": "deleted"})
        base = found or Destination(name, kind.lower(), {kind: {}})
        changed = _edited(base, fields)
        made = tenant.add(changed, by) if found is None else tenant.update(found.id, changed, by)
    except Refused as problem:
        return refused(409, str(problem))
    return Answer(200, {"id": made.id, "done": "created" if found is None else "changed"})


def blink(runs: Runs, what: str, wanted: Mapping[str, object]) -> Answer:
    """Switch Blink's faults, or declare the automation of a webhook."""
    try:
        if what == "blink":
            runs.faults = switched(BlinkFaults, wanted)
        else:
            names = {name: value for name, value in wanted.items() if name != "path"}
            runs.declare(str(wanted.get("path", "")), switched(Declared, names))
    except ValueError as problem:
        return refused(400, str(problem))
    return Answer(200, {"status": "set"})


def _edited(base: Destination, fields: Mapping[str, object]) -> Destination:
    """Return the destination with these fields; raises `Refused` for an unknown field or value."""
    changes: dict[str, Any] = {}
    config = dict(base.config[base.kind])
    for name, value in fields.items():
        if name not in FIELDS:
            hint = did_you_mean(closest(name, FIELDS), quoted=False)
            raise Refused("Field", f'there is no field "{name}"' + (f": {hint}" if hint else ""))
        if name == "api_key" and base.kind == "customWebhook":
            raise Refused("Field", "a custom webhook has no api_key: it is a part of its webhook_url (?apikey=)")
        if name in _CONFIG:
            config[_CONFIG[name]] = str(value)
        elif name in _LISTS:
            changes[name] = _words(name, value)
        elif name == "allow_manual_dispatch":
            changes[name] = str(value).lower() in ("true", "on", "1")
        else:
            changes[name] = str(value)
    return replace(base, config={base.kind: config}, **changes)


def _words(name: str, value: object) -> tuple[str, ...]:
    given = value if isinstance(value, list) else [word.strip() for word in str(value).split(",") if word.strip()]
    words, known = tuple(str(each) for each in given), _LISTS[name]
    for word in words:
        if known is not None and word not in known:
            raise Refused("Field", f'"{word}" is not one of {", ".join(known)}')
    return words
