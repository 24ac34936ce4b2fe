"""The resources that most tests of the planner start from."""

from blinkdecl.model.live import LiveObject
from blinkdecl.model.resource import SecretReference
from blinkdecl.model.state import State
from tests.support.builders import LINEAGE, SALT, destination, trigger

BLINK, SOC = destination(), trigger()
CHANGED = destination(severities=["LOW"])
KEPT = destination("kept", trigger="", webhook_url=None, secrets={})
EMPTY = State(LINEAGE, SALT)
NEWBORN = LiveObject("id-newborn", BLINK.attributes)
VAULT_A, VAULT_B = (SecretReference("command", ("vault", "read", name)) for name in "ab")
