"""What only the project file says, as settings; the data fits the schema already, or what does not was taken out."""

from collections.abc import Iterator, Mapping
from typing import Any

from blinkdecl.config.coverage import coverage_of
from blinkdecl.config.drift import waivers_of
from blinkdecl.config.finding import Finding, Path, did_you_mean, way_out
from blinkdecl.config.provider import provider_of
from blinkdecl.config.source import Document
from blinkdecl.config.state import state_of
from blinkdecl.config.suggestions import Suggestions
from blinkdecl.configuration import Limits, Move, Settings
from blinkdecl.model import kind_of

_DEFAULTS = Settings()


def settings_of(project: Document, environment: str | None) -> Settings:
    """Return the settings, with the state of the environment."""
    data: Mapping[str, Any] = project.data
    limits = data.get("limits", {})
    return Settings(
        provider=provider_of(project),
        state=state_of(data.get("state", {}), environment, project),
        webhook_hosts=tuple(data.get("webhook_hosts", _DEFAULTS.webhook_hosts)),
        allow_commands=data.get("allow_commands", _DEFAULTS.allow_commands),
        limits=Limits(limits.get("max_deletes"), limits.get("max_change_percent")),
        waivers=waivers_of(data),
        coverage=coverage_of(project),
    )


def moves_of(project: Document) -> tuple[Move, ...]:
    """Return the `moved` entries with their places."""
    entries = enumerate(project.data.get("moved", ()))
    return tuple(
        Move(entry["from"], entry["to"], project.position("moved", index))
        for index, entry in entries
        if "from" in entry and "to" in entry
    )


def move_findings(
    data: Mapping[str, Any], declared: frozenset[str], suggestions: Suggestions, *, complete: bool
) -> Iterator[Finding]:
    """Yield what is wrong with the `moved` entries; `complete` = every declared address is known."""
    entries = data.get("moved", ())
    onward = {each["from"]: each["to"] for each in reversed(entries) if "from" in each and "to" in each}
    known = tuple(sorted(declared)) if entries else ()
    origins: set[str] = set()
    for index, entry in enumerate(entries):
        origin, target = entry.get("from"), entry.get("to")
        path = ("moved", index)
        if origin is None or target is None:
            continue
        if kind_of(origin) != kind_of(target):
            yield Finding("invalid-move", f"{origin} cannot become {target}, which is of another kind", (*path, "to"))
        elif origin in declared:
            help_ = "remove the entry, or the declaration under the old address"
            yield Finding("invalid-move", f"{origin} is still declared", (*path, "from"), notes=way_out(help_))
        elif origin in origins:
            yield Finding("invalid-move", f"{origin} moves twice", (*path, "from"))
        elif target not in declared and complete:
            meant = None if target in onward else suggestions.meant("address", target, known)
            yield _no_target(target, onward.get(target), meant, (*path, "to"))
        origins.add(origin)


def _no_target(target: str, onward: str | None, meant: str | None, path: Path) -> Finding:
    if onward is not None:
        help_ = f"{target} moves on itself: let this entry lead to {onward}"
        return Finding("invalid-move", f"{target} is not declared", path, notes=way_out(help_))
    return Finding("invalid-move", f"{target} is not declared", path, label=did_you_mean(meant))
