"""What other environments of the same project record: live destinations that this one must neither take nor destroy.

Environments with one provider see each other's destinations. Their states are read where there is something to decide,
without a lock, since nothing is written. Files are read whenever a live destination is not recorded here; a state on
another machine only where one of those is asked for, by its display name or by an import, and only where it is behind
the same host and login as this environment's own: another environment's file is no reason to send a credential, or to
run a command.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from blinkdecl.diagnostics import Diagnostic, Failure
from blinkdecl.model.configuration import StateSettings
from blinkdecl.model.live import LiveObject
from blinkdecl.model.state import Holder, State
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
_URLS = ("address", "lock_address", "unlock_address", "url", "endpoint")


def recorded_elsewhere(project: Project, state: State, live: Collection[LiveObject], *, asked: bool) -> Elsewhere:
    """Return which of the `live` destinations that `state` does not record another environment does.

    `asked` = one of them is wanted here, so that it matters whose it is.
    """
    recorded = {each.id for each in state.resources.values()}
    free = {each.id for each in live if each.id not in recorded and not each.foreign}
    if not free:
        return _NOTHING
    from blinkdecl.config.other_environments import other_states  # where Panther has what is not recorded here

    called = project.invocation
    held: dict[str, Holder] = {}
    unread: list[Diagnostic] = []
    # Where `TF_HTTP_ADDRESS` says where a state is, it says that of this environment's alone.
    for name, settings in other_states(Path(called.root), called.environment, {}).items():
        if not asked and settings is not None and settings.backend != "local":
            continue
        try:
            theirs = _read(project, name, settings)
        except Failure as failure:
            unread += _unread(name, failure.diagnostics)
            continue
        if theirs is not None and theirs.provider_host == state.provider_host:  # ids of another Panther mean nothing
            records = ((each.id, each.address) for each in theirs.resources.values())
            held |= {each: Holder(name, address) for each, address in records if each in free and each not in held}
    return Elsewhere(held, tuple(unread) if asked else ())


def _read(project: Project, name: str | None, settings: StateSettings | None) -> State | None:
    """Return the state, None where there is none; raises a `Failure` where that is not known."""
    if settings is None:
        raise _unknown("its files alone do not say where it is; `blinkdecl validate` says what is wrong in them")
    if settings.backend != "local" and not _behind_one_door(settings, project.configuration.settings.state):
        raise _unknown("it is at another host, or behind another login, than the state of this environment")
    backend = open_backend(project.invocation, settings, project.secrets, project.say, project.warn)
    state = backend.read(despite_rescue=True)  # what could not be stored is that environment's to repair
    if state is not None and state.environment != name:
        raise _unknown("what is kept in its place is of another environment")
    return state


def _behind_one_door(one: StateSettings, other: StateSettings) -> bool:
    """Whether two states are at one host, behind one login."""
    return (one.backend, one.secrets, _door(one)) == (other.backend, other.secrets, _door(other))


def _door(settings: StateSettings) -> dict[str, object]:
    """Return the options, of addresses their hosts alone; which state it is there makes no difference."""
    return {
        name: urlsplit(value)[:2] if name in _URLS else value
        for name, value in settings.options.items()
        if name != "name"
    }


def _unknown(why: str) -> Failure:
    return Failure(Diagnostic("unread-state", why, "warning"))


def _unread(name: str | None, reasons: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    whose = f'of the environment "{name}"' if name else "of the project without --env"
    notes = [("note", each.summary) for each in reasons]
    notes.append(("note", "whether a destination here is one of those that it records is not known"))
    yield Diagnostic("unread-state", f"the state {whose} was not read", "warning", notes=tuple(notes))
