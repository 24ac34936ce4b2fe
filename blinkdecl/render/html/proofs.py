"""What was proved, as sections of a page: each test alert and what became of it, and each destination's last one."""

import re
from collections.abc import Iterable, Sequence
from itertools import groupby

from htpy import Element, Node, code, details, div, span, strong, summary, table, tbody, td, th, thead, tr

from blinkdecl.diagnostics import counted
from blinkdecl.render.html.page import Part
from blinkdecl.render.safe import one_line
from blinkdecl.render.text.deliveries import fails, in_order, last_delivery_text
from blinkdecl.render.text.progress import answer_text, run_text
from blinkdecl.render.view.parts import View
from blinkdecl.render.view.routing import joined

# Of more destinations, only the triggers are open to be read.
_MOST_OPEN = 40
# How it is shown what became of an alert in Blink, by its severity.
_SHADES = {None: "good", "warning": "quiet", "error": "state"}


def tests(view: View) -> Iterable[Part]:
    """Yield each test alert and what came of it, the failures first: those that did not arrive, then the others."""
    found = sorted(view["tests"], key=lambda each: (each["delivered"], not _broken(each)))
    if found:
        yield Part("tests", "Test alerts", _tests(found))


def _tests(found: Sequence[View]) -> Element:
    rows = [
        tr[
            th(scope="row")[code[one_line(each["address"])]],
            td(data_head="Outcome", class_="broken" if _broken(each) else None)[
                span(class_="good" if each["delivered"] else "state")[
                    "delivered" if each["delivered"] else "failed", ", ", answer_text(each)
                ],
                _in_blink(each.get("run")),
            ],
            td(data_head="When")[_moment(each["at"])],
        ]
        for each in found
    ]
    return table[thead[tr[(th(scope="col")[each] for each in ("Address", "Outcome", "When"))]], tbody[rows]]


def _in_blink(run: View | None) -> Node:
    """Return what became of an alert that was delivered, below that it was."""
    if run is None:
        return None
    return div(class_=_SHADES[run["severity"]])[run_text(run)]


def _broken(alert: View) -> bool:
    """Whether the command fails for an alert: it did not arrive, or for what Blink made of it."""
    run = alert.get("run")
    return not alert["delivered"] or (run is not None and run["severity"] == "error")


def destinations(entries: Sequence[View]) -> Iterable[Part]:
    """Yield every destination with its last proof, below its trigger; hundreds of them are folded."""
    if not entries:
        return
    ordered = sorted(entries, key=lambda each: (each["trigger"], each["address"]))
    groups = [(name, list(group)) for name, group in groupby(ordered, key=lambda each: each["trigger"])]
    unfolded = len(ordered) <= _MOST_OPEN
    told = [
        details(open=unfolded)[
            summary[f"trigger {one_line(name)} ", span(class_="quiet")[counted(len(group), "destination")]],
            _proofs(group),
        ]
        for name, group in groups
    ]
    yield Part("destinations", "Destinations, and when each was proved", told)


def _proofs(group: Sequence[View]) -> Element:
    rows = [
        tr(id=each["address"])[
            th(scope="row")[
                code[one_line(each["address"])],
                div(class_="quiet")[one_line(each["display_name"])],
                div[strong(class_="bad")[f"{each['outside']} outside"]] if each["outside"] else None,
            ],
            td(data_head="Severities")[joined(each["severities"]) or "none"],
            _proof(each),
            _alerts(each),
        ]
        for each in group
    ]
    heads = ("Destination", "Severities", "Last test alert", "Last alerts")
    return table[thead[tr[(th(scope="col")[each] for each in heads)]], tbody[rows]]


def alone(entries: Sequence[View]) -> Iterable[Part]:
    """Yield when each destination was last proved, those that fail first."""
    if not entries:
        return
    rows = [
        tr[th(scope="row")[code[one_line(each["address"])]], _proof(each | {"recorded": True}), _alerts(each)]
        for each in in_order(entries)
    ]
    heads = ("Destination", "Last test alert", "Last alerts")
    shown = table[thead[tr[(th(scope="col")[each] for each in heads)]], tbody[rows]]
    yield Part("proofs", "When each was last proved", shown)


def _proof(entry: View) -> Element:
    last = entry["last_test"]
    if last is None:
        told = "never tested" if entry["recorded"] else "not recorded yet"
        return td(data_head="Last test alert", class_="nobody")[span(class_="state")[told]]
    kind = None if last["delivered"] else "broken"
    word = "delivered" if last["delivered"] else "failed"
    return td(data_head="Last test alert", class_=kind)[
        span(class_="good" if last["delivered"] else "state")[word], " ", span(class_="quiet")[_moment(last["at"])]
    ]


def _alerts(entry: View) -> Element:
    """Return when an alert was last delivered, and when one last was not, as observed."""
    last = entry["last_delivery"]
    if last is None:
        return td(data_head="Last alerts")[span(class_="quiet")["not observed"]]
    failing = fails({**entry, "last_test": None})
    return td(data_head="Last alerts", class_="broken" if failing else None)[
        span(class_="state" if failing else "")[last_delivery_text(last)]
    ]


def _moment(at: str) -> str:
    return re.sub(r"\.\d+(?=Z$)", "", one_line(at)).replace("T", " ").replace("Z", " UTC")
