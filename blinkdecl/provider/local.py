"""The embedded provider: no control plane. The record is what is live, and blinkdecl itself proves each destination.

It starts from the recorded destinations and answers as Panther would (unique display names, ids that it assigns), so
that everything above works alike; what makes a change last is the state that is written after it.
"""

import threading
import uuid
from collections.abc import Callable, Mapping

from blinkdecl.diagnostics import error
from blinkdecl.model.live import Capabilities, LiveObject
from blinkdecl.model.resource import Attributes
from blinkdecl.model.state import State
from blinkdecl.provider.interface import DeliveryResponse
from blinkdecl.secret.value import Secret


class LocalProvider:
    """Destinations in memory, for one run."""

    def __init__(
        self,
        objects: Mapping[str, LiveObject],
        capabilities: Capabilities | None = None,
        new_id: Callable[[], str] = lambda: str(uuid.uuid4()),
    ) -> None:
        self._capabilities, self._new_id = capabilities or Capabilities(), new_id
        self._objects = dict(objects)
        self._owners = {each.display_name: each.id for each in objects.values()}
        self._lock = threading.Lock()

    @classmethod
    def from_state(
        cls,
        state: State,
        capabilities: Capabilities | None = None,
        new_id: Callable[[], str] = lambda: str(uuid.uuid4()),
    ) -> "LocalProvider":
        """Start with what is recorded; `capabilities` are everything unless they are given."""
        records = (each for each in state.resources.values() if each.id is not None)
        return cls({str(each.id): LiveObject(str(each.id), each.attributes) for each in records}, capabilities, new_id)

    @property
    def capabilities(self) -> Capabilities:
        """Everything but a test alert of its own, unless others were given."""
        return self._capabilities

    @property
    def host(self) -> str | None:
        """There is no host."""
        return None

    @property
    def location(self) -> str | None:
        """The state is all there is."""
        return None

    @property
    def quiet_time(self) -> float:
        """Nothing is sent anywhere."""
        return 0.0

    def list(self) -> tuple[LiveObject, ...]:
        """Return every live destination."""
        with self._lock:
            return tuple(self._objects.values())

    def create(self, attributes: Attributes, secrets: Mapping[str, Secret]) -> LiveObject:
        """Make a destination under a new id; raises a `Failure` (``exists``) for a display name in use."""
        del secrets  # nothing here sends them anywhere; the record keeps their fingerprints
        with self._lock:
            return self._put(LiveObject(self._new_id(), attributes))

    def update(self, object_id: str, attributes: Attributes, secrets: Mapping[str, Secret]) -> LiveObject:
        """Replace the destination's attributes; raises a `Failure` (``exists``, ``not-found``)."""
        del secrets
        with self._lock:
            if object_id not in self._objects:
                raise error("not-found", f"there is no destination with the id {object_id}")
            return self._put(LiveObject(object_id, attributes))

    def delete(self, object_id: str) -> None:
        """Remove the destination, if it is still there."""
        with self._lock:
            if (gone := self._objects.pop(object_id, None)) is not None:
                del self._owners[gone.display_name]

    def send_test_alert(self, object_id: str) -> DeliveryResponse:
        """Refuse: there is nobody who could send one."""
        raise error("unsupported", f"only blinkdecl itself can send a test alert to {object_id}")

    def _put(self, made: LiveObject) -> LiveObject:
        if self._owners.get(made.display_name, made.id) != made.id:
            raise error("exists", f'a destination named "{made.display_name}" exists')
        if (old := self._objects.get(made.id)) is not None:
            del self._owners[old.display_name]
        self._objects[made.id] = made
        self._owners[made.display_name] = made.id
        return made
