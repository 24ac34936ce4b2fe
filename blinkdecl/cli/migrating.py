"""Moving the state to another backend: ``blinkdecl init --migrate-state``."""

from pathlib import Path

from blinkdecl.cli.backing import open_backend
from blinkdecl.cli.session import Session
from blinkdecl.cli.wiring import open_project
from blinkdecl.config import default_state, load_state
from blinkdecl.diagnostics import error
from blinkdecl.state.interface import StateBackend
from blinkdecl.state.locking import lock_info
from blinkdecl.state.relation import refusal, relation


def migrate(session: Session, earlier: Path | None, timeout: float) -> int:
    """Copy the state from the earlier backend to the one that blinkdecl.yaml names now.

    `earlier` = a project file that names the earlier backend; without one it is the default, a local file. Nothing is
    removed. Raises a `Failure` (``not-found``, ``other-lineage``, ``locked``, ``usage``).
    """
    project = open_project(session)
    name = session.environment
    settings = load_state(session.path(earlier), name) if earlier is not None else default_state(name)
    source, target = open_backend(session, settings, project.secrets), project.backend
    if source.location == target.location:
        way_out = "`--from` names a project file with the earlier `state`, e.g. one that `git show` printed"
        raise error("usage", f"the state is in {target.location} already", way_out=way_out)
    info = lock_info("blinkdecl init --migrate-state", session.environ)
    with source.lock(info, timeout), project.lock(timeout):
        _copy(session, source, target)
    return 0


def _copy(session: Session, source: StateBackend, target: StateBackend) -> None:
    given, stored = source.read(), target.read()
    if given is None:
        way_out = "`--from` names a project file with the earlier `state`"
        raise error("not-found", f"there is no state in {source.location}", way_out=way_out)
    if stored is not None:
        force = "`blinkdecl state push --force FILE`"
        if (failure := refusal(given, stored, force)) is not None:
            raise failure
        if relation(given, stored) == "equal":
            session.result(f"{target.location} holds this state already: serial {stored.serial}.")
            return
    written = target.write(given, stored)
    session.result(
        f"Copied the state from {source.location} to {target.location}: {len(written.resources)} resources, serial "
        f"{written.serial}.\nThe earlier one is still there: remove it once `blinkdecl plan` is as you expect."
    )
    session.next_step(session.called("plan"))
