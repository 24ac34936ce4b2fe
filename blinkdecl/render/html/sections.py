"""The sections of a page, each from its part of the view: the problem first, the same words as in the text."""

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from htpy import (
    Element,
    Node,
    code,
    details,
    div,
    li,
    p,
    pre,
    span,
    strong,
    summary,
    table,
    tbody,
    td,
    th,
    thead,
    tr,
    ul,
)

from blinkdecl.diagnostics import counted
from blinkdecl.render.html.page import Part, unbroken
from blinkdecl.render.html.style import DEEPEST
from blinkdecl.render.safe import one_line, safe
from blinkdecl.render.text.changes import action_word, change_blocks
from blinkdecl.render.text.coverage import drill_sentences, rule_text, silence_text
from blinkdecl.render.text.drift import drift_blocks, not_applied_text, unmanaged_text
from blinkdecl.render.text.impact import losses_text, sides_text
from blinkdecl.render.text.layout import PLAIN, place
from blinkdecl.render.text.marks import plain
from blinkdecl.render.text.values import without_value_text
from blinkdecl.render.view.parts import View
from blinkdecl.render.view.routing import alerts_text, joined, lost_alerts

# A page of hundreds of changes is read by those that are looked for.
_MOST_OPEN = 20
# What takes something away comes first.
_ORDER = ("delete", "forget", "update", "create", "adopt", "no-op")
_KINDS = {"create": "add", "adopt": "add", "delete": "del", "update": "mod"}


def alarm(text: str) -> Node:
    """Return a sentence that nobody is to overlook, in the worst colour."""
    return div(class_="panel bad", role="alert")[p[strong(class_="bad")[plain(text)]]] if text else None


def prose(text: str) -> Node:
    """Return sentences of ours on one line, the commands in them as code."""
    parts = " ".join(plain(text).split()).split("`")
    return [code[part] if number % 2 else unbroken(part) for number, part in enumerate(parts)]


def exposure(plan: View) -> Node:
    """Return what is different about where secrets and alerts go."""
    if not plan["exposure"]:
        return None
    head = p[strong["Where secrets go, against what was last applied:"]]
    return div(class_="panel warn")[head, ul[(li[unbroken(each)] for each in plan["exposure"])]]


def asides(plan: View) -> Iterable[Part]:
    """Yield what could not be verified, what is not applied yet, what has no value here, and what is not managed."""
    if plan["not_applied"]:
        yield Part("not-applied", "Not applied yet", p[prose(not_applied_text(plan["not_applied"], PLAIN))])
    if plan["unverified"]:
        told = (li[code[one_line(each["address"])], ": ", joined(each["secrets"])] for each in plan["unverified"])
        yield Part("unverified", "Secrets that could not be verified here", _folded(ul[told], plan["unverified"]))
    if plan["without_value"]:
        yield Part("without-value", "Without a value here", pre_text(without_value_text(plan, PLAIN, verbose=True)))
    if plan["unmanaged"] or plan["summary"]["unmanaged_ignored"]:
        yield Part("unmanaged", "Not managed here", pre_text(unmanaged_text(plan, PLAIN, verbose=True)))


def _folded(content: Node, entries: Sequence[View]) -> Node:
    if len(entries) <= _MOST_OPEN:
        return content
    return details[summary[counted(len(entries), "resource")], content]


def pre_text(text: str) -> Node:
    """Return lines as they stand in the text: where one is broken, the rest of it goes on below its beginning."""
    lines = plain(text).split("\n")
    return div(class_="block")[(_line(each) for each in lines)]


def _line(line: str) -> Element:
    bare = line.lstrip(" ")
    words = [span(class_="name")[part] if "-" in part else part for part in re.split(r"( +)", bare)]
    return div(class_=f"i{min(len(line) - len(bare), DEEPEST)}")[words or " "]


def problems(view: View) -> Iterable[Part]:
    """Yield what is wrong, the errors first, one entry for each code."""
    found = sorted(view["diagnostics"], key=lambda each: (each["severity"] != "error", each["code"]))
    if found:
        groups = [list(group) for _, group in groupby(found, key=lambda each: (each["severity"], each["code"]))]
        yield Part("problems", "Problems", [_problem_group(each) for each in groups])


def _problem_group(group: Sequence[View]) -> Element:
    first, *others = group
    more = details[summary[f"and {len(others)} more like it"], map(_problem, others)] if others else None
    return div(class_=f"panel {'bad' if first['severity'] == 'error' else 'warn'}")[_problem(first), more]


def _problem(problem: View) -> Node:
    at = place(problem["position"]) if problem["position"] else ""
    return [
        p[
            span(class_="state")[f"{problem['severity'].capitalize()}: "],
            unbroken(problem["summary"]),
            " ",
            code[one_line(problem["code"])],
            [" ", span(class_="quiet")[one_line(at)]] if at else None,
        ],
        ul[(li[span(class_="quiet")[f"{note['label']}: "], _lines(note["text"])] for note in problem["notes"])]
        if problem["notes"]
        else None,
    ]


def _lines(text: str) -> Node:
    return pre[safe(text)] if "\n" in text else unbroken(text)


def changes(view: View) -> Iterable[Part]:
    """Yield what a plan does: what is destroyed first; many changes of a kind are folded."""
    found = sorted(view["resource_changes"], key=lambda each: _ORDER.index(each["action"]))
    if not found:
        return
    told: list[Node] = []
    for word, group in groupby(found, key=action_word):
        entries = list(group)
        unfolded = len(entries) <= _MOST_OPEN
        shown = [_change(each, view["resource_drift"], unfolded=unfolded) for each in entries]
        told.append(shown if unfolded else details[summary[f"{word} ", span(class_="quiet")[f"{len(entries)}"]], shown])
    yield Part("changes", "Changes", told)


def _change(change: View, drift: Sequence[View], *, unfolded: bool) -> Element:
    block = "\n".join(change_blocks([change], drift))
    kind = _KINDS.get(change["action"], "")
    head = summary[span(class_=kind or None)[action_word(change)], " ", code[one_line(change["address"])]]
    return details(open=unfolded)[head, pre_text(block)]


def routing(rows: Sequence[View], before: str, after: str) -> Iterable[Part]:
    """Yield who receives which alerts on two sides, as far as that changes."""
    if not rows:
        return
    heads = ("Severity", "Alerts", before, after)
    told = [
        tr[
            th(scope="row")[joined(each["severities"])],
            (
                td(data_head=name, class_="nobody" if text == "nobody" else None)[
                    div[span(class_="state")[unbroken(text)]]
                ]
                for name, text in zip(heads[1:], (one_line(alerts_text(each)), *sides_text(each)), strict=True)
            ),
        ]
        for each in rows
    ]
    yield Part(
        "routing", "Who receives alerts", table[thead[tr[(th(scope="col")[each] for each in heads)]], tbody[told]]
    )


def drift(view: View) -> Iterable[Part]:
    """Yield what was changed outside."""
    if blocks := drift_blocks(view["resource_drift"]):
        yield Part("drift", "Changed outside of blinkdecl", [pre_text(each) for each in blocks])


def rules(found: View) -> Iterable[Part]:
    """Yield the coverage rules, broken ones first, and what is declared to reach nobody."""
    if found["drill"]:
        lost = alarm(losses_text(lost_alerts(found["drill"]["routing"]), drift=True))
        yield Part("drill", f"Without {joined(found['drill']['without'])}", [lost, _drill(found["drill"])])
    if found["rules"]:
        told = sorted(found["rules"], key=lambda each: each["kept"])
        yield Part("rules", "Coverage rules", _rules(told))
    if found["silences"]:
        entries = [li[unbroken(silence_text(each)), " ", _at(each)] for each in found["silences"]]
        yield Part("silences", "Declared to reach nobody", ul[entries])


def _rules(told: Sequence[View]) -> Element:
    """Return the table of rules; beside a plan it says whether they are kept now, and after it."""
    states = {"Now": "kept_now", "After": "kept"} if "kept_now" in told[0] else {"State": "kept"}
    rows = [_rule(each, states) for each in told]
    return table[thead[tr[(th(scope="col")[each] for each in ("Rule", *states, "Declared at"))]], tbody[rows]]


def _rule(rule: View, states: Mapping[str, str]) -> Element:
    shown = (_is_kept(name, kept=rule[key]) for name, key in states.items())
    return tr[th(scope="row")[unbroken(rule_text(rule))], shown, td(data_head="Declared at")[_at(rule)]]


def _is_kept(name: str, *, kept: bool) -> Element:
    said = span(class_="good" if kept else "state")["kept" if kept else "broken"]
    return td(data_head=name, class_=None if kept else "broken")[said]


def _drill(drill: View) -> Node:
    table_ = [each.content for each in routing(drill["routing"], "Now", "Then")]
    return [*(p[unbroken(each)] for each in drill_sentences(drill)), *table_]


def _at(entry: View) -> Node:
    return span(class_="quiet")[place(entry["position"])] if entry["position"] else None
