"""What is run: every command with every format, and what each needs to have work to do."""

from collections.abc import Iterator
from dataclasses import dataclass

import click

from blinkdecl.cli.app import cli

_YES = ("--auto-approve", "--allow-commands", "--lock-timeout", "1s")
_TO = ("--to", "destination.env", "--to", "destination.odd", "--to", "trigger.url", "--limit", "1s")
_DETAILS: dict[str, tuple[tuple[str, ...], ...]] = {
    "init": (("--migrate-state", "--from", "earlier.yaml"), ()),
    "fmt": (("--check", "--diff"), ()),
    "plan": (
        (),
        ("--out", "plan.json"),
        ("--offline", "--replay", "alerts.jsonl"),
        ("--replay", "7d"),
        ("-v", "--color", "always"),
    ),
    "show": ((), ("plan.json",)),
    "apply": ((*_YES,), ("plan.json", *_YES), ("--allow-changes", "0", *_YES), ("--no-test", "-v", *_YES)),
    "confirm": (("destination.env",),),
    "import": (
        ("--all", "--to", "imported.yaml"),
        ("--all", "--dry-run"),
        ("--blink", "--dry-run"),
        ("--blink", "--to", "offered.yaml"),
        ("destination.env", "00000000-0000-4000-8000-000000000000"),
    ),
    "destroy": (("--auto-approve", "--lock-timeout", "1s"),),
    "drift": (("--metrics-file", "drift.prom"),),
    "observe": (("--alerts", "alerts.jsonl"), ("-v",), ("--save", "saved.jsonl")),
    "report": ((), ("--replay", "7d")),
    "test": (
        ("--allow-commands", "-v", "--metrics-file", "test.prom"),
        ("--via", "panther"),
        ("--prove", "--prove-timeout", "200ms", "--allow-commands", "-v"),
        ("--each", "destination.long", "trigger.odd"),
    ),
    "route": (("--severity", "HIGH", "--explain"), ("--severity", "HIGH", "--against", "live")),
    "coverage": ((), ("--against", "live", "--metrics-file", "coverage.prom")),
    "dispatch": (("alert.json", *_TO), ("alert.json", *_TO, "--dry-run")),
    "state show": (("trigger.url", "destination.odd"),),
    "state mv": (("destination.long", "destination.longer"),),
    "state rm": (("destination.long",),),
    "state push": (("pushed.json", "--force"),),
    "state unlock": (("0f1e2d3c",),),
    "schema": (("config",),),
    "completion": (("bash",),),
    "help": ((), ("apply",), ("literal-secret",)),
}
# What a sandbox does is none of a project's business.
_LEFT_OUT = ("sandbox", "demo")


@dataclass(frozen=True)
class Command:
    """One call, and whether it leaves the project other than it was."""

    words: tuple[str, ...]
    name: str

    def meets(self, kind: str) -> bool:
        """Whether a fault of such a peer can be noticed: who never asks Panther hears nothing of it."""
        if self.name in ("validate", "fmt", "stacks", "schema", "completion", "help") or self.words == ("init",):
            return False
        if self.name in ("route", "coverage") and "live" not in self.words:
            return False
        match kind:
            case "panther":
                return self._meets_panther()
            case "runs":
                return self._meets_runs()
            case "blink":
                return self.name in ("apply", "test", "dispatch") and "--dry-run" not in self.words
        return True

    def _meets_panther(self) -> bool:
        far = not self.name.startswith(("state", "show", "dispatch", "confirm", "init"))
        if self.name in ("test", "observe", "import"):
            far = ("panther" in self.words) or (self.name == "observe" and "--alerts" not in self.words)
            far = far or (self.name == "import" and "--blink" not in self.words)
        return far and "--offline" not in self.words

    def _meets_runs(self) -> bool:
        if self.name in ("import", "test"):
            return "--blink" in self.words or "--prove" in self.words
        return self.name in ("plan", "drift") and "--offline" not in self.words

    @property
    def format(self) -> str:
        """What it prints in."""
        return self.words[self.words.index("--format") + 1] if "--format" in self.words else "text"

    @property
    def changes(self) -> bool:
        """Whether the next command needs everything applied anew."""
        return self.name in ("destroy", "state mv", "state rm", "state push", "import", "init")


def commands(turn: int | None = None) -> Iterator[Command]:
    """Yield every call: each command with each set of its options, in each format, or in one of them by turns."""
    for name, command in _leaves(cli, ()):
        formats = next((each.type.choices for each in command.params if "--format" in each.opts), ())  # type: ignore[attr-defined]  # click: a Choice
        for details in _DETAILS.get(name, ((),)):
            shapes = ["text"] if "--dry-run" in details else [str(each) for each in formats]
            if shapes and turn is not None:
                shapes = [shapes[turn % len(shapes)]]
            for shape in shapes or [""]:
                more = ("--format", shape) if shape else ()
                yield Command((*name.split(), *details, *more), name)


def _leaves(group: click.Group, above: tuple[str, ...]) -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if name in _LEFT_OUT or command is None:
            continue
        if isinstance(command, click.Group):
            yield from _leaves(command, (*above, name))
        else:
            yield " ".join((*above, name)), command
