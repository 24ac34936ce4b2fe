"""Drift: what was changed outside blinkdecl since it was recorded. Pure.

Besides the provider's objects, the value behind a secret reference lives outside: a key that was rotated in its
store since it was recorded is drift of the destinations that use it.
"""

from collections.abc import Mapping

from blinkdecl.diff import differences
from blinkdecl.fingerprints import Fingerprints
from blinkdecl.model import BOOKKEEPING, Attributes, Configuration, LiveObject, Recorded, State
from blinkdecl.plan import Drift, Plan


def observed(known: Attributes, found: LiveObject | None) -> Attributes:
    """Return the live attributes; what the provider cannot read, or does not hold, is taken from what is `known`."""
    if found is None:
        return known
    return {**known, **found.attributes, **{name: known[name] for name in BOOKKEEPING}}


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
            name
            for name, secret in record.secrets.items()
            if name not in ignored and fingerprints.of(secret.reference) not in (None, secret.fingerprint)
        )
        if changed or rotated:
            found.append(Drift(address, "changed", changed, rotated, live.modified_by, live.modified_at, position=position))
    return tuple(found)


def drift_plan(desired: Configuration, state: State, live: tuple[LiveObject, ...], fingerprints: Fingerprints) -> Plan:
    """Return a plan without changes: the drift, what is unmanaged, and which secrets could not be verified."""
    by_id = {each.id: each for each in live}
    known = {record.id for record in state.resources.values()}
    unverified = []
    for address, record in state.resources.items():
        blind = tuple(name for name, secret in record.secrets.items() if fingerprints.of(secret.reference) is None)
        if record.id is not None and blind:
            unverified.append((address, blind))
    return Plan(
        lineage=state.lineage,
        serial=state.serial,
        config_digest=desired.digest,
        environment=desired.environment,
        drift=find_drift(desired, state.resources, by_id, fingerprints),
        unmanaged=tuple(each for each in live if each.id not in known),
        unverified=tuple(unverified),
        unchanged=len(state.resources),
    )
