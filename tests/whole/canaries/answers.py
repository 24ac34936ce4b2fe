"""Answers that are what was asked for, but for a secret in their texts: of Blink's API, and of Panther's alerts."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from blinkdecl.sandbox import BlinkFaults
from tests.whole.canaries.peers import Kind, Said

_SOUND = BlinkFaults()


@dataclass(frozen=True)
class Telling:
    """Which fields hold a secret, wherever they are in the answers of a peer; `faults` = what is wrong in Blink too."""

    kind: Kind
    fields: frozenset[str]
    faults: BlinkFaults = _SOUND


def _telling(kind: Kind, fields: str, faults: BlinkFaults = _SOUND) -> Telling:
    return Telling(kind, frozenset(fields.split()), faults)


TELLINGS: Mapping[str, Telling] = MappingProxyType(
    {
        "event": _telling("runs", "headers payload"),
        "reason": _telling("runs", "message error_code", BlinkFaults(fails=True)),
        "state": _telling("runs", "state state_ui"),
        "names": _telling("runs", "name display_name pack_name"),
        "ids": _telling("runs", "id playbook_id workspace_id"),
        "YAML": _telling("runs", "playbook"),
        "detections": _telling("panther", "id name displayName body"),
        "outputs": _telling("panther", "outputId outputIDs label message url"),
        "kinds": _telling("panther", "severity type status logTypes"),
        "times": _telling("panther", "createdAt dispatchedAt lastModified"),
        "pages": _telling("panther", "endCursor next pageInfo"),
    }
)


def told(said: Said, telling: Telling, text: Callable[[], str]) -> Said:
    """Return the answer with a secret in these fields, and in a header; one that is no JSON stays as it is."""
    try:
        document = json.loads(said.body)
    except ValueError:
        return said
    body = json.dumps(_with(document, telling.fields, text)).encode()
    return replace(said, body=body, headers={**said.headers, "X-Note": text()})


def _with(value: object, fields: frozenset[str], text: Callable[[], str]) -> object:
    """Return a value in which each text of these fields is another; objects and lists keep their form."""
    if isinstance(value, dict):
        return {
            name: _filled(each, text) if name in fields else _with(each, fields, text) for name, each in value.items()
        }
    return [_with(each, fields, text) for each in value] if isinstance(value, list) else value


def _filled(value: object, text: Callable[[], str]) -> object:
    if isinstance(value, dict):
        return {**{name: _filled(each, text) for name, each in value.items()}, "note": text()}
    if isinstance(value, list):
        return [*value, text()]
    return text() if isinstance(value, str) else value
