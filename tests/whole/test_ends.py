"""How runs end: what they say of what was done, of what was not, and of what comes next."""

import pytest

from tests.support.repository import Repository

ADDRESS = "destination.blink-soc"
MOVED = "moved: [{from: destination.blink-soc, to: destination.soc}]\ntriggers:\n"

NEW = """
triggers:
  new:
    workspace: SOC
    automation: New
    webhook: {{url: {url}/webhooks/new, api_key: {{env: BLINK_SOC_API_KEY}}}}
"""


@pytest.fixture
def console(repository: Repository) -> Repository:
    """A repository whose Panther has no API."""
    repository.edit("version: 1\n", "version: 1\nprovider: {type: console}\n")
    return repository


def move(repository: Repository, more: str = "") -> None:
    """Give the destination another address, and perhaps something else beside it."""
    repository.edit("triggers:\n", MOVED)
    repository.edit("  blink-soc:\n", f"  soc:\n{more}")


def test_what_has_moved_is_counted(repository: Repository) -> None:
    """As the plan counts it: in text, JSON and Markdown."""
    assert repository("apply", "--auto-approve").code == 0
    move(repository)
    assert "0 to destroy, 1 to move." in repository("plan").out
    assert "0 added, 0 changed, 0 destroyed, 1 moved." in repository("apply", "--auto-approve").out
    assert " moved" not in repository("apply", "--auto-approve").out


def test_what_has_moved_is_counted_in_documents(repository: Repository) -> None:
    """Beside a change of the same destination too, and with its earlier address."""
    assert repository("apply", "--auto-approve").code == 0
    move(repository, "    allow_manual_dispatch: true\n")
    document = repository("apply", "--auto-approve", "--format", "json").document
    [result] = document["results"]
    assert (document["summary"]["changed"], document["summary"]["moved"]) == (1, 1)
    assert (result["address"], result["previous_address"]) == ("destination.soc", "destination.blink-soc")


def test_what_has_moved_is_counted_in_a_comment(repository: Repository) -> None:
    """The first line says it."""
    assert repository("apply", "--auto-approve").code == 0
    move(repository)
    first = repository("apply", "--auto-approve", "--format", "markdown").out.split("\n")[1]
    assert first.endswith("0 destroyed, 1 moved.")


def flat(text: str) -> str:
    """Return a text as one line, wherever it was wrapped."""
    return " ".join(text.split())


def test_apply_says_why_a_secret_is_unverified(console: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the plan does; what is created has no value that may change."""
    monkeypatch.delenv("BLINK_SOC_API_KEY")
    for words in (("plan",), ("apply", "--auto-approve")):
        told = flat(console(*words).out)
        created = (
            f"Unverified: api_key of 1 resource ({ADDRESS}), to be created: there is no value here, as listed below."
        )
        assert created in told
        assert "env BLINK_SOC_API_KEY is not set" in told
        assert "confirm ADDRESS` needs the values of what it proves." in told
        assert "may change" not in told


def test_a_secret_that_may_change_is_said_to(console: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a destination that is there, whether it changes or not: the reason is that of the plan."""
    assert console("apply", "--auto-approve").code == 0
    assert console("confirm", ADDRESS).code == 0
    monkeypatch.delenv("BLINK_SOC_API_KEY")
    why = f"({ADDRESS}). These were not compared, and may change: they have no value here, as listed below."
    assert why in flat(console("apply", "--auto-approve").out)
    console.edit("[HIGH, CRITICAL]", "[HIGH]")
    for words in (("plan",), ("apply", "--auto-approve")):
        assert why in flat(console(*words).out)


def test_a_plan_that_is_refused_says_why_a_secret_is_unverified(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With every provider: nothing was resolved for it."""
    repository.edit("triggers:\n", "coverage: [{severities: [LOW]}]\ntriggers:\n")
    monkeypatch.delenv("BLINK_SOC_API_KEY")
    ran = repository("apply", "--auto-approve")
    assert (ran.code, "env BLINK_SOC_API_KEY is not set" in flat(ran.out)) == (3, True)
    told = flat(repository("plan", "--offline").out)
    assert "to be created: no value is known here, as listed below." in told
    assert "env BLINK_SOC_API_KEY is not set" in told
    monkeypatch.setenv("BLINK_SOC_API_KEY", "canary")
    told = flat(repository("plan", "--offline").out)
    assert "to be created: no value is known here, or --offline did not look for it." in told


def test_what_awaited_confirmation_may_exist(console: Repository) -> None:
    """`destroy` deletes what is confirmed: of the rest it says so once, in text and JSON."""
    assert console("apply", "--auto-approve").code == 0
    ran = console("destroy", "--auto-approve")
    assert (ran.code, ran.out.count("[unconfirmed]")) == (0, 1)
    assert f"{ADDRESS} awaited confirmation" in flat(ran.out)
    assert 'look for "Blink SOC" in the console; if it is there, delete it there' in flat(ran.out)
    assert "unconfirmed" not in console("destroy", "--auto-approve").out
    assert console("apply", "--auto-approve").code == 0
    [told] = console("destroy", "--auto-approve", "--format", "json").document["diagnostics"]
    assert (told["code"], told["severity"]) == ("unconfirmed", "warning")


def test_what_awaited_confirmation_and_is_not_declared_any_more(console: Repository) -> None:
    """A plan says it as well, unless another address asks for the same."""
    console.edit("destinations:\n", "destinations:\n  kept: {display_name: K, trigger: soc, severities: [LOW]}\n")
    assert console("apply", "--auto-approve").code == 0
    assert console("confirm", "destination.kept").code == 0
    assert "unconfirmed" not in console("plan").out
    console.edit("  blink-soc:", "  other:")
    assert "unconfirmed" not in console("plan").out
    console.edit("display_name: Blink SOC", "display_name: Another")
    assert "[unconfirmed]" in console("plan").out
    assert "[unconfirmed]" not in console("plan", "--target", "destination.other").out


def test_the_step_that_finishes_a_destroy(console: Repository) -> None:
    """Once the last deletion is confirmed, the trigger is still recorded: the same command forgets it."""
    assert console("confirm", ADDRESS).code == 0
    assert console("destroy", "--auto-approve").code == 0
    assert console("confirm", ADDRESS).out.endswith(f"Next: `blinkdecl -C {console.folder} destroy`\n")
    out = console("destroy", "--auto-approve").out
    assert (console("state", "list").out, "trigger.soc: Forgotten\n" in out) == ("", True)


def test_the_step_that_finishes_a_deletion(console: Repository) -> None:
    """Where blocks were removed it is `apply`; where other destinations are left, there is none."""
    extra = "  other:\n    display_name: O\n    trigger: soc\n    severities: [LOW]\n"
    console.write("more.yaml", f"version: 1\ndestinations:\n{extra}")
    console.edit("version: 1\n", "version: 1\ninclude: [more.yaml]\n")
    for address in (ADDRESS, "destination.other"):
        assert console("confirm", address).code == 0
    assert console("destroy", "--auto-approve", "--target", "destination.other").code == 0
    assert "Next:" not in console("confirm", "destination.other").out
    text = (console.folder / "blinkdecl.yaml").read_text()
    console.write("blinkdecl.yaml", text[: text.index("triggers:")])
    console.write(
        "more.yaml", f"version: 1\ndestinations:\n{extra.replace('soc', 'new')}{NEW.format(url=console.sandbox.url)}"
    )
    assert console("apply", "--auto-approve").code == 0
    assert "Next:" in console("confirm", "destination.other").out
    assert console("confirm", ADDRESS).out.endswith(f"Next: `blinkdecl -C {console.folder} apply`\n")
    assert console("apply", "--auto-approve").code == 0
    assert console("state", "list").out == "destination.other\ntrigger.new\n"


def test_triggers_alone_are_told(repository: Repository) -> None:
    """A line for each, and one empty line before the sum; beside destinations they are only counted."""
    assert "trigger.soc: " not in repository("apply", "--auto-approve").out
    repository.edit("automation: Triage alerts", "automation: Another")
    out = repository("apply", "--auto-approve").out
    assert "\n\n\n" not in out
    assert "\n\ntrigger.soc: Recorded\n\nApply complete!" in out
    repository.edit("triggers:\n", "moved: [{from: trigger.soc, to: trigger.new}]\ntriggers:\n")
    repository.edit("  soc:\n", "  new:\n")
    repository.edit("trigger: soc", "trigger: new")
    assert "trigger.new: Moved\n" in repository("apply", "--auto-approve", "--target", "trigger.new").out


def test_what_is_protected_can_be_left_out(repository: Repository) -> None:
    """`destroy` names the command that leaves all of it out, and that does."""
    block = "display_name: {0}, trigger: soc, severities: [LOW]"
    two = "".join(f"  {name}: {{{block.format(name)}, lifecycle: {{prevent_destroy: true}}}}\n" for name in ("a", "b"))
    repository.edit("destinations:\n", f"destinations:\n{two}")
    assert repository("apply", "--auto-approve").code == 0
    ran = repository("destroy", "--auto-approve", "--target", "destination.*")
    command = "destroy --target 'destination.*' --exclude destination.a --exclude destination.b`"
    told = flat(ran.out)
    assert (ran.code, told.count(command)) == (3, 2)
    assert "to destroy it as well: set `lifecycle: {prevent_destroy: false}`, then `blinkdecl" in told
    words = ["--target", "destination.*", "--exclude", "destination.a", "--exclude", "destination.b"]
    assert repository("destroy", "--auto-approve", *words).code == 0
    assert repository("state", "list").out == "destination.a\ndestination.b\ntrigger.soc\n"
