"""Two applies at the same moment: one works, the other waits or is told who holds the lock; no update is lost."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from blinkdecl.sandbox import Faults, Sandbox
from tests.support.paths import ROOT
from tests.whole.soak.trial import Place

_TOKEN = "canary-race-token"


class Race:
    """A repository of destinations beside a sandbox, and processes that apply it."""

    def __init__(self, folder: Path, place: Place, sandbox: Sandbox) -> None:
        self._folder, self._place, self._sandbox = folder, place, sandbox

    def declare(self, count: int, level: str) -> None:
        """Declare so many destinations with one severity."""
        url = self._sandbox.url
        lines = [
            "version: 1",
            'webhook_hosts: ["127.0.0.1"]',
            f'provider: {{type: panther, url: "{url}/public/graphql", token: {{env: RACE_TOKEN}}, quiet_time: 1s}}',
            f"state: {self._place.block}",
            f"triggers: {{soc: {{webhook: {{url: {url}/webhooks/soc, api_key: {{env: RACE_KEY}}}}}}}}",
            "destinations:",
        ]
        rest = "trigger: soc, test_alert: {preflight: false, after_apply: false}"
        lines += [f"  d{each}: {{display_name: D{each}, severities: [{level}], {rest}}}" for each in range(count)]
        (self._folder / "blinkdecl.yaml").write_text("\n".join(lines) + "\n")

    def start(self, *words: str) -> "subprocess.Popen[str]":
        """Start a command."""
        environ = {**os.environ, **self._place.environ, "PYTHONPATH": str(ROOT), "RACE_TOKEN": _TOKEN, "RACE_KEY": "k"}
        return subprocess.Popen(
            [sys.executable, "-m", "blinkdecl", *words],
            cwd=self._folder,
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self, *words: str) -> tuple[int, str]:
        """Run a command to its end."""
        with self.start(*words) as process:
            out, _ = process.communicate(timeout=60)
        return process.returncode, out

    def recorded(self) -> dict[str, list[str]]:
        """Return the severities that are recorded, by address."""
        code, out = self.run("state", "pull")
        assert code == 0, out
        resources = json.loads(out)["resources"]
        return {each["address"]: each["attributes"]["severities"] for each in resources if each["id"]}

    def rounds(self, count: int) -> str:
        """Let two processes apply different parts at once, that many times; return what came of it."""
        self.declare(2, "HIGH")
        assert self.run("apply", "--auto-approve")[0] == 0
        waited = refused = 0
        for number in range(count):
            level = ("LOW", "HIGH")[number % 2]
            self.declare(2, level)
            patience = "20s" if number % 3 else "0s"
            calls = [("--target", "destination.d0", "--lock-timeout", "20s")]
            calls += [("--target", "destination.d1", "--lock-timeout", patience)]
            started = [self.start("apply", "--auto-approve", *words) for words in calls]
            told = [(each.communicate(timeout=60)[0], each.returncode) for each in started]
            codes = [code for _, code in told]
            assert codes in ([0, 0], [0, 5], [5, 0]), told
            refused += codes.count(5)
            waited += codes == [0, 0]
            for address, code in zip(("destination.d0", "destination.d1"), codes, strict=True):
                assert code or self.recorded()[address] == [level], "an update was lost"
            assert self.run("apply", "--auto-approve", "--lock-timeout", "20s")[0] == 0
        assert self.run("plan", "--detailed-exitcode")[0] == 0
        return f"{count} rounds: {waited} times both worked one after the other, {refused} were refused, 0 lost updates"

    def paused(self, *, local: bool) -> None:
        """Pause a writer in the midst of its run, take its lock away, overtake it, and let it go on."""
        self.declare(20, "HIGH")
        self._sandbox.set_faults(Faults(latency=0.15))  # stays: whoever is not stopped yet has no time to end
        with self._under_way(1) as slow:
            slow.send_signal(signal.SIGSTOP)
            os.waitid(os.P_PID, slow.pid, os.WSTOPPED | os.WNOWAIT)
            self._free(local=local)
            code, out = self.run("apply", "--auto-approve", "--lock-timeout", "10s")
            assert code == 0, out
            before = self.run("state", "pull")
            self._sandbox.set_faults(Faults())
            slow.send_signal(signal.SIGCONT)
            out, _ = slow.communicate(timeout=60)
        assert slow.returncode not in (0, -9), out
        assert re.search(r"\[(state-conflict|lock-lost|state-unwritable)\]", out), out
        for rescued in self._folder.rglob("*.rescue.json"):
            rescued.unlink()
        assert self.run("state", "pull") == before
        there = {each.display_name for each in self._sandbox.destinations()}
        assert there == {f"D{each}" for each in range(20)}
        assert len(self._sandbox.destinations()) == len(there)
        assert self.run("plan", "--detailed-exitcode")[0] == 0

    def terminated(self) -> float:
        """End a writer in the midst of its run by SIGTERM; return the seconds that it took to go in order."""
        self.declare(30, "HIGH")
        self._sandbox.set_faults(Faults(latency=0.2))
        with self._under_way(2) as slow:
            begun = time.monotonic()
            slow.send_signal(signal.SIGTERM)
            out, _ = slow.communicate(timeout=60)
        seconds = time.monotonic() - begun
        assert slow.returncode == 143, out
        self._sandbox.set_faults(Faults())
        assert self.run("apply", "--auto-approve")[0] == 0
        assert self.run("plan", "--detailed-exitcode")[0] == 0
        return seconds

    @contextmanager
    def _under_way(self, parallelism: int) -> Iterator["subprocess.Popen[str]"]:
        """Start an apply, and yield it once it has created something."""
        slow = self.start("apply", "--auto-approve", "--parallelism", str(parallelism))
        try:
            assert slow.stdout is not None
            while "Creation complete" not in (line := slow.stdout.readline()):
                assert line, "it ended too early"
            yield slow
        finally:
            slow.kill()
            slow.wait()

    def _free(self, *, local: bool) -> None:
        """Take the lock away: by `state unlock`, and where the kernel holds it, as a person would by force."""
        code, out = self.run("apply", "--auto-approve")
        assert code == 5, out
        found = re.search(r"state unlock ([0-9a-f]{8})", out)
        assert found is not None, out
        if local:
            (self._folder / ".blinkdecl/state.json.lock").unlink()
            return
        code, out = self.run("state", "unlock", found[1])
        assert code == 0, out
        time.sleep(0.2)


def race(folder: Path, place: Place) -> tuple[Race, Sandbox]:
    """Return a race, and the sandbox that it needs to be entered."""
    sandbox = Sandbox(token=_TOKEN)
    return Race(folder, place, sandbox), sandbox
