"""The GraphQL documents that are sent, and nothing else: static text, each variant checked against the SDL by a test.

What differs between Panthers is whether a destination has log types, manual dispatch and a native Blink Ops kind.
"""

from dataclasses import dataclass
from functools import cache

INTROSPECTION = """\
query Offered {
  __schema {
    queryType { fields { name } }
    mutationType { fields { name } }
  }
  config: __type(name: "DestinationConfigInput") {
    inputFields { name type { inputFields { name } ofType { inputFields { name } } } }
  }
  answered: __type(name: "DestinationConfig") {
    fields { name type { fields { name } ofType { fields { name } } } }
  }
  input: __type(name: "DestinationInput") { inputFields { name } }
  alertTypes: __type(name: "AlertTypesEnum") { enumValues { name } }
}
"""

DELETE = "mutation Delete($id: ID!) { deleteDestination(id: $id) }"

SEND_TEST_ALERT = """\
query Test($input: SendTestAlertInput!) {
  sendTestAlert(input: $input) { outputId statusCode success dispatchedAt }
}
"""

_FIELDS = """\
outputId outputType displayName defaultForSeverity alertTypes
createdBy creationTime lastModifiedBy lastModifiedTime
"""


@dataclass(frozen=True, slots=True)
class Documents:
    """The documents that return destinations."""

    list: str
    add: str
    update: str


@cache
def documents(*, log_types: bool, manual_dispatch: bool, native_url: bool) -> Documents:
    """Return the documents for what the peer returns of a destination."""
    config = "customWebhook { webhookURL }" + (" blinkOps { webhookURL }" if native_url else "")
    fields = f"{_FIELDS}outputConfig {{ {config} }}"
    fields += "\nlogTypes" if log_types else ""
    fields += "\nallowManualDispatch" if manual_dispatch else ""
    return Documents(
        f"query List {{ destinations {{\n{fields}\n}} }}",
        f"mutation Add($input: DestinationInput!) {{ addDestination(input: $input) {{\n{fields}\n}} }}",
        f"mutation Update($input: DestinationInput!) {{ updateDestination(input: $input) {{\n{fields}\n}} }}",
    )
