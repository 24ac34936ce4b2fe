"""The manual provider, for hosted Panther as it is: a person makes the changes in the console.

What is recorded is what a person confirmed (``blinkdecl confirm``), and stands for what is live: nothing can be read.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import NoReturn

from blinkdecl.diagnostics import error
from blinkdecl.model.live import Capabilities, LiveObject
from blinkdecl.model.resource import BOOKKEEPING, DEFAULTS, Attributes
from blinkdecl.model.state import State
from blinkdecl.provider.interface import DeliveryResponse
from blinkdecl.provider.local import LocalProvider
from blinkdecl.secret.value import Secret

HOST = "console"
_HIDDEN = (*(name for name in DEFAULTS["destination"] if name not in BOOKKEEPING), "api_key")


class ConsoleProvider:
    """Destinations that a person looks after; changing one here is a mistake of the caller."""

    def __init__(self, state: State) -> None:
        self._recorded = LocalProvider.from_state(state)

    @property
    def capabilities(self) -> Capabilities:
        """All that the console's form has; it does nothing by itself."""
        return Capabilities(manual=True)

    @property
    def host(self) -> str | None:
        """A word that keeps the record of a console apart from that of an API."""
        return HOST

    @property
    def location(self) -> str | None:
        """The state is all there is to read."""
        return None

    @property
    def quiet_time(self) -> float:
        """Nothing is sent anywhere."""
        return 0.0

    def list(self) -> tuple[LiveObject, ...]:
        """Return what was confirmed; nobody can read what is there now."""
        return tuple(replace(each, hidden=_HIDDEN) for each in self._recorded.list())

    def create(self, attributes: Attributes, secrets: Mapping[str, Secret]) -> LiveObject:
        """Refuse: a person does this."""
        del secrets
        _refuse(str(attributes["display_name"]))

    def update(self, object_id: str, attributes: Attributes, secrets: Mapping[str, Secret]) -> LiveObject:
        """Refuse: a person does this."""
        del secrets, attributes
        _refuse(object_id)

    def delete(self, object_id: str) -> None:
        """Refuse: a person does this."""
        _refuse(object_id)

    def send_test_alert(self, object_id: str) -> DeliveryResponse:
        """Refuse: a person does this."""
        _refuse(object_id)


def _refuse(name: str) -> NoReturn:
    raise error("unsupported", f"a person changes {name} in Panther's console", remedy="`blinkdecl apply` writes how")
