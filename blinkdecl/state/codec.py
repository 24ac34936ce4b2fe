"""The format of the state: a `State` to bytes and back. Pure; every backend stores exactly these bytes.

    {
      "format_version": 2,             always first, so that every version recognises a newer one
      "checksum": "64 hex digits",     SHA-256 of the file without these digits: any flipped byte is detected
      "lineage", "serial", "environment", "provider_host", "salt"
      "project": {"provider", "hosts", "webhook_hosts", "references"}     null where nothing was applied yet
      "resources": [                   one per line, by address: a change shows as one line of a diff
        {"address", "id", "attributes", "secrets", "prevent_destroy", "last_test"}
      ],
      "pending": [
        {"address", "operation", "display_name", "run_id", "before_ids"}
      ]
    }

The file is ASCII, so no name in it can steer a terminal, and has no ``##``, with which a CI system's commands begin,
when `state pull` prints it there. Fields that this version does not know are refused
rather than kept: it could neither show them nor know when they are outdated, and dropping them would lose them
silently. Whoever adds a field raises the version. `schemas/state.schema.json` says the same for other programs.

Version 1 has no `project`, and the quick fingerprint of every secret, weak or not. It is read as it is, and written as
version 2 with the next write. What a later version changes is migrated in `decode`, between the checksum and
`read_state`.
"""

import hashlib
import json
import re
from collections.abc import Iterable

from blinkdecl.diagnostics import error
from blinkdecl.model.resource import DEFAULTS, Attributes, kind_of
from blinkdecl.model.state import Intent, ProjectRecord, Recorded, State
from blinkdecl.state.interface import NO_WAY_OUT, WayOut
from blinkdecl.state.parser import WrongShape, read_state, refuse_constant

FORMAT_VERSION = 2

_STARTS = tuple(
    f'{{\n  "format_version": {version},\n  "checksum": "'.encode() for version in range(1, FORMAT_VERSION + 1)
)
_START = _STARTS[-1]
_DIGITS = 64
_VERSION = re.compile(rb'\{\s*"format_version":\s*(\d{1,18})\s*,')
_ENCODER = json.JSONEncoder(separators=(", ", ": "), check_circular=False, allow_nan=False)


def encode(state: State) -> bytes:
    """Return the bytes that stand for `state`: equal states give equal bytes."""
    return _sealed(state, FORMAT_VERSION)


def decode(data: bytes, where: str, way: WayOut = NO_WAY_OUT) -> State:
    """Return the state that `data`, read from `where`, stands for; raises ``invalid-state`` or ``newer-state``.

    `way` says what can be done there about a state that is damaged.
    """
    _refuse_newer(data, where)
    start = next((each for each in _STARTS if data.startswith(each)), None)
    if start is None:
        reason = "it does not start like a state"
    elif data[len(start) : len(start) + _DIGITS] != _checksum(start, data[len(start) + _DIGITS :]):
        reason = "it is truncated or altered: its checksum is wrong"
    else:
        try:
            return read_state(json.loads(data.decode("ascii"), parse_constant=refuse_constant))
        except (KeyError, TypeError, ValueError, RecursionError) as problem:
            reason = str(problem) if isinstance(problem, WrongShape) else "its content does not match the format"
    from blinkdecl.state.damage import damaged  # only ever needed on the way to an error
    from blinkdecl.system.contents import text_of

    _refuse_newer((text_of(data) or "").encode(errors="replace"), where)
    raise damaged(data, where, reason, way, whole=restored(data) is not None)


def begins_as_state(beginning: bytes) -> bool:
    """Whether a file begins as a state of any version does, damaged or not."""
    return _VERSION.match(beginning) is not None


def restored(data: bytes) -> State | None:
    """Return the state in a file that an editor, a formatter or Git wrote anew; None unless it is whole.

    That is so where its content, written as `encode` does, has the checksum that the file names.
    """
    from blinkdecl.system.contents import text_of

    try:
        document = json.loads(text_of(data) or "", parse_constant=refuse_constant)
        state = read_state(document)
        seal = _sealed(state, document["format_version"])[len(_START) : len(_START) + _DIGITS]
    except (KeyError, TypeError, ValueError, RecursionError, IndexError):
        return None
    return state if document["checksum"] == seal.decode() else None


def _refuse_newer(data: bytes, where: str) -> None:
    version = _VERSION.match(data)
    if version and int(version[1]) > FORMAT_VERSION:
        note = f"{where} has format version {int(version[1])}, this blinkdecl knows up to {FORMAT_VERSION}"
        remedy = "use the version of blinkdecl that wrote it, or a newer one"
        raise error("newer-state", "the state was written by a newer blinkdecl", note=note, remedy=remedy)


def _sealed(state: State, version: int) -> bytes:
    """Return the bytes that stand for a state in a version of the format."""
    project = f',\n  "project": {_to_json(_project_to_json(state.project))}' if version > 1 else ""
    head = (
        f'  "lineage": {_to_json(state.lineage)},\n  "serial": {state.serial},\n'
        f'  "environment": {_to_json(state.environment)},\n  "provider_host": {_to_json(state.provider_host)},\n'
        f'  "salt": {_to_json(state.salt)}{project},\n'
    )
    resources = _lines(_recorded_to_json(state.resources[address]) for address in sorted(state.resources))
    pending = _lines(_intent_to_json(address, state.pending[address]) for address in sorted(state.pending))
    start = _STARTS[version - 1]
    rest = f'",\n{head}  "resources": [{resources}],\n  "pending": [{pending}]\n}}\n'.encode("ascii")
    return b"".join((start, _checksum(start, rest), rest))


def _to_json(value: object) -> str:
    return _ENCODER.encode(value).replace("##", r"#\u0023")


def _checksum(start: bytes, rest: bytes) -> bytes:
    digest = hashlib.sha256(start)
    digest.update(rest)
    return digest.hexdigest().encode()


def _lines(items: Iterable[object]) -> str:
    lines = ",\n    ".join(map(_to_json, items))
    return f"\n    {lines}\n  " if lines else ""


def _project_to_json(project: ProjectRecord | None) -> dict[str, object] | None:
    if project is None:
        return None
    return {
        "provider": project.provider,
        "hosts": project.hosts,
        "webhook_hosts": project.webhook_hosts,
        "references": {
            place: {reference.source: reference.argument} for place, reference in sorted(project.references.items())
        },
    }


def _recorded_to_json(recorded: Recorded) -> dict[str, object]:
    last = recorded.last_test
    return {
        "address": recorded.address,
        "id": recorded.id,
        "attributes": _in_order(recorded.address, recorded.attributes),
        "secrets": {
            name: {"reference": {held.reference.source: held.reference.argument}, "fingerprint": held.fingerprint}
            for name, held in sorted(recorded.secrets.items())
        },
        "prevent_destroy": recorded.prevent_destroy,
        "last_test": last
        and {"at": last.at, "delivered": last.delivered, "status": last.status, "latency": last.latency},
    }


def _in_order(address: str, attributes: Attributes) -> dict[str, object]:
    """Return the attributes in the order of their kind; what `decode` would refuse must never be written."""
    names = DEFAULTS[kind_of(address)]
    if len(attributes) != len(names):
        raise ValueError(f"{address}: a record has exactly the attributes of its kind")
    return {name: attributes[name] for name in names}


def _intent_to_json(address: str, intent: Intent) -> dict[str, object]:
    return {
        "address": address,
        "operation": intent.operation,
        "display_name": intent.display_name,
        "run_id": intent.run_id,
        "before_ids": intent.before_ids,
    }
