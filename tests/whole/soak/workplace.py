"""Where a trial with chaos takes place: a repository, what stands between it and the servers, and its processes."""

import os
import random
import re
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from blinkdecl.diagnostics import Failure
from blinkdecl.model.state import State
from blinkdecl.sandbox import Faults, Sandbox
from blinkdecl.state.codec import decode
from tests.support.chaos import ChaosProxy, chaos
from tests.support.paths import ROOT
from tests.whole.soak.trial import Place, Ran, Side, child

TOKEN = "canary-chaos-token"
FAULTS = Faults(delay=0.2, stale=0.1)
# Which shares of the requests something happens to: to Panther's, and to those of the state.
_RATE, _STATE_RATE = 0.2, 0.15
# A process that does not end within so many seconds is stuck.
_SECONDS = 90
_UPSTREAM = re.compile(r"http://127\.0\.0\.1:\d+")


@dataclass
class Tally:
    """What the processes of a trial did; all but `kills`, `runs` and `faults` have to be 0.

    bugs     exit codes 70
    traces   tracebacks
    leaks    outputs with a secret
    stuck    processes that did not end
    """

    kills: int = 0
    runs: int = 0
    bugs: int = 0
    traces: int = 0
    leaks: int = 0
    stuck: int = 0
    story: list[str] = field(default_factory=list)


class Workplace:
    """A repository of destinations; `declared` is what blinkdecl.yaml says, beside it are files that import writes."""

    def __init__(self, folder: Path, place: Place, sandbox: Sandbox, panther: ChaosProxy | None, mutant: str) -> None:
        """`panther` = what stands before Panther's API; None = a person makes the changes in the console."""
        self.folder, self.sandbox = folder, sandbox
        self._place, self._panther, self._mutant = place, panther, mutant
        self.proxies = [panther] if panther is not None else []
        self.declared: Side = {}
        self.tally = Tally()
        self.calm = False
        (folder / "tmp").mkdir()
        self._environ = {
            **os.environ,
            **place.environ,
            "PYTHONPATH": str(ROOT),
            "TMPDIR": str(folder / "tmp"),
            "CHAOS_TOKEN": TOKEN,
            "CHAOS_KEY": "canary-chaos-key",
        }
        for name in (f"{kind}{number}{tail}" for kind in "CDIM" for number in range(60) for tail in ("", "_2", "_3")):
            self._environ |= {f"BLINK_{name}_URL": f"{sandbox.url}/webhooks/soc", f"BLINK_{name}_API_KEY": "canary-k"}

    def end_chaos(self) -> None:
        """Let everything work from now on."""
        self.calm = True
        self.sandbox.set_faults(Faults())
        for each in self.proxies:
            each.rate = 0.0

    @property
    def faults(self) -> int:
        """How many requests something happened to."""
        return sum(count for each in self.proxies for mode, count in each.done.items() if mode)

    def declare(self) -> None:
        """Write blinkdecl.yaml."""
        lines = [
            "version: 1",
            'webhook_hosts: ["127.0.0.1"]',
            *self._provider(),
            f"state: {self._place.block}",
            "limits: {max_deletes: 99}",
            "triggers:",
            f"  soc: {{webhook: {{url: {self.sandbox.url}/webhooks/soc, api_key: {{env: CHAOS_KEY}}}}}}",
            "destinations:" if self.declared else "",
        ]
        rest = "trigger: soc, test_alert: {preflight: false, after_apply: false}"
        lines += [
            f"  {name}: {{display_name: {shown}, severities: [{level}], {rest}}}"
            for name, (shown, level) in self.declared.items()
        ]
        (self.folder / "blinkdecl.yaml").write_text("\n".join(lines) + "\n")

    def _provider(self) -> list[str]:
        if self._panther is None:
            return ["provider: {type: console}"]
        url = f"{self._panther.url}/public/graphql"
        return [f'provider: {{type: panther, url: "{url}", token: {{env: CHAOS_TOKEN}}, quiet_time: 1500ms}}']

    def imported(self) -> Side:
        """Return what the files declare that `import --all` wrote."""
        found: Side = {}
        for path in (self.folder / "destinations").glob("*.yaml"):
            for name, each in yaml.safe_load(path.read_text())["destinations"].items():
                found[name] = (each["display_name"], ", ".join(each["severities"]))
        return found

    def state(self) -> State | None:
        """Return what is recorded; None where it cannot be read."""
        ran = self.run("state", "pull")
        try:
            return decode(ran.out.encode(), "state") if ran.code == 0 else None
        except Failure:
            return None

    def run(self, *words: str, kill_at: str = "0", kill_after: float | None = None) -> Ran:
        """Run one command as a process of its own, and look at how it ended."""
        mutant = self._mutant if self.calm else "+".join(filter(None, ("hasty", self._mutant)))
        called = [sys.executable, "-m", "tests.whole.soak.child", kill_at, mutant, *words]
        silent = words[:2] == ("state", "pull")
        ran, stuck = child(called, self.folder, self._environ, kill_after, silent=silent, longest=_SECONDS)
        self.tally.stuck += stuck
        self._note(words, f"{kill_at} {kill_after or ''}", ran.code, ran.out, silent=silent)
        return ran

    def _note(self, words: tuple[str, ...], kill: str, code: int, out: str, *, silent: bool) -> None:
        tally = self.tally
        tally.runs += 1
        tally.kills += code in (-9, 130, 143)
        tally.bugs += code == 70
        tally.traces += "Traceback" in out
        tally.leaks += "canary" in out
        tally.story.append(f"$ {' '.join(words)} (kill {kill}) -> {code}\n{'' if silent else out}")


@contextmanager
def workplace(folder: Path, place: Place, seed: int, mutant: str, *, console: bool = False) -> Iterator[Workplace]:
    """Yield a workplace whose Panther, and whose state where that is on HTTP, are behind a proxy each."""
    chance = random.Random(seed)
    with ExitStack() as stack:
        sandbox = stack.enter_context(Sandbox(token=TOKEN, api_key="canary-chaos-key", seed=seed, faults=FAULTS))
        panther = None if console else stack.enter_context(chaos(sandbox.url, chance.randrange(2**32), _RATE))
        between = None
        if (upstream := _UPSTREAM.search(place.block)) is not None:
            between = stack.enter_context(chaos(upstream[0], chance.randrange(2**32), _STATE_RATE))
            place = Place(place.block.replace(upstream[0], between.url), place.environ)
        made = Workplace(folder, place, sandbox, panther, mutant)
        made.proxies += [between] if between is not None else []
        yield made
