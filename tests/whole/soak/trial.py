"""One trial: a repository of a few destinations beside a sandbox, kills, reruns, and the count of what went wrong.

The sandbox commits up to 300 ms late, also for clients that are dead, loses a tenth of the answers, and answers lists
that are 150 ms old; the quiet time is a second. A slow one commits up to 3 s late; the quiet time is four seconds.
"""

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from blinkdecl.diagnostics import Failure
from blinkdecl.model.resource import Attributes, canonical
from blinkdecl.model.state import State
from blinkdecl.sandbox import Faults, Sandbox
from blinkdecl.state.codec import decode
from tests.support.paths import ROOT
from tests.support.timeline import stored, unkept

Backend = Literal["local", "http", "gitlab", "s3", "postgres"]
# What is declared: display name and severity ("" = none) by name.
Side = dict[str, tuple[str, str]]
_FAULTS = Faults(lose=0.1, delay=0.3, stale=0.15)
_SLOW = replace(_FAULTS, delay=3.0)
_TOKEN = "canary-soak-token"
_RUNS = 12
_SECONDS = 60
# A run that nobody kills makes about so many counted calls.
_CALLS = 90


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was counted. Everything but `kills` and `runs` has to be 0.

    orphans     live objects that no record knows
    duplicates  objects that are there beside what is declared
    lost        recorded or declared, and not live
    unreadable  states that could not be read
    stuck       trials that did not come to an empty plan, or whose lock stayed
    gaps        kinds of alerts that somebody got before and was to get after, and nobody got at some moment
    """

    kills: int = 0
    runs: int = 0
    orphans: int = 0
    duplicates: int = 0
    lost: int = 0
    unreadable: int = 0
    stuck: int = 0
    gaps: int = 0
    seed: int = 0
    story: str = ""

    @property
    def failed(self) -> bool:
        """Whether anything went wrong."""
        return any((self.orphans, self.duplicates, self.lost, self.unreadable, self.stuck, self.gaps))


@dataclass(frozen=True, slots=True)
class Place:
    """Where the trial keeps its state: the `state` block, and the environment that its credentials need."""

    block: str
    environ: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Ran:
    """How one process ended; `killed` = by SIGKILL."""

    code: int
    out: str

    @property
    def killed(self) -> bool:
        """Whether it was killed."""
        return self.code == -9


class Trial:
    """One repository and its sandbox."""

    def __init__(self, folder: Path, place: Place, seed: int, mutant: str, *, slow: bool = False) -> None:
        self._faults, self._quiet = (_SLOW, "4s") if slow else (_FAULTS, "1s")
        self._folder, self._place, self._mutant = folder, place, mutant
        self._random, self._seed = random.Random(seed), seed
        self._kills = self._runs = 0
        self._sandbox: Sandbox | None = None
        # What was declared, and how many moments the timeline had then.
        self._declared: list[tuple[Side, int]] = []
        self._story: list[str] = []

    def run(self) -> Outcome:
        """Two rounds of changes under kills, then the count."""
        with Sandbox(token=_TOKEN, seed=self._seed, faults=self._faults) as sandbox:
            self._sandbox = sandbox
            declared: Side = {}
            for change in (_begin, _change):
                declared = change(declared)
                self._declare(sandbox, declared)
                self._declared.append((declared, len(sandbox.timeline())))
                for _ in range(self._random.randint(1, 3)):
                    if not self._killed_apply().killed:
                        break
                if (problem := self._converge()) is not None:
                    return problem
            sandbox.set_faults(Faults())
            time.sleep(self._faults.delay + self._faults.stale)
            if (problem := self._converge(last=True)) is not None:
                return problem
            return self._counted(sandbox, declared)

    def _outcome(self, **counts: int) -> Outcome:
        told = {"kills": self._kills, "runs": self._runs, "seed": self._seed, "gaps": self._gaps(), **counts}
        return Outcome(**told, story="\n".join(self._story))

    def _gaps(self) -> int:
        """Return how many kinds of alerts were lost from the second declaration on, whatever became of the trial."""
        if self._sandbox is None or len(self._declared) < 2:
            return 0
        (before, _), (after, begun) = self._declared
        moments = list(self._sandbox.timeline())[begun - 1 :]
        found = unkept(map(stored, moments), _attributes(before), _attributes(after))
        self._story += [f"nobody received {' '.join(map(str, each))}" for each in found]
        return len(found)

    def _declare(self, sandbox: Sandbox, declared: Side) -> None:
        url = sandbox.url
        lines = [
            "version: 1",
            'webhook_hosts: ["127.0.0.1"]',
            f'provider: {{type: panther, url: "{url}/public/graphql", token: {{env: SOAK_TOKEN}},',
            f"  quiet_time: {self._quiet}}}",
            f"state: {self._place.block}",
            "limits: {max_deletes: 99}",
            "triggers:",
            f"  soc: {{webhook: {{url: {url}/webhooks/soc, api_key: {{env: SOAK_KEY}}}}}}",
            "destinations:",
        ]
        rest = "trigger: soc, test_alert: {preflight: false, after_apply: false}"
        lines += [
            f"  {name}: {{display_name: {shown}, severities: [{level}], {rest}}}"
            for name, (shown, level) in declared.items()
        ]
        (self._folder / "blinkdecl.yaml").write_text("\n".join(lines) + "\n")

    def _killed_apply(self) -> Ran:
        """Run apply, and kill it at a random call or at a random moment."""
        if self._random.random() < 0.5:
            ran = self._cli("apply", kill_at=self._random.randint(1, _CALLS))
        else:
            ran = self._cli("apply", kill_after=self._random.uniform(0.15, 1.2))
        self._kills += ran.killed
        return ran

    def _converge(self, *, last: bool = False) -> Outcome | None:
        """Apply until the plan is empty; return the outcome of a trial that does not get there."""
        for _ in range(_RUNS):
            ran = self._cli("plan", "--detailed-exitcode")
            if ran.code == 0:
                return None
            if "[invalid-state]" in ran.out:
                return self._outcome(unreadable=1)
            ran = self._cli("apply")
            if "[exists]" in ran.out and last:
                return self._outcome(orphans=1)
        return self._outcome(orphans=1) if "[exists]" in ran.out else self._outcome(stuck=1)

    def _counted(self, sandbox: Sandbox, declared: Side) -> Outcome:
        self._cli("apply")  # nothing is left to do but to forget what killed runs intended
        state = self._state()
        if state is None:
            return self._outcome(unreadable=1)
        live = {each.id: (each.display_name, ", ".join(each.severities)) for each in sandbox.destinations()}
        recorded = {record.id for record in state.resources.values() if record.id is not None}
        wanted = sorted(declared.values())
        return self._outcome(
            orphans=len(live.keys() - recorded),
            duplicates=max(0, len(live) - len(wanted)),
            lost=len(recorded - live.keys()) + sum(each not in live.values() for each in wanted),
            stuck=int(bool(state.pending) or self._cli("state", "unlock", "00000000").code != 1),
        )

    def _state(self) -> State | None:
        ran = self._cli("state", "pull")
        try:
            return decode(ran.out.encode(), "state") if ran.code == 0 else None
        except Failure:
            return None

    def _cli(self, *words: str, kill_at: int = 0, kill_after: float | None = None) -> Ran:
        """Run one command as a process of its own."""
        self._runs += 1
        options = ["--auto-approve", "--lock-timeout", "20s"] if words[0] == "apply" else []
        called = [sys.executable, "-m", "tests.whole.soak.child", str(kill_at), self._mutant]
        environ = {**os.environ, **self._place.environ, "PYTHONPATH": str(ROOT), "SOAK_TOKEN": _TOKEN, "SOAK_KEY": "k"}
        silent = words == ("state", "pull")
        ran, _ = child([*called, *words, *options], self._folder, environ, kill_after, silent=silent)
        told = f"(kill at {kill_at}, after {kill_after})" if kill_at or kill_after else ""
        self._story.append(f"$ {' '.join(words)} {told} -> {ran.code}\n{ran.out if not silent else ''}")
        return ran


def child(
    called: Sequence[str],
    folder: Path,
    environ: Mapping[str, str],
    kill_after: float | None,
    *,
    silent: bool,
    longest: float = _SECONDS,
) -> tuple[Ran, bool]:
    """Run a process, killed after so many seconds; return its end, and whether it was stuck for the longest time."""
    stuck = False
    with subprocess.Popen(
        called,
        cwd=folder,
        env=environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL if silent else subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            out, _ = process.communicate(timeout=longest if kill_after is None else kill_after)
        except subprocess.TimeoutExpired:
            stuck = kill_after is None
            process.kill()
            out, _ = process.communicate()
    return Ran(process.returncode, out), stuck


def _begin(declared: Side) -> Side:
    """Declare five that receive a severity each, which nobody else receives, and three that receive none."""
    assert not declared
    levels = ("INFO", "LOW", "MEDIUM", "HIGH", "", "", "CRITICAL", "")
    return {f"d{number}": (f"D{number}", level) for number, level in enumerate(levels)}


def _change(declared: Side) -> Side:
    """Swap the names and severities of two, the severities of two, hand a severity over and a name, and widen one."""
    changed = {name: value for name, value in declared.items() if name not in ("d6", "d7")}
    changed["d0"], changed["d1"] = declared["d1"], declared["d0"]
    changed["d2"], changed["d3"] = ("D2", "HIGH"), ("D3", "MEDIUM")
    changed["d4"] = ("D4", "LOW")
    return {**changed, "d8": ("D8", "CRITICAL"), "d9": ("D7", "")}


def _attributes(side: Side) -> list[Attributes]:
    return [canonical("destination", {"severities": [level] if level else []}) for _, level in side.values()]


@contextmanager
def place(backend: Backend, folder: Path, servers: Mapping[str, str], name: str) -> Iterator[Place]:
    """Yield where a trial keeps its state; `servers` tells where the engines listen."""
    where = servers.get(backend, "")
    match backend:
        case "local":
            yield Place("{backend: local, path: .blinkdecl/state.json}", {})
        case "http" | "gitlab":
            from tests.support.servers import http_state

            with http_state(gitlab=backend == "gitlab") as server:
                user, _, password = server.login.partition(":")
                environ = {"TF_HTTP_USERNAME": user, "TF_HTTP_PASSWORD": password}
                yield Place(json.dumps({"backend": "http", "address": server.url}), environ)
        case "s3":
            block = {"backend": "s3", "url": f"s3://states/{name}.json", "endpoint": where, "region": "eu-central-1"}
            yield Place(json.dumps(block), {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "s"})
        case "postgres":
            yield Place(json.dumps({"backend": "postgres", "dsn": where, "name": name}), {})
    assert folder.exists()
