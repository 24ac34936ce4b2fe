"""What an import writes of Blink's automations: the YAML of triggers whose URL and key stay to be set. Pure.

Blink returns neither the URL nor the key of a webhook: both become ``{env: ...}`` references.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from blinkdecl.config.document.schema import INCLUDED, accepted
from blinkdecl.config.generate import quoted, yaml_value
from blinkdecl.config.names import name_for, variables_for
from blinkdecl.model.resource import name_of

_HEAD = """\
# Written by `blinkdecl import --blink` from the automations in Blink. Their URLs and keys are in Trigger Setup, which
# nothing but a person can read: set the environment variables that are named here before the next `blinkdecl apply`.
version: 1
triggers:
"""


@dataclass(frozen=True, slots=True)
class Offered:
    """An event that triggers an automation, as Blink names both; `id` is the automation's."""

    id: str
    workspace: str
    pack: str
    automation: str
    event_name: str

    @property
    def fits(self) -> bool:
        """Whether a trigger may declare these names."""
        names = {"workspace": self.workspace, "automation": self.automation} | (
            {"pack": self.pack} if self.pack else {}
        )
        webhook = {"event_name": self.event_name, "url": {"env": "A_URL"}, "api_key": {"env": "A_KEY"}}
        return accepted({"version": 1, "triggers": {"a": {**names, "webhook": webhook}}}, INCLUDED)


@dataclass(frozen=True, slots=True)
class Named:
    """An event with the name of its trigger, and the variables that its URL and its key are read from."""

    name: str
    offered: Offered
    url_variable: str
    key_variable: str


def named(offered: Iterable[Offered], addresses: Iterable[str], variables: Iterable[str]) -> tuple[Named, ...]:
    """Return the triggers with names and variables that are free; none of those given gets a second meaning."""
    names, used, found = {name_of(each) for each in addresses}, set(variables), []
    for each in offered:
        name = name_for(each.automation, each.id, names)
        made = Named(name, each, *variables_for(name, each.id, used))
        names.add(name)
        used |= {made.url_variable, made.key_variable}
        found.append(made)
    return tuple(found)


def triggers_yaml(triggers: Sequence[Named], environment: str | None) -> str:
    """Return a file that declares the triggers, in the `environment` alone if one is given."""
    return _HEAD + "".join(f"{line}\n" for each in triggers for line in _trigger(each, environment))


def _trigger(trigger: Named, environment: str | None) -> Iterator[str]:
    offered = trigger.offered
    yield f"  {trigger.name}:"
    yield f"    workspace: {quoted(offered.workspace)}"
    if offered.pack:
        yield f"    pack: {quoted(offered.pack)}"
    yield f"    automation: {quoted(offered.automation)}"
    yield "    webhook:"
    yield f"      event_name: {quoted(offered.event_name)}"
    yield f"      url: {{env: {trigger.url_variable}}}"
    yield f"      api_key: {{env: {trigger.key_variable}}}"
    if environment is not None:
        yield f"    environments: {yaml_value((environment,))}"
