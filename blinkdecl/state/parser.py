"""From parsed JSON to a `State`, every field checked: what a checksum cannot say about a file. Pure.

A file with a right checksum and a wrong shape comes from another program or from a bug: refused, with its place.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from itertools import product
from typing import Any, NoReturn, TypeVar

from blinkdecl.model.resource import DEFAULTS, NAME_PATTERN, SecretReference
from blinkdecl.model.state import Intent, LastTest, ProjectRecord, Recorded, RecordedSecret, State

_T = TypeVar("_T")
_NULL, _TEXT = type(None), frozenset((str,))
# One match tells both whether it is an address and of which kind.
_ADDRESS = re.compile(rf"({'|'.join(DEFAULTS)})\.{NAME_PATTERN.strip('^$')}")
# Version 1 knows no slow fingerprints.
_FINGERPRINTS = {1: re.compile(r"([0-9a-f]{16})?"), 2: re.compile(r"((scrypt:)?[0-9a-f]{16})?")}
_SALT = re.compile(r"([0-9a-f]{2})+")


class WrongShape(ValueError):
    """The content does not match the format; the text names the place, never a value."""


class _Fields:
    """The fields of a JSON object with the types of each. One look at all types together keeps large states quick."""

    def __init__(self, types: Mapping[str, tuple[type, ...]]) -> None:
        self._types = types
        self._names = tuple(types)
        self._signatures = frozenset(product(*types.values()))

    def read(self, given: Any) -> tuple[Any, ...]:  # noqa: ANN401 - JSON, checked here
        """Return the values in the order of the fields; raises `WrongShape` unless there are exactly these fields."""
        if type(given) is not dict:
            raise WrongShape("not an object")
        if tuple(given) != self._names:
            if given.keys() != self._types.keys():
                raise WrongShape("a field is missing or unknown")
            given = {name: given[name] for name in self._names}
        values = tuple(given.values())
        if tuple(map(type, values)) not in self._signatures:
            wrong = (name for name in self._names if type(given[name]) not in self._types[name])
            raise WrongShape(f"{next(wrong)}: wrong type")
        return values


def _types_of(default: object) -> tuple[type, ...]:
    """Return the JSON types of an attribute, by its default: None stands for a text that may be missing."""
    if default is None:
        return (str, _NULL)
    return (list,) if isinstance(default, tuple) else (type(default),)


_HEAD: Mapping[str, tuple[type, ...]] = {
    "format_version": (int,),
    "checksum": (str,),
    "lineage": (str,),
    "serial": (int,),
    "environment": (str, _NULL),
    "provider_host": (str, _NULL),
    "salt": (str,),
}
# What no writer reaches, and every reader can still count with.
_MOST_VERSIONS, _MOST_SECONDS, _MOST_STATUS = 2**63, 1e9, 1000
_LISTS: Mapping[str, tuple[type, ...]] = {"resources": (list,), "pending": (list,)}
_STATE_1 = _Fields({**_HEAD, **_LISTS})
_STATE = _Fields({**_HEAD, "project": (dict, _NULL), **_LISTS})
_PROJECT = _Fields({"provider": (str,), "hosts": (list,), "webhook_hosts": (list,), "references": (dict,)})
_RECORDED = _Fields(
    {
        "address": (str,),
        "id": (str, _NULL),
        "attributes": (dict,),
        "secrets": (dict,),
        "prevent_destroy": (bool,),
        "last_test": (dict, _NULL),
    }
)
_ATTRIBUTES = {
    kind: _Fields({name: _types_of(default) for name, default in defaults.items()})
    for kind, defaults in DEFAULTS.items()
}
_SETS = {
    kind: tuple(name for name, default in defaults.items() if isinstance(default, tuple))
    for kind, defaults in DEFAULTS.items()
}
_SECRET = _Fields({"reference": (dict,), "fingerprint": (str,)})
_LAST_TEST = _Fields({"at": (str,), "delivered": (bool,), "status": (int, _NULL), "latency": (int, float)})
_INTENT = _Fields(
    {"address": (str,), "operation": (str,), "display_name": (str,), "run_id": (str,), "before_ids": (list,)}
)


def refuse_constant(constant: str) -> NoReturn:
    """Refuse NaN and Infinity, which Python's parser would take and JSON does not know."""
    raise WrongShape(f"{constant} is not a number")


def read_state(given: object) -> State:
    """Return the state that a parsed file stands for; raises `WrongShape`, or a TypeError for impossible values."""
    project = None
    if isinstance(given, dict) and given.get("format_version") == 1:
        version, _, lineage, serial, environment, host, salt, resources, pending = _STATE_1.read(given)
    else:
        version, _, lineage, serial, environment, host, salt, project, resources, pending = _STATE.read(given)
    if not 0 <= serial < _MOST_VERSIONS or not _SALT.fullmatch(salt):
        raise WrongShape("serial or salt: does not match the format")
    recorded = _by_address("resources", resources, _Reader(_FINGERPRINTS[version]).recorded)
    intents = _by_address("pending", pending, _intent)
    return State(lineage, salt, serial, environment, host, recorded, intents, _project(project))


def _project(given: object) -> ProjectRecord | None:
    if given is None:
        return None
    provider, hosts, webhook_hosts, references = _PROJECT.read(given)
    found = {place: _reference(reference) for place, reference in references.items()}
    return ProjectRecord(provider, _texts(hosts), _texts(webhook_hosts), found)


def _by_address(name: str, items: Iterable[Any], read: Callable[[Any], tuple[str, _T]]) -> dict[str, _T]:
    found: dict[str, _T] = {}
    for number, item in enumerate(items):
        try:
            address, value = read(item)
            if address in found:
                raise WrongShape("its address occurs twice")
        except WrongShape as problem:
            raise WrongShape(f"{name}[{number}]: {problem}") from None
        found[address] = value
    return found


class _Reader:
    """Reads records. Equal sets and secrets are kept once: thousands of records share a few dozen of them."""

    def __init__(self, fingerprint: re.Pattern[str]) -> None:
        self._fingerprint = fingerprint
        self._sets: dict[tuple[str, ...], tuple[str, ...]] = {}
        self._secrets: dict[tuple[str, ...], RecordedSecret] = {}

    def recorded(self, item: object) -> tuple[str, Recorded]:
        address, object_id, attributes, secrets, prevent_destroy, last_test = _RECORDED.read(item)
        kind = _kind(address)
        _ATTRIBUTES[kind].read(attributes)
        for name in _SETS[kind]:
            attributes[name] = self._set(attributes[name])
        if secrets:
            secrets = {name: self._secret(held) for name, held in secrets.items()}
        return address, Recorded(address, object_id, attributes, secrets, prevent_destroy, _last_test(last_test))

    def _set(self, values: list[Any]) -> tuple[str, ...]:
        found = tuple(values)
        known = self._sets.get(found)
        if known is None:
            known = self._sets[found] = _texts(values)
        return known

    def _secret(self, given: object) -> RecordedSecret:
        reference, fingerprint = _SECRET.read(given)
        words = (fingerprint, *reference, *reference.values())
        is_text = _TEXT.issuperset(map(type, words))  # the words of a command are a list
        known = self._secrets.get(words) if is_text else None
        if known is None:
            if not self._fingerprint.fullmatch(fingerprint):
                raise WrongShape("secrets: not a fingerprint (16 hex digits, or scrypt: and 16, or none)")
            known = RecordedSecret(_reference(reference), fingerprint)
            if is_text:
                self._secrets[words] = known
        return known


def _kind(address: str) -> str:
    match = _ADDRESS.fullmatch(address)
    if match is None:
        raise WrongShape("its address is not an address")
    return match[1]


def _reference(given: object) -> SecretReference:
    if type(given) is not dict or len(given) != 1:
        raise WrongShape("reference: none of env, file, command")
    [(source, argument)] = given.items()
    if type(argument) is list and source == "command" and argument:
        return SecretReference("command", _texts(argument))
    if type(argument) is not str or source not in ("env", "file"):
        raise WrongShape("reference: none of env, file, command")
    return SecretReference(source, argument)


def _last_test(given: object) -> LastTest | None:
    if given is None:
        return None
    at, delivered, status, latency = _LAST_TEST.read(given)
    # In JSON 1e400 is a number as well, and one that cannot be written again.
    if not (0 <= latency < _MOST_SECONDS and (status is None or 0 <= status < _MOST_STATUS)):
        raise WrongShape("last_test: a number is out of range")
    try:
        zone = datetime.fromisoformat(at).tzinfo
    except ValueError:
        zone = None
    if zone is None:
        raise WrongShape("last_test: at is not a time with its zone")
    return LastTest(at, delivered, status, latency)


def _intent(item: object) -> tuple[str, Intent]:
    address, operation, display_name, run_id, before_ids = _INTENT.read(item)
    _kind(address)
    if operation not in ("create", "update", "delete"):
        raise WrongShape("operation: none of create, update, delete")
    return address, Intent(operation, display_name, run_id, _texts(before_ids))


def _texts(values: list[Any]) -> tuple[str, ...]:
    if not all(type(value) is str for value in values):
        raise WrongShape("a list holds something other than strings")
    return tuple(values)
