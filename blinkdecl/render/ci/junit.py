"""A view as JUnit XML, which CI systems show beside their tests.

There is one case for each test alert, observed destination, routing test, detection, coverage rule, planned change and
drift, and for each further problem. An error is an error, a warning a skipped case.
"""

import re
from collections import Counter
from collections.abc import Mapping
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from blinkdecl.diagnostics import counted
from blinkdecl.render.ci.findings import DRIFT, PLANNED, ROUTE, Finding, findings
from blinkdecl.render.safe import one_line, safe
from blinkdecl.render.text.observation import counts_text, deviation_texts, state_of
from blinkdecl.render.text.progress import run_text
from blinkdecl.render.view.parts import View, location

# What XML 1.0 cannot express at all, of that which is harmless.
_UNSAYABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# Problems that are cases of their own.
_SHOWN = (
    *("not-delivered", "run-failed", "run-not-seen", "run-unknown"),
    *("routing-test", "unreached", "delivery-failed", "not-as-declared"),
)


def junit_text(document: View, command: str = "", *, folder: str = "", environment: str | None = None) -> str:
    """Return a document as JUnit XML; `command` = who made it, where it does not say so itself.

    `folder` = the project's within the repository, to which files are relative. Since systems know a case by its class
    and name, across all reports of a job, classes begin with the folder and the `environment`.
    """
    name = document.get("command") or command
    suites = Element("testsuites")
    suite = SubElement(suites, "testsuite", name=_line(" ".join(filter(None, ("blinkdecl", name, environment)))))
    for each in sorted(document.get("tests", ()), key=lambda each: (each["address"], each.get("via") or "")):
        _alert(suite, each)
    _tested(suite, document, folder)
    for each in document.get("destinations", ()):
        _observed(suite, each, folder)
    shown = _detected(suite, document, folder) + _covered(suite, document, folder)
    _told_of(suite, document, command, shown, folder)
    if not len(suite):  # a report without a case is an error to some
        SubElement(suite, "testcase", classname="blinkdecl", name=name, time="0.000")
    _tell_apart(suite, "/".join(filter(None, (folder, environment))))
    for kind, count in (("testcase", "tests"), ("failure", "failures"), ("error", "errors"), ("skipped", "skipped")):
        suite.set(count, str(sum(1 for _ in suite.iter(kind))))
    indent(suites)
    written: bytes = tostring(suites, encoding="us-ascii", xml_declaration=True)  # whatever stdout can encode
    return written.decode()


def _tell_apart(suite: Element, whose: str) -> None:
    """Give each case a class of whose it is, and no two of a class one name."""
    seen: Counter[tuple[str, str]] = Counter()
    for case in suite:
        classname, name = case.get("classname", ""), case.get("name", "")
        seen[classname, name] += 1
        if (count := seen[classname, name]) > 1:
            case.set("name", f"{name} ({count})")
        if whose:
            case.set("classname", _line(f"{whose}: {classname}"))


def _alert(suite: Element, alert: View) -> None:
    """Add a test alert's case."""
    named = {"classname": "blinkdecl", "name": _line(alert["address"]), "time": f"{alert['latency']:.3f}"}
    case = SubElement(suite, "testcase", named)
    if not alert["delivered"]:
        _told(SubElement(case, "failure"), alert["failure"], alert["detail"], alert["way_out"])
    elif (run := alert.get("run")) is not None and run["severity"] is not None:
        kind = "failure" if run["severity"] == "error" else "skipped"
        _told(SubElement(case, kind), run["outcome"], run_text(run), run["way_out"])


def _observed(suite: Element, entry: View, folder: str) -> None:
    """Add the case of a destination that was observed; of one without a recorded id, nothing is known."""
    case = _case(suite, entry["address"], _at(entry["position"], folder))
    state = state_of(entry)
    if state in ("fails", "differs"):
        code = "delivery-failed" if state == "fails" else "not-as-declared"
        told = "\n".join(deviation_texts(entry, len(entry["deviations"])))
        _told(SubElement(case, "failure"), code, counts_text(entry), told)
    elif state == "not known":
        _told(SubElement(case, "skipped"), "not-known", counts_text(entry), "")


def _tested(suite: Element, document: View, folder: str) -> None:
    """Add a case for each routing test."""
    failures = {_place(each): each for each in document["diagnostics"] if each["code"] == "routing-test"}
    for each in sorted(document.get("route_tests", ()), key=lambda each: (*_place(each), each["name"])):
        case = _case(suite, each["name"], _at(each["position"], folder), each["position"]["file"])
        if (problem := failures.get(_place(each))) is not None:
            _told(SubElement(case, "failure"), problem["code"], problem["summary"], _notes(problem))


def _detected(suite: Element, document: View, folder: str) -> list[View]:
    """Add a case for each detection; return the problems that are told with them."""
    detections = {each["id"]: each for each in document.get("detections", ())}
    theirs: dict[str, list[View]] = {}
    for problem in document["diagnostics"] if detections else ():
        if problem["severity"] == "error" and (name := _whose(problem, detections)) is not None:
            theirs.setdefault(name, []).append(problem)
    for each in sorted(document.get("detections", ()), key=lambda each: (each["file"], each["line"], each["id"])):
        case = _case(suite, each["id"], _at(each, folder), each["file"])
        _detection(case, each, sorted(theirs.get(each["id"], []), key=_order))
    return [each for some in theirs.values() for each in some]


def _covered(suite: Element, document: View, folder: str) -> list[View]:
    """Add a case for each coverage rule; return the problems that are told with them."""
    rules = document.get("coverage", {}).get("rules", ())
    broken: dict[tuple[str, int, int], list[View]] = {}
    for problem in document["diagnostics"] if rules else ():
        if problem["code"] == "coverage" and problem["position"]:
            broken.setdefault(_place(problem), []).append(problem)
    shown = []
    for rule in sorted(rules, key=_place):
        case = _case(suite, _rule_name(rule), _at(rule["position"], folder), rule["position"]["file"])
        for problem in sorted(broken.get(_place(rule), ()), key=_order):
            _told(SubElement(case, "failure"), problem["code"], problem["summary"], _notes(problem))
            shown.append(problem)
    return shown


def _rule_name(rule: View) -> str:
    which = "; ".join(
        ", ".join(names) or f"every {what}"
        for names, what in (
            (rule["severities"], "severity"),
            (rule["alert_types"], "alert type"),
            (rule["log_types"], "log"),
        )
    )
    least = counted(rule["min_destinations"], "destination")
    apart = f", independent by {rule['independent']}" if rule["min_destinations"] > 1 else ""
    return f"{which}: at least {least}{apart}"


def _told_of(suite: Element, document: View, command: str, shown: list[View], folder: str) -> None:
    """Add a case for everything else that there is to tell."""
    known = [id(each) for each in shown]
    told = [each for each in document["diagnostics"] if each["code"] not in _SHOWN and id(each) not in known]
    for problem in sorted(told, key=_order):
        case = _case(suite, f"{problem['code']}: {problem['summary']}", _at(problem["position"], folder))
        kind = "error" if problem["severity"] == "error" else "skipped"
        _told(SubElement(case, kind), problem["code"], problem["summary"], _notes(problem))
    for each in findings({**document, "diagnostics": []}, command):
        _found(suite, each, command, folder)


def _found(suite: Element, finding: Finding, command: str, folder: str) -> None:
    """Add a case for what is planned or routed, which passes; for what nobody receives, and for what has drifted."""
    passes = finding.check in (PLANNED, ROUTE)
    name = finding.text if passes else ": ".join(filter(None, (finding.check, finding.subject)))
    case = _case(suite, name, _at({"file": finding.file, "line": finding.line}, folder))
    if passes:
        return
    failed = command == "drift" and (finding.check == "lost-alerts" or finding.check in DRIFT)
    kind = "failure" if failed and finding.kind != "notice" else "skipped"
    where = [f"at: {finding.file}:{finding.line}:{finding.column}"] if finding.file else []
    notes = "\n".join([*where, *(f"{label}: {text}" for label, text in finding.notes)])
    _told(SubElement(case, kind), finding.check, finding.text, notes)


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


def _case(suite: Element, name: str, at: Mapping[str, str], classname: str = "blinkdecl") -> Element:
    return SubElement(suite, "testcase", {"classname": _line(classname), "name": _line(name), **at, "time": "0.000"})


def _at(position: View | None, folder: str) -> dict[str, str]:
    """Return the attributes that lead to a place; none for what has no place in the repository."""
    path = location(position["file"], folder) if position else ""
    return {"file": _line(path), "line": str(position["line"])} if position and path else {}


def _order(problem: View) -> tuple[object, ...]:
    at = problem["position"]
    place = (True, *_place(problem)) if at else (False, "", 0, 0)
    return (problem["severity"] != "error", *place, problem["code"], problem["summary"], _notes(problem))


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
