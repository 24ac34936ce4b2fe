"""The shape of documents: JSON Schema, and each of its errors as a sentence of ours. The only door to jsonschema.

Two validators read the same schema. jsonschema-rs only says whether a document is valid: 10,000 destinations
in 7 ms, where jsonschema takes a second and 80 ms more to be imported. jsonschema explains what jsonschema-rs did not
accept, and has the last word. Its messages hold the value that is wrong, which may be a secret: they are never used.
"""

import json
import re
from functools import cache
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any, NoReturn

from blinkdecl.config.document.finding import REFUSED, Finding, Path
from blinkdecl.config.document.schema_errors import sentences
from blinkdecl.diagnostics import Suggestions

if TYPE_CHECKING:
    from collections.abc import Iterator

    import jsonschema_rs
    from jsonschema import ValidationError

SCHEMA_NAMES = ("config", "plan", "state", "results", "alert", "routes", "alerts")
# What files of the configuration are checked against.
PROJECT, INCLUDED, ENVIRONMENT = "config", "config#included_file", "config#environment_file"
_PACKAGE = FilePath(__file__).parents[2]
# Inside the package if it was installed from a wheel, beside it in a checkout.
_SCHEMA_FOLDERS = (_PACKAGE / "schemas", _PACKAGE.parent / "schemas")
# Of several errors at one place only the first in this order is reported.
_ORDER = ("type", "const", "enum", "pattern", "required", "additionalProperties")
# Each error takes its time to be explained; nobody reads so many.
MOST_FINDINGS = 1000
# Characters; some patterns take quadratic time, and nothing that fits one is so long.
_LONGEST_MATCHED = 10_000
# Where this key of a mapping has an unknown value, its other keys cannot be judged.
_DISCRIMINATORS = (("provider", "type"), ("state", "backend"))
# An escape, a character class, or the `$` that is meant.
_DOLLAR = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]|\$")


def check(document: object, name: str, suggestions: Suggestions | None = None) -> tuple[Finding, ...]:
    """Return what is wrong with the shape of a document; `name` is PROJECT, INCLUDED, ENVIRONMENT or a schema's.

    From `MOST_FINDINGS` on, there may be more that is wrong.
    """
    if accepted(document, name):
        return ()
    suggestions = suggestions or Suggestions()
    found: dict[Path, tuple[int, list[Finding]]] = {}
    for error in explainer(name).iter_errors(document):
        path: Path = tuple(error.absolute_path)
        if error.instance is REFUSED:
            continue
        rank = _ORDER.index(error.validator) if error.validator in _ORDER else len(_ORDER)
        for finding in sentences(error, path, suggestions):
            known = found.get(finding.path)
            if known is None or rank < known[0]:
                found[finding.path] = rank, [finding]
            elif rank == known[0] and finding not in known[1]:
                known[1].append(finding)
        if len(found) >= MOST_FINDINGS:
            break
    if not found and not _is_marked(document):
        # The validators contradict each other: what one refused is not let through unseen.
        return (Finding("invalid-value", "the document does not match its schema", ()),)
    below = [path[:-1] for path in found if path in _DISCRIMINATORS]
    kept = [each for path, (_, each) in found.items() if path in _DISCRIMINATORS or path[:-1] not in below]
    return tuple(finding for each in kept for finding in each)


def validate_document(name: str, document: object) -> list[str]:
    """Return what keeps a JSON document from fitting ``schemas/<name>.schema.json``; no text quotes a secret."""
    return [f"{_pointer(each.path)}: {each.summary}" for each in check(document, name)]


def accepted(document: object, name: str) -> bool:
    """Whether a document is certainly valid."""
    try:
        return _gate(name).is_valid(document)
    except (ValueError, TypeError, RecursionError):  # it holds what JSON does not, `REFUSED` for one
        return False


@cache
def explainer(name: str) -> Any:  # noqa: ANN401 - a class that jsonschema makes
    """Return the validator that says what is wrong."""
    from jsonschema import Draft202012Validator
    from jsonschema.validators import extend
    from referencing import Registry

    # An empty registry: a reference that leads out of the schema is an error, never a download.
    validator: Any = extend  # untyped
    keywords = {"pattern": _pattern, "additionalProperties": _additional}
    return validator(Draft202012Validator, keywords)(_part(name), registry=Registry())


@cache
def schema(name: str) -> dict[str, Any]:
    """Return a schema as data."""
    loaded: dict[str, Any] = json.loads(schema_text(name))
    return loaded


@cache
def schema_text(name: str) -> str:
    """Return the text of ``schemas/<name>.schema.json``; `name` is one of `SCHEMA_NAMES`."""
    if name not in SCHEMA_NAMES:
        raise KeyError(name)
    folder = next(each for each in _SCHEMA_FOLDERS if each.is_dir())
    return (folder / f"{name}.schema.json").read_text(encoding="utf-8")


@cache
def _gate(name: str) -> "jsonschema_rs.Draft202012Validator":
    import jsonschema_rs

    return jsonschema_rs.Draft202012Validator(_part(name), retriever=_nothing_is_fetched)


def _nothing_is_fetched(uri: str) -> NoReturn:
    """Refuse to follow a reference that leads out of a schema: `$id` is a name, and no page is asked for."""
    raise LookupError(uri)


def _pattern(validator: object, pattern: str, instance: object, schema_: object) -> "Iterator[ValidationError]":
    """Check a pattern the way JSON Schema means it: `$` is the end, not also the place before a last newline."""
    from jsonschema import ValidationError

    del validator, schema_
    if isinstance(instance, str) and (len(instance) > _LONGEST_MATCHED or not _compiled(pattern).search(instance)):
        yield ValidationError("no match")


def _additional(validator: Any, rest: object, instance: object, schema_: dict[str, Any]) -> "Iterator[ValidationError]":  # noqa: ANN401 - jsonschema's
    """Check the other keys in the order of the file: jsonschema takes them in another one each time it runs."""
    from jsonschema import Draft202012Validator

    if not isinstance(rest, dict) or not isinstance(instance, dict) or "patternProperties" in schema_:
        yield from Draft202012Validator.VALIDATORS["additionalProperties"](validator, rest, instance, schema_)
        return
    for name in instance:
        if name not in schema_.get("properties", ()):
            yield from validator.descend(instance[name], rest, path=name)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(_DOLLAR.sub(lambda found: r"\Z" if found[0] == "$" else found[0], pattern))


def _part(name: str) -> dict[str, Any]:
    base, _, definition = name.partition("#")
    content = schema(base)
    return {"$ref": f"#/$defs/{definition}", "$defs": content["$defs"]} if definition else content


def _is_marked(value: object) -> bool:
    """Whether something in the data was refused, and reported, before."""
    if isinstance(value, dict | list):
        return any(map(_is_marked, value.values() if isinstance(value, dict) else value))
    return value is REFUSED


def _pointer(path: Path) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".") or "(top)"
