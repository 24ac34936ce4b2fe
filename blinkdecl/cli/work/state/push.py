"""The work of ``blinkdecl state push``."""

from pathlib import Path

from blinkdecl.cli.files import told_file
from blinkdecl.cli.input import read_file
from blinkdecl.cli.session import Session
from blinkdecl.diagnostics import counted, error
from blinkdecl.model.state import State
from blinkdecl.project.project import open_project
from blinkdecl.state.codec import decode, restored
from blinkdecl.state.versions import refusal


def run(session: Session, file: Path, *, force: bool, lock_timeout: float) -> int:
    """Run the command; returns its exit code, raises a `Failure`."""
    project = open_project(session.invocation, session.say, warn=session.warn)
    given = _read(session, file)
    with project.lock(lock_timeout):
        if force:
            written = project.backend.overwrite(given)
        else:
            stored = project.backend.read(despite_rescue=True)
            failure = refusal(given, stored, "--force") if stored is not None else None
            if failure is not None:
                raise failure
            _check_environment(given, session.invocation.environment, told_file(file))
            written = project.backend.write(given, stored)
    session.result(
        f"Stored {told_file(file)} as serial {written.serial}: {counted(len(written.resources), 'resource')}."
    )
    return 0


def _read(session: Session, file: Path) -> State:
    data = read_file(session, file, absent=error("not-found", f"there is no file {file}"))
    return restored(data) or decode(data, told_file(file))


def _check_environment(given: State, environment: str | None, name: str) -> None:
    if given.environment != environment:
        raise error(
            "other-lineage",
            f"{name} belongs to {_named(given.environment)}, not to {_named(environment)}",
            remedy="pass the --env that it belongs to",
        )


def _named(environment: str | None) -> str:
    return f'the environment "{environment}"' if environment else "no environment"
