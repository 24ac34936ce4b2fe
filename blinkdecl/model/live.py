"""The live side: destinations as a provider reports them, and what a provider can do. Frozen data, no I/O."""

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Literal

from blinkdecl.model.resource import ALERT_TYPES, BOOKKEEPING, Attributes


@dataclass(frozen=True, slots=True)
class LiveObject:
    """A destination as the provider reports it. An attribute that it cannot read is absent, never guessed.

    `hidden` names the attributes and secrets that it holds and never shows. `kind` is the provider's word for the kind
    of destination, and `foreign` = blinkdecl does not manage that kind (Slack, SNS, ...): such a destination only
    matters because it takes a display name. `webhook_host` is the host it delivers to, if visible. Times are RFC 3339.
    """

    id: str
    attributes: Attributes
    modified_by: str | None = None
    modified_at: str | None = None
    created_by: str | None = None
    created_at: str | None = None
    hidden: tuple[str, ...] = ()
    kind: str = ""
    foreign: bool = False
    webhook_host: str | None = None

    @property
    def display_name(self) -> str:
        """The name that is unique among the tenant's destinations."""
        return str(self.attributes["display_name"])


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a provider can express and do.

    `kind` is what its destinations are there: a native Blink Ops destination, or a custom webhook whose URL carries
    the key. `manual` = a person makes the changes by hand, and nothing live can be read.
    """

    kind: Literal["blink_ops", "custom_webhook"] = "blink_ops"
    alert_types: tuple[str, ...] = ALERT_TYPES
    log_types: bool = True
    manual_dispatch: bool = True
    test_alert: bool = False
    manual: bool = False


def observed(known: Attributes, found: LiveObject | None) -> Attributes:
    """Return the live attributes; what the provider cannot read, or does not hold, is taken from `known`."""
    if found is None or found.attributes is known:  # with the local provider the record is what is live
        return known
    kept = {name: known[name] for name in BOOKKEEPING}
    if known.get("webhook_url") is None:  # the YAML has a secret reference, and so must what is shown
        kept["webhook_url"] = None
    return {**known, **found.attributes, **kept}


def is_named(live: LiveObject, patterns: Iterable[str]) -> bool:
    """Whether one of the patterns, as shells have them, matches a destination's display name."""
    return any(fnmatchcase(live.display_name, pattern) for pattern in patterns)
