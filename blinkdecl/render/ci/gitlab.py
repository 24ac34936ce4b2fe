"""Findings as GitLab's Code Quality report.

A merge request shows what a report has and the target branch's has not, by fingerprints, of which each is read once.
One is made of what is wrong and with what, not of the line, so that text above it may grow: a code, the address that
it is about (or the file, where nothing has an address), and the sentence without its numbers; and of the project's
folder and its environment, since one pipeline may look at several.
"""

import hashlib
import json
import posixpath
import re
from collections import Counter

from blinkdecl.render.ci.findings import PLANNED, Finding, findings, location
from blinkdecl.render.safe import one_line
from blinkdecl.render.view.json import harmless_json
from blinkdecl.render.view.parts import View

# What has no place of its own is shown where the project begins.
_NOWHERE = "blinkdecl.yaml"
_SEVERITIES = {"error": "critical", "warning": "minor", "notice": "info"}
# Lines, counts and statuses, but no digit that belongs to a name.
_NUMBER = re.compile(r"(?<![\w.-])\d+(?![\w.-])")


def code_quality(view: View, command: str, *, folder: str = "", ascii_only: bool = False) -> str:
    """Return the report as JSON; `folder` = the project's within the repository, to which paths are relative."""
    seen: Counter[str] = Counter()
    told = (each for each in findings(view, command) if each.check != PLANNED)
    issues = [_issue(each, seen, folder, view.get("environment")) for each in told]
    return harmless_json(json.dumps(issues, indent=2, ensure_ascii=ascii_only))


def _issue(finding: Finding, seen: Counter[str], folder: str, environment: str | None) -> View:
    """Return one entry; `seen` counts what has been told in the same words, so that each has a fingerprint."""
    identity = "\0".join((folder, environment or "", finding.check, finding.subject, _NUMBER.sub("#", finding.text)))
    fingerprint = hashlib.sha256(f"{identity}\0{seen[identity]}".encode("utf-8", "backslashreplace")).hexdigest()
    seen[identity] += 1
    path = location(finding, folder)
    beside = [text for label, text in finding.notes if label == "at" and text not in finding.text]
    return {
        "description": one_line(f"{finding.text} ({'; '.join(beside)})" if beside else finding.text),
        "check_name": finding.check,
        "fingerprint": fingerprint[:40],
        "severity": _SEVERITIES[finding.kind],
        "location": {
            "path": one_line(path or posixpath.normpath(posixpath.join(folder, _NOWHERE))),
            "lines": {"begin": finding.line if path else 1},
        },
    }
