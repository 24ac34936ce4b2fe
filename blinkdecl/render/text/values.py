"""What a plan says of secrets whose value it does not know: why, where they are written, what to do."""

from blinkdecl.diagnostics import counted
from blinkdecl.render.safe import one_line
from blinkdecl.render.text.layout import PLAIN, Layout, listed, paragraph, pasteable, reference_text
from blinkdecl.render.text.marks import Mark, marked
from blinkdecl.render.view.parts import View

_MOST = 5
_ELSEWHERE = "the value in place is not known (an import records none, and Panther shows none)"


def without_value_text(plan: View, layout: Layout = PLAIN, *, verbose: bool = False) -> str:
    """Return one line for each reference without a value, and what `apply` needs; the plan has at least one."""
    found = plan["without_value"]
    shown = found if verbose else found[:_MOST]
    lines = [f"{marked(Mark.LABEL, 'Without a value here:')} {counted(len(found), 'secret reference')}"]
    for each in shown:
        place = each["position"]
        where = f" ({one_line(place['file'])}:{place['line']})" if place else ""
        lines.append(f"  - {reference_text(each['reference'])} {one_line(each['reason'])}{where}")
    if len(found) > len(shown):
        lines.append(f"  - and {len(found) - len(shown)} more; `-v` lists them")
    if any("command" in each["reference"] for each in found):
        lines.append("`blinkdecl apply --allow-commands` runs commands; it needs every value of what it changes.")
    else:
        lines.append("`blinkdecl apply` needs the values of what it changes.")
    return pasteable("\n".join(lines), layout)


def unverified_text(plan: View, layout: Layout = PLAIN) -> str:
    """Return which secrets may change without the plan knowing, and why; the plan has at least one."""
    entries = plan["unverified"]
    names = ", ".join(sorted({one_line(name) for each in entries for name in each["secrets"]}))
    which = listed(each["address"] for each in entries)
    label = marked(Mark.LABEL, "Unverified:")
    whose = f"{names} of {counted(len(entries), 'resource')} ({which})"
    return paragraph(f"{label} {whose}. These were not compared, and may change: {_why(plan)}.", layout)


def _why(plan: View) -> str:
    """Return the reasons: values that are not here, and values in place that nobody knows."""
    absent = {address for each in plan["without_value"] for address in each["addresses"]}
    elsewhere = any(each["address"] not in absent for each in plan["unverified"])
    if not absent:
        return f"{_ELSEWHERE}, or --offline did not look for it"
    here = "they have no value here, as listed below"
    return f"{here}, or {_ELSEWHERE}" if elsewhere else here
