"""Errors of a JSON Schema validator as sentences of ours: what, the value only where it cannot be a secret, what to do.

Each sentence is built from the schema: its `title` is the noun, its `description` and `examples` are the help.
Pure: an error is whatever has the attributes of jsonschema's ``ValidationError``.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from blinkdecl.config.document.finding import (
    MERGE,
    REFERENCE_KEYS,
    REFUSED,
    Finding,
    Path,
    listed,
    named,
    remedy_note,
)
from blinkdecl.diagnostics import Suggestions, did_you_mean

# jsonschema's ValidationError; its one door is `blinkdecl.config.document.schema`.
_Error = Any
_TYPES = {
    "string": "a string",
    "object": "a mapping",
    "array": "a list",
    "boolean": "true or false",
    "integer": "a whole number",
    "number": "a number",
    "null": "nothing",
}
_YAML_TYPES = {str: "string", dict: "object", list: "array", bool: "boolean", int: "integer", float: "number"}
_BOUNDS = {
    "minimum": "at least",
    "maximum": "at most",
    "exclusiveMinimum": "more than",
    "exclusiveMaximum": "less than",
}
# YAML 1.1 read these as booleans, and many files still use them.
_BOOLEAN_WORDS = frozenset(("yes", "no", "on", "off", "y", "n"))
_LONGEST_QUOTE = 60
# What needs no quotes, whatever is around it; words such as `yes` are strings here.
_PLAIN = re.compile(r"[A-Za-z0-9_./][\w./:@*-]*(?: [\w./:@*-]+)*", re.ASCII)
# One word of a list, or several words that only a list can hold.
_WORDS = re.compile(r"[A-Za-z][\w.]*|[A-Z_]+(?:, ?[A-Z_]+)*", re.ASCII)


def sentences(error: _Error, path: Path, suggestions: Suggestions) -> Iterator[Finding]:
    """Yield the findings of one error at `path`."""
    if "propertyNames" in error.relative_schema_path and not isinstance(error.instance, dict):
        yield _name(error, path)
        return
    if (suggest := _SUGGESTING.get(error.validator)) is not None:
        yield from suggest(error, path, suggestions)
    elif (make := _MAKERS.get(error.validator)) is not None:
        yield from make(error, path)
    else:
        summary = f"{_noun(error.schema, path)} does not match the schema ({error.validator})"
        yield Finding("invalid-value", summary, path)


def quoted(value: object) -> str:
    """Return a value as messages show it: in quotes, not too long, a key in a URL masked."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        return str(value) if isinstance(value, int | float) else _TYPES[_type(value)]
    from blinkdecl.config.document.masking import BEFORE_SECRET, TOLD_SECRET  # where something is wrong alone

    shown = re.sub(r"\?.*|(?<=://)[^/]*@|apikey=.*", "***", value, flags=re.IGNORECASE)
    for pattern in (BEFORE_SECRET, TOLD_SECRET):
        if (before := pattern.search(shown)) is not None:
            shown = f"{shown[: before.end()]}***"
    return f'"{shown[:_LONGEST_QUOTE]}…"' if len(shown) > _LONGEST_QUOTE else f'"{shown}"'


def _unknown(error: _Error, path: Path, suggestions: Suggestions) -> Iterator[Finding]:
    known = list(error.schema.get("properties", ()))
    likely = [each for each in known if each not in error.instance] or known
    for key in error.instance:
        if key in known or error.instance[key] is REFUSED:
            continue
        meant = suggestions.meant("property", key, likely)
        if meant is None and set(known) == set(REFERENCE_KEYS):
            # Where a reference is expected, a key may be the secret itself.
            remedy = "a secret reference is {env: NAME}, {file: PATH} or {command: [...]}"
            yield Finding("unknown-property", "unknown property", (*path, key), on_key=True, notes=remedy_note(remedy))
            continue
        notes = () if meant else remedy_note(f"known here: {listed(known)}")
        label = did_you_mean(meant)
        summary = f"unknown property {named(key)}"
        yield Finding("unknown-property", summary, (*path, key), on_key=True, label=label, notes=notes)


def _missing(error: _Error, path: Path) -> Iterator[Finding]:
    for key in error.validator_value:
        if key not in error.instance and MERGE not in error.instance:
            example = next((each[key] for each in error.schema.get("examples", ()) if key in each), None)
            how = "for example" if path else "write, as its first line,"
            yield missing(key, path, f"{how} `{key}: {flow(example)}`" if example is not None else "")


def missing(key: str, path: Path, remedy: str) -> Finding:
    """Return the finding for a property that the mapping at `path` lacks; the `remedy` shows one."""
    notes = remedy_note(remedy) if remedy else ()
    return Finding("missing-property", f'missing property "{key}"', path, on_key=bool(path), notes=notes)


def flow(value: object) -> str:
    """Return an example of the schema's as YAML on one line."""
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key}: {flow(each)}' for key, each in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(flow, value))}]"
    plain = isinstance(value, str) and _PLAIN.fullmatch(value) and not re.search(r": |:$", value)
    return str(value) if plain else json.dumps(value, ensure_ascii=False)


def _wrong_type(error: _Error, path: Path) -> Iterator[Finding]:
    given, wanted = error.instance, error.validator_value
    if error.schema.get("writeOnly") and not isinstance(given, list) and given is not None:
        yield literal_secret(path)
        return
    wanted = [wanted] if isinstance(wanted, str) else wanted
    takes = " or ".join(_TYPES[each] for each in wanted)
    remedy = ""
    if isinstance(given, str) and "boolean" in wanted and given.lower() in _BOOLEAN_WORDS:
        remedy = "write true or false: yes, no, on and off are plain strings"
    elif "array" in wanted and isinstance(given, str):
        remedy = "put it in brackets: [...]"
        if path[-1] not in REFERENCE_KEYS and len(given) <= _LONGEST_QUOTE and given.isprintable():
            remedy = f"write [{given if _WORDS.fullmatch(given) else json.dumps(given, ensure_ascii=False)}]"
    elif isinstance(given, list) and "propertyNames" in error.schema:
        remedy = "these have names, which are keys: `NAME:` in place of `- `"
    elif isinstance(given, dict | list | str) and {"object", "array"}.intersection(wanted):
        examples = error.schema.get("examples")
        remedy = f"for example {flow(examples[0])}" if examples else ""
    elif "string" in wanted and isinstance(given, int):
        remedy = "put quotes around it"
    elif isinstance(given, dict) and error.schema.get("type") == "string":
        remedy = "quote the text if it begins with { or holds a ': '"
    notes = remedy_note(remedy) if remedy else ()
    summary = f"{_property(path)} takes {takes}, not {_TYPES[_type(given)]}"
    summary = f"{_property(path)} is empty; it takes {takes}" if given is None else summary
    yield Finding("wrong-type", summary, path, notes=notes)


def literal_secret(path: Path, summary: str = "the file contains a secret") -> Finding:
    """Return the finding for a value that belongs in a secret store."""
    remedy = "name where it is: {env: NAME}, {file: PATH} or {command: [...]}; and rotate it, since it was written down"
    return Finding("literal-secret", summary, path, notes=remedy_note(remedy))


def _enum(error: _Error, path: Path, suggestions: Suggestions) -> Iterator[Finding]:
    known = [str(each) for each in error.validator_value if isinstance(each, str)]
    given = error.instance
    label = did_you_mean(suggestions.meant("value", given, known) if isinstance(given, str) else None)
    summary = f"{_shown(error.instance, path)} is not {_noun(error.schema, path)}"
    yield Finding("invalid-value", summary, path, label=label, notes=remedy_note(f"one of {', '.join(known)}"))


def _const(error: _Error, path: Path) -> Iterator[Finding]:
    title = str(error.schema.get("title", "value")).lower()
    summary, known = f"{_shown(error.instance, path)} is not a known {title}", quoted(error.validator_value)
    remedy = f"write {known}, without quotes" if error.instance == known else f"this version knows {known}"
    yield Finding("invalid-value", summary, path, notes=remedy_note(remedy))


def _pattern(error: _Error, path: Path) -> Iterator[Finding]:
    noun = _noun(error.schema, path)
    # A key may be where the name of its variable belongs.
    shown = "this" if path[-1:] == ("env",) else _shown(error.instance, path)
    summary = f"{shown} is not {noun}"
    yield Finding("invalid-value", summary, path, notes=_help(error.schema))


def _bound(error: _Error, path: Path) -> Iterator[Finding]:
    bound = f"{_BOUNDS[error.validator]} {error.validator_value}"
    yield Finding("invalid-value", f"{_property(path)} is {bound}, not {_shown(error.instance, path)}", path)


def _length(error: _Error, path: Path) -> Iterator[Finding]:
    keys = set(error.schema.get("properties", ()))
    if keys == set(REFERENCE_KEYS):
        if not error.instance.keys() - keys:  # an unknown key is reported as such
            yield Finding("invalid-value", "a secret reference names exactly one of env, file and command", path)
        return
    few = error.validator.startswith("min")
    summary = f"{_property(path)} is empty" if few else f"{_property(path)} is too long"
    yield Finding("invalid-value", summary, path, notes=_help(error.schema))


def _unique(error: _Error, path: Path) -> Iterator[Finding]:
    del error
    yield Finding("invalid-value", f"{_property(path)} contains a value twice", path)


def _name(error: _Error, path: Path) -> Finding:
    summary = f"{quoted(error.instance)} is not a name"
    return Finding("invalid-name", summary, (*path, error.instance), on_key=True, notes=_help(error.schema), at=False)


def _help(schema: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    examples = [each for each in schema.get("examples", ()) if isinstance(each, str)]
    text = str(schema.get("description", "")).rstrip(".")
    text = text[:1].lower() + text[1:] if text[1:2].islower() or text[1:2] == " " else text
    return remedy_note(f"{text}; for example {', '.join(examples)}" if examples else text) if text else ()


def _noun(schema: Mapping[str, Any], path: Path) -> str:
    title = str(schema.get("title") or (path[-1] if path else "value"))
    lower = title[:1].lower() + title[1:] if title[1:2].islower() or title[1:2] == " " else title
    return f"{'an' if title[:1].lower() in 'aeiou' else 'a'} {lower}"


def _shown(value: object, path: Path) -> str:
    from blinkdecl.config.document.masking import is_secret_key

    return "this" if any(isinstance(part, str) and is_secret_key(part) for part in path[2:]) else quoted(value)


def _property(path: Path) -> str:
    named = [part for part in path if isinstance(part, str)]
    if not named:
        return "the document"
    return f'an item of "{named[-1]}"' if isinstance(path[-1], int) else f'"{named[-1]}"'


def _type(value: object) -> str:
    return _YAML_TYPES.get(type(value), "null")


_SUGGESTING: Mapping[str, Callable[[Any, Path, Suggestions], Iterator[Finding]]] = {
    "additionalProperties": _unknown,
    "enum": _enum,
}
_MAKERS: Mapping[str, Callable[[Any, Path], Iterator[Finding]]] = {
    "required": _missing,
    "type": _wrong_type,
    "const": _const,
    "pattern": _pattern,
    **dict.fromkeys(_BOUNDS, _bound),
    **dict.fromkeys(("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"), _length),
    "uniqueItems": _unique,
}
