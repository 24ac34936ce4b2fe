"""The alerts of a time over a plan, as a section of its page: a bar for each side of each destination."""

from collections.abc import Iterable, Sequence

from htpy import Element, Node, code, details, div, li, meter, p, summary, table, tbody, td, th, thead, tr, ul

from blinkdecl.diagnostics import counted
from blinkdecl.render.html.page import Part
from blinkdecl.render.html.sections import alarm, prose
from blinkdecl.render.safe import one_line
from blinkdecl.render.text.replay import (
    changing,
    difference_texts,
    headline,
    possible_text,
    rate,
    remarks,
    unheard_text,
)
from blinkdecl.render.view.parts import View

_HEADS = ("Destination", "Now, alerts a day", "After", "What differs")
_SAME_HEADS = ("Destination", "Alerts a day")


def unheard_alarm(plan: View) -> Node:
    """Return which alerts nobody would have received."""
    return alarm(unheard_text(plan["replay"])) if "replay" in plan else None


def replay_part(plan: View) -> Iterable[Part]:
    """Yield the section, where alerts were replayed: those that lose alerts first, then, folded, those that do not."""
    if "replay" not in plan:
        return
    found, rows = plan["replay"], changing(plan["replay"])
    same = [each for each in found["destinations"] if each not in rows]
    most = max((each[side]["alerts"] for each in found["destinations"] for side in ("before", "after")), default=0)
    content: list[Node] = [p[prose(headline(found))]]
    content += [_table(_HEADS, [_row(each, most) for each in rows])] if rows else []
    content += [ul[(li[prose(each)] for each in told)]] if (told := list(remarks(found))) else []
    content += [_same(same, most, more=bool(rows))] if same else []
    yield Part("replay", "Past alerts over this plan", content)


def _same(rows: Sequence[View], most: int, *, more: bool) -> Element:
    """Return the destinations for which nothing changes; they are all there is to see where there are no others."""
    told = f"{counted(len(rows), 'destination')} with the same alerts before and after"
    return details(open=not more)[summary[told], _table(_SAME_HEADS, [_same_row(each, most) for each in rows])]


def _table(heads: Iterable[str], rows: Iterable[Element]) -> Element:
    return table[thead[tr[(th(scope="col")[each] for each in heads)]], tbody[rows]]


def _same_row(each: View, most: int) -> Element:
    return tr[
        th(scope="row")[code[one_line(each["name"])]], td(data_head="Alerts a day")[_bar(each["after"], most)]
    ]  # fmt: skip


def _row(each: View, most: int) -> Element:
    return tr[
        th(scope="row")[code[one_line(each["name"])]],
        td(data_head="Now, a day")[_bar(each["before"], most)],
        td(data_head="After, a day")[_bar(each["after"], most)],
        td(data_head="What differs")[ul[(li[prose(told)] for told in difference_texts(each))]],
    ]


def _bar(amount: View, most: int) -> Element:
    """Return a rate, and a bar as long as it is against the highest of the page; the number says the same."""
    told = f"{rate(amount)}{possible_text(amount)}"
    return div[meter(min="0", max=str(max(most, 1)), value=str(amount["alerts"]), aria_hidden="true"), told]
