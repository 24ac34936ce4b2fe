"""The page around the sections: what it is of, when it was made, and the way to each of them."""

from collections.abc import Iterable
from dataclasses import dataclass

from htpy import Element, Node, a, body, dd, div, dl, dt, h1, h2, head, html, main, meta, nav, section, span, title
from htpy import style as style_
from markupsafe import Markup

from blinkdecl.render.html.style import POLICY, STYLE
from blinkdecl.render.safe import one_line
from blinkdecl.render.view.parts import View


@dataclass(frozen=True, slots=True)
class Facts:
    """What a page is of beyond its view; "" = unknown.

    The environment, the commit, when it was made (RFC 3339), and by which command.
    """

    environment: str = ""
    commit: str = ""
    at: str = ""
    command: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A section with a heading of its own; `name` is its anchor."""

    name: str
    heading: str
    content: Node


def page(heading: str, lead: Node, parts: Iterable[Part], view: View, facts: Facts) -> str:
    """Return the whole page; an auditor can file it, since it says of what and when it is."""
    parts = list(parts)
    where = facts.environment or view.get("environment") or ""
    told = f"{heading}{f', {where}' if where else ''}"
    whole = html(lang="en")[
        head[
            meta(charset="utf-8"),
            meta(http_equiv="Content-Security-Policy", content=POLICY),
            meta(name="viewport", content="width=device-width, initial-scale=1"),
            meta(name="referrer", content="no-referrer"),
            title[one_line(told)],
            style_[Markup(STYLE)],  # noqa: S704 - our own constant
        ],
        body[
            main[
                h1[one_line(told)],
                _facts(view, facts, where),
                lead,
                nav(aria_label="Sections")[(a(href=f"#{each.name}")[each.heading] for each in parts)]
                if len(parts) > 1
                else None,
                (section(id=each.name)[h2[each.heading], each.content] for each in parts),
            ]
        ],
    ]
    return "".join(whole.iter_chunks())


def unbroken(text: str) -> Node:
    """Return text on one line, of which a name goes to the next line as a whole, where it fits there."""
    words = one_line(text).split(" ")
    return [
        [" " if number else "", span(class_="name")[word] if "-" in word else word] for number, word in enumerate(words)
    ]


def _facts(view: View, facts: Facts, where: str) -> Element:
    told = {
        # A page of many stacks is of no environment, and its view does not speak of one.
        "Environment": where or ("none chosen" if "environment" in view else ""),
        "Commit": facts.commit,
        "Made": (view.get("timestamp") or facts.at).replace("T", " ").replace("Z", " UTC"),
        "Compared with": {"live": "what is live", "recorded": "the record"}.get(view.get("compared", ""), ""),
        "Provider": view.get("provider") or "",
        "Review digest": view.get("review_digest") or "",
        "By": f"blinkdecl {view['blinkdecl_version']}",
    }
    return dl(class_="facts")[(div[dt[name], dd[one_line(value)]] for name, value in told.items() if value)]
