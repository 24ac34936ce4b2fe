"""The provider for a Panther whose GraphQL endpoint offers operations on destinations."""

import time
from collections.abc import Mapping
from threading import Lock
from types import MappingProxyType, TracebackType
from typing import Self

from blinkdecl.diagnostics import Failure, OutcomeUnknown, error
from blinkdecl.model.live import Capabilities, LiveObject
from blinkdecl.model.moments import instant, moment_of
from blinkdecl.model.resource import Attributes
from blinkdecl.provider.interface import DeliveryResponse
from blinkdecl.provider.panther import operations
from blinkdecl.provider.panther.codec import input_of, object_of, objects_of
from blinkdecl.provider.panther.endpoint import Endpoint, Node
from blinkdecl.provider.panther.errors import ReadRefused
from blinkdecl.provider.panther.introspection import CUSTOM_WEBHOOK, Kind, Offer, declared_offer, found_offer
from blinkdecl.secret.value import Mask, Secret
from blinkdecl.system.retry import RetryLimits

_LIMITS = RetryLimits()
_NOTHING: Mapping[str, str] = MappingProxyType({})


class PantherProvider:
    """Destinations of one Panther. What it offers is asked once, when it is first needed."""

    def __init__(
        self,
        url: str,
        headers: Mapping[str, Secret],
        capabilities: Capabilities | None = None,
        *,
        parallelism: int = 10,
        limits: RetryLimits = _LIMITS,
        quiet_time: float = 60.0,
        environ: Mapping[str, str] = _NOTHING,
        mask: Mask = str,
    ) -> None:
        """`headers` hold the token, under its header's name; `capabilities` are given where asking is pointless.

        `environ` names the proxy and the authorities to trust; `mask` takes the secrets of this run out of what
        Panther says.
        """
        self._quiet_time = quiet_time
        self._endpoint = Endpoint(url, headers, parallelism, limits, environ, mask)
        self._known = None if capabilities is None else declared_offer(capabilities)
        self._lock = Lock()
        self._kinds: dict[str, str] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._endpoint.close()

    @property
    def host(self) -> str | None:
        """The host of the URL, with its port if it names one."""
        return self._endpoint.host

    @property
    def location(self) -> str | None:
        """The URL's scheme and host."""
        return self._endpoint.location

    @property
    def capabilities(self) -> Capabilities:
        """What the endpoint offers; raises a `Failure` (``not-offered``, ``unauthorised``, ``unreachable``, ...)."""
        return self._offer().capabilities

    @property
    def quiet_time(self) -> float:
        """60 s unless the project says otherwise: how long Panther works on a request is not specified."""
        return self._quiet_time

    def list(self) -> tuple[LiveObject, ...]:
        """Return every destination of the tenant, those of other kinds marked as foreign: one call."""
        offer = self._offer()
        found = objects_of(self._endpoint.read(offer.documents.list).get("destinations"), offer)
        if self._endpoint.repeats(each.id for each in found):
            raise error(
                "invalid-answer",
                "Panther's answer cannot be used: it names a destination by a secret of this run",
                note="ids are printed and recorded, and requests name them",
            )
        with self._lock:
            self._kinds = {each.id: each.kind for each in found}
        return found

    def create(self, attributes: Attributes, secrets: Mapping[str, Secret]) -> LiveObject:
        """Add a destination; raises a `Failure` (``exists``, ``rejected``, ...) or `OutcomeUnknown`."""
        offer = self._offer()
        given = input_of(offer.kind, offer.capabilities, attributes, secrets, None)
        data = self._endpoint.change(offer.documents.add, {"input": given}, secrets.values())
        return self._answered(data, "addDestination", offer)

    def update(self, object_id: str, attributes: Attributes, secrets: Mapping[str, Secret]) -> LiveObject:
        """Change a destination, whose kind stays.

        Raises a `Failure` (``exists``, ``not-found``, ...) or `OutcomeUnknown`.
        """
        offer = self._offer()
        given = input_of(self._kind(object_id, offer), offer.capabilities, attributes, secrets, object_id)
        data = self._endpoint.change(offer.documents.update, {"input": given}, secrets.values())
        return self._answered(data, "updateDestination", offer)

    def delete(self, object_id: str) -> None:
        """Delete a destination; one that is already gone is fine. Raises a `Failure` or `OutcomeUnknown`."""
        try:
            data = self._endpoint.change(operations.DELETE, {"id": object_id})
        except Failure as failure:
            if failure.code == "not-found":
                return
            raise
        if data.get("deleteDestination") is not True:
            raise OutcomeUnknown("Panther does not say that it deleted it")

    def send_test_alert(self, object_id: str) -> DeliveryResponse:
        """Have Panther send its test alert to one destination: one per call, since its rows can be misattributed."""
        begun = time.monotonic()
        data = self._endpoint.change(operations.SEND_TEST_ALERT, {"input": {"outputIds": [object_id]}})
        latency, rows = time.monotonic() - begun, data.get("sendTestAlert")
        row = rows[0] if isinstance(rows, list) and len(rows) == 1 else None
        if not isinstance(row, dict) or row.get("outputId") != object_id:
            raise OutcomeUnknown("Panther does not say what became of the test alert")
        status, sent_at = row.get("statusCode"), moment_of(row.get("dispatchedAt"))
        return DeliveryResponse(
            delivered=row.get("success") is True,
            status=status if isinstance(status, int) and status > 0 else None,
            latency=latency,
            # Any other text could be anything, and a state that holds it could not be read again.
            at="" if sent_at is None else instant(sent_at),
        )

    def _offer(self) -> Offer:
        with self._lock:
            if self._known is None:
                self._known = found_offer(self._asked())
            return self._known

    def _asked(self) -> Node:
        try:
            return self._endpoint.read(operations.INTROSPECTION)
        except ReadRefused as problem:
            if not problem.refusal.about_introspection:
                raise
        raise error(
            "not-offered",
            "this endpoint does not say what it offers: its introspection is switched off",
            remedy="declare it in `provider.capabilities`, for example {kind: custom_webhook, alert_types: [RULE]}",
        )

    def _kind(self, object_id: str, offer: Offer) -> Kind:
        """Return the kind that an object has, which need not be the one that new ones get."""
        with self._lock:
            known = self._kinds.get(object_id, offer.kind.output_type)
        return CUSTOM_WEBHOOK if known.lower() == CUSTOM_WEBHOOK.output_type else offer.kind

    def _answered(self, data: Node, name: str, offer: Offer) -> LiveObject:
        found = object_of(data.get(name), offer)
        if found is None or self._endpoint.repeats([found.id]):
            raise OutcomeUnknown("Panther does not say what it stored")
        with self._lock:
            self._kinds[found.id] = found.kind
        return found
