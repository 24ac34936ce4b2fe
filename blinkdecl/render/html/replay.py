"""The alerts of a time over a plan, as a section of its page: a bar for each side of each destination."""

from collections.abc import Iterable

from htpy import Element, Node, code, div, li, meter, p, table, tbody, td, th, thead, tr, ul

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


def unheard_alarm(plan: View) -> Node:
    """Return which alerts nobody would have received."""
    return alarm(unheard_text(plan["replay"])) if "replay" in plan else None


def replay_part(plan: View) -> Iterable[Part]:
    """Yield the section, where alerts were replayed: those that lose alerts first."""
    if "replay" not in plan:
        return
    found, rows = plan["replay"], changing(plan["replay"])
    most = max((each[side]["alerts"] for each in rows for side in ("before", "after")), default=0)
    head = thead[tr[(th(scope="col")[each] for each in _HEADS)]]
    content: list[Node] = [p[prose(headline(found))]]
    content += [table[head, tbody[(_row(each, most) for each in rows)]]] if rows else []
    content += [ul[(li[prose(each)] for each in told)]] if (told := list(remarks(found))) else []
    yield Part("replay", "Past alerts over this plan", content)


def _row(each: View, most: int) -> Element:
    return tr[
        th(scope="row")[code[one_line(each["name"])]],
        td(data_head="Now")[_bar(each["before"], most)],
        td(data_head="After")[_bar(each["after"], most)],
        td(data_head="What differs")[ul[(li[prose(told)] for told in difference_texts(each))]],
    ]


def _bar(amount: View, most: int) -> Element:
    """Return a rate, and a bar as long as it is against the highest of the page; the number says the same."""
    told = f"{rate(amount)}{possible_text(amount)}"
    return div[meter(min="0", max=str(max(most, 1)), value=str(amount["alerts"]), aria_hidden="true"), told]
