"""How much of the declared destinations the provider can hold. Pure.

Not every Panther knows all alert types, log types or manual dispatch. What it cannot express is an error at the
destination that declares it, or, with ``on_unsupported: ignore``, left out with a warning each time.

The result is canonical for that provider: naming every alert type that it knows is the same as naming none. Two
problems are errors in any case: a destination left without any alert type would receive all of them; and a custom
webhook's URL carries the key, so that neither can change while the other is ignored.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from blinkdecl.diagnostics import Diagnostic
from blinkdecl.model.live import Capabilities
from blinkdecl.model.resource import (
    ALERT_TYPES,
    Attributes,
    Resource,
    Value,
    canonical_set,
    kind_of,
    words_of,
)

Problems = list[tuple[str, Diagnostic]]


def fit(
    resources: Mapping[str, Resource], capabilities: Capabilities, *, ignore: bool
) -> tuple[Mapping[str, Resource], Problems]:
    """Return the resources as the provider can hold them, and (address, problem) for what it cannot."""
    if _expresses_all(capabilities):
        return resources, []
    fitted, problems = dict(resources), []
    for address, resource in resources.items():
        if kind_of(address) == "destination":
            reduced = _reduced(resource.attributes, capabilities)
            problems += [(address, each) for each in _problems(resource, reduced, capabilities, ignore=ignore)]
            fitted[address] = replace(resource, attributes=reduced)
    return fitted, problems


def _expresses_all(capabilities: Capabilities) -> bool:
    filters = capabilities.alert_types == ALERT_TYPES and capabilities.log_types
    return capabilities.kind == "blink_ops" and filters and capabilities.manual_dispatch


def _reduced(attributes: Attributes, capabilities: Capabilities) -> Attributes:
    result: dict[str, Value] = dict(attributes)
    kept = tuple(each for each in words_of(attributes["alert_types"]) if each in capabilities.alert_types)
    result["alert_types"] = () if set(kept) == set(capabilities.alert_types) else canonical_set(kept)
    if not capabilities.log_types:
        result["log_types"] = ()
    if not capabilities.manual_dispatch:
        result["allow_manual_dispatch"] = False
    return result


def _problems(
    resource: Resource, reduced: Attributes, capabilities: Capabilities, *, ignore: bool
) -> Iterator[Diagnostic]:
    """Yield what is lost, one attribute at a time."""
    wanted = words_of(resource.attributes["alert_types"])
    unknown = [each for each in wanted if each not in capabilities.alert_types]
    if unknown:
        plural = "s" if len(unknown) > 1 else ""
        effect = f"it receives {', '.join(words_of(reduced['alert_types']))} only"
        if len(unknown) == len(wanted):
            ignore, effect = False, "without them it would receive alerts of every type"
        what = f"the alert type{plural} {', '.join(unknown)}"
        yield _problem(resource, "alert_types", what, effect, _known(capabilities), ignore=ignore)
    if words_of(resource.attributes["log_types"]) and not capabilities.log_types:
        effect = "it receives alerts of every log type"
        yield _problem(resource, "log_types", "log types", effect, "filter in the automation", ignore=ignore)
    if resource.attributes["allow_manual_dispatch"] and not capabilities.manual_dispatch:
        effect = "no alert can be sent to it by hand"
        yield _problem(resource, "allow_manual_dispatch", "manual dispatch", effect, "", ignore=ignore)
    if capabilities.kind == "custom_webhook" and len({"webhook_url", "api_key"} & set(resource.ignore_changes)) == 1:
        yield _half_ignored(resource)


def _problem(resource: Resource, name: str, what: str, effect: str, hint: str, *, ignore: bool) -> Diagnostic:
    at, subject = ("at", f"{resource.address}, {name}"), (resource.address, name)
    if ignore:
        notes = (at, ("note", effect))
        summary = f"{what} left out: this Panther cannot express that"
        return Diagnostic("ignored", summary, "warning", resource.position, notes=notes, subject=subject)
    remedy = f"remove it there{f'; {hint}' if hint else ''}"
    if "would" not in effect:
        remedy += ", or set `provider: {on_unsupported: ignore}`"
        effect = f"if it were left out, {effect}"
    return Diagnostic(
        "unsupported",
        f"this Panther cannot express {what}",
        position=resource.position,
        notes=(at, ("note", effect), ("help", remedy)),
        subject=subject,
    )


def _half_ignored(resource: Resource) -> Diagnostic:
    notes = (
        ("at", f"{resource.address}, ignore_changes"),
        ("note", "to this Panther it is a custom webhook: its URL carries the key, so neither can change on its own"),
        ("help", "ignore both webhook_url and api_key, or neither"),
    )
    summary, subject = "the URL and the key are one value there", (resource.address, "ignore_changes")
    return Diagnostic("unsupported", summary, position=resource.position, notes=notes, subject=subject)


def _known(capabilities: Capabilities) -> str:
    return f"it knows {', '.join(capabilities.alert_types)}"
