"""Blocks that several pages of Markdown have: alerts, lists that are never cut, fences, folds, places, tables."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from textwrap import wrap
from typing import Literal
from urllib.parse import quote

from blinkdecl.diagnostics import counted
from blinkdecl.render.markdown import bold, code, code_cell, escaped
from blinkdecl.render.markdown.page import PageOptions, Section, Whole
from blinkdecl.render.safe import one_line
from blinkdecl.render.text.diagnostics import count_text, diagnostics_text
from blinkdecl.render.text.impact import LEGEND, MOST_ROWS, sides_text, unchanged_apart, unchanged_text, with_unmanaged
from blinkdecl.render.text.layout import place
from blinkdecl.render.text.marks import plain
from blinkdecl.render.view.parts import View, location
from blinkdecl.render.view.routing import alerts_text, lost_rows

# GitHub's and GitLab's boxes; elsewhere they are quotations.
Alert = Literal["CAUTION", "WARNING"]

# Of one kind of problem, and of places.
_MOST_ALIKE, _MOST_PLACES = 3, 5
# As many problems are told in full as a reader takes in.
_FEW_PROBLEMS = 10
# Long before a list is too long for a page, it is for a reader.
_MOST_ITEMS = 100
_MOST_RULES = 20
_COLUMNS = 100


def fenced(language: str, text: str) -> list[str]:
    """Return a code block; no line of it can end it."""
    longest = max((len(line) - len(line.lstrip("`")) for line in map(str.lstrip, text.split("\n"))), default=0)
    fence = "`" * max(3, longest + 1)
    return [f"{fence}{language}", *text.split("\n"), fence]


def folded(title: str, lines: Iterable[str]) -> list[str]:
    """Return lines that a reader has to open; `title` is ours."""
    return ["", f"<details><summary>{title}</summary>", "", *lines, "", "</details>"]


def alert(kind: Alert, head: str, items: Iterable[str] = ()) -> list[str]:
    """Return a box; `items` are Markdown."""
    listed = [f"> - {each}" for each in items]
    return ["", f"> [!{kind}]", f"> {bold(head)}", *listed]


def listed_whole(kind: Alert, head: str, items: Sequence[str], names: Sequence[str] = ()) -> Whole:
    """Return a box of which nothing is left out: `items`, Markdown for each entry or, where these are long, `names`."""

    def short(entries: Sequence[str], more: int) -> list[str]:
        if not items:
            return []
        told = [f"and {more} more, which do not fit here"] if more else []
        if not names:
            return alert(kind, head, [*entries, *told])
        text = wrap(" ".join(entries), _COLUMNS, break_long_words=False, break_on_hyphens=False)
        block = fenced("", "\n".join(text)) if text else []
        return [*alert(kind, head), *(f"> {each}" for each in [*block, *told])]

    # Blanks within a name are no place to break a line.
    entries = [one_line(each).replace(" ", "\u00a0") for each in names] or list(items)
    full = alert(kind, head, items) if items else []
    return Whole(full if len(items) <= _MOST_ITEMS or not names else short(entries, 0), entries, short)


def place_link(position: View | None, options: PageOptions, *, cell: bool = False) -> str:
    """Return ``file:line`` as code, a link where it is known where the files are; `cell` = of a table."""
    if position is None:
        return ""
    shown = (code_cell if cell else code)(place(position))
    path = location(position["file"], options.folder)
    if options.links is None or not path:  # not of this repository
        return shown
    return f"[{shown}]({options.links}{quote(path, errors='replace')}#L{position['line']})"


def at_place(position: View | None, options: PageOptions) -> str:
    """Return a place as a sentence ends with it."""
    return f" ({place_link(position, options)})" if position else ""


def losses(rows: Sequence[View], head: str, was: str = "until now") -> Whole:
    """Return which alerts somebody gets before, and nobody after: all of them; `was` is said of who gets them."""
    lost = lost_rows(rows)
    told = [f"{bold(', '.join(each['severities']))} ({escaped(alerts_text(each))})" for each in lost]
    whom = [f"{text}; {was} {escaped(sides_text(each)[0])}" for text, each in zip(told, lost, strict=True)]
    return replace(listed_whole("CAUTION", head, whom), entries=told)


def broken_rules(diagnostics: Sequence[View], options: PageOptions) -> Section:
    """Return a box with the coverage rules that are broken; the problems that follow have them in full."""
    broken = [each for each in diagnostics if each["code"] == "coverage"]
    told = [f"{escaped(each['summary'])}{at_place(each['position'], options)}" for each in broken[:_MOST_RULES]]
    told += [f"and {len(broken) - len(told)} more"] if len(told) < len(broken) else []
    return Section(alert("CAUTION", f"{counted(len(broken), 'coverage rule')} broken:", told) if told else ())


def problems(diagnostics: Sequence[View], options: PageOptions) -> Iterator[str]:
    """Yield what is wrong, errors first: of each kind of many a few, and how many more like it there are."""
    few = len(diagnostics) <= _FEW_PROBLEMS
    if diagnostics and not few:
        yield from ("", escaped(count_text(diagnostics)))
    for kind in _kinds(diagnostics):
        shown = kind if few else kind[:_MOST_ALIKE]
        yield from ("", *fenced("", plain(diagnostics_text(shown, options.layout))))
        more = f"and {len(kind) - len(shown)} more like it" if len(shown) < len(kind) else ""
        places = [each["position"] for each in kind if each["position"]] if options.links or more else []
        links = [*dict.fromkeys(place_link(each, options) for each in places)]
        others = " and elsewhere" if len(links) > _MOST_PLACES else ""
        at = f"{', at' if more else 'At'} {', '.join(links[:_MOST_PLACES])}{others}" if links else ""
        if more or at:
            yield from ("", f"{more}{at}.")


def other_problems(diagnostics: Sequence[View], options: PageOptions) -> Iterator[str]:
    """Yield a fold with those problems that `problems` only counts, a line for each."""
    if len(diagnostics) > _FEW_PROBLEMS:
        others = [each for kind in _kinds(diagnostics) for each in kind[_MOST_ALIKE:]]
        lines = (
            f"- {each['severity']}: {escaped(each['summary'])}{at_place(each['position'], options)}" for each in others
        )
        yield from folded("More problems", lines) if others else ()


def _kinds(diagnostics: Sequence[View]) -> list[list[View]]:
    """Return the problems by their kind, errors first."""
    kinds: dict[tuple[bool, str], list[View]] = {}
    for each in diagnostics:
        kinds.setdefault((each["severity"] != "error", each["code"]), []).append(each)
    return [found for (_, _), found in sorted(kinds.items(), key=lambda kind: kind[0][0])]


def routing_table(rows: Sequence[View], before: str, after: str, most: int = MOST_ROWS) -> Iterator[str]:
    """Yield the table of who receives which alerts; `before` and `after` head its two sides."""
    if not rows:
        return
    yield from ("", "### Who receives alerts", "", f"| Severity | Alerts | {before} | {after} |", "|---|---|---|---|")
    told, same = unchanged_apart(rows)
    for each in told[:most]:
        sides = (f"**{text}**" if text == "nobody" else escaped(text) for text in sides_text(each))
        yield f"| {escaped(', '.join(each['severities']))} | {escaped(alerts_text(each))} | {' | '.join(sides)} |"
    if len(told) > most:
        yield from ("", f"and {len(told) - most} more rows.")
    if same:
        yield from ("", escaped(f"Unchanged: {unchanged_text(same)}."))
    if with_unmanaged(told[:most]):
        yield from ("", LEGEND)
