"""What an import writes of the live destinations that were chosen: the YAML that declares them, the records. Pure.

No API returns a key, and a custom webhook's URL is redacted: such values become ``{env: ...}`` references, recorded
without a fingerprint, so that a plan reports them as unverified, never as changed.
"""

import json
import re
from collections.abc import Iterable, Iterator

from blinkdecl.config.importable import Chosen, Found, NewTrigger, declarable
from blinkdecl.config.names import YAML_WORDS
from blinkdecl.diagnostics import several, shortened
from blinkdecl.model.live import LiveObject, observed
from blinkdecl.model.resource import Resource, Value, canonical
from blinkdecl.model.state import Recorded, RecordedSecret
from blinkdecl.model.urls import HostRules, url_problem

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*")
_DECLARED = ("severities", "alert_types", "log_types", "allow_manual_dispatch")
_HEAD = """\
# Written by `blinkdecl import --all` from what is live. Keys, and URLs that Panther does not show or whose host is not
# in `webhook_hosts`, are named by environment variables: set them before the next `blinkdecl apply`. Beside each is the
# display name that it belongs to.
version: 1
"""
_UNKNOWN = (
    "# Panther does not show the URLs of some of these, so that each has a trigger of its own. Where one turns out to",
    "# be that of another trigger, let the destination name that trigger, and remove its own.",
)


def yaml_of(chosen: Chosen, hosts: HostRules, *, explicit: bool, environment: str | None = None) -> str:
    """Return a file that declares the destinations, and the triggers that are new, in the `environment` alone.

    `explicit` = also write what has its default value, since the project's own defaults say otherwise.
    """
    only = (
        [] if environment is None else [f"    environments: {yaml_value((environment,))}"]
    )  # what is live is live there
    users: dict[str, list[str]] = {}
    for each in chosen.found:
        users.setdefault(each.trigger, []).append(each.live.display_name)
    parts = []
    if chosen.triggers:
        unknown = sum(not each.url for each in chosen.triggers)
        parts.append([*(_UNKNOWN if unknown > 1 else ()), "triggers:"])
        parts += [[*_trigger(each, hosts, users[each.name], explicit=explicit), *only] for each in chosen.triggers]
        parts.append([""])
    parts.append(["destinations:"])
    parts += [[*_destination(each, only, explicit=explicit)] for each in chosen.found]
    return "\n".join([_HEAD, *(line for part in parts for line in part), ""])


def variables_of(resources: Iterable[Resource]) -> dict[str, list[str]]:
    """Return the environment variables that the destinations need, each with the display names that it is for."""
    found: dict[str, list[str]] = {}
    for resource in resources:
        for each in resource.secrets.values():
            if each.source == "env" and resource.kind == "destination":
                found.setdefault(str(each.argument), []).append(str(resource.attributes["display_name"]))
    return found


def as_live(resource: Resource, live: LiveObject) -> bool:
    """Whether a destination is declared as it is live; what Panther does not show is to be as by default."""
    defaults = canonical("destination", {})
    return all(
        resource.attributes[name] == live.attributes.get(name, defaults[name])
        for name in _DECLARED
        if name not in resource.ignore_changes
    )


def records(resource: Resource, live: LiveObject, trigger: Resource | None) -> Iterator[Recorded]:
    """Yield the record of an imported destination, and of its trigger where that is not recorded yet."""
    attributes = canonical("destination", observed(resource.attributes, live))
    yield Recorded(resource.address, live.id, attributes, _unknown(resource), resource.prevent_destroy)
    if trigger is not None:
        yield Recorded(trigger.address, None, trigger.attributes, _unknown(trigger), trigger.prevent_destroy)


def _unknown(resource: Resource) -> dict[str, RecordedSecret]:
    return {name: RecordedSecret(reference, "") for name, reference in resource.secrets.items()}


def _trigger(trigger: NewTrigger, hosts: HostRules, users: list[str], *, explicit: bool) -> Iterator[str]:
    whose = several([f'"{shortened(each)}"' for each in users])
    literal = "$" not in trigger.url and url_problem(trigger.url, hosts) is None
    yield f"  {trigger.name}:"
    yield "    webhook:"
    if literal:
        yield f"      url: {quoted(trigger.url)}"
    else:
        yield f"      url: {{env: {trigger.url_variable}}}  # {whose}"
    if explicit:
        yield "      authentication: api_key"
    yield f"      api_key: {{env: {trigger.key_variable}}}  # {whose}"


def _destination(found: Found, only: list[str], *, explicit: bool) -> Iterator[str]:
    yield f"  {found.name}:"
    yield f"    display_name: {quoted(found.live.display_name)}"
    yield f"    trigger: {found.trigger}"
    defaults, unknown = canonical("destination", {}), []
    for name in _DECLARED:
        live = found.live.attributes.get(name, defaults[name])
        value = declarable(name, live)
        if value != live:
            unknown.append(name)
        if explicit or value or name == "severities":
            yield f"    {name}: {yaml_value(value)}"
    yield from only
    if unknown:
        yield "    # Panther returned values that this version does not know: they are left as they are."
        yield f"    lifecycle: {{ignore_changes: [{', '.join(unknown)}]}}"


def yaml_value(value: Value) -> str:
    """Return a list or a flag as YAML."""
    if isinstance(value, tuple):
        plain = (each if _PLAIN.fullmatch(each) and each.lower() not in YAML_WORDS else quoted(each) for each in value)
        return f"[{', '.join(plain)}]"
    return "true" if value else "false"


def quoted(text: str) -> str:
    """Return a scalar between double quotes; ``${`` would name a variable, and not every character may stand there."""
    quoted = json.dumps(text, ensure_ascii=False).replace("${", "$${")
    return "".join(each if each.isprintable() else f"\\U{ord(each):08X}" for each in quoted)
