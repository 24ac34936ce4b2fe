"""Drift: what was changed outside blinkdecl since it was recorded. Pure.

A new value behind a secret reference is not drift: nobody has touched the destination. It is a change of ours, which
apply makes, and `drift_plan` lists it apart.

A waiver in the configuration (``drift.waive``) covers an address, or some attributes there, up to and including its
last day. What it covers is still reported, apart from the rest, but does not affect the exit code; apply undoes it as
always (``lifecycle.ignore_changes`` is what keeps a difference). An expired waiver covers nothing: what it covered is
drift again, and is reported with the waiver.
"""

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import replace

from blinkdecl.diagnostics import Diagnostic
from blinkdecl.model.configuration import Configuration, Waiver
from blinkdecl.model.live import Capabilities, LiveObject, is_named, observed
from blinkdecl.model.plan import Drift, Plan
from blinkdecl.model.secret_values import NewValue
from blinkdecl.model.state import Recorded, RecordedSecret, State
from blinkdecl.planner.diff import differences
from blinkdecl.planner.policy import check_missing
from blinkdecl.routing.coverage import check_drift
from blinkdecl.routing.impact import drift_impact, drift_sides
from blinkdecl.routing.receiver import receivers_of
from blinkdecl.secret.fingerprints import Fingerprints


def find_drift(
    desired: Configuration,
    recorded: Mapping[str, Recorded],
    by_id: Mapping[str, LiveObject],
    today: str,
) -> tuple[Drift, ...]:
    """Return the drift of every recorded destination, by address; what is waived `today` has entries of its own.

    What is let go (``removed``) may change as it likes.
    """
    released = desired.released
    found = []
    for address, record in sorted(recorded.items()):
        if record.id is None or address in released:
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
        if changed:
            found.append(Drift(address, "changed", changed, live.modified_by, live.modified_at, position=position))
    return waive(found, desired.settings.waivers, today)


def _new_values(
    desired: Configuration,
    recorded: Mapping[str, Recorded],
    by_id: Mapping[str, LiveObject],
    fingerprints: Fingerprints,
) -> tuple[NewValue, ...]:
    """Return what apply would put in place of the values that the live destinations have, by address."""
    return tuple(
        NewValue(address, name, secret.reference)
        for address, record in sorted(recorded.items())
        if record.id in by_id and (declared := desired.resources.get(address)) is not None
        for name, secret in record.secrets.items()
        if name not in declared.ignore_changes
        and declared.secrets.get(name) == secret.reference
        and _is_new(secret, fingerprints)
    )


def _is_new(secret: RecordedSecret, fingerprints: Fingerprints) -> bool:
    """Whether the reference's current value is known to differ from the one in use."""
    current = fingerprints.of(secret.reference, secret.fingerprint)
    return bool(secret.fingerprint) and current is not None and current != secret.fingerprint


def drift_plan(
    desired: Configuration,
    state: State,
    live: tuple[LiveObject, ...],
    fingerprints: Fingerprints,
    capabilities: Capabilities,
    *,
    today: str,
    accept_missing: int | None = None,
    elsewhere: Container[str] = (),
) -> Plan:
    """Return a plan without changes: the drift, who receives what, what is unmanaged, unverified and not applied.

    What the provider holds and never shows is unverified; so is a secret whose value could not be resolved here.
    `today` (YYYY-MM-DD, UTC) decides which waivers hold. Raises a `Failure` (``many-missing``) when `live` lacks too
    many recorded destinations to be believed, unless `accept_missing` allows that many. `elsewhere` are the ids that
    other environments of the project record.
    """
    check_missing(state.resources, live, accept_missing, state.pending)
    by_id = {each.id: each for each in live}
    known = {record.id for record in state.resources.values()}
    drift = find_drift(desired, state.resources, by_id, today)
    new_values = _new_values(desired, state.resources, by_id, fingerprints)
    new = {(each.address, each.name) for each in new_values}
    sides = drift_sides(state.resources, live)
    kept = {address: each for address, each in state.resources.items() if address not in desired.released}
    uncovered = check_drift(drift, sides, desired.settings.coverage, receivers_of(desired.resources.values()))
    told, ignored = unmanaged(live, known, desired.settings.unmanaged_ignore, elsewhere)
    unverified = []
    for address, record in state.resources.items():
        if record.id is None or (found := by_id.get(record.id)) is None:
            continue
        blind = _blind(record, found, fingerprints)
        if names := tuple(name for name in blind if (address, name) not in new):
            unverified.append((address, names))
    return Plan(
        lineage=state.lineage,
        serial=state.serial,
        environment=desired.environment,
        drift=drift,
        unmanaged=told,
        unmanaged_ignored=ignored,
        unverified=tuple(unverified),
        not_applied=new_values,
        unchanged=len(state.resources),
        routing=drift_impact(*drift_sides(kept, live), desired.settings.silences),
        diagnostics=(*uncovered, *_blind_spot(capabilities)),
    )


def _blind_spot(capabilities: Capabilities) -> tuple[Diagnostic, ...]:
    """Warn where nothing live can be read: there may be more changes than are reported."""
    if not capabilities.manual:
        return ()
    note = ("note", "what is recorded is what was confirmed; later changes in the console are not seen here")
    remedy = ("help", "`blinkdecl observe` sees them by the alerts that then go another way")
    summary = "the live destinations cannot be read with the console provider"
    return (Diagnostic("not-readable", summary, severity="warning", notes=(note, remedy)),)


def unmanaged(
    live: tuple[LiveObject, ...],
    known: Container[str | None],
    ignore: Iterable[str] = (),
    elsewhere: Container[str] = (),
) -> tuple[tuple[LiveObject, ...], int]:
    """Return the live destinations that could be managed and are not `known`, and how many more there are.

    They are in the order of their names. Other kinds (Slack, ...) are never managed. What `ignore` names, by patterns
    of display names, as shells have them, is counted alone, and so are the ids that are managed `elsewhere`.
    """
    found = [each for each in live if each.id not in known and not each.foreign]
    ours = (each for each in found if each.id not in elsewhere)
    told = (each for each in ours if not is_named(each, ignore))
    listed = tuple(sorted(told, key=lambda each: (each.display_name, each.id)))
    return listed, len(found) - len(listed)


def _blind(record: Recorded, found: LiveObject, fingerprints: Fingerprints) -> tuple[str, ...]:
    """Return what cannot be compared with what is live: the provider hides it, or there is nothing to compare it to."""
    names = [name for name, secret in record.secrets.items() if not _comparable(secret, fingerprints)]
    held = {*record.secrets, *(name for name, value in record.attributes.items() if value is not None)}
    names += [name for name in found.hidden if name in held]
    names += [name for name in ("webhook_url",) if name in record.secrets and found.attributes.get(name)]
    return tuple(dict.fromkeys(names))


def _comparable(secret: RecordedSecret, fingerprints: Fingerprints) -> bool:
    return bool(secret.fingerprint) and fingerprints.secret(secret.reference) is not None


def waive(drift: Iterable[Drift], waivers: tuple[Waiver, ...], today: str) -> tuple[Drift, ...]:
    """Return the drift, with what is waived `today` (YYYY-MM-DD) split off into entries of its own."""
    if not waivers:
        return tuple(drift)
    return tuple(part for each in drift for part in _split(each, waivers, today))


def _split(drift: Drift, waivers: tuple[Waiver, ...], today: str) -> Iterator[Drift]:
    """Yield one entry for each waiver that covers something, and one for what none covers."""
    ours = [each for each in waivers if each.address == drift.address]
    rest: Drift | None = drift
    for waiver in ours:
        if rest is not None and waiver.until >= today and (covered := _part(rest, waiver, inside=True)) is not None:
            yield replace(covered, waiver=waiver, waived=True)
            rest = _part(rest, waiver, inside=False)
    if rest is not None:
        expired = [each for each in ours if each.until < today and _part(rest, each, inside=True) is not None]
        yield replace(rest, waiver=max(expired, key=lambda each: each.until)) if expired else rest


def _part(drift: Drift, waiver: Waiver, *, inside: bool) -> Drift | None:
    """Return the part of the drift that a waiver covers, or the rest. A deletion is only covered as a whole."""
    whole = not waiver.attributes
    if drift.kind == "deleted":
        return drift if whole == inside else None
    differences = tuple(each for each in drift.differences if (whole or each.name in waiver.attributes) == inside)
    return replace(drift, differences=differences) if differences else None
