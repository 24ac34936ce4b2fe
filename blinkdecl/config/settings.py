"""What only the project file says, as settings; the data is valid by its schema; invalid parts have been removed."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from blinkdecl.config import rules
from blinkdecl.config.document.finding import REFUSED, Finding, Path, remedy_note
from blinkdecl.config.document.parse import Document
from blinkdecl.config.document.schema_errors import missing
from blinkdecl.config.provider_settings import provider_of
from blinkdecl.config.state_settings import state_of
from blinkdecl.diagnostics import Suggestions, did_you_mean
from blinkdecl.model.configuration import CoverageRule, Limits, Move, Settings, Silence, Waiver
from blinkdecl.model.resource import kind_of

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
        silences=silences_of(project),
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
            remedy = "remove the entry, or the declaration under the old address"
            yield Finding("invalid-move", f"{origin} is still declared", (*path, "from"), notes=remedy_note(remedy))
        elif origin in origins:
            yield Finding("invalid-move", f"{origin} moves twice", (*path, "from"))
        elif target not in declared and complete:
            meant = None if target in onward else suggestions.meant("address", target, known)
            yield _no_target(target, onward.get(target), meant, (*path, "to"))
        origins.add(origin)


def coverage_of(project: Document) -> tuple[CoverageRule, ...]:
    """Return the rules with their places."""
    return tuple(
        CoverageRule(
            tuple(each.get("severities", ())),
            tuple(each.get("alert_types", ())),
            tuple(each.get("log_types", ())),
            each.get("min_destinations", 1),
            project.position("coverage", index),
            each.get("independent", "webhook"),
        )
        for index, each in enumerate(project.data.get("coverage", ()))
        if not each.get("nobody")
    )


def silences_of(project: Document) -> tuple[Silence, ...]:
    """Return what is declared to reach nobody, with its places."""
    return tuple(
        Silence(
            tuple(each.get("severities", ())),
            tuple(each.get("alert_types", ())),
            tuple(each.get("log_types", ())),
            each.get("reason", ""),
            project.position("coverage", index),
        )
        for index, each in enumerate(project.data.get("coverage", ()))
        if each.get("nobody")
    )


def coverage_findings(project: Document, suggestions: Suggestions) -> Iterator[Finding]:
    """Yield what does not fit together, and warnings for log types that are not known.

    A rule with such a log type may ask for alerts that do not exist.
    """
    if "coverage" not in project.data:
        return  # not written, or refused as a whole
    written = [each for each in project.written["coverage"] if each is not REFUSED]
    for index, each in enumerate(project.data["coverage"]):
        yield from _silence_findings(each, written[index], ("coverage", index))
        for place, log_type in enumerate(each.get("log_types", ())):
            if not rules.is_known_log_type(log_type):
                yield rules.unknown_log_type(log_type, ("coverage", index, "log_types", place), suggestions)


def _silence_findings(entry: Mapping[str, Any], written: Mapping[str, Any], path: Path) -> Iterator[Finding]:
    """Yield what an entry of `coverage` says that does not go with ``nobody: true``, or only goes with it.

    `entry` is without what was refused already, which is in `written` still.
    """
    if not entry.get("nobody"):
        if "reason" in entry and not written.get("nobody"):
            remedy = "add `nobody: true`, or write the reason as a comment"
            yield Finding("invalid-value", '"reason" says why nobody is to receive alerts', (*path, "reason"),
                          on_key=True, notes=remedy_note(remedy))  # fmt: skip
        return
    for key in ("min_destinations", "independent"):
        if key in entry:
            remedy = "remove one of the two: the alerts are meant to reach nobody, or somebody"
            yield Finding("invalid-value", f'"{key}" contradicts `nobody: true`', (*path, key), on_key=True,
                          notes=remedy_note(remedy))  # fmt: skip
    if "reason" not in written:
        yield replace(missing("reason", path), notes=remedy_note("say why these alerts are meant to reach nobody"))
    if not any(written.get(each) for each in ("severities", "alert_types", "log_types")):
        remedy = "name severities, alert types or log types"
        yield Finding("invalid-value", "this would declare that no alert is to reach anybody", (*path, "nobody"),
                      notes=remedy_note(remedy))  # fmt: skip


def waivers_of(data: Mapping[str, Any]) -> tuple[Waiver, ...]:
    """Return the waivers; one that was refused in part is left out."""
    return tuple(
        Waiver(entry["address"], entry["until"], tuple(entry.get("attributes", ())), entry.get("reason", ""))
        for entry in data.get("drift", {}).get("waive", ())
        if "address" in entry and "until" in entry
    )


def waiver_findings(
    data: Mapping[str, Any], declared: frozenset[str], suggestions: Suggestions, *, complete: bool
) -> Iterator[Finding]:
    """Yield what is wrong with the waivers beyond their shape; `complete` = every declared address is known."""
    known = tuple(sorted(each for each in declared if kind_of(each) == "destination"))
    for index, entry in enumerate(data.get("drift", {}).get("waive", ())):
        path = ("drift", "waive", index)
        address, until = entry.get("address"), entry.get("until")
        if address is not None and address not in declared and complete:
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
