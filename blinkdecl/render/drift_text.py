"""Drift as text: what was changed outside of blinkdecl, by whom, and the two ways out."""

from blinkdecl.render.diagnostics_text import diagnostics_text
from blinkdecl.render.safe import one_line, quoted
from blinkdecl.render.text import counted, header, listed, moment, paragraph, place, row, value_text
from blinkdecl.render.view_parts import View

_MOST_UNMANAGED = 10


def drift_text(plan: View, *, verbose: bool = False) -> str:
    """Return what ``blinkdecl drift`` says of a plan; `verbose` lists every unmanaged object."""
    if plan["state"] is None:
        return diagnostics_text(plan["diagnostics"])
    parts = drift_blocks(plan)
    if not parts and not plan["errored"]:
        doubt = ", as far as it could be verified" if plan["unverified"] else ""
        parts.append(f"No drift. The live destinations match the recorded state{doubt}.")
    if plan["unmanaged"]:
        parts.append(unmanaged_text(plan, verbose=verbose))
    total = plan["summary"]
    if any(total[each] for each in ("drift_changed", "drift_deleted", "unmanaged", "unverified")):
        parts.append(_sum(plan))
    if plan["resource_drift"]:
        parts.append(_ways_out(plan))
    if plan["diagnostics"]:
        parts.append(diagnostics_text(plan["diagnostics"]))
    return "\n\n".join(parts)


def drift_blocks(plan: View) -> list[str]:
    """Return one block for each object that was changed or deleted."""
    return ["\n".join(_block_lines(each)) for each in plan["resource_drift"]]


def unmanaged_text(plan: View, *, verbose: bool) -> str:
    """Return the objects that nobody declared: named, so that they can be imported or left alone on purpose."""
    objects = plan["unmanaged"]
    shown = objects if verbose else objects[:_MOST_UNMANAGED]
    are = "is" if len(objects) == 1 else "are"
    lines = [f"Unmanaged, and left alone: {counted(len(objects), 'live destination')} {are} not declared here."]
    lines += [f"  {quoted(str(each['attributes'].get('display_name')))} [id={one_line(each['id'])}]" for each in shown]
    if len(shown) < len(objects):
        lines.append(f"  and {len(objects) - len(shown)} more, which -v lists")
    return "\n".join(lines)


def _block_lines(drift: View) -> list[str]:
    gone = drift["kind"] == "deleted"
    address = one_line(drift["address"])
    lines = [f"  # {address} has been deleted" if gone else f"  # {address} has changed"]
    lines.append(header("-" if gone else "~", drift["address"], drift["position"]))
    rows = []
    if not gone:
        for each in drift["differences"]:
            name = each["name"]
            before, after = value_text(name, each["before"]), value_text(name, each["after"])
            rows.append((one_line(name), f"{before} -> {after}"))
    rows += [(one_line(name), "(sensitive, rotated)") for name in drift["rotated"]]
    width = max((len(name) for name, _ in rows), default=0)
    for name, value in rows:
        lines += row("~", name, value, width)
    if drift["by"] or drift["at"]:
        by, at = one_line(drift["by"] or ""), moment(drift["at"] or "")
        lines.append("        " + (f"by {by}, {at}" if by and at else f"by {by}" if by else f"at {at}"))
    return lines


def _sum(plan: View) -> str:
    total = plan["summary"]
    names = sorted({one_line(name) for each in plan["unverified"] for name in each["secrets"]})
    which = f" ({', '.join(names)})" if names else ""
    return (
        f"Drift: {total['drift_changed']} changed, {total['drift_deleted']} deleted, "
        f"{total['unmanaged']} unmanaged, {total['unverified']} unverified{which}."
    )


def _ways_out(plan: View) -> str:
    """Return the next step: both directions, with the places to edit."""
    drift = plan["resource_drift"]
    if all(each["rotated"] and not each["differences"] for each in drift):
        return paragraph("`blinkdecl apply` proves each new value by a test alert, and puts it in place.")
    it = "it" if len(drift) == 1 else "them"
    places = [place(each["position"]) for each in drift if each["position"]]
    where = listed(dict.fromkeys(places)) if places else "the configuration"
    return paragraph(f"Undo {it} with `blinkdecl apply`, or keep {it} by editing {where}.")
