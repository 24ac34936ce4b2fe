"""What a plan knows of the values behind secret references: which are new, which are not here. Frozen data."""

from dataclasses import dataclass

from blinkdecl.diagnostics import Position
from blinkdecl.model.resource import SecretReference


@dataclass(frozen=True, slots=True)
class NewValue:
    """A secret whose reference has another value than the one in use: a change of ours that is not applied yet."""

    address: str
    name: str
    reference: SecretReference


@dataclass(frozen=True, slots=True)
class WithoutValue:
    """A reference without a value here, why (reads after it: ``is not set``), whose it is, and where it stands."""

    reference: SecretReference
    name: str
    reason: str
    addresses: tuple[str, ...]
    position: Position | None = None
