"""``blinkdecl route``: who gets this alert, and why?"""

from pathlib import Path

import click

from blinkdecl.cli.alerting import read_alert
from blinkdecl.cli.command import session_command
from blinkdecl.cli.receivers import against as against_option
from blinkdecl.cli.receivers import receivers_at
from blinkdecl.cli.route_tests import run_route_tests
from blinkdecl.cli.session import Session
from blinkdecl.cli.wiring import open_project
from blinkdecl.diagnostics import error
from blinkdecl.model import ALERT_TYPES, SEVERITIES
from blinkdecl.render.route_text import route_text
from blinkdecl.render.view import results_view
from blinkdecl.routing import Facts, Reading, route


@session_command(
    "route",
    click.Option(
        ["--severity"],
        type=click.Choice(SEVERITIES, case_sensitive=False),
        metavar="NAME",
        help="The alert's severity.",
    ),
    click.Option(
        ["--alert-type"],
        type=click.Choice(ALERT_TYPES, case_sensitive=False),
        metavar="TYPE",
        help="Its type.  [default: RULE]",
    ),
    click.Option(["--log-type", "log_types"], metavar="NAME", multiple=True, help="A log type of it; repeatable."),
    click.Option(["--alert"], metavar="FILE", type=click.Path(path_type=Path), help="Severity and type of this alert."),
    click.Option(["--override"], metavar="NAME", multiple=True, help="An entry of the detection's OutputIds."),
    click.Option(["--returned"], metavar="NAME", multiple=True, help='An entry that destinations() returned; "" = [].'),
    against_option(),
    click.Option(
        ["--reading"],
        type=click.Choice(["current", "2021"]),
        default="current",
        show_default=True,
        help="Which Panther's rules: open-source Panther has those of 2021.",
    ),
    click.Option(
        ["--tests"], metavar="DIR", type=click.Path(path_type=Path), help="Run the ...routes.test.yaml files in DIR."
    ),
    click.Option(["--explain"], is_flag=True, help="Say of every destination why, or why not."),
    formats=["json", "junit"],
)
def command(
    session: Session,
    *,
    severity: str | None,
    alert_type: str | None,
    log_types: tuple[str, ...],
    alert: Path | None,
    override: tuple[str, ...],
    returned: tuple[str, ...],
    against: str,
    reading: Reading,
    explain: bool,
    tests: Path | None,
) -> int:
    """Say which destinations an alert reaches.

    A list that destinations() returned decides before OutputIds, and these before the destinations' own settings.
    Nothing is sent. Against what is desired it needs no network and no secret.
    """
    asked = severity or alert_type or log_types or alert or override or returned
    if tests is not None and asked:
        raise error("usage", "--tests asks for the alerts of its files", way_out="leave out what describes an alert")
    if tests is not None:
        return run_route_tests(session, tests, against, reading)
    given = read_alert(session, alert) if alert is not None else None
    severity = severity or (given.severity if given else None)
    if severity is None:
        raise error("usage", "say which alert", way_out="pass --severity HIGH, or --alert FILE")
    facts = Facts(
        severity,
        alert_type or (given.type if given else None) or "RULE",
        log_types,
        override or None,
        tuple(filter(None, returned)) if returned else None,
    )
    named = bool(override or returned)
    found = route(facts, receivers_at(open_project(session), against, named=named), reading)
    view = results_view("route", 0, routes=[(facts, found)])
    if session.machine:
        session.document(view)
    else:
        session.result(route_text(view, explain=explain))
    return 0
