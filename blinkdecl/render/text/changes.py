"""What a plan does to each resource, as text: a block of lines for each, in Terraform's words."""

from collections.abc import Iterable, Iterator

from blinkdecl.render.safe import one_line, quoted
from blinkdecl.render.text.drift import until_text
from blinkdecl.render.text.layout import (
    PLAIN,
    Layout,
    Row,
    aside,
    attribute_lines,
    header,
    heading,
    listed,
    reference_text,
    value_text,
)
from blinkdecl.render.view.parts import View

_TITLES = {
    "create": "will be created",
    "update": "will be updated in-place",
    "delete": "will be destroyed",
    "adopt": "will be adopted (a run that was killed had created it)",
    "forget": "will be forgotten (it is gone already)",
    "release": "will be forgotten (it stays as it is, unmanaged)",
}
_DEEDS = {"create": "created", "delete": "destroyed"}
# Of a trigger only the record changes.
_TRIGGER_TITLES = {
    "create": "will be recorded",
    "update": "will be recorded anew",
    **dict.fromkeys(("delete", "release"), "will be forgotten (its automation in Blink stays)"),
}
_TRIGGER_ACTIONS = {
    **dict.fromkeys(("create", "update"), "record"),
    **dict.fromkeys(("delete", "forget"), "forget"),
}
_BY_HAND = "made by hand in Blink: `blinkdecl help trigger`"
_SYMBOLS = {"create": "+", "update": "~", "delete": "-"}
# Names of one block are padded at least to the longest that every destination shows.
_NAME_WIDTH = len("display_name")
# What a person needs to recognise a resource by, where it is set; `-v` shows all.
_SHOWN = {
    "trigger": ("automation", "url"),
    "destination": ("display_name", "trigger", "severities", "alert_types", "log_types", "allow_manual_dispatch"),
}


def change_blocks(
    changes: Iterable[View], drift: Iterable[View] = (), *, verbose: bool = False, layout: Layout = PLAIN
) -> list[str]:
    """Return what is done to each resource; the first trigger that is new says how triggers are made.

    `drift` is the plan's: a change that undoes what is waived says so.
    """
    blocks, told = [], False
    waivers = waivers_undone(drift)
    for each in changes:
        new = each["type"] == "trigger" and each["action"] == "create"
        blocks.append(_block(each, waivers.get(each["address"], ()), layout, verbose=verbose, by_hand=new and not told))
        told = told or new
    return blocks


def action_word(change: View) -> str:
    """Return what is done to a resource, in one word: of a trigger only the record changes. A result's as well."""
    action = str(change["action"])
    return _TRIGGER_ACTIONS.get(action, action) if change["type"] == "trigger" else action


def waivers_undone(drift: Iterable[View]) -> dict[str, list[View]]:
    """Return the waivers of the drift that the plan undoes although it is waived, by address."""
    found: dict[str, list[View]] = {}
    for each in drift:
        if each["waived"] and each["undone"] and each["waiver"]:  # a plan file may claim anything
            found.setdefault(each["address"], []).append(each["waiver"])
    return found


def _block(change: View, waivers: Iterable[View], layout: Layout, *, verbose: bool, by_hand: bool) -> str:
    """Return what is done to one resource; `by_hand` says how a trigger is made."""
    action, address = change["action"], one_line(change["address"])
    origin = one_line(change.get("previous_address", ""))
    if action == "no-op":
        lines = [heading(f"{origin} has moved to {address}") if origin else heading(f"{address} stays as it is")]
    else:
        titles = {**_TITLES, **_TRIGGER_TITLES} if change["type"] == "trigger" else _TITLES
        title = f"{address} {titles['release' if action == 'forget' and change['recorded_only'] else action]}"
        beside = by_hand and layout.width >= PLAIN.width
        lines = [heading(f"{title} ({_BY_HAND})" if beside else title)]
        lines += aside(_BY_HAND, layout) if by_hand and not beside else []
        lines += aside(f"moved from {origin}", layout) if origin else []
    for each in _asides(change):
        lines += aside(each, layout)
    for waiver in waivers:
        lines += aside(f"undoes drift that is waived {until_text(waiver)}", layout)
    lines.append(header(_SYMBOLS.get(action, " "), change["address"], change["position"], layout))
    lines += attribute_lines(_rows(change, verbose=verbose), layout, least=_NAME_WIDTH)
    return "\n".join(lines)


def _rows(change: View, *, verbose: bool) -> list[Row]:
    match change["action"]:
        case "create":
            return _whole(change, change["change"]["after"] or {}, "+", verbose=verbose)
        case "delete":
            return _whole(change, change["change"]["before"] or {}, "-", verbose=verbose)
        case "forget" if change["recorded_only"]:
            return _whole(change, change["change"]["before"] or {}, " ", verbose=verbose)
        case _:
            return list(_changed(change))


def _whole(change: View, attributes: View, symbol: str, *, verbose: bool) -> list[Row]:
    """Return the attributes of a resource that comes or goes, its secrets named by their source."""
    secrets = {each["name"]: each for each in change["secrets"]}
    kind = change["type"]
    names: Iterable[str] = attributes
    if not verbose and kind in _SHOWN:
        # All but "" and false: an empty list says "all", and null is in the place of a secret.
        shown = [name for name in _SHOWN[kind] if (value := attributes.get(name, "")) or value is None or value == []]
        # A destination's URL and key are its trigger's, and are shown there.
        names = shown if kind == "destination" else dict.fromkeys([*shown, *secrets])
    rows = []
    for name in names:
        if name in secrets:
            value = f"(sensitive, from {reference_text(secrets[name]['reference'])})"
        else:
            value = value_text(name, attributes.get(name))
        rows.append((symbol, one_line(name), value))
    protected = [each for each in change["differences"] if each["name"] == "prevent_destroy" and each["after"]]
    return [*rows, (symbol, "prevent_destroy", "true")] if protected else rows


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


def _asides(change: View) -> Iterator[str]:
    """Yield what is said below the title."""
    yield from _order(change)
    if change["awaiting"]:
        yield f"awaits confirmation: `blinkdecl confirm {one_line(change['address'])}`"
    if change["recorded_only"] and change["type"] == "destination" and change["action"] == "update":
        yield "only the record changes; the destination itself stays as it is"


def _order(change: View) -> Iterator[str]:
    """Yield what is said of a change that comes in two steps, or after others."""
    waits = [each for each in change["depends_on"] if each.startswith("destination.")]
    after = f" after {listed(waits)}" if waits else ""
    if change["temporary_name"] is not None:
        passed_on = "is handed over" if change["action"] == "delete" else "changes hands"
        yield f"temporarily named {quoted(change['temporary_name'])} while its display name {passed_on}"
    if change["first"] is not None and _wider(change):
        yield f"first receives what it is to receive as well, and gives up the rest{after}"
    elif after:
        gone = change["action"] == "delete" and change["address"].startswith("trigger.")
        yield f"{'forgotten' if gone else _DEEDS.get(change['action'], 'changed')}{after}"


def _wider(change: View) -> bool:
    """Whether a first step receives more than there was before: otherwise it only frees a name."""
    first, before = change["first"]["attributes"], change["change"]["before"] or {}
    return any(first.get(name) != before.get(name) for name in ("severities", "alert_types", "log_types"))
