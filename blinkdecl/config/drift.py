"""The `drift` of the project file: the waivers, and what a schema cannot say of them."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from blinkdecl.config.finding import Finding, did_you_mean, way_out
from blinkdecl.config.suggestions import Suggestions
from blinkdecl.configuration import Waiver


def waivers_of(data: Mapping[str, Any]) -> tuple[Waiver, ...]:
    """Return the waivers; one that was refused in part is none."""
    return tuple(
        Waiver(entry["address"], entry["until"], tuple(entry.get("attributes", ())), entry.get("reason", ""))
        for entry in data.get("drift", {}).get("waive", ())
        if "address" in entry and "until" in entry
    )


def waiver_findings(
    data: Mapping[str, Any], declared: frozenset[str], suggestions: Suggestions, *, complete: bool
) -> Iterator[Finding]:
    """Yield what is wrong with the waivers beyond their shape; `complete` = every declared address is known."""
    known = tuple(sorted(each for each in declared if each.startswith("destination.")))
    for index, entry in enumerate(data.get("drift", {}).get("waive", ())):
        path = ("drift", "waive", index)
        address, until = entry.get("address"), entry.get("until")
        if address is not None and address not in declared and complete:
            label = did_you_mean(suggestions.meant("address", address, known))
            summary = f'there is no "{address}" whose drift could be waived'
            yield Finding("unknown-reference", summary, (*path, "address"), label=label, at=False)
        if until is not None and not _is_day(until):
            help_ = way_out("the last day on which it is tolerated, as YYYY-MM-DD")
            yield Finding("invalid-value", f'"{until}" is no day', (*path, "until"), notes=help_)


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
