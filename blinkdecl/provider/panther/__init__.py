"""Panther's destinations through its GraphQL API: `PantherProvider`, made of the parts beside it.

Here belongs all that is specific to Panther: its operations, its words for errors, what an endpoint offers.
"""

from blinkdecl.provider.panther.provider import PantherProvider

__all__ = ["PantherProvider"]
