"""Results as JUnit XML, which CI systems show beside their tests: one test case per alert or routing
test, and one per further error."""

import re
from collections.abc import Mapping
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from blinkdecl.render.safe import one_line, safe
from blinkdecl.render.view.parts import View

# What XML 1.0 cannot express at all, of that which is harmless.
_UNSAYABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# Problems that are cases of their own.
_SHOWN = ("not-delivered", "routing-test", "unreached")


def junit_text(document: View) -> str:
    """Return a results document as JUnit XML."""
    suites = Element("testsuites")
    suite = SubElement(suites, "testsuite", name=f"blinkdecl {document['command']}")
    for each in document["tests"]:
        case = SubElement(
            suite, "testcase", classname="blinkdecl", name=_line(each["address"]), time=f"{each['latency']:.3f}"
        )
        if not each["delivered"]:
            _told(SubElement(case, "failure"), each["failure"], each["detail"], each["way_out"])
    failures = {_place(each): each for each in document["diagnostics"] if each["code"] == "routing-test"}
    for each in document.get("route_tests", ()):
        case = SubElement(suite, "testcase", _named(each), time="0.000")
        if (problem := failures.get(_place(each))) is not None:
            _told(SubElement(case, "failure"), problem["code"], problem["summary"], _notes(problem))
    detections = {each["id"]: each for each in document.get("detections", ())}
    theirs: dict[str, list[View]] = {}
    for problem in document["diagnostics"] if detections else ():
        if problem["severity"] == "error" and (name := _whose(problem, detections)) is not None:
            theirs.setdefault(name, []).append(problem)
    for each in document.get("detections", ()):
        _detection(SubElement(suite, "testcase", _of_detection(each), time="0.000"), each, theirs.get(each["id"], []))
    shown = [id(each) for some in theirs.values() for each in some]
    told = [each for each in document["diagnostics"] if each["code"] not in _SHOWN and id(each) not in shown]
    for problem in told:
        case = SubElement(suite, "testcase", classname="blinkdecl", name=problem["code"], time="0.000")
        kind = "error" if problem["severity"] == "error" else "skipped"
        _told(SubElement(case, kind), problem["code"], problem["summary"], _notes(problem))
    for kind, name in (("testcase", "tests"), ("failure", "failures"), ("error", "errors"), ("skipped", "skipped")):
        suite.set(name, str(sum(1 for _ in suite.iter(kind))))
    indent(suites)
    written: bytes = tostring(suites, encoding="us-ascii", xml_declaration=True)  # whatever stdout can encode
    return written.decode()


def _detection(case: Element, detection: View, problems: list[View]) -> None:
    """Say what is wrong with a detection, or becomes of its alerts, unless somebody gets them or nobody is meant to."""
    outcome = detection["outcome"]
    told = [(each["code"], each["summary"], _notes(each)) for each in problems]
    if outcome == "lost":
        told.append(("unreached", f"the alerts of {detection['id']} reach nobody", detection["reason"]))
    if told:
        code, summary, _ = told[0]
        _told(SubElement(case, "failure"), code, summary, "\n\n".join(f"{what}\n{notes}" for _, what, notes in told))
    elif outcome not in ("reached", "silent"):
        _told(SubElement(case, "skipped"), outcome, detection["reason"], "")


def _whose(problem: View, detections: Mapping[str, View]) -> str | None:
    """Return the id of the detection that a problem is of."""
    for note in problem["notes"]:
        if note["label"] == "at":
            return next((each for each in detections if note["text"].startswith(f"{each}, ")), None)
    return None


def _of_detection(detection: View) -> dict[str, str]:
    file = _line(detection["file"])
    return {"classname": file, "name": _line(detection["id"]), "file": file, "line": str(detection["line"])}


def _named(test: View) -> dict[str, str]:
    file = _line(test["position"]["file"])
    return {"classname": file, "name": _line(test["name"]), "file": file, "line": str(test["position"]["line"])}


def _place(entry: View) -> tuple[str, int, int]:
    return entry["position"]["file"], entry["position"]["line"], entry["position"]["column"]


def _notes(problem: View) -> str:
    at = problem["position"]
    where = [f"at: {at['file']}:{at['line']}:{at['column']}"] if at else []
    return "\n".join([*where, *(f"{note['label']}: {note['text']}" for note in problem["notes"])])


def _told(element: Element, kind: str | None, message: str, text: str) -> None:
    element.set("type", _line(kind or "unknown"))
    element.set("message", _line(message))
    element.text = _UNSAYABLE.sub("�", safe(text))


def _line(text: str) -> str:
    return _UNSAYABLE.sub("�", one_line(text))
