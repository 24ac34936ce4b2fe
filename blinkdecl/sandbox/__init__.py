"""A Panther and a Blink for local use, as a real HTTP server on this machine.

Here belongs what the two systems would answer, and what goes wrong on purpose. It serves people who try, the demo and
the tests; nothing that manages destinations knows about it.
"""

from blinkdecl.sandbox.panther.faults import Faults
from blinkdecl.sandbox.runs import BlinkFaults, Declared
from blinkdecl.sandbox.server import Sandbox
from blinkdecl.sandbox.store import Asked, Received

__all__ = ["Asked", "BlinkFaults", "Declared", "Faults", "Received", "Sandbox"]
