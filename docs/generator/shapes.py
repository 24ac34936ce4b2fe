"""The parts of a JSON Schema: which are mappings with properties of their own, and what each takes, in words."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from docs.generator.markdown import code

Part = Mapping[str, Any]
# A pattern that is longer says less than the description.
_LONGEST_PATTERN = 50
_BOUNDS = {"minimum": "from {}", "maximum": "up to {}", "maxItems": "at most {}"}


@dataclass(frozen=True, slots=True)
class Shape:
    """A mapping that the schema describes: `key` is its definition, or where it stands if it has none."""

    key: str
    heading: str
    part: Part


def merged(schema: Part, part: Part) -> Part:
    """Return a part with what it refers to; what the part says itself comes first."""
    while "$ref" in part:
        name = part["$ref"].rpartition("/")[2]
        part = {**schema["$defs"][name], **{key: each for key, each in part.items() if key != "$ref"}}
        part = {**part, "$ref": ref} if (ref := schema["$defs"][name].get("$ref")) else part
    return part


def definition(schema: Part, part: Part) -> str:
    """Return the name of the definition that a part leads to in the end, "" for one that is written out."""
    name = ""
    while "$ref" in part:
        name = part["$ref"].rpartition("/")[2]
        part = schema["$defs"][name]
    return name


def below(part: Part) -> Iterator[tuple[str, Part]]:
    """Yield what a merged part holds that is not called by a name of the schema's: how it is written, and its part."""
    if "items" in part:
        yield "[]", part["items"]
    if isinstance(part.get("additionalProperties"), Mapping):
        yield ".NAME", part["additionalProperties"]


def shapes(schema: Part, part: Part, path: str, headings: Mapping[str, str]) -> Iterator[Shape]:
    """Yield the mapping at `path`, then those in it, from the outside in; `headings` are those of definitions.

    What several places share is yielded for each of them.
    """
    whole, key = merged(schema, part), definition(schema, part) or path
    if "properties" in whole:
        shared = merged(schema, schema["$defs"][key]) if key in schema["$defs"] else whole
        yield Shape(key, headings.get(key, path), shared)
    for name, each in whole.get("properties", {}).items():
        yield from shapes(schema, each, f"{path}.{name}" if path else name, headings)
    for suffix, each in below(whole):
        yield from shapes(schema, each, f"{path}{suffix}", headings)


def takes(schema: Part, part: Part, path: str, linked: Callable[[str, str], str]) -> str:
    """Return what a part takes, in words; `linked(key, text)` makes a link to a shape of the text."""
    whole, key = merged(schema, part), definition(schema, part) or path
    if "enum" in whole:
        return f"one of {', '.join(map(code, whole['enum']))}"
    if "const" in whole:
        return code(str(whole["const"]))
    kinds = whole.get("type", "object")
    words = [
        _list(schema, whole, path, linked) if each == "array" else _word(whole, each, lambda text: linked(key, text))
        for each in ([kinds] if isinstance(kinds, str) else kinds)
    ]
    inner = [takes(schema, each, f"{path}{suffix}", linked) for suffix, each in below(whole) if suffix == ".NAME"]
    said = ", or ".join(words) + (f" of names, each with {inner[0]}" if inner else "")
    bounds = [words.format(whole[name]) for name, words in _BOUNDS.items() if name in whole]
    return f"{said}, {' '.join(bounds)}" if bounds else said


def _list(schema: Part, whole: Part, path: str, linked: Callable[[str, str], str]) -> str:
    return f"a list, each entry {takes(schema, whole['items'], f'{path}[]', linked)}"


def _word(whole: Part, kind: str, linked: Callable[[str], str]) -> str:
    if kind == "object":
        return linked("a mapping") if "properties" in whole else "a mapping"
    if kind == "string" and len(whole.get("pattern", "")) in range(1, _LONGEST_PATTERN):
        return f"text like {code(whole['pattern'])}"
    return {"string": "text", "boolean": "true or false", "integer": "a whole number"}[kind]
