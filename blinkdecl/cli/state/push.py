"""``blinkdecl state push``."""

from dataclasses import replace
from pathlib import Path

import click

from blinkdecl.cli.command import session_command
from blinkdecl.cli.options import file_argument, lock_timeout
from blinkdecl.cli.session import Session
from blinkdecl.cli.wiring import open_project
from blinkdecl.diagnostics import error
from blinkdecl.files import read_regular
from blinkdecl.model import State
from blinkdecl.state.codec import decode


@session_command(
    "push",
    file_argument("file", required=True),
    click.Option(["--force"], is_flag=True, help="Also a state of another lineage, or an older one."),
    lock_timeout(),
)
def command(session: Session, file: Path, *, force: bool, lock_timeout: float) -> int:
    """Store the state that FILE holds: a rescue file, a backup, or what `state pull` printed.

    Refused when the stored state is of another lineage or newer, unless --force says that it shall be replaced.
    """
    project = open_project(session)
    given = _read(session.path(file), str(file))
    with project.lock(lock_timeout):
        stored = project.backend.read(despite_rescue=True)
        if stored is not None and not force:
            _check(given, stored)
        if given.environment != session.environment and not force:
            raise error(
                "other-lineage",
                f"{file} belongs to {_named(given.environment)}, not to {_named(session.environment)}",
                way_out="pass the --env that it belongs to",
            )
        written = project.backend.write(
            replace(given, serial=max(given.serial, stored.serial if stored else 0)), stored
        )
    session.result(f"Stored {file} as serial {written.serial}: {len(written.resources)} resources.")
    return 0


def _read(path: Path, name: str) -> State:
    try:
        data = read_regular(path)
    except OSError as problem:
        raise error("unreadable", f"{name} cannot be read: {problem.strerror}") from None
    if data is None:
        raise error("not-found", f"there is no file {name}")
    return decode(data, name)


def _check(given: State, stored: State) -> None:
    if given.lineage != stored.lineage:
        raise error(
            "other-lineage",
            "the two states are not versions of one another: their lineages differ",
            note=f"stored {stored.lineage}, given {given.lineage}",
            way_out="check --chdir and --env; --force replaces the stored one",
        )
    if given.serial < stored.serial:
        raise error(
            "other-lineage",
            f"the given state is older: serial {given.serial}, stored is {stored.serial}",
            way_out="`blinkdecl plan` works with the stored one; --force goes back",
        )


def _named(environment: str | None) -> str:
    return f'the environment "{environment}"' if environment else "no environment"
