"""The work of ``blinkdecl demo``: the whole job in one go, against a sandbox, in a folder that is gone afterwards."""

import json
import os
import shlex
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from blinkdecl.cli.session import Session
from blinkdecl.diagnostics import error
from blinkdecl.diagnostics.codes import CHANGES, ERROR, PARTIAL
from blinkdecl.sandbox import Sandbox
from blinkdecl.system.files import make_folder, read_own, write_atomically
from blinkdecl.system.http import Client

_MISTAKES = """\

  blink-triage:
    display_name: Blink Triage
    trigger: sco
    severites: [MEDIUM, LOW]
    alert_types: [RULE, POLICYY]
"""
_NIGHT = """\
version: 1

triggers:
  night:
    workspace: Night shift
    automation: Triage alerts
    webhook:
      event_name: Alert from Panther
      url: {sandbox}/webhooks/night
      api_key: {{env: BLINK_NIGHT_API_KEY}}

destinations:
  blink-night:
    display_name: Blink Night
    trigger: night
    severities: [MEDIUM, LOW]
    alert_types: [RULE, POLICY]
"""
_URL, _TOKEN = "PANTHER_API_URL", "PANTHER_API_TOKEN"
_KEY, _NIGHT_KEY, _IMPORTED = "BLINK_SOC_API_KEY", "BLINK_NIGHT_API_KEY", "BLINK_OLD_SOC_API_KEY"
_USER_KEY = "BLINK_API_KEY"
_VARIABLES = (_URL, _TOKEN, _KEY, _NIGHT_KEY, _IMPORTED, _USER_KEY)


@dataclass(frozen=True, slots=True)
class _Step:
    """One command: what is shown after the ``$``, what is done, and the exit code that is expected."""

    shown: str
    do: Callable[[], int]
    expected: int = 0


def run(session: Session) -> int:
    """Run the command; returns its exit code, raises a `Failure`."""
    with (
        tempfile.TemporaryDirectory(prefix="blinkdecl-demo-") as folder,
        Sandbox() as sandbox,
        _environment(),
    ):
        session.result(f"A sandbox Panther and a sandbox Blink listen on {sandbox.url}. Nothing leaves this machine.")
        for step in _walk(session, Path(folder), sandbox):
            session.result(f"\n$ {step.shown}")
            code = step.do()
            if code:
                session.result(f"[exit {code}]")
            if code != step.expected:
                raise error("demo", f"`{step.shown}` ended with exit code {code}, not {step.expected}")
        _check_received(sandbox)
    session.result("\nThe demo is over: every step ended as it should, and nothing is left behind.")
    return 0


def _walk(session: Session, folder: Path, sandbox: Sandbox) -> Iterator[_Step]:
    """Yield the steps, in the order of a person's first five minutes."""
    blinkdecl, file = partial(_blinkdecl, session, folder), folder / "blinkdecl.yaml"
    edit = partial(_edit, file)
    yield _export(_URL, f"{sandbox.url}/public/graphql")
    yield _export(_TOKEN, "sandbox-token")
    yield _export(_KEY, "sandbox")
    yield blinkdecl(f"init --provider panther --webhook-url {sandbox.url}/webhooks/soc")
    yield _Step("cat blinkdecl.yaml", lambda: _show(session, file))
    session.result("\n# A second destination, with three mistakes in it:")
    yield edit(f"cat >> blinkdecl.yaml <<'YAML'\n{_MISTAKES}YAML", lambda text: text + _MISTAKES)
    yield blinkdecl("validate", ERROR)
    mends = "-e s/sco/soc/ -e s/severites/severities/ -e s/POLICYY/POLICY/"
    yield edit(
        f"sed -i.bak {mends} blinkdecl.yaml",
        lambda text: text.replace("sco", "soc").replace("severites", "severities").replace("POLICYY", "POLICY"),
    )
    yield blinkdecl("validate")
    yield blinkdecl("plan --out plan.json")
    yield blinkdecl("apply plan.json")
    yield blinkdecl("plan --detailed-exitcode")
    session.result("\n# Somebody clicks in Panther's console:")
    yield blinkdecl('sandbox edit "Blink SOC" severities=CRITICAL')
    yield blinkdecl("drift", CHANGES)
    session.result("\n# Where no API shows destinations, as in hosted Panther, what became of its alerts tells:")
    yield blinkdecl("sandbox traffic --alerts 300 --days 7")
    yield blinkdecl("observe", CHANGES)
    yield blinkdecl("apply --auto-approve")
    yield blinkdecl("drift")
    session.result("\n# Somebody gives the trigger another API key in Blink:")
    yield _rotate(sandbox, "rotated")
    yield blinkdecl("test", PARTIAL)
    session.result("\n# The new key reaches the place that the YAML names:")
    yield _export(_KEY, "rotated")
    yield blinkdecl("apply --auto-approve")
    session.result("\n# That Blink takes an alert is not that anything runs; who may look there can see it:")
    yield _export(_USER_KEY, "sandbox-blink-key")
    blink = f"blink: {{url: {sandbox.url}, api_key: {{env: {_USER_KEY}}}}}\n"
    yield edit(f"cat >> blinkdecl.yaml <<'YAML'\n{blink}YAML", lambda text: text + blink)
    yield blinkdecl("test --prove")
    yield from _hand_over(session, folder, sandbox)
    session.result("\n# A destination that somebody made in the console long ago becomes code:")
    made = f"severities=LOW webhook_url={sandbox.url}/webhooks/old api_key=sandbox"
    yield blinkdecl(f'sandbox edit "Old SOC" --create {made}')
    yield blinkdecl("import --all")
    yield _Step("cat destinations/imported.yaml", lambda: _show(session, folder / "destinations/imported.yaml"))
    yield _export(_IMPORTED, "sandbox")
    yield blinkdecl("plan --detailed-exitcode")
    yield blinkdecl("destroy --auto-approve")


def _hand_over(session: Session, folder: Path, sandbox: Sandbox) -> Iterator[_Step]:
    """Yield the steps by which one destination takes the place of another, first with a key that is wrong."""
    night, file = folder / "destinations" / "night.yaml", folder / "blinkdecl.yaml"
    text = _NIGHT.format(sandbox=sandbox.url)
    session.result("\n# The night shift takes over from blink-triage, with an automation of its own:")
    yield _edit(night, f"mkdir -p destinations; cat > destinations/night.yaml <<'YAML'\n{text}YAML", lambda _: text)
    shown = "sed -i.bak '/^  blink-triage:/,$d' blinkdecl.yaml"
    yield _edit(file, shown, lambda text: text[: text.index("  blink-triage:")])
    session.result("\n# What that would have meant for last week's alerts:")
    yield _blinkdecl(session, folder, "plan --replay 7d")
    session.result("\n# Its key is wrong:")
    yield _export(_NIGHT_KEY, "wrong")
    yield _blinkdecl(session, folder, "apply --auto-approve", PARTIAL)
    session.result("\n# Nobody was left without alerts: blink-triage stayed. Now with the right key:")
    yield _export(_NIGHT_KEY, "sandbox")
    yield _blinkdecl(session, folder, "apply --auto-approve")


def _blinkdecl(session: Session, folder: Path, words: str, expected: int = 0) -> _Step:
    from blinkdecl.cli import run

    arguments = ["-C", str(folder), "--color", session.color, *shlex.split(words)]
    return _Step(f"blinkdecl {words}", lambda: run(arguments), expected)


def _edit(file: Path, shown: str, change: Callable[[str], str]) -> _Step:
    def write() -> int:
        make_folder(file.parent)
        write_atomically(file, change((read_own(file) or b"").decode()).encode())
        return 0

    return _Step(shown, write)


def _export(name: str, value: str) -> _Step:
    def export() -> int:
        os.environ[name] = value
        return 0

    return _Step(f"export {name}={value}", export)


def _rotate(sandbox: Sandbox, key: str) -> _Step:
    url, body = f"{sandbox.url}/_sandbox/rotate", json.dumps({"path": "soc", "key": key})

    def rotate() -> int:
        with Client(1) as client:
            reply = client.post(url, body.encode(), {"Content-Type": "application/json"}, timeout=5)
        return int(reply.status != 200)

    return _Step(f"curl -s -d '{body}' {url}", rotate)


def _show(session: Session, file: Path) -> int:
    session.result((read_own(file) or b"").decode().rstrip("\n"))
    return 0


def _check_received(sandbox: Sandbox) -> None:
    """Compare what the sandbox received with what was printed.

    Two destinations with one webhook were applied twice, each time with one preflight and two proofs through Panther,
    healed with one proof, and tested twice with one alert. The one that took over was refused once, then accepted.
    """
    statuses = [each.status for each in sandbox.received()]
    if statuses != [200] * 3 + [200] + [401] + [200] * 3 + [200] + [401] + [200] * 2:
        raise error("demo", f"the sandbox answered {statuses}, which is not what the commands said")


@contextmanager
def _environment() -> Iterator[None]:
    """Restore the environment afterwards."""
    earlier = {name: os.environ.pop(name) for name in _VARIABLES if name in os.environ}
    try:
        yield
    finally:
        for name in _VARIABLES:
            os.environ.pop(name, None)
        os.environ.update(earlier)
        sys.stdout.flush()
