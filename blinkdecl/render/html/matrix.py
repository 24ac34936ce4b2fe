"""Who receives what: a row for alerts that have the same destinations, a column for each severity, names in the cells.

broken    a coverage rule asks for more destinations than there are
nobody    nobody receives these, and nobody declared that
silent    declared to reach nobody
changed   other destinations than before
"""

from collections.abc import Sequence

from htpy import Element, Node, a, caption, details, div, i, li, span, summary, table, tbody, td, th, thead, tr, ul

from blinkdecl.diagnostics import counted
from blinkdecl.render.html.page import unbroken
from blinkdecl.render.safe import one_line
from blinkdecl.render.view.parts import View
from blinkdecl.render.view.routing import alerts_text, happens

_MOST_SHOWN = 5
_STATES = {
    "broken": "a coverage rule is broken",
    "nobody": "nobody, and not declared so",
    "silent": "declared to reach nobody",
    "changed": "changes",
}


def matrix(found: View, *, linked: bool = False) -> Node:
    """Return the matrix of one side, or of two (a row has ``before``); `linked` = each destination has an anchor."""
    lines: Sequence[View] = found["matrix"]
    if not lines:
        return None
    severities = list(lines[0]["destinations"])
    rows = [_row(line, linked=linked) for line in lines]
    return [
        _legend(lines),
        table(class_="matrix")[
            caption[
                "Each row is alerts with the same destinations; names that begin with a quote are not managed here."
            ],
            thead[tr[th(scope="col")["Alerts"], (th(scope="col")[each] for each in severities)]],
            tbody[rows],
        ],
    ]


def _legend(lines: Sequence[View]) -> Element:
    seen = {_state(line, severity) for line in lines for severity in line["destinations"]}
    seen |= {"changed"} if any(_changed(line, each) for line in lines for each in line["destinations"]) else set()
    return div(class_="legend")[(span[i(class_=name), told] for name, told in _STATES.items() if name in seen)]


def _row(line: View, *, linked: bool) -> Element:
    return tr[
        th(scope="row")[unbroken(alerts_text(line))],
        (_cell(line, severity, linked=linked) for severity in line["destinations"]),
    ]


def _cell(line: View, severity: str, *, linked: bool) -> Element:
    if not happens(line, severity):
        return td(data_head=severity)[div["–"]]
    state, names = _state(line, severity), line["destinations"][severity]
    classes = [state, "changed" if _changed(line, severity) else ""]
    said = {"silent": "nobody, as declared", "nobody": "nobody", "broken": "rule broken"}.get(state)
    return td(class_=" ".join(filter(None, classes)) or None, data_head=severity)[
        div[
            span(class_="state")[said] if said and (not names or state == "broken") else None,
            _names(names, linked=linked),
            _difference(line, severity) if _changed(line, severity) else None,
        ]
    ]


def _names(names: Sequence[str], *, linked: bool) -> Node:
    if not names:
        return None
    shown = ul(class_="names")[(li[_name(each, linked=linked)] for each in names)]
    if len(names) <= _MOST_SHOWN:
        return shown
    return details[summary[counted(len(names), "destination")], shown]


def _name(name: str, *, linked: bool) -> Node:
    told = one_line(name.removeprefix("destination."))
    return a(href=f"#{name}")[told] if linked and name.startswith("destination.") else told


def _difference(line: View, severity: str) -> Node:
    """Return which destinations no longer receive these, and which begin to; or that nobody receives them now."""
    before, after = line["before"][severity], line["destinations"][severity]
    if not before:
        return span(class_="was")[span(class_="del")["now: "], "nobody"]
    gone = [each for each in before if each not in set(after)]
    new = [each for each in after if each not in set(before)]
    return [
        span(class_="was")[span(class_="del")["no longer: "], _short(gone)] if gone else None,
        span(class_="was")[span(class_="add")["new: "], _short(new)] if new else None,
    ]


def _short(names: Sequence[str]) -> Node:
    told = [each.removeprefix("destination.") for each in names[:_MOST_SHOWN]]
    return unbroken(", ".join([*told, *([f"{len(names) - _MOST_SHOWN} more"] if len(names) > _MOST_SHOWN else [])]))


def _changed(line: View, severity: str) -> bool:
    before = line.get("before")
    return before is not None and before[severity] != line["destinations"][severity]


def _state(line: View, severity: str) -> str:
    """Return the class of a cell, "" for one of which nothing is to be said."""
    if severity in line["broken"]:
        return "broken"
    if line["destinations"][severity]:
        return ""
    return "silent" if severity in line["silent"] else "nobody"
