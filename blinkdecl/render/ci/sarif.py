"""Findings as SARIF 2.1.0, which code scanning shows at the lines of a pull request and keeps as alerts.

The same findings make the same text: sorted, without a time. An alert is known again by its fingerprint, which is made
of its code and of what it is about, never of a line, so that one whose lines moved stays the same alert.
"""

import json
import re
from collections.abc import Sequence
from urllib.parse import quote

from blinkdecl import __version__
from blinkdecl.diagnostics.codes import CHANGES, CODES
from blinkdecl.render.ci.findings import Finding, findings, fingerprints, project_file
from blinkdecl.render.safe import one_line, safe
from blinkdecl.render.view.json import harmless_json
from blinkdecl.render.view.parts import View, location

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
# `{0}` stands for an argument, `[text](target)` is a link.
_PLACEHOLDER, _LINK = re.compile(r"\{(\d+)\}"), re.compile(r"\]\(")
_SENTENCE = re.compile(r".*?[.!?](?= |$)", re.DOTALL)


def sarif_text(
    document: View, *, command: str = "", environment: str | None = None, folder: str = "", ascii_only: bool = False
) -> str:
    """Return what a document says is wrong as one SARIF log with one run.

    `folder` (the project's within its repository, which is the source's root), `command` and `environment` make the
    run's category, so that one upload does not replace another's alerts.
    """
    # A notice is no alert: it is planned, or accepted. What no code explains can have no rule.
    shown = [each for each in findings(document, command) if each.coded and each.kind != "notice"]
    codes = sorted({each.check for each in shown})
    prints = fingerprints(shown, folder, environment or "")
    results = [_result(each, codes, told, folder) for each, told in zip(shown, prints, strict=True)]
    category = "/".join(filter(None, ("blinkdecl", folder, command, environment)))
    driver = {"name": "blinkdecl", "semanticVersion": __version__, "rules": [_rule(each) for each in codes]}
    run = {
        "tool": {"driver": driver},
        "automationDetails": {"id": f"{category}/"},
        "columnKind": "unicodeCodePoints",
        "results": results,
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return harmless_json(json.dumps(log, indent=2, ensure_ascii=ascii_only))


def _rule(code: str) -> View:
    """Return what a code means, in the words of ``blinkdecl help``."""
    entry = CODES[code]
    first = _SENTENCE.match(entry.explanation)
    explained = f"{entry.explanation}\n\n{entry.remedy}"
    return {
        "id": code,
        "shortDescription": {"text": first.group() if first else entry.explanation},
        "fullDescription": {"text": entry.explanation},
        "help": {"text": explained, "markdown": explained},
        "defaultConfiguration": {"level": "warning" if entry.warning or entry.exit_code == CHANGES else "error"},
    }


def _result(finding: Finding, codes: Sequence[str], fingerprint: str, folder: str) -> View:
    path = location(finding.file, folder)
    elsewhere = [f"in: {finding.file}:{finding.line}"] if finding.file and not path else []
    told = [one_line(finding.text), *elsewhere, *(f"{label}: {text}" for label, text in finding.notes)]
    region = {"startLine": finding.line, "startColumn": finding.column} if path else {"startLine": 1, "startColumn": 1}
    if path and finding.width:
        region["endColumn"] = finding.column + finding.width
    uri = quote(path or project_file(folder), errors="replace")  # code scanning shows none without a place
    artifact = {"uri": uri, "uriBaseId": "%SRCROOT%"}
    return {
        "ruleId": finding.check,
        "ruleIndex": codes.index(finding.check),
        "level": finding.kind,
        "message": {"text": _plain("\n".join(told)) or finding.check},  # an empty one is refused
        "locations": [{"physicalLocation": {"artifactLocation": artifact, "region": region}}],
        # The second is the one name that GitHub reads; other systems compare all.
        "partialFingerprints": {"blinkdecl/v1": fingerprint, "primaryLocationLineHash": fingerprint},
    }


def _plain(text: str) -> str:
    """Return a text that means in a SARIF message what it says, and hides nothing where that is shown."""
    return _LINK.sub(r"]\\x28", _PLACEHOLDER.sub(r"{{\1}}", safe(text)))
