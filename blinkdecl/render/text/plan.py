"""A plan as text, in Terraform's words and order: what will be done, what has drifted, the sum, what is in the way."""

from collections.abc import Iterator

from blinkdecl.diagnostics import counted
from blinkdecl.render.safe import one_line
from blinkdecl.render.text.changes import change_blocks, waivers_undone
from blinkdecl.render.text.diagnostics import diagnostics_text
from blinkdecl.render.text.drift import drift_blocks, unmanaged_text, until_text
from blinkdecl.render.text.impact import alarm_text, losses_text, outage_text, routing_blocks
from blinkdecl.render.text.layout import LOCAL, PLAIN, Layout, listed, paragraph, wrapped
from blinkdecl.render.text.marks import Mark, marked
from blinkdecl.render.text.values import unverified_text, without_value_text
from blinkdecl.render.view.parts import View
from blinkdecl.render.view.routing import rows_of_plan

# Where nothing else changes: what makes the notice go away.
EXPOSURE_ALONE = "If that is as intended: `blinkdecl apply` records it, and changes nothing else."
_RECORDED = "This run has recorded it, and changed nothing else."

_OFFLINE = "no connection was opened, and no secret resolved"
_PANTHER_UNREAD = "; Panther was not read, so what is recorded stands for what is live"
_STATE_UNREAD = "; the state, which is kept elsewhere, was not read, so everything is shown as new"

_CAUSES = ("left-out", "missed-removal", "nothing-declared")


def plan_text(
    plan: View, *, verbose: bool = False, applying: bool = False, recorded: bool = False, layout: Layout = PLAIN
) -> str:
    """Return the plan; `verbose` shows every attribute and every unmanaged object.

    `applying` = it is carried out at once, and what it left alone is said at the end of that.
    `recorded` = there was nothing to carry out, and a run has recorded where secrets go.
    """
    if plan["state"] is None:
        return diagnostics_text(plan["diagnostics"], layout)
    parts = [paragraph(f"{marked(Mark.ATTENTION, 'Offline:')} {offline_text(plan)}", layout)] if plan["offline"] else []
    parts += [_exposure(plan, layout, applying=applying, recorded=recorded)] if plan["exposure"] else []
    parts += [alarm_text(text, layout)] if (text := losses_text(plan["lost_alerts"])) else []
    parts += [alarm_text(text, layout)] if (text := outage_text(plan)) else []
    replayed = _replayed(plan, layout, verbose=verbose)
    parts += replayed[:-1]
    causes, others = _apart(plan)
    parts += [diagnostics_text(causes, layout)] if causes else []
    if plan["resource_changes"]:
        parts.append("blinkdecl will perform the following actions:")
        parts += change_blocks(plan["resource_changes"], plan["resource_drift"], verbose=verbose, layout=layout)
    if plan["resource_drift"]:
        parts.append(f"{marked(Mark.LABEL, 'Note:')} objects have changed outside of blinkdecl:")
        parts += drift_blocks(plan["resource_drift"], layout)
    if plan["unmanaged"] or plan["summary"]["unmanaged_ignored"]:
        parts.append(unmanaged_text(plan, layout, verbose=verbose))
    if plan["unverified"]:
        parts.append(unverified_text(plan, layout, applying=applying))
    if plan["without_value"]:
        parts.append(without_value_text(plan, layout, verbose=verbose))
    parts += routing_blocks(rows_of_plan(plan), verbose=verbose, layout=layout)
    parts += replayed[-1:]
    parts += [each for each in conclusion(plan, layout) if not (applying and each == LOCAL)]
    if others:
        parts.append(diagnostics_text(others, layout))
    if verbose and plan["review_digest"]:
        parts.append(digest_text(plan))
    return "\n\n".join(parts)


def _replayed(plan: View, layout: Layout, *, verbose: bool) -> list[str]:
    """Return what nobody would have received of past alerts, if there is any, and the section on them; [] without."""
    if "replay" not in plan:
        return []
    from blinkdecl.render.text.replay import replay_text, unheard_text  # seldom, and milliseconds

    lost = unheard_text(plan["replay"])
    return [
        *([alarm_text(lost, layout)] if lost else []),
        replay_text(plan["replay"], verbose=verbose, layout=layout),
    ]


def _apart(plan: View) -> tuple[list[View], list[View]]:
    """Return the problems that are to be read before the changes, and the others.

    A file that is left out may be why something is destroyed: whoever sees that should know.
    """
    gone = any(each["action"] in ("delete", "forget") for each in plan["resource_changes"])
    first = gone and not plan["options"]["destroy"]
    causes = [each for each in plan["diagnostics"] if first and each["code"] in _CAUSES]
    return causes, [each for each in plan["diagnostics"] if each not in causes]


def _exposure(plan: View, layout: Layout, *, applying: bool, recorded: bool) -> str:
    """Return what is different about where secrets come from, and where they and alerts go."""
    lines = [f"{marked(Mark.ATTENTION, 'Where secrets go')}, against what was last applied:"]
    for each in plan["exposure"]:
        lines += wrapped(one_line(each), "  - ", "    ", layout)
    if not (applying or plan["resource_changes"] or plan["errored"]):
        lines += wrapped(_RECORDED if recorded else EXPOSURE_ALONE, layout=layout)
    return "\n".join(lines)


def offline_text(plan: View) -> str:
    """Return what a plan that was made offline does not know."""
    if any(each["code"] == "unread-state" for each in plan["diagnostics"]):
        return f"{_OFFLINE}{_STATE_UNREAD}."
    return f"{_OFFLINE}{_PANTHER_UNREAD if plan['provider'] == 'panther' else ''}."


def digest_text(plan: View) -> str:
    """Return the review digest of a plan that has one."""
    return f"{marked(Mark.LABEL, 'Review digest:')} {one_line(plan['review_digest'])}"


def saved_text(file: str, command: str | None) -> str:
    """Return what to do with the plan that was saved to `file`: `command` applies it, None = there is nothing to do."""
    saved = f"Saved to {one_line(file)}. It holds no secret."
    return f"{saved} To apply exactly this plan:\n  {one_line(command)}" if command else saved


def conclusion(plan: View, layout: Layout = PLAIN) -> Iterator[str]:
    """Yield the sum, and what restricts the plan."""
    options, total = plan["options"], plan["summary"]
    if plan["resource_changes"]:
        adopted = f"{total['adopt']} to adopt, " if total["adopt"] else ""
        forgotten = f", {total['forget']} to forget" if total["forget"] else ""
        moved = f", {total['move']} to move" if total["move"] else ""
        sums = f"{adopted}{total['add']} to add, {total['change']} to change, {total['destroy']} to destroy"
        sums += forgotten + moved
        besides = " ".join([*_recorded(total), *_test_alerts(plan)])
        yield "\n".join([f"{marked(Mark.LABEL, 'Plan:')} {sums}.", *([paragraph(besides, layout)] if besides else [])])
        if plan["provider"] == "local":
            yield LOCAL
        if total["awaiting"]:
            await_ = "awaits" if total["awaiting"] == 1 else "await"
            yield f"{total['awaiting']} of these {await_} confirmation: the steps were written by an earlier apply."
    elif not plan["errored"]:
        yield paragraph(f"{marked(Mark.GOOD, 'No changes.')} {_unchanged(plan)}", layout)
    if options["destroy"] and plan["resource_changes"]:
        note = marked(Mark.LABEL, "Note:")
        yield paragraph(f"{note} this is a plan to destroy what is managed here (--destroy).", layout)
    if waivers := waivers_undone(plan["resource_drift"]):
        told = listed(f"{address}, {until_text(each)}" for address, found in waivers.items() for each in found)
        yield paragraph(f"{marked(Mark.LABEL, 'Note:')} this plan undoes drift although it is waived: {told}.", layout)
    chosen = [f"--target {each}" for each in options["targets"]] + [f"--exclude {each}" for each in options["excludes"]]
    if chosen:
        note = marked(Mark.LABEL, "Note:")
        yield paragraph(f"{note} this plan is partial ({listed(chosen)}); other resources were left out.", layout)


def _recorded(total: View) -> Iterator[str]:
    """Yield how many triggers are recorded or forgotten: they are not among what is added and destroyed."""
    if total["triggers_record"] or total["triggers_forget"]:
        found = [(total["triggers_record"], "record"), (total["triggers_forget"], "forget")]
        first, *rest = [(count, deed) for count, deed in found if count]
        yield (
            ", ".join([f"{counted(first[0], 'trigger')} to {first[1]}", *(f"{n} to {deed}" for n, deed in rest)]) + "."
        )


def _unchanged(plan: View) -> str:
    """Return Terraform's sentence, which tools look for, and a second one for how far that is known."""
    if plan["options"]["destroy"]:
        return "No objects need to be destroyed."
    if plan["options"]["targets"] or plan["options"]["excludes"]:
        return "What was selected matches the configuration; the rest was not looked at."
    told = ["Your infrastructure matches the configuration."]
    if plan["compared"] == "recorded":
        told.append("It was compared with the record; nothing in Panther was read.")
    if plan["unverified"]:
        told.append("This is known only as far as it could be verified.")
    return " ".join(told)


def _test_alerts(plan: View) -> Iterator[str]:
    """Yield how many test alerts go out, if any."""
    total, at_least = plan["summary"], " at least" if plan["offline"] and plan["provider"] == "panther" else ""
    before, after = total["tests_before"], total["tests_after"]
    parts = [f"{counted(before, 'webhook')} before"] if before else []
    parts += [f"{counted(after, 'destination')} after"] if after else []
    if parts:
        yield f"Test alerts: {', '.join(parts)}{at_least}."
