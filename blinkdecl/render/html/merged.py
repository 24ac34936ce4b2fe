"""Many stacks on one page: what hurts of which, the worst first, and the rest in one line."""

from itertools import groupby

from htpy import Element, details, div, li, p, strong, summary, ul

from blinkdecl.diagnostics import counted
from blinkdecl.render.html.page import Facts, Part, page
from blinkdecl.render.safe import one_line
from blinkdecl.render.view.merged import KINDS
from blinkdecl.render.view.parts import View, versions

_MOST_FACTS = 5
_STYLES = {"failed": "bad", "lost": "bad", "rules": "bad", "deletes": "warn", "drift": "warn"}


def merged_html(view: View, facts: Facts) -> str:
    """Return the page of what `merged_view` made."""
    parts = []
    for kind, group in groupby(view["stacks"], key=lambda each: str(each["kind"])):
        found = list(group)
        style = f"panel {_STYLES.get(kind, '')}".strip()
        parts.append(Part(kind, f"{KINDS[kind]} ({len(found)})", [_stack(each, style) for each in found]))
    rest = f"{counted(view['quiet'], 'stack')} without anything to tell." if view["quiet"] else ""
    lead = div(class_="panel")[p[rest]] if rest else None
    return page(counted(view["total"], "stack"), lead, parts, versions(), facts)


def _stack(stack: View, style: str) -> Element:
    told, rest = stack["facts"][:_MOST_FACTS], stack["facts"][_MOST_FACTS:]
    return div(class_=style)[
        p[strong[one_line(stack["name"])]],
        ul[(li[one_line(each)] for each in told)],
        details[summary[f"and {len(rest)} more"], ul[(li[one_line(each)] for each in rest)]] if rest else None,
    ]
