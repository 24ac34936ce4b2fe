"""One change, carried out: its preflight, its call to the provider, the record that it leaves.

Why each operation is safe to repeat after a kill: a create is found again by its display name and the ids that bore
it before (``state.pending``), an update sets every attribute, a delete of what is gone is fine.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from blinkdecl.diagnostics import Diagnostic, Failure
from blinkdecl.fingerprints import Fingerprints
from blinkdecl.model import Attributes, Configuration, LastTest, Recorded, RecordedSecret, kind_of
from blinkdecl.plan import Action, Change, SecretChange
from blinkdecl.provider.interface import Provider, Unknown
from blinkdecl.results import Delivery, Event, Result
from blinkdecl.secret_value import Secret


@dataclass(frozen=True, slots=True)
class Done:
    """A change that was tried: its result, and the record that it leaves (None = none).

    A test alert that failed leaves the record of what is there already, with that test's outcome.
    `unknown` = whether it was made is not known: its intent stays for the next run to settle.
    """

    change: Change
    result: Result
    record: Recorded | None = None
    unknown: bool = False


class Operator:
    """Carries changes out, on any thread; `records` is only read, each address by the one change that is at it."""

    def __init__(
        self,
        provider: Provider,
        fingerprints: Fingerprints,
        probe: Callable[[Change], Delivery] | None,
        report: Callable[[Event], None],
        desired: Configuration,
        records: Mapping[str, Recorded],
    ) -> None:
        self._provider, self._fingerprints, self._probe, self._report = provider, fingerprints, probe, report
        self._desired, self._records = desired, records
        self._proofs: dict[str, Done] = {}

    def perform(self, change: Change) -> Done:
        """Carry one change out; a `Failure` or a lost answer becomes a failed `Done`."""
        proof = self.prove(change)
        if proof.result.outcome == "failed":
            return proof
        delivery = proof.result.delivery
        begun = time.monotonic()
        self._report(Event("started", change, change.id))
        try:
            object_id = self._call(change)
        except (Failure, Unknown) as problem:
            self._report(Event("failed", change, change.id, time.monotonic() - begun))
            return failed(change, problem)
        duration = time.monotonic() - begun
        result = Result(change.address, change.action, "done", object_id, duration, delivery)
        done = Done(change, result, self._record(change, object_id, delivery))
        self._report(Event("finished", change, object_id, duration))
        return done

    def prove(self, change: Change) -> Done:
        """Send the test alert that a new URL or key calls for, before anything is touched; once, however often asked.

        The result is "failed" if Blink did not take it: then the change is not to be made.
        """
        if (known := self._proofs.get(change.address)) is not None:
            return known
        delivery = None
        if self._probe is not None and needs_preflight(change, self._desired):
            self._report(Event("testing", change, change.id))
            try:
                delivery = self._probe(change)
            except Failure as problem:
                return failed(change, problem)
            self._report(Event("tested", change, change.id, delivery=delivery))
        refused = delivery is not None and not delivery.delivered
        result = Result(change.address, change.action, "failed" if refused else "done", change.id, delivery=delivery)
        earlier = self._records.get(change.address)
        record = replace(earlier, last_test=_last_test(delivery)) if earlier and delivery else None
        self._proofs[change.address] = proof = Done(change, result, record)
        return proof

    def _call(self, change: Change) -> str | None:
        """Call the provider where the object changes, and return the object's id."""
        if kind_of(change.address) != "destination" or change.recorded_only:
            return change.id
        match change.action:
            case Action.CREATE:
                return self._provider.create(change.after or {}, self._secrets(change)).id
            case Action.UPDATE | Action.ADOPT:
                return self._provider.update(str(change.id), change.after or {}, self._secrets(change)).id
            case Action.DELETE:
                self._provider.delete(str(change.id))
        return change.id

    def _secrets(self, change: Change) -> dict[str, Secret]:
        values = {each.name: self._fingerprints.secret(each.reference) for each in change.secrets}
        return {name: value for name, value in values.items() if value is not None}

    def _record(self, change: Change, object_id: str | None, delivery: Delivery | None) -> Recorded | None:
        if change.action in (Action.DELETE, Action.FORGET):
            return None
        earlier = self._records.get(change.address)
        declared = self._desired.resources[change.address]
        last_test = _last_test(delivery) if delivery else earlier.last_test if earlier else None
        after: Attributes = change.after if change.after is not None else declared.attributes
        known = {**earlier.secrets} if earlier else {}
        secrets = {name: held for name, held in known.items() if name in declared.ignore_changes}
        secrets |= {each.name: held for each in change.secrets if (held := self._recorded(each)) is not None}
        return Recorded(change.address, object_id, after, secrets, declared.prevent_destroy, last_test)

    def _recorded(self, secret: SecretChange) -> RecordedSecret | None:
        """Return what to record of a secret: the current value's fingerprint, or the old one where it was not used."""
        current = self._fingerprints.of(secret.reference)
        if current is None and secret.before is not None:
            current = secret.before.fingerprint
        return RecordedSecret(secret.reference, current) if current is not None else None


def needs_preflight(change: Change, desired: Configuration) -> bool:
    """Whether this change gives a destination another URL or key, and its preflight is on."""
    if kind_of(change.address) != "destination" or change.action not in (Action.CREATE, Action.UPDATE, Action.ADOPT):
        return False
    if not desired.resources[change.address].probe.preflight:
        return False
    moved = any(each.name == "webhook_url" for each in change.differences)
    return (
        change.action is not Action.UPDATE or moved or any(each.status in ("new", "rotated") for each in change.secrets)
    )


def _last_test(delivery: Delivery) -> LastTest:
    return LastTest(delivery.at, delivery.delivered, delivery.status, delivery.latency)


def failed(change: Change, problem: Failure | Unknown) -> Done:
    """Return a change that was not made, or of which nobody knows."""
    if isinstance(problem, Failure):
        diagnostic = problem.diagnostics[0]
    else:
        help_ = "run `blinkdecl apply` again: it finds out, and may send the test alert once more"
        summary = f"whether {change.address} was changed is not known: there was no answer"
        diagnostic = Diagnostic("provider", summary, notes=(("help", help_),))
    result = Result(change.address, change.action, "failed", change.id, diagnostic=diagnostic)
    return Done(change, result, unknown=isinstance(problem, Unknown))
