"""The edge to the system that holds the destinations.

The contract, which every provider keeps (and one suite, ``tests/provider/contract.py``, checks):

- `list` returns every object that it manages, once each, or raises; a short list is never returned.
- `create` returns the object with the id that was assigned. Display names are unique: a name in use raises ``exists``.
- `update` replaces the attributes and secrets given; `delete` of an id that is already gone is fine.
- A `Failure` says that the operation was *not* done. `OutcomeUnknown` says that nobody knows: the caller settles it by
  listing (`blinkdecl.applier.calls`), and never repeats a create.
- A secret that is not given to `update` stays as it is.
- Secrets go in, and never come out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from blinkdecl.model.live import Capabilities, LiveObject
from blinkdecl.model.resource import Attributes
from blinkdecl.secret.value import Secret


@dataclass(frozen=True, slots=True)
class DeliveryResponse:
    """What a provider says about a test alert that it sent.

    `status` is the receiver's, `latency` in seconds; `at` is an RFC 3339 time, or "" where none is told.
    """

    delivered: bool
    status: int | None
    latency: float
    at: str


class Provider(Protocol):
    """A system that holds destinations; safe to call from several threads."""

    @property
    def capabilities(self) -> Capabilities:
        """What this provider can express."""

    @property
    def host(self) -> str | None:
        """The host whose objects these are, kept in state to refuse another tenant's; None where there is none."""

    @property
    def location(self) -> str | None:
        """The place that is read, as a person would call it; None where the state is all there is."""

    @property
    def quiet_time(self) -> float:
        """Seconds until nothing that a dead client sent can still take effect; 0 where calls do not outlive it."""

    def list(self) -> tuple[LiveObject, ...]:
        """Return every live destination."""

    def create(self, attributes: Attributes, secrets: Mapping[str, Secret]) -> LiveObject:
        """Make a destination and return it as it now is."""

    def update(self, object_id: str, attributes: Attributes, secrets: Mapping[str, Secret]) -> LiveObject:
        """Give the destination these attributes and secrets; raises a `Failure` if there is none with this id."""

    def delete(self, object_id: str) -> None:
        """Remove the destination."""

    def send_test_alert(self, object_id: str) -> DeliveryResponse:
        """Have the provider send its own test alert to one destination, once.

        Called only where `capabilities.test_alert`. Raises a `Failure` or `OutcomeUnknown` where there is no answer.
        """
