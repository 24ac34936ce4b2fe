"""Many stacks as Markdown: what hurts of which, the worst first, and the rest in one line."""

from collections.abc import Iterator
from itertools import groupby

from blinkdecl.diagnostics import counted
from blinkdecl.render.markdown import bold, escaped
from blinkdecl.render.markdown.blocks import listed_whole
from blinkdecl.render.markdown.page import PageOptions, Section, Whole, page
from blinkdecl.render.safe import one_line
from blinkdecl.render.view.merged import KINDS
from blinkdecl.render.view.parts import View

_MOST_FACTS = 5
_GRAVE = ("failed", "lost", "rules", "deletes")


def merged_markdown(view: View, options: PageOptions) -> str:
    """Return the page of what `merged_view` made."""
    return page(counted(view["total"], "stack"), _sections(view), options)


def _sections(view: View) -> Iterator[Section | Whole]:
    for kind, group in groupby(view["stacks"], key=lambda each: str(each["kind"])):
        found = list(group)
        head, items = f"{KINDS[kind]} ({len(found)}):", [_item(each) for each in found]
        if kind in _GRAVE:
            names = [each["name"] for each in found]
            yield listed_whole("CAUTION" if kind != "deletes" else "WARNING", head, items, names)
        else:
            yield Section(["", bold(head), "", *(f"- {each}" for each in items)])
    if view["quiet"]:
        yield Section(["", f"{counted(view['quiet'], 'stack')} without anything to tell."])


def _item(stack: View) -> str:
    facts = [escaped(one_line(each)) for each in stack["facts"][:_MOST_FACTS]]
    more = len(stack["facts"]) - len(facts)
    return f"{bold(stack['name'])}: {'; '.join([*facts, *([f'and {more} more'] if more else [])])}"
