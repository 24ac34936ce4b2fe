"""The same work for Terraform: `terraform_data` resources of the same shape, 100 per file.

They are built in: no provider is fetched, nothing is called. So Terraform does less than it would for real.
"""

import json
import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from benchmarks.bench import ONE_FILE, Bench, Measured
from benchmarks.process import Command, measure, run
from benchmarks.repository import PER_FILE, WEBHOOKS

_RESOURCE = """\
resource "terraform_data" "dest_{number:05d}" {{
  input = {{
    display_name          = "Destination {number:05d}"
    webhook_url           = "{webhooks}/{group:03d}"
    severities            = ["CRITICAL", "HIGH", "MEDIUM"]
    alert_types           = ["RULE", "RULE_ERROR", "SCHEDULED_RULE"]
    log_types             = ["AWS.CloudTrail", "Okta.SystemLog"]
    allow_manual_dispatch = {manual}
  }}
}}
"""
# No user's settings, no questions, no calling home.
_ENVIRONMENT = {"TF_CLI_CONFIG_FILE": "/dev/null", "CHECKPOINT_DISABLE": "1", "TF_IN_AUTOMATION": "1", "TF_INPUT": "0"}
_APPLY = ("apply", "-auto-approve", "-parallelism=50")
_STATE = "terraform.tfstate"


def is_there() -> bool:
    """Return whether there is a `terraform` to compare with."""
    return shutil.which("terraform") is not None


def measure_line(line: str, bench: Bench, *, full: bool) -> Iterator[Measured]:
    """Measure what corresponds to one of our lines. Beyond 1,000 each run takes long: one run, unless `full`."""
    match line:
        case "plan-one":
            yield from bench.measure(ONE_FILE, {f"terraform {line}": _plan(_applied(bench, ONE_FILE))})
        case "validate" | "plan" | "plan-new":
            for count in bench.sizes:
                yield from _reading(line, bench, count, full=full)
        case "apply":
            for count in bench.sizes if full else bench.sizes[:1] if len(bench.sizes) > 1 else ():
                yield from _applying(bench, count)


def _reading(line: str, bench: Bench, count: int, *, full: bool) -> Iterator[Measured]:
    match line:
        case "validate":
            command = _terraform(_written(bench, "new", count), line, says="Success!")
        case "plan-new":
            command = _terraform(_written(bench, "new", count), "plan", says=f"{count} to add")
        case _:
            command = _plan(_applied(bench, count))
    runs, warm_up = (1, 0) if count > 1000 and not full else (bench.runs, 1)
    yield f"terraform {line}", count, measure([partial(run, command)], runs, warm_up)[0]


def _applying(bench: Bench, count: int) -> Iterator[Measured]:
    """Measure an apply of creates once: half a minute for 1,000, and it grows faster than their number."""
    folder = _written(bench, "apply", count)
    command = _terraform(folder, *_APPLY, says=f"{count} added")
    yield "terraform apply", count, measure([partial(run, command)], 1, 0)[0]


def _written(bench: Bench, name: str, count: int) -> Path:
    """Return a folder with `count` resources, none of them recorded."""
    folder = bench.folder / f"terraform-{name}-{count}"
    if folder.exists():
        return folder
    folder.mkdir()
    for first in range(0, count, PER_FILE):
        blocks = [_resource(number) for number in range(first, min(count, first + PER_FILE))]
        (folder / f"dest_{first // PER_FILE:03d}.tf").write_text("\n".join(blocks))
    run(_terraform(folder, "init"))
    return folder


def _resource(number: int) -> str:
    manual = "true" if number % 2 else "false"
    return _RESOURCE.format(number=number, group=number // PER_FILE, manual=manual, webhooks=WEBHOOKS)


def _applied(bench: Bench, count: int) -> Path:
    """Return a folder whose resources are all recorded.

    Terraform itself writes the state of the first 100. Applying more takes minutes, so the rest is generated from that
    pattern; every run checks that Terraform then plans no change.
    """
    pattern = _written(bench, "applied", ONE_FILE)
    if not (pattern / _STATE).exists():
        run(_terraform(pattern, *_APPLY, says=f"{ONE_FILE} added"))
    folder = _written(bench, "applied", count)
    if not (folder / _STATE).exists():
        state = json.loads((pattern / _STATE).read_text())
        of_manual = {_number(each) % 2: json.dumps(each) for each in state["resources"]}
        state["resources"] = [_recorded(of_manual[number % 2], number) for number in range(count)]
        (folder / _STATE).write_text(json.dumps(state, indent=2))
    return folder


def _number(resource: dict[str, str]) -> int:
    return int(resource["name"].removeprefix("dest_"))


def _recorded(pattern: str, number: int) -> object:
    """Return the record of another resource: its number, its group and an id of its own in the pattern's place."""
    resource = json.loads(pattern)
    old = resource["name"].removeprefix("dest_")
    text = pattern.replace(f"dest_{old}", f"dest_{number:05d}").replace(
        f"Destination {old}", f"Destination {number:05d}"
    )
    text = text.replace(f"{WEBHOOKS}/{int(old) // PER_FILE:03d}", f"{WEBHOOKS}/{number // PER_FILE:03d}")
    attributes = resource["instances"][0]["attributes"]
    return json.loads(text.replace(attributes["id"], f"00000000-0000-4000-8000-{number:012d}"))


def _plan(folder: Path) -> Command:
    return _terraform(folder, "plan", "-detailed-exitcode", says="No changes.")


def _terraform(folder: Path, *arguments: str, says: str = "") -> Command:
    return Command(["terraform", arguments[0], "-no-color", *arguments[1:]], folder, _ENVIRONMENT, says=says)
