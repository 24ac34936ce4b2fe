"""Floors: what a command cannot be faster than, as a process of its own that does only the unavoidable part.

Each prints how much it read, so that a floor that read nothing is an error and not a figure.
"""

import sys
from collections.abc import Mapping
from pathlib import Path

from benchmarks.process import Command

# Composes every YAML file with libyaml and looks at each node, the collector at the command line's threshold.
_COMPOSE = """
import gc
from pathlib import Path
import yaml
gc.set_threshold(2_000_000)
def walked(node):
    if isinstance(node, yaml.ScalarNode):
        return 1
    if isinstance(node, yaml.SequenceNode):
        return 1 + sum(map(walked, node.value))
    return 1 + sum(walked(key) + walked(value) for key, value in node.value)
found = sorted(Path().rglob("*.yaml"))
nodes = sum(walked(yaml.compose(each.read_bytes(), yaml.CSafeLoader)) for each in found)
print(len(found), "files,", nodes, "nodes")
"""
# Loads the YAML of detections, as other tools read it.
_DETECTIONS = """
from pathlib import Path
import yaml
kinds = "rule", "policy", "scheduled_rule", "correlation_rule"
found = [yaml.load(each.read_bytes(), yaml.CSafeLoader) for each in Path("detections").rglob("[!.]*.yml")]
print(sum(each["AnalysisType"] in kinds for each in found))
"""
# Decodes the alerts by blinkdecl's own reader, which checks each: what is left is what the command does with them.
_ALERTS = """
from blinkdecl.history.codec import read_alerts
with open("alerts.jsonl", "rb") as file:
    print(sum(1 for _ in read_alerts(file, "alerts.jsonl")[1]))
"""
_ALERT = """
import json
with open("alert.json", "rb") as file:
    print(len(json.dumps(json.load(file))))
"""
_DOCUMENTS = """
import json
from pathlib import Path
print(len([json.loads(each.read_bytes()) for each in Path("results").glob("*.json")]))
"""
_PROJECTS = """
import os
print(sum(len(open(f"{folder}/{name}", "rb").read()) > 0
          for folder, _, names in os.walk(".") for name in names if name == "blinkdecl.yaml"))
"""


def click_floor(folder: Path) -> Command:
    """Return the interpreter that imports click and ends."""
    return _python("import click", folder, "")


def yaml_floor(folder: Path, environment: Mapping[str, str] | None = None) -> Command:
    """Return the process that composes the YAML files of a repository and walks their nodes.

    The environment is the command's: that of a repository with many keys takes a moment to hand over.
    """
    files = sum(1 for _ in folder.rglob("*.yaml"))
    return _python(_COMPOSE, folder, f"{files} files", environment)


def detections_floor(folder: Path, count: int) -> Command:
    """Return the process that loads the YAML of `count` detections."""
    return _python(_DETECTIONS, folder, f"{count}")


def alerts_floor(folder: Path, count: int) -> Command:
    """Return the process that decodes `count` alerts of a file."""
    return _python(_ALERTS, folder, f"{count}")


def alert_floor(folder: Path) -> Command:
    """Return the process that decodes one large alert and encodes it again."""
    return _python(_ALERT, folder, "")


def documents_floor(folder: Path, count: int) -> Command:
    """Return the process that decodes the documents of `count` stacks."""
    return _python(_DOCUMENTS, folder, f"{count}")


def projects_floor(folder: Path, count: int) -> Command:
    """Return the process that finds and reads `count` project files."""
    return _python(_PROJECTS, folder, f"{count}")


def status_floor(folder: Path) -> Command:
    """Return Git itself, asked what differs from a commit."""
    return Command(["git", "diff", "--name-only", "HEAD"], folder, says="blinkdecl.yaml")


def _python(program: str, folder: Path, says: str, environment: Mapping[str, str] | None = None) -> Command:
    return Command([sys.executable, "-c", program], folder, environment or {}, says=says)
