"""An import declares what is live exactly, whatever that is: it passes `validate`, and nothing is left to plan."""

import tempfile
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from blinkdecl.model.invocation import Invocation
from blinkdecl.model.live import LiveObject
from blinkdecl.model.plan import Options
from blinkdecl.model.resource import ALERT_TYPES, SEVERITIES, Resource
from blinkdecl.model.state import Recorded, RecordedSecret
from blinkdecl.project.imports import import_all
from blinkdecl.project.project import open_project
from blinkdecl.project.snapshot import Snapshot
from blinkdecl.state import new_state
from tests.support.builders import found_live
from tests.support.doubles import MemoryProvider

FILE = Path("destinations/imported.yaml")
PROJECT = """\
version: 1
provider: {type: panther, url: "https://api.acme.runpanther.net/public/graphql", token: {env: PANTHER_API_TOKEN}}
"""
# What the project says of its own, for what does not say it itself.
DEFAULTS = (
    "",
    "defaults: {destination: {alert_types: [POLICY], log_types: [AWS.ALB], allow_manual_dispatch: true}}\n",
    "defaults: {trigger: {webhook: {authentication: signature, event_name: Alert, api_key: {env: KEY}}}}\n",
    "triggers: {soc: {webhook: {url: 'https://acme.app.blinkops.com/webhooks/a', api_key: {env: BLINK_SOC_API_KEY}}}}",
)
HOSTILE = (
    'a "quote"', "${var.x}", "$${", "${", "a: b", "# c", "x #c", "line\nbreak", "\x00\x1b[2J\x7f", "🚨 prod", "🚨",
    " lead", "trail ", "yes", "null", "012", "1e3", "~", "- a", "{a}", "[a]", "%TAG ! x", "*alias", "&a", "!tag", "<<",
    "---", "l" * 1001, "l" * 99, "Größe", "Grosse", "東京", "SOC", "soc", "\uff33\uff2f\uff23", "S\u041eC", "SOC\u200b",
    "a'b", "\ud800", "\ue000", "", "blink", "blink-soc", "blink blink", "\u2028x", "Blink SOC API key", "a\\",
    "AWS.CloudTrail", "AWS.Cl\u043eudTrail", "Custom.x",
)  # fmt: skip
URLS = (
    "https://acme.app.blinkops.com/webhooks/a",
    "https://acme.app.blinkops.com/webhooks/a/",
    "https://evil.example/x",
)
texts = st.sampled_from(HOSTILE) | st.text(max_size=12)
attributes: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {"severities": st.lists(st.sampled_from([*SEVERITIES, "EPIC"]), max_size=3)},
    optional={
        "alert_types": st.lists(st.sampled_from([*ALERT_TYPES, "DREAM"]), max_size=3),
        "log_types": st.lists(texts, max_size=3) | st.just([f"Custom.L{number}" for number in range(501)]),
        "allow_manual_dispatch": st.booleans(),
        "webhook_url": st.sampled_from(URLS),
    },
)


@st.composite
def tenants(draw: st.DrawFn) -> tuple[LiveObject, ...]:
    """Make destinations as Panther may show them, each with a display name that no other has to the letter."""
    names = draw(st.lists(texts.filter(bool), min_size=1, max_size=5, unique=True))
    kinds = st.sampled_from(["blinkOps", "customWebhook"])
    return tuple(replace(found_live(name, **draw(attributes)), kind=draw(kinds)) for name in names)


def folder_of(text: str, file: str | None = None) -> tempfile.TemporaryDirectory[str]:
    """Return a repository with this project file, and perhaps with what an import wrote."""
    folder = tempfile.TemporaryDirectory()
    (Path(folder.name) / "blinkdecl.yaml").write_text(text)
    if file is not None:
        (Path(folder.name) / FILE.parent).mkdir()
        (Path(folder.name) / FILE).write_text(file)
    return folder


def opened(folder: str, live: tuple[LiveObject, ...], records: Iterable[Recorded] | None = None) -> Snapshot:
    """Return the repository beside a Panther with these objects; by default, what it declares is recorded."""
    project = open_project(Invocation(root=folder), lambda _: None)
    declared = project.configuration.resources.values()
    kept = [recorded_as_declared(each) for each in declared] if records is None else records
    state = replace(new_state(None, None), resources={each.address: each for each in kept})
    return Snapshot(project, state, state, MemoryProvider(live))


def recorded_as_declared(trigger: Resource) -> Recorded:
    """Return the record of a trigger whose key nobody knows."""
    secrets = {name: RecordedSecret(reference, "") for name, reference in trigger.secrets.items()}
    return Recorded(trigger.address, None, trigger.attributes, secrets)


@settings(deadline=None, max_examples=60)
@given(tenants(), st.sampled_from(DEFAULTS))
@example((found_live("null", alert_types=[]), found_live("NULL\ud800", severities=[])), DEFAULTS[1])
def test_what_is_imported_plans_to_nothing(live: tuple[LiveObject, ...], defaults: str) -> None:
    """Every object is taken over or left alone with a reason; destinations with one URL have one trigger."""
    with folder_of(PROJECT + defaults) as folder:
        before = opened(folder, live)
        done = import_all(before, ("*",), Path(folder, FILE), FILE)
        assert not Path(folder, FILE).exists()
    imported = {each.id: each for each in done.records if each.id is not None}
    assert sorted([*imported, *(each.live.id for each in done.skipped)]) == sorted(each.id for each in live)
    urls = {each.id: each.attributes["webhook_url"] for each in live if "webhook_url" in each.attributes}
    pairs = {(url, imported[each].attributes["trigger"]) for each, url in urls.items() if each in imported}
    assert len({url for url, _ in pairs}) == len(pairs) == len({trigger for _, trigger in pairs})
    with folder_of(PROJECT + defaults, done.text) as folder:
        after = opened(folder, live, [*before.state.resources.values(), *done.records])
        plan, drift = after.plan(Options(), after.fingerprints), after.drift(None)
    assert (plan.changes, plan.drift, drift.drift, plan.refused) == ((), (), (), False)


def test_nothing_that_is_recorded_is_written_over() -> None:
    """A destination whose block is gone keeps its record, and so its deletion, though one of its name is imported."""
    gone = Recorded("destination.blink-soc", "id-gone", found_live("Gone").attributes)
    with folder_of(PROJECT) as folder:
        snapshot = opened(folder, (found_live("Gone", object_id="id-gone"), found_live("Blink SOC")), [gone])
        done = import_all(snapshot, (), Path(folder, FILE), FILE)
    assert [each.id for each in done.records if each.id is not None] == ["id-Blink SOC"]
    assert gone.address not in {each.address for each in done.records}
