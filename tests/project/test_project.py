"""A project without the command line: everything that another front needs is outside `blinkdecl.cli`."""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.support.paths import ROOT

# As where click is not installed: httpx imports it for a command line of its own, and can do without.
WITHOUT_CLICK = """\
import runpy, sys
sys.modules["click"] = None
runpy.run_module("tests.project.front", run_name="__main__", alter_sys=True)
"""


def test_another_front_plans_and_applies(tmp_path: Path) -> None:
    """In a fresh interpreter a project is applied and proved; then nothing is pending and nothing has drifted."""
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", WITHOUT_CLICK, str(tmp_path)]
    ran = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=60, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert json.loads(ran.stdout) == {
        "planned": ["create trigger.soc", "create destination.blink-soc"],
        "outcomes": ["done", "done"],
        "moments": ["started", "finished", "testing", "tested", "started", "finished", "proving", "proved"],
        "live": ["Blink SOC"],
        "alerts": 2,
        "pending": False,
        "drifted": False,
        "said": [],
        "cli": [],
    }
