"""What other environments of the same project record: live destinations that this one must neither take nor destroy.

Environments with one provider see each other's destinations. Their states are read where there is something to decide:
without a lock, since nothing is written, and as they are. Files are read whenever a live destination is not recorded
here; a state on another machine only where one of those is asked for, by its display name or by an import.
"""

from collections.abc import Collection, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from blinkdecl.diagnostics import Diagnostic, Failure
from blinkdecl.model.configuration import StateSettings
from blinkdecl.model.live import LiveObject
from blinkdecl.model.state import Holder, State
from blinkdecl.planner.leftovers import with_leftovers
from blinkdecl.project.backend import open_backend
from blinkdecl.project.project import Project


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Who records which live destination, by id; `unread` = the states of which that is not known, as warnings.

    Those are empty where nobody has asked for one of the destinations.
    """

    held: Mapping[str, Holder] = field(default_factory=dict)
    unread: tuple[Diagnostic, ...] = ()


_NOTHING = Elsewhere()


def recorded_elsewhere(
    project: Project, state: State, live: Collection[LiveObject], names: Container[str] | None
) -> Elsewhere:
    """Return which of the `live` destinations that `state` does not record another environment does.

    `names` are the display names that are asked for, None for every one.
    """
    recorded = {each.id for each in state.resources.values()}
    free = [each for each in live if each.id not in recorded and not each.foreign]
    if not free:
        return _NOTHING
    asked = names is None or any(each.display_name in names for each in free)
    from blinkdecl.config.other_environments import other_states  # where Panther has what is not recorded here

    called = project.invocation
    held: dict[str, Holder] = {}
    unread: list[Diagnostic] = []
    for name, settings in other_states(Path(called.root), called.environment, called.environ).items():
        if not asked and settings is not None and settings.backend != "local":
            continue
        try:
            theirs = _read(project, settings)
        except Failure as failure:
            unread += _unread(name, failure.diagnostics)
            continue
        # A copy of the own state says nothing new, and ids of another Panther mean nothing in this one.
        if theirs is None or theirs.environment == called.environment or theirs.provider_host != state.provider_host:
            continue
        held |= {each: holder for each, holder in _held(theirs, free) if each not in held}
    return Elsewhere(held, tuple(unread) if asked else ())


def _read(project: Project, settings: StateSettings | None) -> State | None:
    """Return the state, None where there is none; raises a `Failure` where that is not known."""
    if settings is None:
        summary = "its files alone do not say where it is; `blinkdecl validate` says what is wrong in them"
        raise Failure(Diagnostic("unread-state", summary, "warning"))
    backend = open_backend(project.invocation, settings, project.secrets, project.say, project.warn)
    return backend.read(despite_rescue=True)  # what could not be stored is that environment's to repair


def _held(theirs: State, live: Collection[LiveObject]) -> Iterator[tuple[str, Holder]]:
    """Yield what a state records, and what a killed run of that environment created."""
    for each in with_leftovers(theirs, {}, live).resources.values():
        if each.id is not None:
            yield each.id, Holder(theirs.environment, each.address)


def _unread(name: str | None, reasons: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    whose = f'of the environment "{name}"' if name else "of the project without --env"
    notes = [("note", each.summary) for each in reasons]
    notes.append(("note", "whether a destination here is one of those that it records is not known"))
    yield Diagnostic("unread-state", f"the state {whose} was not read", "warning", notes=tuple(notes))
