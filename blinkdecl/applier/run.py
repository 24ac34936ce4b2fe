"""The applier: carries a plan out, and keeps the record in step with what it did.

    pending, all of it, in ONE write  ->  changes, in parallel, in the plan's order  ->  record, pending emptied

Before the first call the state names every operation of this run with the ids that had the display name then, so
that after a kill the next run can tell what is ours (`blinkdecl.project.recovery` waits for what may still come). Each
operation is then safe to repeat:

    create   is not repeated: what has the name and did not before was made by the killed run, and is adopted
    update   sets every attribute, whatever was there
    delete   is harmless for what is gone; its id is never reused

While changes are made, the record is stored in batches whose cost is bounded (`StateBackend.interval`, `_SHARE`), never
once per operation.

What the provider stored is compared with what it was asked to store (`blinkdecl.applier.kept`): a change that it kept
differently has failed, and its record holds what was kept. A change that fails does not stop the others; what waits for
it is skipped. A refused token stops the run. With a manual provider nothing is called: what a person has to do keeps
its intent in the state. After a signal nothing new is started, what is under way gets `_GRACE` seconds, and the record
is stored.
"""

import time
import uuid
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace

from blinkdecl.applier import calls
from blinkdecl.applier.attempted import Attempted, failed
from blinkdecl.applier.change import Operator, Tools
from blinkdecl.applier.schedule import Schedule, Step, awaited
from blinkdecl.applier.skipped import is_proved, left_unproved, proving, stumbled, waiting
from blinkdecl.diagnostics import Diagnostic, Failure, OutcomeUnknown
from blinkdecl.model.configuration import Configuration
from blinkdecl.model.live import LiveObject
from blinkdecl.model.plan import Action, Change, Plan
from blinkdecl.model.results import Outcome, Result, Results
from blinkdecl.model.state import Intent, ProjectRecord, Recorded, State
from blinkdecl.planner.dependencies import handovers
from blinkdecl.planner.moves import moved_records
from blinkdecl.system.workers import Workers

# Storing the record never takes more than one part in this many of the run's time.
_SHARE = 50
# How many seconds to wait for calls under way after a signal.
_GRACE = 5.0

_CALLS = {Action.CREATE: "create", Action.UPDATE: "update", Action.DELETE: "delete"}


@dataclass(frozen=True, slots=True)
class Baseline:
    """Where a run starts: the recorded `state`, what the backend holds (`base`, None = nothing yet), what is live.

    All three were read under the lock that the run holds. `project` = what is recorded of the project once everything
    is done, None = as before.
    """

    state: State
    base: State | None
    live: tuple[LiveObject, ...]
    project: ProjectRecord | None = None


def apply(plan: Plan, desired: Configuration, baseline: Baseline, tools: Tools) -> tuple[State, Results]:
    """Carry out `plan`, which was made from `baseline`, and return the record and the results.

    Every secret that a change needs has been resolved. Raises a `Failure` (``state-unwritable``, ``state-conflict``)
    when the record cannot be stored: before the first call nothing has happened yet, later a rescue file holds it.
    If any other error is raised, what was done until then has been recorded.
    """
    run = _Run(plan, desired, baseline, tools)
    run.announce()
    try:
        run.prove_ahead()
        run.work()
        run.read_back()
    except BaseException:
        run.salvage()
        raise
    return run.finish()


class _Run:
    """One apply. Only the main thread touches the record; workers call the provider and hand back `Attempted`."""

    def __init__(self, plan: Plan, desired: Configuration, baseline: Baseline, tools: Tools) -> None:
        self._plan, self._tools = plan, tools
        self._state, self._base, self._live = baseline.state, baseline.base, baseline.live
        self._project = baseline.project
        self._records = moved_records(plan, baseline.state)
        self._earlier = dict(self._records)
        self._run_id, self._pending = str(uuid.uuid4()), dict(baseline.state.pending)
        self._manual = tools.provider.capabilities.manual
        self._operator = Operator(tools, desired, self._records, self._pending, awaited(plan.changes))
        self._unread: dict[str, Attempted] = {}
        self._changes = plan.by_address()
        self._proving = {} if self._manual else proving(plan.changes, self._operator.is_to_be_proved)
        self._results: dict[str, Result] = {}
        self._refused_creates: dict[str, Change] = {}
        self._given_up: set[str] = set()
        self._unknown: set[str] = set()
        self._unsaved = self._refused = False
        self._trouble: Failure | None = None
        self._reason: Diagnostic | None = None
        self._due_at = time.monotonic() + tools.backend.interval

    def announce(self) -> None:
        """Store what this run intends, in one write, before its first call. Adopted objects keep their first intent."""
        called = [each for each in self._plan.changes if each.calls_provider and each.action in _CALLS]
        if not called:
            return
        there = calls.by_name(self._live)
        for change in called:
            name = str((change.after or change.before or {})["display_name"])
            ids = tuple(each.id for each in there.get(name, ()))
            self._pending[change.address] = Intent(_CALLS[change.action], name, self._run_id, ids)
        self._save()

    def prove_ahead(self) -> None:
        """Prove what others wait for, or change for, before they are touched; if that fails, they stay as they are."""
        if self._manual:
            return
        owners = handovers(self._plan.changes)
        split = {each.address for each in self._plan.changes if each.first is not None}
        ahead = [
            each for each in self._plan.changes if each.address in owners or split & {each.address, *each.depends_on}
        ]
        with Workers[Change, Attempted](self._tools.threads(len(ahead)), self._operator.prove) as workers:
            workers.submit_all(ahead)
            while workers.busy and not self._stopping:
                if (done := workers.next()) is None:
                    self._tools.idle()
                elif done.result.outcome == "failed":
                    self._settle(done)
                    owner = owners.get(done.change.address)
                    while owner is not None and owner not in self._given_up:
                        self._given_up.add(owner)
                        owner = owners.get(owner)
            workers.withdraw()
            workers.drain(lambda done: None, _GRACE, self._tools.hurried)

    def work(self) -> None:
        """Make the changes: at most `parallelism` at a time, each after all that it waits for."""
        changes = self._plan.changes
        schedule = Schedule(changes, {*self._given_up, *self._results})
        with Workers[Step, Attempted](self._tools.threads(len(changes)), self._operator.perform) as workers:
            try:
                workers.submit_all(schedule.ready())
                while workers.busy and not self._stopping:
                    if (done := workers.next()) is None:
                        self._tools.idle()
                    else:
                        self._settle(done)
                        if done.result.outcome == "done":
                            workers.submit_all(schedule.released(Step(done.change, done.first)))
                    self._save_when_due()
            finally:
                workers.withdraw()
                workers.drain(self._settle, _GRACE, self._tools.hurried)
                for step in workers.under_way:  # it is not known whether it was done: its intent stays
                    self._settle(failed(step.change, OutcomeUnknown()))

    def read_back(self) -> None:
        """Compare what no answer told, or a no, with one list; where that fails, or the run stops, it stays open."""
        if not (self._unread or self._refused_creates) or self._stopping:
            return
        with suppress(Failure):
            live = self._tools.provider.list()
            for found in live:
                done = self._unread.get(found.id)
                if done is not None and (other := self._operator.compared(done, found)) is not None:
                    self._settle(other)
            self._settle_refused(live)

    def _settle_refused(self, live: Iterable[LiveObject]) -> None:
        """Take over what was created although the answer was a no, by the rule of `pending`; forget what was not."""
        there = calls.by_name(live)
        for address, change in self._refused_creates.items():
            self._unknown.discard(address)
            wanted = change.after or {}
            before_ids = self._pending[address].before_ids if address in self._pending else ()
            new = calls.new_ones(there.get(str(wanted["display_name"]), ()), wanted, before_ids)
            if len(new) == 1 and calls.is_it(new[0], wanted):
                self._settle(self._operator.made_after_all(change, new[0]))

    def finish(self) -> tuple[State, Results]:
        """Store the record without the intents that are settled, and sum up; what was never tried is skipped."""
        self._leave_unproved()
        self._pending = {address: each for address, each in self._pending.items() if self._is_open(each, address)}
        results = self._results_of_all()
        if results.complete and self._project is not None:
            self._state = replace(self._state, project=self._project)
        if self._plan.changes:
            self._save()
        if self._trouble is not None:
            raise self._trouble
        return self._state, results

    def _results_of_all(self) -> Results:
        waits = self._manual and not self._stopping
        outcome: Outcome = "awaiting" if waits else "skipped"
        results = (
            (self._results.get(each.address) or self._unmade(each, outcome), each) for each in self._plan.changes
        )
        moved = tuple(replace(result, previous_address=change.previous_address) for result, change in results)
        return Results(moved, self._tools.interrupted())

    def salvage(self) -> None:
        """Store what was done, and all intents, while an unforeseen error propagates."""
        try:
            self._save()
        except Failure as problem:
            self._tools.warn(problem.diagnostics[0])

    def _leave_unproved(self) -> None:
        """Say of a trigger whose new URL or key nothing was proved with that it was left as it is recorded."""
        for address, users in self._proving.items():
            result = self._results.get(address)
            if result is not None and result.outcome == "done" and not is_proved(users, self._results):
                refused = next((self._results[each] for each in users if each in self._results), None)
                reason = left_unproved(self._changes[address], refused) if refused is not None else None
                self._results[address] = replace(result, outcome="skipped", diagnostic=reason)

    def _to_store(self) -> dict[str, Recorded]:
        """Return the records; of a trigger whose new URL or key is not proved yet, the one from before."""
        records = dict(self._records)
        for address, users in self._proving.items():
            if not is_proved(users, self._results):
                records.pop(address, None)
                if address in self._earlier:
                    records[address] = self._earlier[address]
        return records

    @property
    def _stopping(self) -> bool:
        return self._trouble is not None or self._refused or self._tools.interrupted() is not None

    def _unmade(self, change: Change, outcome: Outcome) -> Result:
        """Return the result of a change that was never tried, with the reason."""
        reason = self._reason
        if reason is None and outcome == "skipped" and self._tools.interrupted() is None:
            reason = waiting(change, self._changes, self._results)
        return Result(change.address, change.action, outcome, id=change.id, diagnostic=reason)

    def _is_open(self, intent: Intent, address: str) -> bool:
        """Whether it is still unknown what became of an intent.

        An intent of this run is open only if an answer was lost; one of an earlier run as long as an object that it
        may have made exists and is not recorded, or if this plan left it out.
        """
        if intent.run_id == self._run_id:
            return address in self._unknown or (self._manual and address not in self._results)
        if self._plan.partial and all(each.address != address for each in self._plan.changes):
            return True
        known = {each.id for each in self._records.values()} | set(intent.before_ids)
        return any(each.display_name == intent.display_name and each.id not in known for each in self._live)

    def _settle(self, done: Attempted) -> None:
        """Note the outcome of one change in the record."""
        self._unsaved = True
        address = done.change.address
        if done.first:
            self._records[address] = done.record or self._records[address]
            return
        self._results[address] = done.result
        problem = done.result.diagnostic
        if problem is not None and problem.code == "unauthorised":  # every other call would end the same way
            self._refused, self._reason = True, problem
        if done.refused:
            self._refused_creates[address] = done.change
        if done.unknown or done.refused:
            self._unknown.add(address)
        if done.unread and done.result.id is not None:
            self._unread[done.result.id] = done
        if done.record is not None:
            self._records[address] = done.record
        elif done.result.outcome == "done":
            self._records.pop(address, None)
            if done.change.action is Action.FORGET:  # an intent left behind would claim anew what was let go
                self._pending.pop(address, None)

    def _save_when_due(self) -> None:
        if not self._unsaved or time.monotonic() < self._due_at:
            return
        try:
            self._save()
        except Failure as problem:  # stop, let what is under way end, then try once more with all of it
            self._trouble, self._reason = problem, stumbled(problem)

    def _save(self) -> None:
        self._tools.idle()  # a backend may keep everybody waiting
        begun = time.monotonic()
        current = replace(self._state, resources=self._to_store(), pending=dict(self._pending))
        try:
            self._state = self._base = self._tools.backend.write(current, self._base)
        finally:
            self._due_at = (ended := time.monotonic()) + max(self._tools.backend.interval, _SHARE * (ended - begun))
        self._unsaved, self._trouble = False, None
