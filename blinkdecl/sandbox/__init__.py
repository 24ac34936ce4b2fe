"""A sandbox for local use: Panther's and Blink's sides as a real HTTP server on this machine."""

from blinkdecl.sandbox.panther.faults import Faults
from blinkdecl.sandbox.server import Sandbox
from blinkdecl.sandbox.store import Received

__all__ = ["Faults", "Received", "Sandbox"]
