"""A saved plan, read back: the document that ``plan --out`` wrote becomes the value that apply and show take. Pure.

Whatever is odd is one ``invalid-plan`` failure. Whether the plan still holds is not decided here: apply plans again and
compares digests.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar, cast

from blinkdecl.diagnostics import Diagnostic, Excerpt, Failure, Position, error
from blinkdecl.model.configuration import Waiver
from blinkdecl.model.live import LiveObject
from blinkdecl.model.plan import (
    Action,
    Change,
    Difference,
    Drift,
    FirstStep,
    Options,
    Plan,
    PlannedAlerts,
    RoutingRow,
    SecretChange,
)
from blinkdecl.model.resource import DEFAULTS, Attributes, SecretReference, Value, kind_of
from blinkdecl.model.secret_values import NewValue, WithoutValue
from blinkdecl.model.state import RecordedSecret
from blinkdecl.render.view.parts import FORMAT_VERSION

T = TypeVar("T")
Node = Mapping[str, Any]


def plan_from_view(document: object) -> Plan:
    """Return the plan that `document` is the view of; raises a `Failure` (``invalid-plan``)."""
    try:
        return _plan(_node(document))
    except KeyError as problem:
        raise _invalid(f"{str(problem.args[0])[:80]} is missing or unknown") from None
    except (TypeError, ValueError, AttributeError) as problem:
        raise _invalid(str(problem)[:200]) from None


def _invalid(note: str) -> Failure:
    remedy = "make one with `blinkdecl plan --out plan.json`"
    return error("invalid-plan", "the file is not a readable plan", note=note, remedy=remedy)


def _plan(node: Node) -> Plan:
    version = _get(node, "format_version", str)
    if version != FORMAT_VERSION:
        raise ValueError(f"its format is {version!r}, this blinkdecl reads {FORMAT_VERSION!r}")
    if node["state"] is None:
        raise ValueError("it records a failed plan")
    state, options, summary = _node(node["state"]), _node(node["options"]), _node(node["summary"])
    return Plan(
        lineage=_get(state, "lineage", str),
        serial=_get(state, "serial", int),
        config_digest=_get(node, "config_digest", str),
        environment=_maybe(node, "environment", str),
        options=Options(
            targets=_texts(options["targets"]),
            excludes=_texts(options["excludes"]),
            allow_deletes=_maybe(options, "allow_deletes", int),
            allow_changes=_maybe(options, "allow_changes", int),
            accept_missing=_maybe(options, "accept_missing", int),
            destroy=_get(options, "destroy", bool),
        ),
        changes=_each(node["resource_changes"], _change),
        drift=_each(node["resource_drift"], _drift),
        unmanaged=_each(node["unmanaged"], _live),
        unmanaged_ignored=_get({"unmanaged_ignored": 0, **summary}, "unmanaged_ignored", int),
        routing=_each(node["routing"], _row),
        unverified=_each(node["unverified"], lambda each: (_get(each, "address", str), _texts(each["secrets"]))),
        without_value=_each(node.get("without_value", ()), _without_value),
        not_applied=_each(node["not_applied"], _new_value),
        unchanged=_get(node, "unchanged", int),
        test_alerts=PlannedAlerts(_get(summary, "tests_before", int), _get(summary, "tests_after", int)),
        diagnostics=_each(node["diagnostics"], _diagnostic),
        digest=_get(node, "digest", str),
        review_digest=_maybe({"review_digest": None, **node}, "review_digest", str) or "",
        offline=_get({"offline": False, **node}, "offline", bool),
        exposure=_texts(node["exposure"]),
        timestamp=_maybe(node, "timestamp", str) or "",
        provider=cast("Any", _one_of(node["provider"], "local", "panther", "console")),
        compared=cast("Any", _one_of(node["compared"], "live", "recorded")),
    )


def _change(node: Node) -> Change:
    address, sides = _get(node, "address", str), _node(node["change"])
    return Change(
        address=address,
        action=Action(_get(node, "action", str)),
        id=_maybe(node, "id", str),
        before=_side(address, sides["before"], sides["before_sensitive"]),
        after=_side(address, sides["after"], sides["after_sensitive"]),
        differences=_each(node["differences"], _difference),
        secrets=_each(node["secrets"], _secret),
        depends_on=_texts(node["depends_on"]),
        first=None if node["first"] is None else _first(_node(node["first"])),
        previous_address=_maybe(node, "previous_address", str) if "previous_address" in node else None,
        recorded_only=_get(node, "recorded_only", bool),
        awaiting=_get(node, "awaiting", bool),
        position=_position(node["position"]),
    )


def _first(node: Node) -> FirstStep:
    attributes = {name: _value(value) for name, value in _node(node["attributes"]).items()}
    return FirstStep(attributes, _texts(node["depends_on"]))


def _side(address: str, attributes: object, sensitive: object) -> Attributes | None:
    """Return the attributes without the nulls for secrets that are not attributes of the kind."""
    if attributes is None:
        return None
    known = DEFAULTS[kind_of(address)]
    hidden = {name for name in _node(sensitive) if name not in known}
    return {name: _value(value) for name, value in _node(attributes).items() if name not in hidden}


def _row(node: Node) -> RoutingRow:
    logs = node["log_types"]
    return RoutingRow(
        severities=_texts(node["severities"]),
        alert_types=_texts(node["alert_types"]),
        log_types=None if logs is None else _texts(logs),
        before=_texts(node["before"]),
        after=_texts(node["after"]),
        silent=_get(node, "silent", bool),
    )


def _difference(node: Node) -> Difference:
    return Difference(_get(node, "name", str), _value(node["before"]), _value(node["after"]))


def _secret(node: Node) -> SecretChange:
    status = _one_of(node["status"], "new", "same", "rotated", "unverified")
    before = None
    if node["recorded"] is not None:
        recorded = _node(node["recorded"])
        before = RecordedSecret(_reference(recorded["reference"]), _get(recorded, "fingerprint", str))
    return SecretChange(_get(node, "name", str), _reference(node["reference"]), cast("Any", status), before)


def _reference(value: object) -> SecretReference:
    ((source, argument),) = _node(value).items()
    _one_of(source, "env", "file", "command")
    if source == "command":
        return SecretReference("command", _texts(argument))
    return SecretReference(cast("Any", source), _kind(argument, str))


def _new_value(node: Node) -> NewValue:
    return NewValue(_get(node, "address", str), _get(node, "secret", str), _reference(node["reference"]))


def _without_value(node: Node) -> WithoutValue:
    return WithoutValue(
        _reference(node["reference"]),
        _get(node, "name", str),
        _get(node, "reason", str),
        _texts(node["addresses"]),
        _position(node["position"]),
    )


def _drift(node: Node) -> Drift:
    return Drift(
        address=_get(node, "address", str),
        kind=cast("Any", _one_of(node["kind"], "changed", "deleted")),
        differences=_each(node["differences"], _difference),
        by=_maybe(node, "by", str),
        at=_maybe(node, "at", str),
        waiver=_waiver(_get(node, "address", str), node["waiver"]),
        waived=_get(node, "waived", bool),
        position=_position(node["position"]),
    )


def _waiver(address: str, value: object) -> Waiver | None:
    if value is None:
        return None
    node = _node(value)
    return Waiver(address, _get(node, "until", str), _texts(node["attributes"]), _get(node, "reason", str))


def _live(node: Node) -> LiveObject:
    attributes = {name: _value(value) for name, value in _node(node["attributes"]).items()}
    return LiveObject(
        _get(node, "id", str),
        attributes,
        _maybe(node, "modified_by", str),
        _maybe(node, "modified_at", str),
        _maybe(node, "created_by", str),
        _maybe(node, "created_at", str),
        hidden=_texts(node["hidden"]),
        kind=_get(node, "kind", str),
        webhook_host=_maybe(node, "webhook_host", str),
    )


def _diagnostic(node: Node) -> Diagnostic:
    excerpt = None
    if node["excerpt"] is not None:
        cut = _node(node["excerpt"])
        lines = _each(cut["lines"], lambda each: (_get(each, "number", int), _get(each, "text", str)))
        excerpt = Excerpt(lines, _get(cut, "width", int), _get(cut, "label", str))
    return Diagnostic(
        code=_get(node, "code", str),
        summary=_get(node, "summary", str),
        severity=cast("Any", _one_of(node["severity"], "error", "warning")),
        position=_position(node["position"]),
        excerpt=excerpt,
        notes=_each(node["notes"], lambda each: (_get(each, "label", str), _get(each, "text", str))),
    )


def _position(value: object) -> Position | None:
    if value is None:
        return None
    node = _node(value)
    return Position(_get(node, "file", str), _get(node, "line", int), _get(node, "column", int))


def _value(value: object) -> Value:
    if isinstance(value, list):
        return _texts(value)
    if value is None or isinstance(value, str | bool | int):
        return value
    raise TypeError("an attribute is not text, a number, true, false, null or a list")


def _kind(value: object, kind: type[T]) -> T:
    # To Python a bool is an int; to JSON it is not.
    if isinstance(value, kind) and isinstance(value, bool) == (kind is bool):
        return value
    raise TypeError(f"a {kind.__name__} was expected, not a {type(value).__name__}")


def _node(value: object) -> Node:
    return {} if value is False else cast("Node", _kind(value, dict))


def _get(node: Node, key: str, kind: type[T]) -> T:
    return _kind(node[key], kind)


def _maybe(node: Node, key: str, kind: type[T]) -> T | None:
    return None if node[key] is None else _kind(node[key], kind)


def _texts(value: object) -> tuple[str, ...]:
    return tuple(_kind(each, str) for each in _kind(value, list))


def _each(value: object, read: Callable[[Node], T]) -> tuple[T, ...]:
    return tuple(read(_node(each)) for each in _kind(value, list))


def _one_of(value: object, *allowed: str) -> str:
    if value not in allowed:
        raise ValueError(f"one of {', '.join(allowed)} was expected")
    return str(value)
