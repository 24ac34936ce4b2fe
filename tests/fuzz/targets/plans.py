"""Saved plans: JSON whose digest is put right, so that it is read to its end, and shown."""

import json
from collections.abc import Iterator
from contextlib import suppress

from blinkdecl.cli.input import read_plan
from blinkdecl.cli.session import Session
from blinkdecl.diagnostics import Diagnostic, Excerpt, Failure, Position
from blinkdecl.model.configuration import Waiver
from blinkdecl.model.invocation import Invocation
from blinkdecl.model.live import LiveObject
from blinkdecl.model.plan import Action, Change, Difference, Drift, RoutingRow, SecretChange
from blinkdecl.model.secret_values import NewValue
from blinkdecl.model.trust import PLAN_KEY
from blinkdecl.planner.stale import digest
from blinkdecl.render.markdown.plan import plan_markdown
from blinkdecl.render.text.plan import plan_text
from blinkdecl.render.view.plan import plan_view
from blinkdecl.render.view.saved_plan import plan_from_view
from tests.fuzz.surroundings import folder
from tests.support.made import CREATE_DESTINATION, CREATE_TRIGGER, DESTINATION, DRIFTED, KEY, plan, recorded

_KEY = Session(Invocation(environ={PLAN_KEY: "0123456789abcdef"}))


def run(data: bytes) -> None:
    """Read the plan as `show` and as `apply` do, and render it in every format."""
    path = folder() / "plan.json"
    path.write_bytes(_sealed(data))
    with suppress(Failure):
        read_plan(_KEY, path, to_apply=True)
    made = read_plan(Session(Invocation()), path)
    view = plan_view(made)
    plan_from_view(json.loads(json.dumps(view)))
    plan_text(view, verbose=True)
    plan_markdown(view)


def seeds() -> Iterator[bytes]:
    """Yield plans with every part that a plan can have."""
    rotated = SecretChange("api_key", KEY, "rotated", recorded())
    update = Change(
        "destination.blink-soc",
        Action.UPDATE,
        "6f1c",
        DESTINATION,
        {**DESTINATION, "severities": ("CRITICAL",)},
        (Difference("severities", ("HIGH", "CRITICAL"), ("CRITICAL",)),),
        (rotated,),
    )
    waived = Drift(DRIFTED.address, "deleted", waiver=Waiver(DRIFTED.address, "2026-12-24", ("severities",), "why"))
    problem = Diagnostic(
        "limits", "too many", "warning", Position("a.yaml", 1, 2), Excerpt(((1, "x: 1"),)), (("help", "do"),)
    )
    row = RoutingRow(("HIGH",), ("RULE",), ("AWS.CloudTrail",), ("destination.a",), (), silent=False)
    rest = {
        "drift": (DRIFTED, waived),
        "unmanaged": (LiveObject("1", {"display_name": "Other"}, hidden=("api_key",)),),
        "routing": (row,),
        "unverified": (("trigger.soc", ("api_key",)),),
        "not_applied": (NewValue("trigger.soc", "api_key", KEY),),
        "diagnostics": (problem,),
    }
    yield json.dumps(plan_view(plan())).encode()
    yield json.dumps(plan_view(plan(CREATE_TRIGGER, CREATE_DESTINATION))).encode()
    yield json.dumps({**plan_view(plan(update, **rest)), "seal": "hmac-sha256:" + "0" * 64}).encode()


def _sealed(data: bytes) -> bytes:
    """Return the plan with the digest that its content has, as far as it has any."""
    with suppress(ValueError, RecursionError, Failure):
        document = json.loads(data)
        document = {**document, "digest": digest(plan_from_view(document))} if isinstance(document, dict) else document
        return json.dumps(document).encode()
    return data
