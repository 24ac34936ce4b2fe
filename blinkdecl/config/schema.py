"""The shape of documents: JSON Schema, and each of its errors as a sentence of ours. The only door to jsonschema.

Two validators read the same schema. jsonschema-rs only says whether a document is as it should be: 10,000 destinations
in 7 ms, where jsonschema takes a second and 80 ms more to be imported. jsonschema explains what jsonschema-rs did not
accept, and has the last word. Its messages hold the value that is wrong, which may be a secret: they are never used.
"""

import json
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING, Any

from blinkdecl.config.finding import REFUSED, Finding, Path
from blinkdecl.config.sentences import sentences
from blinkdecl.config.shipped import schema_text

if TYPE_CHECKING:
    import jsonschema_rs
    from jsonschema import Draft202012Validator

# What files of the configuration are checked against.
PROJECT, INCLUDED, ENVIRONMENT = "config", "config#included_file", "config#environment_file"

# Of several errors at one place only the first in this order is told.
_ORDER = ("type", "const", "enum", "pattern", "required", "additionalProperties")
# Where this key of a mapping has an unknown value, its other keys cannot be judged.
_DISCRIMINATORS = (("provider", "type"), ("state", "backend"))


@cache
def schema(name: str) -> dict[str, Any]:
    """Return a schema as data."""
    loaded: dict[str, Any] = json.loads(schema_text(name))
    return loaded


def check(document: object, name: str) -> tuple[Finding, ...]:
    """Return what is wrong with the shape of a document; `name` is PROJECT, INCLUDED, ENVIRONMENT or a schema's."""
    if accepted(document, name):
        return ()
    found: dict[Path, tuple[int, list[Finding]]] = {}
    for error in _validator(name).iter_errors(document):
        path: Path = tuple(error.absolute_path)
        if error.instance is REFUSED:
            continue
        rank = _ORDER.index(error.validator) if error.validator in _ORDER else len(_ORDER)
        for finding in sentences(error, path):
            known = found.get(finding.path)
            if known is None or rank < known[0]:
                found[finding.path] = rank, [finding]
            elif rank == known[0] and finding not in known[1]:
                known[1].append(finding)
    below = [path[:-1] for path in found if path in _DISCRIMINATORS]
    kept = [each for path, (_, each) in found.items() if path in _DISCRIMINATORS or path[:-1] not in below]
    return tuple(finding for each in kept for finding in each)


def pruned(data: Any, findings: Iterable[Finding]) -> Any:  # noqa: ANN401 - YAML
    """Return the document without what is wrong, so that the rest can be checked and nothing is said twice."""
    result = _copied(data, keep=True)
    paths = {each.path for each in findings if each.code != "missing-property"}
    # Backwards, so that the index of an item still to go does not change.
    for path in sorted(paths, key=lambda each: [(isinstance(part, int), part) for part in each], reverse=True):
        holder = result
        try:
            for part in path[:-1]:
                holder = holder[part]
            del holder[path[-1]]
        except (KeyError, IndexError, TypeError):
            continue  # what holds it went already
    return _copied(result, keep=False)


def _copied(value: Any, *, keep: bool) -> Any:  # noqa: ANN401 - YAML
    """Return a copy of containers, with `REFUSED` or without."""
    if isinstance(value, dict):
        return {key: _copied(each, keep=keep) for key, each in value.items() if keep or each is not REFUSED}
    if isinstance(value, list):
        return [_copied(each, keep=keep) for each in value if keep or each is not REFUSED]
    return value


def validate_document(name: str, document: object) -> list[str]:
    """Return what keeps a JSON document from fitting ``schemas/<name>.schema.json``; no text quotes a secret."""
    return [f"{_pointer(each.path)}: {each.summary}" for each in check(document, name)]


def accepted(document: object, name: str) -> bool:
    """Whether a document is beyond doubt as its schema says."""
    try:
        return _gate(name).is_valid(document)
    except (ValueError, TypeError, RecursionError):  # it holds what JSON does not, `REFUSED` for one
        return False


@cache
def _gate(name: str) -> "jsonschema_rs.Draft202012Validator":
    import jsonschema_rs

    return jsonschema_rs.Draft202012Validator(_part(name))


@cache
def _validator(name: str) -> "Draft202012Validator":
    from jsonschema import Draft202012Validator
    from referencing import Registry

    # An empty registry: a reference that leads out of the schema is an error, never a download.
    return Draft202012Validator(_part(name), registry=Registry())


def _part(name: str) -> dict[str, Any]:
    base, _, definition = name.partition("#")
    content = schema(base)
    return {"$ref": f"#/$defs/{definition}", "$defs": content["$defs"]} if definition else content


def _pointer(path: Path) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".") or "(top)"
