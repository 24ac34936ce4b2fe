"""The recorded side: what the state holds. Frozen data, no I/O."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from blinkdecl.model.resource import Attributes, SecretReference, kind_of

# What the record of a destination in the console begins with in place of an id that nobody has read there.
NOT_AN_ID = "console:"


@dataclass(frozen=True, slots=True)
class RecordedSecret:
    """What the state knows of a secret: its reference, and a keyed fingerprint of its value.

    The fingerprint is 16 hex digits, after ``scrypt:`` where the value is short. It is "" where nobody knows the value
    in use: no API returns an imported destination's secret.
    """

    reference: SecretReference
    fingerprint: str


@dataclass(frozen=True, slots=True)
class LastTest:
    """The last test alert: when (RFC 3339, UTC), whether it was delivered, the HTTP status, the latency in seconds.

    One that Blink took, and surely led to nothing there, is not delivered.
    """

    at: str
    delivered: bool
    status: int | None
    latency: float


@dataclass(frozen=True, slots=True)
class Recorded:
    """A resource as the state holds it; `id` is the provider's and None for triggers, which have no object."""

    address: str
    id: str | None
    attributes: Attributes
    secrets: Mapping[str, RecordedSecret] = field(default_factory=dict)
    prevent_destroy: bool = False
    last_test: LastTest | None = None

    @property
    def kind(self) -> str:
        """``destination`` or ``trigger``."""
        return kind_of(self.address)


@dataclass(frozen=True, slots=True)
class Intent:
    """What a run was about to do when the state was written; `before_ids` already had the display name then."""

    operation: str
    display_name: str
    run_id: str
    before_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ProjectRecord:
    """What the project file said, when it was last applied, of where secrets come from and go.

    `references` are those of the provider, Blink and the state, by their places: ``provider.token``. `hosts` are those
    of Panther and of the state that the file names.
    """

    provider: str
    hosts: tuple[str, ...] = ()
    webhook_hosts: tuple[str, ...] = ()
    references: Mapping[str, SecretReference] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Holder:
    """Which environment of the project records a live destination (None: the project without ``--env``), and where."""

    environment: str | None
    address: str

    @property
    def place(self) -> str:
        """The environment, for people."""
        return f"in the environment {self.environment}" if self.environment else "without --env"


@dataclass(frozen=True, slots=True)
class State:
    """The recorded side. `salt` (hex) keys the fingerprints; `serial` grows by one with every write.

    `project` is None where nothing was applied since version 2 of the format.
    """

    lineage: str
    salt: str
    serial: int = 0
    environment: str | None = None
    provider_host: str | None = None
    resources: Mapping[str, Recorded] = field(default_factory=dict)
    pending: Mapping[str, Intent] = field(default_factory=dict)
    project: ProjectRecord | None = None
