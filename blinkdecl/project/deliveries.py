"""The last deliveries that were observed: kept with the state, and read back for whoever shows the destinations."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from blinkdecl.config import default_state
from blinkdecl.diagnostics import Diagnostic, Failure, error
from blinkdecl.model.observed import LastDelivery
from blinkdecl.model.state import Recorded
from blinkdecl.project.project import Project
from blinkdecl.state.deliveries import decode_deliveries, encode_deliveries, merged
from blinkdecl.state.interface import Sidecar
from blinkdecl.state.place import Place
from blinkdecl.state.sidecar import FileSidecar

if TYPE_CHECKING:  # whoever only reads what is kept does not observe
    from blinkdecl.routing.observation import Observation, Observed


def last_deliveries(project: Project, recorded: Mapping[str, Recorded]) -> dict[str, LastDelivery]:
    """Return what was observed of the recorded destinations, by address; what cannot be read is a warning."""
    known = _kept(project)
    ids = {address: each.id for address, each in recorded.items()}
    return {address: each for address, each in known.items() if ids.get(address) == each.output_id}


def keep_observed(project: Project, found: "Observation") -> dict[str, LastDelivery]:
    """Keep what was observed of the recorded destinations with the state, and return it with what was kept before.

    What cannot be kept is a warning: it was observed, and is told. It is read anew right before it is written, without
    a lock: of two that do so at one moment the later stays, and what only the other had, the next one sees again.
    """
    seen = {}
    for each in found.destinations:
        if (address := each.receiver.address) is not None and (last := _last(each, found.period.end)) is not None:
            seen[address] = last
    kept = _kept(project)
    known = merged(kept, seen)
    if known != kept:
        try:
            _sidecar(project).write(encode_deliveries(known))
        except Failure as failure:
            _warn(project, "kept", failure.diagnostics[0])
    return known


def _last(observed: "Observed", until: datetime) -> LastDelivery | None:
    """Return what was observed of a destination, None where its id is not recorded."""
    if observed.receiver.id is None:
        return None
    last = LastDelivery(observed.receiver.id, until, observed.counts.last_success)
    if (failure := observed.counts.last_failure) is None:
        return last
    return replace(last, failure=failure.at, status=failure.status)


def _kept(project: Project) -> dict[str, LastDelivery]:
    """Return what is kept, nothing where that cannot be read."""
    sidecar = _sidecar(project)
    try:
        data = sidecar.read()
    except Failure as failure:
        _warn(project, "read", failure.diagnostics[0])
        return {}
    if data is None:
        return {}
    if (known := decode_deliveries(data)) is None:
        _warn(project, "read", error("unreadable", f"{sidecar.location} is damaged").diagnostics[0])
    return known or {}


def _sidecar(project: Project) -> Sidecar:
    """Return where they are kept: with the state, or in a file where a local state would be."""
    if (beside := project.backend.sidecar) is not None:
        return beside
    root, path = Path(project.invocation.root), default_state(project.invocation.environment).options["path"]
    return FileSidecar(Place(root / path, path, root))


def _warn(project: Project, done: str, problem: Diagnostic) -> None:
    """Warn that the deliveries could not be read or kept, and why."""
    notes = (("note", problem.summary), *(each for each in problem.notes if each[0] == "note"))
    summary = f"the last deliveries that were observed could not be {done}"
    project.warn(Diagnostic("deliveries-lost", summary, severity="warning", notes=notes))
