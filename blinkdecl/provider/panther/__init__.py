"""Panther's destinations by its GraphQL API: `PantherProvider`.

operations     the documents that are sent, static
endpoint       one GraphQL call: HTTP, retries, errors
introspection  what an endpoint offers
rows           destinations as they are answered, and as they are sent
provider       the provider, made of these
"""

from blinkdecl.provider.panther.provider import PantherProvider

__all__ = ["PantherProvider"]
