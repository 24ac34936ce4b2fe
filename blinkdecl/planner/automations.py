"""Blink's side of triggers: what of their automations is not as the triggers need it. Pure.

    difference            means
    automation            the workspace has none of this name
    pack                  there is one, in another pack
    published, active     no alert starts it
    unpublished_changes   alerts start the version before these
    event_name            its YAML names other events

It is drift of the trigger, and nothing that a plan could change: blinkdecl never changes Blink. So a plan only warns.
"""

from collections.abc import Iterable, Iterator, Mapping

from blinkdecl.diagnostics import Diagnostic
from blinkdecl.model.configuration import Configuration
from blinkdecl.model.plan import Difference, Drift
from blinkdecl.model.resource import Attributes, Value
from blinkdecl.model.runs import Looked, Place
from blinkdecl.planner.drift import waive

_REMEDY = "put it right in Blink, or declare what is there; `blinkdecl apply` changes nothing in Blink"


def automation_drift(desired: Configuration, looked: Mapping[str, Looked], today: str) -> tuple[Drift, ...]:
    """Return the drift of the triggers that were looked at, by address; what is waived `today` has entries of its own.

    What Blink did not tell, or what may be meant by two automations, is no drift.
    """
    found = []
    for address, seen in sorted(looked.items()):
        trigger = desired.resources[address]
        there = _differences(trigger.attributes, seen)
        if differences := tuple(each for each in there if each.name not in trigger.ignore_changes):
            found.append(Drift(address, "changed", differences, position=trigger.position))
    return waive(found, desired.settings.waivers, today)


def automation_warnings(drift: Iterable[Drift]) -> Iterator[Diagnostic]:
    """Yield a warning for each trigger that has drifted in Blink, unless that is waived."""
    for each in drift:
        if not each.waived:
            summary = f"in Blink, the automation of {each.address} is not as the trigger needs it"
            notes = (*(("note", _told(difference)) for difference in each.differences), ("help", _REMEDY))
            yield Diagnostic("automation-differs", summary, severity="warning", position=each.position, notes=notes)


def _differences(trigger: Attributes, seen: Looked) -> Iterator[Difference]:
    place = Place.of(trigger)
    found = place.among(seen.namesakes)
    if not seen.namesakes:
        yield Difference("automation", place.automation, None)
    elif not found:
        yield Difference("pack", place.pack, _value(sorted({each.pack for each in seen.namesakes})))
    if len(found) != 1:
        return
    [one] = found
    if one.published is False:
        yield Difference("published", before=True, after=False)
    else:
        if one.active is False:
            yield Difference("active", before=True, after=False)
        if one.unpublished_changes:
            yield Difference("unpublished_changes", before=False, after=True)
    name = trigger["event_name"]
    if name and seen.event_names is not None and name not in seen.event_names:
        yield Difference("event_name", name, _value(seen.event_names))


def _value(names: Iterable[str]) -> Value:
    """Return one name as it is, several as a list, none as null."""
    found = tuple(names)
    return found if len(found) > 1 else found[0] if found else None


def _told(difference: Difference) -> str:
    """Return a difference as a sentence."""
    there = difference.after
    names = " and ".join(f'"{each}"' for each in (there if isinstance(there, tuple) else (there,) if there else ()))
    match difference.name:
        case "automation":
            return f'Blink has no automation "{difference.before}" there'
        case "pack":
            return f'it is not in the pack "{difference.before}", but in {names}'
        case "published":
            return "it is not published, so that no alert starts it"
        case "active":
            return "it is inactive, so that no alert starts it"
        case "unpublished_changes":
            return "it has changes that are not published: alerts start the version before them"
    return f'its event is not "{difference.before}", but {names}' if names else "no webhook's event triggers it"
