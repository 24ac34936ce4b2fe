"""Many stacks on one page: what hurts of which, the worst first, and the rest in one line."""

from itertools import groupby

from htpy import Element, Node, details, div, li, p, strong, summary, ul

from blinkdecl.diagnostics import counted
from blinkdecl.render.html.page import Facts, Part, page
from blinkdecl.render.safe import one_line
from blinkdecl.render.view.merged import KINDS
from blinkdecl.render.view.parts import View, versions

_MOST_FACTS = 5
# Of a kind; the others are folded, in the same order.
_MOST_STACKS = 10
_STYLES = {"failed": "bad", "lost": "bad", "rules": "bad", "deletes": "warn", "drift": "warn"}


def merged_html(view: View, facts: Facts) -> str:
    """Return the page of what `merged_view` made."""
    parts = []
    for kind, group in groupby(view["stacks"], key=lambda each: str(each["kind"])):
        found = list(group)
        parts.append(Part(kind, f"{KINDS[kind]} ({len(found)})", _stacks(found, kind)))
    return page(counted(view["total"], "stack"), _lead(view), parts, versions(), facts)


def _lead(view: View) -> Element:
    """Return what everything comes to; the ways to each kind follow."""
    told = view["total"] - view["quiet"]
    if not told:
        return div(class_="panel good")[p[f"{counted(view['total'], 'stack')} without anything to tell."]]
    rest = f"{counted(view['quiet'], 'stack')} without anything to tell." if view["quiet"] else ""
    return div(class_="panel")[p[strong[f"{counted(told, 'stack')} with something to tell."], rest and f" {rest}"]]


def _stacks(found: list[View], kind: str) -> Node:
    """Return the stacks of a kind, in the order of their names."""
    style = f"panel {_STYLES.get(kind, '')}".strip()
    shown, rest = ([_stack(each, style) for each in some] for some in (found[:_MOST_STACKS], found[_MOST_STACKS:]))
    if not rest:
        return shown
    ends = f"{one_line(found[_MOST_STACKS]['name'])} to {one_line(found[-1]['name'])}"
    return [shown, details[summary[f"and {len(rest)} more: {ends}"], rest]]


def _stack(stack: View, style: str) -> Element:
    told, rest = stack["facts"][:_MOST_FACTS], stack["facts"][_MOST_FACTS:]
    return div(class_=style)[
        p[strong[one_line(stack["name"])]],
        ul[(li[one_line(each)] for each in told)],
        details[summary[f"and {len(rest)} more"], ul[(li[one_line(each)] for each in rest)]] if rest else None,
    ]
