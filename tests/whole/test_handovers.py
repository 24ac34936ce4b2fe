"""Alerts that change hands, through the command line: the timeline of the sandbox's Panther shows no gap.

The local provider has no destinations of its own: there it is the record that must not lose what stays.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest

from blinkdecl.model.resource import Attributes, canonical
from blinkdecl.planner import dependencies
from blinkdecl.sandbox import Sandbox
from blinkdecl.sandbox.panther.timeline import Moment
from tests.support.repository import KEY, Ran, Repository
from tests.support.timeline import stored, unkept

TOKEN = "canary-7a2c-token"
Kind = Literal["native", "self-hosted", "local"]


@dataclass(frozen=True)
class Wanted:
    """A destination: its display name, what it receives, and its trigger, `soc` or `new`."""

    shown: str
    severities: tuple[str, ...]
    trigger: str = "soc"
    more: str = ""


Side = Mapping[str, Wanted]
OLD = {"a": Wanted("A", ("CRITICAL",))}
NEW = {"b": Wanted("B", ("CRITICAL",), "new")}


class Tenant:
    """A repository beside a Panther, or beside none, and what was there when the change began."""

    def __init__(self, kind: Kind, repository: Repository) -> None:
        self.kind, self.run = kind, repository
        self._begun = 0

    def declare(self, side: Side) -> None:
        """Write the configuration."""
        url = self.run.sandbox.url
        provider = f'{{type: panther, url: "{url}/public/graphql", token: {{env: PANTHER_API_TOKEN}}}}'
        lines = ["version: 1", 'webhook_hosts: ["127.0.0.1"]']
        lines += [f"provider: {provider if self.kind != 'local' else '{type: local}'}", "triggers:"]
        for name in ("soc", "new"):
            lines.append(f"  {name}: {{webhook: {{url: {url}/webhooks/{name}, api_key: {{env: BLINK_SOC_API_KEY}}}}}}")
        lines.append("destinations:")
        for name, each in side.items():
            severities = f"severities: [{', '.join(each.severities)}]"
            lines.append(f"  {name}: {{display_name: {each.shown}, trigger: {each.trigger}, {severities}{each.more}}}")
        self.run.write("blinkdecl.yaml", "\n".join(lines) + "\n")

    def begin(self, side: Side) -> None:
        """Apply what there is before the change."""
        self.declare(side)
        assert self.run("apply", "--auto-approve").code == 0
        self._begun = len(self.run.sandbox.timeline()) - 1

    def change(self, before: Side, after: Side, *words: str) -> Ran:
        """Apply one side, then the other; nobody may be without alerts, or share a name, on the way."""
        self.begin(before)
        self.declare(after)
        ran = self.run("apply", "--auto-approve", *words)
        assert not unkept(map(stored, self.moments()), _attributes(before), _attributes(after))
        return ran

    def moments(self) -> list[Moment]:
        """Return what was stored since the change began; nothing where there is no Panther."""
        return list(self.run.sandbox.timeline())[self._begun :] if self.kind != "local" else []

    def calls(self) -> int:
        """Return how many changes Panther has seen since."""
        return max(0, len(self.moments()) - 1)

    def there(self) -> dict[str, tuple[str, ...]]:
        """Return the severities by display name: as Panther holds them, or else as they are recorded."""
        recorded = {
            str(each["attributes"]["display_name"]): tuple(each["attributes"]["severities"])
            for each in json.loads(self.run.state.read_text())["resources"]
            if each["address"].startswith("destination.")
        }
        if self.kind != "local":
            assert {each.display_name: each.severities for each in self.run.sandbox.destinations()} == recorded
        return recorded


def _attributes(side: Side) -> list[Attributes]:
    return [
        canonical("destination", {"display_name": each.shown, "severities": list(each.severities)})
        for each in side.values()
    ]


@pytest.fixture(params=["native", "self-hosted", "local"])
def tenant(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Iterator[Tenant]:
    """Both kinds of Panther, and none."""
    monkeypatch.setenv("BLINK_SOC_API_KEY", KEY)
    monkeypatch.setenv("PANTHER_API_TOKEN", TOKEN)
    monkeypatch.delenv("CI", raising=False)
    profile: Literal["native", "self-hosted"] = "self-hosted" if request.param == "self-hosted" else "native"
    with Sandbox(api_key=KEY, token=TOKEN, profile=profile) as sandbox:
        yield Tenant(request.param, Repository(tmp_path, sandbox, capsys, [KEY, TOKEN]))


@pytest.mark.parametrize(
    ("before", "after", "calls"),
    [
        (OLD, NEW, 2),
        ({"a": Wanted("A", ("HIGH", "CRITICAL")), "b": Wanted("B", ("LOW",))},
         {"a": Wanted("A", ("HIGH",)), "b": Wanted("B", ("LOW", "CRITICAL"))}, 2),
        ({"a": Wanted("A", ("HIGH",)), "b": Wanted("B", ("CRITICAL",))},
         {"a": Wanted("A", ("CRITICAL",)), "b": Wanted("B", ("HIGH",))}, 3),
        ({"a": Wanted("A", ("LOW",)), "b": Wanted("B", ("HIGH",)), "c": Wanted("C", ("CRITICAL",))},
         {"a": Wanted("A", ("HIGH",)), "b": Wanted("B", ("CRITICAL",)), "c": Wanted("C", ("LOW",))}, 4),
        ({"a": Wanted("Blink SOC", ("CRITICAL",))}, {"b": Wanted("Blink SOC", ("CRITICAL",), "new")}, 3),
    ],
    ids=["hand-over", "narrow-and-widen", "swap", "ring-of-three", "same-display-name"],
)  # fmt: skip
def test_alerts_change_hands(tenant: Tenant, before: Side, after: Side, calls: int) -> None:
    """Nobody misses an alert meanwhile, it takes no more calls than it must, and nothing is left to do."""
    ran = tenant.change(before, after)
    assert ran.code == 0
    assert tenant.there() == {each.shown: each.severities for each in after.values()}
    assert tenant.calls() == (calls if tenant.kind != "local" else 0)
    assert tenant.run("plan", "--detailed-exitcode").code == 0


@pytest.mark.parametrize("shown", ["B", "A"], ids=["another-name", "same-name"])
def test_a_wrong_key_leaves_the_old_one(tenant: Tenant, shown: str) -> None:
    """What was to receive the alerts is not made, so what receives them stays, and says why; the next run ends it."""
    tenant.run.sandbox.rotate("new", "another")
    after = {"b": Wanted(shown, ("CRITICAL",), "new")}
    ran = tenant.change(OLD, after)
    told = " ".join((ran.out + ran.err).split())
    assert ran.code == 4
    assert "destination.a was left as it is [waits]" in told
    assert "destination.b, which is to receive CRITICAL in its place, was not made: Blink refused its test" in told
    assert tenant.there() == {"A": ("CRITICAL",)}
    assert tenant.calls() == 0
    tenant.run.sandbox.rotate("new", KEY)
    assert tenant.run("apply", "--auto-approve").code == 0
    assert tenant.there() == {shown: ("CRITICAL",)}
    assert not unkept(map(stored, tenant.moments()), _attributes(OLD), _attributes(after))


def test_without_the_order_the_timeline_has_a_gap(tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    """The timeline shows it: with the order left out, the old one goes although the new one is not made."""
    monkeypatch.setattr(dependencies, "needs_of", lambda *_: [])
    tenant.run.sandbox.rotate("new", "another")
    if tenant.kind == "local":
        assert tenant.change(OLD, NEW).code == 4
        assert tenant.there() == {}
        return
    with pytest.raises(AssertionError, match="CRITICAL"):
        tenant.change(OLD, NEW)


def test_a_wrong_key_in_json(tenant: Tenant) -> None:
    """The reason stands with what was left as it was, as a code."""
    tenant.run.sandbox.rotate("new", "another")
    ran = tenant.change(OLD, NEW, "--format", "json")
    results = {each["address"]: each for each in ran.document["results"]}
    assert (ran.code, results["destination.b"]["outcome"]) == (4, "failed")
    assert (results["destination.a"]["outcome"], results["destination.a"]["code"]) == ("skipped", "waits")


@pytest.mark.parametrize("order", ["target", "exclude"])
def test_one_half_alone(tenant: Tenant, order: str) -> None:
    """The half that takes brings what gives along; without what gives it stays. What gives goes alone."""
    words = ("--target", "destination.a") if order == "target" else ("--exclude", "destination.b")
    ran = tenant.change(OLD, NEW, *words)
    assert ran.code == 0
    assert tenant.there() == ({"B": ("CRITICAL",)} if order == "target" else {"A": ("CRITICAL",)})


def test_the_giving_half_alone(tenant: Tenant) -> None:
    """Both receive what one of them is to receive in the end."""
    assert tenant.change(OLD, NEW, "--target", "destination.b").code == 0
    assert tenant.there() == {"A": ("CRITICAL",), "B": ("CRITICAL",)}
    assert tenant.run("apply", "--auto-approve").code == 0
    assert tenant.there() == {"B": ("CRITICAL",)}


def test_the_old_one_is_protected(tenant: Tenant) -> None:
    """prevent_destroy refuses the whole plan, whose block is gone: nothing is touched, and no test alert is sent."""
    kept = {"a": Wanted("A", ("CRITICAL",), more=", lifecycle: {prevent_destroy: true}")}
    tenant.begin(kept)
    state, alerts = tenant.run.state.read_bytes(), len(tenant.run.sandbox.received())
    tenant.declare(NEW)
    ran = tenant.run("apply", "--auto-approve")
    assert (ran.code, "[prevent-destroy]" in ran.out + ran.err) == (3, True)
    assert (tenant.calls(), tenant.run.state.read_bytes()) == (0, state)
    assert len(tenant.run.sandbox.received()) == alerts
