"""What a provider stored, compared with what it was asked to store. Pure.

A server may answer that all is well and keep less: a severity that it does not know, an alert type. What its answer
shows is compared attribute by attribute; of what a provider cannot show, or hides, nothing is said. Panther knows no
triggers, and a URL behind a secret reference is no attribute.
"""

from collections.abc import Iterable

from blinkdecl.diagnostics import Diagnostic
from blinkdecl.model.live import Capabilities, LiveObject, observed
from blinkdecl.model.plan import Change, Difference
from blinkdecl.model.resource import Attributes, Value

_EMPTY = {"severities": "none", "alert_types": "all", "log_types": "all"}


def unlike(asked: Attributes, found: LiveObject) -> tuple[Difference, ...]:
    """Return the attributes that were kept differently: before = as asked, after = as kept."""
    kept = observed(asked, found)
    if kept == asked:
        return ()
    return tuple(
        Difference(name, value, kept[name])
        for name, value in asked.items()
        if kept[name] != value and name not in found.hidden
    )


def kept_attributes(asked: Attributes, unlike: Iterable[Difference]) -> Attributes:
    """Return what is there now: as asked, but for what was kept differently."""
    return {**asked, **{each.name: each.after for each in unlike}}


def tells_all(found: LiveObject, capabilities: Capabilities) -> bool:
    """Whether an answer holds every attribute that the provider has, so that nothing is left to be read."""
    names = ["display_name", "severities", "alert_types"]
    names += ["log_types"] if capabilities.log_types else []
    names += ["allow_manual_dispatch"] if capabilities.manual_dispatch else []
    return all(name in found.attributes or name in found.hidden for name in names)


def not_kept(change: Change, unlike: Iterable[Difference]) -> Diagnostic:
    """Return the error for a destination that was kept differently."""
    notes = [("note", f"{each.name}: asked for {_shown(each, each.before)}, kept {_shown(each, each.after)}")
             for each in unlike]  # fmt: skip
    remedy = (
        "see in Panther's console what it offers; `blinkdecl plan` shows what differs, `blinkdecl apply` asks again"
    )
    return Diagnostic(
        "not-kept",
        f"Panther did not keep {change.address} as it was asked to",
        position=change.position,
        notes=(*notes, ("help", remedy)),
    )


def _shown(difference: Difference, value: Value) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(value)}]" if value else _EMPTY.get(difference.name, "none")
    return str(value).lower() if isinstance(value, bool) else f'"{value}"' if isinstance(value, str) else str(value)
