"""Findings as SARIF 2.1.0, which code scanning shows at the lines of a pull request and keeps as alerts.

The same findings make the same text: sorted, without a time. An alert is known again by its fingerprint, which is made
of its code and of what it is about, never of a line, so that one whose lines moved stays the same alert.
"""

import posixpath
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from urllib.parse import quote

from blinkdecl import __version__
from blinkdecl.diagnostics.codes import CHANGES, CODES
from blinkdecl.render.ci.scanned import findings
from blinkdecl.render.safe import one_line, safe
from blinkdecl.render.view.json import to_json
from blinkdecl.render.view.parts import View

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
# Where a finding stands that has no place: code scanning shows none without one.
_NOWHERE: View = {"file": "blinkdecl.yaml", "line": 1, "column": 1}
# What `place_of` puts after an owner.
_PLACE = re.compile(r" \([^()]*:\d+(?::\d+)?\)$")
# `{0}` stands for an argument, `[text](target)` is a link.
_PLACEHOLDER, _LINK = re.compile(r"\{(\d+)\}"), re.compile(r"\]\(")
_SENTENCE = re.compile(r".*?[.!?](?= |$)", re.DOTALL)


def sarif_text(
    document: View, *, command: str = "", environment: str | None = None, folder: str = "", ascii_only: bool = False
) -> str:
    """Return what a document says is wrong as one SARIF log with one run.

    `command` and `environment` make the run's category, so that one upload does not replace another's alerts. `folder`
    = the project's within its repository, which is the source's root.
    """
    shown = sorted(findings(document), key=_order)
    codes = sorted({each["code"] for each in shown})
    prints = _fingerprints(shown)
    results = [_result(each, codes, told, folder) for each, told in zip(shown, prints, strict=True)]
    category = "/".join(filter(None, ("blinkdecl", command, environment)))
    driver = {"name": "blinkdecl", "semanticVersion": __version__, "rules": [_rule(each) for each in codes]}
    run = {
        "tool": {"driver": driver},
        "automationDetails": {"id": f"{category}/"},
        "columnKind": "unicodeCodePoints",
        "results": results,
    }
    return to_json({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, ascii_only=ascii_only).rstrip("\n")


def _order(finding: View) -> tuple[object, ...]:
    at = finding["position"] or _NOWHERE
    notes = tuple((note["label"], note["text"]) for note in finding["notes"])
    return at["file"], at["line"], at["column"], finding["code"], finding["summary"], notes, finding["severity"]


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


def _result(finding: View, codes: Sequence[str], fingerprint: str, folder: str) -> View:
    hint = finding["excerpt"]["label"] if finding["excerpt"] else ""
    notes = (f"{note['label']}: {note['text']}" for note in finding["notes"])
    told = [one_line(finding["summary"]), *filter(None, (hint, *notes))]
    at = finding["position"] or _NOWHERE
    region = {"startLine": at["line"], "startColumn": at["column"]}
    if finding["position"] and finding["excerpt"] and finding["excerpt"]["width"]:
        region["endColumn"] = at["column"] + finding["excerpt"]["width"]
    return {
        "ruleId": finding["code"],
        "ruleIndex": codes.index(finding["code"]),
        "level": finding["severity"],
        "message": {"text": _plain("\n".join(told)) or finding["code"]},  # an empty one is refused
        "locations": [{"physicalLocation": {"artifactLocation": _artifact(at["file"], folder), "region": region}}],
        # The second is the one name that GitHub reads; other systems compare all.
        "partialFingerprints": {"blinkdecl/v1": fingerprint, "primaryLocationLineHash": fingerprint},
    }


def _artifact(file: str, folder: str) -> Mapping[str, str]:
    path = posixpath.normpath(posixpath.join(folder, file))
    uri = quote(path, errors="replace")
    return {"uri": f"file://{uri}"} if path.startswith("/") else {"uri": uri, "uriBaseId": "%SRCROOT%"}


def _fingerprints(shown: Iterable[View]) -> list[str]:
    """Return what each finding is known by; of those that are alike in all, each by its number."""
    seen: Counter[str] = Counter()
    found = []
    for each in shown:
        subject = "\0".join((each["code"], *_subject(each)))
        seen[subject] += 1
        digest = sha256(subject.encode(errors="backslashreplace")).hexdigest()[:32]
        found.append(f"{digest}:{seen[subject]}")
    return found


def _subject(finding: View) -> tuple[str, ...]:
    """Return what a finding is about: the object that it names, else its file; and its summary, which has no line.

    Drift is that of its address, whatever else changes there.
    """
    named = next((_PLACE.sub("", note["text"]) for note in finding["notes"] if note["label"] == "at"), None)
    if named is not None and finding["code"] in ("changed-outside", "deleted-outside"):
        return (named,)
    return named or str((finding["position"] or _NOWHERE)["file"]), str(finding["summary"])


def _plain(text: str) -> str:
    """Return a text that means in a SARIF message what it says, and hides nothing where that is shown."""
    return _LINK.sub(r"]\\x28", _PLACEHOLDER.sub(r"{{\1}}", safe(text)))
