"""The guided provider: steps for a person, and what the person confirms."""

from collections.abc import Callable

import pytest

from tests.support.repository import KEY, Repository

ADDRESS = "destination.blink-soc"
UUID = "6f1c0e0a-0000-4000-8000-000000000001"


@pytest.fixture
def console(repository: Repository) -> Repository:
    """A repository whose Panther has no API."""
    repository.edit("version: 1\n", "version: 1\nprovider: {type: console}\n")
    return repository


def test_apply_writes_the_steps_without_any_secret(console: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """In CI, without a terminal and without the key: the checklist names where the key is."""
    monkeypatch.delenv("BLINK_SOC_API_KEY")
    ran = console("apply", "--auto-approve", "--checklist", "steps.md")
    assert ran.code == 0
    assert "1 change to make by hand" in ran.out
    steps = (console.folder / "steps.md").read_text()
    for line in (
        "- [ ] Click **Blink Ops**",
        "  - **API Key**: the value of env BLINK_SOC_API_KEY",
        "  - **Severity**: **HIGH, CRITICAL**",
        f"- [ ] Prove and record it: `blinkdecl -C {console.folder} confirm {ADDRESS}`",
    ):
        assert line in steps
    assert console.sandbox.received() == ()


def test_quiet_still_gives_the_steps(console: Repository) -> None:
    """They are what was asked for: printed, or where they were written is."""
    assert "  1. In Blink, open Workspace > Automations" in console("apply", "--auto-approve", "-q").out
    ran = console("apply", "--auto-approve", "-q", "--checklist", "steps.md")
    assert "The steps are in steps.md." in ran.out
    assert "In Blink, open" not in ran.out


def test_a_confirmation_is_a_record(console: Repository) -> None:
    """Nothing is created by it; what is ticked or left empty in the form is not quoted as if it were typed."""
    steps = console("apply", "--auto-approve").out
    for line in ("Severity: HIGH, CRITICAL\n", "Log Type: empty (all)\n", 'Display Name: "Blink SOC"\n'):
        assert line in steps
    out = console("confirm", ADDRESS).out
    assert f"{ADDRESS}: Recording...\n{ADDRESS}: Recorded after " in out
    assert "Creat" not in out.replace("will be created", "")


def test_a_plan_shows_what_awaits(console: Repository) -> None:
    """From the apply on, until it is confirmed."""
    assert "awaits confirmation" not in console("plan").out
    console("apply", "--auto-approve")
    out = console("plan").out
    command = f"`blinkdecl -C {console.folder} confirm destination.blink-soc`"
    assert command in out[out.index("awaits confirmation") :]
    assert out.endswith(f"Next: {command}\n")
    (change,) = console("plan", "--format", "json").document["resource_changes"]
    assert (change["address"], change["awaiting"]) == (ADDRESS, True)
    assert console("confirm", ADDRESS).code == 0
    assert console("plan", "--detailed-exitcode").code == 0


def test_confirm_proves_first(console: Repository) -> None:
    """A refused test alert records nothing; an accepted one does, under the id that was given."""
    console.sandbox.rotate("soc", "another")
    assert console("confirm", ADDRESS).code == 4
    assert not console.state.exists() or UUID not in console.state.read_text()
    console.sandbox.rotate("soc", KEY)
    assert console("confirm", ADDRESS, "--id", UUID).code == 0
    assert UUID in console.state.read_text()
    assert [each.status for each in console.sandbox.received()] == [401, 200]


def test_every_change_is_proved_once(console: Repository) -> None:
    """Also one that needs no other key or URL."""
    console("confirm", ADDRESS)
    console.edit("[HIGH, CRITICAL]", "[CRITICAL]")
    ran = console("apply", "--auto-approve")
    assert "Severity: CRITICAL instead of HIGH, CRITICAL" in ran.out
    assert console("confirm", ADDRESS, "--format", "json").document["summary"]["changed"] == 1
    assert len(console.sandbox.received()) == 2


def test_a_deletion_is_confirmed_without_a_test_alert(console: Repository) -> None:
    """There is nothing left to prove."""
    console("confirm", ADDRESS)
    assert "Delete it" in console("destroy", "--auto-approve").out
    assert console("confirm", ADDRESS).code == 0
    assert console("state", "list").out == "trigger.soc\n"
    assert len(console.sandbox.received()) == 1


def test_an_id_can_be_given_later(console: Repository) -> None:
    """And what is recorded as declared needs no confirmation."""
    console("confirm", ADDRESS)
    assert "Nothing to confirm" in console("confirm", ADDRESS).out
    assert UUID in console("confirm", ADDRESS, "--id", UUID).out
    assert UUID in console.state.read_text()


def test_drift_says_that_it_cannot_see(console: Repository) -> None:
    """No drift, as far as it could be verified: which is not at all."""
    console("confirm", ADDRESS)
    ran = console("drift")
    assert (ran.code, "unverified (alert_types," in ran.out, "[not-readable]" in ran.out) == (0, True, True)
    assert "observe` sees them by the alerts that then go another way" in " ".join(ran.out.split())


def test_a_destination_that_is_there_already(console: Repository) -> None:
    """No steps are needed: it is declared as it is, and confirmed, as `import` and `test` say."""
    called = f"`blinkdecl -C {console.folder} confirm"
    assert f"declare it as it is; then {called} ADDRESS` records it" in " ".join(console("import", "--all").err.split())
    assert f"{called} {ADDRESS}` records it" in " ".join(console("test").out.split())
    assert console("confirm", ADDRESS).code == 0
    assert f"{ADDRESS}\n" in console("state", "list").out


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["confirm", "destination.blink-sock"], 1, "did you mean destination.blink-soc?"),
        (["confirm", ADDRESS, "--id", "nonsense"], 64, "usage"),
        (["import", "--all"], 1, "[unsupported]"),
    ],
)
def test_what_cannot_be_confirmed(console: Repository, words: list[str], code: int, told: str) -> None:
    """A typo, an id that is none, another command."""
    ran = console(*words)
    assert (ran.code, told in ran.err) == (code, True)


@pytest.mark.parametrize("run", [lambda run: run("confirm", ADDRESS), lambda run: run("apply", "--checklist", "x.md")])
def test_other_providers_have_nothing_to_confirm(repository: Repository, run: Callable[..., object]) -> None:
    """Neither a confirmation nor a checklist."""
    ran = run(repository)
    assert getattr(ran, "code", 0) in (1, 64)
    assert not (repository.folder / "x.md").exists()


OTHER = "destination.blink-digest"
TWO = """
  blink-digest:
    display_name: Blink digest
    trigger: soc
    severities: [LOW]
"""


def test_what_takes_waits_for_what_gives(console: Repository) -> None:
    """CRITICAL is handed over: the checklist says in which order, and `confirm` keeps to it."""
    console.write("blinkdecl.yaml", (console.folder / "blinkdecl.yaml").read_text() + TWO)
    for address in (ADDRESS, OTHER):
        assert console("confirm", address).code == 0
    console.edit("severities: [HIGH, CRITICAL]", "severities: [HIGH]")
    console.edit("severities: [LOW]", "severities: [LOW, CRITICAL]")
    out = console("apply", "--auto-approve").out
    assert out.index(f"({OTHER})") < out.index(f"({ADDRESS})")
    assert f"Not before {OTHER} is confirmed." in out
    ran = console("confirm", ADDRESS)
    assert (ran.code, "[waits]" in ran.err) == (4, True)
    assert console("confirm", OTHER).code == 0
    assert console("confirm", ADDRESS).code == 0
    assert console("plan", "--detailed-exitcode").code == 0


def test_a_swap_is_made_in_three_steps(console: Repository) -> None:
    """Two that swap their severities: one is widened, the other changed, the first narrowed; each is confirmed."""
    console.write("blinkdecl.yaml", (console.folder / "blinkdecl.yaml").read_text() + TWO)
    for address in (ADDRESS, OTHER):
        assert console("confirm", address).code == 0
    console.edit("severities: [HIGH, CRITICAL]", "severities: [MEDIUM]")
    console.edit("severities: [LOW]", "severities: [HIGH, CRITICAL]")
    console.edit("severities: [MEDIUM]", "severities: [LOW]")
    out = console("apply", "--auto-approve").out
    titles = [line for line in out.splitlines() if line.startswith("Change ")]
    assert len(titles) == 3
    order = [line.partition("  (")[2].rstrip(")") for line in titles]
    assert order[0] == order[2] != order[1]
    for address in order:
        assert console("confirm", address).code == 0
    assert console("plan", "--detailed-exitcode").code == 0


def test_the_steps_are_remembered(console: Repository) -> None:
    """Each confirmation names the next one and shows what it does itself; a refused one forgets nothing."""
    other = "destinations:\n  other: {display_name: Other, trigger: soc, severities: [LOW]}\n"
    console.edit("destinations:\n", other)
    console("apply", "--auto-approve")
    for address in (ADDRESS, "destination.other"):
        console("confirm", address)
    console.edit("[LOW]", "[HIGH, CRITICAL]")
    console.edit("trigger: soc\n    severities: [HIGH, CRITICAL]", "trigger: soc\n    severities: [LOW]")
    console("apply", "--auto-approve")
    assert console("plan").out.count("(awaits confirmation:") == 2
    console.sandbox.rotate("soc", "another")
    assert console("confirm", ADDRESS).code == 4
    console.sandbox.rotate("soc", KEY)
    ran = console("confirm", ADDRESS)
    assert ran.code == 0
    assert "CRITICAL" not in ran.out[ran.out.index("Who receives alerts:") : ran.out.index("Plan:")]
    assert console("plan").out.count("(awaits confirmation:") == 2
    assert "confirm destination.other`" in ran.out[ran.out.index("Next:") :]
    assert f"confirm {ADDRESS}`" in console("confirm", "destination.other").out.split("Next:")[1]
    assert "Next:" not in console("confirm", ADDRESS).out
    assert console("plan", "--detailed-exitcode").code == 0


def test_a_name_is_handed_over(console: Repository) -> None:
    """The old destination has another name until it is deleted, after the new one is confirmed."""
    assert console("confirm", ADDRESS).code == 0
    console.edit("  blink-soc:", "  blink-new:")
    out = console("apply", "--auto-approve").out
    titled = [line for line in out.splitlines() if line.endswith((f"({ADDRESS})", "(destination.blink-new)"))]
    assert [line for line in titled if not line.startswith(" ")] == [
        'Change "Blink SOC"  (destination.blink-soc)',
        'Create "Blink SOC"  (destination.blink-new)',
        'Delete "Blink SOC"  (destination.blink-soc)',
    ]
    assert console("confirm", "destination.blink-new").code == 4
    assert "recorded under the name" in console("confirm", ADDRESS).out
    assert console("confirm", "destination.blink-new").code == 0
    assert console("confirm", ADDRESS).code == 0
    assert console("state", "list").out == "destination.blink-new\ntrigger.soc\n"


def test_a_confirmation_that_fails_records_nothing(console: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """A person has made the destination, or changed it: nobody is told that it was not created."""
    console("apply", "--auto-approve")
    monkeypatch.setenv("BLINK_SOC_API_KEY", "wrong")
    ran = console("confirm", ADDRESS)
    assert (ran.code, f"{ADDRESS} was not recorded" in ran.out + ran.err) == (4, True)
    assert "was not created" not in ran.out + ran.err
