"""The plan as a value: what would be done, what has drifted, what is in the way. Frozen data, no I/O.

Actions, by what is desired, recorded and live:

    action   desired recorded live   what apply does
    create   yes     no       no     makes the object, then records it
    create   yes     yes      no     the same: it was deleted outside (reported as drift)
    update   yes     yes      yes    changes the object in place, or only the record where `recorded_only`
    no-op    yes     yes      yes    nothing; listed only where the address has moved
    adopt    yes     no       yes    takes over what a killed run made (the state's pending list proves it)
    delete   no      yes      yes    removes the object, then its record
    forget   no      yes      no     removes the record; also of what is live and let go (``removed`` in YAML)

A live object that is neither desired nor recorded is *unmanaged*: listed, not a change. A live object with a
desired display name that is not recorded is an error, ``exists``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from blinkdecl.diagnostics import Diagnostic, Position
from blinkdecl.model.configuration import Waiver
from blinkdecl.model.live import LiveObject
from blinkdecl.model.resource import Attributes, SecretReference, Value, kind_of
from blinkdecl.model.secret_values import NewValue, WithoutValue
from blinkdecl.model.state import RecordedSecret


class Action(StrEnum):
    """What is done to one resource; the words of the plan in every format."""

    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"
    ADOPT = "adopt"
    FORGET = "forget"
    NO_OP = "no-op"


@dataclass(frozen=True, slots=True)
class Difference:
    """One attribute (or ``prevent_destroy``) that differs."""

    name: str
    before: Value
    after: Value


@dataclass(frozen=True, slots=True)
class SecretChange:
    """What the plan knows of one secret.

    status       fingerprints of the resolved value and of the record
    new          nothing is recorded yet
    same         equal
    rotated      different
    unverified   the value could not be resolved here, so nobody knows

    `current` = the fingerprint of the resolved value, "" where there is none; a saved plan does not hold it.
    """

    name: str
    reference: SecretReference
    status: Literal["new", "same", "rotated", "unverified"]
    before: RecordedSecret | None = None
    current: str = field(default="", compare=False)

    @property
    def re_referenced(self) -> bool:
        """Whether the YAML names another place for the secret than the record does."""
        return self.before is not None and self.before.reference != self.reference

    @property
    def after(self) -> RecordedSecret:
        """What the record is to hold once the object was given it, as far as that is known now."""
        known = self.before.fingerprint if self.before is not None and not self.re_referenced else ""
        return RecordedSecret(self.reference, self.current or known)


@dataclass(frozen=True, slots=True)
class FirstStep:
    """What an object is given first, in a call of its own, so that nobody is without alerts meanwhile.

    `attributes` receive what it received before and what it is to receive after, under a display name that is free.
    `depends_on` names the addresses whose change must have succeeded before.
    """

    attributes: Attributes
    depends_on: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """What happens at one address.

    `before` is what is live (recorded, for triggers), `after` what is desired; None where there is nothing.
    `depends_on` names the addresses whose change must have succeeded first: of one that has a `first` step, that step
    (but a trigger goes only after the whole change).
    `recorded_only` = the object itself stays as it is; only the record changes, or goes. `awaiting` = a person has been
    given the steps already, and has not confirmed them.
    """

    address: str
    action: Action
    id: str | None = None
    before: Attributes | None = None
    after: Attributes | None = None
    differences: tuple[Difference, ...] = ()
    secrets: tuple[SecretChange, ...] = ()
    depends_on: tuple[str, ...] = ()
    first: FirstStep | None = None
    previous_address: str | None = None
    recorded_only: bool = False
    awaiting: bool = False
    position: Position | None = None

    @property
    def kind(self) -> str:
        """``destination`` or ``trigger``."""
        return kind_of(self.address)

    @property
    def temporary_name(self) -> str | None:
        """The display name that it has between its first step and its own change, where that is neither of its own."""
        if self.first is None:
            return None
        own = {side.get("display_name") for side in (self.before, self.after) if side is not None}
        name = self.first.attributes["display_name"]
        return None if name in own else str(name)

    @property
    def calls_provider(self) -> bool:
        """Whether the object itself changes: by the provider, or by a person where the provider is manual."""
        if self.recorded_only or self.action in (Action.FORGET, Action.NO_OP):
            return False
        return self.kind == "destination"


@dataclass(frozen=True, slots=True)
class Drift:
    """A recorded object that was changed or deleted outside blinkdecl, and by whom where the provider knows.

    Of a trigger it is the automation in Blink: the `differences` go from what the trigger needs to what is there. Only
    what was compared with what is live is among them: a new value behind a secret reference is not.
    `waiver` = the configuration tolerates it, or did until the waiver expired; `waived` = the waiver holds today.
    """

    address: str
    kind: Literal["changed", "deleted"]
    differences: tuple[Difference, ...] = ()
    by: str | None = None
    at: str | None = None
    waiver: Waiver | None = None
    waived: bool = False
    position: Position | None = None

    def is_undone_by(self, change: Change) -> bool:
        """Whether the change at this address puts back what was changed, or makes again what was deleted."""
        if self.kind == "deleted":
            return change.action is Action.CREATE
        if change.action is not Action.UPDATE or change.recorded_only:
            return False
        return not {each.name for each in self.differences}.isdisjoint(each.name for each in change.differences)


@dataclass(frozen=True, slots=True)
class Options:
    """What the caller restricts or allows; part of a saved plan, so that apply uses the same terms."""

    targets: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    allow_deletes: int | None = None
    allow_changes: int | None = None
    accept_missing: int | None = None
    destroy: bool = False

    @property
    def partial(self) -> bool:
        """Whether the caller left something out."""
        return bool(self.targets or self.excludes)


# Stands in a `RoutingRow` for every log type that no destination names.
OTHER = "any other"


@dataclass(frozen=True, slots=True)
class RoutingRow:
    """Cells with the same destinations, before and after: addresses in order, or display names in quotes.

    `log_types` None = whatever the log type, or none; `OTHER` stands for each that no destination names. `silent` =
    they are declared to reach nobody.
    """

    severities: tuple[str, ...]
    alert_types: tuple[str, ...]
    log_types: tuple[str, ...] | None
    before: tuple[str, ...]
    after: tuple[str, ...]
    silent: bool = False

    @property
    def changed(self) -> bool:
        """Whether these alerts now go to different destinations."""
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class PlannedAlerts:
    """How many test alerts apply sends: one to each of so many `webhooks` before, one to each of `destinations` after.

    Those after a change are the provider's own. Skipped changes send fewer.
    """

    webhooks: int = 0
    destinations: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that a reviewer needs and apply checks.

    `unverified` = (address, secret names) of secrets whose value could not be resolved here, or that are recorded
    without one. `without_value` are the declared references that have none here, where that was looked at.
    `not_applied` are new values behind secret references, where the plan has no changes to say so. `unmanaged_ignored`
    counts those that are not listed, `unchanged` the resources that need nothing. `routing` says who gets which alerts
    before and after, where that changes, and what nobody gets. `test_alerts` is what apply sends unless tests are off.
    `diagnostics` hold what is in the way: an error there forbids apply. `compared` = what is compared with: what the
    `provider` answered, or the record, where it reads nothing. `exposure` says what changes about where secrets come
    from, and where they and alerts go. `timestamp` = when it was made (RFC 3339, UTC), or "". `review_digest` =
    what is reviewed (`planner.review`), "" where that cannot be told. `offline` = neither a provider nor a remote state
    was asked, and no secret was resolved. `config_digest` changes with every declared fact; only a document holds it.
    """

    lineage: str
    serial: int
    config_digest: str = ""
    environment: str | None = None
    options: Options = Options()
    changes: tuple[Change, ...] = ()
    drift: tuple[Drift, ...] = ()
    unmanaged: tuple[LiveObject, ...] = ()
    unmanaged_ignored: int = 0
    unverified: tuple[tuple[str, tuple[str, ...]], ...] = ()
    not_applied: tuple[NewValue, ...] = ()
    unchanged: int = 0
    routing: tuple[RoutingRow, ...] = ()
    test_alerts: PlannedAlerts = PlannedAlerts()
    diagnostics: tuple[Diagnostic, ...] = ()
    digest: str = ""
    provider: Literal["local", "panther", "console"] = "panther"
    compared: Literal["live", "recorded"] = "live"
    timestamp: str = ""
    exposure: tuple[str, ...] = ()
    without_value: tuple[WithoutValue, ...] = ()
    review_digest: str = ""
    offline: bool = False

    @property
    def pending(self) -> bool:
        """Whether apply would do anything."""
        return bool(self.changes)

    @property
    def refused(self) -> bool:
        """Whether something is in the way, so that apply must not start."""
        return any(each.severity == "error" for each in self.diagnostics)

    @property
    def partial(self) -> bool:
        """Whether the caller left something out."""
        return self.options.partial

    @property
    def drifted(self) -> bool:
        """Whether there is drift that nobody waived."""
        return any(not each.waived for each in self.drift)

    def count(self, *actions: Action, kind: str = "destination") -> int:
        """Return how many changes have one of these actions. Triggers are counted apart: they are only recorded."""
        return sum(change.action in actions and change.kind == kind for change in self.changes)

    def by_address(self) -> Mapping[str, Change]:
        """Return the changes by address."""
        return {change.address: change for change in self.changes}
