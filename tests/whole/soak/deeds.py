"""What a trial with chaos does: one writing command after the other, each of which may be killed."""

import random
import re
import time

from tests.whole.soak.trial import Ran
from tests.whole.soak.workplace import FAULTS, Workplace

_LEVELS = ("INFO", "LOW", "MEDIUM", "HIGH", "CRITICAL")
_CALLS = 110
_FEW_CALLS = 45
_FIRST_CALLS = 60


class Deeds:
    """The commands of one trial.

    `free` holds display names of what no apply made or records, by the trial's own doing: objects of the console, and
    those that `state rm` forgot. To find them unmanaged is right, until an import takes them over.
    """

    def __init__(self, at: Workplace, chance: random.Random) -> None:
        self._at, self._chance, self._count = at, chance, 0
        self.free: set[str] = set()
        self._lock_id = "00000000"

    def begin(self) -> None:
        """Declare four destinations, and apply them in a process that is killed, most often while it creates them."""
        for _ in range(4):
            self._add()
        self._at.declare()
        self.run("apply", "--auto-approve", "--lock-timeout", "2s", calls=_FIRST_CALLS, kind="KILL")

    def any(self) -> None:
        """Do one of them."""
        deeds = [
            *[self.edited_apply] * 3,
            self._saved,
            self._target,
            self._destroy,
            self._import_one,
            self._import_all,
        ]
        deeds += [self._move, self._forget, self._test, self._push, self._unlock]
        self._chance.choice(deeds)()

    def run(self, *words: str, calls: int = _FEW_CALLS, kind: str | None = None) -> Ran:
        """Run a command that may be killed at any call or moment, or sent a signal; `kind` says which."""
        if kind is None:
            kind = self._chance.choices(("", "KILL", "moment", "TERM", "INT"), (30, 30, 20, 10, 10))[0]
        if kind == "moment":
            ran = self._at.run(*words, kill_after=self._chance.uniform(0.4, 2.0))
        else:
            at = self._chance.randint(1, calls)
            ran = self._at.run(*words, kill_at=f"{at}:{kind}" if kind else "0")
        if (found := re.search(r"state unlock ([0-9a-f]{8})", ran.out)) is not None:
            self._lock_id = found[1]
        return ran

    def _number(self) -> int:
        self._count += 1
        return self._count

    def _add(self) -> None:
        number = self._number()
        self._at.declared[f"d{number}"] = (f"D{number}", self._chance.choice(_LEVELS))

    def pick(self) -> str | None:
        """Return the name of a declared destination that nothing is unusual about."""
        names = [name for name, (shown, _) in self._at.declared.items() if shown not in self.free]
        return self._chance.choice(names) if names else None

    def _edit(self) -> None:
        declared, one, other = self._at.declared, self.pick(), self.pick()
        kind = self._chance.choice(("add", "remove", "level", "rename", "swap"))
        if kind == "add" or one is None or other is None:
            self._add()
        elif kind == "remove":
            del declared[one]
        elif kind == "level":
            declared[one] = (declared[one][0], self._chance.choice(_LEVELS))
        elif kind == "rename":
            declared[one] = (f"D{self._number()}", declared[one][1])
        else:
            (mine, level), (theirs, its) = declared[one], declared[other]
            declared[one], declared[other] = (theirs, level), (mine, its if one != other else level)
            if one == other:
                declared[one] = (mine, level)

    def _apply(self, *words: str) -> None:
        self._at.declare()
        self.run("apply", "--auto-approve", "--lock-timeout", "2s", *words, calls=_CALLS)

    def edited_apply(self) -> None:
        """Change the YAML, and apply it."""
        for _ in range(self._chance.randint(1, 3)):
            self._edit()
        self._apply()

    def _saved(self) -> None:
        self._edit()
        self._at.declare()
        (self._at.folder / "plan.json").unlink(missing_ok=True)
        if self._at.run("plan", "--out", "plan.json").code == 0 and (self._at.folder / "plan.json").exists():
            self.run("apply", "plan.json", "--auto-approve", "--lock-timeout", "2s", calls=_CALLS)

    def _target(self) -> None:
        self._edit()
        self._edit()
        if (name := self.pick()) is not None:
            self._apply("--target", f"destination.{name}")

    def _destroy(self) -> None:
        if (name := self.pick()) is not None:
            words = ("--auto-approve", "--lock-timeout", "2s", "--target", f"destination.{name}")
            self.run("destroy", *words, calls=_CALLS)

    def _console(self, kind: str) -> tuple[str, str, str]:
        """Let a person make a destination in the console; return its display name, severity and id."""
        shown, level = f"{kind}{self._number()}", self._chance.choice(_LEVELS)
        url = f"{self._at.sandbox.url}/webhooks/soc"
        self.free.add(shown)
        made = self._at.sandbox.edit(shown, create=True, severities=level, webhook_url=url, api_key="canary-k")
        return shown, level, made

    def _import_one(self) -> None:
        shown, level, made = self._console("I")
        self._at.declared[shown.lower()] = (shown, level)
        self._at.declare()
        self.run("import", f"destination.{shown.lower()}", made, "--lock-timeout", "2s")

    def _import_all(self) -> None:
        for _ in range(2):
            self._console("C")
        self.run("import", "--all", "--to", f"destinations/imported{self._number()}.yaml", "--lock-timeout", "2s")

    def _move(self) -> None:
        if (name := self.pick()) is not None:
            new = f"m{self._number()}"
            self._at.declared[new] = self._at.declared.pop(name)
            self._at.declare()
            self.run("state", "mv", f"destination.{name}", f"destination.{new}", "--lock-timeout", "2s")

    def _forget(self) -> None:
        if (name := self.pick()) is None:
            return
        shown = self._at.declared[name][0]
        time.sleep(FAULTS.delay)  # what a killed run still does
        state = self._at.state()
        record = state.resources.get(f"destination.{name}") if state is not None else None
        ids = [each.id for each in self._at.sandbox.destinations() if each.display_name == shown]
        if record is None or [record.id] != ids:
            return  # it is about to be renamed or created: no message could say what to do with the one forgotten
        self.free.add(shown)
        self.run("state", "rm", f"destination.{name}", "--lock-timeout", "2s")
        if self._chance.random() < 0.7:
            self.run("import", f"destination.{name}", ids[0], "--lock-timeout", "2s")

    def _test(self) -> None:
        via = ("--via", "panther") if self._chance.random() < 0.4 else ()
        self.run("test", "--lock-timeout", "2s", *via)

    def _push(self) -> None:
        pulled = self._at.run("state", "pull")
        if pulled.code == 0:
            (self._at.folder / "pulled.json").write_text(pulled.out)
            self.run("state", "push", "pulled.json", "--lock-timeout", "2s")

    def _unlock(self) -> None:
        self._at.declare()
        self._at.run("apply", "--auto-approve", "--lock-timeout", "0s")
        self.run("state", "unlock", self._lock_id)
