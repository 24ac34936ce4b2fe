"""Adopting live destinations: which of them can be Blink's, the YAML that declares them, the records. Pure.

No API returns a key, and a custom webhook's URL is redacted: such values become ``{env: ...}`` references, recorded
without a fingerprint, so that a plan reports them as unverified, never as changed.
"""

import json
import re
from collections import Counter
from collections.abc import Collection, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase

from blinkdecl.config.rules import display_name_findings
from blinkdecl.model.live import LiveObject, observed
from blinkdecl.model.lookalikes import difference, forms
from blinkdecl.model.resource import ALERT_TYPES, SEVERITIES, Resource, Value, canonical, kind_of
from blinkdecl.model.state import Recorded, RecordedSecret
from blinkdecl.model.urls import HostRules, host_listed, url_problem

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*")
# What YAML does not read as text, in whatever case.
_WORDS = frozenset(("true", "false", "null"))
_KNOWN = {"severities": SEVERITIES, "alert_types": ALERT_TYPES}
_HEAD = """\
# Written by `blinkdecl import --all` from what is live. Keys, and URLs that Panther does not show, are named by
# environment variables: set them before the next `blinkdecl apply`.
version: 1
"""


@dataclass(frozen=True, slots=True)
class Found:
    """A live destination to be declared, under the name that both it and its trigger get."""

    name: str
    live: LiveObject

    @property
    def address(self) -> str:
        """The address of the destination."""
        return f"destination.{self.name}"


@dataclass(frozen=True, slots=True)
class Skipped:
    """A live destination that is left alone, and why."""

    live: LiveObject
    reason: str


def choose(
    live: Iterable[LiveObject], resources: Mapping[str, Resource], hosts: HostRules, globs: tuple[str, ...]
) -> tuple[tuple[Found, ...], tuple[Skipped, ...]]:
    """Return which unmanaged destinations are Blink's, with names that are free, and which are left alone.

    A native destination is; a custom webhook is if its URL has one of `hosts`, or, where the URL cannot be read,
    if its display name matches one of `globs`.
    """
    names = {address.partition(".")[2] for address in resources}
    declared = [str(each.attributes["display_name"]) for each in _destinations(resources)]
    shown = {form: name for name in declared for form in forms(name)}
    found, skipped = [], []
    for each in sorted(live, key=lambda each: each.display_name):
        reason = _not_blinks(each, hosts, globs) or _unfit(each.display_name)
        reason = reason or _taken(each.display_name, shown)
        if reason is not None:
            skipped.append(Skipped(each, reason))
            continue
        shown |= dict.fromkeys(forms(each.display_name), each.display_name)
        name = _free(each.display_name, names)
        names.add(name)
        found.append(Found(name, each))
    return tuple(found), tuple(skipped)


def written_before(
    live: Iterable[LiveObject], resources: Mapping[str, Resource], recorded: Container[str]
) -> dict[str, LiveObject]:
    """Return the live destinations that are declared and not recorded, by address: they have the same display name.

    An import that was cut off between its file and the state leaves such; of two of one name nobody knows which it is.
    """
    objects = Counter(each.display_name for each in live)
    declared = {
        str(each.attributes["display_name"]): each.address
        for each in _destinations(resources)
        if each.address not in recorded
    }
    return {
        declared[each.display_name]: each
        for each in live
        if each.display_name in declared and objects[each.display_name] == 1
    }


def yaml_of(found: Iterable[Found], hosts: HostRules, *, explicit: bool) -> str:
    """Return a file that declares the destinations and a trigger for each.

    `explicit` = also write what has its default value, since the project's own defaults say otherwise.
    """
    every = tuple(found)
    triggers = "\n".join(line for each in every for line in _trigger(each, hosts))
    destinations = "\n".join(line for each in every for line in _destination(each, explicit=explicit))
    return f"{_HEAD}\ntriggers:\n{triggers}\n\ndestinations:\n{destinations}\n"


def placeholders(resources: Iterable[Resource]) -> list[str]:
    """Return the environment variables that the resources need, once each."""
    references = (reference for each in resources for reference in each.secrets.values())
    return list(dict.fromkeys(str(each.argument) for each in references if each.source == "env"))


def records(resource: Resource, live: LiveObject, trigger: Resource | None) -> Iterator[Recorded]:
    """Yield the record of an imported destination, and of its trigger where that is not recorded yet."""
    attributes = canonical("destination", observed(resource.attributes, live))
    yield Recorded(resource.address, live.id, attributes, _unknown(resource), resource.prevent_destroy)
    if trigger is not None:
        yield Recorded(trigger.address, None, trigger.attributes, _unknown(trigger), trigger.prevent_destroy)


def _unknown(resource: Resource) -> dict[str, RecordedSecret]:
    return {name: RecordedSecret(reference, "") for name, reference in resource.secrets.items()}


def _destinations(resources: Mapping[str, Resource]) -> Iterator[Resource]:
    return (each for address, each in resources.items() if kind_of(address) == "destination")


def _not_blinks(live: LiveObject, hosts: HostRules, globs: tuple[str, ...]) -> str | None:
    """Return why a destination is not taken for one of Blink's, or None."""
    if live.kind.lower() != "customwebhook":
        return None
    if live.webhook_host is not None:
        listed = host_listed(live.webhook_host, hosts.listed)
        return None if listed else f"its URL's host is {live.webhook_host}, which is not in webhook_hosts"
    if any(fnmatchcase(live.display_name, glob) for glob in globs):
        return None
    return "a custom webhook whose URL cannot be read: name it with --name-glob if it is Blink's"


def _unfit(display_name: str) -> str | None:
    """Return why a display name cannot be declared, or None."""
    found = (each.summary for each in display_name_findings(display_name, ()) if each.severity == "error")
    return next(found, None)


def _taken(display_name: str, shown: Mapping[str, str]) -> str | None:
    """Return which display name a person would take this one for, or None; `shown` are the names by their forms."""
    other = next((shown[each] for each in forms(display_name) if each in shown), None)
    if other is None:
        return None
    if (how := difference(display_name, other)) is not None:
        return f'it looks like "{other}": {how}'
    return "another destination has the same display name, except for case, spaces or accents"


def _free(display_name: str, taken: Collection[str]) -> str:
    """Return a name made of the display name that is not taken."""
    slug = re.sub("[^a-z0-9]+", "-", display_name.lower()).strip("-")[:50]
    base = slug if slug[:1].isalpha() and slug not in _WORDS else f"d-{slug}".rstrip("-")
    number, name = 1, base
    while name in taken:
        number += 1
        name = f"{base}-{number}"
    return name


def _trigger(found: Found, hosts: HostRules) -> Iterator[str]:
    variable = f"BLINK_{found.name.upper().replace('-', '_')}"
    url = found.live.attributes.get("webhook_url")
    literal = isinstance(url, str) and "$" not in url and url_problem(url, hosts) is None
    yield f"  {found.name}:"
    yield "    webhook:"
    yield f"      url: {_quoted(str(url)) if literal else f'{{env: {variable}_URL}}'}"
    yield f"      api_key: {{env: {variable}_API_KEY}}"


def _destination(found: Found, *, explicit: bool) -> Iterator[str]:
    yield f"  {found.name}:"
    yield f"    display_name: {_quoted(found.live.display_name)}"
    yield f"    trigger: {found.name}"
    unknown = []
    for name in ("severities", "alert_types", "log_types", "allow_manual_dispatch"):
        value = found.live.attributes.get(name)
        if value is None:
            continue
        if name in _KNOWN and isinstance(value, tuple) and not set(value) <= set(_KNOWN[name]):
            unknown.append(name)
            value = tuple(each for each in value if each in _KNOWN[name])
        if explicit or value or name == "severities":
            yield f"    {name}: {_value(value)}"
    if unknown:
        yield "    # Panther returned values that this version does not know: they are left as they are."
        yield f"    lifecycle: {{ignore_changes: [{', '.join(unknown)}]}}"


def _value(value: Value) -> str:
    if isinstance(value, tuple):
        plain = (each if _PLAIN.fullmatch(each) and each.lower() not in _WORDS else _quoted(each) for each in value)
        return f"[{', '.join(plain)}]"
    return "true" if value else "false"


def _quoted(text: str) -> str:
    """Return a scalar between double quotes, which JSON and YAML read alike; ``${`` would name a variable."""
    return json.dumps(text, ensure_ascii=False).replace("${", "$${")
