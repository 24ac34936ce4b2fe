"""Words of other tools, and command lines that cannot be understood: quoted as typed, with ours beside them."""

import re
import shlex
from collections.abc import Iterator

import click
import pytest

from blinkdecl.cli import run
from blinkdecl.cli.app import COMMANDS as OURS
from blinkdecl.cli.app import LazyGroup, cli
from blinkdecl.cli.command import SessionCommand
from blinkdecl.cli.habits import COMMANDS, OPTIONS, Habit
from tests.support.repository import Repository


def commands(group: LazyGroup = cli, path: str = "blinkdecl") -> Iterator[tuple[str, click.Command]]:
    """Yield every command with what it is called by."""
    yield path, group
    for name in group.list_commands(click.Context(group)):
        found = group.get_command(click.Context(group), name)
        if isinstance(found, LazyGroup):
            yield from commands(found, f"{path} {name}")
        elif found is not None:
            yield f"{path} {name}", found


def examples(command: click.Command) -> tuple[str, ...]:
    """Return the examples that the help of a command shows."""
    assert isinstance(command, LazyGroup | SessionCommand)
    return command.examples


def parses(line: str) -> None:
    """Fail unless the command line is understood; nothing is run."""
    words = shlex.split(line, comments=True)
    assert words.pop(0) == "blinkdecl"
    command: click.Command = cli
    ctx = None
    while True:
        ctx = command.make_context("blinkdecl", list(words), parent=ctx, resilient_parsing=False)
        if not isinstance(command, click.Group):
            return
        words = [*ctx._protected_args, *ctx.args]
        if not words:
            return
        name, found, words = command.resolve_command(ctx, words)
        assert found is not None, name
        command = found


HABITS = [(name, habit) for table in COMMANDS.values() for name, habit in table.items()]
OPTION_HABITS = [(name, habit) for name, habits in OPTIONS.items() for habit in habits]


@pytest.mark.parametrize("habit", dict.fromkeys(habit for _, habit in HABITS + OPTION_HABITS), ids=str)
def test_what_is_offered_is_understood(habit: Habit) -> None:
    """Each command that is offered, in place of a command or of an option, is one of ours with its options."""
    offered = [habit.ours] if habit.ours.startswith("blinkdecl") else []
    for line in offered + re.findall(r"`(blinkdecl [^`]*)`", habit.why):
        if "--version" not in line:  # which ends the program while it is parsed
            parses(line)
    assert habit.ours or habit.why


@pytest.mark.parametrize("habit", dict.fromkeys(habit for _, habit in OPTION_HABITS), ids=str)
def test_each_option_that_is_offered_exists(habit: Habit) -> None:
    """An option that takes the place of another tool's belongs to some command, and takes that value."""
    if not habit.ours.startswith("-"):
        return
    option = habit.ours.split()[0]
    value = {"DURATION": "5m", "N": "3", "NAME=VALUE": "a=b"}
    words = [value.get(word, word) for word in habit.ours.split()]
    # `report` has a format of its own, and no JSON.
    users = [
        (path, each) for path, each in commands()
        if option in {o for p in each.params for o in p.opts} and (path, option) != ("blinkdecl report", "--format")
    ]  # fmt: skip
    assert users
    for path, command in users:
        own = [line for line in examples(command) if line.startswith(path) and "|" not in line]
        parses(
            f"{own[0].partition(' <')[0].partition(' >')[0].partition('  #')[0]} {shlex.join(words)}" if own else path
        )


def test_no_habit_hides_what_is_ours() -> None:
    """A word of another tool is none of ours."""
    assert not COMMANDS[""].keys() & OURS.keys()
    assert "fmt" not in COMMANDS[""]


@pytest.mark.parametrize(
    ("line", "typed", "ours"),
    [
        ("plan -out=x", '"-out=x"', "`--out=x`"),
        ("plan -out x", '"-out"', "`--out x`"),
        ("apply -auto-approve", '"-auto-approve"', "`--auto-approve`"),
        ("plan -no-color", '"-no-color"', "`--color never`"),
        ("plan -target=destination.a", '"-target=destination.a"', "`--target=destination.a`"),
        ("plan -var x=y", '"-var"', "`--var x=y`"),
        ("drift --detailed-exitcode", '"--detailed-exitcode"', "`drift` always exits with 2 where there is drift"),
        ("plan -detailed-exitcode", '"-detailed-exitcode"', "`--detailed-exitcode`"),
        ("plan -json", '"-json"', "`--format json`"),
        ("plan --json", '"--json"', "`--format json`"),
        ("plan -o json", '"-o"', "`--format json`"),
        ("apply -y", '"-y"', "`--auto-approve`"),
        ("apply --yes", '"--yes"', "`--auto-approve`"),
        ("plan --no-color", '"--no-color"', "`--color never`"),
        ("plan --environment prod", '"--environment"', "`--env prod`"),
        ("plan --workspace=prod", '"--workspace=prod"', "`--env prod`"),
        ("--no-color plan", '"--no-color"', "write `--color never`"),
        ("--format markdown plan", '"--format"', "`blinkdecl plan --format markdown`"),
        ("-C /tmp --out x plan --offline", '"--out"', "`blinkdecl -C /tmp plan --offline --out x`"),
        ("state --env prod list", '"--env"', "`blinkdecl state list --env prod`"),
        ("-version", '"-version"', "`--version`"),
        ("refresh", '"refresh"', "`blinkdecl plan` reads the live destinations each time"),
        ("force-unlock 7", '"force-unlock"', "`blinkdecl state unlock ID`"),
        ("taint x", '"taint"', "nothing is made anew on request"),
        ("state ls", '"ls"', "`blinkdecl state list`"),
        ("plan destination.a", '"destination.a"', "`--target destination.a`"),
        ("plan region=eu", '"region=eu"', "`--var region=eu`"),
    ],
)
def test_a_habit_is_answered(line: str, typed: str, ours: str, capsys: pytest.CaptureFixture[str]) -> None:
    """It is quoted as it was typed, with what does the same here."""
    assert run(shlex.split(line)) == 64
    first, _, rest = capsys.readouterr().err.partition("\n")
    assert typed in first
    assert ours in " ".join(rest.split())


@pytest.mark.parametrize(
    ("line", "summary", "remedy"),
    [
        (
            "route --severity CRIT",
            '--severity: "CRIT" is not known',
            "did you mean CRITICAL? one of INFO, LOW, MEDIUM,",
        ),
        ("route --severity P1", '--severity: "P1" is not known', "one of INFO, LOW, MEDIUM, HIGH, CRITICAL"),
        ("plan --color blue", '--color: "blue" is not known', "one of auto, always, never"),
        ("completion bsh", 'SHELL: "bsh" is not known', "did you mean bash? one of bash, zsh, fish"),
        ("apply --parallelism 0", "--parallelism: 0 is out of range", "1 to 256"),
        ("apply --allow-deletes -1", "--allow-deletes: -1 is out of range", "0 or more"),
        ("apply --allow-deletes x", '"x" is not a whole number', "0 or more"),
        ("sandbox --fail-rate 2", '"2" is not a share', "a number from 0 to 1"),
        ("confirm destination.a --id 7", '"7" is not a UUID', "32 hexadecimal digits"),
        ("plan --target", 'option "--target" needs a value', "write `--target ADDRESS`"),
        ("plan --offline=yes", 'option "--offline" takes no value', "write `--offline` alone"),
        ("dispatch", "missing argument ALERT", "for example `blinkdecl dispatch alert.json --to"),
        ("dispatch a.json", "missing option --to", "for example `blinkdecl dispatch alert.json --to"),
        ("validate blinkdecl.yaml", 'unexpected "blinkdecl.yaml"', "`-C DIR` names another folder"),
        ("plan --out ''", "--out: the name of the file is empty", "is the variable set"),
        ("apply ''", "PLAN: the name of the file is empty", "is the variable set"),
        ("plan --var region = eu", 'unexpected "="', "`--var NAME=VALUE`, without spaces"),
        ("apply destination.soc", "destination.soc is not a saved plan", "`--target destination.soc`"),
        ("-C pyproject.toml plan", '--chdir: "pyproject.toml" is not a folder', "the folder of a project: `-C .`"),
        ("-C examples/quickstart plan sandbox", 'unexpected "sandbox"', "chosen by `--env sandbox`"),
        ("-C nowhere plan", '--chdir: "nowhere" is not a folder', "there is no such folder"),
        ("-chdir=. plan", 'no such option "-chdir=."', "write `--chdir=.`: options have two dashes here"),
        ("--debug plan", 'no such option "--debug"', "write `--verbose`"),
        ("plan x y", 'unexpected "x"', "`blinkdecl plan --help`"),
        ("plan --api-key=canary", 'no such option "--api-key=***"', "`blinkdecl plan --help`"),
    ],
)
def test_usage_errors_are_in_our_words(
    line: str, summary: str, remedy: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Not in click's; what an option takes is listed."""
    assert run(shlex.split(line)) == 64
    err = " ".join(capsys.readouterr().err.split())
    assert (f"{summary} [usage]" in err, remedy in err, "Invalid" in err, "canary" in err) == (True, True, False, False)


@pytest.mark.parametrize("given", ["7", "7.5", "7days", "1w", "-1s", "1h30m", "s", "", "7 d", "nan", "1e3s", "７s"])
def test_a_duration_has_a_unit(given: str, capsys: pytest.CaptureFixture[str]) -> None:
    """On the command line a bare number is refused: nobody knows which unit was meant."""
    for option in (["test", "--stale"], ["apply", "--lock-timeout"], ["apply", "--max-age"]):
        assert run([*option, given]) == 64
        assert re.search(r"[75]d\b|d: ", capsys.readouterr().err)


def test_nothing_needs_no_unit(repository: Repository) -> None:
    """Zero is the same in all of them."""
    assert repository("apply", "--auto-approve", "--lock-timeout", "0").code == 0
    assert repository("test", "--stale", "0", "--lock-timeout", "1.5s").code == 0


@pytest.mark.parametrize(("path", "command"), list(commands()), ids=lambda each: each if isinstance(each, str) else "")
def test_examples_are_understood(path: str, command: click.Command) -> None:
    """The help of every command has examples of it, each of which can be pasted."""
    assert examples(command)
    for line in examples(command):
        ours = [part.strip() for part in re.split(r"[|]", line) if part.strip().startswith("blinkdecl")]
        assert any(path.removeprefix("blinkdecl ") in part for part in ours)
        for part in ours:
            parses(re.sub(r" [<>] \S+$", "", part.partition("  #")[0].strip()))


@pytest.mark.parametrize(("path", "command"), list(commands()), ids=lambda each: each if isinstance(each, str) else "")
def test_help_speaks_the_fields_words(path: str, command: click.Command, capsys: pytest.CaptureFixture[str]) -> None:
    """One word for one kind of value, what may be repeated says so, and the global options are shown once."""
    assert run([*path.split()[1:], "--help"]) == 0
    out = capsys.readouterr().out
    assert not re.search(r"RANGE|INTEGER|\bFLOAT|\bTIME\b|\bAGE\b|<=|>=|UUID UUID", out)
    assert ("--chdir" in out) == (path == "blinkdecl")
    assert "`blinkdecl --help`" in out or path == "blinkdecl"
    assert max(map(len, out.splitlines())) <= 80
    for each in command.params:
        if isinstance(each, click.Option) and each.multiple and each.name != "variables":
            assert "repeatable" in (each.help or "")
        if type(each.type).__name__ == "Seconds":
            assert (each.metavar, isinstance(each, click.Option)) == ("DURATION", True)


@pytest.mark.parametrize(
    "line",
    [
        "plan api_key=canary",
        "plan -var=api_key=canary",
        "apply -var token=canary x",
        "--token canary sandbox",
        "--api-key=canary sandbox",
        "-api-key canary sandbox",
        "--var=password=canary --format json plan",
    ],
)
def test_what_may_be_a_secret_is_not_repeated(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Neither where it is quoted as it was typed nor in the command that is offered instead."""
    assert run(line.split()) == 64
    said = "".join(capsys.readouterr())
    assert "canary" not in said
    assert "[usage]" in said
