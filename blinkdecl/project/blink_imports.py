"""What an import would write of Blink's automations: a trigger for each event of Panther's that none declares yet.

Which events are Panther's, Blink does not say: those of a vendor of that name, and those of a custom webhook that have
Panther in their name, or the event's name of a trigger that is declared.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from blinkdecl.config.generate_triggers import Offered, named, triggers_yaml
from blinkdecl.diagnostics import Diagnostic, Failure
from blinkdecl.model.configuration import Configuration
from blinkdecl.model.runs import Automation, Place, WebhookEvent
from blinkdecl.project.blink import blink_settings, open_blink
from blinkdecl.project.imports import addresses_in_use, check_free, check_included, new_file, variables_in_use
from blinkdecl.project.project import Project, open_project
from blinkdecl.project.records import read_state
from blinkdecl.state import new_state
from blinkdecl.system.workers import performed

if TYPE_CHECKING:
    from blinkdecl.blink import BlinkApi

_PARALLELISM = 10
_PANTHER = "panther"


@dataclass(frozen=True, slots=True)
class BlinkImport:
    """The text of the new file, None where there is nothing to write; the addresses in it, and the variables to be set.

    Each variable is with the automations that it is for. `left` says what was left alone, or could not be read.
    """

    text: str | None = None
    declared: tuple[str, ...] = ()
    variables: Mapping[str, list[str]] = field(default_factory=dict)
    left: tuple[Diagnostic, ...] = ()


def import_automations(project: Project, path: Path, name: Path) -> BlinkImport:
    """Return what declares the automations that Panther's webhooks trigger, in a file that is to be at `path`.

    `name` is how the caller knows the file. Raises a `Failure` where Blink cannot be asked, or the file may not be.
    """
    settings, configuration = blink_settings(project, "automations are to be imported"), project.configuration
    offered: list[Offered] = []
    left: list[Diagnostic] = []
    with open_blink(project, settings, _PARALLELISM) as blink:
        for each in _offered(blink, configuration):
            if isinstance(each, Diagnostic):
                left.append(each)
            else:
                offered.append(each)
    if not offered:
        return BlinkImport(left=tuple(left))
    check_free(path, name)
    state = read_state(project) or new_state(configuration.environment, None)
    ordered = sorted(offered, key=lambda each: (each.workspace, each.pack, each.automation, each.event_name))
    triggers = named(ordered, addresses_in_use(configuration, state), variables_in_use(configuration, state))
    file, head = new_file(project, path)
    text = head + triggers_yaml(triggers, project.invocation.environment)
    addresses = tuple(f"trigger.{each.name}" for each in triggers)
    check_included(open_project(project.invocation, project.say, added={file: text}).configuration, addresses)
    variables = {
        variable: [each.offered.automation] for each in triggers for variable in (each.url_variable, each.key_variable)
    }
    return BlinkImport(text, addresses, variables, tuple(left))


def _offered(blink: "BlinkApi", configuration: Configuration) -> Iterator[Offered | Diagnostic]:
    """Yield the events that a trigger may be declared for, and why others are left alone."""
    triggers = [each.attributes for each in configuration.resources.values() if each.kind == "trigger"]
    places = [Place.of(each) for each in triggers]
    known = frozenset(str(each["event_name"]) for each in triggers)
    workspaces = blink.workspaces()
    shown = [name for _, name in workspaces]
    for identifier, name in workspaces:
        if shown.count(name) > 1:
            yield _left(blink.clean(name), "Blink has several workspaces with this name")
            continue
        try:
            listed = blink.automations(identifier)
        except Failure as failure:
            yield _left(blink.clean(name), failure.diagnostics[0].summary)
            continue
        free = [each for each in listed if each.kind == "event" and each.published is not False]
        free = [each for each in free if not any(_declares(place, name, each) for place in places)]
        for one, events in performed(_PARALLELISM, free, partial(_events, blink, identifier)).items():
            yield from _of_one(blink, name, one, events, known)


def _declares(place: Place, workspace: str, automation: Automation) -> bool:
    return place.workspace == workspace and bool(place.among((automation,)))


def _events(blink: "BlinkApi", workspace: str, automation: Automation) -> Sequence[WebhookEvent] | str:
    """Return the events that trigger an automation, or why they are not known."""
    try:
        found = blink.events(workspace, automation.id)
    except Failure as failure:
        return failure.diagnostics[0].summary
    return "its YAML does not say which events trigger it" if found is None else found


def _of_one(
    blink: "BlinkApi", workspace: str, one: Automation, events: Sequence[WebhookEvent] | str, known: frozenset[str]
) -> Iterator[Offered | Diagnostic]:
    if isinstance(events, str):
        yield _left(blink.clean(one.name), events)
        return
    for each in events:
        if _is_panthers(each, known):
            names = (workspace, one.pack, one.name, each.name)
            offered = Offered(one.id, *names)
            # What holds a secret, or is too long to be shown, does not go into a file either.
            plain = all(blink.clean(text) == text for text in names)
            yield offered if plain and offered.fits else _left(blink.clean(one.name), "YAML may not hold its names")


def _is_panthers(event: WebhookEvent, known: frozenset[str]) -> bool:
    if event.kind.partition(".")[0].lower() == _PANTHER:
        return True
    return event.kind == "custom_webhook" and (_PANTHER in event.name.lower() or event.name in known)


def _left(name: str, reason: str) -> Diagnostic:
    return Diagnostic("not-importable", f'"{name}" was left alone', severity="warning", notes=(("note", reason),))
