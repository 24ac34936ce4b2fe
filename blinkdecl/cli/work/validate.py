"""The work of ``blinkdecl validate``: the configuration, checked without network, secret or provider."""

from pathlib import Path

from blinkdecl.cli.session import Session
from blinkdecl.config import load
from blinkdecl.diagnostics import Failure
from blinkdecl.render.text.results import valid_text
from blinkdecl.routing.coverage import check
from blinkdecl.routing.receiver import receivers_of


def run(session: Session) -> int:
    """Run the command; returns its exit code, raises a `Failure`."""
    called = session.invocation
    loaded = load(
        Path(called.root),
        environment=called.environment,
        variables=called.variables,
        environ=called.environ,
        every_environment=True,
    )
    declared = receivers_of(loaded.configuration.resources.values())
    if broken := check(loaded.configuration.settings.coverage, declared):
        raise Failure(*loaded.warnings, *broken.values())
    if session.machine_format:
        from blinkdecl.render.view.results import results_view

        session.show_document(results_view("validate", 0, diagnostics=loaded.warnings))
    session.problems(loaded.warnings, count=True)
    if not session.machine_format:
        session.rendered(valid_text(loaded.configuration.resources))
        session.next_step(called.command_line("plan"))
    return 0
