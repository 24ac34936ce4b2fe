"""Metrics: what Prometheus' own parser reads is what was measured, whatever the names are."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families

from blinkdecl.model.plan import Drift, RoutingRow
from blinkdecl.render.metrics import Measured, metrics_text
from blinkdecl.render.safe import one_line
from blinkdecl.render.view.plan import plan_view
from tests.support.ci_logs import commands
from tests.support.made import DRIFTED, plan

NAMES = [
    "<img src=x onerror=alert(1)>", "`id`", "a\nblinkdecl_last_run_success 1\n# TYPE x", 'say "x"} 5', "back\\slash\\n",
    "\u202egnp", "\x1b[2J\x00\r\x85\u2028", "\ud800", "\ufeff", "{a=b}", "", " # HELP", "::error::x", "##[error]x",
    "end\\",
]  # fmt: skip
GOLDEN = """\
# HELP blinkdecl_last_run_timestamp_seconds When the command last ended.
# TYPE blinkdecl_last_run_timestamp_seconds gauge
blinkdecl_last_run_timestamp_seconds{command="drift",environment="prod"} 1764415952.25
# HELP blinkdecl_last_run_exit_code The exit code of that run.
# TYPE blinkdecl_last_run_exit_code gauge
blinkdecl_last_run_exit_code{command="drift",environment="prod"} 2
# HELP blinkdecl_last_run_success Whether that run did its work, whatever it found: its exit code was 0, 2, 3 or 4.
# TYPE blinkdecl_last_run_success gauge
blinkdecl_last_run_success{command="drift",environment="prod"} 1
# HELP blinkdecl_drift_resources Resources that differ from what is recorded, are not managed, or could not be verified.
# TYPE blinkdecl_drift_resources gauge
blinkdecl_drift_resources{environment="prod",kind="changed"} 1
blinkdecl_drift_resources{environment="prod",kind="deleted"} 1
blinkdecl_drift_resources{environment="prod",kind="unmanaged"} 0
blinkdecl_drift_resources{environment="prod",kind="waived"} 1
blinkdecl_drift_resources{environment="prod",kind="unverified"} 1
"""


def read(text: str) -> dict[str, list[tuple[dict[str, str], float]]]:
    """Return the samples by the names of their metrics; each metric has its help and type, once."""
    found = {}
    for each in text_string_to_metric_families(text):
        assert (each.type, bool(each.documentation)) == ("gauge", True)
        assert each.name.startswith("blinkdecl_")
        assert each.name not in found
        found[each.name] = [(sample.labels, sample.value) for sample in each.samples]
        assert {sample.name for sample in each.samples} == {each.name}
        assert len({(*sample.labels.items(),) for sample in each.samples}) == len(each.samples)
    return found


def test_golden() -> None:
    """Drift of each kind; what is waived counts as that alone."""
    drift = (DRIFTED, Drift("destination.a", "deleted"), Drift("destination.b", "changed", waived=True))
    view = plan_view(plan(drift=drift, unverified=(("destination.c", ("api_key",)),)))
    assert metrics_text(Measured(2, view), "drift", "prod", 1764415952.25) == GOLDEN
    read(GOLDEN)


@pytest.mark.parametrize("code", [1, 5, 6, 64, 70, 130, 143])
def test_a_run_that_was_not_done(code: int) -> None:
    """Its exit code, and nothing that was not counted."""
    found = read(metrics_text(Measured(code), "drift", None, 12.0))
    labels = {"command": "drift", "environment": ""}
    assert found == {
        "blinkdecl_last_run_timestamp_seconds": [(labels, 12)],
        "blinkdecl_last_run_exit_code": [(labels, code)],
        "blinkdecl_last_run_success": [(labels, 0)],
    }


def test_test_alerts() -> None:
    """Whether the last arrived, and when; of one that did not, no time."""
    found = read(metrics_text(Measured(4, tested={"destination.b": None, "destination.a": 3.5}), "test", None, 1.0))
    a, b = ({"environment": "", "address": f"destination.{each}"} for each in "ab")
    assert found["blinkdecl_test_alert_arrived"] == [(a, 1), (b, 0)]
    assert found["blinkdecl_test_alert_arrived_timestamp_seconds"] == [(a, 3.5)]


def coverage(matrix: list[dict[str, Any]], kept: tuple[bool, ...]) -> dict[str, Any]:
    """Return the part of a document that is about coverage."""
    return {"coverage": {"against": "live", "matrix": matrix, "rules": [{"kept": each} for each in kept]}}


def test_coverage() -> None:
    """Rules by whether they are kept; kinds of alerts that reach nobody, declared so or not, by severity."""
    never: dict[str, list[str]] = {"CRITICAL": [], "HIGH": []}  # there are none of HIGH
    silent = {"INFO": [], "LOW": [], "HIGH": ["destination.a"]}
    matrix: list[dict[str, Any]] = [
        {"alert_types": ["RULE", "POLICY"], "log_types": ["A", "B"], "destinations": silent, "silent": ["INFO"]},
        {"alert_types": ["RULE"], "log_types": None, "destinations": {"HIGH": []}, "silent": []},
        {"alert_types": ["SYSTEM_ERROR"], "log_types": None, "destinations": never, "silent": []},
    ]
    found = read(metrics_text(Measured(3, coverage(matrix, (True, True, False))), "coverage", None, 1.0))
    assert {each["state"]: value for each, value in found["blinkdecl_coverage_rules"]} == {"kept": 2, "broken": 1}
    kinds = {(each["severity"], each["declared"]): value for each, value in found["blinkdecl_unreached_alert_kinds"]}
    assert {key: value for key, value in kinds.items() if value} == {
        ("INFO", "yes"): 4, ("LOW", "no"): 4, ("HIGH", "no"): 1, ("CRITICAL", "no"): 1,
    }  # fmt: skip
    assert len(kinds) == 10


@given(st.lists(st.sampled_from(NAMES) | st.text(), min_size=1, max_size=4, unique=True), st.sampled_from(NAMES))
def test_hostile_names(names: list[str], environment: str) -> None:
    """A label is read as it would be shown: on one line, with nothing hidden; no name makes a line of its own."""
    text = metrics_text(Measured(0, tested=dict.fromkeys(names, 7.0)), "test", environment, 1.0)
    assert commands(text) == []
    found = read(text)
    assert found.keys() == {
        f"blinkdecl_{each}"
        for each in (
            "last_run_timestamp_seconds", "last_run_exit_code", "last_run_success", "test_alert_arrived",
            "test_alert_arrived_timestamp_seconds",
        )
    }  # fmt: skip
    read_back = [each["address"] for each, _ in found["blinkdecl_test_alert_arrived"]]
    assert read_back == [one_line(each) for each in sorted(names)]
    assert {each["environment"] for each, _ in found["blinkdecl_test_alert_arrived"]} == {one_line(environment)}


def test_no_url_and_no_name() -> None:
    """Of a plan only numbers are told: no URL, no person, no display name."""
    row = RoutingRow(("HIGH",), ("RULE",), None, ("destination.blink-soc",), ())
    text = metrics_text(Measured(2, plan_view(plan(drift=(DRIFTED,), routing=(row,)))), "drift", None, 1.0)
    assert "://" not in text
    assert "jo@example.com" not in text
    assert "Blink" not in text
