"""A sandbox for local use: Blink's side as a real HTTP server on this machine, which records what it receives."""

from blinkdecl.sandbox.server import Sandbox
from blinkdecl.sandbox.store import Received

__all__ = ["Received", "Sandbox"]
