"""The sandbox's Blink: its queue, its own automations for paths, and what the control API switches."""

import json

from blinkdecl.sandbox import BlinkFaults, Declared, Sandbox
from blinkdecl.sandbox.runs import QUEUE, Runs
from blinkdecl.system.http import Client, Reply


def post(sandbox: Sandbox, what: str, **wanted: object) -> Reply:
    """Ask the control API for something."""
    with Client(1) as client:
        return client.post(f"{sandbox.url}/_sandbox/{what}", json.dumps(wanted).encode(), {}, 5)


def test_forty_run_at_a_time_and_the_others_wait() -> None:
    """They take their turns, in the order in which they came; a stuck one takes no place."""
    runs = Runs(0.0)
    runs.faults = BlinkFaults(stuck=True)
    runs.accepted("/webhooks/soc", {}, 10.0)
    runs.faults = BlinkFaults(run_seconds=5)
    for each in range(QUEUE + 2):
        runs.accepted("/webhooks/soc", {"payload": each}, 10.0)
    found = {str(each.event.get("payload", "stuck")): each for each in runs.of(Declared(), 100)}
    assert (found[str(QUEUE - 1)].state(11.0), found[str(QUEUE)].state(11.0)) == ("In progress", "Pending")
    assert (found[str(QUEUE - 1)].state(16.0), found[str(QUEUE)].state(16.0)) == ("Completed", "In progress")
    assert found["stuck"].state(1e6) == "Pending"


def test_the_control_api_declares_automations_and_switches_faults() -> None:
    """A field that there is not, or of another type, is refused by name."""
    with Sandbox() as sandbox:
        assert post(sandbox, "automations", path="night", workspace="Night", automation="Wake").status == 200
        assert [each.automation for each in sandbox.runs.automations()] == ["Triage alerts", "Wake"]
        assert post(sandbox, "blink", fails=True, run_seconds=2, states="state").status == 200
        assert sandbox.runs.faults == BlinkFaults(fails=True, run_seconds=2.0, states="state")
        for wrong in ({"fail": True}, {"fails": 1}, {"history": 2.5}):
            assert post(sandbox, "blink", **wrong).status == 400


def test_nothing_can_be_changed_by_its_api() -> None:
    """Not even with the right key; without it nothing is told."""
    with Sandbox() as sandbox, Client(1) as client:
        url, key = f"{sandbox.url}/api/v1/user-workspaces", {"BLINK-API-KEY": "sandbox-blink-key"}
        assert client.request("GET", url, b"", key, 5, limit=None).status == 200
        assert client.post(url, b"{}", key, 5).status == 405
        assert client.request("GET", url, b"", {"BLINK-API-KEY": "sandbox"}, 5, limit=None).status == 401
