"""``blinkdecl state push``."""

from pathlib import Path

import click

from blinkdecl.cli.command import session_command
from blinkdecl.cli.files import told_file
from blinkdecl.cli.input import read_file
from blinkdecl.cli.options import file_argument, lock_timeout
from blinkdecl.cli.session import Session
from blinkdecl.diagnostics import counted, error
from blinkdecl.model.state import State
from blinkdecl.project.project import open_project
from blinkdecl.state.codec import decode, restored
from blinkdecl.state.versions import refusal


@session_command(
    "push",
    file_argument("file", required=True),
    click.Option(["--force"], is_flag=True, help="Replace whatever is stored, damaged or not."),
    lock_timeout(),
    examples=(
        "blinkdecl state push .blinkdecl/state.json.backup --force",
        "blinkdecl --env old state pull | blinkdecl state push -",
    ),
)
def command(session: Session, file: Path, *, force: bool, lock_timeout: float) -> int:
    """Store the state in FILE (`-` = standard input): a rescue file, a backup, or what `state pull` printed.

    Refused unless FILE is at least as new as the stored state and of the same lineage, or if the stored state is
    damaged; --force overrides. What was stored in a local file is kept as the backup. A FILE that was merely formatted
    anew is taken as well: its checksum proves that its content is whole.
    """
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
