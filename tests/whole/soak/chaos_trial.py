"""A trial with chaos: writing commands under kills and faults, then calm, three applies at most, and the count."""

import random
import re
import shlex
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.whole.soak.deeds import Deeds
from tests.whole.soak.trial import Place
from tests.whole.soak.workplace import FAULTS, Workplace, workplace

# How many applies may be needed, and how many commands altogether that their messages name.
_APPLIES, _COMMANDS = 3, 12
_IN_USE = re.compile(r'"(\w+)" exists in Panther and is not managed here')
_REMEDY = re.compile(r"`blinkdecl (state (?:push|unlock) [^`]+)`")
_MISSING = re.compile(r"--accept-missing[ =](\d+)")


@dataclass(frozen=True, slots=True)
class ChaosOutcome:
    """What was counted. All but `kills`, `runs` and `faults` have to be 0.

    orphans     live objects that a command made and no record knows
    duplicates  objects that are live and recorded beside what is declared
    lost        declared or recorded, and not live as declared
    unreadable  states that could not be read
    stuck       trials that did not converge in three applies, processes that did not end, locks that stayed
    left        rescue files that are still there
    bugs, traces, leaks   processes that ended with 70, printed a traceback, printed a secret
    """

    kills: int = 0
    runs: int = 0
    faults: int = 0
    orphans: int = 0
    duplicates: int = 0
    lost: int = 0
    unreadable: int = 0
    stuck: int = 0
    left: int = 0
    bugs: int = 0
    traces: int = 0
    leaks: int = 0
    story: str = ""

    @property
    def wrong(self) -> dict[str, int]:
        """What has to be 0."""
        return {name: value for name, value in asdict(self).items() if name not in ("kills", "runs", "faults", "story")}

    @property
    def failed(self) -> bool:
        """Whether anything went wrong."""
        return any(self.wrong.values())


class ChaosTrial:
    """One repository under chaos; at most so many deeds follow the first apply."""

    def __init__(self, at: Workplace, seed: int, most: int = 5) -> None:
        self._at, self._chance, self._most = at, random.Random(seed), most
        self._deeds = Deeds(at, self._chance)

    def run(self) -> ChaosOutcome:
        """Deeds, calm, convergence, and the count."""
        self._deeds.begin()
        for _ in range(self._chance.randint(min(3, self._most), self._most)):
            self._deeds.any()
        self._at.end_chaos()
        self._at.declare()
        if (problem := self._converge()) is not None:
            return self._outcome(**{problem: 1})
        time.sleep(FAULTS.delay + FAULTS.stale)
        return self._counted()

    def _converge(self) -> str | None:
        """Apply, and do what the messages say; return what is wrong where that is not enough."""
        applies = 0
        words: tuple[str, ...] = ()
        for _ in range(_COMMANDS):
            if self._at.run("plan", "--detailed-exitcode").code == 0 and applies:
                return None
            if applies == _APPLIES:
                return "stuck"
            ran = self._at.run("apply", "--auto-approve", "--lock-timeout", "5s", *words)
            if "[invalid-state]" in ran.out:
                return "unreadable"
            words = ("--accept-missing", found[1]) if (found := _MISSING.search(ran.out)) else ()
            if names := set(_IN_USE.findall(ran.out)):
                if not names <= self._deeds.free:
                    return "orphans"
                self._import(names)
            elif (remedy := _REMEDY.search(ran.out)) is not None:
                self._at.run(*shlex.split(remedy[1]))
            elif not words:
                applies += 1
        return "stuck"

    def _import(self, names: set[str]) -> None:
        """Take over what is declared and was made by hand, or forgotten."""
        addresses = {shown: name for name, (shown, _) in self._at.declared.items()}
        ids = {each.display_name: each.id for each in self._at.sandbox.destinations()}
        for shown in names & addresses.keys():
            self._at.run("import", f"destination.{addresses[shown]}", ids[shown])
        if names - addresses.keys():
            self._at.run("import", "--all", "--to", f"destinations/late{len(self._at.tally.story)}.yaml")

    def _counted(self) -> ChaosOutcome:
        state = self._at.state()
        if state is None:
            return self._outcome(unreadable=1)
        wanted = {*self._at.declared.values(), *self._at.imported().values()}
        live = {each.id: (each.display_name, ", ".join(each.severities)) for each in self._at.sandbox.destinations()}
        recorded = {record.id for record in state.resources.values() if record.id is not None}
        orphans = [each for each in live.keys() - recorded if live[each][0] not in self._deeds.free]
        beside = [each for each in live.keys() & recorded if live[each] not in wanted]
        lost = len(recorded - live.keys()) + sum(each not in live.values() for each in wanted)
        lost += sum(each in wanted for each in (live[one] for one in live.keys() - recorded))
        stuck = int(bool(state.pending) or not is_free(self._at))
        return self._outcome(orphans=len(orphans), duplicates=len(beside), lost=lost, stuck=stuck)

    def _outcome(self, **counts: int) -> ChaosOutcome:
        return outcome(self._at, f"free {self._deeds.free}", **counts)


def is_free(at: Workplace) -> bool:
    """Whether nobody holds the lock."""
    ran = at.run("state", "unlock", "00000000")
    return ran.code == 1 and "is not locked" in ran.out


def outcome(at: Workplace, note: str = "", **counts: int) -> ChaosOutcome:
    """Return what was counted, with what the processes did."""
    tally = at.tally
    told = {"bugs": tally.bugs, "traces": tally.traces, "leaks": tally.leaks, **counts}
    told["stuck"] = tally.stuck + counts.get("stuck", 0)
    told["left"] = len(list(at.folder.rglob("*.rescue.json")))
    story = "\n".join([*tally.story, f"declared {at.declared}", note])
    return ChaosOutcome(tally.kills, tally.runs, at.faults, **told, story=story)


def chaos_trial(folder: Path, place: Place, seed: int, mutant: str = "", most: int = 5) -> ChaosOutcome:
    """Run one trial in a folder."""
    with workplace(folder, place, seed, mutant) as at:
        return ChaosTrial(at, seed, most).run()
