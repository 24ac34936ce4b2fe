"""``blinkdecl route``: who gets this alert, and why?"""

from pathlib import Path

import click

from blinkdecl.cli.command import Work, session_command
from blinkdecl.cli.options import against as against_option
from blinkdecl.cli.options import detections as detection_options
from blinkdecl.cli.types import InputFile, OneOf
from blinkdecl.model.resource import ALERT_TYPES, SEVERITIES


@session_command(
    "route",
    click.Option(
        ["--severity"],
        type=OneOf(SEVERITIES, any_case=True),
        help="The alert's severity.",
    ),
    click.Option(
        ["--alert-type"],
        type=OneOf(ALERT_TYPES, any_case=True),
        metavar="TYPE",
        help=f"Its type: {', '.join(ALERT_TYPES)}.  [default: RULE]",
    ),
    click.Option(["--log-type", "log_types"], metavar="NAME", multiple=True, help="One of its log types; repeatable."),
    click.Option(
        ["--alert"],
        metavar="FILE",
        type=InputFile(),
        help="Take severity and type from this alert; `-` is standard input.",
    ),
    click.Option(
        ["--override"], metavar="NAME", multiple=True, help="An entry of the detection's OutputIds; repeatable."
    ),
    click.Option(
        ["--returned"],
        metavar="NAME",
        multiple=True,
        help='An entry that destinations() returned ("" for an empty list); repeatable.',
    ),
    against_option(),
    click.Option(
        ["--reading", "rules"],
        type=OneOf(["current", "2021"]),
        default="current",
        show_default=True,
        help="Routing rules of current Panther or of open-source Panther (2021).",
    ),
    click.Option(
        ["--tests"], metavar="DIR", type=click.Path(path_type=Path), help="Run the ...routes.test.yaml files in DIR."
    ),
    click.Option(
        ["--detections"],
        metavar="DIR",
        type=click.Path(path_type=Path),
        help="Say where the alerts of each detection in DIR go.",
    ),
    click.Option(
        ["--pat-results"],
        metavar="FILE",
        type=InputFile(),
        help="With --detections: what `panther_analysis_tool test` printed, for what only tests show.",
    ),
    *detection_options(),
    click.Option(
        ["--export"],
        type=OneOf(["pat"]),
        help="Print the names and ids as options of panther_analysis_tool.",
    ),
    click.Option(["--explain"], is_flag=True, help="Of one alert, give the reason for every destination."),
    formats=["json", "junit", "markdown", "github", "gitlab", "sarif"],
    examples=(
        "blinkdecl route --severity HIGH --log-type AWS.CloudTrail --explain",
        "blinkdecl route --alert alert.json --against live",
        "blinkdecl route --tests tests --format junit --output routes.xml",
        "blinkdecl route --detections ../panther-analysis --strict",
        "blinkdecl route --detections detections --format sarif --output r.sarif",
    ),
)
def command() -> Work:
    """Say which destinations an alert reaches.

    Precedence: destinations(), then OutputIds, then the destinations' severities and types. Nothing is sent. With
    `--against desired` it needs no network and no secret. --tests, --detections and --export are for whole
    repositories. Exit codes: 0 = done, 1 = error, 3 = a test fails, or a detection names a destination that does not
    exist (with --strict, or something of it is not known).
    """
    from blinkdecl.cli.work.route import run

    return run
