"""Kubernetes, as far as an example needs it: its schemas, its ConfigMap volumes, its policy for failed pods."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import kubernetes_validate


def validate(resource: Mapping[str, Any]) -> None:
    """Raise what is wrong with a resource, by the strict schema of the newest release that is known."""
    kubernetes_validate.validate(resource, kubernetes_validate.latest_version(), strict=True)


def config_map(folder: Path, files: Mapping[str, str]) -> Path:
    """Write files as the kubelet mounts a ConfigMap: each a link through ``..data`` into a folder with a date."""
    dated = folder / "..2026_01_31_12_00_00.1"
    dated.mkdir(parents=True)
    (folder / "..data").symlink_to(dated.name)
    for name, text in files.items():
        (dated / name).write_text(text)
        (folder / name).symlink_to(f"..data/{name}")
    return folder


def outcome(job: Mapping[str, Any], code: int) -> str:
    """Return what becomes of a pod that ended with an exit code other than 0: the first rule that matches decides."""
    for rule in job["podFailurePolicy"]["rules"]:
        wanted = rule.get("onExitCodes")
        if wanted and (code in wanted["values"]) is (wanted["operator"] == "In"):
            return str(rule["action"])
    return "Count"
