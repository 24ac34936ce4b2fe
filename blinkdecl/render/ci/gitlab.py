"""Findings as GitLab's Code Quality report.

A merge request shows what a report has and the target branch's has not, by fingerprints, of which each is read once.
One is made of what is wrong and with what, not of the line, so that text above it may grow: a code, the address that
it is about (or the file, where nothing has an address), and the sentence without its numbers; and of the project's
folder and its environment, since one pipeline may look at several.
"""

import json

from blinkdecl.render.ci.findings import PLANNED, Finding, findings, fingerprints, project_file
from blinkdecl.render.safe import one_line
from blinkdecl.render.view.json import harmless_json
from blinkdecl.render.view.parts import View, location

_SEVERITIES = {"error": "critical", "warning": "minor", "notice": "info"}
_SILENCED = "major"


def code_quality(view: View, command: str, *, folder: str = "", ascii_only: bool = False) -> str:
    """Return the report as JSON; `folder` = the project's within the repository, to which paths are relative."""
    told = [each for each in findings(view, command) if each.check != PLANNED]
    prints = fingerprints(told, folder, view.get("environment") or "")
    issues = [_issue(each, known_by, folder) for each, known_by in zip(told, prints, strict=True)]
    return harmless_json(json.dumps(issues, indent=2, ensure_ascii=ascii_only))


def _issue(finding: Finding, fingerprint: str, folder: str) -> View:
    path = location(finding.file, folder)
    beside = [text for label, text in finding.notes if label == "at" and text not in finding.text]
    return {
        "description": one_line(f"{finding.text} ({'; '.join(beside)})" if beside else finding.text),
        "check_name": finding.check,
        "fingerprint": fingerprint,
        "severity": _SILENCED if finding.is_silence else _SEVERITIES[finding.kind],
        "location": {
            "path": one_line(path or project_file(folder)),
            "lines": {"begin": finding.line if path else 1},
        },
    }
