"""The GraphQL API of the sandbox's Panther: the SDL of a profile, executed against a tenant.

This is the one place that runs graphql-core; documents are parsed and validated once.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any, Literal

from graphql import (
    DocumentNode,
    ExecutionResult,
    FieldNode,
    GraphQLEnumType,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    build_schema,
    execute_sync,
    parse,
    specified_rules,
    validate,
)
from graphql.validation import NoSchemaIntrospectionCustomRule

from blinkdecl.sandbox.panther.destination import Destination
from blinkdecl.sandbox.panther.faults import NO_FAULTS, Faults
from blinkdecl.sandbox.panther.history import History
from blinkdecl.sandbox.panther.tenant import Refused, Tenant
from blinkdecl.sandbox.panther.test_alert import send_test_alert

Profile = Literal["self-hosted", "native", "hosted"]
Arguments = Mapping[str, Any]
# The code of an error by which Panther tells that its version does not know a field.
_UNKNOWN_FIELD = "GRAPHQL_VALIDATION_FAILED"


class Api:
    """Executes GraphQL requests; safe to call from several threads."""

    def __init__(self, profile: Profile, tenant: Tenant, history: History, *, introspection: bool = True) -> None:
        self._tenant, self._history, self._introspection = tenant, history, introspection
        sources = files("blinkdecl.sandbox.panther")
        names = (f"{profile.replace('-', '_')}.graphql", "alerts.graphql")
        self._schema: GraphQLSchema = build_schema("\n".join(sources.joinpath(name).read_text() for name in names))
        enum = self._schema.type_map.get("AlertTypesEnum")
        self.alert_types = tuple(enum.values) if isinstance(enum, GraphQLEnumType) else ()
        self._understood = lru_cache(maxsize=64)(self._validated)

    def operations(self, query: str) -> tuple[str, ...]:
        """Return what a request is to do, by the fields of each operation: ``query alerts``; () = it is no GraphQL."""
        return _operations(query)

    def changes(self, query: str) -> bool:
        """Whether a request is a mutation."""
        found = self._understood(query)
        document = found if isinstance(found, DocumentNode) else None
        nodes = document.definitions if document else ()
        return any(isinstance(n, OperationDefinitionNode) and n.operation is OperationType.MUTATION for n in nodes)

    def execute(self, query: str, variables: Arguments, faults: Faults = NO_FAULTS) -> dict[str, Any]:
        """Return the answer to one request, with what `faults` do to lists and to what is stored."""
        found = self._understood(query)
        if not isinstance(found, DocumentNode):
            return dict(ExecutionResult(None, found).formatted)
        if faults.lacks and re.search(rf"\b{re.escape(faults.lacks)}\b", query):
            problem = f'Cannot query field "{faults.lacks}".'
            return {"data": None, "errors": [{"message": problem, "extensions": {"code": _UNKNOWN_FIELD}}]}
        result = execute_sync(
            self._schema, found, root_value=self._root(faults), variable_values=dict(variables)
        )  # fmt: skip
        answer = dict(result.formatted)
        return {**answer, "errors": [{"message": "a part is missing"}]} if faults.partial else answer

    def _validated(self, query: str) -> DocumentNode | list[GraphQLError]:
        try:
            document = parse(query)
        except GraphQLError as problem:
            return [problem]
        rules = specified_rules if self._introspection else (*specified_rules, NoSchemaIntrospectionCustomRule)
        return validate(self._schema, document, rules) or document

    def _root(self, faults: Faults) -> Mapping[str, Callable[..., object]]:
        """Return the resolvers of the operations."""
        return {
            "alerts": lambda info, input: self._alerts(input, faults),  # noqa: A006 - the API's
            "destinations": lambda info: [self._row(each) for each in self._tenant.all(faults.stale)],
            "destination": lambda info, id: self._tried(lambda: self._row(self._tenant.get(id))),  # noqa: A006 - the API's
            "addDestination": lambda info, input: self._tried(  # noqa: A006 - the API's
                lambda: self._row(self._tenant.add(self._given(input, faults)))
            ),
            "updateDestination": lambda info, input: self._tried(  # noqa: A006 - the API's
                lambda: self._row(self._tenant.update(str(input.get("outputId") or ""), self._given(input, faults)))
            ),
            "deleteDestination": lambda info, id: self._tried(lambda: self._delete(id)),  # noqa: A006 - the API's
            "sendTestAlert": lambda info, input: self._tried(lambda: self._test(input["outputIds"])),  # noqa: A006 - the API's
        }

    def _alerts(self, asked: Arguments, faults: Faults) -> dict[str, object]:
        try:
            return self._history.alerts(asked, faults)
        except ValueError as problem:
            raise GraphQLError(str(problem)) from None

    def _tried(self, operation: Callable[[], object]) -> object:
        try:
            return operation()
        except Refused as problem:
            raise GraphQLError(str(problem), extensions={"errorType": problem.type}) from None

    def _delete(self, object_id: str) -> bool:
        self._tenant.delete(object_id)
        return True

    def _test(self, ids: list[str]) -> list[dict[str, object]]:
        return [send_test_alert(self._tenant.get(each)) for each in ids]

    def _given(self, given: Arguments, faults: Faults) -> Destination:
        """Return what to store of what a request describes; raises `Refused` unless it is of one kind."""
        config = {name: fields for name, fields in given["outputConfig"].items() if fields is not None}
        if len(config) != 1 or next(iter(config)).lower() != given["outputType"].lower():
            raise Refused("InvalidInputError", "outputConfig must hold only the configuration of the outputType")
        kind, fields = next(iter(config.items()))
        return Destination(
            display_name=given["displayName"],
            output_type=kind.lower(),
            config={kind: {name: value or "" for name, value in fields.items()}},
            severities=tuple(each for each in given["defaultForSeverity"] if each != faults.drop_severity),
            alert_types=tuple(given["alertTypes"]),
            log_types=tuple(given.get("logTypes") or ()),
            allow_manual_dispatch=bool(given.get("allowManualDispatch")),
        )

    def _row(self, found: Destination) -> dict[str, object]:
        """Return a destination as answers show it: secrets redacted, no alert types = all of them."""
        return {
            "outputId": found.id,
            "outputType": found.output_type,
            "displayName": found.display_name,
            "outputConfig": found.redacted(),
            "defaultForSeverity": list(found.severities),
            "alertTypes": list(found.alert_types or self.alert_types),
            "verificationStatus": "NOT_STARTED",
            "createdBy": found.created_by,
            "creationTime": found.created_at,
            "lastModifiedBy": found.modified_by,
            "lastModifiedTime": found.modified_at,
            "logTypes": list(found.log_types),
            "allowManualDispatch": found.allow_manual_dispatch,
        }


@lru_cache(maxsize=64)
def _operations(query: str) -> tuple[str, ...]:
    try:
        definitions = parse(query).definitions
    except GraphQLError:
        return ()
    operations = [each for each in definitions if isinstance(each, OperationDefinitionNode)]
    return tuple(f"{each.operation.value} {' '.join(_fields(each))}" for each in operations)


def _fields(operation: OperationDefinitionNode) -> Iterator[str]:
    """Yield the names of the fields at the root; what a fragment would bring in is its name."""
    for each in operation.selection_set.selections:
        yield each.name.value if isinstance(each, FieldNode) else "..."
