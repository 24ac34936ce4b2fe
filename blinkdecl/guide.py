"""The steps for a person in the consoles of Blink and Panther, where no API can make a change. Pure.

Source of the steps: Panther's page on its Blink Ops destination. How a destination is edited or deleted is not on that
page; those steps name what has to be found and what has to be true, and leave the clicks to the console.

A step is a row of parts; a renderer decides how each style looks:

    ""     words
    "ui"   what the console shows: a button, a menu, a field
    "do"   a value to type or to select
    "run"  a command
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from blinkdecl.model import Attributes, Resource, SecretReference, Value
from blinkdecl.plan import Action, Change, SecretChange, made_outside

Part = tuple[Literal["", "ui", "do", "run"], str]


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do; `details` belong to it, one a line."""

    parts: tuple[Part, ...]
    details: tuple[tuple[Part, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """What one change needs: `address`, a title, the steps, and the command that records it.

    `proved` = that command sends a test alert first.
    """

    address: str
    title: str
    steps: tuple[Step, ...]
    confirm: str
    proved: bool = True


def sections(
    changes: tuple[Change, ...], resources: Mapping[str, Resource], commands: Mapping[str, str]
) -> tuple[Section, ...]:
    """Return a section for each change that a person makes; `commands` are what confirms them, by address."""
    return tuple(_section(each, resources, commands[each.address]) for each in changes if made_outside(each))


def _section(change: Change, resources: Mapping[str, Resource], confirm: str) -> Section:
    name = str((change.before or change.after or {})["display_name"])
    match change.action:
        case Action.DELETE:
            return Section(change.address, f'Delete "{name}"', tuple(_deletion(name)), confirm, proved=False)
        case Action.CREATE:
            destination = resources[change.address]
            trigger = resources[f"trigger.{destination.attributes['trigger']}"]
            steps = (*_trigger(trigger), *_form(change.after or {}, destination, trigger))
            return Section(change.address, f'Create "{name}"', steps, confirm)
        case _:
            return Section(change.address, f'Change "{name}"', tuple(_edit(change, name)), confirm)


def _trigger(trigger: Resource) -> Iterator[Step]:
    """What must be true in Blink; the page makes the automation from a blank one in the same place."""
    told = trigger.attributes
    where = [("workspace", told["workspace"]), ("pack", told["pack"]), ("automation", told["automation"])]
    place = ", ".join(f"{name} {value}" for name, value in where if value)
    yield Step(
        (("", "In Blink, open "), ("ui", "Workspace > Automations"), ("", f" ({place})" if place else "")),
        (
            (("", "If there is none yet: "), ("ui", "New Automation"), ("", " in the pack, enter "),
             ("do", "Create a blank automation triggered by a Panther alert"), ("", ", click "),
             ("ui", "Generate workflow"), ("", ", then "), ("ui", "Create")),
        ),
    )  # fmt: skip
    name = str(told["event_name"] or "Alert from Panther")
    yield Step(
        (
            ("", "Click the "),
            ("ui", "On Panther Run Webhook"),
            ("", " trigger; in "),
            ("ui", "Trigger Setup"),
            ("", ":"),
        ),
        (
            (("ui", "Webhook Event Name"), ("", ": "), ("do", name)),
            (("ui", "Authentication Method"), ("", ": "), ("do", "API Key")),
            (("ui", "Webhook URL"), ("", " must be "), _url(told["url"], trigger.secrets.get("url"))),
            (("ui", "Webhook API Key"), ("", " must be in "), ("do", str(trigger.secrets["api_key"]))),
            (("", "Click "), ("ui", "Apply")),
        ),
    )
    yield Step((("", "Click "), ("ui", "Publish & Activate"), ("", " (or "), ("ui", "Publish"), ("", ")")))


def _form(after: Attributes, destination: Resource, trigger: Resource) -> Iterator[Step]:
    """The page's second half, with the values to type."""
    yield Step((("", "In Panther, open "), ("ui", "Integrations > Destinations"), ("", " and click "),
                ("ui", "Create New"), ("", " (the first time: "), ("ui", "+Add your first Destination"),
                ("", ")")))  # fmt: skip
    yield Step((("", "Click "), ("ui", "Blink Ops")))
    fields = [("display_name", _shown("display_name", after["display_name"]))]
    fields.append(("webhook_url", _url(trigger.attributes["url"], destination.secrets.get("webhook_url"))))
    fields.append(("api_key", _value_of(destination.secrets["api_key"])))
    fields += [(name, _shown(name, after[name])) for name in _CHOICES]
    yield Step((("", "Fill out the form:"),), tuple((("ui", _LABELS[name]), ("", ": "), part) for name, part in fields))
    yield Step((("", "Click "), ("ui", "Add Destination")))
    yield Step((("", "Click "), ("ui", "Send Test Alert"), ("", ": only this proves what was typed. Then "),
                ("ui", "Finish Setup")))  # fmt: skip


def _edit(change: Change, name: str) -> Iterator[Step]:
    yield _found(name)
    before = change.before or {}
    rows: list[tuple[Part, ...]] = []
    for each in change.differences:
        if each.name in _LABELS and each.name not in {secret.name for secret in change.secrets}:
            was: Part = ("", f" instead of {_shown(each.name, before.get(each.name))[1]}")
            rows.append((("ui", _LABELS[each.name]), ("", ": "), _shown(each.name, each.after), was))
    rows += [_secret_row(each) for each in change.secrets if each.status != "same"]
    yield Step((("", "Change these fields, and nothing else:"),), tuple(rows))
    yield Step((("", "Save it, and click "), ("ui", "Send Test Alert"), ("", " if the console offers it there")))


def _deletion(name: str) -> Iterator[Step]:
    yield _found(name)
    yield Step((("", "Delete it; alerts stop reaching it at once"),))


def _found(name: str) -> Step:
    return Step((("", "In Panther, open "), ("ui", "Integrations > Destinations"), ("", " and find "), ("do", name)))


def _secret_row(secret: SecretChange) -> tuple[Part, ...]:
    return (("ui", _LABELS[secret.name]), ("", ": "), _value_of(secret.reference))


def _value_of(reference: SecretReference) -> Part:
    return "do", f"the value of {reference}"


def _url(literal: Value, reference: SecretReference | None) -> Part:
    return ("do", str(literal)) if reference is None else _value_of(reference)


def _shown(name: str, value: Value) -> Part:
    """Return a field's value as the form shows it."""
    match value:
        case bool():
            return "do", "ON" if value else "OFF"
        case ():
            return "do", {"severities": "none ticked", "log_types": "empty (all)"}.get(name, "all")
        case tuple():
            return "do", ", ".join(value)
    return "do", str(value)


_LABELS = {
    "display_name": "Display Name",
    "webhook_url": "Webhook URL",
    "api_key": "API Key",
    "severities": "Severity",
    "alert_types": "Alert Types",
    "log_types": "Log Type",
    "allow_manual_dispatch": "Allow Manual Dispatch",
}
_CHOICES = ("severities", "alert_types", "log_types", "allow_manual_dispatch")
