"""``blinkdecl test``: does an alert arrive?"""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace

import click

from blinkdecl.cli.command import session_command
from blinkdecl.cli.interrupt import Interrupt
from blinkdecl.cli.options import allow_commands, lock_timeout
from blinkdecl.cli.probing import delivery_problem, sending, target_of
from blinkdecl.cli.session import Session
from blinkdecl.cli.wiring import Project, open_project, read_state, recorded_state, resolve_for
from blinkdecl.client import Client
from blinkdecl.delivering import send_all
from blinkdecl.diagnostics import Diagnostic, Failure, closest, error, exit_code
from blinkdecl.model import LastTest, Resource, kind_of
from blinkdecl.prober import probe
from blinkdecl.render.progress_text import tested_line
from blinkdecl.render.results_text import tests_text
from blinkdecl.render.terminal import Progress
from blinkdecl.render.view import results_view
from blinkdecl.results import Delivery, Results

_BAR_FROM = 20


@session_command(
    "test",
    click.Argument(["addresses"], nargs=-1, metavar="[ADDRESS]..."),
    click.Option(["--parallelism"], type=click.IntRange(1, 256), default=10, show_default=True, help="At a time."),
    lock_timeout(),
    allow_commands(),
    formats=["json"],
)
def command(
    session: Session, addresses: tuple[str, ...], *, parallelism: int, lock_timeout: float, allow_commands: bool
) -> int:
    """Send Panther's test alert to each destination, or to those named, and record what came of it.

    Each is sent once and never repeated: a repeat runs somebody's automation twice. Exit code 4 if one did not arrive.
    """
    project = open_project(session, commands=allow_commands)
    resources = _chosen(project, addresses)
    secrets = resolve_for(project, resources)
    targets = [target_of(each, secrets.get) for each in resources]
    shown = session.interactive and not session.quiet and len(targets) >= _BAR_FROM
    with (
        _locked(project, lock_timeout) as recorded,
        Client(parallelism) as client,
        Progress(sys.stderr, shown=shown) as bar,
        Interrupt(session.say) as interrupted,
    ):
        bar.start(len(targets))
        watch = _Watch(session, bar)
        try:
            hosts = project.configuration.settings.webhook_hosts
            deliveries = send_all(
                targets,
                lambda target: probe(client, target, hosts),
                parallelism=parallelism,
                on_delivery=watch,
                cancelled=lambda: interrupted() is not None,
            )
        finally:
            problems = _record(project, watch.deliveries) if recorded else ()
    if watch.failure is not None:
        raise watch.failure
    return _conclude(project, deliveries, problems, interrupted())


@contextmanager
def _locked(project: Project, timeout: float) -> Iterator[bool]:
    """Hold the lock, and yield True, where there is a record to keep; raises before anything was sent."""
    if read_state(project) is None:
        yield False
        return
    with project.lock(timeout):
        yield True


class _Watch:
    """Hears of each test alert: keeps what came of it, and tells it, as long as somebody can be told."""

    def __init__(self, session: Session, bar: Progress) -> None:
        self._session = session
        self._bar = bar
        self.deliveries: list[Delivery] = []
        self.failure: Failure | None = None

    def __call__(self, delivery: Delivery) -> None:
        self.deliveries.append(delivery)
        # A full disk behind stdout must not end the batch: it is an error when all is sent and recorded.
        with suppress(OSError):
            try:
                self._session.progress(tested_line(delivery))
            except Failure as failure:
                self.failure = failure
            self._bar.advance()


def _chosen(project: Project, addresses: tuple[str, ...]) -> list[Resource]:
    """Return the destinations to test: all, or those named; raises a `Failure` for a name that is none."""
    known = {
        address: each for address, each in project.configuration.resources.items() if kind_of(address) == "destination"
    }
    for address in addresses:
        if address not in known:
            meant = closest(address, known)
            hint = f"did you mean {meant}?" if meant else None
            raise error("not-found", f'there is no destination "{address}" to test', way_out=hint)
    return [known[address] for address in dict.fromkeys(addresses)] if addresses else list(known.values())


def _record(project: Project, deliveries: Sequence[Delivery]) -> tuple[Diagnostic, ...]:
    """Keep the outcomes in the state of what is recorded there, and return why that failed, if it did.

    The alerts are out: what came of them is told in any case.
    """
    try:
        state = recorded_state(project)
        resources = dict(state.resources)
        for each in deliveries:
            if (record := resources.get(each.address)) is not None:
                last = LastTest(each.at, each.delivered, each.status, each.latency)
                resources[each.address] = replace(record, last_test=last)
        if resources != state.resources:
            project.backend.write(replace(state, resources=resources), state)
    except Failure as failure:
        return failure.diagnostics
    return ()


def _conclude(
    project: Project, deliveries: tuple[Delivery, ...], others: tuple[Diagnostic, ...], interrupted: int | None
) -> int:
    session = project.session
    problems = [
        delivery_problem(each, project.configuration, f"{sending(each)} to {each.address}")
        for each in deliveries
        if not each.delivered
    ]
    problems += others
    code = exit_code(problems) if interrupted is None else 128 + interrupted
    results = Results(interrupted=interrupted)
    view = results_view("test", code, results=results, deliveries=deliveries, diagnostics=problems)
    if session.machine:
        session.document(view)
    else:
        session.result(
            ("\n" if deliveries else "") + tests_text(view, lines=session.quiet or session.output is not None)
        )
    return code
