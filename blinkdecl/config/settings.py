"""What the project file says, and the environment's file instead, as settings.

The data is valid by its schema; invalid parts have been removed.
"""

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Any

from blinkdecl.config.blink_settings import blink_of
from blinkdecl.config.coverage_settings import coverage_of, silences_of
from blinkdecl.config.declared import Declared
from blinkdecl.config.document.finding import Finding, Path, remedy_note
from blinkdecl.config.document.parse import Document
from blinkdecl.config.environment import source_of, state_in
from blinkdecl.config.provider_settings import provider_of
from blinkdecl.config.values import once
from blinkdecl.diagnostics import Suggestions, did_you_mean
from blinkdecl.model.configuration import Limits, Move, Removal, Settings, Waiver
from blinkdecl.model.resource import kind_of

_DEFAULTS = Settings()


def settings_of(project: Document, environment: Document, name: str | None, environ: Mapping[str, str]) -> Settings:
    """Return the settings in the environment `name`, of which `environment` is the file; `environ` is the process's."""
    data: Mapping[str, Any] = project.data
    provider, blink, hosts, limits_ = (
        source_of(each, project, environment) for each in ("provider", "blink", "webhook_hosts", "limits")
    )
    limits = limits_.data.get("limits", {})
    return Settings(
        provider=provider_of(provider),
        state=state_in(project, environment, name, environ),
        webhook_hosts=once(hosts.data.get("webhook_hosts", _DEFAULTS.webhook_hosts)),
        allow_commands=data.get("allow_commands", _DEFAULTS.allow_commands),
        limits=Limits(limits.get("max_deletes"), limits.get("max_change_percent")),
        waivers=waivers_of(data),
        coverage=coverage_of(project),
        silences=silences_of(project),
        unmanaged_ignore=once(data.get("unmanaged", {}).get("ignore", ())),
        blink=blink_of(blink),
    )


def moves_of(project: Document, elsewhere: Collection[str]) -> tuple[Move, ...]:
    """Return the `moved` entries with their places, but those to what is only declared in other environments."""
    entries = enumerate(project.data.get("moved", ()))
    return tuple(
        Move(entry["from"], entry["to"], project.position("moved", index))
        for index, entry in entries
        if "from" in entry and "to" in entry and entry["to"] not in elsewhere
    )


def move_findings(
    data: Mapping[str, Any], declared: Declared, suggestions: Suggestions, *, complete: bool
) -> Iterator[Finding]:
    """Yield what is wrong with the `moved` entries; `complete` = every declared address is known.

    All environments have the same entries: one to what only others declare is nothing to them.
    """
    entries = data.get("moved", ())
    onward = {each["from"]: each["to"] for each in reversed(entries) if "from" in each and "to" in each}
    known = tuple(sorted(declared.addresses)) if entries else ()
    origins: set[str] = set()
    for index, entry in enumerate(entries):
        origin, target = entry.get("from"), entry.get("to")
        path = ("moved", index)
        if origin is None or target is None or target in declared.elsewhere:
            continue
        if kind_of(origin) != kind_of(target):
            yield Finding("invalid-move", f"{origin} cannot become {target}, which is of another kind", (*path, "to"))
        elif origin in declared.addresses:
            remedy = "remove the entry, or the declaration under the old address"
            yield Finding("invalid-move", f"{origin} is still declared", (*path, "from"), notes=remedy_note(remedy))
        elif origin in origins:
            yield Finding("invalid-move", f"{origin} moves twice", (*path, "from"))
        elif target not in declared.addresses and complete:
            meant = None if target in onward else suggestions.meant("address", target, known)
            yield _no_target(target, onward.get(target), meant, (*path, "to"))
        origins.add(origin)


def removals_of(project: Document) -> tuple[Removal, ...]:
    """Return the `removed` entries with their places."""
    entries = enumerate(project.data.get("removed", ()))
    return tuple(
        Removal(entry["from"], project.position("removed", index)) for index, entry in entries if "from" in entry
    )


def removal_findings(data: Mapping[str, Any], declared: Declared) -> Iterator[Finding]:
    """Yield what is wrong with the `removed` entries.

    All environments have the same entries. So one is no mistake where its resource is declared for some environments:
    it is let go in the others.
    """
    moves = data.get("moved", ())
    onward = {each["from"]: each["to"] for each in reversed(moves) if "from" in each and "to" in each}
    targets = {each["to"] for each in moves if "to" in each}
    seen: set[str] = set()
    for index, entry in enumerate(data.get("removed", ())):
        address, path = entry.get("from"), ("removed", index, "from")
        if address is None:
            continue
        if address in seen:
            yield Finding("invalid-removal", f"{address} is removed twice", path, notes=remedy_note("remove one entry"))
        elif declared.is_everywhere(address):
            remedy = "remove the entry, or the declaration"
            yield Finding("invalid-removal", f"{address} is still declared", path, notes=remedy_note(remedy))
        elif address in onward or address in targets:
            moves_on = f"{address} moves to {onward[address]}" if address in onward else f"a move leads to {address}"
            remedy = "keep one of the two entries: a resource is moved, or let go"
            yield Finding("invalid-removal", f"{moves_on}, and is removed", path, notes=remedy_note(remedy))
        seen.add(address)


def waivers_of(data: Mapping[str, Any]) -> tuple[Waiver, ...]:
    """Return the waivers; one that was refused in part is left out."""
    return tuple(
        Waiver(entry["address"], entry["until"], once(entry.get("attributes", ())), entry.get("reason", ""))
        for entry in data.get("drift", {}).get("waive", ())
        if "address" in entry and "until" in entry
    )


def waiver_findings(
    data: Mapping[str, Any], declared: Declared, suggestions: Suggestions, *, complete: bool
) -> Iterator[Finding]:
    """Yield what is wrong with the waivers beyond their shape; `complete` = every declared address is known.

    All environments have the same waivers: one for what only others declare is nothing to them.
    """
    known = tuple(sorted(declared.addresses))
    for index, entry in enumerate(data.get("drift", {}).get("waive", ())):
        path = ("drift", "waive", index)
        address, until = entry.get("address"), entry.get("until")
        if address is not None and complete and not (address in declared.addresses or address in declared.elsewhere):
            label = did_you_mean(suggestions.meant("address", address, known))
            summary = f'there is no "{address}" to waive drift for'
            yield Finding("unknown-reference", summary, (*path, "address"), label=label, at=False)
        if until is not None and not _is_day(until):
            remedy = remedy_note("write the last day on which the drift is tolerated")
            yield Finding("invalid-value", f'"{until}" is not a date (YYYY-MM-DD)', (*path, "until"), notes=remedy)


def _no_target(target: str, onward: str | None, meant: str | None, path: Path) -> Finding:
    if onward is not None:
        remedy = f"{target} moves on itself: make this entry lead to {onward}"
        return Finding("invalid-move", f"{target} is not declared", path, notes=remedy_note(remedy))
    return Finding("invalid-move", f"{target} is not declared", path, label=did_you_mean(meant))


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
