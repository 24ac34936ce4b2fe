"""A plan as text, in Terraform's words and order: what will be done, what has drifted, the sum, what is in the way."""

from collections.abc import Iterable, Iterator

from blinkdecl.diagnostics import counted
from blinkdecl.render.safe import one_line, quoted
from blinkdecl.render.text.diagnostics import diagnostics_text
from blinkdecl.render.text.drift import drift_blocks, unmanaged_text
from blinkdecl.render.text.impact import losses_text, routing_blocks
from blinkdecl.render.text.layout import (
    LOCAL,
    header,
    heading,
    listed,
    paragraph,
    reference_text,
    row,
    value_text,
    wrapped,
)  # fmt: skip
from blinkdecl.render.text.marks import Mark, marked
from blinkdecl.render.text.values import unverified_text, without_value_text
from blinkdecl.render.view.parts import View
from blinkdecl.render.view.routing import rows_of_plan

_TITLES = {
    "create": "will be created",
    "update": "will be updated in-place",
    "delete": "will be destroyed",
    "adopt": "will be adopted (a run that was killed had created it)",
    "forget": "will be forgotten (it is gone already)",
}
# Where nothing else changes: what makes the notice go away.
EXPOSURE_ALONE = "If that is as intended: `blinkdecl apply` records it, and changes nothing else."
_DEEDS = {"create": "created", "delete": "destroyed"}
# Of a trigger only the record changes.
_TRIGGER_TITLES = {
    "create": "will be recorded",
    "update": "will be recorded anew",
    "delete": "will be forgotten (its automation in Blink stays)",
}
_BY_HAND = "(made by hand in Blink: `blinkdecl help trigger`)"
_SYMBOLS = {"create": "+", "update": "~", "delete": "-"}
# Names of one block are padded at least to the longest that every destination shows.
_NAME_WIDTH = len("display_name")
# What a person needs to recognise a resource by; `-v` shows all. The second row is shown only where it is set.
_SHOWN = {
    "trigger": ("automation", "url"),
    "destination": ("display_name", "trigger", "severities", "alert_types", "log_types"),
}
_SHOWN_IF_SET = {"destination": ("allow_manual_dispatch",)}

Row = tuple[str, str, str]  # symbol, name, value


def plan_text(plan: View, *, verbose: bool = False, applying: bool = False) -> str:
    """Return the plan; `verbose` shows every attribute and every unmanaged object.

    `applying` = it is carried out at once, and what it left alone is said at the end of that.
    """
    if plan["state"] is None:
        return diagnostics_text(plan["diagnostics"])
    parts = [exposure_text(plan, applying=applying)] if plan["exposure"] else []
    parts += [paragraph(text)] if (text := losses_text(plan["lost_alerts"])) else []
    if plan["resource_changes"]:
        parts.append("blinkdecl will perform the following actions:")
        parts += change_blocks(plan["resource_changes"], verbose=verbose)
    if plan["resource_drift"]:
        parts.append(f"{marked(Mark.LABEL, 'Note:')} objects have changed outside of blinkdecl:")
        parts += drift_blocks(plan["resource_drift"])
    if plan["unmanaged"]:
        parts.append(unmanaged_text(plan, verbose=verbose))
    if plan["unverified"]:
        parts.append(unverified_text(plan))
    if plan["without_value"]:
        parts.append(without_value_text(plan, verbose=verbose))
    parts += routing_blocks(rows_of_plan(plan), verbose=verbose)
    parts += [each for each in conclusion(plan) if not (applying and each == LOCAL)]
    if plan["diagnostics"]:
        parts.append(diagnostics_text(plan["diagnostics"]))
    return "\n\n".join(parts)


def exposure_text(plan: View, *, applying: bool = False) -> str:
    """Return what is different about where secrets come from, and where they and alerts go."""
    lines = [f"{marked(Mark.ATTENTION, 'Where secrets go')}, against what was last applied:"]
    for each in plan["exposure"]:
        lines += wrapped(one_line(each), "  - ", "    ")
    if not (applying or plan["resource_changes"] or plan["errored"]):
        lines += wrapped(EXPOSURE_ALONE, "", "")
    return "\n".join(lines)


def saved_text(file: str, command: str | None) -> str:
    """Return what to do with the plan that was saved to `file`: `command` applies it, None = there is nothing to do."""
    saved = f"Saved to {one_line(file)}. It holds no secret."
    return f"{saved} To apply exactly this plan:\n  {one_line(command)}" if command else saved


def conclusion(plan: View) -> Iterator[str]:
    """Yield the sum, and what restricts the plan."""
    options, total = plan["options"], plan["summary"]
    if plan["resource_changes"]:
        adopted = f"{total['adopt']} to adopt, " if total["adopt"] else ""
        forgotten = f", {total['forget']} to forget" if total["forget"] else ""
        sums = f"{adopted}{total['add']} to add, {total['change']} to change, {total['destroy']} to destroy{forgotten}"
        besides = " ".join([*_recorded(total), *_test_alerts(total)])
        yield "\n".join([f"{marked(Mark.LABEL, 'Plan:')} {sums}.", *([paragraph(besides)] if besides else [])])
        if plan["provider"] == "local":
            yield LOCAL
        if total["awaiting"]:
            await_ = "awaits" if total["awaiting"] == 1 else "await"
            yield f"{total['awaiting']} of these {await_} confirmation: the steps were written by an earlier apply."
    elif not plan["errored"]:
        yield paragraph(f"{marked(Mark.GOOD, 'No changes.')} {_unchanged(plan)}")
    chosen = [f"--target {each}" for each in options["targets"]] + [f"--exclude {each}" for each in options["excludes"]]
    if chosen:
        note = marked(Mark.LABEL, "Note:")
        yield paragraph(f"{note} this plan is partial ({listed(chosen)}); other resources were left out.")


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


def _test_alerts(total: View) -> Iterator[str]:
    """Yield how many test alerts go out, if any."""
    before, after = total["tests_before"], total["tests_after"]
    parts = [f"{counted(before, 'webhook')} before"] if before else []
    parts += [f"{counted(after, 'destination')} after"] if after else []
    if parts:
        yield f"Test alerts: {', '.join(parts)}."


def change_blocks(changes: Iterable[View], *, verbose: bool = False) -> list[str]:
    """Return what is done to each resource; the first trigger that is new says how triggers are made."""
    blocks, told = [], False
    for each in changes:
        new = each["type"] == "trigger" and each["action"] == "create"
        blocks.append(change_block(each, verbose=verbose, by_hand=new and not told))
        told = told or new
    return blocks


def change_block(change: View, *, verbose: bool = False, by_hand: bool = False) -> str:
    """Return what is done to one resource; `by_hand` says how a trigger is made."""
    action, address = change["action"], one_line(change["address"])
    origin = one_line(change.get("previous_address", ""))
    if action == "no-op":
        lines = [heading(f"{origin} has moved to {address}") if origin else heading(f"{address} stays as it is")]
    else:
        titles = {**_TITLES, **_TRIGGER_TITLES} if change["type"] == "trigger" else _TITLES
        title = f"{address} {titles[action]}"
        lines = [heading(f"{title} {_BY_HAND}" if by_hand else title)]
        lines += [heading(f"(moved from {origin})")] if origin else []
    lines += map(heading, _order(change))
    if change["awaiting"]:
        lines.append(heading(f"(awaits confirmation: blinkdecl confirm {address})"))
    if change["recorded_only"] and change["type"] == "destination" and action == "update":
        lines.append(heading("(only the record changes; the destination itself stays as it is)"))
    lines.append(header(_SYMBOLS.get(action, " "), change["address"], change["position"]))
    rows = list(_rows(change, verbose=verbose))
    width = max(_NAME_WIDTH, *(len(name) for _, name, _ in rows)) if rows else 0
    for symbol, name, value in rows:
        lines += row(symbol, name, value, width)
    return "\n".join(lines)


def _rows(change: View, *, verbose: bool) -> Iterator[Row]:
    match change["action"]:
        case "create":
            yield from _whole(change, change["change"]["after"] or {}, "+", verbose=verbose)
        case "delete":
            yield from _whole(change, change["change"]["before"] or {}, "-", verbose=verbose)
        case _:
            yield from _changed(change)


def _whole(change: View, attributes: View, symbol: str, *, verbose: bool) -> Iterator[Row]:
    """Yield the attributes of a resource that comes or goes, its secrets named by their source."""
    secrets = {each["name"]: each for each in change["secrets"]}
    kind = change["type"]
    names: Iterable[str]
    if verbose or kind not in _SHOWN:
        names = attributes
    else:
        shown = [name for name in _SHOWN[kind] if attributes.get(name, "") != ""]
        shown += [name for name in _SHOWN_IF_SET.get(kind, ()) if attributes.get(name)]
        # A destination's URL and key are its trigger's, and are shown there.
        names = shown if kind == "destination" else dict.fromkeys([*shown, *secrets])
    for name in names:
        if name in secrets:
            value = f"(sensitive, from {reference_text(secrets[name]['reference'])})"
        else:
            value = value_text(name, attributes.get(name))
        yield symbol, one_line(name), value
    for each in change["differences"]:
        if each["name"] == "prevent_destroy" and each["after"]:
            yield symbol, "prevent_destroy", "true"


def _changed(change: View) -> Iterator[Row]:
    """Yield what differs: attributes, then secrets that were rotated or are now elsewhere."""
    secrets = {each["name"]: each for each in change["secrets"]}
    told = set()
    for each in change["differences"]:
        name = each["name"]
        before, after = value_text(name, each["before"]), value_text(name, each["after"])
        if name in secrets and each["after"] is None:
            told.add(name)
            after = f"(sensitive, from {reference_text(secrets[name]['reference'])})"
        yield "~", one_line(name), f"{before} -> {after}"
    for name, secret in secrets.items():
        if name not in told and (found := _secret(secret)):
            yield "+" if secret["status"] == "new" else "~", one_line(name), found


def _secret(secret: View) -> str | None:
    """Return what a plan says of a secret of a resource that stays: nothing where nothing is known to change."""
    source = reference_text(secret["reference"])
    recorded = secret["recorded"]
    if secret["status"] == "new" or recorded is None:
        return f"(sensitive, from {source})"
    said = []
    if recorded["reference"] != secret["reference"]:
        before, after = (reference_text(each["reference"], whole=True) for each in (recorded, secret))
        said.append(f"from {before} -> {after}")
    if secret["status"] == "rotated":
        said.append("with another value" if said else f"the value behind {source} is new")
    elif said and secret["status"] == "unverified":
        said.append("may change: unverified")
    return f"(sensitive, {', '.join(said)})" if said else None


def _order(change: View) -> Iterator[str]:
    """Yield what is said of a change that comes in two steps, or after others."""
    waits = [each for each in change["depends_on"] if each.startswith("destination.")]
    after = f" after {listed(waits)}" if waits else ""
    if change["temporary_name"] is not None:
        passed_on = "is handed over" if change["action"] == "delete" else "changes hands"
        yield f"(temporarily named {quoted(change['temporary_name'])} while its display name {passed_on})"
    if change["first"] is not None and _wider(change):
        yield f"(first receives what it is to receive as well, and gives up the rest{after})"
    elif after:
        gone = change["action"] == "delete" and change["address"].startswith("trigger.")
        yield f"({'forgotten' if gone else _DEEDS.get(change['action'], 'changed')}{after})"


def _wider(change: View) -> bool:
    """Whether a first step receives more than there was before: otherwise it only frees a name."""
    first, before = change["first"]["attributes"], change["change"]["before"] or {}
    return any(first.get(name) != before.get(name) for name in ("severities", "alert_types", "log_types"))
