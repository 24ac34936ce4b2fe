"""What a plan says, first thing, of where secrets and alerts would go that they did not go before."""

from dataclasses import replace

import pytest

from blinkdecl.diagnostics import Position
from blinkdecl.model.configuration import BlinkSettings, ProviderSettings, Settings, StateSettings
from blinkdecl.model.resource import Resource, SecretReference
from blinkdecl.model.state import ProjectRecord, State
from blinkdecl.planner.exposure import exposure, project_record
from tests.support.builders import KEY, OTHER_KEY, recorded, trigger
from tests.support.repository import Repository

TOKEN = SecretReference("env", "TOKEN")
BEFORE = Settings(provider=ProviderSettings("panther", url="https://api.example/graphql", token=TOKEN))


def state(*resources: Resource) -> State:
    """Return what was recorded when the project was last applied."""
    found = recorded(*resources)
    return replace(found, project=project_record(BEFORE))


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        (BEFORE, ()),
        (replace(BEFORE, provider=ProviderSettings()), ("the provider is local, and was panther",)),
        (
            replace(BEFORE, webhook_hosts=("*.blinkops.com", "evil.example")),
            ("alerts may go to evil.example, which webhook_hosts did not list",),
        ),
        (
            replace(BEFORE, provider=replace(BEFORE.provider, token=SecretReference("env", "OTHER"))),
            ("provider.token comes from env OTHER, and came from env TOKEN",),
        ),
        (
            replace(BEFORE, provider=replace(BEFORE.provider, headers={"X-Extra": KEY})),
            (f"provider.headers.X-Extra comes from {KEY}, and was not named",),
        ),
        (
            replace(BEFORE, state=StateSettings("http", {}, {"password": KEY})),
            (f"state.password comes from {KEY}, and was not named",),
        ),
        (
            replace(BEFORE, blink=BlinkSettings("https://evil.example", KEY)),
            (
                "Panther, Blink or the state is at evil.example, and was not",
                f"blink.api_key comes from {KEY}, and was not named",
            ),
        ),
    ],
)
def test_what_the_project_file_says(settings: Settings, told: tuple[str, ...]) -> None:
    """Hosts, provider and references that are not as they were recorded, each in a sentence."""
    assert exposure(settings, (), state(trigger())) == told


@pytest.mark.parametrize(
    ("other", "told"),
    [
        (trigger(), ""),
        (trigger(automation="another"), ""),
        (
            trigger(secrets={"api_key": OTHER_KEY}),
            f"trigger.soc takes its key from {OTHER_KEY}, and took it from {KEY}",
        ),
        (trigger(url="https://evil.example/webhooks/x"), f"trigger.soc sends the key from {KEY} to evil.example"),
        (trigger("new", url="https://evil.example/x"), f"trigger.new sends the key from {KEY} to evil.example"),
        (
            trigger("new", url="https://evil.example/x", secrets={"api_key": OTHER_KEY}),
            "nothing recorded names that key",
        ),
        (trigger(url=None, secrets={"api_key": KEY, "url": OTHER_KEY}), f"to the URL from {OTHER_KEY}, and it went to"),
    ],
)
def test_what_triggers_send(other: Resource, told: str) -> None:
    """A key that is in use, and would go to another host or come from elsewhere; a new one has nothing to compare."""
    found = exposure(BEFORE, (other,), state(trigger()))
    assert any(told in each for each in found) if told else found == ()


def test_before_the_first_time() -> None:
    """Of a state that the YAML names, that nothing is recorded is said; one of version 1 knows no project, but keys."""
    empty = State("", "00")
    assert exposure(BEFORE, (trigger(),), empty) == ()
    named = replace(BEFORE, state=StateSettings(position=Position("blinkdecl.yaml", 3, 3)))
    assert [each[:29] for each in exposure(named, (trigger(),), empty)] == ["no apply was ever completed w"]
    known = recorded(trigger())
    told = exposure(BEFORE, (trigger(url="https://evil.example/x"),), known)
    assert [each.partition(" ")[0] for each in told] == ["no", "trigger.soc"]
    assert isinstance(project_record(BEFORE), ProjectRecord)


def test_another_state_is_no_way_around_it(repository: Repository) -> None:
    """A branch that names an empty one beside a new host does not look like a first plan."""
    repository.edit("version: 1", "version: 1\nstate: {path: .blinkdecl/one.json}")
    assert repository("apply", "--auto-approve").code == 0
    repository.edit("one.json", "other.json")
    told = repository("plan", "--format", "json").document["exposure"]
    assert [each[:29] for each in told] == ["no apply was ever completed w"]


def test_a_plan_begins_with_it(repository: Repository) -> None:
    """In every format, before the actions, and in the digest; once applied, it is as it was."""
    assert repository("apply", "--auto-approve").code == 0
    repository.edit('webhook_hosts: ["127.0.0.1"]', 'webhook_hosts: ["127.0.0.1", evil.example]')
    ran = repository("plan")
    assert ran.out.startswith("Where secrets go, against what was last applied:\n  - alerts may go to evil")
    page = repository("plan", "--format", "markdown").out
    assert "**Where secrets go, against" in page
    command = f"`blinkdecl -C {repository.folder} apply`"
    assert command in ran.out
    assert command in page
    assert len(repository("plan", "--format", "json").document["exposure"]) == 1
    assert repository("apply", "--auto-approve").code == 0
    assert repository("plan", "--format", "json").document["exposure"] == []


def test_a_run_that_failed_changes_nothing_of_it(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was not applied is still different, until it is."""
    assert repository("apply", "--auto-approve").code == 0
    repository.edit('webhook_hosts: ["127.0.0.1"]', 'webhook_hosts: ["127.0.0.1", new.example]')
    monkeypatch.setenv("BLINK_SOC_API_KEY", "wrong-canary-of-twenty-characters")
    assert repository("apply", "--auto-approve").code == 4
    assert len(repository("plan", "--format", "json").document["exposure"]) == 1
    monkeypatch.setenv("BLINK_SOC_API_KEY", repository.secrets[0])
    assert repository("apply", "--auto-approve").code == 0
    assert repository("plan", "--format", "json").document["exposure"] == []
