"""One change, carried out: its preflight, its call to the provider, the record that it leaves.

Why each operation is safe to repeat after a kill: a create is found again by its display name and the ids that had it
before (``state.pending``), an update sets every attribute, deleting what is gone is harmless. A lost answer within a
run is handled by `blinkdecl.applier.calls`.
"""

import time
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace

from blinkdecl.alert.probe import probe_through
from blinkdecl.applier import calls
from blinkdecl.applier.attempted import Attempted, failed
from blinkdecl.applier.kept import kept_attributes, not_kept, tells_all, unlike
from blinkdecl.applier.schedule import Step
from blinkdecl.applier.skipped import relied_on
from blinkdecl.diagnostics import Diagnostic, Failure, OutcomeUnknown
from blinkdecl.model.configuration import Configuration
from blinkdecl.model.invocation import HERE, Invocation
from blinkdecl.model.live import LiveObject
from blinkdecl.model.plan import Action, Change, SecretChange
from blinkdecl.model.proof import needs_preflight, wants_proof
from blinkdecl.model.resource import RECEIVES_NOTHING, Attributes
from blinkdecl.model.results import Delivery, Event, Result
from blinkdecl.model.state import Intent, Recorded, RecordedSecret
from blinkdecl.provider.interface import Provider
from blinkdecl.secret.fingerprints import Fingerprints
from blinkdecl.secret.value import Secret
from blinkdecl.state.interface import StateBackend, Warn, unheard


@dataclass(frozen=True, slots=True)
class Tools:
    """What the applier works with.

    `probe` sends one test alert (None = tests are off); `report` is called with what happens, on any thread;
    `interrupted` returns the number of the signal that asked to stop, or None; `hurried` says not to wait for what is
    under way; `idle` is called when nothing has happened for a moment. `prove_all` = send a test alert to everything
    that is created or updated. `called` names commands, `warn` is told what could not be stored while another error
    ends the run.
    """

    provider: Provider
    backend: StateBackend
    fingerprints: Fingerprints
    probe: Callable[[Change], Delivery] | None
    report: Callable[[Event], None]
    interrupted: Callable[[], int | None]
    parallelism: int = 10
    hurried: Callable[[], bool] = lambda: False
    prove_all: bool = False
    called: Invocation = HERE
    warn: Warn = unheard
    idle: Callable[[], None] = lambda: None

    def threads(self, tasks: int) -> int:
        """Return how many threads are of use: none where no call waits. 0.8 of the time for 10,000 changes."""
        waits = self.provider.location is not None or self.probe is not None
        return min(self.parallelism, tasks) if waits else 0


class Operator:
    """Carries changes out, on any thread; `records` is only read, each address only by the change at that address.

    What was stored at the `awaited` addresses is known before anything else goes on.
    """

    def __init__(
        self,
        tools: Tools,
        desired: Configuration,
        records: Mapping[str, Recorded],
        intents: Mapping[str, Intent],
        awaited: Collection[str] = (),
    ) -> None:
        self._tools, self._desired, self._records, self._intents = tools, desired, records, intents
        self._awaited = awaited
        self._ids = frozenset(each.id for each in records.values() if each.id is not None)
        self._short: dict[object, Change] = {}
        self._proofs: dict[str, Attempted] = {}

    def perform(self, step: Step) -> Attempted:
        """Carry one step out; a `Failure` or a lost answer becomes a failed `Attempted`."""
        change = step.change
        if self._tools.provider.capabilities.manual and change.calls_provider:
            return Attempted(change, Result(change.address, change.action, "awaiting", change.id), unknown=True)
        if not step.first and (reason := self._relies(change)) is not None:
            return Attempted(change, Result(change.address, change.action, "skipped", change.id, diagnostic=reason))
        proof = self.prove(change)
        if proof.result.outcome == "failed":
            return proof
        if step.first and change.first is not None:
            return self._prepare(change, change.first.attributes)
        delivery = proof.result.delivery
        begun = time.monotonic()
        self._tools.report(Event("started", change, change.id))
        try:
            found = self._told(change, self._call(change))
        except (Failure, OutcomeUnknown) as problem:
            self._tools.report(Event("failed", change, change.id, time.monotonic() - begun))
            self._doubt(change, change.after, problem)
            refused = isinstance(problem, Failure) and change.action is Action.CREATE
            return replace(failed(change, problem), refused=refused)
        duration = time.monotonic() - begun
        object_id = found.id if found is not None else change.id
        result = Result(change.address, change.action, "done", object_id, duration, delivery)
        if (other := self.compared(Attempted(change, result), found)) is not None:
            self._tools.report(Event("unlike", change, object_id, duration))
            return other
        self._tools.report(Event("finished", change, object_id, duration))
        proved = self._proved(change, object_id)
        unread = found is not None and not tells_all(found, self._tools.provider.capabilities)
        record = self._record(change, object_id, proved or delivery)
        return Attempted(change, replace(result, proof=proved), record, unread=unread)

    def _relies(self, change: Change) -> Diagnostic | None:
        """Return why a change must not take away what another destination did not keep in this run, if so."""
        if not self._short or not (change.action is Action.DELETE or change.differences):
            return None
        # What a first step gave it beyond its sides is held as well.
        held = change if change.first is None else replace(change, before=change.first.attributes)
        short = tuple(self._short.values())
        return next((reason for each in short if (reason := relied_on(held, each)) is not None), None)

    def _fell_short(self, change: Change, kept: Attributes, asked: Attributes) -> None:
        """Remember alerts that a destination was asked to receive and does not; once for all that are alike."""
        key = tuple((kept[name], asked[name]) for name in ("severities", "alert_types", "log_types"))
        if any(was != wanted for was, wanted in key):
            self._short.setdefault(key, replace(change, before=kept, after=asked))

    def _doubt(self, change: Change, asked: Attributes | None, problem: Failure | OutcomeUnknown) -> None:
        """Remember what a destination may have lost, where nobody knows what became of a call: others keep theirs."""
        if asked is None or change.action is not Action.UPDATE or isinstance(problem, Failure):
            return
        found = None
        with suppress(Failure):
            found = calls.find(self._tools.provider, str(change.id))
        if found is None:  # nothing is known, so nothing is relied on
            self._fell_short(change, {**asked, **RECEIVES_NOTHING}, asked)
        else:
            self._fell_short(change, kept_attributes(asked, unlike(asked, found)), asked)

    def compared(self, done: Attempted, found: LiveObject | None) -> Attempted | None:
        """Return what becomes of a change that was kept differently from what was asked, None where it was not."""
        change, asked = done.change, done.change.after
        if found is None or asked is None or not (differing := unlike(asked, found)):
            return None
        result = replace(done.result, outcome="failed", diagnostic=not_kept(change, differing))
        kept = kept_attributes(asked, differing)
        self._fell_short(change, kept, asked)
        record = self._record(replace(change, after=kept), found.id, done.result.proof or done.result.delivery)
        return Attempted(change, result, record)

    def made_after_all(self, change: Change, found: LiveObject) -> Attempted:
        """Return what becomes of a creation that was answered with a no, and shows all the same."""
        delivery = self.prove(change).result.delivery
        result = Result(change.address, change.action, "done", found.id, delivery=delivery)
        return Attempted(change, result, self._record(change, found.id, delivery))

    def _told(self, change: Change, found: LiveObject | None) -> LiveObject | None:
        """Return what is there after a call; read it where the answer does not tell and something waits for it."""
        if found is None or change.address not in self._awaited:
            return found
        if tells_all(found, self._tools.provider.capabilities):
            return found
        return calls.find(self._tools.provider, found.id) or found

    def _prepare(self, change: Change, attributes: Attributes) -> Attempted:
        """Give an object what it has until its own change: all that it received and is to receive, and a free name."""
        begun = time.monotonic()
        self._tools.report(Event("preparing", change, change.id))
        goes = change.action is Action.DELETE
        secrets = {} if goes else self._secrets(change)
        rotated = any(each.status != "same" for each in change.secrets)
        try:
            found = calls.updated(
                self._tools.provider, str(change.id), attributes, secrets, readable=goes or not rotated
            )
            differing = unlike(attributes, self._told(change, found) or found)
        except (Failure, OutcomeUnknown) as problem:
            self._tools.report(Event("failed", change, change.id, time.monotonic() - begun))
            self._doubt(change, attributes, problem)
            return failed(change, problem)
        duration, stored = time.monotonic() - begun, kept_attributes(attributes, differing)
        record: Recorded | None
        if goes:
            record = replace(self._records[change.address], attributes=stored)
        else:
            record = self._record(replace(change, after=stored), change.id, None)
        self._tools.report(Event("unlike" if differing else "prepared", change, change.id, duration))
        result = Result(change.address, change.action, "done", change.id, duration)
        if differing:  # what waits for this step relies on all of it
            self._fell_short(change, stored, attributes)
            result = replace(result, outcome="failed", diagnostic=not_kept(change, differing))
        return Attempted(change, result, record, first=not differing)

    def prove(self, change: Change) -> Attempted:
        """Send the test alert that a new URL or key calls for, before anything is touched; once, however often called.

        The result is "failed" if Blink did not take it: then the change must not be made.
        """
        if (known := self._proofs.get(change.address)) is not None:
            return known
        delivery = None
        if self._tools.probe is not None and self.is_to_be_proved(change):
            self._tools.report(Event("testing", change, change.id))
            try:
                delivery = self._tools.probe(change)
            except Failure as problem:
                return failed(change, problem)
            self._tools.report(Event("tested", change, change.id, delivery=delivery))
        refused = delivery is not None and not delivery.delivered
        result = Result(change.address, change.action, "failed" if refused else "done", change.id, delivery=delivery)
        earlier = self._records.get(change.address)
        record = replace(earlier, last_test=delivery.last_test) if earlier and delivery else None
        self._proofs[change.address] = proof = Attempted(change, result, record)
        return proof

    def is_to_be_proved(self, change: Change) -> bool:
        """Whether a test alert is sent before this change is made."""
        if self._tools.probe is None:
            return False
        if self._tools.prove_all and change.action is not Action.DELETE:
            return change.calls_provider
        declared = self._desired.resources.get(change.address)
        return declared is not None and needs_preflight(change, declared)

    def _proved(self, change: Change, object_id: str | None) -> Delivery | None:
        """Have the provider send its own test alert to what was changed, once, if it can and this is wanted."""
        declared = self._desired.resources.get(change.address)
        if self._tools.probe is None or object_id is None or declared is None:
            return None
        if not (wants_proof(change, declared) and self._tools.provider.capabilities.test_alert):
            return None
        self._tools.report(Event("proving", change, object_id))
        delivery = probe_through(self._tools.provider, change.address, object_id, self._tools.called)
        self._tools.report(Event("proved", change, object_id, delivery=delivery))
        return delivery

    def _call(self, change: Change) -> LiveObject | None:
        """Call the provider where the object changes, and return the object as it now is."""
        if not change.calls_provider:
            return None
        intent = self._intents.get(change.address)
        before_ids = intent.before_ids if intent else ()
        return calls.changed(self._tools.provider, change, self._secrets(change), before_ids, self._ids)

    def _secrets(self, change: Change) -> dict[str, Secret]:
        values = {each.name: self._tools.fingerprints.secret(each.reference) for each in change.secrets}
        return {name: value for name, value in values.items() if value is not None}

    def _record(self, change: Change, object_id: str | None, delivery: Delivery | None) -> Recorded | None:
        if change.action in (Action.DELETE, Action.FORGET):
            return None
        earlier = self._records.get(change.address)
        declared = self._desired.resources[change.address]
        last_test = delivery.last_test if delivery else earlier.last_test if earlier else None
        after: Attributes = change.after if change.after is not None else declared.attributes
        known = {**earlier.secrets} if earlier else {}
        sent = change.calls_provider or change.kind == "trigger"
        secrets = {name: held for name, held in known.items() if name in declared.ignore_changes}
        secrets |= {each.name: self._recorded(each, sent=sent) for each in change.secrets}
        return Recorded(change.address, object_id, after, secrets, declared.prevent_destroy, last_test)

    def _recorded(self, secret: SecretChange, *, sent: bool) -> RecordedSecret:
        """Return what to record of a secret: the current value's fingerprint, or the old one if it was not used.

        Without either, nobody knows the value in use, and the record says so.
        """
        current = self._tools.fingerprints.of(secret.reference)
        if secret.before is not None and (current is None or not sent):
            current = secret.before.fingerprint
        return RecordedSecret(secret.reference, current or "")
