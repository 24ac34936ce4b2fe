"""Observation -> what ``observe`` adds to its document. Pure."""

from collections.abc import Callable, Mapping
from typing import Literal

from blinkdecl.diagnostics import Position
from blinkdecl.render.view.parts import View, instant, position_view
from blinkdecl.routing.expected import Doubt
from blinkdecl.routing.identity import Unnamed
from blinkdecl.routing.observation import Deviation, Observation, Observed
from blinkdecl.routing.receiver import Receiver

# Why nothing is certain of an alert, in the order in which it is told.
DOUBTS: tuple[Doubt, ...] = ("dynamic", "changed", "deleted", "unread", "new-kind")


def observation_view(
    found: Observation, positions: Mapping[str, Position], recording: Callable[[Receiver, str], str | None]
) -> View:
    """Return what was observed; `recording` = the command that records the id of a destination, None = there is none.

    `positions` = where destinations are declared, by address.
    """
    uncertain = found.uncertain or {}
    return {
        "alerts": found.alerts,
        "from": instant(found.period.begin),
        "to": instant(found.period.end),
        "destinations": [_destination(each, positions) for each in found.destinations],
        "unknown": [_unknown(each, recording) for each in found.unnamed],
        "not_compared": {
            **{each.replace("-", "_"): uncertain.get(each, 0) for each in DOUBTS},
            "skipped": found.skipped,
            "undecided": found.undecided,
            "partly_read": found.partly_read,
        },
    }


def _destination(observed: Observed, positions: Mapping[str, Position]) -> View:
    counts, unseen = observed.counts, dict(observed.unseen)
    failure = counts.last_failure
    return {
        "address": observed.receiver.address,
        "output_id": observed.receiver.id,
        "evidence": observed.evidence,
        "delivered": counts.delivered,
        "recovered": counts.recovered,
        "failed": counts.failed,
        "pending": observed.pending,
        "missing": sum(each.count for each in observed.missing),
        "unexpected": sum(each.count for each in observed.unexpected),
        "last_success": instant(counts.last_success),
        "last_failure": instant(failure.at if failure else None),
        "last_failure_status": failure.status if failure else None,
        "deviations": [
            *(_deviation("missing", each) for each in observed.missing),
            *(_deviation("unexpected", each) for each in observed.unexpected),
        ],
        "suspects": list(observed.suspects),
        "not_observed": {name: list(unseen.get(name, ())) for name in ("severities", "alert_types", "log_types")},
        "position": position_view(positions.get(str(observed.receiver.address))),
    }


def _deviation(what: Literal["missing", "unexpected"], deviation: Deviation) -> View:
    kind = deviation.kind
    return {
        "what": what,
        "severity": kind.severity,
        "type": kind.type,
        "log_types": list(kind.log_types or ()),
        "override": list(kind.override),
        "count": deviation.count,
        "first": instant(deviation.first),
        "last": instant(deviation.last),
        "examples": list(deviation.examples),
        "suspects": list(deviation.suspects),
    }


def _unknown(unnamed: Unnamed, recording: Callable[[Receiver, str], str | None]) -> View:
    counts, only = unnamed.counts, unnamed.fits[0] if len(unnamed.fits) == 1 else None
    return {
        "output_id": unnamed.id,
        "delivered": counts.delivered,
        "failed": counts.failed,
        "last_success": instant(counts.last_success),
        "evidence": unnamed.evidence,
        "fits": [each.address for each in unnamed.fits],
        "certain": unnamed.is_certain,
        "uncertainty": unnamed.uncertainty,
        "replaces": only.id if only else None,
        "command": recording(only, unnamed.id) if only and unnamed.is_certain else None,
        "would_tell": unnamed.would_tell or None,
    }
