"""Drift as text: what was changed outside of blinkdecl, by whom, and the two ways out."""

from collections.abc import Iterable

from blinkdecl.diagnostics import counted
from blinkdecl.render.safe import one_line, quoted
from blinkdecl.render.text.diagnostics import diagnostics_text
from blinkdecl.render.text.impact import alarm_text, losses_text, routing_blocks
from blinkdecl.render.text.layout import (
    PLAIN,
    Layout,
    attribute_lines,
    header,
    heading,
    listed,
    moment,
    paragraph,
    place,
    reference_text,
    value_text,
    wrapped,
)
from blinkdecl.render.text.marks import Mark, marked
from blinkdecl.render.text.values import without_value_text
from blinkdecl.render.view.parts import View

_MOST_UNMANAGED = 10
# Names and ids are the server's text.
_LONGEST = 200
# What is so or not so in Blink, and is nowhere declared.
_ONLY_IN_BLINK = {"active", "published", "unpublished_changes"}


def drift_text(plan: View, *, verbose: bool = False, layout: Layout = PLAIN) -> str:
    """Return what ``blinkdecl drift`` says of a plan; `verbose` lists every unmanaged object."""
    if plan["state"] is None:
        return diagnostics_text(plan["diagnostics"], layout)
    drift = [each for each in plan["resource_drift"] if not each["waived"]]
    waived = [each for each in plan["resource_drift"] if each["waived"]]
    parts = [alarm_text(text, layout)] if (text := losses_text(plan["lost_alerts"], drift=True)) else []
    parts += drift_blocks(drift, layout)
    if not drift:
        parts.append(nothing_text(plan, waived, layout))
    if waived:
        parts += ["Waived:", *drift_blocks(waived, layout)]
    if plan["unmanaged"] or plan["summary"]["unmanaged_ignored"]:
        parts.append(unmanaged_text(plan, layout, verbose=verbose))
    parts += routing_blocks(plan["routing"], "recorded", "live", verbose=verbose, layout=layout)
    total = plan["summary"]
    if any(
        total[each]
        for each in ("drift_changed", "drift_deleted", "drift_waived", "unmanaged", "unmanaged_ignored", "unverified")
    ):
        parts.append(sum_text(plan, layout))
    if plan["without_value"]:
        parts.append(without_value_text(plan, layout, verbose=verbose))
    if drift:
        parts.append(ways_out(drift, layout))
    if plan["not_applied"]:
        parts.append(not_applied_text(plan["not_applied"], layout))
    if plan["diagnostics"]:
        parts.append(diagnostics_text(plan["diagnostics"], layout))
    return "\n\n".join(parts)


def not_applied_text(entries: Iterable[View], layout: Layout) -> str:
    """Return which secrets have a new value: one sentence for each reference, and what apply does with it."""
    users: dict[str, list[str]] = {}
    for each in entries:
        users.setdefault(reference_text(each["reference"]), []).append(each["address"])
    label = marked(Mark.LABEL, "Not applied yet:")
    told = [f"{label} the value behind {where} is new ({listed(dict.fromkeys(by))})." for where, by in users.items()]
    return paragraph("\n".join([*told, "`blinkdecl apply` proves it by a test alert, and puts it in place."]), layout)


def nothing_text(plan: View, waived: list[View], layout: Layout = PLAIN) -> str:
    """Return that nothing has drifted, and how far that is known."""
    unseen = any(each["code"] == "automation-unknown" for each in plan["diagnostics"])
    where, rest = (" in Panther", " Not all of Blink could be looked at: see the warnings.") if unseen else ("", "")
    if waived:
        return paragraph(f"No drift{where}, apart from what is waived.{rest}", layout)
    doubt = ", as far as it could be verified" if plan["unverified"] else ""
    told = f"The live destinations match the recorded state{doubt}."
    if plan["compared"] == "recorded":
        told = "Nothing in Panther was read: of destinations, only the values behind secret references were compared "
        told += "with the record"
        told += ", as far as they are set here." if plan["unverified"] else "."
    broken = " A coverage rule is broken all the same." if plan["errored"] else ""
    return paragraph(f"{marked(Mark.GOOD, f'No drift{where}.')} {told}{broken}{rest}", layout)


def drift_blocks(drift: Iterable[View], layout: Layout = PLAIN) -> list[str]:
    """Return one block for each object that was changed or deleted."""
    return ["\n".join(_block_lines(each, layout)) for each in drift]


def until_text(waiver: View) -> str:
    """Return ``until 2026-12-24 (reason)``."""
    reason = f" ({one_line(waiver['reason'])})" if waiver["reason"] else ""
    return f"until {one_line(waiver['until'])}{reason}"


def unmanaged_text(plan: View, layout: Layout, *, verbose: bool) -> str:
    """Return the objects that nobody declared: named, so that they can be imported or left alone on purpose."""
    objects, ignored = plan["unmanaged"], plan["summary"]["unmanaged_ignored"]
    head = marked(Mark.LABEL, "Unmanaged, ")
    if not objects:
        return f"{head}and ignored: {ignored_text(ignored)}."
    shown = objects if verbose else objects[:_MOST_UNMANAGED]
    are = "is" if len(objects) == 1 else "are"
    lines = [f"{head}and left alone: {counted(len(objects), 'live destination')} {are} not declared here."]
    lines += [_unmanaged_line(each) for each in shown]
    if len(shown) < len(objects):
        lines.append(f"  and {len(objects) - len(shown)} more, which -v lists")
    if ignored:
        lines.append(f"  and {ignored_text(ignored)}")
    hint = "`blinkdecl import ADDRESS ID` takes one over, `blinkdecl import --all` writes YAML for all."
    lines += wrapped(hint, "  ", "  ", layout)
    return "\n".join(lines)


def ignored_text(count: int) -> str:
    """Return how many unmanaged objects are not listed, and why."""
    return f"{counted(count, 'destination')} that `unmanaged.ignore` names, or another environment manages"


def _unmanaged_line(live: View) -> str:
    name = quoted(str(live["attributes"].get("display_name"))[:_LONGEST])
    what = "a custom webhook, whose" if live["kind"].lower() == "customwebhook" else "its"
    secret = f" ({what} URL cannot be read)" if "webhook_url" in live["hidden"] else ""
    return f"  {name} [id={one_line(live['id'][:_LONGEST])}]{secret}"


def _block_lines(drift: View, layout: Layout) -> list[str]:
    gone = drift["kind"] == "deleted"
    address = one_line(drift["address"])
    lines = [heading(f"{address} has been deleted" if gone else f"{address} has changed")]
    lines.append(header("-" if gone else "~", drift["address"], drift["position"], layout))
    rows = []
    if not gone:
        for each in drift["differences"]:
            name = each["name"]
            before, after = value_text(name, each["before"]), value_text(name, each["after"])
            rows.append(("~", one_line(name), f"{before} -> {after}"))
    lines += attribute_lines(rows, layout)
    if drift["by"] or drift["at"]:
        by, at = one_line((drift["by"] or "")[:_LONGEST]), moment((drift["at"] or "")[:_LONGEST])
        lines.append("        " + (f"by {by}, {at}" if by and at else f"by {by}" if by else f"at {at}"))
    if waiver := drift["waiver"]:
        reason = f": {one_line(waiver['reason'])}" if waiver["reason"] else ""
        until = one_line(waiver["until"])
        told = f"waived until {until}{reason}" if drift["waived"] else f"the waiver until {until} has expired"
        lines.append(f"        ({told})")
    return lines


def sum_text(plan: View, layout: Layout = PLAIN) -> str:
    """Return how much has drifted, and how much could not be verified."""
    total = plan["summary"]
    names = sorted({one_line(name) for each in plan["unverified"] for name in each["secrets"]})
    which = f" ({', '.join(names)})" if names else ""
    waived = f", {total['drift_waived']} waived" if total["drift_waived"] else ""
    ignored = f" and {total['unmanaged_ignored']} ignored" if total["unmanaged_ignored"] else ""
    return paragraph(
        f"{marked(Mark.LABEL, 'Drift:')} {total['drift_changed']} changed, {total['drift_deleted']} deleted, "
        f"{total['unmanaged']} unmanaged{ignored}, {total['unverified']} unverified{which}{waived}.",
        layout,
    )


def ways_out(drift: list[View], layout: Layout = PLAIN) -> str:
    """Return the next step: both directions, with the places to edit. In Blink, only people change something."""
    told = []
    for in_blink, undo in ((False, "Undo {it} with `blinkdecl apply`"), (True, "Put {what} right in Blink")):
        if found := [each for each in drift if (each["type"] == "trigger") == in_blink]:
            it = "it" if len(found) == 1 else "them"
            what = listed(one_line(each["address"]) for each in found)
            places = [place(each["position"]) for each in found if each["position"]]
            where = listed(dict.fromkeys(places)) if places else "the configuration"
            names = {difference["name"] for each in found for difference in each["differences"]}
            keep = "" if in_blink and names <= _ONLY_IN_BLINK else f", or keep {it} by editing {where}"
            told.append(f"{undo.format(it=it, what=what)}{keep}.")
    return paragraph("\n".join(told), layout)
