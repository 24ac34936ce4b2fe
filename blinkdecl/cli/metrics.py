"""`--metrics-file`: what a run leaves for a monitoring system, whether it could be done or not."""

import time
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path

from blinkdecl.cli.errors import Terminated
from blinkdecl.cli.session import Session
from blinkdecl.diagnostics import Failure
from blinkdecl.model.resource import kind_of
from blinkdecl.model.results import Delivery
from blinkdecl.model.state import State
from blinkdecl.render.metrics import Measured, metrics_text

_BUG, _INTERRUPTED, _TERMINATED = 70, 130, 143


def measured(session: Session, file: Path | None, run: Callable[[], Measured]) -> int:
    """Run, write the metrics of that to `file`, and return the exit code.

    A run that raised leaves its exit code. Metrics that cannot be written are a problem of a run without one: its
    result has been printed, and what it found decides before that.
    """
    if file is None:
        return run().code
    try:
        done = run()
    except BaseException as problem:
        _write(session, file, Measured(_code(problem)))
        raise
    failure = _write(session, file, done)
    return done.code if done.code or failure is None else failure.exit_code


def arrivals(state: State | None, deliveries: Iterable[Delivery]) -> dict[str, float | None]:
    """Return for each destination when its last test alert arrived, None if it did not, or surely led to nothing.

    `state` = as it was before `deliveries`. Of an earlier alert than the last, nothing is recorded.
    """
    recorded = state.resources.values() if state is not None else ()
    last = {each.address: each.last_test for each in recorded if each.kind == "destination"}
    found = {address: _when(each.at) if each and each.delivered else None for address, each in last.items()}
    sent = {each.address: _when(each.at) if each.last_test.delivered else None for each in deliveries}
    return found | {address: at for address, at in sent.items() if kind_of(address) == "destination"}


def _when(at: str) -> float:
    return datetime.fromisoformat(at).timestamp()


def _code(problem: BaseException) -> int:
    if isinstance(problem, Failure):
        return problem.exit_code
    if isinstance(problem, KeyboardInterrupt):
        return _INTERRUPTED
    return _TERMINATED if isinstance(problem, Terminated) else _BUG


def _write(session: Session, file: Path, done: Measured) -> Failure | None:
    """Write the file, whole or not at all, and say why it could not be."""
    called = session.invocation
    try:
        session.save(file, metrics_text(done, called.command, called.environment, round(time.time(), 3)))
    except Failure as failure:
        session.problems(failure.diagnostics)
        return failure
    return None
