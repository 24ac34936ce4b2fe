"""No secret of a run is in anything that it prints or leaves, whatever goes wrong; `make canaries` runs all of it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.canaries import CANARIES, Scanner
from tests.whole.canaries.commands import commands
from tests.whole.canaries.faults import faults
from tests.whole.canaries.matrix import PEERS, under
from tests.whole.canaries.peers import Database, serving
from tests.whole.canaries.place import Place, place

Told = Callable[[str, object], None]
_SHARES = 6
# What commands have in their words that ask Panther for alerts, or Blink.
_ASKS = {"panther": {"observe", "--replay"}, "runs": {"plan", "drift", "--prove", "--blink"}}
# What there is to run: a format that is new has to be written here, and is run then.
FORMATS = {
    **dict.fromkeys(("init", "fmt", "state mv", "state rm", "state push", "state unlock"), "text"),
    **dict.fromkeys(("schema", "completion", "help", "state pull"), "text"),
    **dict.fromkeys(("confirm", "import", "destroy", "dispatch", "state list", "state show"), "text json"),
    "stacks": "text json github-matrix gitlab",
    **dict.fromkeys(("plan", "show"), "text json markdown html junit github gitlab gitlab-terraform sarif"),
    **dict.fromkeys(("drift", "observe", "coverage"), "text json markdown html junit github gitlab sarif"),
    **dict.fromkeys(("validate", "route"), "text json markdown junit github gitlab sarif"),
    "test": "text json markdown html junit github",
    "report": "html markdown",
    "apply": "text json markdown",
}


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Place]:
    """A project with a canary in each place."""
    with place(tmp_path, Scanner()) as found:
        yield found


def told(made: Place, record_property: Told) -> None:
    """Nothing was found; say how much was read."""
    assert made.scanner.hits == []
    size = made.scanner.size // 1024
    record_property("told", f"canaries: {made.runs} runs, {made.scanner.outputs} outputs, {size} KiB, 0 hits")


@pytest.mark.parametrize("share", range(_SHARES))
def test_nothing_is_left_of_a_secret(share: int, made: Place, record_property: Told) -> None:
    """Every fault, with a command that meets it."""
    for number, fault in enumerate(faults()):
        if number % _SHARES != share:
            continue
        met = [each for each in commands() if fault.kind not in PEERS or each.meets(fault.kind)]
        under(made, fault, [met[number * 7 % len(met)]])
    told(made, record_property)


@pytest.mark.parametrize(
    ("name", "verbosity"),
    [
        ("none", ""), ("none", "-v"), ("none", "-q"), ("YAML: literal", "-v"), ("panther error", "-v"),
    ],
)  # fmt: skip
def test_every_command_in_every_format(name: str, verbosity: str, made: Place, record_property: Told) -> None:
    """Whether it succeeds or fails, at every verbosity."""
    fault = next(each for each in faults() if each.name == name)
    called = [replace(each, words=(*each.words, *filter(None, [verbosity]))) for each in commands()]
    met = [each for each in called if fault.kind not in PEERS or each.meets(fault.kind)]
    ran = sorted({f"{each.name} {each.format}" for each in met})
    if fault.kind not in PEERS:
        assert ran == sorted(f"{command} {form}" for command, forms in FORMATS.items() for form in forms.split())
    under(made, fault, called)
    told(made, record_property)
    record_property("ran", f"{name} {verbosity}: {', '.join(ran)}")


def test_secrets_in_what_is_asked_for(made: Place, record_property: Told) -> None:
    """Alerts, automations and runs that have one in their names, ids, texts and headers; formats take turns."""
    for number, fault in enumerate(each for each in faults() if " told " in each.name):
        asking = [each for each in commands(number) if each.meets(fault.kind) and _ASKS[fault.kind] & {*each.words}]
        assert len(asking) > 3
        under(made, fault, asking)
    told(made, record_property)


def test_a_password_that_libpq_finds_by_itself(made: Place) -> None:
    """The server repeats what ~/.pgpass holds, which only libpq has read."""
    del made.environ["PGPASSWORD"]
    file = made.around / "home/.pgpass"
    made.environ["PGPASSFILE"] = str(file)
    file.write_text(f"*:*:*:*:{CANARIES['PGPASSWORD']}\n")
    file.chmod(0o600)
    made.inputs[file] = file.read_bytes()
    server = Database()
    server.texts = lambda password: f"the password {password} is odd"
    with serving(server):
        made.database = server.server_address[1]
        made.declare("postgres by PGPASSWORD")
        ran = made("state", "list")
    assert "the password *** is odd" in ran.err
    assert (server.given[-1:], made.scanner.hits) == ([CANARIES["PGPASSWORD"]], [])
