"""A trial with chaos and a person in Panther's console: `apply` writes steps, `confirm` records what was done."""

import random
import re
import uuid
from pathlib import Path

from tests.whole.soak.chaos_trial import ChaosOutcome, is_free, outcome
from tests.whole.soak.deeds import Deeds
from tests.whole.soak.trial import Place
from tests.whole.soak.workplace import Workplace, workplace

_ROUNDS = 4
_STEP = re.compile(r"blinkdecl confirm ((?:destination|trigger)\.\w+)")


class ConsoleTrial:
    """One repository whose changes a person makes; every command may be killed."""

    def __init__(self, at: Workplace, seed: int) -> None:
        self._at, self._chance = at, random.Random(seed)
        self._deeds = Deeds(at, self._chance)

    def run(self) -> ChaosOutcome:
        """Steps and confirmations, calm, and the confirmation of all that is left."""
        self._deeds.begin()
        for _ in range(self._chance.randint(4, 7)):
            if self._chance.random() < 0.3:
                self._deeds.edited_apply()
            else:
                self._confirm()
        self._at.end_chaos()
        self._at.declare()
        return self._counted() if self._converges() else outcome(self._at, stuck=1)

    def _confirm(self) -> None:
        """Confirm a destination, with its id or without, or try to: its turn may not have come."""
        if (name := self._deeds.pick()) is not None:
            given = ("--id", str(uuid.uuid4())) if self._chance.random() < 0.3 else ()
            self._deeds.run("confirm", f"destination.{name}", *given, "--lock-timeout", "2s")

    def _converges(self) -> bool:
        """Whether the plan is empty after all steps that `apply` writes were confirmed, in their order."""
        for _ in range(_ROUNDS):
            ran = self._at.run("apply", "--auto-approve", "--lock-timeout", "5s")
            for address in dict.fromkeys(_STEP.findall(ran.out)):
                self._at.run("confirm", address)
            if self._at.run("plan", "--detailed-exitcode").code == 0:
                return True
        return False

    def _counted(self) -> ChaosOutcome:
        state = self._at.state()
        if state is None:
            return outcome(self._at, unreadable=1)
        records = [each for each in state.resources.values() if each.id is not None]
        known = [(each.attributes["display_name"], each.attributes["severities"]) for each in records]
        wanted = [(shown, (level,)) for shown, level in self._at.declared.values()]
        doubled = len(records) - len({each.id for each in records})
        return outcome(
            self._at,
            duplicates=doubled + sum(each not in wanted for each in known),
            lost=sum(each not in known for each in wanted),
            stuck=int(bool(state.pending) or not is_free(self._at)),
        )


def console_trial(folder: Path, place: Place, seed: int) -> ChaosOutcome:
    """Run one trial in a folder."""
    with workplace(folder, place, seed, "", console=True) as at:
        return ConsoleTrial(at, seed).run()
