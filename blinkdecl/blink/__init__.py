"""What Blink can be asked, and nothing else: workspaces, automations, their runs, and what started a run.

Here belongs how that is asked over HTTP, by GET alone, and what of an answer is kept. An answer may hold keys: whatever
is not named here is dropped where it comes in. What it means for an alert is decided by `alert`.
"""

from blinkdecl.blink.client import BlinkApi

__all__ = ["BlinkApi"]
