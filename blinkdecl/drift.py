"""Drift: what was changed outside blinkdecl since it was recorded. Pure.

Besides the provider's objects, the value behind a secret reference lives outside: a key that was rotated in its
store since it was recorded is drift of the destinations that use it.
"""

from collections.abc import Container, Mapping

from blinkdecl.configuration import Configuration
from blinkdecl.diff import differences
from blinkdecl.fingerprints import Fingerprints
from blinkdecl.model import (
    BOOKKEEPING,
    Attributes,
    LiveObject,
    Recorded,
    RecordedSecret,
    State,
)
from blinkdecl.plan import Drift, Plan


def observed(known: Attributes, found: LiveObject | None) -> Attributes:
    """Return the live attributes; what the provider cannot read, or does not hold, is taken from what is `known`."""
    if found is None:
        return known
    kept = {name: known[name] for name in BOOKKEEPING}
    if known.get("webhook_url") is None:  # the YAML keeps it behind a reference, and so does whatever is shown
        kept["webhook_url"] = None
    return {**known, **found.attributes, **kept}


def find_drift(
    desired: Configuration,
    recorded: Mapping[str, Recorded],
    by_id: Mapping[str, LiveObject],
    fingerprints: Fingerprints,
) -> tuple[Drift, ...]:
    """Return the drift of every recorded destination, by address."""
    found = []
    for address, record in sorted(recorded.items()):
        if record.id is None:
            continue
        declared = desired.resources.get(address)
        position = declared.position if declared else None
        live = by_id.get(record.id)
        if live is None:
            found.append(Drift(address, "deleted", position=position))
            continue
        ignored = declared.ignore_changes if declared else ()
        changed = tuple(
            each
            for each in differences(record.attributes, observed(record.attributes, live))
            if each.name not in ignored
        )
        rotated = tuple(
            name for name, secret in record.secrets.items() if name not in ignored and _rotated(secret, fingerprints)
        )
        if changed or rotated:
            found.append(
                Drift(address, "changed", changed, rotated, live.modified_by, live.modified_at, position=position)
            )
    return tuple(found)


def _rotated(secret: RecordedSecret, fingerprints: Fingerprints) -> bool:
    """Whether the value behind the reference is known to be another than the one in place."""
    current = fingerprints.of(secret.reference)
    return bool(secret.fingerprint) and current is not None and current != secret.fingerprint


def drift_plan(desired: Configuration, state: State, live: tuple[LiveObject, ...], fingerprints: Fingerprints) -> Plan:
    """Return a plan without changes: the drift, what is unmanaged, and what could not be verified.

    What the provider holds and never shows is unverified; so is a secret whose value could not be resolved here.
    """
    by_id = {each.id: each for each in live}
    known = {record.id for record in state.resources.values()}
    drift = find_drift(desired, state.resources, by_id, fingerprints)
    rotated = {each.address: each.rotated for each in drift}
    unverified = []
    for address, record in state.resources.items():
        if record.id is None or (found := by_id.get(record.id)) is None:
            continue
        blind = _blind(record, found, fingerprints)
        told = rotated.get(address, ())
        if names := tuple(name for name in blind if name not in told):
            unverified.append((address, names))
    return Plan(
        lineage=state.lineage,
        serial=state.serial,
        config_digest=desired.digest,
        environment=desired.environment,
        drift=drift,
        unmanaged=unmanaged(live, known),
        unverified=tuple(unverified),
        unchanged=len(state.resources),
    )


def unmanaged(live: tuple[LiveObject, ...], known: Container[str | None]) -> tuple[LiveObject, ...]:
    """Return the live destinations that could be managed and are not `known`; Slack and the like are nobody's here."""
    return tuple(each for each in live if each.id not in known and not each.foreign)


def _blind(record: Recorded, found: LiveObject, fingerprints: Fingerprints) -> tuple[str, ...]:
    """Return what cannot be compared with what is live: hidden by the provider, or with nothing to compare it to."""
    names = [name for name, secret in record.secrets.items() if not _comparable(secret, fingerprints)]
    held = {*record.secrets, *(name for name, value in record.attributes.items() if value is not None)}
    names += [name for name in found.hidden if name in held]
    names += [name for name in ("webhook_url",) if name in record.secrets and name in found.attributes]
    return tuple(dict.fromkeys(names))


def _comparable(secret: RecordedSecret, fingerprints: Fingerprints) -> bool:
    return bool(secret.fingerprint) and fingerprints.of(secret.reference) is not None
