"""What a plan says of secrets whose value it does not know: why, where they are written, what to do."""

from collections.abc import Sequence

from blinkdecl.diagnostics import counted
from blinkdecl.render.safe import one_line
from blinkdecl.render.text.layout import PLAIN, Layout, listed, paragraph, pasteable, reference_text
from blinkdecl.render.text.marks import Mark, marked
from blinkdecl.render.view.parts import View

_MOST = 5
_ELSEWHERE = (
    "the value in place is not known (an import records none, and Panther shows none) until the next change of the "
    "destination, which sends what is declared"
)
_UNSOUGHT = "--offline did not look for it"
_NOT_HERE = "there is no value here"
_UNKNOWN = "no value is known here"
_LISTED = ", as listed below"


def without_value_text(plan: View, layout: Layout = PLAIN, *, verbose: bool = False) -> str:
    """Return one line for each reference without a value, and what `apply` needs; the plan has at least one."""
    found = plan["without_value"]
    shown = found if verbose else found[:_MOST]
    head = "Not looked for, or without a value here:" if plan["offline"] else "Without a value here:"
    lines = [f"{marked(Mark.LABEL, head)} {counted(len(found), 'secret reference')}"]
    for each in shown:
        place = each["position"]
        where = f" ({one_line(place['file'])}:{place['line']})" if place else ""
        lines.append(f"  - {reference_text(each['reference'])} {one_line(each['reason'])}{where}")
    if len(found) > len(shown):
        lines.append(f"  - and {len(found) - len(shown)} more; `-v` lists them")
    commands = any("command" in each["reference"] for each in found)
    lines.append(_needs(commands=commands, by_hand=plan["provider"] == "console"))
    return pasteable("\n".join(lines), layout)


def _needs(*, commands: bool, by_hand: bool) -> str:
    """Return what needs the values: whoever does it by hand has them, and proves them."""
    if by_hand:
        called = "confirm ADDRESS --allow-commands` runs commands; it" if commands else "confirm ADDRESS`"
        return f"`blinkdecl {called} needs the values of what it proves."
    if commands:
        return "`blinkdecl apply --allow-commands` runs commands; it needs every value of what it changes."
    return "`blinkdecl apply` needs the values of what it changes."


def unverified_text(plan: View, layout: Layout = PLAIN, *, applying: bool = False) -> str:
    """Return which secrets may change without the plan knowing, and why; the plan has at least one.

    What is to be created has no value that could change. `applying` = values were looked for.
    """
    created = {each["address"] for each in plan["resource_changes"] if each["action"] == "create"}
    new = [each for each in plan["unverified"] if each["address"] in created]
    others = [each for each in plan["unverified"] if each["address"] not in created]
    looked = applying or not plan["offline"]
    told = []
    if others:
        told.append(f"{_whose(others)}. These were not compared, and may change: {_why(plan, others, looked=looked)}.")
    if new:
        told.append(f"{_whose(new)}, to be created: {_absence(plan, new, looked=looked)}.")
    return paragraph(f"{marked(Mark.LABEL, 'Unverified:')} {' '.join(told)}", layout)


def _whose(entries: Sequence[View]) -> str:
    names = ", ".join(sorted({one_line(name) for each in entries for name in each["secrets"]}))
    return f"{names} of {counted(len(entries), 'resource')} ({listed(each['address'] for each in entries)})"


def _why(plan: View, entries: Sequence[View], *, looked: bool) -> str:
    """Return the reasons: values that are not here, and values in place that nobody knows."""
    absent = {address for each in plan["without_value"] for address in each["addresses"]}
    elsewhere = any(each["address"] not in absent for each in entries)
    here = f"they have no value here{_LISTED}"
    if not absent:
        return _ELSEWHERE if looked else f"{_ELSEWHERE}, or {_UNSOUGHT}"
    if not elsewhere:
        return here
    return f"{here}, or {_ELSEWHERE}" if looked else f"{here}, or {_ELSEWHERE}, or {_UNSOUGHT}"


def _absence(plan: View, entries: Sequence[View], *, looked: bool) -> str:
    absent = {address for each in plan["without_value"] for address in each["addresses"]}
    found = [each["address"] in absent for each in entries]
    told = f"{_NOT_HERE if looked else _UNKNOWN}{_LISTED if any(found) else ''}"
    return told if looked or all(found) else f"{told}, or {_UNSOUGHT}"
