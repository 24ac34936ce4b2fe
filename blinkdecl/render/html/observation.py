"""What really happened, as sections of a page."""

from collections.abc import Iterable

from htpy import Element, Node, code, div, li, p, span, strong, table, tbody, td, th, thead, tr, ul

from blinkdecl.render.html.page import Part
from blinkdecl.render.html.sections import prose
from blinkdecl.render.safe import one_line
from blinkdecl.render.text.observation import (
    counts_text,
    deviation_texts,
    headline,
    last_text,
    not_compared,
    not_observed_text,
    state_of,
    unknown_text,
)
from blinkdecl.render.view.parts import View

_HEADS = ("Destination", "State", "Alerts", "Last")


def lead(document: View) -> Element:
    """Return what was looked at, and what came of it."""
    states = {state_of(each) for each in document["destinations"]}
    kind = "bad" if "fails" in states else "warn" if "differs" in states else ""
    return div(class_=f"panel {kind}".strip())[p[strong[one_line(headline(document))]]]


def parts(document: View) -> Iterable[Part]:
    """Yield the destinations, the ids that no record has, and what was not held against anybody."""
    if document["destinations"]:
        head = thead[tr[(th(scope="col")[each] for each in _HEADS)]]
        rows = tbody[(_row(each) for each in document["destinations"])]
        yield Part("destinations", "What each destination did", table[head, rows])
    if document["unknown"]:
        told = ul[(li[prose(unknown_text(each))] for each in document["unknown"])]
        yield Part("unknown", "Output ids that no record has", told)
    if left := list(not_compared(document)):
        yield Part("not-compared", "Not held against anybody", ul[(li[prose(each)] for each in left)])


def _row(entry: View) -> Element:
    state = state_of(entry)
    kind = {"fails": "broken", "differs": "nobody"}.get(state)
    return tr[
        th(scope="row")[code[one_line(entry["address"])]],
        td(data_head="State", class_=" ".join(filter(None, (kind, "word"))))[
            span(class_="good" if state == "as declared" else "state")[state]
        ],
        td(data_head="Alerts")[prose(counts_text(entry)), _details(entry)],
        td(data_head="Last")[prose(last_text(entry))],
    ]


def _details(entry: View) -> Node:
    told = list(deviation_texts(entry, len(entry["deviations"])))
    told += [open_] if entry["output_id"] is not None and (open_ := not_observed_text(entry)) else []
    return ul[(li[prose(each)] for each in told)] if told else None
