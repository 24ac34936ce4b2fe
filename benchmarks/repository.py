"""Repositories of N destinations: 100 per file, one trigger for each 100, all in the shape of Terraform's side."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from blinkdecl.model.resource import SEVERITIES

PER_FILE = 100
WEBHOOKS = "https://acme.app.blinkops.com/webhooks"

_DESTINATION = """\
  dest-{number:05d}:
    display_name: Destination {number:05d}{mark}
    trigger: {trigger}
    severities: [CRITICAL, HIGH, MEDIUM]
    alert_types: [RULE, RULE_ERROR, SCHEDULED_RULE]
    log_types: [AWS.CloudTrail, Okta.SystemLog]
    allow_manual_dispatch: {manual}
"""
_RECEIVER = """\
  {name}:
    display_name: Receives {severity}
    trigger: trigger-000
    severities: [{severity}]
"""
_TRIGGER = """\
  {trigger}:
    workspace: SOC
    pack: Panther
    automation: Triage {path}
    webhook:
      event_name: Alert from Panther
      url: {webhooks}/{path}
      api_key: {{env: {key}}}
"""


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository on disk, and the API keys that its triggers refer to."""

    folder: Path
    count: int
    keys: dict[str, str]

    def forget(self) -> None:
        """Remove everything that was recorded: the next apply is the first."""
        shutil.rmtree(self.folder / ".blinkdecl", ignore_errors=True)


def is_changed(number: int, count: int, fraction: float) -> bool:
    """Return whether a destination is one of the `fraction` that changed, evenly spread over all files."""
    changed = round(count * fraction)
    step = count // changed if changed else 0
    return bool(step) and number % step == 0 and number // step < changed


def write(folder: Path, count: int, *, webhooks: str = WEBHOOKS, host: str = "*.blinkops.com") -> Repository:
    """Write a repository of `count` destinations that deliver below `webhooks`, whose host is `host`."""
    _prepare(folder, host)
    (folder / "triggers" / "all.yaml").write_text(_triggers(count, webhooks))
    write_destinations(folder, count)
    return Repository(folder, count, keys_of(count))


def write_own_webhooks(folder: Path, count: int, webhooks: str) -> Repository:
    """Write the same, each destination with a trigger and a webhook of its own on 127.0.0.1, 100 per file."""
    _prepare(folder, "127.0.0.1")
    for first in range(0, count, PER_FILE):
        group, numbers = first // PER_FILE, range(first, min(count, first + PER_FILE))
        blocks = [_trigger(f"own-{number:05d}", f"{number:05d}", group, webhooks) for number in numbers]
        text = "version: 1\ntriggers:\n" + "\n".join(blocks)
        (folder / "triggers" / f"own-{group:03d}.yaml").write_text(text)
        text = _destinations(numbers, count, 0, trigger="own-{number:05d}")
        (folder / "destinations" / f"dest-{group:03d}.yaml").write_text(text)
    return Repository(folder, count, keys_of(count))


def write_one_file(folder: Path, count: int) -> Repository:
    """Write the same into `blinkdecl.yaml` alone."""
    folder.mkdir(parents=True)
    parts = [_triggers(count, WEBHOOKS), _destinations(range(count), count, 0).removeprefix("version: 1\n")]
    (folder / "blinkdecl.yaml").write_text("\n".join(parts))
    return Repository(folder, count, keys_of(count))


def write_receivers(folder: Path) -> Repository:
    """Write a repository of five destinations, one for each severity, which is its name too, of whatever kind."""
    folder.mkdir(parents=True)
    blocks = [_RECEIVER.format(name=severity.lower(), severity=severity) for severity in SEVERITIES]
    text = f"{_triggers(1, WEBHOOKS)}\ndestinations:\n" + "\n".join(blocks)
    (folder / "blinkdecl.yaml").write_text(text)
    return Repository(folder, len(SEVERITIES), keys_of(1))


def write_destinations(folder: Path, count: int, changed: float = 0) -> None:
    """Write the destinations' files anew; the `changed` fraction of them gets another display name."""
    for first in range(0, count, PER_FILE):
        numbers = range(first, min(count, first + PER_FILE))
        text = _destinations(numbers, count, changed)
        (folder / "destinations" / f"dest-{first // PER_FILE:03d}.yaml").write_text(text)


def write_project(folder: Path, host: str, *more: str) -> None:
    """Write the project file, with these lines at its end."""
    (folder / "blinkdecl.yaml").write_text("\n".join(["version: 1", f'webhook_hosts: ["{host}"]', *more, ""]))


def keys_of(count: int) -> dict[str, str]:
    """Return the environment that holds the API keys of a repository of `count` destinations."""
    return {_key(group): f"benchmark-key-of-a-trigger-{group:03d}" for group in _groups(count)}


def _prepare(folder: Path, host: str) -> None:
    shutil.rmtree(folder, ignore_errors=True)  # a line that failed may have left half of one
    (folder / "destinations").mkdir(parents=True)
    (folder / "triggers").mkdir()
    write_project(folder, host)


def _destinations(numbers: range, count: int, changed: float, trigger: str = "trigger-{group:03d}") -> str:
    blocks = [
        _DESTINATION.format(
            number=number,
            trigger=trigger.format(number=number, group=number // PER_FILE),
            mark=" (renamed)" if is_changed(number, count, changed) else "",
            manual="true" if number % 2 else "false",
        )
        for number in numbers
    ]
    return "version: 1\ndestinations:\n" + "\n".join(blocks)


def _triggers(count: int, webhooks: str) -> str:
    blocks = [_trigger(f"trigger-{group:03d}", f"{group:03d}", group, webhooks) for group in _groups(count)]
    return "version: 1\ntriggers:\n" + "\n".join(blocks)


def _trigger(name: str, path: str, group: int, webhooks: str) -> str:
    return _TRIGGER.format(trigger=name, path=path, key=_key(group), webhooks=webhooks)


def _key(group: int) -> str:
    return f"BLINK_{group:03d}_API_KEY"


def _groups(count: int) -> range:
    return range(-(-count // PER_FILE))
