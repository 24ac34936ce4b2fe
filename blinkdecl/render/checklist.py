"""The steps for a person, as text and as a Markdown checklist for a pull request or the summary of a CI run."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from blinkdecl.model.plan import Action, Change, SecretChange
from blinkdecl.model.resource import Attributes, Resource, SecretReference, Value
from blinkdecl.render.markdown import bold, code, escaped
from blinkdecl.render.safe import one_line, quoted
from blinkdecl.render.text.layout import PLAIN, Layout, listed, wrapped
from blinkdecl.render.text.marks import Mark, marked

Part = tuple[Literal["", "ui", "do", "run"], str]
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
_LAST = {True: "Prove and record it", False: "Record it"}
_HINT = "add --id UUID if the console's address bar shows the destination's id"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do; `details` belong to it, one per line."""

    parts: tuple[Part, ...]
    details: tuple[tuple[Part, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """What one change needs: `address`, a title, the steps, and the command that records it.

    `proved` = that command sends a test alert first. `after` = the addresses that are to be confirmed before.
    """

    address: str
    title: str
    steps: tuple[Step, ...]
    confirm: str
    proved: bool = True
    after: tuple[str, ...] = ()


def sections(
    changes: tuple[Change, ...], resources: Mapping[str, Resource], commands: Mapping[str, str]
) -> tuple[Section, ...]:
    """Return a section for each change that a person makes, in the given order.

    `commands` are what confirms them, by address. A section names what is to be confirmed before it.
    """
    by_hand = [each for each in changes if each.calls_provider]
    addresses = {each.address for each in by_hand}
    return tuple(
        replace(
            _section(each, resources, commands[each.address]),
            after=tuple(address for address in each.depends_on if address in addresses),
        )
        for each in by_hand
    )


def steps_text(sections: tuple[Section, ...], layout: Layout = PLAIN) -> str:
    """Return the steps as numbered text."""
    return "\n\n".join(_text(each, layout) for each in sections)


def steps_markdown(sections: tuple[Section, ...]) -> str:
    """Return the steps as task lists, one heading per change."""
    intro = "# Steps in the consoles of Blink and Panther\n\nSecrets are named by where they are, never shown.\n\n"
    return intro + "\n\n".join(_markdown(each) for each in sections) + "\n"


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
            steps = tuple(_edit(change, name))
            return Section(change.address, f'Change "{name}"', steps, confirm, proved=bool(change.secrets))


def _trigger(trigger: Resource) -> Iterator[Step]:
    """What must be true in Blink; the page creates the automation from a blank one in the same place."""
    told = trigger.attributes
    where = [("workspace", told["workspace"]), ("pack", told["pack"]), ("automation", told["automation"])]
    place = ", ".join(f"{name} {value}" for name, value in where if value)
    yield _automation(f" ({place})" if place else "")
    url: tuple[Part, ...] = (("ui", "Webhook URL"), ("", " must be "), _url(told["url"], trigger.secrets.get("url")))
    key: tuple[Part, ...] = (("ui", "Webhook API Key"), ("", f" must be in {trigger.secrets['api_key']}"))
    yield from _setup(str(told["event_name"] or "Alert from Panther"), url, key)


def _automation(place: str) -> Step:
    """Where the automation is, and how a new one is made there."""
    return Step(
        (("", "In Blink, open "), ("ui", "Workspace > Automations"), ("", place)),
        (
            (("", "If there is none yet: "), ("ui", "New Automation"), ("", " in the pack, enter "),
             ("do", "Create a blank automation triggered by a Panther alert"), ("", ", click "),
             ("ui", "Generate workflow"), ("", ", then "), ("ui", "Create")),
        ),
    )  # fmt: skip


def trigger_text(layout: Layout = PLAIN) -> str:
    """Return how any trigger is made in Blink, and where in the YAML what Blink shows belongs."""
    url: tuple[Part, ...] = (("ui", "Webhook URL"), ("", ": copy it to "), ("run", "webhook.url"))
    key: tuple[Part, ...] = (
        ("ui", "Webhook API Key"), ("", ": copy it to where "), ("run", "webhook.api_key"), ("", " points")
    )  # fmt: skip
    steps = [_automation(""), *_setup("Alert from Panther", url, key)]
    lines = []
    for number, step in enumerate(steps, 1):
        lines += _step_lines(number, step, layout)
    return "\n".join(lines)


def _setup(name: str, url: tuple[Part, ...], key: tuple[Part, ...]) -> Iterator[Step]:
    """The trigger's own form, and what makes the automation run."""
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
            url,
            key,
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
    return "", f"the value of {reference}"


def _url(literal: Value, reference: SecretReference | None) -> Part:
    return ("do", str(literal)) if reference is None else _value_of(reference)


def _shown(name: str, value: Value) -> Part:
    """Return a field's value as the form shows it; what is ticked or left empty is not to be typed."""
    match value:
        case bool():
            return "ui", "ON" if value else "OFF"
        case ():
            return "", {"severities": "none ticked", "log_types": "empty (all)"}.get(name, "all")
        case tuple() if name != "log_types":
            return "ui", ", ".join(value)
        case tuple():
            return "do", ", ".join(value)
    return "do", str(value)


def _text(section: Section, layout: Layout) -> str:
    lines = [f"{one_line(section.title)}  ({one_line(section.address)})"]
    if section.after:
        lines += wrapped(f"Not before {listed(section.after)} is confirmed.", "     ", "     ", layout)
    for number, step in enumerate(section.steps, 1):
        lines += _step_lines(number, step, layout)
    last = f"{len(section.steps) + 1:>3}. "
    lines += wrapped(f"{_LAST[section.proved]}: `{one_line(section.confirm)}`", last, "     ", layout)
    if section.proved:
        lines += wrapped(_HINT, "     ", "     ", layout)
    return "\n".join(lines)


def _step_lines(number: int, step: Step, layout: Layout) -> list[str]:
    lines = wrapped(_words(step.parts), f"{number:>3}. ", "     ", layout)
    for detail in step.details:
        lines += wrapped(_words(detail), f"     {marked(Mark.BULLET, '-')} ", "       ", layout)
    return lines


def _words(parts: tuple[Part, ...]) -> str:
    return "".join(quoted(text) if style == "do" else one_line(text) for style, text in parts)


def _markdown(section: Section) -> str:
    lines = [f"## {escaped(section.title)} ({code(section.address)})", ""]
    if section.after:
        lines += [f"Not before {', '.join(map(code, section.after))} is confirmed.", ""]
    for step in section.steps:
        lines.append(f"- [ ] {_markdown_words(step.parts)}")
        lines += [f"  - {_markdown_words(detail)}" for detail in step.details]
    lines.append(f"- [ ] {_LAST[section.proved]}: {code(section.confirm)}")
    if section.proved:
        lines.append(f"  - {escaped(_HINT)}")
    return "\n".join(lines)


def _markdown_words(parts: tuple[Part, ...]) -> str:
    shown = {"": escaped, "ui": bold, "do": code, "run": code}
    return "".join(shown[style](text) for style, text in parts)
