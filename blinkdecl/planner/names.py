"""Display names, of which a Panther has each once: who has one already, and what can be done about it. Pure."""

from collections.abc import Container, Iterable, Mapping
from types import MappingProxyType

from blinkdecl.diagnostics import Diagnostic
from blinkdecl.model.live import LiveObject, is_named
from blinkdecl.model.resource import Attributes, Resource
from blinkdecl.model.state import Holder

_NOBODY: Mapping[str, str] = MappingProxyType({})


def names_of(live: Iterable[LiveObject], known: Container[str | None]) -> dict[str, list[LiveObject]]:
    """Return the objects whose ids are not `known`, by display name."""
    names: dict[str, list[LiveObject]] = {}
    for each in live:
        if each.id not in known:
            names.setdefault(each.display_name, []).append(each)
    return names


def takes_name(resource: Resource, before: Attributes) -> bool:
    """Whether a recorded resource is given another display name."""
    name = "display_name"
    return name not in resource.ignore_changes and resource.attributes[name] != before.get(name)


def exists(
    resource: Resource,
    found: list[LiveObject],
    *,
    renamed: bool,
    released: Mapping[str, str] = _NOBODY,
    holder: Holder | None = None,
    environment: str | None = None,
    ignore: Iterable[str] = (),
) -> Diagnostic:
    """Return the error for a display name that unmanaged objects already have; `renamed` = for one that is recorded.

    `released` are the addresses of what is let go (``removed``), by id. `holder` = which other environment has one of
    the objects; `environment` is this one; `ignore` are the patterns of `unmanaged.ignore`.
    """
    name = resource.attributes["display_name"]
    why = "exists in Panther and is not managed here"
    if (origin := released.get(found[0].id)) is not None:
        why = f"stays the display name of {origin}, which is let go"
    if holder is not None:
        why = f"is managed by this project {holder.place} ({holder.address})"
        remedy = apart(holder, environment)
    elif len(found) > 1:
        remedy = "give it another display name; Panther's console shows which of these is in use"
    elif found[0].foreign:
        remedy = "give it another display name: that is not a Blink Ops destination"
    elif renamed:
        remedy = f"give {resource.address} another display name, or rename that one in Panther's console first"
    elif is_named(found[0], ignore):
        why = "exists in Panther, and `unmanaged.ignore` leaves it to another repository"
        remedy = "give it another display name, or change `unmanaged.ignore` and import it"
    elif origin is not None:
        entry = f"moved:\n  - {{from: {origin}, to: {resource.address}}}"
        remedy = f"to go on managing it as {resource.address}, write in place of the `removed` entry:\n{entry}"
    else:
        remedy = f"adopt it with `blinkdecl import {resource.address} {found[0].id}`"
    return Diagnostic(
        "exists",
        f'"{name}" {why}',
        position=resource.position,
        notes=(*(("note", origin_of(each)) for each in found), ("help", remedy)),
    )


def apart(holder: Holder, environment: str | None) -> str:
    """Return how this environment and that of the holder come to have a destination each.

    An import is no way: both would record the object, and each would change and destroy what is the other's.
    """
    return (
        "with one provider, each environment needs a display name of its own, for example by a variable: "
        "`display_name: Blink SOC ${var.suffix}`; or give "
        f"environments/{environment or holder.environment}.yaml a `provider` of its own"
    )


def origin_of(found: LiveObject) -> str:
    """Return which object it is, and who created it."""
    made = f", created{f' by {found.created_by}' if found.created_by else ''}"
    made += f" on {found.created_at[:10]}" if found.created_at else ""
    return f"id {found.id}{made}" if found.created_by or found.created_at else f"id {found.id}"
