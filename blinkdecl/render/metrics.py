"""A run as metrics, in Prometheus' text format, for the textfile collector of its node exporter. Pure.

What a run does not know is left out: nothing is 0 that was not counted.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from blinkdecl.diagnostics.codes import CHANGES, PARTIAL, POLICY
from blinkdecl.model.observed import LastDelivery
from blinkdecl.model.resource import SEVERITIES, occurs
from blinkdecl.render.safe import one_line
from blinkdecl.render.view.parts import View

# With these a command has done its work, whatever it found.
_DONE = (0, CHANGES, POLICY, PARTIAL)
_DRIFT = {
    "changed": "drift_changed",
    "deleted": "drift_deleted",
    "unmanaged": "unmanaged",
    "waived": "drift_waived",
    "unverified": "unverified",
}
_OUTCOMES = ("delivered", "recovered", "failed", "missing", "unexpected")
_ESCAPES = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n"})


@dataclass(frozen=True, slots=True)
class Measured:
    """What is measured of one run: its exit code, its document, where it has one, and the last test alerts.

    `tested` = for each destination, when its last test alert arrived (seconds since 1970), None if it did not. `heard`
    = what was observed of each, in this run or before.
    """

    code: int
    view: View | None = None
    tested: Mapping[str, float | None] = field(default_factory=dict)
    heard: Mapping[str, LastDelivery] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Metric:
    """One gauge: its name without prefix, what it says, and a value for each set of labels."""

    name: str
    told: str
    samples: tuple[tuple[Mapping[str, str], float], ...]


def metrics_text(measured: Measured, command: str, environment: str | None, now: float) -> str:
    """Return the metrics of a run that ended at `now`, each with its HELP and TYPE."""
    shared = {"environment": environment or ""}
    metrics = [*_run(measured.code, command, now), *_tests(measured.tested), *_deliveries(measured.heard)]
    for key, found in _OF.items():
        if measured.view is not None and key in measured.view:
            metrics += found(measured.view)
    return "".join(_lines(each, shared) for each in metrics)


def _run(code: int, command: str, now: float) -> Iterator[_Metric]:
    labels = {"command": command}
    yield _Metric("last_run_timestamp_seconds", "When the command last ended.", ((labels, now),))
    yield _Metric("last_run_exit_code", "The exit code of that run.", ((labels, code),))
    done = "Whether that run did its work, whatever it found: its exit code was 0, 2, 3 or 4."
    yield _Metric("last_run_success", done, ((labels, code in _DONE),))


def _drift(plan: View) -> Iterator[_Metric]:
    counted = tuple(({"kind": kind}, plan["summary"][key]) for kind, key in _DRIFT.items())
    told = "Resources that differ from what is recorded, are not managed, or could not be verified."
    yield _Metric("drift_resources", told, counted)


def _tests(tested: Mapping[str, float | None]) -> Iterator[_Metric]:
    if not tested:
        return
    told = "Whether the last test alert to the destination arrived, and did not fail in Blink; 0 where none was sent."
    arrived = tuple(({"address": each}, at is not None) for each, at in sorted(tested.items()))
    yield _Metric("test_alert_arrived", told, arrived)
    times = tuple(({"address": each}, at) for each, at in sorted(tested.items()) if at is not None)
    yield _Metric("test_alert_arrived_timestamp_seconds", "When it arrived.", times)


def _deliveries(heard: Mapping[str, LastDelivery]) -> Iterator[_Metric]:
    known = sorted(heard.items())
    good = tuple(({"address": name}, each.success.timestamp()) for name, each in known if each.success)
    bad = tuple(({"address": name}, each.failure.timestamp()) for name, each in known if each.failure)
    last = "When Panther last {} an alert to the destination, as far as it was ever observed."
    yield _Metric("last_delivery_timestamp_seconds", last.format("delivered"), good)
    yield _Metric("last_failed_delivery_timestamp_seconds", last.format("failed to deliver"), bad)


def _observed(results: View) -> Iterator[_Metric]:
    counted = tuple(
        ({"address": str(each["address"]), "outcome": outcome}, each[outcome])
        for each in results["destinations"]
        if each["output_id"] is not None
        for outcome in _OUTCOMES
    )
    told = "Alerts for the destination in the time that was observed, by what became of them."
    yield _Metric("observed_alerts", told, counted)


def _coverage(results: View) -> Iterator[_Metric]:
    coverage = results["coverage"]
    against = {"against": coverage["against"]}
    kept = sum(each["kept"] for each in coverage["rules"])
    rules = (({**against, "state": "kept"}, kept), ({**against, "state": "broken"}, len(coverage["rules"]) - kept))
    yield _Metric("coverage_rules", "Coverage rules, by whether they are kept.", rules)
    told = "Kinds of alerts (severity, alert type, log type where that makes a difference) that reach no destination."
    cells = _unheard(coverage["matrix"])
    samples = tuple(
        ({**against, "severity": severity, "declared": "yes" if declared else "no"}, cells.get((severity, declared), 0))
        for severity in SEVERITIES
        for declared in (True, False)
    )
    yield _Metric("unreached_alert_kinds", told, samples)


def _unheard(matrix: Iterable[View]) -> dict[tuple[str, bool], int]:
    """Return how many cells reach nobody, by severity and by whether that is declared."""
    found: dict[tuple[str, bool], int] = {}
    for line in matrix:
        for severity, names in line["destinations"].items():
            cells = sum(occurs(severity, each) for each in line["alert_types"]) * len(line["log_types"] or (None,))
            if cells and not names:
                key = severity, severity in line["silent"]
                found[key] = found.get(key, 0) + cells
    return found


# What a document has, and what is counted there.
_OF: Mapping[str, Callable[[View], Iterator[_Metric]]] = {
    "resource_drift": _drift,
    "coverage": _coverage,
    "not_compared": _observed,
}


def _lines(metric: _Metric, shared: Mapping[str, str]) -> str:
    if not metric.samples:
        return ""
    name = f"blinkdecl_{metric.name}"
    samples = (f"{name}{_labels({**shared, **labels})} {_number(value)}\n" for labels, value in metric.samples)
    return f"# HELP {name} {metric.told}\n# TYPE {name} gauge\n{''.join(samples)}"


def _labels(labels: Mapping[str, str]) -> str:
    told = (f'{name}="{one_line(value).translate(_ESCAPES)}"' for name, value in sorted(labels.items()))
    return f"{{{','.join(told)}}}"


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(value)
