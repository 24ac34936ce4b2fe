"""The desired side: what the user's repository declares, complete and canonical. Frozen data, no I/O."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from blinkdecl.diagnostics import Position, error, only_in
from blinkdecl.model.live import Capabilities
from blinkdecl.model.resource import Resource, SecretReference


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on one plan; None = not declared (the planner's own default bound then holds)."""

    max_deletes: int | None = None
    max_change_percent: int | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """A resource that has a new address; both addresses are of the same kind."""

    origin: str
    target: str
    position: Position | None = None


@dataclass(frozen=True, slots=True)
class Removal:
    """A resource that is let go (``removed`` in YAML): its record goes, its object stays as it is."""

    address: str
    position: Position | None = None


@dataclass(frozen=True, slots=True)
class ProviderSettings:
    """The system that holds the destinations (``provider`` in YAML).

    `url`, `token` and what follows are for the ``panther`` provider; the ``console`` provider has the first two where
    what became of alerts is read. `headers` are sent in addition to the token's.
    `capabilities` = what the endpoint offers, where it cannot be asked. `quiet_time` (seconds) = how long a killed
    run's request may still take effect.
    """

    type: Literal["local", "panther", "console"] = "local"
    url: str | SecretReference | None = None
    token: SecretReference | None = None
    token_header: str = "X-API-Key"  # noqa: S105 - a header's name
    headers: Mapping[str, SecretReference] = field(default_factory=dict)
    on_unsupported: Literal["error", "ignore"] = "error"
    quiet_time: float = 60.0
    capabilities: Capabilities | None = None
    position: Position | None = None


@dataclass(frozen=True, slots=True)
class BlinkSettings:
    """Where Blink is asked what became of alerts (``blink`` in YAML), and the key of a user who may look."""

    url: str | SecretReference
    api_key: SecretReference
    position: Position | None = None


@dataclass(frozen=True, slots=True)
class StateSettings:
    """Where the state is kept (``state`` in YAML): a backend, what it needs to know, and where its secrets are."""

    backend: Literal["local", "http", "s3", "postgres"] = "local"
    options: Mapping[str, str] = field(default_factory=lambda: {"path": ".blinkdecl/state.json"})
    secrets: Mapping[str, SecretReference] = field(default_factory=dict)
    position: Position | None = None


@dataclass(frozen=True, slots=True)
class Waiver:
    """Drift that is tolerated up to and including the day `until` (YYYY-MM-DD, UTC); no `attributes` = any."""

    address: str
    until: str
    attributes: tuple[str, ...] = ()
    reason: str = ""


# What two destinations must not share to count as two.
Independence = Literal["webhook", "workspace", "host"]


@dataclass(frozen=True, slots=True)
class CoverageRule:
    """Alerts that must reach `min_destinations` that differ in what `independent` names.

    Empty `severities`, `alert_types`, `log_types` = all.
    """

    severities: tuple[str, ...] = ()
    alert_types: tuple[str, ...] = ()
    log_types: tuple[str, ...] = ()
    min_destinations: int = 1
    position: Position | None = None
    independent: Independence = "webhook"


@dataclass(frozen=True, slots=True)
class Silence:
    """Alerts that are meant to reach nobody, and why (``nobody: true`` in YAML); empty = all, as in a rule."""

    severities: tuple[str, ...] = ()
    alert_types: tuple[str, ...] = ()
    log_types: tuple[str, ...] = ()
    reason: str = ""
    position: Position | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """What ``blinkdecl.yaml`` says, or the environment's file instead. Paths are relative to the root.

    `unmanaged_ignore` are patterns of display names: unmanaged destinations that have one are counted, not listed.
    """

    provider: ProviderSettings = ProviderSettings()
    state: StateSettings = StateSettings()
    webhook_hosts: tuple[str, ...] = ("*.blinkops.com",)
    allow_commands: bool = False
    limits: Limits = Limits()
    waivers: tuple[Waiver, ...] = ()
    coverage: tuple[CoverageRule, ...] = ()
    silences: tuple[Silence, ...] = ()
    unmanaged_ignore: tuple[str, ...] = ()
    blink: BlinkSettings | None = None


@dataclass(frozen=True, slots=True)
class Configuration:
    """The desired side: `resources` by address, in file order.

    `elsewhere` are the addresses that only other environments have, each with their names; `names_elsewhere` are the
    display names of such destinations.
    """

    settings: Settings
    resources: Mapping[str, Resource]
    moved: tuple[Move, ...] = ()
    environment: str | None = None
    elsewhere: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    names_elsewhere: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    removed: tuple[Removal, ...] = ()

    @property
    def released(self) -> Mapping[str, Removal]:
        """What is let go, by address; an entry is nothing to an environment in which its resource is declared."""
        return {each.address: each for each in self.removed if each.address not in self.resources}

    def check_here(self, *addresses: str) -> None:
        """Raise a `Failure` (``not-found``) for an address that is only declared in other environments."""
        for address in addresses:
            if (names := self.elsewhere.get(address)) is not None:
                here = f"with --env {self.environment}" if self.environment else "without --env"
                note = f"it does not exist {here}"
                widen = f"add {self.environment} to its `environments`" if self.environment else "remove `environments`"
                remedy = f"pass --env {names[0]}, or {widen}"
                raise error("not-found", f"{address} is {only_in(names)}", note=note, remedy=remedy)
