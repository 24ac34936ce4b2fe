"""The properties of the YAML, as the schema describes them: what each is, and where it belongs."""

from collections.abc import Iterator, Mapping
from typing import Any

from blinkdecl.config.document.schema import schema
from blinkdecl.config.document.schema_errors import flow
from blinkdecl.render.text.layout import wrapped

# What the definitions of the schema stand for that are not called by the name of a property.
_HOLDERS = {
    "destination": "a destination",
    "trigger": "a trigger",
    "destination_lifecycle": "a destination's `lifecycle`",
    "trigger_lifecycle": "a trigger's `lifecycle`",
    "test_alert": "a destination's `test_alert`",
    "secret_keys": "a reference to a secret",
    "variable": "a variable",
    "coverage_rule": "an entry of `coverage`",
    "move": "an entry of `moved`",
    "removal": "an entry of `removed`",
    "waiver": "an entry of `drift.waive`",
}
# They repeat what others have, for another file or for all resources of a kind.
_REPEATING = ("included_file", "environment_file", "destination_defaults", "trigger_defaults")


def property_names() -> list[str]:
    """Return the name of every property, each once."""
    return [*dict.fromkeys(name for _, name, _ in _properties())]


def property_text(wanted: str) -> str | None:
    """Return what a property is, wherever it belongs, with examples; None where there is none of this name."""
    definitions, places = schema("config")["$defs"], dict[str, list[str]]()
    for where, name, found in _properties():
        if name == wanted:
            told = {**definitions.get(found.get("$ref", "").rpartition("/")[2], {}), **found}
            # What is in brackets may go on in the next line.
            examples = [
                line for each in told.get("examples", ()) for line in wrapped(f"{name}: {flow(each)}", "  ", "    ")
            ]
            lines = wrapped(f"{told['description'].rstrip('.')}.{_choices(told)}")
            places.setdefault("\n".join([*lines, *(["", *examples] if examples else [])]), []).append(where)
    return "\n\n".join(f"{wanted} (in {' and '.join(where)})\n{text}" for text, where in places.items()) or None


def _choices(told: Mapping[str, Any]) -> str:
    """Return the words that a property, or an item of it, may be, as the end of its description; "" = any."""
    words = told.get("enum") or told.get("items", {}).get("enum") or ()
    return f" One of {', '.join(map(str, words))}." if len(words) > 1 else ""


def _properties() -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Yield where each property belongs, its name, and its part of the schema: those of the project file first."""
    whole = schema("config")
    yield from _within(whole, "blinkdecl.yaml", "")
    for name, part in whole["$defs"].items():
        if name not in _REPEATING:
            yield from _within(part, _HOLDERS.get(name, f"`{name}`"), name)


def _within(part: Mapping[str, Any], where: str, path: str) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Yield the properties of an object, then those of the objects that are written out in it."""
    own: Mapping[str, Mapping[str, Any]] = part.get("properties", {})
    for name, found in own.items():
        yield where, name, found
    for name, found in own.items():
        below = f"{path}.{name}" if path else name
        yield from _within(found, f"`{below}`", below)
