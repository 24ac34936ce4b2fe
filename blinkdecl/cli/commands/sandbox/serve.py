"""``blinkdecl sandbox``: a Panther and a Blink to try things out, on this machine only."""

from collections.abc import Mapping
from pathlib import Path
from typing import Literal, TypedDict, Unpack

import click

from blinkdecl.cli.command import session_command
from blinkdecl.cli.session import Session
from blinkdecl.cli.signals import Interrupt
from blinkdecl.cli.types import Number, OneOf, OutputFile, Seconds, Share
from blinkdecl.model.resource import SEVERITIES

_INTRODUCTION = """\
A sandbox Panther and a sandbox Blink listen on {url}.
Nothing leaves this machine. Stop with Ctrl-C.

Paste into another terminal:
  export PANTHER_API_URL={url}/public/graphql
  export PANTHER_API_TOKEN={token}
  export BLINK_SOC_API_KEY={key}
  export BLINK_URL={url}
  export BLINK_API_KEY={blink_key}
  blinkdecl init --provider {provider} --webhook-url {url}/webhooks/soc

Simulate an edit in Panther's console:
  blinkdecl sandbox edit "Blink SOC" severities=CRITICAL
The alerts of a month, for `blinkdecl observe`:
  blinkdecl sandbox traffic

What Blink received: {url}/_sandbox/received
What Panther held after each change: {url}/timeline"""


def _share(name: str, remedy: str) -> click.Parameter:
    return click.Option([name], type=Share(), default=0.0, metavar="SHARE", help=remedy)


def _said(faults: Mapping[str, object]) -> str:
    """Return the faults that were asked for, as options."""
    given = ((f"--{name.replace('_', '-')}", value) for name, value in faults.items() if value)
    return ", ".join(name if value is True else f"{name} {value}" for name, value in given)


class Wrong(TypedDict):
    """The faults, as click passes them."""

    panther_latency: float
    throttle: float
    panther_fail_rate: float
    lose_answers: float
    stale_reads: float
    drop_severity: str | None
    web_page: bool


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
def command(
    session: Session,
    *,
    port: int,
    profile: Literal["native", "self-hosted", "hosted"],
    token: str,
    api_key: str,
    blink_key: str,
    automation: str | None,
    latency: float,
    fail_rate: float,
    database: Path | None,
    no_introspection: bool,
    **wrong: Unpack[Wrong],
) -> int:
    """Serve a Panther and a Blink that answer like the real ones, and record what they receive.

    It listens on 127.0.0.1 only. Panther's GraphQL API is at /public/graphql; hosted Panther offers no destinations
    there so far, self-hosted Panther does. Both show alerts and how they were delivered (`sandbox traffic`). Every
    path below /webhooks/ is a Blink trigger; what became of its alerts can be read below /api/v1. A SHARE is between 0
    and 1.
    """
    from blinkdecl.sandbox import BlinkFaults, Faults, Sandbox
    from blinkdecl.sandbox.switches import switched

    faults = Faults(
        latency=wrong["panther_latency"],
        throttle=wrong["throttle"],
        fail=wrong["panther_fail_rate"],
        lose=wrong["lose_answers"],
        stale=wrong["stale_reads"],
        drop_severity=wrong["drop_severity"] or "",
        web_page=wrong["web_page"],
    )
    stored = session.path(database) if database is not None else None
    introspection = not no_introspection
    with Interrupt(lambda _: None) as interrupted, Sandbox(
        port, latency, fail_rate, api_key, stored,
        profile=profile, token=token, faults=faults, introspection=introspection, blink_key=blink_key,
    ) as sandbox:  # fmt: skip
        if automation is not None:
            sandbox.runs.faults = switched(BlinkFaults, {automation.replace("-", "_"): True})
        provider = "console" if profile == "hosted" else "panther"
        told = {"key": api_key, "token": token, "blink_key": blink_key, "provider": provider}
        session.result(_INTRODUCTION.format(url=sandbox.url, **told))
        if said := _said({"latency": latency, "fail_rate": fail_rate, "automation": automation, **wrong}):
            session.result(f"It goes wrong on purpose: {said}.")
        sandbox.serve_until(lambda: interrupted() is not None)
    return 128 + (interrupted() or 0)
