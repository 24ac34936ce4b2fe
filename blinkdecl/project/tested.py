"""What the state keeps of test alerts: that they arrived, and, once Blink told, that nothing came of them."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from blinkdecl.diagnostics import Diagnostic, Failure, several
from blinkdecl.model.results import Delivery
from blinkdecl.model.state import Recorded
from blinkdecl.project.project import Project
from blinkdecl.project.records import recorded_state

# Seconds between two attempts to get the lock.
_PAUSE = 0.2


def record_tests(project: Project, deliveries: Iterable[Delivery]) -> tuple[Diagnostic, ...]:
    """Store the outcomes for recorded resources, and return why that failed, if it did; the caller has the lock.

    The alerts have been sent: their outcome is reported in any case.
    """
    try:
        _store(project, {each.address: each for each in deliveries}, lambda record, delivery: True)
    except Failure as failure:
        return failure.diagnostics
    return ()


def record_runs(
    project: Project, deliveries: Iterable[Delivery], timeout: float, interrupted: Callable[[], bool]
) -> tuple[Diagnostic, ...]:
    """Store that alerts which arrived came to nothing, and return a warning where that was not possible.

    The lock, which nobody had during the wait for Blink, is waited for up to `timeout` seconds, unless `interrupted`.
    What another run has recorded since is newer, and stays.
    """
    vain = {each.address: each for each in deliveries if each.in_vain}
    try:
        if vain:
            _locked(project, vain, time.monotonic() + timeout, interrupted)
    except Failure as failure:
        return _not_kept([*vain], failure)
    return ()


def _locked(project: Project, vain: Mapping[str, Delivery], deadline: float, interrupted: Callable[[], bool]) -> None:
    """Store under the lock; raises a `Failure` (``locked``) at the deadline.

    It is asked for again and again, since no signal ends a wait for the lock itself.
    """
    while True:
        try:
            with project.lock(0.0):
                return _store(project, vain, _is_the_same)
        except Failure as failure:
            if failure.code != "locked" or interrupted() or time.monotonic() >= deadline:
                raise
        time.sleep(_PAUSE)


def _is_the_same(record: Recorded, delivery: Delivery) -> bool:
    """Whether the last test alert in the record is this one."""
    return record.last_test is not None and record.last_test.at == delivery.at


def _store(
    project: Project, deliveries: Mapping[str, Delivery], concerns: Callable[[Recorded, Delivery], bool]
) -> None:
    """Write the outcomes into the records that they concern; nothing is written where nothing differs."""
    state = recorded_state(project)
    resources = {address: _tested(each, deliveries.get(address), concerns) for address, each in state.resources.items()}
    if resources != state.resources:
        project.backend.write(replace(state, resources=resources), state)


def _tested(record: Recorded, delivery: Delivery | None, concerns: Callable[[Recorded, Delivery], bool]) -> Recorded:
    if delivery is None or not concerns(record, delivery):
        return record
    return replace(record, last_test=delivery.last_test)


def _not_kept(addresses: Sequence[str], failure: Failure) -> tuple[Diagnostic, ...]:
    """Return the warning that the state still has these alerts as delivered, with the reason."""
    first, *others = failure.diagnostics
    summary = f"it is not recorded that nothing came of the test alert: {first.summary}"
    notes = (
        ("at", several(addresses)),
        *first.notes,
        ("note", "the state has it as delivered, so that `test --stale` passes it over"),
    )
    told = replace(first, summary=summary, severity="warning", notes=notes)
    return told, *(replace(each, severity="warning") for each in others)
