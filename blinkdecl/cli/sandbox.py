"""``blinkdecl sandbox``: a Blink to try things against, on this machine alone."""

from pathlib import Path

import click

from blinkdecl.cli.command import session_command
from blinkdecl.cli.options import Seconds
from blinkdecl.cli.session import Session
from blinkdecl.sandbox import Sandbox

_INTRODUCTION = """\
A sandbox Blink listens on {url}.
Nothing leaves this machine. Stop with Ctrl-C.

Paste into another terminal, in an empty folder:
  export BLINK_SOC_API_KEY={key}
  blinkdecl init --webhook-url {url}/webhooks/soc

What it received: {url}/_sandbox/received"""


@session_command(
    "sandbox",
    click.Option(["--port"], type=click.IntRange(0, 65535), default=8787, show_default=True, help="0 = any free one."),
    click.Option(
        ["--latency"], type=Seconds(), default="0s", show_default=True, help="Wait before answering, e.g. 20ms."
    ),
    click.Option(
        ["--fail-rate"], type=click.FloatRange(0, 1), default=0.0, show_default=True, help="Answer 500 at this rate."
    ),
    click.Option(["--api-key"], default="sandbox", show_default=True, help="The key of every webhook at the start."),
    click.Option(
        ["--database"],
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Keep what is received in this SQLite file.",
    ),
)
def command(
    session: Session, *, port: int, latency: float, fail_rate: float, api_key: str, database: Path | None
) -> int:
    """Serve a Blink that checks keys, signatures and alerts as the real one does, and records what it receives.

    It listens on 127.0.0.1 only. Every path below /webhooks/ is a trigger.
    """
    stored = session.path(database) if database is not None else None
    with Sandbox(port, latency, fail_rate, api_key, stored) as sandbox:
        session.result(_INTRODUCTION.format(url=sandbox.url, key=api_key))
        sandbox.serve_forever()
    return 0
