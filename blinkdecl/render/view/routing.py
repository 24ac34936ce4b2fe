"""Routing -> parts of the documents of ``route``, ``coverage`` and ``plan``, and lists of alerts in words. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from blinkdecl.model.configuration import CoverageRule, Silence
from blinkdecl.model.plan import OTHER, RoutingRow
from blinkdecl.model.resource import ALERT_TYPES, LOGLESS, SEVERITIES, SYSTEM_ERROR, occurs, types_at
from blinkdecl.model.state import Recorded
from blinkdecl.render.safe import one_line
from blinkdecl.render.view.parts import View, position_view, proof_view
from blinkdecl.routing.cells import label_of
from blinkdecl.routing.matrix import COLUMNS, MatrixRow

if TYPE_CHECKING:  # a plan needs none of these
    from blinkdecl.model.observed import LastDelivery
    from blinkdecl.routing.drill import Drill
    from blinkdecl.routing.route import Route, RoutedAlert
    from blinkdecl.routing.verdicts import Verdict

# As people speak of them; what is listed first is looked for first.
_GROUPS = (
    ("rules", ("RULE", "SCHEDULED_RULE", "CORRELATION_RULE")),
    ("every error", tuple(each for each in ALERT_TYPES if each.endswith("_ERROR"))),
    ("rule errors", ("RULE_ERROR", "SCHEDULED_RULE_ERROR", "CORRELATION_RULE_ERROR")),
)
_OF_DETECTIONS, _BUT = {*ALERT_TYPES} - {SYSTEM_ERROR}, "every alert type but system errors"
_ALONE = {"POLICY": "policies", "POLICY_ERROR": "policy errors", "SYSTEM_ERROR": "system errors"}


def route_view(alert: "RoutedAlert", found: "Route", *, silent: bool = False) -> View:
    """Return who gets an alert, and for every destination why or why not; `silent` = nobody, as is declared."""
    return {
        "alert": {
            "severity": alert.severity,
            "type": alert.type,
            "log_types": list(alert.log_types),
            "override": None if alert.override is None else list(alert.override),
            "returned": None if alert.returned is None else list(alert.returned),
        },
        "decided_by": found.decided_by,
        "reached": [each.address or each.display_name for each in found.reached],
        "unknown": list(found.unknown),
        "discarded": found.discarded,
        "silent": silent,
        "decisions": [
            {
                "address": each.receiver.address,
                "id": each.receiver.id,
                "display_name": each.receiver.display_name,
                "reached": each.reached,
                "reason": each.reason,
            }
            for each in found.decisions
        ],
    }


def route_test_view(verdict: "Verdict") -> View:
    """Return one routing test, and who gets its alert."""
    test = verdict.test
    return {
        "name": test.name,
        "passed": verdict.problem is None,
        "expected": list(test.expect),
        "route": route_view(test.alert, verdict.route),
        "position": position_view(test.position),
    }


def row_view(row: RoutingRow) -> View:
    """Return who gets some alerts, before and after."""
    return {
        "severities": list(row.severities),
        "alert_types": list(row.alert_types),
        "log_types": None if row.log_types is None else list(row.log_types),
        "before": list(row.before),
        "after": list(row.after),
        "silent": row.silent,
    }


def rows_of_plan(plan: View) -> list[View]:
    """Return the rows of a plan as people are shown them: of what was not read, nobody knows who receives what."""
    unread = any(each["code"] == "unread-state" for each in plan["diagnostics"])
    return [{**each, "before": ["?"]} if unread else each for each in plan["routing"]]


def lost_alerts(rows: Sequence[View]) -> list[str]:
    """Return which alerts would no longer reach anybody though somebody should get them, the most severe first."""
    return [f"{joined(each['severities'])} ({alerts_text(each)})" for each in lost_rows(rows)]


def lost_rows(rows: Sequence[View]) -> list[View]:
    """Return the rows of alerts that somebody should get, gets before, and that reach nobody after."""
    return [each for each in rows if each["before"] and not (each["after"] or each["silent"])]


def restored_alerts(plan: View) -> list[str]:
    """Return which alerts reach nobody before a plan, since a destination was changed outside that receives them after
    it, the most severe first."""
    drifted = {each["address"] for each in plan["resource_drift"]}
    rows = [each for each in plan["routing"] if not (each["before"] or each["silent"]) and drifted & {*each["after"]}]
    return [f"{joined(each['severities'])} ({alerts_text(each)})" for each in rows]


def missed_alerts(rows: Sequence[View]) -> list[str]:
    """Return which alerts reach nobody now and are declared to reach somebody, the most severe first."""
    return lost_alerts([{**each, "before": each["after"], "after": each["before"]} for each in rows])


def alerts_text(row: View) -> str:
    """Return what kinds of alerts from which logs; the types that people group are named as a group."""
    types = row["alert_types"]
    occurring = types_at(row.get("severities", SEVERITIES))  # a line of a matrix is about all of them
    every = "every alert type" if {*types} >= {*occurring} else _BUT if {*types} == _OF_DETECTIONS else ""
    kinds = every or joined(_grouped(types))
    if row["log_types"] is None and LOGLESS.issuperset(types):
        return kinds
    logs = [f"{OTHER} log" if each == OTHER else each for each in row["log_types"] or ["every log"]]
    return f"{kinds}{', ' if every else '; '}{joined(logs)}"


def _grouped(types: Sequence[str]) -> list[str]:
    """Return the words for types: where these hold a whole group, its name, and then such words for all."""
    named, left = [], [*types]
    for name, members in _GROUPS:
        if set(members) <= set(left):
            named.append(name)
            left = [each for each in left if each not in members]
    return [*named, *(_ALONE.get(each, each) if named else each for each in left)]


def joined(words: Sequence[str]) -> str:
    """Return words as a list, safe to print."""
    return ", ".join(map(one_line, words))


def coverage_view(
    against: str,
    lines: Iterable[MatrixRow],
    rules: Mapping[CoverageRule, bool],
    silences: Mapping[Silence, Sequence[str]],
    drill: "Drill | None",
    proofs: Sequence[View] | None,
) -> View:
    """Return the matrix, the rules, each with whether it is kept, and the silences, each with who hears them.

    `proofs` = when each destination was last proved (`proofs_view`); None where only what is declared was read.
    """
    return {
        "against": against,
        "matrix": [_line_view(each) for each in lines],
        "rules": [
            {
                "severities": list(rule.severities),
                "alert_types": list(rule.alert_types),
                "log_types": list(rule.log_types),
                "min_destinations": rule.min_destinations,
                "independent": rule.independent,
                "kept": kept,
                "position": position_view(rule.position),
            }
            for rule, kept in rules.items()
        ],
        "silences": [
            {
                "severities": list(each.severities),
                "alert_types": list(each.alert_types),
                "log_types": list(each.log_types),
                "reason": each.reason,
                "reached": list(names),
                "position": position_view(each.position),
            }
            for each, names in silences.items()
        ],
        "drill": drill and _drill_view(drill),
        "destinations": proofs,
    }


def proofs_view(
    addresses: Iterable[str], recorded: Mapping[str, Recorded], seen: "Mapping[str, LastDelivery]"
) -> list[View]:
    """Return when each of these destinations was last proved, as far as it is recorded or observed."""
    tests = {address: each.last_test for address, each in recorded.items()}
    return [{"address": each, **proof_view(tests.get(each), seen.get(each))} for each in addresses]


def both_sides_view(
    lines: Sequence[MatrixRow],
    was: Sequence[Sequence[Sequence[str]]],
    rules: Mapping[CoverageRule, bool],
    rules_now: Collection[CoverageRule],
    silences: Mapping[Silence, Sequence[str]],
) -> View:
    """Return the same of what is to be, with the destinations ``before`` on each line; `rules_now` = broken before."""
    found = coverage_view("desired", lines, rules, silences, None, None)
    for line, before in zip(found["matrix"], was, strict=True):
        line["before"] = _by_severity(before)
    for entry, rule in zip(found["rules"], rules, strict=True):
        entry["kept_now"] = rule not in rules_now
    return found


def happens(line: View, severity: str) -> bool:
    """Whether any alert of a line of the matrix has this severity: system errors have one alone."""
    return any(occurs(severity, each) for each in line["alert_types"])


def _line_view(row: MatrixRow) -> View:
    return {
        "alert_types": list(row.alert_types),
        "log_types": None if row.log_types is None else list(row.log_types),
        "destinations": _by_severity(row.destinations),
        "silent": list(row.silent),
        "broken": list(row.broken),
    }


def _by_severity(destinations: Sequence[Sequence[str]]) -> View:
    return {severity: list(names) for severity, names in zip(COLUMNS, destinations, strict=True)}


def _drill_view(drill: "Drill") -> View:
    named = {"down": drill.down, "assumed": drill.assumed, "doubtful": drill.doubtful}
    return {
        "without": list(drill.without),
        **{key: [label_of(each) for each in receivers] for key, receivers in named.items()},
        "routing": [row_view(each) for each in drill.rows],
    }
