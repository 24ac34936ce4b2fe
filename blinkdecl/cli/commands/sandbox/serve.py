"""``blinkdecl sandbox``: a Panther and a Blink to try things out, on this machine only."""

import click

from blinkdecl.cli.command import Work, session_command
from blinkdecl.cli.types import Number, OneOf, OutputFile, Seconds, Share
from blinkdecl.model.resource import SEVERITIES


def _share(name: str, remedy: str) -> click.Parameter:
    return click.Option([name], type=Share(), default=0.0, metavar="SHARE", help=remedy)


@session_command(
    "sandbox",
    click.Option(
        ["--port"], metavar="N", type=Number(0, 65535), default=8787, show_default=True, help="0 = any free one."
    ),
    click.Option(
        ["--profile"],
        type=OneOf(["native", "self-hosted", "hosted"]),
        default="native",
        show_default=True,
        help="Which Panther: with a native Blink Ops kind, log types and manual dispatch; the open-source one; or the "
        "hosted one, whose API shows no destination.",
    ),
    click.Option(["--token"], metavar="TEXT", default="sandbox-token", show_default=True, help="Panther's API token."),
    click.Option(
        ["--api-key"], metavar="TEXT", default="sandbox", show_default=True, help="The initial key of every webhook."
    ),
    click.Option(
        ["--blink-key"],
        metavar="TEXT",
        default="sandbox-blink-key",
        show_default=True,
        help="The key of a user of Blink, who may look at runs.",
    ),
    click.Option(
        ["--automation"],
        type=OneOf(["inactive", "unpublished", "condition-false", "fails", "stuck"]),
        help="What is wrong with every automation in Blink.",
    ),
    click.Option(
        ["--latency"],
        metavar="DURATION",
        type=Seconds(),
        default="0s",
        show_default=True,
        help="Delay Blink's answers.",
    ),
    click.Option(
        ["--fail-rate"],
        type=Share(),
        default=0.0,
        metavar="SHARE",
        help="Share of requests that Blink answers with 500.",
    ),
    click.Option(
        ["--panther-latency"],
        metavar="DURATION",
        type=Seconds(),
        default="0s",
        show_default=True,
        help="Delay Panther's answers, e.g. 20ms.",
    ),
    _share("--throttle", "Share of requests that Panther answers with 429."),
    _share("--panther-fail-rate", "Share of requests that Panther answers with 503."),
    _share("--lose-answers", "Share of changes that Panther makes without answering."),
    click.Option(
        ["--stale-reads"],
        metavar="DURATION",
        type=Seconds(),
        default="0s",
        show_default=True,
        help="Serve lists that are this old.",
    ),
    click.Option(
        ["--drop-severity"],
        type=OneOf(SEVERITIES, any_case=True),
        help="Store what Panther is asked to store, less this severity, without a word.",
    ),
    click.Option(
        ["--web-page"], is_flag=True, help="Answer every webhook with 200 and a login page, as a wrong URL may."
    ),
    click.Option(["--no-introspection"], is_flag=True, help="Switch Panther's introspection off."),
    click.Option(
        ["--database"],
        type=OutputFile(needs_name=True),
        metavar="FILE",
        help="Keep destinations and received alerts in this SQLite file.",
    ),
    examples=(
        "blinkdecl sandbox",
        "blinkdecl sandbox --port 0 --latency 20ms --fail-rate 0.1",
        "blinkdecl sandbox --profile self-hosted --database sandbox.sqlite",
    ),
)
def command() -> Work:
    """Serve a Panther and a Blink that answer like the real ones, and record what they receive.

    It listens on 127.0.0.1 only. Panther's GraphQL API is at /public/graphql; hosted Panther offers no destinations
    there so far, self-hosted Panther does. Both show alerts and how they were delivered (`sandbox traffic`). Every
    path below /webhooks/ is a Blink trigger; what became of its alerts can be read below /api/v1. A SHARE is between 0
    and 1.
    """
    from blinkdecl.cli.work.sandbox.serve import run

    return run
