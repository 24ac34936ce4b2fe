"""The automations of triggers, looked at in Blink with the key that the project names.

What cannot be looked at is a warning that says why, never a difference, and never that there is none.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from blinkdecl.diagnostics import Diagnostic, Failure, several
from blinkdecl.model.plan import Action, Plan
from blinkdecl.model.resource import Resource
from blinkdecl.model.runs import Automation, Looked, Place
from blinkdecl.planner.automations import automation_drift, automation_warnings
from blinkdecl.project.blink import open_blink
from blinkdecl.project.project import Project
from blinkdecl.system.workers import performed

if TYPE_CHECKING:
    from blinkdecl.blink import BlinkApi

_PARALLELISM = 10


@dataclass(frozen=True, slots=True)
class Unknown:
    """Why something is not known, and what to do about it ("" = nothing better than to ask again)."""

    reason: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Sight:
    """What was looked at, by the addresses of triggers, and what could not be; a trigger may be in both."""

    looked: Mapping[str, Looked] = field(default_factory=dict)
    unknown: Mapping[str, tuple[Unknown, ...]] = field(default_factory=dict)

    def warnings(self) -> Iterator[Diagnostic]:
        """Yield one warning for each reason why something is not known, with the triggers that it concerns."""
        reasons: dict[Unknown, list[str]] = {}
        for address, found in self.unknown.items():
            for each in found:
                reasons.setdefault(each, []).append(address)
        for each, addresses in reasons.items():
            notes = (("at", several(addresses)), ("note", each.reason), ("help", each.remedy))
            told = tuple(note for note in notes if note[1])
            summary = "it is not known whether Blink has the automation as the trigger needs it"
            yield Diagnostic("automation-unknown", summary, severity="warning", notes=told)


def look(project: Project, triggers: Iterable[Resource]) -> Sight:
    """Look at the automation of each trigger that declares its workspace and automation, where Blink is configured."""
    declared = {each.address: each for each in triggers if each.attributes["workspace"]}
    declared = {address: each for address, each in declared.items() if each.attributes["automation"]}
    settings = project.configuration.settings.blink
    if settings is None or not declared:
        return Sight()
    try:
        with open_blink(project, settings, _PARALLELISM) as blink:
            return _look(blink, declared)
    except Failure as failure:  # no key here, or not to be sent there: nothing was asked
        return Sight(unknown=dict.fromkeys(declared, (_because(failure),)))


def with_automations(project: Project, plan: Plan, today: str) -> Plan:
    """Return the plan of what has drifted, with what has in Blink."""
    triggers = [each for each in project.configuration.resources.values() if each.kind == "trigger"]
    sight = look(project, triggers)
    drift = automation_drift(project.configuration, sight.looked, today)
    return replace(plan, drift=(*plan.drift, *drift), diagnostics=(*plan.diagnostics, *sight.warnings()))


def touched_automations(project: Project, plan: Plan, today: str) -> tuple[Diagnostic, ...]:
    """Return what is to be told of the automations that the plan's changes lead to: warnings, no changes."""
    declared, wanted = project.configuration.resources, set()
    for each in plan.changes:
        if each.after is not None and each.action not in (Action.DELETE, Action.FORGET):
            wanted.add(each.address if each.kind == "trigger" else f"trigger.{each.after['trigger']}")
    sight = look(project, [each for address, each in declared.items() if address in wanted])
    drift = automation_drift(project.configuration, sight.looked, today)
    return (*automation_warnings(drift), *sight.warnings())


def _look(blink: "BlinkApi", declared: Mapping[str, Resource]) -> Sight:
    workspaces = sorted({str(each.attributes["workspace"]) for each in declared.values()})
    listed = performed(_PARALLELISM, workspaces, lambda each: _listed(blink, each))

    def one(address: str) -> tuple[Looked | None, Sequence[Unknown]]:
        trigger = declared[address]
        found = listed[str(trigger.attributes["workspace"])]
        return (None, (found,)) if isinstance(found, Unknown) else _seen(blink, trigger, *found)

    seen = performed(_PARALLELISM, declared, one)
    looked = {address: found for address, (found, _) in seen.items() if found is not None}
    return Sight(looked, {address: tuple(unknown) for address, (_, unknown) in seen.items() if unknown})


def _listed(blink: "BlinkApi", name: str) -> tuple[str, tuple[Automation, ...]] | Unknown:
    """Return the id of a workspace and its automations, or why they are not known."""
    try:
        workspace = blink.workspace(name)
        return workspace, blink.automations(workspace)
    except Failure as failure:
        return _because(failure)


def _seen(
    blink: "BlinkApi", trigger: Resource, workspace: str, automations: Sequence[Automation]
) -> tuple[Looked, Sequence[Unknown]]:
    """Return what there is of a trigger's automation, and what is not known of it."""
    place = Place.of(trigger.attributes)
    # A pack is shown where it is another than the one that is declared.
    named = [
        each if each.pack == place.pack else replace(each, pack=blink.clean(each.pack))
        for each in place.namesakes(automations)
    ]
    looked, found = Looked(tuple(named)), place.among(named)
    if len(found) > 1:
        return looked, [Unknown(f"Blink has {len(found)} automations {place}", "declare the `pack` of the trigger")]
    unknown = [Unknown(f"Blink does not say whether {place} is {each}") for one in found for each in _untold(one)]
    declared = trigger.attributes["event_name"]
    if not (declared and found):
        return looked, unknown
    try:
        events = blink.events(workspace, found[0].id)
    except Failure as failure:
        return looked, [*unknown, _because(failure)]
    if events is None:
        return looked, [*unknown, Unknown(f"the YAML of {place} does not say which events trigger it")]
    shown = (each.name if each.name == declared else blink.clean(each.name) for each in events)
    return replace(looked, event_names=tuple(shown)), unknown


def _untold(automation: Automation) -> list[str]:
    """Return what Blink did not say of an automation; of one that is not published, nothing else matters."""
    told = {"published": automation.published}
    if automation.published is not False:
        told |= {"active": automation.active, "changed since it was published": automation.unpublished_changes}
    return [word for word, value in told.items() if value is None]


def _because(failure: Failure) -> Unknown:
    problem = failure.diagnostics[0]
    return Unknown(problem.summary, dict(problem.notes).get("help", ""))
