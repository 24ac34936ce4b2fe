"""One document of each kind, whose every word that comes from elsewhere is the same text."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from blinkdecl.diagnostics import Diagnostic, Position
from blinkdecl.model.configuration import Waiver
from blinkdecl.model.observed import Attempt, Period
from blinkdecl.model.plan import (
    Action,
    Change,
    Difference,
    Drift,
    Plan,
    RoutingRow,
    SecretChange,
)
from blinkdecl.model.resource import SecretReference, Value
from blinkdecl.model.results import Delivery, Result, Results
from blinkdecl.model.secret_values import NewValue, WithoutValue
from blinkdecl.render.view.observation import observation_view
from blinkdecl.render.view.plan import failed_plan_view, plan_view
from blinkdecl.render.view.replay import replay_view
from blinkdecl.render.view.results import results_view
from blinkdecl.routing.expected import Doubt, Kind
from blinkdecl.routing.identity import Unnamed
from blinkdecl.routing.observation import Deviation, Observation, Observed
from blinkdecl.routing.receiver import Receiver
from blinkdecl.routing.replay import Replay, Replayed, Share
from blinkdecl.routing.tally import OutputTally

View = dict[str, Any]

_KINDS: tuple[tuple[str, Literal["error", "warning"]], ...] = (
    ("coverage", "error"),
    ("limits", "error"),
    ("left-out", "warning"),
)


def documents(text: str) -> dict[str, tuple[str, View]]:
    """Return by name the command, and what it prints."""
    at = Position(text, 3, 5)
    problems = tuple(
        Diagnostic(code, text, severity, position=at, notes=(("note", text),))
        for code, severity in _KINDS
        for _ in range(5)
    )
    lost = RoutingRow(("CRITICAL",), ("RULE",), (text,), (f"destination.{text}", f'"{text}"'), ())
    heard = RoutingRow(("INFO",), ("RULE",), (text,), (), (f"destination.{text}",), silent=True)
    plan = _plan(text, at, problems, (lost, heard))
    drift = plan_view(plan)
    results = Results(
        (
            Result(f"destination.{text}", Action.CREATE, "failed", diagnostic=problems[0]),
            Result(f"destination.{text}", Action.DELETE, "done"),
            Result(f"destination.{text}", Action.UPDATE, "done"),
        )
    )
    missed = RoutingRow(("CRITICAL",), ("RULE",), (text,), (), (f"destination.{text}",))
    asked = results_view("route", 0)
    return {
        "plan": ("plan", drift | {"replay": replayed(text)}),
        "failed": ("plan", failed_plan_view(problems)),
        "drift": ("drift", drift),
        "apply": ("apply", results_view("apply", 4, results=results, diagnostics=problems, routing=[missed])),
        "test": ("test", results_view("test", 4, deliveries=_sent(text), diagnostics=problems)),
        "validate": ("validate", results_view("validate", 1, diagnostics=problems)),
        "coverage": ("coverage", results_view("coverage", 3, diagnostics=problems) | {"coverage": coverage(text)}),
        "observe": ("observe", results_view("observe", 4, diagnostics=problems) | observed(text)),
        "route": ("route", asked | {"routes": [_route(text)]}),
        "route tests": ("route", results_view("route", 3, diagnostics=problems) | {"route_tests": _tests(text)}),
        "detections": ("route", results_view("route", 3, diagnostics=problems) | _detections(text)),
    }


def replayed(text: str) -> View:
    """Return what `plan --replay` adds: a destination that loses, one that gains, and all that is not known."""
    some, perhaps = Share(3, 2, ((text, 4), (None, 1)), 7), Share(0, 5, ((text, 5),))
    found = (
        Replayed(f"destination.{text}", some, Share(), some, Share()),
        Replayed(f'"{text}"', Share(), perhaps, Share(), perhaps),
    )
    doubts: dict[Doubt, int] = {"dynamic": 1, "new-kind": 2}
    end = datetime(2026, 11, 8, tzinfo=UTC)
    return replay_view(Replay(Period(end - timedelta(days=7), end), 20, some, found, 3, 4, doubts, 2))


def observed(text: str) -> View:
    """Return what `observe` adds: a destination that fails and differs, one without an id, and ids without a record."""
    kind = Kind("HIGH", text, "known", (text,), (text,))
    when = datetime(2026, 11, 3, tzinfo=UTC)
    wrong = Deviation(kind, 2, when, when, (text,), ("severities", "override"))
    counts = OutputTally(1, 1, 1, 0, when, Attempt(text, when, success=False, status=503))
    soc = Receiver(f"destination.{text}", text, text, ("HIGH",))
    twin = replace(soc, id=None)
    found = Observation(
        Period(when, when + timedelta(days=7)),
        4,
        (
            Observed(soc, counts, 2, 1, (wrong,) * 5, (wrong,), ("severities",), (("log_types", (text,)),)),
            Observed(twin, OutputTally()),
        ),
        (
            Unnamed(text, counts, (twin,), 1),
            Unnamed(text, counts, (soc,), 1),
            Unnamed(text, counts, (twin,), 1, "not-owed"),
            Unnamed(text, counts, (twin, twin), 1, would_tell=text),
            Unnamed(text, counts, (), 1),
        ),
        {"dynamic": 1, "new-kind": 2},
        skipped=3,
        undecided=4,
        partly_read=5,
    )
    at = Position(text, 3, 5)
    return observation_view(found, {f"destination.{text}": at}, lambda one, output: f"blinkdecl {one.address} {output}")


def _plan(text: str, at: Position, problems: tuple[Diagnostic, ...], routing: tuple[RoutingRow, ...]) -> Plan:
    address, key = f"destination.{text}", SecretReference("env", text)
    changed = Difference("display_name", text, f"{text} 2")
    whole: dict[str, Value] = {"display_name": text, "log_types": (text,), "severities": ("HIGH",)}
    secrets = (SecretChange("api_key", key, "new", None),)
    return Plan(
        "lineage",
        1,
        "digest",
        changes=(
            Change(address, Action.CREATE, after=whole, secrets=secrets, position=at),
            Change(address, Action.UPDATE, "id", whole, whole, (changed,), secrets, position=at),
            Change(address, Action.DELETE, "id", before=whole, position=at),
            Change(address, Action.FORGET, "id", before=whole),
            Change(f"trigger.{text}", Action.CREATE, after={"automation": text}, previous_address=f"trigger.{text}"),
        ),
        drift=(
            Drift(address, "changed", (changed,), by=text, at=text, position=at),
            Drift(address, "deleted", position=at),
            Drift(address, "changed", (changed,), waiver=Waiver(address, "2999-12-31", (), text), waived=True),
        ),
        routing=routing,
        unverified=((address, ("api_key",)),),
        not_applied=(NewValue(address, "api_key", key),),
        without_value=(WithoutValue(key, "api_key", text, (address,), at),),
        diagnostics=problems,
        exposure=(text,),
    )


def _sent(text: str) -> list[Delivery]:
    return [
        Delivery(
            address=f"destination.{text}",
            via="direct",
            sent=True,
            delivered=delivered,
            status=None,
            latency=0.1,
            at="2026-11-25T00:00:00Z",
            attempt=1,
            failure=None if delivered else text,
        )
        for delivered in (True, False)
    ]


def coverage(text: str) -> View:
    """Return what ``coverage`` finds out."""
    at = {"file": text, "line": 3, "column": 5}
    kinds = {"severities": ["HIGH"], "alert_types": ["RULE"], "log_types": [text]}
    row = {**kinds, "before": [f"destination.{text}"], "after": [], "silent": False}
    names = {"HIGH": [f"destination.{text}", f'"{text}"'], "LOW": []}
    drill = {"without": [text], "down": [text], "assumed": [text], "doubtful": [text], "routing": [row]}
    rule = {**kinds, "min_destinations": 2, "independent": "webhook", "kept": False, "position": at}
    silence = {**kinds, "reason": text, "reached": [f"destination.{text}"], "position": at}
    line = {"alert_types": ["RULE"], "log_types": [text], "destinations": names, "silent": [], "broken": []}
    test = {"at": text, "delivered": False, "status": 503, "latency": 0.1}
    seen = {"success": text, "failure": text, "status": 502, "until": text}
    proofs = [
        {"address": f"destination.{text}", "last_test": test, "last_delivery": seen},
        {"address": f"destination.{text}", "last_test": None, "last_delivery": None},
    ]
    found = {"against": "live", "matrix": [line], "rules": [rule], "silences": [silence], "drill": drill}
    return {**found, "destinations": proofs}


def _route(text: str) -> View:
    alert = {"severity": "HIGH", "type": "RULE", "log_types": [text], "override": None, "returned": None}
    decisions = [
        {"address": address, "id": text, "display_name": text, "reached": reached, "reason": text}
        for address in (f"destination.{text}", None)
        for reached in (True, False)
    ]
    reached = [f"destination.{text}", text]
    found = {"decided_by": "configuration", "reached": reached, "unknown": [text], "discarded": None, "silent": False}
    return {"alert": alert, **found, "decisions": decisions}


def _tests(text: str) -> list[View]:
    at = {"file": text, "line": 3, "column": 5}
    return [
        {"name": text, "passed": passed, "expected": [text], "route": _route(text), "position": at}
        for passed in (True, False)
    ]


def _detections(text: str) -> View:
    counts = ("reached", "silent", "lost", "not_known", "signal", "withheld", "disabled", "partly", "unread")
    found = [
        {
            "id": text, "alert_type": "RULE", "severity": text, "log_types": [text], "enabled": True, "dynamic": False,
            "outcome": outcome, "not_known": [text], "unheard": [text], "destinations": [f"destination.{text}"],
            "reason": text, "file": text, "line": 3,
        }
        for outcome in ("reached", "lost", "not_known")
    ]  # fmt: skip
    summary = dict.fromkeys((*counts, "detections", "passed_over"), 1)
    return {"detection_summary": summary, "detections": found, "problems": []}
