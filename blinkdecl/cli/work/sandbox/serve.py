"""The work of ``blinkdecl sandbox``: a Panther and a Blink to try things out, on this machine only."""

import gc
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, TypedDict, Unpack

from blinkdecl.cli.session import Session
from blinkdecl.cli.signals import Interrupt

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


def run(
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
    """Run the command; returns its exit code, raises a `Failure`."""
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
    gc.set_threshold(500_000)  # unlike other commands it lives on, and the cycles that its requests leave add up
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
