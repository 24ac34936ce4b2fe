"""What reads more than the configuration: detections, and the alerts of a month."""

import json
from collections.abc import Iterator

from benchmarks.alerts import write_alerts
from benchmarks.bench import ONE_FILE, Bench, Measured, apply_command, floor_of
from benchmarks.detections import write_detections
from benchmarks.floors import alerts_floor, detections_floor
from benchmarks.process import Command, blinkdecl, run
from benchmarks.repository import write_one_file, write_receivers
from blinkdecl.model.resource import SEVERITIES

DETECTIONS = 1_500
OBSERVED = 100_000


def detections(bench: Bench) -> Iterator[Measured]:
    """Measure `route --detections`, beside loading the YAML as others do."""
    repository = write_one_file(bench.folder / "detections", 1)
    write_detections(repository.folder / "detections", DETECTIONS)
    words = ["route", "--detections", "detections", "--unmanaged", "Destination 00000"]
    command = Command([*blinkdecl(), *words], repository.folder, says=f"{DETECTIONS} detections")
    floor = detections_floor(repository.folder, DETECTIONS)
    yield from bench.measure(DETECTIONS, {"detections": command, floor_of("detections"): floor})


def replay(bench: Bench) -> Iterator[Measured]:
    """Measure `plan --replay` of a month, beside decoding the file."""
    repository = write_one_file(bench.folder / "replay", ONE_FILE)
    write_alerts(repository.folder / "alerts.jsonl", bench.alerts)
    words = ["plan", "--replay", "alerts.jsonl"]
    command = Command([*blinkdecl(), *words], repository.folder, repository.keys, says=f"{bench.alerts} alerts")
    floor = alerts_floor(repository.folder, bench.alerts)
    yield from bench.measure(bench.alerts, {"replay": command, floor_of("replay"): floor}, "few")


def observe(bench: Bench) -> Iterator[Measured]:
    """Measure `observe` of alerts that all came where they should, beside decoding the file."""
    repository = write_receivers(bench.folder / "observe")
    run(apply_command(repository))
    recorded = json.loads((repository.folder / ".blinkdecl/state.json").read_bytes())["resources"]
    outputs = {each["address"]: each["id"] for each in recorded}
    ids = tuple(outputs[f"destination.{severity.lower()}"] for severity in SEVERITIES)
    write_alerts(repository.folder / "alerts.jsonl", OBSERVED, ids)
    words = ["observe", "--alerts", "alerts.jsonl"]
    command = Command([*blinkdecl(), *words], repository.folder, says=f"{OBSERVED} alerts")
    floor = alerts_floor(repository.folder, OBSERVED)
    yield from bench.measure(OBSERVED, {"observe": command, floor_of("observe"): floor}, "few")
