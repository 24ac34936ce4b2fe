"""Blink's API, its read side: from a request to an answer, in the shapes that Blink has. No clock of its own.

    /user-workspaces                       a map of workspaces
    /workspace/ID/automations              packs with their automations
    /workspace/ID/playbooks/ID             one automation, with its YAML
    /workspace/ID/executions?q=            runs: filter by playbook_id, sort, limit, offset
    /workspace/ID/executions/ID            one run, with what started it

Each below /api/v1, and asked by a user's key in the header BLINK-API-KEY.
"""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qs

from blinkdecl.alert.payload import KEY_HEADER
from blinkdecl.sandbox.blink import Answer, Request, parsed
from blinkdecl.sandbox.runs import Declared, Execution, Runs

PREFIX = "/api/v1/"
_PATH = re.compile(r"/api/v1/workspace/(?P<workspace>[^/]+)/(?P<what>[a-z]+)(?:/(?P<id>[^/]+))?")
_LIMIT = 25
# What a list can be sorted by.
_COLUMNS: Mapping[str, Callable[[Execution], float]] = {
    "created_at": lambda each: each.created,
    "started_at": lambda each: each.started or 0.0,
}
# Words that Blink never says, as a version to come might.
_ODD = {"Pending": "Parked", "In progress": "Simmering", "Failed": "Sunk", "Completed": "Landed"}


def answer(request: Request, runs: Runs, key: str, now: float) -> Answer:
    """Return how Blink answers a question, with the faults that are switched on."""
    faults = runs.faults
    if request.headers.get(KEY_HEADER.lower()) != key:
        return wrong(401, "the API key is not valid")
    if faults.refuse:
        return wrong(faults.refuse, "refused on purpose")
    if request.method != "GET":
        return wrong(405, "the sandbox lets nobody change anything in its Blink")
    if request.path == f"{PREFIX}user-workspaces":
        names = {each.workspace: each.workspace_id for each in runs.automations()}
        return Answer(200, {str(at): _workspace(*each) for at, each in enumerate(names.items())})
    found = _PATH.fullmatch(request.path)
    there = [each for each in runs.automations() if found and each.workspace_id == found["workspace"]]
    if found is None or not there:
        return wrong(404, "there is no such workspace")
    match found["what"], found["id"]:
        case "automations", None:
            return Answer(200, {"packs": _packs(there, runs)})
        case "playbooks", identifier:
            one = next((each for each in there if each.id == identifier), None)
            return wrong(404, "there is no such automation") if one is None else Answer(200, _playbook(one, runs))
        case "executions", None:
            return _executions(request, there, runs, now)
        case "executions", identifier:
            all_runs = (run for each in there for run in runs.of(each, faults.history))
            run = next((each for each in all_runs if each.id == identifier), None)
            return wrong(404, "there is no such run") if run is None else Answer(200, _whole(run, runs, now))
    return wrong(404, "there is nothing at this path")


def wrong(status: int, message: str) -> Answer:
    """Return an error in Blink's form."""
    return Answer(status, {"status": status, "message": message, "details": None, "data": None})


def _workspace(name: str, identifier: str) -> dict[str, object]:
    return {"id": identifier, "display_name": name, "name": name.lower(), "description": "", "role": "Viewer"}


def _packs(automations: list[Declared], runs: Runs) -> list[dict[str, object]]:
    faults = runs.faults
    return [
        {
            "pack_id": f"pack-{pack.lower()}",
            "pack_name": pack,
            "automations": [
                {
                    "id": each.id,
                    "name": each.automation,
                    "automation_type": "event",
                    "active": not (faults.inactive or faults.unpublished),
                    "is_published": not faults.unpublished,
                    "has_unpublished_changes": faults.changed,
                }
                for each in automations
                if each.pack == pack
            ],
        }
        for pack in dict.fromkeys(each.pack for each in automations)
    ]


def _playbook(automation: Declared, runs: Runs) -> dict[str, object]:
    trigger = {"trigger_type": "custom_webhook", "name": automation.event_name}
    text = json.dumps({"automation_type": "event", "triggers": {"webhooks": [trigger]}, "steps": []}, indent=2)
    active = not (runs.faults.inactive or runs.faults.unpublished)
    return {"id": automation.id, "name": automation.automation, "active": active, "playbook": text}


def _executions(request: Request, automations: list[Declared], runs: Runs, now: float) -> Answer:
    wanted: dict[str, Any] = parsed(parse_qs(request.query).get("q", ["{}"])[0].encode()) or {}
    faults = runs.faults
    whose = wanted.get("filter", {}).get("playbook_id")
    found = [run for each in automations if whose in (None, each.id) for run in runs.of(each, faults.history)]
    for name in reversed(wanted.get("sort", [])):
        found.sort(key=_COLUMNS[name.lstrip("+-")], reverse=name.startswith("-"))
    limit, offset = wanted.get("limit", _LIMIT), wanted.get("offset", 0)
    limit = min(limit, faults.page or limit)
    rows = [_row(each, runs, now) for each in found[offset : offset + limit]]
    total = {} if faults.no_total else {"total": len(found)}
    return Answer(200, {"limit": limit, "offset": offset, **total, "results": rows})


def _row(run: Execution, runs: Runs, now: float) -> dict[str, object]:
    """Return a run as lists have it: not what started it."""
    state = run.state(now)
    ended = state in ("Completed", "Failed")
    error = {"message": "the step create_ticket failed", "error_code": "STEP_FAILED"} if state == "Failed" else {}
    return {
        "id": run.id,
        "name": run.automation.automation,
        "playbook_id": run.automation.id,
        **_state(state, runs.faults.states),
        "trigger_type": "custom_webhook",
        "created_at": _milliseconds(run.created),
        "started_at": 0 if state == "Pending" else _milliseconds(run.started or 0.0),
        "finished_at": _milliseconds(run.finished) if ended else 0,
        "execution_number": run.number,
        "error_details": error,
        "workspace_id": run.automation.workspace_id,
    }


def _whole(run: Execution, runs: Runs, now: float) -> dict[str, object]:
    event = {} if runs.faults.no_event else {"event": run.event}
    return {**_row(run, runs, now), "display_name": f"{run.automation.automation} #{run.number}", **event}


def _state(state: str, told: str) -> dict[str, object]:
    plain = state.lower().replace(" ", "_")
    match told:
        case "state":
            return {"state": plain}
        case "state_ui":
            return {"state_ui": state}
        case "unknown":
            return {"state": _ODD[state].lower(), "state_ui": _ODD[state]}
    return {"state": plain, "state_ui": state}


def _milliseconds(seconds: float) -> int:
    return int(seconds * 1000)
