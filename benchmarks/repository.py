"""Repositories of N destinations: 100 per file, one trigger for each 100, all in the shape of Terraform's side."""

import shutil
from dataclasses import dataclass
from pathlib import Path

PER_FILE = 100
WEBHOOKS = "https://acme.app.blinkops.com/webhooks"

_DESTINATION = """\
  dest-{number:05d}:
    display_name: Destination {number:05d}{mark}
    trigger: trigger-{group:03d}
    severities: [CRITICAL, HIGH, MEDIUM]
    alert_types: [RULE, RULE_ERROR, SCHEDULED_RULE]
    log_types: [AWS.CloudTrail, Okta.SystemLog]
    allow_manual_dispatch: {manual}
"""
_TRIGGER = """\
  trigger-{group:03d}:
    workspace: SOC
    pack: Panther
    automation: Triage {group:03d}
    webhook:
      event_name: Alert from Panther
      url: {webhooks}/{group:03d}
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
    shutil.rmtree(folder, ignore_errors=True)  # a line that failed may have left half of one
    (folder / "destinations").mkdir(parents=True)
    (folder / "triggers").mkdir()
    (folder / "blinkdecl.yaml").write_text(f'version: 1\nwebhook_hosts: ["{host}"]\n')
    (folder / "triggers" / "all.yaml").write_text(_triggers(count, webhooks))
    write_destinations(folder, count)
    return Repository(folder, count, _keys(count))


def write_one_file(folder: Path, count: int) -> Repository:
    """Write the same into `blinkdecl.yaml` alone."""
    folder.mkdir(parents=True)
    parts = [_triggers(count, WEBHOOKS), _destinations(range(count), count, 0).removeprefix("version: 1\n")]
    (folder / "blinkdecl.yaml").write_text("\n".join(parts))
    return Repository(folder, count, _keys(count))


def write_destinations(folder: Path, count: int, changed: float = 0) -> None:
    """Write the destinations' files anew; the `changed` fraction of them gets another display name."""
    for first in range(0, count, PER_FILE):
        numbers = range(first, min(count, first + PER_FILE))
        text = _destinations(numbers, count, changed)
        (folder / "destinations" / f"dest-{first // PER_FILE:03d}.yaml").write_text(text)


def _destinations(numbers: range, count: int, changed: float) -> str:
    blocks = [
        _DESTINATION.format(
            number=number,
            group=number // PER_FILE,
            mark=" (renamed)" if is_changed(number, count, changed) else "",
            manual="true" if number % 2 else "false",
        )
        for number in numbers
    ]
    return "version: 1\ndestinations:\n" + "\n".join(blocks)


def _triggers(count: int, webhooks: str) -> str:
    blocks = [_TRIGGER.format(group=group, key=_key(group), webhooks=webhooks) for group in _groups(count)]
    return "version: 1\ntriggers:\n" + "\n".join(blocks)


def _keys(count: int) -> dict[str, str]:
    return {_key(group): f"benchmark-key-of-a-trigger-{group:03d}" for group in _groups(count)}


def _key(group: int) -> str:
    return f"BLINK_{group:03d}_API_KEY"


def _groups(count: int) -> range:
    return range(-(-count // PER_FILE))
