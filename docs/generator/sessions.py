"""Sessions that are really run: the command line as a process, in a project of its own, beside a sandbox.

What varies from run to run (ports, times, ids, folders) is made steady in what they print.
"""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from blinkdecl.sandbox import Sandbox

_ROOT = Path(__file__).parents[2]
_TIMEOUT = 60.0
_KEY, _TOKEN = "sandbox", "sandbox-token"
CONFIGURATION = """\
version: 1
webhook_hosts: ["127.0.0.1"]
provider: {type: panther, url: {env: PANTHER_API_URL}, token: {env: PANTHER_API_TOKEN}}
coverage: [{severities: [CRITICAL], alert_types: [RULE]}]

triggers:
  soc:
    workspace: SOC
    automation: Triage alerts
    webhook:
      event_name: Alert from Panther
      url: http://127.0.0.1:8787/webhooks/soc
      api_key: {env: BLINK_SOC_API_KEY}

destinations:
  blink-soc:
    display_name: Blink SOC
    trigger: soc
    severities: [HIGH, CRITICAL]
"""
_ID = "924b5f1d-8a53-4d0e-9f0c-2f5f1c0e6a11"
_DIGEST = "e734-2be330-a4c64f-1093f5-b0ebd0309b59c7a7224ab1320767e469"
_STEADY = (
    (re.compile(r"\b\d{4}-\d\d-\d\d([T ])\d\d:\d\d:\d\d(?:\.\d+)?"), r"2026-01-02\g<1>03:04:05"),
    (re.compile(r"crash-\d{8}T\d{6}"), "crash-20260102T030405"),
    (re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"), _ID),
    (re.compile(r"\[id=[0-9a-f]{4}…\]"), f"[id={_ID[:4]}…]"),
    (re.compile(r"\b[0-9a-f]{4}(?:-[0-9a-f]{6}){3}-[0-9a-f]{32}\b"), _DIGEST),
    (re.compile(r"\b[\w.-]+@[\w.-]+, `(.*)`, \d+s ago"), r"ci@runner, `\g<1>`, 2s ago"),
    (re.compile(r"state unlock [0-9a-f]{8}"), "state unlock beb409de"),
    (re.compile(r"\b(in|after) \d+(?:\.\d+)?m?s\b"), r"\g<1> 12ms"),
)


def steady(text: str) -> str:
    """Return what a command printed with the same times, ids and digests in every run."""
    for pattern, told in _STEADY:
        text = pattern.sub(told, text)
    return text


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command printed, standard output before standard error, and how it ended."""

    text: str
    code: int


@dataclass(frozen=True, slots=True)
class Project:
    """A folder with `CONFIGURATION`, whose webhook and Panther are a sandbox's."""

    folder: Path
    sandbox: Sandbox

    def environ(self, panther: str = "") -> dict[str, str]:
        """Return the environment of its commands: nothing of a pipeline's, and the keys of the sandbox."""
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "PYTHONPATH": str(_ROOT),
            "PANTHER_API_URL": panther or f"{self.sandbox.url}/public/graphql",
            "PANTHER_API_TOKEN": _TOKEN,
            "BLINK_SOC_API_KEY": _KEY,
        }

    def edit(self, old: str, new: str) -> None:
        """Replace text of blinkdecl.yaml."""
        path = self.folder / "blinkdecl.yaml"
        path.write_text(path.read_text().replace(old, new))

    def start(
        self, line: str, *, program: tuple[str, ...] = ("-m", "blinkdecl"), panther: str = ""
    ) -> subprocess.Popen[str]:
        """Start a command line that begins with ``blinkdecl``; `program` is what Python runs for this word.

        `panther` is the URL of another Panther than the sandbox.
        """
        return subprocess.Popen(
            [sys.executable, *program, *shlex.split(line)[1:]],
            cwd=self.folder,
            env=self.environ(panther),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def ended(self, process: subprocess.Popen[str]) -> Ran:
        """Wait for a process, and return what it did, made steady."""
        text, _ = process.communicate(timeout=_TIMEOUT)
        text = text.replace(self.sandbox.url, "http://127.0.0.1:8787").replace(str(self.folder), "/srv/alerting")
        return Ran(steady(text), process.returncode)

    def run(self, line: str) -> Ran:
        """Run a command line to its end."""
        return self.ended(self.start(line))


def in_a_project(play: Callable[[Project], Ran]) -> Ran:
    """Return what a session ends with; it gets a project where nothing is applied."""
    with TemporaryDirectory() as folder, Sandbox() as sandbox:
        project = Project(Path(folder).resolve(), sandbox)
        configuration = CONFIGURATION.replace("http://127.0.0.1:8787", sandbox.url)
        (project.folder / "blinkdecl.yaml").write_text(configuration)
        return play(project)
